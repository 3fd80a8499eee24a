"""Who speaks: the model where its record beats every simple method, else the best of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qyforecast.errors import DataError
from qyforecast.judge.mending import AFFINE, Affine
from qyforecast.judge.past_errors import SIGNED, SYMMETRIC
from qyforecast.judge.recalibration import KNOWN

#: Kinds of rows that are simple methods.
SIMPLE = (SIGNED, SYMMETRIC)


@dataclass(frozen=True)
class Verdict:
    """What the record says of a method some years ahead.

    Attributes
    ----------
    method : str
        The method judged.
    row : mapping
        Its row of the record.
    best : str
        Simple method of the lowest CRPS, of either kind of distribution.
    best_row : mapping
        Its row.
    """

    method: str
    row: Mapping[Any, Any]
    best: str
    best_row: Mapping[Any, Any]

    @property
    def horizon(self) -> int:
        """Horizon that was scored. [year]"""
        return int(self.row["horizon"])

    @property
    def skill(self) -> float:
        """Share by which the CRPS is below that of the best simple method. [1]"""
        return 1 - float(self.row["crps"]) / float(self.best_row["crps"])

    @property
    def beats(self) -> bool:
        """Whether the method may speak: a tie is not enough."""
        return self.skill > 0

    @property
    def speaks(self) -> str:
        """Name of the method that is the headline."""
        return self.method if self.beats else self.best


def judge_record(
    record: pd.DataFrame, method: str, ahead: int, *, without: tuple[str, ...] = ()
) -> Verdict | None:
    """Judge a method by its record at the horizon nearest to the one asked for.

    Parameters
    ----------
    record : DataFrame
        ``method, kind, horizon, crps, ...`` as `qyforecast backtest --weigh` keeps it.
    method : str
        The method judged.
    ahead : int
        Years ahead; of two horizons equally near the longer one is taken.
    without : tuple of str
        Simple methods that cannot speak in its place, and are not asked.

    Returns
    -------
    Verdict or None
        None where the method has no row with a score.

    Raises
    ------
    DataError
        If the record lacks a column, or holds no simple method at that horizon.
    """
    lacking = {"method", "kind", "horizon", "crps"} - set(record.columns)
    if lacking:
        raise DataError(
            "a record of past forecasts lacks columns", found=", ".join(sorted(lacking))
        )
    scored = record[np.isfinite(record["crps"])]
    mine = scored[scored["method"] == method]
    if mine.empty:
        return None
    horizon = min(mine["horizon"], key=lambda one: (abs(one - ahead), -one))
    there = scored[scored["horizon"] == horizon]
    simple = there[there["kind"].isin(SIMPLE) & ~there["method"].isin(without)]
    if simple.empty:
        raise DataError(
            "a record of past forecasts holds no simple method",
            where=f"horizon of {horizon} years",
            cure="make it again with qyforecast backtest --weigh",
        )
    best = simple.loc[simple["crps"].idxmin()].to_dict()
    row = mine[mine["horizon"] == horizon].iloc[0].to_dict()
    return Verdict(method, row, str(best["method"]), best)


def mending(record: pd.DataFrame, method: str) -> Mapping[int, Affine]:
    """Choose the mending that scored better than the raw forecast at every horizon.

    Each was judged out of sample: by errors known at its origin. Better at one horizon and
    worse at another is chance more often than not, so nothing is mended then.

    Parameters
    ----------
    record : DataFrame
        With the columns ``shift`` and ``factor`` for mended rows.
    method : str
        The raw method.

    Returns
    -------
    mapping of int to Affine
        By horizon what to do; empty where the raw forecast stays.
    """
    if "factor" not in record.columns:
        return {}
    raw = record[record["method"] == method].set_index("horizon")["crps"]
    found: dict[float, dict[int, Affine]] = {}
    for name in AFFINE:
        rows = record[(record["method"] == f"{method}, {name}") & (record["kind"] == KNOWN)]
        rows = rows.set_index("horizon")
        ratio = (rows["crps"] / raw).reindex(raw.index)
        if len(raw) and (ratio < 1).all():
            found[float(ratio.mean())] = {
                int(str(h)): Affine(float(row["shift"]), float(row["factor"]))
                for h, row in rows.iterrows()
            }
    return found[min(found)] if found else {}

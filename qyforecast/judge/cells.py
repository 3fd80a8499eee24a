"""Forecasts of many regions laid beside what came: one row for each, then their averages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.judge.scores import LEVELS, crps_ensemble, interval, interval_score, pit

#: Targets that forecasts are asked about: a rise since the origin. [percentage point / year]
PACES = (0.5, 1.0, 1.5)
#: What names a row of a scorecard.
KEYS = ["method", "kind", "horizon"]


@dataclass(frozen=True)
class Foretold:
    """What one method foretold at one origin for one horizon.

    Attributes
    ----------
    method, kind : str
        Name; ``rival``, ``mixture`` or ``baseline``.
    origin, horizon : int
        Last year known; years ahead.
    point : ndarray
        The forecast as one figure, ``(P,)``; missing where there is none. [1]
    draws : ndarray
        Its distribution, ``(D, P)``; missing where there is none. [1]
    log_density : ndarray
        Log density of what came, on the log odds of the share, ``(P,)``; missing where
        nothing came.
    """

    method: str
    kind: str
    origin: int
    horizon: int
    point: np.ndarray
    draws: np.ndarray
    log_density: np.ndarray


def as_table(shares: xr.DataArray, rows: str, columns: str) -> pd.DataFrame:
    """Lay shares out as the table that methods and scores take.

    Parameters
    ----------
    shares : DataArray
        Of two dimensions. [1]
    rows, columns : str
        Dimension of the years; of the regions.

    Returns
    -------
    DataFrame
        A row for each year, a column for each region.
    """
    ordered = shares.transpose(rows, columns)
    return pd.DataFrame(
        ordered.values, index=ordered[rows].to_index(), columns=ordered[columns].to_index()
    )


def score_cells(foretold: Sequence[Foretold], shares: pd.DataFrame) -> pd.DataFrame:
    """Score every forecast of which the outcome is known.

    Parameters
    ----------
    foretold : sequence of Foretold
        Forecasts of the columns of `shares`.
    shares : DataFrame
        What came: a row for each year, a column for each region. [1]

    Returns
    -------
    DataFrame
        ``method, kind, origin, horizon, region, base`` (the last share known), ``observed,
        point, error, crps, log_density, pit``, for each level ``inside, width, interval``
        (the interval score), and for each pace of `PACES` ``met``, the probability given to
        a rise at that pace or faster; scores of the distribution are missing where a method
        gave none.
    """
    return pd.concat([_cells(one, shares) for one in foretold], ignore_index=True)


def _cells(one: Foretold, shares: pd.DataFrame) -> pd.DataFrame:
    observed = shares.loc[one.origin + one.horizon].to_numpy(float)
    known = np.isfinite(observed) & np.isfinite(one.point)
    base = shares.loc[: one.origin].ffill().iloc[-1].to_numpy(float)[known]
    observed, point, draws = observed[known], one.point[known], one.draws[:, known]
    table = {
        "method": one.method,
        "kind": one.kind,
        "origin": one.origin,
        "horizon": one.horizon,
        "region": shares.columns[known],
        "base": base,
        "observed": observed,
        "point": point,
        "error": point - observed,
    }
    given = np.isfinite(draws).all(axis=0)
    scores = _scores(draws[:, given], observed[given]) if len(draws) else {}
    scores["log_density"] = one.log_density[known][given]
    if len(draws):
        for pace in PACES:
            bar = base[given] + pace / 100 * one.horizon
            scores[met(pace)] = (draws[:, given] >= bar).mean(axis=0)
    for name, values in scores.items():
        table[name] = np.full(len(observed), np.nan)
        table[name][given] = values
    return pd.DataFrame(table)


def met(pace: float) -> str:
    """Name the column of a target.

    Parameters
    ----------
    pace : float
        Rise asked for. [percentage point / year]

    Returns
    -------
    str
        Column of `score_cells`.
    """
    return f"met{pace:.1f}"


def _scores(draws: np.ndarray, observed: np.ndarray) -> dict[str, np.ndarray]:
    scores = {"crps": crps_ensemble(draws, observed), "pit": pit(draws, observed)}
    for level in LEVELS:
        bounds = interval(draws, level)
        name = f"{100 * level:.0f}"
        scores[f"inside{name}"] = ((bounds[0] <= observed) & (observed <= bounds[1])).astype(float)
        scores[f"width{name}"] = bounds[1] - bounds[0]
        scores[f"interval{name}"] = interval_score(bounds, observed, level)
    return scores


def scorecard(cells: pd.DataFrame) -> pd.DataFrame:
    """Average scores by method and horizon.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.

    Returns
    -------
    DataFrame
        ``method, kind, horizon, observations, scored, mae, bias, crps, coverage50, ...,
        width50, ..., interval50, ..., log_score, first_origin, last_origin``: errors and
        scores in shares [1], coverage in shares of observations, log score per observation
        on the log odds; `scored` counts the observations that had a distribution.
    """
    levels = [f"{100 * level:.0f}" for level in LEVELS]
    parts = {"observations": ("error", "size"), "scored": ("crps", "count")}
    parts |= {"mae": ("distance", "mean"), "bias": ("error", "mean"), "crps": ("crps", "mean")}
    parts |= {f"coverage{name}": (f"inside{name}", "mean") for name in levels}
    parts |= {f"{kind}{name}": (f"{kind}{name}", "mean") for kind in ("width", "interval")
              for name in levels}  # fmt: skip
    parts["log_score"] = ("log_density", "mean")
    parts |= {"first_origin": ("origin", "min"), "last_origin": ("origin", "max")}
    grouped = cells.assign(distance=cells["error"].abs()).groupby(KEYS, sort=False)
    return grouped.agg(**parts).reset_index()

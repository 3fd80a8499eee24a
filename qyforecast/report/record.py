"""The record of past forecasts in sentences: who speaks, and with what right."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from qyforecast.errors import DataError
from qyforecast.judge.backtest import MIXTURE
from qyforecast.judge.recalibration import KNOWN
from qyforecast.judge.verdict import Verdict, judge_record, mending
from qyforecast.report.card_files import RECORD, table_beside
from qyforecast.report.wording import percent_text

#: Horizons that the sentences speak of, where they were scored. [year]
HORIZONS = (5, 10)
NO_RECORD = "No record of past forecasts is kept of this model: qyforecast backtest makes one."


def voice(weights: Mapping[str, float]) -> str:
    """Name who speaks of a mixture.

    Parameters
    ----------
    weights : mapping
        Rival to weight. [1]

    Returns
    -------
    str
        ``mixture``, or the rival that speaks alone.
    """
    return next(iter(weights)) if len(weights) == 1 else MIXTURE


def record_lines(model: Path, speaking: str) -> list[str]:
    """Say how the model that speaks would have done, beside simple methods.

    Parameters
    ----------
    model : Path
        The specification's file; the record lies beside it.
    speaking : str
        ``mixture``, or the rival that speaks alone.

    Returns
    -------
    list of str
        One sentence for each horizon, and one on mending by past errors; one that says so
        where there is no record.

    Raises
    ------
    DataError
        If the record is no record.
    """
    table = table_beside(model, RECORD)
    if table is None:
        return [NO_RECORD]
    try:
        lines = verdict_lines(table, speaking)
        # A missing score of the methods that are spoken of shows in the sentence.
        found = "a missing score" if any(re.search(r"\bnan\b", line) for line in lines) else ""
    except (LookupError, ValueError, TypeError, ArithmeticError) as error:
        lines, found = [], f"{type(error).__name__}: {error}"
    if found:
        raise DataError(
            "the record of past forecasts is not one that can be read",
            where=str(model.with_name(RECORD)),
            found=found,
            cure="make it again: qyforecast backtest --weigh",
        )
    return lines


def verdict_lines(record: pd.DataFrame, speaking: str) -> list[str]:
    """Say what a record means for a method.

    Parameters
    ----------
    record : DataFrame
        From `qyforecast backtest`.
    speaking : str
        The method.

    Returns
    -------
    list of str
        Sentences; one that says so where the record does not hold the method.

    Raises
    ------
    DataError
        If the record is no record.
    """
    horizons = set(record["horizon"]) if "horizon" in record else set()
    asked = [one for one in HORIZONS if one in horizons] or sorted(horizons)[-1:] or [0]
    found = [judge_record(record, speaking, horizon) for horizon in asked]
    known = [one for one in found if one is not None]
    if not known:
        return [f"The record of past forecasts does not hold the {speaking}."]
    return [*map(sentence, known), *_mended(record, speaking)]


def sentence(verdict: Verdict) -> str:
    """Say who speaks some years ahead, and why.

    Parameters
    ----------
    verdict : Verdict
        Of the record.

    Returns
    -------
    str
        One sentence.
    """
    row, skill = verdict.row, verdict.skill
    own, other = (100 * float(one["crps"]) for one in (row, verdict.best_row))
    made = "" if "first_origin" not in row else (
        f" made from {row['first_origin']:.0f} to {row['last_origin']:.0f}"
    )  # fmt: skip
    held = " and ".join(
        percent_text(float(row[c]), decimals=0) for c in ("coverage80", "coverage95")
    )
    side = f"{100 * abs(skill):.0f} % {'below' if skill > 0 else 'above'}"
    end = (
        "it speaks."
        if verdict.beats
        else f"it does not beat it, so {verdict.best} speaks in its place and the model does not."
    )
    return (
        f"Record {verdict.horizon} years ahead: in {row['observations']:.0f} forecasts of "
        f"provinces{made}, with figures as later revised, the 80 and 95 % intervals of the "
        f"{_called(verdict.method)} held {held}; its median was "
        f"{100 * float(row['mae']):.1f} points off "
        f"(bias {100 * float(row['bias']):+.1f}); its CRPS of {own:.2f} points is {side} the "
        f"{other:.2f} of the best simple method ({verdict.best}): {end}"
    )


def _called(method: str) -> str:
    return method if method == MIXTURE else f"{method} model"


def _mended(record: pd.DataFrame, speaking: str) -> list[str]:
    if not (record["kind"] == KNOWN).any():
        return []
    if mending(record, speaking):
        return ["Mended by its own past errors it scored better at every horizon: so it speaks."]
    return [
        "Mended by its own past errors, as known at each origin, it did not score better at every "
        "horizon: the raw forecast speaks."
    ]

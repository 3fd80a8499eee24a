"""The record of past forecasts, in a sentence."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qyforecast.report.card_files import RECORD, table_beside
from qyforecast.report.wording import percent_text

#: Horizons that the sentence speaks of, where they were scored. [year]
HORIZONS = (5, 10)
#: Simple methods named beside the model.
BESIDE = ("UN growth difference to norm", "constant growth difference", "half-way shrink")


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
        One sentence for each horizon; one that says so where there is no record.
    """
    table = table_beside(model, RECORD)
    if table is None:
        return ["No record of past forecasts is kept of this model: qyforecast backtest makes one."]
    lines = []
    for horizon in HORIZONS:
        scored = table[table["horizon"] == horizon].to_dict("records")
        rows = {str(row["method"]): row for row in scored}
        if speaking in rows:
            lines.append(_sentence(rows, speaking, horizon))
    return lines


def _sentence(rows: Mapping[str, Mapping[Any, Any]], speaking: str, horizon: int) -> str:
    own = rows[speaking]
    others = "; ".join(f"{n} {100 * float(rows[n]['mae']):.1f}" for n in BESIDE if n in rows)
    held = (percent_text(float(own[c]), decimals=0) for c in ("coverage80", "coverage95"))
    return (
        f"Record {horizon} years ahead: of {own['observations']} forecasts of provinces made "
        f"from 2010 to 2018 with figures as later revised, the 80 and 95 % intervals of the model "
        f"held {' and '.join(held)}; its median was {100 * float(own['mae']):.1f} points off"
        + (f" ({others})" if others else "")
        + "."
    )

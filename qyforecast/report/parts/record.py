"""The record of past forecasts: in sentences, and method by method."""

from __future__ import annotations

import pandas as pd

from qyforecast.report.document import Part
from qyforecast.report.names import method_of
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.blocks import grid_of, missing, pictures, text_of
from qyforecast.report.parts.material import Material, Row, records
from qyforecast.report.record import BESIDE, HORIZONS

#: The method that speaks, where several were weighed.
MIXTURE = "mixture"
CHARTS = ("vintages", "reliability", "coverage")
NEED = "model/record"


def record(material: Material) -> Part:
    """Say how past forecasts of the same kind fared.

    Parameters
    ----------
    material : Material
        With the record beside the model, where there is one.

    Returns
    -------
    Part
        A sentence for each horizon, or that there is no record.
    """
    title, table = material.say("part_record"), material.table(NEED)
    if table is None:
        return Part("record", title, (missing(material, "record", "backtest"),))
    speaking = _speaking(material, table)
    sentences = []
    for horizon in HORIZONS:
        rows = {row["method"]: row for row in records(table, {"horizon": horizon})}
        if speaking in rows:
            sentences.append(_sentence(material, rows, speaking))
    sentences.append(material.say("record_caveat"))
    return Part("record", title, (text_of(material, sentences),))


def _speaking(material: Material, table: pd.DataFrame) -> str:
    weights = material.manifest["rivals"][str(material.vintages[-1])]
    return next(iter(weights)) if len(weights) == 1 else MIXTURE


def _sentence(material: Material, rows: dict[str, Row], speaking: str) -> str:
    own = rows[speaking]
    others = [
        material.say("record_other", {"name": method_of(name, material.lang),
                                      "mae": _points(rows[name]["mae"])})
        for name in BESIDE
        if name in rows
    ]  # fmt: skip
    values = {
        "ahead": own["horizon"],
        "count": own["observations"],
        "held80": material.percent(own["coverage80"]),
        "held95": material.percent(own["coverage95"]),
        "mae": _points(own["mae"]),
        "others": material.listed(others) or material.say("record_alone"),
    }
    return material.say("record_line", values)


def _points(share: float) -> str:
    return f"{100 * share:.1f}"


def records_in_detail(material: Material) -> Part:
    """Lay out the record by method and years ahead, with its charts.

    Parameters
    ----------
    material : Material
        With the record beside the model, where there is one.

    Returns
    -------
    Part
        Of the annex.
    """
    title, table = material.say("part_records"), material.table(NEED)
    charts = pictures(material, CHARTS)
    if table is None:
        return Part("records", title, charts, annex=True)
    heads = ("method", "ahead", "count", "error", "bias", "held80", "held95")
    shown = TextTable(
        material.say("grid_record"),
        tuple(material.say(f"head_{head}") for head in heads),
        tuple(_cells(material, row) for row in records(table)),
        (),
    )
    grid = grid_of("record", shown, ("record", table), material.lang)
    return Part("records", title, (grid, *charts), annex=True)


def _cells(material: Material, row: Row) -> tuple[str, ...]:
    return (
        method_of(row["method"], material.lang),
        str(row["horizon"]),
        str(row["observations"]),
        f"{100 * row['mae']:.2f}",
        f"{100 * row['bias']:+.2f}",
        material.percent(row["coverage80"]),
        material.percent(row["coverage95"]),
    )

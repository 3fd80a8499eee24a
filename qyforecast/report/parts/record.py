"""The record of past forecasts: in sentences, and method by method."""

from __future__ import annotations

from qyforecast.judge.verdict import Verdict, judge_record
from qyforecast.report.document import Part
from qyforecast.report.names import method_of
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.blocks import grid_of, missing, pictures, text_of
from qyforecast.report.parts.material import Material, Row, records

#: Years ahead of which sentences and the table speak.
HORIZONS = (5, 10)
CHARTS = ("vintages", "reliability", "coverage")
NEED = "model/record"
#: Kinds of methods in the table: the models as they are, and simple methods.
KINDS = ("rival", "mixture", "baseline")


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
    weights = material.manifest["rivals"][str(material.vintages[-1])]
    speaking = next(iter(weights)) if len(weights) == 1 else "mixture"
    sentences = []
    for horizon in HORIZONS:
        verdict = judge_record(table, speaking, horizon)
        if verdict is not None and verdict.horizon == horizon:
            sentences.append(_sentence(material, verdict))
    sentences.append(material.say("record_caveat"))
    return Part("record", title, (text_of(material, sentences),))


def _sentence(material: Material, verdict: Verdict) -> str:
    own = verdict.row
    values = {
        "ahead": own["horizon"],
        "count": own["observations"],
        "held80": material.percent(own["coverage80"]),
        "held95": material.percent(own["coverage95"]),
        "mae": _points(own["mae"]),
        "best": method_of(verdict.best, material.lang),
        "skill": material.percent(abs(verdict.skill)),
        "side": material.say("side_better" if verdict.beats else "side_worse"),
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
    mine = table[table["kind"].isin(KINDS) & table["horizon"].isin(HORIZONS)]
    heads = ("method", "ahead", "count", "error", "bias", "held80", "held95")
    shown = TextTable(
        material.say("grid_record"),
        tuple(material.say(f"head_{head}") for head in heads),
        tuple(_cells(material, row) for row in records(mine)),
        (material.say("remark_record"),),
    )
    grid = grid_of("record", shown, ("record", mine), material.lang)
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

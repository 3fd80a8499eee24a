"""The answer: one paragraph, one table, one picture."""

from __future__ import annotations

import pandas as pd

from qyforecast.report.document import Grid, Paragraph, Part
from qyforecast.report.likelihood import likelihood, stated
from qyforecast.report.names import method_of
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.blocks import grid_of, pictures
from qyforecast.report.parts.material import Material, Row, records
from qyforecast.report.wording import interval_text


def answer(material: Material) -> Part:
    """Answer whether the targets are kept.

    Parameters
    ----------
    material : Material
        Results of a forecast.

    Returns
    -------
    Part
        First of the document.
    """
    blocks = (
        Paragraph(_answer(material), "answer"),
        _targets(material),
        Paragraph(material.say("remark_likelihood"), "note"),
        *pictures(material, ("fan",)),
    )
    return Part("answer", material.say("part_answer"), blocks)


def _answer(material: Material) -> str:
    *earlier, newest = material.vintages
    told = [_row(material, one, newest) for one in material.promises]
    lead = material.say("answer_lead", {"as_of": newest, "place": material.setting.place()})
    text = lead + material.say("comma").join(_target(material, row) for row in told)
    text += material.say("stop")
    for as_of in reversed(earlier):
        rows = [_row(material, one, as_of) for one in material.promises]
        words = material.listed(_word(material, row) for row in rows)
        text += material.say("answer_earlier", {"as_of": as_of, "list": words})
    text += _middle(material, told[-1]) + _beside(material, told[-1])
    text += _most(material, told[-1])
    return text + material.say("answer_caveat", {"base": material.setting.years[-1]})


def _row(material: Material, promise: Row, as_of: int) -> Row:
    """Find the row of a promise under the baseline."""
    wanted = {"scenario": material.baseline, "as_of": as_of, "target": promise["target"]}
    return records(material.targets, wanted)[0]


def _said(material: Material, row: Row) -> dict[str, str]:
    numbers = row["probability"], row["standard_error"]
    return {
        "word": likelihood(*numbers, material.lang),
        "probability": stated(*numbers, material.lang),
    }


def _target(material: Material, row: Row) -> str:
    values = {"share": material.percent(row["threshold"]), "year": row["year"]}
    return material.say("answer_target", values | _said(material, row))


def _word(material: Material, row: Row) -> str:
    return material.say("answer_word", _said(material, row))


def _middle(material: Material, row: Row) -> str:
    values = {
        "year": row["year"],
        "median": material.percent(row["median"], 1),
        "interval": interval_text(row["lower80"], row["upper80"], material.lang),
    }
    return material.say("answer_middle", values)


def _beside(material: Material, row: Row) -> str:
    """Say what a simple method and other places say, where the forecast asked them."""
    if not material.saved.there(["latest/headline"]):
        return ""
    table = material.saved.table("latest/headline", material.setting.city)
    wanted = {"as_of": row["as_of"], "target": row["target"]}
    found = records(table, wanted)
    if not found or pd.isna(found[0].get("simple_probability", float("nan"))):
        return ""
    said = found[0]
    values = {
        "year": row["year"],
        "name": method_of(said["simple"], material.lang),
        "probability": stated(said["simple_probability"], row["standard_error"], material.lang),
        "met": said["met"],
        "of": said["spells"],
    }
    text = material.say("answer_beside", values)
    return text + (material.say("answer_speaks") if said["speaks"] == said["simple"] else "")


def _most(material: Material, row: Row) -> str:
    """Name the scenario that makes the last target likeliest, where others were run."""
    chances = material.table("compare/chances")
    table = material.targets if chances is None else chances
    wanted = {"as_of": row["as_of"], "target": row["target"]}
    others = [one for one in records(table, wanted) if one["scenario"] != material.baseline]
    if not others:
        return ""
    best = max(others, key=lambda one: one["probability"])
    values = {
        "count": len(others),
        "scenario": material.name(best["scenario"]),
        "year": row["year"],
        "probability": stated(best["probability"], best["standard_error"], material.lang),
    }
    return material.say("answer_most", values)


def _targets(material: Material) -> Grid:
    """Lay out every reading of every target, vintages side by side."""
    mine = material.targets[material.targets["scenario"] == material.baseline]
    columns = [material.say("head_target")]
    for as_of in material.vintages:
        columns += [material.say(head, {"as_of": as_of}) for head in ("head_chance", "head_middle")]
    strict = {one["target"] for one in material.promises}
    rows = []
    for target in dict.fromkeys(mine["target"]):
        found = {row["as_of"]: row for row in records(mine, {"target": target})}
        first = next(iter(found.values()))
        cells = [_bar(material, first, strict=target in strict)]
        for as_of in material.vintages:
            row = found[as_of]
            cells += [material.counted(row), material.middle(row)]
        rows.append(tuple(cells))
    title = material.say("grid_targets", {"scenario": material.name(material.baseline)})
    notes = material.say("intervals", {"draws": f"{material.setting.draws:,}"})
    shown = TextTable(title, tuple(columns), tuple(rows), (notes,))
    return grid_of("targets", shown, ("targets", mine), material.lang)


def _bar(material: Material, row: Row, *, strict: bool) -> str:
    """Say a bar; one below the promise of its year reads the promise as *about*."""
    bar = {"year": row["year"], "bar": material.percent(row["threshold"])}
    if strict:
        return material.say("target_row", {"year": row["year"], "share": bar["bar"]})
    promise = next(one for one in material.promises if one["year"] == row["year"])
    return material.say("cell_about", bar | {"share": material.percent(promise["threshold"])})

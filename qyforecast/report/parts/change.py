"""What would change the answer: scenarios, what they gain, and where a gain comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from qyforecast.report.document import Block, Grid, Paragraph, Part
from qyforecast.report.likelihood import stated
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.blocks import grid_of, missing, text_of
from qyforecast.report.parts.material import Material, Row, records
from qyforecast.report.wording import persons_text

#: Scenarios in the table of the first pages; all stand in the annex.
SHOWN = 6
#: Scenarios, measures or sources that a sentence names.
NAMED = 3


def change(material: Material) -> Part:
    """Say what would change the answer.

    Parameters
    ----------
    material : Material
        Results of a forecast, and of a comparison where there is one.

    Returns
    -------
    Part
        Sentences and a table for the newest forecast and each promise still ahead.
    """
    title = material.say("part_change")
    chances = material.table("compare/chances")
    if chances is None:
        absent = missing(material, "compare", "compare")
        return Part("change", title, (_run(material), absent))
    blocks: list[Block] = []
    for promise in material.ahead:
        wanted = {"as_of": material.vintages[-1], "target": promise["target"]}
        rows = sorted(records(chances, wanted), key=lambda row: -row["probability"])
        blocks.append(text_of(material, _sentences(material, rows)))
        blocks.append(_grid(material, rows))
        blocks.append(Paragraph(material.say("remark_change"), "note"))
    blocks += _apart(material)
    return Part("change", title, tuple(blocks))


def _run(material: Material) -> Paragraph:
    """Say what the forecast alone knows of its scenarios."""
    promise, newest = material.ahead[-1], material.vintages[-1]
    rows = records(material.targets, {"as_of": newest, "target": promise["target"]})
    words = [material.say("change_plain", _told(material, row)) for row in rows]
    values = {"as_of": newest, "year": promise["year"], "list": material.listed(words)}
    values["share"] = material.percent(promise["threshold"])
    return material.note("change_run", values)


def _sentences(material: Material, rows: list[Row]) -> Iterator[str]:
    base = next(row for row in rows if row["scenario"] == material.baseline)
    others = [row for row in rows if row is not base]
    if not others:
        return
    named = [
        material.say(
            "change_one", _told(material, row) | {"difference": _difference(material, row)}
        )
        for row in others[:NAMED]
    ]
    where = {"year": base["year"], "as_of": base["as_of"]}
    where["share"] = material.percent(base["threshold"])
    told = _told(material, base)
    values = {"scenario": told["scenario"], "base": told["probability"]}
    values["list"] = material.say("comma").join(named)
    yield material.say("change_most", where | values)
    yield _gain(material, others[0])
    yield from _first(material, base, others[0])
    yield from _pace(material, base)


def _told(material: Material, row: Row) -> dict[str, str]:
    return {
        "scenario": material.name(row["scenario"]),
        "probability": stated(row["probability"], row["standard_error"], material.lang),
    }


def _difference(material: Material, row: Row) -> str:
    values = {
        "points": f"{100 * row['difference']:+.1f}",
        "error": f"{100 * row['difference_error']:.1f}",
    }
    return material.say("points_with_error", values)


def _gain(material: Material, row: Row) -> str:
    values = {
        "scenario": material.name(row["scenario"]),
        "year": row["year"],
        "points": f"{row['gain_points']:.1f}",
        "low": f"{row['gain_points_lower90']:.1f}",
        "high": f"{row['gain_points_upper90']:.1f}",
        "persons": persons_text(round(row["gain_persons"], -2), material.lang),
    }
    return material.say("change_gain", values)


def _first(material: Material, base: Row, best: Row) -> Iterator[str]:
    table = material.table("compare/first_year")
    if table is None:
        return
    wanted = {"as_of": base["as_of"], "target": base["target"]}
    values: dict[str, object] = {"share": material.percent(base["threshold"])}
    for who, row in (("", base), ("best_", best)):
        mine = records(table, wanted | {"scenario": row["scenario"]})
        values[f"{who}year"] = half_year(material, mine)
        values["best" if who else "scenario"] = material.name(row["scenario"])
        if not who:
            never, last = mine[-1], str(mine[-1]["year"]).rpartition(" ")[2]
            values["never"] = stated(never["probability"], base["standard_error"], material.lang)
            values["last"] = last
    yield material.say("change_first", values)


def half_year(material: Material, first: list[Row]) -> str:
    """Find from when on a level is as likely as not to have been reached.

    Parameters
    ----------
    material : Material
        Its language.
    first : list of dict
        Rows of ``first_year`` of one scenario and target, the last one *not by*.

    Returns
    -------
    str
        A year; that it is later where the table has none.
    """
    years = [row for row in first[:-1] if row["by_then"] >= 0.5]
    last = str(first[-1]["year"]).rpartition(" ")[2]
    if years:
        return material.say("half_in", {"year": years[0]["year"]})
    return material.say("never_by", {"last": last})


def _pace(material: Material, base: Row) -> Iterator[str]:
    table = material.table("compare/pace")
    if table is None:
        return
    wanted = {"as_of": base["as_of"], "target": base["target"]}
    others = [row for row in records(table, wanted) if pd.notna(row["fast_enough"])]
    words = [_spells(material, row) for row in others]
    if not others or not all(words):
        return
    first = others[0]
    years = base["year"] - first["from_year"]
    values = {
        "from_share": material.percent(first["from_share"], 1),
        "from_year": int(first["from_year"]),
        "share": material.percent(base["threshold"]),
        "year": base["year"],
        "needed": f"{100 * (base['threshold'] - first['from_share']) / years:.1f}",
        "list": material.listed(words),
    }
    yield material.say("change_pace", values)


def _spells(material: Material, row: Row) -> str:
    """Say how many spells were fast enough; nothing where the table words them otherwise."""
    found = re.fullmatch(r"(\d+)-year spells of (provinces|counties|prefectures)", str(row["who"]))
    if found is None:
        return ""
    values = {"met": int(row["fast_enough"]), "of": int(row["of"]), "years": found[1]}
    return material.say("pace_of", values | {"who": material.say(f"places_{found[2]}")})


def _grid(material: Material, rows: list[Row]) -> Grid:
    """Lay out the likeliest scenarios and the baseline."""
    base = next(row for row in rows if row["scenario"] == material.baseline)
    best = [row for row in rows if row is not base][:SHOWN]
    shown = [row for row in rows if row is base or row in best]
    table = material.table("compare/first_year")
    heads = ("scenario", "probability", "difference", "gain", "persons", "half")
    values = {"share": material.percent(base["threshold"])}
    values |= {"year": base["year"], "as_of": base["as_of"]}
    text = TextTable(
        material.say("grid_change", values),
        tuple(material.say(f"head_{head}") for head in heads),
        tuple(_cells(material, row, table) for row in shown),
        (),
    )
    frame = pd.DataFrame(shown)
    return grid_of(f"change-{base['year']}", text, ("chances", frame), material.lang)


def _cells(material: Material, row: Row, table: pd.DataFrame | None) -> tuple[str, ...]:
    same = row["compared_with"] == row["scenario"]
    half = "–"
    if table is not None:
        wanted = {name: row[name] for name in ("scenario", "as_of", "target")}
        half = half_year(material, records(table, wanted))
    low, high = row["gain_points_lower90"], row["gain_points_upper90"]
    gain = {"median": f"{row['gain_points']:+.2f}", "low": f"{low:+.2f}", "high": f"{high:+.2f}"}
    persons = persons_text(round(row["gain_persons"], -2), material.lang)
    return (
        material.name(row["scenario"]),
        material.counted(row),
        "–" if same else _difference(material, row),
        "–" if same else material.say("cell_range", gain),
        "–" if same else persons,
        half,
    )


def _apart(material: Material) -> Iterator[Paragraph]:
    """Say where a gain comes from, and where the uncertainty."""
    parts, sources = material.table("compare/attribution"), material.table("compare/variance")
    if parts is None:
        yield missing(material, "apart", "compare")
    if sources is None:
        yield missing(material, "variance", "compare")
    last = {"as_of": material.vintages[-1], "target": material.ahead[-1]["target"]}
    sentences = []
    if parts is not None and (rows := _one_scenario(parts, last)):
        sentences.append(_shapley(material, rows))
    if sources is not None and (rows := _one_scenario(sources, last)):
        sentences.append(_variance(material, rows))
    if sentences:
        yield text_of(material, sentences)


def _one_scenario(table: pd.DataFrame, wanted: dict[str, object]) -> list[Row]:
    """Take the rows of the scenario that was taken apart first."""
    rows = records(table, wanted)
    return [row for row in rows if row["scenario"] == rows[0]["scenario"]]


def _shapley(material: Material, rows: list[Row]) -> str:
    whole = next(row for row in rows if row["player"] == "all together")
    parts = sorted((row for row in rows if row is not whole), key=lambda row: -row["gain_points"])
    named = [
        material.say("change_part", {"player": material.name(row["player"]),
                                     "points": f"{row['gain_points']:+.2f}"})
        for row in parts[:NAMED]
    ]  # fmt: skip
    values = {"scenario": material.name(whole["scenario"]), "year": whole["year"]}
    values |= {"whole": f"{whole['gain_points']:+.2f}", "list": material.listed(named)}
    return material.say("change_parts", values)


def _variance(material: Material, rows: list[Row]) -> str:
    largest = sorted(rows, key=lambda row: -row["total"])[:NAMED]
    named = [
        material.say("change_part", {"player": material.name(row["group"]),
                                     "points": material.percent(row["total"])})
        for row in largest
    ]  # fmt: skip
    return material.say(
        "change_unsure", {"year": largest[0]["year"], "list": material.listed(named)}
    )

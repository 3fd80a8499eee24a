"""The annex: every scenario, every county, the regression, and the effects of measures."""

from __future__ import annotations

import pandas as pd

from qyforecast.report.document import Grid, Part
from qyforecast.report.figures.rows import targets_of
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.basis import effects_of
from qyforecast.report.parts.blocks import grid_of, pictures
from qyforecast.report.parts.material import Material, Row, records

SCENARIO_CHARTS = ("chances", "first-year", "growth", "shapley", "variance")
PLACE_CHARTS = ("counties", "pyramid", "flows", "migration-age")
MODEL_CHARTS = ("coefficients", "effects", "priors")
NONE = "–"


def scenarios(material: Material) -> Part:
    """Lay out every scenario, and the charts that compare them.

    Parameters
    ----------
    material : Material
        Results of a forecast, and of a comparison where there is one.

    Returns
    -------
    Part
        Of the annex.
    """
    compared = material.table("compare/chances")
    table = material.targets if compared is None else compared
    name = "targets" if compared is None else "chances"
    blocks = (_scenarios(material, name, targets_of(table)), *pictures(material, SCENARIO_CHARTS))
    return Part("scenarios", material.say("part_scenarios"), blocks, annex=True)


def _scenarios(material: Material, name: str, table: pd.DataFrame) -> Grid:
    """Lay out the probability of each promise, vintages side by side."""
    pairs = ((one, as_of) for one in material.promises for as_of in material.vintages)
    # Measures begin after the year of knowledge: what falls due by then they do not move.
    cases = [(one, as_of) for one, as_of in pairs if one["year"] > as_of]
    heads = [
        material.say(
            "head_target_of",
            {"year": one["year"], "share": material.percent(one["threshold"]), "as_of": as_of},
        )
        for one, as_of in cases
    ]
    found = {(r["scenario"], r["target"], r["as_of"]): r for r in records(table)}
    last = (material.promises[-1]["target"], material.vintages[-1])
    order = sorted(
        dict.fromkeys(table["scenario"]),
        key=lambda scenario: -found.get((scenario, *last), {"probability": -1})["probability"],
    )
    body = []
    for scenario in order:
        rows = [found.get((scenario, one["target"], as_of)) for one, as_of in cases]
        cells = [NONE if row is None else material.counted(row) for row in rows]
        body.append((material.name(scenario), *cells))
    columns = (material.say("head_scenario"), *heads)
    notes = (material.say("remark_scenarios"),)
    shown = TextTable(material.say("grid_scenarios"), columns, tuple(body), notes)
    return grid_of("scenarios", shown, (name, table), material.lang)


def places(material: Material) -> Part:
    """Lay out the counties, and the charts of places and people.

    Parameters
    ----------
    material : Material
        Results of a forecast.

    Returns
    -------
    Part
        Of the annex.
    """
    table = material.saved.table("latest/targets", material.setting.city)
    wanted = (table["scenario"] == material.baseline) & (table["as_of"] == material.vintages[-1])
    mine = table[wanted & table["target"].isin([one["target"] for one in material.promises])]
    blocks = (_places(material, mine), *pictures(material, PLACE_CHARTS))
    return Part("places", material.say("part_places"), blocks, annex=True)


def _places(material: Material, mine: pd.DataFrame) -> Grid:
    heads = [material.say("head_place")]
    for one in material.promises:
        values = {"year": one["year"], "share": material.percent(one["threshold"])}
        heads += [material.say(key, values) for key in ("head_year_median", "head_year_chance")]
    body = []
    for code in dict.fromkeys(mine["region_code"]):
        cells = [material.setting.place(str(code))]
        for one in material.promises:
            row = records(mine, {"region_code": code, "target": one["target"]})[0]
            cells += [material.middle(row), material.counted(row)]
        body.append(tuple(cells))
    values = {"scenario": material.name(material.baseline), "as_of": material.vintages[-1]}
    notes = (material.say("remark_places"),)
    shown = TextTable(material.say("grid_places", values), tuple(heads), tuple(body), notes)
    return grid_of("places", shown, ("targets", mine), material.lang)


def model(material: Material) -> Part:
    """Draw the regression.

    Parameters
    ----------
    material : Material
        With what a fit leaves beside the model, where it is there.

    Returns
    -------
    Part
        Of the annex.
    """
    charts = pictures(material, MODEL_CHARTS)
    return Part("model", material.say("part_model"), charts, annex=True)


def effects(material: Material) -> Part:
    """Lay out the effects of measures with the grade of their evidence.

    Parameters
    ----------
    material : Material
        With the scenario files.

    Returns
    -------
    Part
        Of the annex.
    """
    table = _effects(material)
    heads = ("measure", "in_scenario", "effect", "unit", "since", "grade")
    body = tuple(_effect_cells(material, row) for row in records(table))
    columns = tuple(material.say(f"head_{head}") for head in heads)
    notes = (material.say("remark_effects"),)
    shown = TextTable(material.say("grid_effects"), columns, body, notes)
    grid = grid_of("effects", shown, ("effects", table), material.lang)
    # Each effect is in the unit of its own row.
    grid = Grid(grid.key, grid.shown, grid.frame, {})
    return Part("effects", material.say("part_effects"), (grid,), annex=True)


def _effects(material: Material) -> pd.DataFrame:
    """Lay out the effects of all measures as the scenario files have them."""
    origins = {
        name: origin for one in material.scenarios.values() for name, origin in one.origins.items()
    }
    rows = [
        {"scenario": origins[name], "lever": name, "kind": lever.kind}
        | {end: getattr(lever.effect, end) for end in ("low", "median", "high")}
        | {"unit": lever.unit, "since": lever.timing.start}
        | {"grade": lever.effect.evidence.grade}
        for name, lever in effects_of(material).items()
    ]
    columns = ("scenario", "lever", "kind", "low", "median", "high", "unit", "since", "grade")
    return pd.DataFrame(rows, columns=list(columns))


def _effect_cells(material: Material, row: Row) -> tuple[str, ...]:
    unit = f"lever_{row['unit']}"
    spread = {end: f"{row[end]:,g}" for end in ("median", "low", "high")}
    return (
        material.name(row["lever"]),
        material.name(row["scenario"]),
        material.say("cell_range", spread),
        material.say(unit),
        str(row["since"]),
        material.say(f"grade_{row['grade']}"),
    )

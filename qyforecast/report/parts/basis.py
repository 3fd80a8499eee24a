"""What the answer rests on, what in it is judged, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pandas as pd

from qyforecast.census.assumptions import Assumptions
from qyforecast.report.document import Part
from qyforecast.report.likelihood import stated
from qyforecast.report.names import method_of
from qyforecast.report.parts.blocks import missing, text_of
from qyforecast.report.parts.material import Material, records
from qyforecast.report.wording import kind_text
from qyforecast.scenario.lever import Lever


def rests(material: Material) -> Part:
    """Say what data and what model the answer rests on.

    Parameters
    ----------
    material : Material
        Results of a forecast.

    Returns
    -------
    Part
        Sentences.
    """
    newest = material.vintages[-1]
    sentences = [_data(material, newest), _model(material, newest), *_health(material, newest)]
    history = material.table("monitor/history")
    if history is None:
        more = (missing(material, "history", "monitor"),)
    else:
        more = (text_of(material, _moved(material, history)),)
    paragraphs = tuple(text_of(material, [sentence]) for sentence in sentences)
    return Part("rests", material.say("part_rests"), (*paragraphs, *more))


def _data(material: Material, as_of: int) -> str:
    observed = material.saved.table("census/observed", material.setting.city)
    known = observed[observed["published"] <= as_of]
    # The base census counts as known, as in the panels, though printed a year later.
    now = records(known if len(known) else observed.head(1))[-1]
    values = {
        "years": material.listed(map(str, material.setting.years)),
        "place": material.setting.place(),
        "as_of": as_of,
        "share": material.percent(now["urban_share"], 1),
        "year": int(now["year"]),
        "kind": kind_text(str(now["kind"]), material.lang),
    }
    return material.say("rests_data", values)


def _model(material: Material, as_of: int) -> str:
    weights = material.manifest["rivals"][str(as_of)]
    words = [
        material.say(
            "weight_of",
            {"name": method_of(rival, material.lang), "share": material.percent(weight)},
        )
        for rival, weight in weights.items()
    ]
    values = {"weights": material.listed(words), "draws": f"{material.setting.draws:,}"}
    return material.say("rests_model", values)


def _health(material: Material, as_of: int) -> Iterator[str]:
    health = list(material.manifest["sampler_health"][str(as_of)].values())
    if not health:
        return
    values: dict[str, object] = {
        "rhat": f"{max(one['rhat'] for one in health):.3f}",
        "gate": f"{max(one['gate']['rhat'] for one in health):g}",
        "ess": f"{min(min(one['ess_bulk'], one['ess_tail']) for one in health):.0f}",
        "divergences": sum(one["divergences"] for one in health),
    }
    yield material.say("rests_health", values)


def _moved(material: Material, history: pd.DataFrame) -> Iterator[str]:
    last = material.promises[-1]
    words = []
    for row in records(history, {"target": last["target"]}):
        probability = stated(row["probability"], row["standard_error"], material.lang)
        words.append(
            material.say("rests_vintage", {"as_of": row["as_of"], "probability": probability})
        )
    values = {"year": last["year"], "share": material.percent(last["threshold"])}
    yield material.say("rests_moved", values | {"list": material.listed(words)})


def judged(material: Material) -> Part:
    """Say what in the answer is judgement.

    Parameters
    ----------
    material : Material
        Results of a forecast, and the scenario files that it was made with.

    Returns
    -------
    Part
        Sentences.
    """
    levers = effects_of(material)
    grades = [lever.effect.evidence.grade for lever in levers.values()]
    counts = {"count": len(grades), "judged": grades.count("judgement")}
    sentences = [
        material.say("judged_levers" if counts["judged"] else "judged_none", counts),
        material.say("judged_rates", {"count": len(fields(Assumptions))}),
    ]
    held = material.table("compare/judgement")
    if held is None:
        more = (missing(material, "judgement", "compare"),)
    else:
        more = ()
        sentences[1:1] = _range(material, held)
    return Part("judged", material.say("part_judged"), (text_of(material, sentences), *more))


def effects_of(material: Material) -> dict[str, Lever]:
    """Collect the effects of all scenarios, each once.

    Parameters
    ----------
    material : Material
        With the scenario files.

    Returns
    -------
    dict of str to Lever
        By name; scenarios that inherit levers bring no new ones.
    """
    return {lever.name: lever for one in material.scenarios.values() for lever in one.levers}


def _range(material: Material, held: pd.DataFrame) -> Iterator[str]:
    """Say how far the most judged scenario moves between the ends of its judgements."""
    last = {"as_of": material.vintages[-1], "target": material.ahead[-1]["target"]}
    rows = records(held, last)
    if not rows:
        return
    most = max(rows, key=lambda row: row["judged_levers"])
    ends = {end: _end(material, most, end) for end in ("low", "high")}
    values = {"scenario": material.name(most["scenario"]), "year": most["year"]}
    yield material.say("judged_range", values | ends)


def _end(material: Material, row: dict[str, Any], end: str) -> str:
    if pd.isna(row[end]):
        return material.say("judged_impossible")
    return stated(row[end], row[f"{end}_error"], material.lang)


def left_out(material: Material) -> Part:
    """Say what the answer leaves out.

    Parameters
    ----------
    material : Material
        Its language.

    Returns
    -------
    Part
        Sentences.
    """
    sentences = [material.say(key) for key in ("leaves_out", "left_out_scenarios")]
    refused = material.saved.there(["compare/refused"])
    if refused:
        for row in records(material.saved.table("compare/refused", material.setting.city)):
            values = {"scenario": material.name(row["scenario"]), "as_of": row["as_of"]}
            sentences.append(material.say("change_refused", values))
    text = text_of(material, sentences)
    vintage = text_of(material, [material.say("pseudo_vintage")])
    return Part("left-out", material.say("part_left_out"), (text, vintage))

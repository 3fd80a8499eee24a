"""The end of a briefing: methods, sources, and how the results were made."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from qyforecast.provenance import Source
from qyforecast.report.document import Grid, Part
from qyforecast.report.likelihood import WORDS
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.blocks import grid_of
from qyforecast.report.parts.material import Material
from qyforecast.report.source_texts import PUBLISHERS, SOURCES

METHODS = ("methods_share", "methods_people", "methods_scenarios", "methods_words")


def methods(material: Material) -> Part:
    """Say how it is done, and what the words mean.

    Parameters
    ----------
    material : Material
        Its language.

    Returns
    -------
    Part
        Of the annex.
    """
    blocks = (*map(material.note, METHODS), _words(material))
    return Part("methods", material.say("part_methods"), blocks, annex=True)


def _words(material: Material) -> Grid:
    """Lay out the words for probabilities with their ranges, the likeliest on top."""
    edges = [1.0, *WORDS.values()]
    table = pd.DataFrame(
        [
            {"word": word, "above": low, "at_most": high}
            for word, (high, low) in zip(WORDS, pairwise(edges), strict=True)
        ]
    )
    body = [
        (material.say(f"word_{row['word']}"), _range(material, row["above"], row["at_most"]))
        for row in table.to_dict("records")
    ]
    body.insert(4, (material.say("word_even"), material.say("range_even")))
    columns = (material.say("head_word"), material.say("head_range"))
    notes = (material.say("remark_words"),)
    shown = TextTable(material.say("grid_words"), columns, tuple(body), notes)
    return grid_of("words", shown, ("words", table), material.lang)


def _range(material: Material, low: float, high: float) -> str:
    if high == 1:
        return material.say("more_than", {"share": material.percent(low)})
    if low == 0:
        return material.say("less_than", {"share": material.percent(high)})
    ends = {"low": material.percent(low), "high": material.percent(high)}
    return material.say("range_between", ends)


def sources(material: Material) -> Part:
    """Name the sources of the data.

    Parameters
    ----------
    material : Material
        With the census.

    Returns
    -------
    Part
        Of the annex.
    """
    found = list(material.saved.census.sources.values())
    table = pd.DataFrame([vars(source) for source in found])
    heads = ("source", "publisher", "tier")
    shown = TextTable(
        material.say("grid_sources"),
        tuple(material.say(f"head_{head}") for head in heads),
        tuple(_source(material, source) for source in found),
        (material.say("remark_sources"),),
    )
    grid = grid_of("sources", shown, ("sources", table), material.lang)
    return Part("sources", material.say("part_sources"), (grid,), annex=True)


def _source(material: Material, source: Source) -> tuple[str, ...]:
    """Name a source; one of the user's own as its data folder does."""
    english, chinese = SOURCES.get(source.key, (source.route, source.route))
    publisher = PUBLISHERS.get(source.publisher, source.publisher)
    tier = material.say(f"tier_{source.tier}") if source.tier in ("A", "B") else source.tier
    if material.lang == "zh":
        return chinese, publisher, tier
    return english, source.publisher, tier


def manifest(material: Material) -> Part:
    """Say how the results were made.

    Parameters
    ----------
    material : Material
        With the manifest of the forecast.

    Returns
    -------
    Part
        Of the annex.
    """
    made = material.manifest
    run = dict.fromkeys(material.targets["scenario"])
    items = {
        "draws": f"{material.setting.draws:,}",
        "seed": str(made["seed"]),
        "as_of": material.listed(map(str, material.vintages)),
        "to": str(made["to"]),
        "version": f"qyforecast {made['versions']['qyforecast']}",
        "specification": str(made["hashes"]["specification"])[:16],
        "data": str(len(made["hashes"]["data"])),
        "scenarios": material.listed(material.name(scenario) for scenario in run),
        "imbalance": f"{made['largest_imbalance']:.1e}",
    }
    table = pd.DataFrame(list(items.items()), columns=["item", "value"])
    body = tuple((material.say(f"item_{item}"), value) for item, value in items.items())
    columns = (material.say("head_item"), material.say("head_value"))
    notes = (material.say("remark_manifest"),)
    shown = TextTable(material.say("grid_manifest"), columns, body, notes)
    grid = grid_of("manifest", shown, ("manifest", table), material.lang)
    return Part("manifest", material.say("part_manifest"), (grid,), annex=True)

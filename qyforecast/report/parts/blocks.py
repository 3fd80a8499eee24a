"""Blocks that any part of a briefing has: grids, charts, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from qyforecast.report.columns import units_of
from qyforecast.report.document import Block, Grid, Paragraph, Picture
from qyforecast.report.figures.registry import RECIPES, draw_chart
from qyforecast.report.figures.saved import COMMANDS
from qyforecast.report.overview import TextTable
from qyforecast.report.parts.material import Material


def text_of(material: Material, sentences: Iterable[str]) -> Paragraph:
    """Join sentences to a paragraph.

    Parameters
    ----------
    material : Material
        Its language: English has a space between sentences.
    sentences : iterable of str
        Each whole.

    Returns
    -------
    Paragraph
        Running text.
    """
    return Paragraph(("" if material.lang == "zh" else " ").join(sentences))


def grid_of(key: str, shown: TextTable, saved: tuple[str, pd.DataFrame], lang: str) -> Grid:
    """Make a grid.

    Parameters
    ----------
    key : str
        Its short name.
    shown : TextTable
        As people read it.
    saved : tuple of str and DataFrame
        Name of the saved table, and the rows that are shown.
    lang : {"en", "zh"}
        Language of the units.

    Returns
    -------
    Grid
        With the unit of each number.
    """
    name, frame = saved
    return Grid(key, shown, frame.reset_index(drop=True), units_of(name, frame, lang))


def missing(material: Material, key: str, folder: str) -> Paragraph:
    """Say that something is not there, and what would make it.

    Parameters
    ----------
    material : Material
        Its language.
    key : str
        After ``missing_``, in the texts.
    folder : str
        Of `COMMANDS`.

    Returns
    -------
    Paragraph
        In small print.
    """
    values = {"what": material.say(f"missing_{key}"), "command": COMMANDS[folder]}
    return Paragraph(material.say("missing", values), "note")


def pictures(material: Material, names: Sequence[str]) -> tuple[Block, ...]:
    """Draw charts, and name those whose results are not there.

    Parameters
    ----------
    material : Material
        Place, language and results.
    names : sequence of str
        Of charts.

    Returns
    -------
    tuple of Block
        Pictures, then a remark for each command that would make more.
    """
    blocks: list[Block] = []
    absent: dict[str, list[str]] = {}
    for name in names:
        needs = RECIPES[name].needs
        gone = [need for need in needs if not material.saved.there([need])]
        if gone:
            command = COMMANDS[gone[0].partition("/")[0]]
            absent.setdefault(command, []).append(material.say(f"name_{name}"))
            continue
        tables = {
            need.partition("/")[2]: material.saved.table(need, material.setting.region)
            for need in needs
        }
        blocks.append(Picture(draw_chart(name, tables, material.setting)))
    for command, titles in absent.items():
        what = material.say("missing_charts", {"titles": material.listed(titles)})
        text = material.say("missing", {"what": what, "command": command})
        blocks.append(Paragraph(text, "note"))
    return tuple(blocks)

"""Paragraphs, tables and charts of a document as elements of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from xml.etree.ElementTree import Element

from qyforecast.report.document import Block, Grid, Paragraph
from qyforecast.report.figures.chart import Chart
from qyforecast.report.overview import TextTable
from qyforecast.report.page.elements import element, inert, linked
from qyforecast.report.page.pictures import data_address, panels_png, size_of
from qyforecast.report.page.plots import PLOTS
from qyforecast.report.page.views import views
from qyforecast.report.wording import say

#: A cell that is a number, whatever stands around it.
_NUMBER = re.compile(r"[+\-−<>≈]?\s?\d[\d,.\s±～%‰万–-]*(to|points|个百分点|人)?[\d,.\s%万±]*")
NONE = "–"


def block_elements(block: Block, lang: str, level: int) -> Iterator[Element]:
    """Write a block.

    Parameters
    ----------
    block : Block
        Paragraph, grid or picture.
    lang : {"en", "zh"}
        Language.
    level : int
        Of a heading inside the part.

    Yields
    ------
    Element
        In reading order.
    """
    if isinstance(block, Paragraph):
        yield element("p", {"class": block.weight}, *linked(block.text))
    elif isinstance(block, Grid):
        yield from table_elements(block.shown, lang, f"table-{block.key}")
    else:
        yield from _chart(block.chart, level)


def table_elements(shown: TextTable, lang: str, identifier: str) -> Iterator[Element]:
    """Write a table that scrolls by itself where the page is narrow, and its notes.

    Parameters
    ----------
    shown : TextTable
        The table.
    lang : {"en", "zh"}
        Language.
    identifier : str
        Id of the element.

    Yields
    ------
    Element
        The table in its box, then a paragraph for each note.
    """
    numeric = [
        all(_is_number(row[place]) for row in shown.rows) for place in range(len(shown.columns))
    ]
    head = element("tr", {}, *_cells(shown.columns, numeric, "col"))
    body = [element("tr", {}, *_cells(row, numeric, "row")) for row in shown.rows]
    table = element(
        "table",
        {"id": identifier},
        element("caption", {}, element("span", {}, *_lines(shown.title))),
        element("thead", {}, head),
        element("tbody", {}, *body),
    )
    yield scrolling(table, say("page_scroll", lang, {"title": shown.title}))
    for note in shown.notes:
        yield element("p", {"class": "note"}, *linked(note))


def scrolling(content: Element, label: str, kind: str = "") -> Element:
    """Put something wide in a box that scrolls, by the keyboard too.

    Parameters
    ----------
    content : Element
        What may be wider than the page.
    label : str
        What a screen reader calls the box.
    kind : str
        A further class.

    Returns
    -------
    Element
        The box.
    """
    look = f"scrolls {kind}".strip()
    return element(
        "div", {"class": look, "role": "group", "tabindex": "0", "aria-label": label}, content
    )


def _is_number(cell: str) -> bool:
    return cell == NONE or bool(_NUMBER.fullmatch(cell))


def _cells(texts: tuple[str, ...], numeric: list[bool], scope: str) -> Iterator[Element]:
    for place, (text, number) in enumerate(zip(texts, numeric, strict=True)):
        look = {"class": "number"} if number else {}
        # A heading without words heads nothing.
        heads = bool(text) and (scope == "col" or place == 0)
        name, role = ("th", {"scope": scope}) if heads else ("td", {})
        yield element(name, {**role, **look}, *_lines(text))


def _lines(text: str) -> Iterator[Element | str]:
    first, *others = text.split("\n")
    yield from linked(first)
    for line in others:
        yield element("br")
        yield from linked(line)


def _chart(chart: Chart, level: int) -> Iterator[Element]:
    """A picture, the chart that may take its place, what both say, and the table of both."""
    setting = chart.setting
    lang, png = setting.lang, panels_png(chart.figure)
    picture = element("img", {"src": data_address(png), "alt": chart.alt, **size_of(png)})
    label = say("page_scroll", lang, {"title": chart.title})
    foot = {"unit": chart.unit, "as_of": chart.as_of, "source": chart.source}
    sentences = (*chart.notes, setting.say("foot", foot))
    parts = [
        element(f"h{level}", {"id": f"chart-{chart.name}"}, chart.title),
        scrolling(picture, label, "still"),
        element("figcaption", {}, *(element("p", {}, *linked(one)) for one in sentences)),
        _figures(chart, lang),
    ]
    if chart.name not in PLOTS:
        yield element("figure", {}, *parts)
        return
    plot = f"plot-{chart.name}"
    live = {"class": "live", "role": "img", "aria-label": chart.alt, "data-plot": plot}
    hint = element("p", {"class": "hint"}, setting.say("page_live"))
    yield element("figure", {}, parts[0], element("div", live), hint, *parts[1:])
    yield inert(plot, asdict(PLOTS[chart.name](chart)))


def _figures(chart: Chart, lang: str) -> Element:
    summary = element("summary", {}, say("page_table", lang))
    tables = [
        piece
        for place, shown in enumerate(views(chart))
        for piece in table_elements(shown, lang, f"figures-{chart.name}-{place}")
    ]
    return element("details", {"class": "figures"}, summary, *tables)

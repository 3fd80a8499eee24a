"""Where the panels of an interactive chart stand, on a wide screen and on a narrow one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any

from qyforecast.report.style import GRID, INK, QUIET

#: Room between panels: title above and ticks below [px]; figures beside [share of width].
BETWEEN_ROWS, BETWEEN_COLUMNS = 70, 0.05
#: Room above the first title and below the last axis, and of a line of the legend. [px]
ABOVE, BELOW, LEGEND_LINE = 44, 52, 22
#: Width that a chart has at least on a wide and on a narrow screen. [px]
WIDE, NARROW = 700, 320
_AXIS: Mapping[str, Any] = {
    "gridcolor": GRID,
    "linecolor": QUIET,
    "tickcolor": QUIET,
    "zeroline": False,
    "zerolinecolor": QUIET,
    "tickangle": 0,
    "automargin": True,
    "fixedrange": True,
}


@dataclass(frozen=True)
class Plot:
    """A chart as plotly's scripts take it.

    Attributes
    ----------
    data : list of dict
        Traces.
    wide, narrow : dict
        Layouts for a wide and for a narrow screen, with the same axes.
    """

    data: list[dict[str, Any]]
    wide: dict[str, Any]
    narrow: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """Panels laid out in rows and columns.

    Attributes
    ----------
    titles : tuple of str
        Of each panel, plain text; it may be empty.
    cells : tuple of tuple of int
        Row and column of each panel, from 0.
    height : int
        Of a panel. [px]
    legend : tuple of str
        Entries of the legend, plain text.
    """

    titles: tuple[str, ...]
    cells: tuple[tuple[int, int], ...]
    height: int
    legend: tuple[str, ...] = ()


def shown(text: str) -> str:
    """Escape a text for plotly, which reads markup of its own in labels.

    Parameters
    ----------
    text : str
        Plain text; line feeds begin lines.

    Returns
    -------
    str
        What is then seen as that text.
    """
    return escape(text, quote=False).replace("\n", "<br>")


def on(panel: int) -> dict[str, str]:
    """Name the axes of a panel.

    Parameters
    ----------
    panel : int
        Its place, from 0.

    Returns
    -------
    dict of str
        For a trace.
    """
    number = "" if panel == 0 else str(panel + 1)
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}


def in_rows(count: int, columns: int) -> tuple[tuple[int, int], ...]:
    """Set panels in rows, in their order.

    Parameters
    ----------
    count : int
        How many.
    columns : int
        In a row.

    Returns
    -------
    tuple of tuple of int
        Row and column of each.
    """
    return tuple(divmod(place, columns) for place in range(count))


def legend_of(data: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """List what the legend of a chart says.

    Parameters
    ----------
    data : sequence of mapping
        Traces.

    Returns
    -------
    tuple of str
        Entries.
    """
    return tuple(str(trace["name"]) for trace in data if trace.get("showlegend", True))


def legend_lines(entries: Sequence[str], width: int) -> int:
    """Count the lines of a legend, whose columns are as wide as the longest entry.

    Parameters
    ----------
    entries : sequence of str
        What it says.
    width : int
        Of the chart. [px]

    Returns
    -------
    int
        Lines; none without entries.

    Examples
    --------
    >>> legend_lines([], 700), legend_lines(["median", "target"], 700)
    (0, 1)
    """
    if not entries:
        return 0
    # A Chinese character is 13 px wide in the legend's size, a Latin letter about 8.
    longest = max(sum(13 if ord(letter) > 0x2E7F else 8 for letter in one) for one in entries)
    return ceil(len(entries) / max(1, width // (longest + 50)))


def arranged(
    sheet: Sheet, width: int, across: Sequence[Mapping[str, Any]], up: Mapping[str, Any]
) -> dict[str, Any]:
    """Lay panels out.

    Parameters
    ----------
    sheet : Sheet
        Where they stand.
    width : int
        `WIDE` or `NARROW`.
    across : sequence of mapping
        The horizontal axis of each.
    up : mapping
        The vertical axis, the same for all.

    Returns
    -------
    dict
        Layout. Only the first panel of a row has figures at its side.
    """
    rows, columns = (1 + max(cell[way] for cell in sheet.cells) for way in (0, 1))
    inner = rows * sheet.height + (rows - 1) * BETWEEN_ROWS
    above = ABOVE + LEGEND_LINE * legend_lines(sheet.legend, width)
    share = (1 - BETWEEN_COLUMNS * (columns - 1)) / columns
    layout = _frame(inner + above + BELOW, above)
    for place, (row, column) in enumerate(sheet.cells):
        left = column * (share + BETWEEN_COLUMNS)
        top = 1 - row * (sheet.height + BETWEEN_ROWS) / inner
        axes = on(place)
        horizontal = {"domain": [left, left + share], "anchor": axes["yaxis"], "showgrid": False}
        vertical = {"domain": [max(0.0, top - sheet.height / inner), top], "anchor": axes["xaxis"]}
        vertical["showticklabels"] = (row, column - 1) not in sheet.cells
        layout[axes["xaxis"].replace("x", "xaxis")] = {**_AXIS, **horizontal, **across[place]}
        layout[axes["yaxis"].replace("y", "yaxis")] = {**_AXIS, **vertical, **up}
        layout["annotations"].append(_title(sheet.titles[place], left, top))
    return layout


def _frame(height: int, above: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 8, "r": 12, "t": above, "b": BELOW, "pad": 4},
        "font": {"family": "inherit", "size": 13, "color": INK},
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "hoverlabel": {"bgcolor": "white", "font": {"color": INK}, "align": "left"},
        "hovermode": "closest",
        "dragmode": False,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "xref": "container",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "tracegroupgap": 0,
            "font": {"size": 13},
        },
        "annotations": [],
    }


def _title(text: str, left: float, top: float) -> dict[str, Any]:
    return {
        "text": shown(text),
        "showarrow": False,
        "font": {"size": 13},
        "xref": "paper",
        "x": left,
        "xanchor": "left",
        "align": "left",
        "yref": "paper",
        "y": top,
        "yanchor": "bottom",
        "yshift": 4,
    }

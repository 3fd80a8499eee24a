"""Interactive charts of scenarios and targets: probabilities, their history, and growth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from qyforecast.report.figures.chart import Chart, Setting
from qyforecast.report.figures.growth import WHOLE
from qyforecast.report.figures.people import scale_of
from qyforecast.report.names import name_of
from qyforecast.report.page.curves import ERRORS, LOOKS, SHOWN, Trace
from qyforecast.report.page.panels import (
    NARROW,
    WIDE,
    Plot,
    Sheet,
    arranged,
    in_rows,
    legend_of,
    on,
    shown,
)
from qyforecast.report.style import INK, LINE, SPLIT
from qyforecast.report.wording import counted_text, percent_text, persons_text, probability_text

#: Of plotly, for the hatches of the picture.
HATCHES = {"": "", "....": ".", "////": "/"}
#: Height of a scenario. [px]
ROW = 27


def chances_plot(chart: Chart) -> Plot:
    """Draw the probability of each target by scenario.

    Parameters
    ----------
    chart : Chart
        The chart of probabilities, with its table.

    Returns
    -------
    Plot
        A panel for each target; on a narrow screen one below the other.
    """
    setting, table = chart.setting, chart.table
    years = sorted(table["year"].unique().tolist())
    last = table[table["year"] == years[-1]].sort_values("probability", kind="stable")
    order = last["scenario"].tolist()
    data, across, titles = [], [], []
    for place, year in enumerate(years):
        rows = table[table["year"] == year].set_index("scenario").loc[order]
        data += [{**trace, **on(place)} for trace in _dots(rows, setting)]
        across.append(_room(rows, setting))
        titles.append(_target(rows.iloc[0], setting))
    up = _scenarios(order, setting)
    tall = max(120, ROW * len(order))
    layouts = [
        arranged(Sheet(tuple(titles), in_rows(len(years), columns), tall), width, across, up)
        for columns, width in ((len(years), WIDE), (1, NARROW))
    ]
    return Plot(data, *layouts)


def _dots(rows: pd.DataFrame, setting: Setting) -> tuple[Trace, Trace]:
    """Dots with their errors, and words that begin where the errors end."""
    places, values = list(range(len(rows))), 100 * rows["probability"]
    errors = 100 * ERRORS * rows["standard_error"]
    pairs = list(zip(rows["probability"], rows["standard_error"], strict=True))
    names = [name_of(str(code), setting.lang) for code in rows.index]
    counted = [counted_text(*pair, setting.lang) for pair in pairs]
    hover = [
        shown(setting.say("hover_chance", {"name": name, "probability": text}))
        for name, text in zip(names, counted, strict=True)
    ]
    dots = {
        "x": values.tolist(),
        "y": places,
        "mode": "markers",
        "text": hover,
        "hovertemplate": SHOWN,
        "marker": {"color": LINE, "size": 9},
        "error_x": {"type": "data", "array": errors.tolist(), "color": LINE, "width": 0},
        "showlegend": False,
    }
    words = {
        "x": (values + errors).tolist(),
        "y": places,
        "mode": "text",
        "text": [shown(f"  {probability_text(chance, setting.lang)}") for chance, _ in pairs],
        "textposition": "middle right",
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return dots, words


def _room(rows: pd.DataFrame, setting: Setting) -> dict[str, Any]:
    """An axis with room for the words right of the dots."""
    edge = ERRORS * rows["standard_error"]
    low, high = (rows["probability"] - edge).min(), (rows["probability"] + edge).max()
    wide = max(high - low, 0.02)
    ends = [100 * max(low - 0.08 * wide, -0.005), 100 * (high + 0.3 * wide)]
    sign = percent_text(0, setting.lang, 0)[1:]
    return {"range": ends, "ticksuffix": sign, "showgrid": True, "nticks": 5}


def _scenarios(order: list[str], setting: Setting) -> dict[str, Any]:
    """A vertical axis of scenarios by their places: two may have one name."""
    names = [shown(name_of(str(code), setting.lang)) for code in order]
    return {
        "tickvals": list(range(len(order))),
        "ticktext": names,
        "showgrid": False,
        "range": [-0.6, len(order) - 0.4],
    }


def _axis(text: str) -> dict[str, Any]:
    return {"text": shown(text), "font": {"size": 13}, "standoff": 8}


def _target(row: pd.Series, setting: Setting) -> str:
    bar = percent_text(float(row["threshold"]), setting.lang, 0)
    return setting.say("panel_target", {"share": bar, "year": int(row["year"])})


def vintages_plot(chart: Chart) -> Plot:
    """Draw how the probability of each target moved from vintage to vintage.

    Parameters
    ----------
    chart : Chart
        The chart of vintages, with its table.

    Returns
    -------
    Plot
        One panel.
    """
    setting, table = chart.setting, chart.table
    labels = [str(label) for label in dict.fromkeys(table["vintage"])]
    names = list(dict.fromkeys(table["target"]))
    data = [
        _history(table[table["target"] == name], labels, look, setting)
        for look, name in zip(LOOKS, names, strict=False)
    ]
    sign = percent_text(0, setting.lang, 0)[1:]
    ticks = {"tickvals": list(range(len(labels))), "ticktext": [shown(label) for label in labels]}
    across = [{**ticks, "title": _axis(setting.say("axis_vintage")),
               "range": [-0.3, len(labels) - 0.7]}]  # fmt: skip
    up = {"ticksuffix": sign, "range": [0, 102]}
    layouts = [
        arranged(Sheet(("",), ((0, 0),), tall, legend_of(data)), width, across, up)
        for tall, width in ((320, WIDE), (260, NARROW))
    ]
    return Plot(data, *layouts)


def _history(
    rows: pd.DataFrame, labels: list[str], look: tuple[str, str, str], setting: Setting
) -> Trace:
    colour, sign, dash = look
    hover = []
    for row in rows.to_dict("records"):
        chance = counted_text(row["probability"], row["standard_error"], setting.lang)
        values = {"vintage": row["vintage"], "probability": chance}
        hover.append(shown(setting.say("hover_vintage", values)))
    errors = (100 * ERRORS * rows["standard_error"]).tolist()
    return {
        "x": [labels.index(str(label)) for label in rows["vintage"]],
        "y": (100 * rows["probability"]).tolist(),
        "error_y": {"type": "data", "array": errors, "color": colour, "width": 0},
        "mode": "lines+markers",
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"symbol": sign, "size": 9},
        "text": hover,
        "hovertemplate": SHOWN,
        "name": shown(_target(rows.iloc[0], setting)),
    }


def growth_plot(chart: Chart) -> Plot:
    """Draw what the urban population grows by, by scenario.

    Parameters
    ----------
    chart : Chart
        The chart of growth, with its table.

    Returns
    -------
    Plot
        One panel of stacked bars, in the unit of the picture's axis.
    """
    setting, table = chart.setting, chart.table
    whole = table[table["component"] == WHOLE].set_index("scenario").sort_values("median")
    order = whole.index.tolist()
    names = [name for name in dict.fromkeys(table["component"]) if name != WHOLE]
    data = [
        _part(table[table["component"] == name].set_index("scenario").loc[order], look, setting)
        for name, look in zip(names, SPLIT, strict=False)
    ]
    data.append(_whole(whole, setting))
    across = [{"title": _axis(chart.unit), "showgrid": True, "zeroline": True}]
    tall = max(120, ROW * len(order))
    up = _scenarios(order, setting)
    sheet = Sheet(("",), ((0, 0),), tall, legend_of(data))
    layouts = [arranged(sheet, width, across, up) for width in (WIDE, NARROW)]
    for layout in layouts:
        layout["barmode"] = "relative"
        layout["bargap"] = 0.3
    return Plot(data, *layouts)


def _part(rows: pd.DataFrame, look: tuple[str, str], setting: Setting) -> Trace:
    colour, hatch = look
    part = name_of(str(rows["component"].iloc[0]), setting.lang)
    hover = []
    for code, persons in rows["mean"].items():
        values = {"name": name_of(str(code), setting.lang), "part": part}
        values["persons"] = persons_text(persons, setting.lang)
        hover.append(shown(setting.say("hover_growth", values)))
    pattern = {"shape": HATCHES[hatch], "fgcolor": "white", "fillmode": "overlay", "size": 7}
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(rows))),
        "x": (rows["mean"] / scale_of(setting.lang)).tolist(),
        "name": shown(part),
        "marker": {"color": colour, "pattern": pattern},
        "hovertext": hover,
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _whole(whole: pd.DataFrame, setting: Setting) -> Trace:
    hover = []
    for code, row in whole.iterrows():
        values = {"name": name_of(str(code), setting.lang)}
        ends = {"persons": "median", "low": "lower90", "high": "upper90"}
        values |= {key: persons_text(row[column], setting.lang) for key, column in ends.items()}
        hover.append(shown(setting.say("hover_whole", values)))
    middle, low, high = (
        whole[column].to_numpy() / scale_of(setting.lang)
        for column in ("median", "lower90", "upper90")
    )
    errors = {"array": np.subtract(high, middle).tolist(), "color": INK, "width": 0}
    errors |= {"arrayminus": np.subtract(middle, low).tolist(), "thickness": 1.5}
    marker = {"color": "white", "size": 9, "line": {"color": INK, "width": 1.5}}
    return {
        "mode": "markers",
        "x": middle.tolist(),
        "y": list(range(len(whole))),
        "error_x": {"type": "data", **errors},
        "marker": marker,
        "text": hover,
        "hovertemplate": SHOWN,
        "name": shown(setting.say("whole")),
    }

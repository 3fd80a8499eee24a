"""Interactive charts over years: the fan, the counties, and the history by vintage."""

from __future__ import annotations

from typing import Any

import pandas as pd

from qyforecast.report.figures.chart import Chart, Setting
from qyforecast.report.figures.fan import INTERVALS
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
from qyforecast.report.style import BANDS, INK, LINE, QUIET, TARGET
from qyforecast.report.wording import interval_text, kind_text, percent_text, probability_text

#: Signs of kinds of sources, the same shapes as in the picture.
SIGNS = {
    "census": "circle",
    "plan": "square",
    "press": "triangle-up",
    "bulletin": "diamond",
    "yearbook": "triangle-down",
    "compilation": "cross",
}
#: Colour, sign and dash of each target.
LOOKS = (
    (LINE, "circle", "solid"),
    (TARGET, "square", "dash"),
    (QUIET, "triangle-up", "dashdot"),
    (BANDS[2], "diamond", "dot"),
)
ERRORS = 2.0
SHOWN = "%{text}<extra></extra>"
Trace = dict[str, Any]


def fan_plot(chart: Chart) -> Plot:
    """Draw a fan.

    Parameters
    ----------
    chart : Chart
        The fan, with its table.

    Returns
    -------
    Plot
        Vintages side by side; on a narrow screen one below the other.
    """
    setting, table = chart.setting, chart.table
    vintages = [int(year) for year in dict.fromkeys(table["as_of"])]
    data: list[Trace] = []
    for place, as_of in enumerate(vintages):
        rows = table[table["as_of"] == as_of]
        curves = rows[rows["what"] == "quantile"].pivot(
            index="year", columns="label", values="value"
        )
        bands = {percent_text(level / 100, setting.lang, 0): ends for level, ends in
                 INTERVALS.items()}  # fmt: skip
        traces = [
            *_bands(curves, bands, setting),
            _median(curves, setting.place(), setting),
            *_observed(rows, setting),
            _targets(rows, setting),
        ]
        data += [{**trace, **on(place), **_once(place)} for trace in traces]
    titles = tuple(setting.say("panel_fan", {"as_of": as_of}) for as_of in vintages)
    return _over_years(titles, (in_rows(len(vintages), len(vintages)), 360), 1, setting, data)


def counties_plot(chart: Chart) -> Plot:
    """Draw the counties where they lie.

    Parameters
    ----------
    chart : Chart
        The chart of counties, with its table.

    Returns
    -------
    Plot
        A panel each; on a narrow screen two in a row.
    """
    setting, table = chart.setting, chart.table
    data, titles = [], []
    for place, code in enumerate(setting.counties):
        rows = table[table["region_code"] == code].set_index("year").sort_index()
        end = {"share": percent_text(rows["q50"].iloc[-1], setting.lang, 0), "year": rows.index[-1]}
        titles.append(f"{setting.place(code)}\n{setting.say('cell_county', end)}")
        eighty = {percent_text(0.8, setting.lang, 0): ("q10", "q90")}
        traces = [
            *_bands(rows, eighty, setting),
            _median(rows, setting.place(code), setting),
            *_city_targets(rows, setting),
        ]
        data += [{**trace, **on(place), **_once(place)} for trace in traces]
    cells = tuple(setting.grid[code] for code in setting.counties)
    return _over_years(tuple(titles), (cells, 120), 2, setting, data)


def _over_years(
    titles: tuple[str, ...],
    wide: tuple[tuple[tuple[int, int], ...], int],
    columns: int,
    setting: Setting,
    data: list[Trace],
) -> Plot:
    """Panels of shares over years with the same axes in all."""
    cells, height = wide
    years = [year for trace in data for year in trace["x"]]
    across = {"range": [min(years) - 1, max(years) + 1], "tickformat": "d"}
    sign = percent_text(0, setting.lang, 0)[1:]
    # Ranges are the same in all panels: places and vintages are compared by eye.
    values = [value for trace in data for value in trace["y"]]
    room = 0.06 * (max(values) - min(values))
    up = {"ticksuffix": sign, "range": [min(values) - room, max(values) + 2 * room]}
    every = 5 if height > 200 else 10
    ordered, lower = in_rows(len(titles), columns), min(height, 280)
    layouts = [
        arranged(
            Sheet(titles, where, tall, legend_of(data)),
            width,
            [{**across, "dtick": step}] * len(titles),
            up,
        )
        for where, tall, width, step in (
            (cells, height, WIDE, every),
            (ordered, lower, NARROW, 10),
        )
    ]
    return Plot(data, *layouts)


def _once(place: int) -> Trace:
    """One entry of the legend stands for the traces of its kind in all panels."""
    return {} if place == 0 else {"showlegend": False}


def _bands(
    curves: pd.DataFrame, intervals: dict[str, tuple[str, str]], setting: Setting
) -> list[Trace]:
    traces: list[Trace] = []
    colours = BANDS if len(intervals) == len(BANDS) else BANDS[1:2]
    for (share, (low, high)), colour in zip(intervals.items(), colours, strict=True):
        name = setting.say("legend_interval", {"share": share})
        edge = {"mode": "lines", "line": {"width": 0, "color": colour}, "hoverinfo": "skip"}
        edge |= {"name": name, "legendgroup": name, "x": curves.index.tolist()}
        traces.append({**edge, "y": (100 * curves[low]).tolist(), "showlegend": False})
        traces.append(
            {**edge, "y": (100 * curves[high]).tolist(), "fill": "tonexty", "fillcolor": colour}
        )
    return traces


def _median(curves: pd.DataFrame, place: str, setting: Setting) -> Trace:
    texts = []
    for year, row in curves.iterrows():
        values = {
            "place": place,
            "year": year,
            "median": percent_text(row["q50"], setting.lang),
            "interval": interval_text(row["q10"], row["q90"], setting.lang),
        }
        texts.append(shown(setting.say("hover_share", values)))
    return {
        "x": curves.index.tolist(),
        "y": (100 * curves["q50"]).tolist(),
        "text": texts,
        "mode": "lines",
        "line": {"color": LINE, "width": 2.5},
        "hovertemplate": SHOWN,
        "name": setting.say("legend_median"),
        "legendgroup": "median",
    }


def _observed(rows: pd.DataFrame, setting: Setting) -> list[Trace]:
    """Points as they were observed, hollow where the vintage did not know them."""
    traces = []
    for what, legend, fill in (
        ("observed", "legend_observed", INK),
        ("observed later", "legend_later", "white"),
    ):
        points = rows[rows["what"] == what]
        texts = []
        for point in points.to_dict("records"):
            values = {
                "kind": kind_text(str(point["label"]), setting.lang),
                "year": point["year"],
                "share": percent_text(point["value"], setting.lang),
            }
            texts.append(shown(setting.say("hover_observed", values)))
        marker = {"symbol": [SIGNS.get(str(kind), "x") for kind in points["label"]], "size": 9}
        marker |= {"color": fill, "line": {"color": INK, "width": 1.2}}
        traces.append(
            {
                "x": points["year"].tolist(),
                "y": (100 * points["value"]).tolist(),
                "text": texts,
                "mode": "markers",
                "marker": marker,
                "hovertemplate": SHOWN,
                "name": setting.say(legend),
                "legendgroup": what,
            }
        )
    return traces


def _targets(rows: pd.DataFrame, setting: Setting) -> Trace:
    """A bar where each target stands, the highest of a year, with its probability."""
    bars = rows[rows["what"] == "target"].sort_values("value", ascending=False)
    bars = bars.drop_duplicates("year")
    chances = rows[rows["what"] == "probability"].set_index("label")["value"].to_dict()
    hover, words = [], []
    for bar in bars.to_dict("records"):
        share = percent_text(bar["value"], setting.lang, 0)
        chance = probability_text(chances[bar["label"]], setting.lang)
        words.append(setting.say("target_met", {"probability": chance}))
        hover.append(setting.say("target_fan", {"year": bar["year"], "share": share}))
    return {
        "x": bars["year"].tolist(),
        "y": (100 * bars["value"]).tolist(),
        "mode": "markers+text",
        "marker": {"symbol": "line-ew", "size": 22, "line": {"color": TARGET, "width": 4}},
        "text": [shown(text) for text in words],
        "textposition": "top left",
        "textfont": {"color": TARGET, "size": 12},
        "hovertext": [shown(f"{one}\n{two}") for one, two in zip(hover, words, strict=True)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "name": setting.say("legend_target"),
        "legendgroup": "target",
    }


def _city_targets(rows: pd.DataFrame, setting: Setting) -> list[Trace]:
    bars = rows["city_target"].dropna()
    marker = {"symbol": "diamond", "size": 7, "color": TARGET}
    texts = [
        shown(f"{setting.say('target_fan', {'year': year, 'share': share})}")
        for year, share in zip(
            bars.index, (percent_text(bar, setting.lang, 0) for bar in bars), strict=True
        )
    ]
    name = setting.say("legend_city_target")
    lines = [
        {
            "x": [int(rows.index[0]), year],
            "y": [100 * bar] * 2,
            "mode": "lines",
            "line": {"color": TARGET, "width": 1.3, "dash": "dot"},
            "hoverinfo": "skip",
            "legendgroup": "target",
            "name": name,
            "showlegend": False,
        }
        for year, bar in bars.items()
    ]
    points = {
        "x": bars.index.tolist(),
        "y": (100 * bars).tolist(),
        "text": texts,
        "mode": "markers",
        "marker": marker,
        "hovertemplate": SHOWN,
        "name": name,
        "legendgroup": "target",
    }
    return [*lines, points]

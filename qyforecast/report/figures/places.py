"""Places: the counties laid out as on a map, and the moves between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.figures.rows import (
    first_scenario,
    newest_rows,
    rows_of,
    targets_of,
)
from qyforecast.report.names import name_of
from qyforecast.report.style import BANDS, INK, LINE, QUIET, TARGET, percent_axis, styled
from qyforecast.report.wording import percent_text

#: A panel of each for the moves of a county: flow, its sign, and its residences.
MOVES: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("rural_to_urban", 1, ("urban",)),
    ("urban_to_rural", -1, ("urban",)),
    ("intercounty_in", 1, ("urban", "rural")),
    ("intercounty_out", -1, ("urban", "rural")),
    ("external_net", 1, ("urban", "rural")),
)
LOOKS = {"urban": (LINE, "o"), "rural": (TARGET, "s")}


def counties(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw the urban share of every county as small panels laid out as on a map.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``urban_share`` and ``targets``; the scenario of the first row and the newest
        vintage are shown. [1]
    setting : Setting
        Its grid says where each county stands.

    Returns
    -------
    Drawn
        Table: ``region_code, year, q10, q50, q90, city_target``, the last only in the
        years of targets. [1]
    """
    found, as_of = newest_rows(tables["urban_share"])
    found, scenario = first_scenario(found)
    found = found[found["region_code"].isin(setting.counties)]
    bars = targets_of(rows_of(tables["targets"], {"region_code": setting.city}))
    bars = bars.drop_duplicates("year").set_index("year")["threshold"]
    rows = 1 + max(row for row, _ in setting.grid.values())
    columns = 1 + max(column for _, column in setting.grid.values())
    figure = Figure(figsize=(2.6 * columns + 0.6, 1.85 * rows + 1.2))
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for panel in panels.flat:
        panel.set_visible(False)
    for code in setting.counties:
        mine = rows_of(found, {"region_code": code}).sort_values("year")
        panel = panels[setting.grid[code]]
        panel.set_visible(True)
        _county(panel, mine, bars, setting)
    heights = [*found["q10"], *found["q90"], *bars]
    panels[0, 0].set_ylim(np.floor(10 * min(heights)) / 10, np.ceil(10 * max(heights)) / 10)
    _outer_labels(panels, setting.lang)
    last = found[found["year"] == found["year"].max()].set_index("region_code")["q50"]
    values = {
        "scenario": name_of(scenario, setting.lang),
        "year": int(found["year"].max()),
        "place": setting.place(setting.city),
        "best": setting.place(str(last.idxmax())),
        "worst": setting.place(str(last.idxmin())),
        "high": percent_text(float(last.max()), setting.lang, 0),
        "low": percent_text(float(last.min()), setting.lang, 0),
    }
    table = found[["region_code", "year", "q10", "q50", "q90"]].reset_index(drop=True)
    table["city_target"] = table["year"].map(bars)
    return Drawn(figure, table, (as_of,), values)


def _county(panel: Axes, mine: pd.DataFrame, bars: pd.Series, setting: Setting) -> None:
    panel.fill_between(mine["year"], mine["q10"], mine["q90"], color=BANDS[1], linewidth=0)
    panel.plot(mine["year"], mine["q50"], color=LINE, linewidth=1.6)
    for year, bar in zip(bars.index.tolist(), bars.tolist(), strict=True):
        panel.plot([int(mine["year"].min()), year], [bar, bar], ":", color=TARGET, linewidth=1.1)
        panel.plot(year, bar, "D", color=TARGET, markersize=3)
    end = mine.iloc[-1]
    words = {"share": percent_text(float(end["q50"]), setting.lang, 0), "year": int(end["year"])}
    title = f"{setting.place(str(end['region_code']))}  {setting.say('cell_county', words)}"
    panel.set_title(title, size=9, loc="left")
    panel.set_xticks([int(mine["year"].min()), int(end["year"])])
    panel.set_xlim(int(mine["year"].min()) - 0.7, int(end["year"]) + 0.7)


def _outer_labels(panels: np.ndarray, lang: str) -> None:
    """Numbers at the left and the foot of what is there: neighbours may be absent."""
    there = np.vectorize(lambda panel: panel.get_visible())(panels)
    for (row, column), panel in np.ndenumerate(panels):
        left = not there[row, :column].any()
        lowest = not there[row + 1 :, column].any()
        panel.tick_params(labelleft=left, labelbottom=lowest)
        percent_axis(panel, lang)


def flows(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw the moves between places in the last year, by county.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``flows`` as `flows_table` makes it; the scenario of the first row and the newest
        vintage are shown. [person]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``region_code, residence, flow, low, median, high``, losses negative. [person]
    """
    found, as_of = newest_rows(tables["flows"])
    found, scenario = first_scenario(found)
    year = int(found["year"].max())
    found = found[(found["year"] == year) & found["region_code"].isin(setting.counties)]
    table = pd.concat([_signed(found, *move) for move in MOVES], ignore_index=True)
    figure, panels = styled(2.0 + 1.9 * len(MOVES), 1.9 + 0.42 * len(setting.counties), len(MOVES))
    gained = table[table["flow"] == "rural_to_urban"].set_index("region_code")["median"]
    order = gained.sort_values().index.tolist()
    for panel, (flow, _, kinds) in zip(panels, MOVES, strict=True):
        _moves(panel, table[table["flow"] == flow], order, kinds)
        panel.set_title(name_of(flow, setting.lang), size=9, loc="left")
    panels[0].set_yticks(range(len(order)), [setting.place(code) for code in order])
    handles = [
        panels[-1].plot([], [], mark, color=colour, label=setting.say(residence))[0]
        for residence, (colour, mark) in LOOKS.items()
    ]
    panels[0].legend(handles=handles, frameon=False, fontsize=8, loc="lower right")
    most = order[-1]
    values = {
        "scenario": name_of(scenario, setting.lang),
        "year": year,
        "place": setting.place(setting.city),
        "most": setting.place(most),
        "count": f"{float(gained[most]):,.0f}",
    }
    return Drawn(figure, table, (as_of,), values)


def _signed(found: pd.DataFrame, flow: str, sign: int, kinds: Sequence[str]) -> pd.DataFrame:
    """Rows of a flow with its sign: what a place loses lies below zero."""
    rows = rows_of(found, {"flow": flow})
    rows = rows[rows["residence"].isin(kinds)]
    # Movers between counties go to towns: villages gain none, which is a rule and no finding.
    moved = rows.groupby("residence")["q90"].transform(lambda high: high.abs().max()) > 0
    rows = rows[moved] if moved.any() else rows
    ends = sign * rows[["q10", "q50", "q90"]].to_numpy()
    table = rows[["region_code", "residence", "flow"]].reset_index(drop=True)
    return table.assign(low=ends.min(axis=1), median=ends[:, 1], high=ends.max(axis=1))


def _moves(panel: Axes, rows: pd.DataFrame, order: list[str], kinds: Sequence[str]) -> None:
    for residence in kinds:
        colour, mark = LOOKS[residence]
        mine = rows[rows["residence"] == residence].set_index("region_code").reindex(order).dropna()
        if mine.empty:
            continue
        shift = 0.0 if len(kinds) == 1 else 0.16 if residence == "urban" else -0.16
        places = np.arange(len(order)) + shift
        panel.hlines(places, mine["low"], mine["high"], color=colour, linewidth=1.6)
        panel.plot(mine["median"], places, mark, color=colour, markersize=4.5)
    panel.axvline(0, color=QUIET, linewidth=0.9)
    panel.grid(visible=True, axis="x")
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    panel.locator_params(axis="x", nbins=3)
    panel.tick_params(axis="x", labelsize=8)
    panel.tick_params(axis="y", colors=INK)

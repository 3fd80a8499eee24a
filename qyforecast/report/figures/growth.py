"""What growth, gains and uncertainty are made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.figures.people import scale_of
from qyforecast.report.figures.rows import newest_rows, of_place
from qyforecast.report.names import name_of
from qyforecast.report.style import BANDS, INK, LINE, QUIET, SPLIT, TARGET, styled
from qyforecast.report.wording import percent_text, persons_text

WHOLE = "all"
TOGETHER = "all together"
ERRORS = 2.0


def growth(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw what the urban population grows by, by scenario.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``growth`` as `compare_scenarios` makes it. The last year and the newest vintage
        are shown. [person]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``scenario, component, mean, lower90, median, upper90``. [person]
    """
    found, as_of = newest_rows(of_place(tables["growth"], setting))
    last = int(found["year"].max())
    found = found[found["year"] == last]
    parts = found[found["component"] != WHOLE].pivot(
        index="scenario", columns="component", values="mean"
    )
    whole = found[found["component"] == WHOLE].set_index("scenario").sort_values("median")
    parts = parts.loc[whole.index, list(dict.fromkeys(found["component"]))[:-1]]
    figure, (panel,) = styled(8.4, 1.9 + 0.27 * len(parts), 1)
    scale = scale_of(setting.lang)
    _stack(panel, parts / scale, setting)
    places = np.arange(len(whole))
    panel.hlines(places, whole["lower90"] / scale, whole["upper90"] / scale, color=INK, lw=1.2)
    panel.plot(whole["median"] / scale, places, "o", color="white", markeredgecolor=INK,
               markersize=5, label=setting.say("whole"))  # fmt: skip
    panel.set_yticks(places, [name_of(str(name), setting.lang) for name in whole.index])
    panel.set_xlabel(setting.say("unit_growth"))
    panel.legend(frameon=False, ncols=5, loc="lower left", bbox_to_anchor=(0, 1), fontsize=8,
                 handlelength=1.2, columnspacing=1.1, borderpad=0)  # fmt: skip
    chosen = "baseline" if "baseline" in parts.index else str(parts.index[0])
    values = {
        "first": max(setting.years),
        "last": last,
        "scenario": name_of(chosen, setting.lang),
        "whole": persons_text(float(whole["median"].to_dict()[chosen]), setting.lang),
        "most": name_of(str(parts.loc[chosen].idxmax()), setting.lang),
    }
    columns = ["scenario", "component", "mean", "lower90", "median", "upper90"]
    return Drawn(figure, found[columns].reset_index(drop=True), (as_of,), values)


def _stack(panel: Axes, parts: pd.DataFrame, setting: Setting) -> None:
    """Gains to the right of zero, losses to the left, each in order."""
    places = np.arange(len(parts))
    right, left = np.zeros(len(parts)), np.zeros(len(parts))
    for (name, values), (colour, hatch) in zip(parts.items(), SPLIT, strict=False):
        width = values.to_numpy()
        start = np.where(width >= 0, right, left)
        panel.barh(
            places, width, left=start, height=0.66, color=colour, hatch=hatch, edgecolor="white",
            linewidth=0.4, label=name_of(str(name), setting.lang),
        )  # fmt: skip
        right = right + np.maximum(width, 0)
        left = left + np.minimum(width, 0)
    panel.axvline(0, color=INK, linewidth=0.8)
    panel.grid(visible=True, axis="x")
    panel.grid(visible=False, axis="y")


def shapley(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw what each measure adds to the urban share, as a waterfall.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``attribution`` as `compare --apart` writes it: the first scenario, its last target,
        the newest vintage. [percentage point]
    setting : Setting
        Language.

    Returns
    -------
    Drawn
        Table: ``player, gain_points, gain_points_error``, the largest first, then all
        together, whose error is not given. [percentage point]
    """
    found, as_of = newest_rows(tables["attribution"])
    scenario = str(found["scenario"].iloc[0])
    found = found[found["scenario"] == scenario]
    year = int(found["year"].max())
    found = found[found["year"] == year]
    # Each target of a year has the same players; the first of the file is read strictly.
    found = found[found["target"] == found["target"].iloc[0]]
    parts = found[found["player"] != TOGETHER].sort_values("gain_points", ascending=False)
    whole = found[found["player"] == TOGETHER]
    figure, (panel,) = styled(7.8, 1.9 + 0.32 * len(found), 1)
    _waterfall(panel, parts, float(whole["gain_points"].iloc[0]), setting)
    values = {
        "scenario": name_of(scenario, setting.lang),
        "year": year,
        "draws": int(found["draws"].iloc[0]),
        "whole": f"{float(whole['gain_points'].iloc[0]):.1f}",
        "most": name_of(str(parts["player"].iloc[0]), setting.lang),
        "part": f"{float(parts['gain_points'].iloc[0]):.1f}",
    }
    columns = ["player", "gain_points", "gain_points_error"]
    table = pd.concat([parts, whole])[columns].reset_index(drop=True)
    return Drawn(figure, table, (as_of,), values)


def _waterfall(panel: Axes, parts: pd.DataFrame, whole: float, setting: Setting) -> None:
    gains, errors = (parts[c].to_numpy() for c in ("gain_points", "gain_points_error"))
    ends = np.cumsum(gains)
    starts = ends - gains
    places = np.arange(len(gains), 0, -1)
    rising = gains >= 0
    for up, colour, hatch in ((True, BANDS[2], ""), (False, TARGET, "////")):
        these = rising == up
        panel.barh(
            places[these], gains[these], left=starts[these], height=0.6, color=colour, hatch=hatch,
            edgecolor="white", linewidth=0,
        )  # fmt: skip
    panel.barh(0, whole, height=0.6, color=LINE)
    panel.hlines(places, ends - ERRORS * errors, ends + ERRORS * errors, color=INK, lw=1.2)
    panel.vlines(ends, places - 1.3, places + 0.3, color=QUIET, linewidth=0.6)
    tops = np.maximum(starts, ends + ERRORS * errors)
    for place, top, gain in zip([*places, 0], [*tops, whole], [*gains, whole], strict=True):
        panel.annotate(f"{gain:+.2f}", (top, place), xytext=(5, 0), textcoords="offset points",
                       va="center", size=8)  # fmt: skip
    names = [name_of(str(player), setting.lang) for player in parts["player"]]
    panel.set_yticks([*places.tolist(), 0], [*names, setting.say("whole")])
    panel.set_xlim(min(0.0, float(starts.min())) * 1.1, 1.12 * max(float(tops.max()), whole))
    panel.axvline(0, color=INK, linewidth=0.8)
    panel.grid(visible=True, axis="x")
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(setting.say("unit_points"))


def variance(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw what the uncertainty of the urban share comes from, by target year.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``variance`` as `compare --apart` writes it; the first scenario, the newest
        vintage. [1]
    setting : Setting
        Language.

    Returns
    -------
    Drawn
        Table: ``year, group, first, first_error, total, total_error``. [1]
    """
    found, as_of = newest_rows(tables["variance"])
    scenario = str(found["scenario"].iloc[0])
    found = found[found["scenario"] == scenario].drop_duplicates(["year", "group"])
    years = sorted(found["year"].unique().tolist())
    last = found[found["year"] == years[-1]].sort_values("total")
    order = last["group"].tolist()
    figure, panels = styled(max(6.6, 1.6 + 3.4 * len(years)), 1.8 + 0.42 * len(order), len(years))
    for panel, year in zip(panels, years, strict=True):
        rows = found[found["year"] == year].set_index("group").loc[order]
        places = np.arange(len(order))
        looks = (("first", "first_order", 0.2, LINE), ("total", "total_order", -0.2, BANDS[1]))
        for column, label, shift, colour in looks:
            value, error = 100 * rows[column], 100 * ERRORS * rows[f"{column}_error"]
            panel.barh(places + shift, value, height=0.36, color=colour, label=setting.say(label))
            panel.hlines(places + shift, value - error, value + error, color=QUIET, lw=1.4)
        panel.axvline(0, color=INK, linewidth=0.8)
        panel.set_title(setting.say("of_year", {"year": int(year)}), size=10, loc="left")
        panel.set_xlabel(setting.say("unit_variance"))
        panel.grid(visible=True, axis="x")
        panel.grid(visible=False, axis="y")
    panels[0].set_yticks(range(len(order)), [name_of(name, setting.lang) for name in order])
    panels[-1].legend(
        frameon=False, ncols=2, loc="lower right", bbox_to_anchor=(1, 1), fontsize=8, borderpad=0
    )
    values = {
        "scenario": name_of(scenario, setting.lang),
        "year": int(years[-1]),
        "most": name_of(order[-1], setting.lang),
        "part": percent_text(float(last["total"].iloc[-1]), setting.lang, 0),
    }
    columns = ["year", "group", "first", "first_error", "total", "total_error"]
    return Drawn(figure, found[columns].reset_index(drop=True), (as_of,), values)

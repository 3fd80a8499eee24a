"""Probabilities of targets: by scenario, by vintage, and when a level is first reached."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.figures.rows import first_scenario, newest_rows, of_place, targets_of
from qyforecast.report.names import name_of
from qyforecast.report.style import BANDS, INK, LINE, QUIET, TARGET, percent_axis, styled
from qyforecast.report.wording import percent_text, probability_text

#: Standard errors on either side of a dot.
ERRORS = 2.0
#: Colour, sign and dash of each target.
_LINES = ((LINE, "o", "-"), (TARGET, "s", "--"), (QUIET, "^", "-."), (BANDS[2], "D", ":"))


def chances(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw the probability of each target by scenario, ordered.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``chances`` as `compare_scenarios` makes it. [1]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``scenario, year, threshold, probability, standard_error`` of the newest
        vintage. [1]
    """
    found, as_of = newest_rows(of_place(tables["chances"], setting))
    shown = targets_of(found)
    last = shown[shown["year"] == shown["year"].max()].sort_values("probability", kind="stable")
    order = last["scenario"].tolist()
    years = sorted(shown["year"].unique().tolist())
    figure, panels = styled(1.9 + 3.2 * len(years), 1.6 + 0.27 * len(order), len(years))
    for panel, year in zip(panels, years, strict=True):
        rows = shown[shown["year"] == year].set_index("scenario").loc[order]
        _dots(panel, rows, setting)
        bar = percent_text(float(rows["threshold"].iloc[0]), setting.lang, 0)
        title = setting.say("panel_target", {"share": bar, "year": int(year)})
        panel.set_title(title, size=10, loc="left")
    panels[0].set_yticks(range(len(order)), [name_of(name, setting.lang) for name in order])
    panels[0].set_ylim(-0.7, len(order) - 0.3)
    table = shown[["scenario", "year", "threshold", "probability", "standard_error"]]
    values = {
        "year": int(years[-1]),
        "best": name_of(order[-1], setting.lang),
        "worst": name_of(order[0], setting.lang),
        "high": probability_text(float(last["probability"].iloc[-1]), setting.lang),
        "low": probability_text(float(last["probability"].iloc[0]), setting.lang),
    }
    return Drawn(figure, table.reset_index(drop=True), (as_of,), values)


def _dots(panel: Axes, rows: pd.DataFrame, setting: Setting) -> None:
    """A dot and its error for each scenario, the first of the file hollow, with its number."""
    places = np.arange(len(rows))
    value, error = rows["probability"].to_numpy(), ERRORS * rows["standard_error"].to_numpy()
    panel.hlines(places, value - error, value + error, color=LINE, linewidth=2)
    for place, (chance, edge) in enumerate(zip(value, value + error, strict=True)):
        panel.plot(chance, place, "o", color=LINE, markersize=5)
        panel.annotate(
            probability_text(float(chance), setting.lang), (edge, place), xytext=(5, 0),
            textcoords="offset points", va="center", size=8,
        )  # fmt: skip
    low, high = (value - error).min(), (value + error).max()
    room = max(high - low, 0.02)
    panel.set_xlim(max(low - 0.06 * room, -0.005), high + 0.2 * room)
    panel.grid(visible=True, axis="x")
    percent_axis(panel, setting.lang, "x")
    panel.set_xlabel(setting.say("axis_probability"))


def vintages(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw how the probability of each target moved from vintage to vintage.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``history`` as monitoring writes it: ``vintage, as_of, region_code, target, year,
        threshold, probability, standard_error``. [1]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``vintage, target, year, threshold, probability, standard_error``. [1]
    """
    history = of_place(tables["history"], setting)
    shown = [str(label) for label in dict.fromkeys(history["vintage"])]
    figure, (panel,) = styled(7.4, 4.4, 1)
    names = list(dict.fromkeys(history["target"]))
    for (colour, mark, dash), name in zip(_LINES, names, strict=False):
        rows = history[history["target"] == name]
        panel.errorbar(
            [shown.index(str(label)) for label in rows["vintage"]], rows["probability"],
            yerr=ERRORS * rows["standard_error"], color=colour, marker=mark, linestyle=dash,
            markersize=6, linewidth=1.6, label=_target(rows.iloc[0], setting),
        )  # fmt: skip
    panel.set_ylim(0, 1.02)
    panel.set_xticks(range(len(shown)), shown)
    panel.set_xlabel(setting.say("axis_vintage"))
    panel.set_ylabel(setting.say("axis_probability"))
    percent_axis(panel, setting.lang)
    panel.legend(frameon=False, loc="best")
    ends = history[history["target"] == names[0]]
    values = {
        "year": int(ends["year"].iloc[0]),
        "first": probability_text(float(ends["probability"].iloc[0]), setting.lang),
        "last": probability_text(float(ends["probability"].iloc[-1]), setting.lang),
    }
    columns = ["vintage", "target", "year", "threshold", "probability", "standard_error"]
    table = history[columns].reset_index(drop=True)
    return Drawn(figure, table, (int(history["as_of"].max()),), values)


def _target(row: pd.Series, setting: Setting) -> str:
    bar = {"share": percent_text(float(row["threshold"]), setting.lang, 0), "year": row["year"]}
    return setting.say("panel_target", bar)


def first_year(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw when each target's share is first reached.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``first_year`` as `compare_scenarios` makes it; its last row of each target, "not by",
        is told in words. The scenario of the first row and the newest vintage are shown.
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``target, threshold, year, probability, by_then, carried_on``. [1]
    """
    found, as_of = newest_rows(of_place(tables["first_year"], setting))
    found, scenario = first_scenario(found)
    names = list(dict.fromkeys(found["target"]))
    figure, panels = styled(8.6, 4.2, len(names))
    values: dict[str, object] = {"scenario": name_of(scenario, setting.lang)}
    for panel, name in zip(panels, names, strict=True):
        rows = found[found["target"] == name]
        values |= _first_years(panel, rows, setting)
    dated = found[found["year"].astype(str).str.isdigit()]
    # Room above the bars for the word on the target's year, and for ticks of whole percents.
    panels[0].set_ylim(0, max(0.1, 1.2 * float(dated["probability"].max())))
    panels[0].set_ylabel(setting.say("axis_probability"))
    percent_axis(panels[0], setting.lang)
    columns = ["target", "threshold", "year", "probability", "by_then", "carried_on"]
    return Drawn(figure, found[columns].reset_index(drop=True), (as_of,), values)


def _first_years(panel: Axes, rows: pd.DataFrame, setting: Setting) -> dict[str, object]:
    dated = rows["year"].astype(str).str.isdigit()
    never = float(rows.loc[~dated, "probability"].sum())
    bars = rows[dated].astype({"year": int})
    carried = bars["carried_on"].astype(str) == "True"
    for late, colour in ((False, LINE), (True, BANDS[1])):
        part = bars[carried == late]
        panel.bar(part["year"], part["probability"], width=0.8, color=colour)
    promised, last = int(str(rows["target"].iloc[0])[:4]), int(bars["year"].max())
    panel.axvline(promised + 0.5, color=TARGET, linewidth=1.2, linestyle="--")
    panel.annotate(
        setting.say("target_year"), (promised + 0.5, 0.94), xycoords=("data", "axes fraction"),
        xytext=(4, 0), textcoords="offset points", color=TARGET, size=8,
    )  # fmt: skip
    values = {
        "level": percent_text(float(rows["threshold"].iloc[0]), setting.lang, 0),
        "year": promised,
        "by": probability_text(
            float(bars.loc[bars["year"] <= promised, "probability"].sum()), setting.lang
        ),
        "last": last,
        "never": probability_text(never, setting.lang),
    }
    title = setting.say("panel_level", values | {"share": values["level"]})
    panel.set_title(title, size=9, loc="left", color=INK)
    panel.set_xlabel(setting.say("axis_first"))
    panel.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    return values

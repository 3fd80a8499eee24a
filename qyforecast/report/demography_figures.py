"""Pictures of the rates: migration, death, childbearing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from qyforecast.demography.estimates import BaseRates
from qyforecast.report.demography_frame import Subject, frame
from qyforecast.report.demography_tables import Flow
from qyforecast.report.style import INK, LINE, QUIET, RURAL, STYLE, TARGET, URBAN

#: Beyond it a province's deaths are few, and the closure of the table speaks.
_OLDEST = 95


@rc_context(STYLE)
def residual_migration(residual: pd.DataFrame, flows: Sequence[Flow], subject: Subject) -> Figure:
    """Draw what cohorts gained or lost with its fit, and the rates with their schedules.

    Parameters
    ----------
    residual : DataFrame
        ``sex, age, residual, fitted`` of one region. [person]
    flows : sequence of Flow
        Departures and arrivals of the same region.
    subject : Subject
        Place, vintage, note.

    Returns
    -------
    Figure
        A row for each sex.
    """
    figure = Figure(figsize=(10.4, 7.4))
    panels = figure.subplots(2, 2, sharex=True, sharey="col")
    for row, (sex, word) in zip(panels, (("male", "Men"), ("female", "Women")), strict=True):
        mine = residual[residual["sex"] == sex]
        _residual_panel(row[0], mine)
        row[0].set_title(f"{word}: net migrants of the decade", size=10, loc="left")
        row[0].set_ylabel("thousand persons in five years of age")
        for flow in flows:
            if flow.sex == sex:
                _flow_panel(row[1], flow)
        row[1].axhline(0, color=QUIET, linewidth=0.8)
        row[1].set_title(f"{word}: net rates and Rogers–Castro fits", size=10, loc="left")
        row[1].set_ylabel("per 1,000 residents and year")
        row[1].legend(frameon=False, loc="lower right", fontsize=8)
    panels[0][0].legend(frameon=False, loc="lower right", fontsize=8)
    panels[1][0].set_xlabel("age at the second census")
    panels[1][1].set_xlabel("age in the year")
    panels[0][0].xaxis.set_major_locator(MultipleLocator(10))
    frame(figure, f"Migration to and from outside, {subject.place}", subject)
    return figure


def _residual_panel(panel: Axes, residual: pd.DataFrame) -> None:
    middle = residual["age"] + 2.5
    panel.bar(
        middle, residual["residual"] / 1000, width=4.4, color=RURAL, label="residual of cohorts"
    )
    panel.plot(
        middle, residual["fitted"] / 1000, color=LINE, marker="o", markersize=3.5, linewidth=1.4,
        label="what the smooth rates make",
    )  # fmt: skip
    panel.axhline(0, color=QUIET, linewidth=0.8)


def _flow_panel(panel: Axes, flow: Flow) -> None:
    """Rates as points, departures below zero; the schedule dashed where it does not fit."""
    side, colour = (1, URBAN) if flow.flow == "arrivals" else (-1, TARGET)
    ages = np.arange(flow.rates.size) + 0.5
    panel.plot(
        ages, 1000 * side * flow.rates, ".", color=colour, markersize=4.5, alpha=0.6,
        label=f"net {flow.flow}, smooth rates",
    )  # fmt: skip
    if flow.chosen is None:
        return
    share = 100 * flow.chosen.misplaced
    words = "" if flow.chosen.fits else ", does not fit"
    panel.plot(
        ages, 1000 * side * flow.chosen.schedule.rates(ages), color=colour, linewidth=1.5,
        linestyle="-" if flow.chosen.fits else "--",
        label=f"{flow.chosen.family} parameters: {share:.0f} % misplaced{words}",
    )  # fmt: skip


@rc_context(STYLE)
def deaths(base: BaseRates, nation: Mapping[str, xr.DataArray], subject: Subject) -> Figure:
    """Draw the share of each age that dies within a year, by residence and in the nation.

    Parameters
    ----------
    base : BaseRates
        Survival by area.
    nation : mapping of str to DataArray
        Label to survivorship of the nation, ``(sex, age)``. [1]
    subject : Subject
        Place, vintage, note.

    Returns
    -------
    Figure
        A panel for each sex, logarithmic.
    """
    live = base.mortality.in_base_year(base.mortality.survivorship)
    areas = live["area"].values.tolist()
    named = _kinds_of_place(areas)
    figure = Figure(figsize=(10.4, 5.6))
    panels = figure.subplots(1, 2, sharey=True)
    styles = (("-", URBAN, 1.6), ("-.", "#5f9fcb", 1.4), ("-", TARGET, 1.6))
    for panel, sex, word in zip(panels, ("male", "female"), ("Men", "Women"), strict=True):
        for (label, area), (dash, colour, width) in zip(named.items(), styles, strict=False):
            curve = 1 - live.sel(area=area, sex=sex, age=slice(None, _OLDEST))
            panel.plot(curve["age"], 1000 * curve, dash, color=colour, lw=width, label=label)
        for (label, survival), dash in zip(nation.items(), ("--", ":"), strict=True):
            curve = 1 - survival.sel(sex=sex, age=slice(None, _OLDEST))
            panel.plot(curve["age"], 1000 * curve, dash, color=INK, lw=1.1, label=label)
        panel.set_yscale("log")
        panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        panel.set_title(word, size=10, loc="left")
        panel.set_xlabel("age")
        panel.xaxis.set_major_locator(MultipleLocator(10))
    panels[0].set_ylabel("of 1,000 of an age, who die within a year")
    panels[0].legend(frameon=False, loc="upper left", fontsize=8)
    title = f"Death by age and residence, {subject.place}, {base.population.year}"
    frame(figure, title, subject)
    return figure


def _kinds_of_place(areas: Sequence[str]) -> dict[str, str]:
    """One area for each kind that the estimates tell apart: districts, county towns, villages."""
    district = [a for a in areas if a.endswith("urban") and 0 < int(a[4:6]) <= 20]
    towns = [a for a in areas if a.endswith("urban") and a not in district]
    rural = [a for a in areas if a.endswith("rural")]
    kinds = {"towns of districts": district, "towns of counties": towns, "villages": rural}
    return {name: members[0] for name, members in kinds.items() if members}


@rc_context(STYLE)
def childbearing(base: BaseRates, names: Mapping[str, str], subject: Subject) -> Figure:
    """Draw births by age and residence, and total fertility of every county.

    Parameters
    ----------
    base : BaseRates
        Fertility and women.
    names : mapping of str to str
        County names by code.
    subject : Subject
        Place, vintage, note.

    Returns
    -------
    Figure
        Rates by age at the left, totals by county at the right.
    """
    figure = Figure(figsize=(10.4, 5.0))
    left, right = figure.subplots(1, 2, width_ratios=[1.25, 1])
    women = base.population.persons.sel(sex="female", drop=True)
    for residence, colour in (("urban", URBAN), ("rural", TARGET)):
        here = women["residence"] == residence
        births = (women * base.fertility.rates).where(here, 0).sum("area")
        rates = births / women.where(here, 0).sum("area")
        left.plot(rates["age"], 1000 * rates, color=colour, lw=1.8,
                  label=f"{residence}: total fertility {float(rates.sum()):.2f}")  # fmt: skip
    left.set_xlim(14, 51)
    left.set_ylim(bottom=0)
    left.set_ylabel("births per 1,000 women and year")
    left.set_xlabel("age of the mother")
    left.set_title("By age, the whole city", size=10, loc="left")
    left.legend(frameon=False, loc="upper right")
    _totals(right, base, names)
    frame(figure, f"Childbearing, {subject.place}, {base.population.year}", subject)
    return figure


def _totals(panel: Axes, base: BaseRates, names: Mapping[str, str]) -> None:
    totals = base.total_fertility()
    regions = list(dict.fromkeys(totals["region"].values.tolist()))[::-1]
    for residence, colour, mark in (("urban", URBAN, "o"), ("rural", TARGET, "s")):
        here = totals.where(totals["residence"] == residence, drop=True)
        values = [float(here.values[here["region"].values == code][0]) for code in regions]
        panel.plot(values, range(len(regions)), mark, color=colour, markersize=6, label=residence)
    panel.axvline(2.1, color=QUIET, linewidth=0.8, linestyle=":")
    panel.set_yticks(range(len(regions)), [names[code] for code in regions])
    panel.set_xlabel("children a woman (dotted: 2.1, replacement)")
    panel.set_title("Total fertility by county", size=10, loc="left")
    panel.grid(visible=True, axis="x")
    panel.legend(frameon=False, loc="lower left")

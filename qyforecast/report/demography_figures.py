"""Pictures of the people and of the rates: pyramids, migration, death, childbearing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.graduation import group_ages
from qyforecast.report.demography_tables import GROUPS, Flow
from qyforecast.report.style import INK, LINE, QUIET, STYLE, TARGET, footer

#: Urban and rural, told apart in grey too.
URBAN, RURAL = "#1f5f99", "#b5d3e8"
MIDDLES = np.array(GROUPS) + 2.5
#: Beyond it a province's deaths are few, and the closure of the table speaks.
_OLDEST = 95
_SIDES = {"male": -1, "female": 1}
SOURCES = (
    "Sources: National Bureau of Statistics of China, censuses of 2010 and 2020, county tables and "
    "tables of Gansu and the nation"
)


@dataclass(frozen=True)
class Subject:
    """What a picture is of.

    Attributes
    ----------
    place : str
        Name of the region.
    as_of : int
        Year of knowledge.
    note : str
        What a reader must know of it besides.
    """

    place: str
    as_of: int
    note: str

    @property
    def foot(self) -> tuple[str, str]:
        """The lines under the picture."""
        return self.note, f"Rates as known at the end of {self.as_of}. {SOURCES}."


@rc_context(STYLE)
def pyramids(
    people: Mapping[str, xr.DataArray], subject: Subject, *, shares: bool = False
) -> Figure:
    """Draw pyramids by residence side by side.

    Parameters
    ----------
    people : mapping of str to DataArray
        Title of a panel to residents, ``(residence, sex, age)``, by single age. [person]
    subject : Subject
        Place, vintage, note.
    shares : bool
        Draw percent of each panel's residents, so that small and large places compare.

    Returns
    -------
    Figure
        Men to the left, women to the right, urban inside; one scale for all panels.
    """
    count = len(people)
    columns = min(count, 4)
    rows = -(-count // columns)
    figure = Figure(figsize=(max(7.6, 3.0 * columns), 0.9 + (4.6 if rows == 1 else 3.1 * rows)))
    panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    widest = 0.0
    for panel, (title, persons) in zip(panels, people.items(), strict=True):
        groups = group_ages(persons, GROUPS) / (float(persons.sum()) / 100 if shares else 1000)
        widest = max(widest, float(groups.sum("residence").max()))
        _pyramid(panel, groups)
        panel.set_title(f"{title}: {float(persons.sum()):,.0f}", size=9, loc="left")
    panels[0].set_xlim(-1.08 * widest, 1.08 * widest)
    unit = "% of residents" if shares else "thousand persons"
    _name_sides(panels, columns, f"{unit} in five years of age")
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="upper right", ncol=2, frameon=False,
        handlelength=1, bbox_to_anchor=(0.995, 1.0),
    )  # fmt: skip
    _frame(figure, f"Residents by age, sex and residence, {subject.place}", subject)
    return figure


def _pyramid(panel: Axes, groups: xr.DataArray) -> None:
    for sex, side in _SIDES.items():
        start = np.zeros(len(GROUPS))
        for residence, colour in (("urban", URBAN), ("rural", RURAL)):
            width = groups.sel(sex=sex, residence=residence).values
            panel.barh(
                MIDDLES, side * width, left=side * start, height=4.6, color=colour,
                label=residence if side > 0 else None,
            )  # fmt: skip
            start = start + width
    panel.axvline(0, color="white", linewidth=1.2)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))
    panel.xaxis.set_major_locator(MaxNLocator(5, symmetric=True))
    panel.set_yticks([*range(0, 81, 20)], [*map(str, range(0, 61, 20)), "80"])
    panel.grid(visible=True, axis="x")
    panel.grid(visible=False, axis="y")


def _name_sides(panels: Sequence[Axes], columns: int, unit: str) -> None:
    for place, panel in enumerate(panels):
        for x, word, align in ((0.02, "men", "left"), (0.98, "women", "right")):
            panel.text(x, 0.97, word, transform=panel.transAxes, va="top", ha=align, color=QUIET)
        if place >= len(panels) - columns:
            panel.set_xlabel(unit)
        if place % columns == 0:
            panel.set_ylabel("age (85 and over together)")


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
    _frame(figure, f"Migration to and from outside, {subject.place}", subject)
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
    _frame(figure, title, subject)
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
    _frame(figure, f"Childbearing, {subject.place}, {base.population.year}", subject, gap=0.32)
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


def _frame(figure: Figure, title: str, subject: Subject, gap: float = 0.18) -> None:
    figure.text(0.01, 0.985, title, size=13, weight="bold", va="top")
    foot = footer(figure, subject.foot, "en")
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=0.75 / width, right=1 - 0.15 / width, top=1 - 0.72 / height,
        bottom=foot + 0.6 / height, wspace=gap, hspace=0.24,
    )  # fmt: skip

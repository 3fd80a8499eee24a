"""Why forecasts of different years of knowledge differ: what each knew, and what it gave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Assessment, Target, assess
from qyforecast.forecast import draw_future, run_scenario
from qyforecast.inference.mixture import Mixture
from qyforecast.inference.scale import level_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.report.outside import outside_lines
from qyforecast.report.overview import TextTable
from qyforecast.report.wording import counted_text, interval_text, percent_text
from qyforecast.scenario.scenario import Scenario

#: Provinces that must be told for a year's pace to be spoken of.
FEWEST = 5


@dataclass(frozen=True)
class Vintage:
    """What was known in a year, and the forecast made of it.

    Attributes
    ----------
    as_of : int
        Year of knowledge.
    reading : tuple of int, float and str
        Newest urban share of the city: year, share [1], kind of source.
    county_readings : int
        Published shares of single counties after the census.
    pace_until : int
        Last year whose change is known of `FEWEST` provinces or more.
    provinces : int
        How many are known then.
    pace : float
        Their mean change in that year. [log odds / year]
    weights : mapping
        Rival to weight. [1]
    medians : mapping
        Year to median urban share of the city. [1]
    targets : tuple of Assessment
        The city's targets under the baseline.
    outside : tuple of str
        How other places fared, and what the model adds to that.
    """

    as_of: int
    reading: tuple[int, float, str]
    county_readings: int
    pace_until: int
    provinces: int
    pace: float
    weights: Mapping[str, float]
    medians: Mapping[int, float]
    targets: tuple[Assessment, ...]
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What every vintage is asked.

    Attributes
    ----------
    census : Census
        What was counted.
    spec : ModelSpec
        The model.
    baseline : Scenario
        The scenario in which nothing is done.
    targets : tuple of Target
        Of the city.
    to : int
        Last year.
    seed : int
        Seed of everything random.
    """

    census: Census
    spec: ModelSpec
    baseline: Scenario
    targets: tuple[Target, ...]
    to: int
    seed: int


def ask(question: Question, panel: Panel, mixture: Mixture) -> Vintage:
    """Make the forecast of one vintage and note what it knew.

    Parameters
    ----------
    question : Question
        The same for all.
    panel : Panel
        What was known.
    mixture : Mixture
        What was learned from it.

    Returns
    -------
    Vintage
        Facts and figures.
    """
    spec, seed = question.spec, question.seed
    future = draw_future(question.census, panel, spec, mixture, to=question.to, seed=seed)
    shares = run_scenario(future, question.baseline, seed=seed).urban_share
    return describe_vintage(question, panel, mixture.weights, shares)


def describe_vintage(
    question: Question, panel: Panel, weights: Mapping[str, float], shares: xr.DataArray
) -> Vintage:
    """Note what a vintage knew and what its forecast gave.

    Parameters
    ----------
    question : Question
        The same for all.
    panel : Panel
        What was known.
    weights : mapping
        Rival to weight. [1]
    shares : DataArray
        Urban share in the baseline, ``(draw, year, region)``. [1]

    Returns
    -------
    Vintage
        Facts and figures.
    """
    spec, city = question.spec, panel.city
    own = shares.sel(region=city).median("draw")
    level = level_of(panel.provinces["urban_share"].transpose("year", "province").values, spec)
    moves = np.diff(level, axis=0)
    told = np.isfinite(moves).sum(axis=1)
    known = np.flatnonzero(told >= FEWEST)
    after = panel.readings[panel.readings["year"] > panel.base_year]
    mine = tuple(
        assess(shares, target, scenario=question.baseline.name, as_of=panel.as_of)
        for target in question.targets
    )
    strict = [one for one in mine if one.target.reading == "strict"]
    return Vintage(
        as_of=panel.as_of,
        reading=_newest(panel),
        county_readings=int((after["region"].astype(str) != city).sum()),
        pace_until=int(panel.provinces["year"].values[1:][known[-1]]),
        pace=float(np.nanmean(moves[known[-1]])),
        provinces=int(told[known[-1]]),
        weights=weights,
        medians={int(y): float(v) for y, v in zip(own["year"].values, own.values, strict=True)},
        targets=mine,
        outside=tuple(outside_lines(panel, [(one.target, one.probability) for one in strict])),
    )


def _newest(panel: Panel) -> tuple[int, float, str]:
    """Newest published share of the city; the census where nothing is newer."""
    rows = panel.readings[panel.readings["region"].astype(str) == panel.city]
    rows = rows[rows["year"] > panel.base_year].sort_values("year")
    if rows.empty:
        return panel.base_year, panel.city_share[panel.base_year], "census"
    last = rows.iloc[-1]
    return int(last["year"]), float(last["urban_share"]), str(last["kind"])


def vintage_table(vintages: Sequence[Vintage]) -> TextTable:
    """Lay the vintages side by side.

    Parameters
    ----------
    vintages : sequence of Vintage
        Oldest first.

    Returns
    -------
    TextTable
        A row for vintage and target.
    """
    rows = tuple(_row(one, target) for one in vintages for target in one.targets)
    columns = (
        *("as of", "city's newest share", "counties' shares", "provinces' last pace"),
        *("rivals", "target", "median (80 %)", "probability"),
    )
    notes = (
        "Baseline scenario; the pace is the mean change of the log odds of the provinces told in "
        "their last year.",
    )
    return TextTable("What each year knew, and what it gave", columns, rows, notes)


def _row(one: Vintage, target: Assessment) -> tuple[str, ...]:
    year, share, kind = one.reading
    band = interval_text(target.lower80, target.upper80)
    return (
        str(one.as_of),
        f"{percent_text(share)} in {year}, {kind}",
        str(one.county_readings),
        f"{one.pace:.3f} in {one.pace_until} ({one.provinces} told)",
        ", ".join(f"{rival} {weight:.2f}" for rival, weight in one.weights.items()),
        _promise(target),
        f"{percent_text(target.median)} ({band})",
        counted_text(target.probability, target.standard_error),
    )


def _promise(target: Assessment) -> str:
    about = "about " if target.target.reading == "about" else ""
    share = percent_text(target.target.threshold, decimals=0)
    return f"{about}{share} by {target.target.year}"


def explain_vintages(vintages: Sequence[Vintage]) -> tuple[str, ...]:
    """Say in words what each vintage learned after the one before.

    Parameters
    ----------
    vintages : sequence of Vintage
        Oldest first.

    Returns
    -------
    tuple of str
        A sentence or two for each but the first.
    """
    return tuple(_step(before, after) for before, after in pairwise(vintages))


def _step(before: Vintage, after: Vintage) -> str:
    parts = []
    year, share, kind = after.reading
    if after.reading != before.reading:
        parts.append(
            f"the city's share of {year} ({percent_text(share)}, {kind}),"
            f" {_beside(100 * (share - before.medians[year]))} than the year before's median"
        )
    if after.county_readings > before.county_readings:
        more = after.county_readings - before.county_readings
        parts.append(f"{more} more published share{'s' if more > 1 else ''} of its counties")
    if after.pace_until > before.pace_until:
        parts.append(
            f"{after.provinces} provinces in {after.pace_until}, whose log odds rose by"
            f" {after.pace:.3f} in the year, against {before.pace:.3f} in {before.pace_until}:"
            " the forecast's national pace starts from there"
        )
    if dict(after.weights) != dict(before.weights):
        parts.append("other weights of the rivals")
    learned = "; ".join(parts) or "nothing new of the city or the provinces"
    moved = [
        f"{_promise(b)}: {percent_text(a.probability)}, then {percent_text(b.probability)}"
        for a, b in zip(before.targets, after.targets, strict=True)
    ]
    return (
        f"As of {after.as_of}, after {before.as_of}: {learned}. Probabilities: {'; '.join(moved)}."
    )


def _beside(points: float) -> str:
    return f"{abs(points):.1f} points {'higher' if points > 0 else 'lower'}"

"""What every estimated rate rests on."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.cohort_decade import Decade
from qyforecast.census.counted_notes import counted
from qyforecast.census.mortality_estimates import area_life_tables, registration_factor
from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.rate_evidence import RateEvidence
from qyforecast.provenance import Evidence
from qyforecast.vocabulary import SEXES


def explain(
    census: Census, base: BaseRates, decade: Decade, assumed: Assumptions
) -> tuple[RateEvidence, ...]:
    """Write the table of what is measured, estimated and assumed.

    Parameters
    ----------
    census : Census
        What the estimates were made from.
    base : BaseRates
        The estimates.
    decade : Decade
        Residual migration between the censuses.
    assumed : Assumptions
        Judged numbers.

    Returns
    -------
    tuple of RateEvidence
        One line for each rate and place.
    """
    lines = [*counted(census), *_vital(census, base, assumed), *_moves(base, decade)]
    return (*lines, *_course(census, base), *assumed.evidence())


def _registration(census: Census, year: int, sex: int, assumed: Assumptions) -> str:
    """Say between which factors the one used lies, and how unsure it is."""
    by_e0, by_rate = (
        float(registration_factor(census, year, weight)[sex]) for weight in (0.0, 1.0)
    )
    return (
        f"factor on census deaths: published life expectancy asks for {by_e0:.2f}, the published "
        f"death rate for {by_rate:.2f}; weight {assumed.deaths_weight:g} of the second on the log "
        f"scale, and {assumed.e0_sd:g} years of standard deviation of life expectancy, which "
        "reaches both"
    )


def _vital(census: Census, base: BaseRates, assumed: Assumptions) -> Iterator[RateEvidence]:
    year = base.population.year
    factor = registration_factor(census, year, assumed.deaths_weight)
    tables = area_life_tables(census, base.population, assumed.deaths_weight)
    for i, sex in enumerate(SEXES):
        yield RateEvidence(
            f"registration factor, {sex}", "000000", f"{float(factor.sel(sex=sex)):.3f}",
            Evidence("estimated", _registration(census, year, i, assumed), year),
        )  # fmt: skip
        for j, area in enumerate(base.population.persons["area"].values):
            yield RateEvidence(
                f"life expectancy, {sex}", str(area), f"{tables.ex[j, i, 0]:.2f} years",
                Evidence("estimated", "deaths of the province's like residences, scaled", year),
            )  # fmt: skip
    for area, children in base.total_fertility().to_series().items():
        yield RateEvidence(
            "total fertility", str(area), f"{children:.2f} children per woman",
            Evidence("estimated", "children 0-4 by county, age pattern and differential of the "
                     "nation's residences", year),
        )  # fmt: skip
    for later, ratio in base.fertility.known.to_series().items():
        yield RateEvidence(
            "fertility over the census year's", census.city, f"{np.exp(ratio):.3f}",
            Evidence("estimated", "birth rates of the province, else the nation, and the "
                     "city's women", int(str(later))),
        )  # fmt: skip


def _moves(base: BaseRates, decade: Decade) -> Iterator[RateEvidence]:
    yield RateEvidence(
        "children under ten missed in the first census", "city", f"{decade.missed:.0f} persons",
        Evidence("estimated", "the nation's cohorts 2010 to 2020, closed to migration"),
    )  # fmt: skip
    residual = decade.residual.sum(("sex", "age")) / decade.years
    persons, migration = base.population.persons, base.migration
    lost, gained, inside = (
        (persons * rate).sum(("sex", "age")).groupby("region").sum()
        for rate in (migration.departure_rate, migration.arrival_rate, base.mobility.leaving_rate)
    )
    for region in residual["region"].values:
        for name, flow, how in (
            ("net migration of the decade, a year", residual, "cohort residual"),
            ("net departures at ages that lose", lost, "residual less moves inside the city"),
            ("net arrivals at ages that gain", gained, "residual less moves inside the city"),
            ("leaving for other counties", inside, "growth of residents registered elsewhere"),
        ):
            yield RateEvidence(
                name, str(region), f"{float(flow.sel(region=region)):.0f} persons a year",
                Evidence("estimated", how, base.population.year),
            )  # fmt: skip
    for year, total in migration.known.to_series().items():
        yield RateEvidence(
            "residents", "city", f"{total:.0f} persons",
            Evidence("published", "year-end total", int(str(year))),
        )  # fmt: skip


def _course(census: Census, base: BaseRates) -> Iterator[RateEvidence]:
    """Spreads that `net_spread` learnt from the provinces."""
    course = base.migration.course.times(1000 / base.population.total)
    how = "yearly growth of provinces less the nation's in the decade, as published by the year "
    how += "after the census, three cities that capped their population left out; "
    for name, value, detail in (
        ("net migration, lasting deviation", f"{course.level_sd:.2f} per mille a year",
         "standard error of a mean of ten such years, on which the rates rest"),
        ("net migration, yearly deviation", f"{course.sd:.2f} per mille a year",
         "root mean square about each province's mean"),
        ("net migration, correlation of neighbouring years", f"{course.persistence:.2f}",
         "of the same deviations"),
    ):  # fmt: skip
        yield RateEvidence(
            name, census.city, value, Evidence("estimated", how + detail, base.population.year)
        )


def evidence_table(lines: tuple[RateEvidence, ...]) -> pd.DataFrame:
    """Lay out what every number rests on.

    Parameters
    ----------
    lines : tuple of RateEvidence
        `BaseRates.evidence`.

    Returns
    -------
    DataFrame
        ``rate, place, value, grade, source, year``.
    """
    return pd.DataFrame(
        [(e.rate, e.place, e.value, e.evidence.grade, e.evidence.source, e.evidence.year)
         for e in lines],
        columns=["rate", "place", "value", "grade", "source", "year"],
    )  # fmt: skip

"""What every estimated rate rests on, and how it compares with published figures."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.cohort_decade import Decade
from qyforecast.census.fertility_estimates import children_and_expected
from qyforecast.census.mortality_estimates import (
    area_life_tables,
    published_life_expectancy,
    raw_life_expectancy,
    registration_factor,
)
from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.population import Population
from qyforecast.demography.rate_evidence import RateCheck, RateEvidence
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
    lines = [*_vital(census, base, assumed), *_moves(base, decade)]
    return (*lines, *assumed.evidence())


def _vital(census: Census, base: BaseRates, assumed: Assumptions) -> Iterator[RateEvidence]:
    year = base.population.year
    factor = registration_factor(census, year, assumed.deaths_weight)
    tables = area_life_tables(census, base.population, assumed.deaths_weight)
    for i, sex in enumerate(SEXES):
        yield RateEvidence(
            f"registration factor, {sex}", "000000", f"{float(factor.sel(sex=sex)):.3f}",
            Evidence("estimated", "census deaths against published life expectancy and death "
                     "rate of the nation", year),
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


def compare(
    census: Census, populations: list[Population], base: BaseRates, assumed: Assumptions
) -> tuple[RateCheck, ...]:
    """Put the estimates beside published figures that were not used for them.

    Parameters
    ----------
    census : Census
        Published rates.
    populations : list of Population
        Residents at the censuses.
    base : BaseRates
        The estimates.
    assumed : Assumptions
        Judged numbers.

    Returns
    -------
    tuple of RateCheck
        Births and deaths of the census years, life expectancy.
    """
    return (
        *_life_expectancies(census, base.population.year, assumed),
        *(c for p in populations for c in _births(census, p, base)),
        *_deaths(census, base),
    )


def _life_expectancies(census: Census, year: int, assumed: Assumptions) -> Iterator[RateCheck]:
    raw, wanted = raw_life_expectancy(census, year), published_life_expectancy(census, year)
    for i, sex in enumerate(SEXES):
        yield RateCheck(
            f"life expectancy of census deaths as counted, {sex}", "000000", year,
            float(raw[i]), float(wanted[i]), "year", "National Bureau of Statistics",
        )  # fmt: skip


def _births(census: Census, population: Population, base: BaseRates) -> Iterator[RateCheck]:
    found, _ = children_and_expected(population, base.mortality, base.fertility.rates, range(1))
    published = _published(census, "birth_rate", population.year)
    residents = population.persons.groupby("region").sum(...)
    for region, rate in published.items():
        inside = [region] if region != census.city else list(found["region"].values)
        births = float(found.sel(region=inside).sum())
        yield RateCheck(
            "birth rate from children aged 0", region, population.year,
            1000 * births / float(residents.sel(region=inside).sum()), 1000 * rate, "per mille",
            "census tables",
        )  # fmt: skip


def _deaths(census: Census, base: BaseRates) -> Iterator[RateCheck]:
    persons = base.population.persons
    died = persons * (1 - base.mortality.in_base_year(base.mortality.survivorship))
    rows = census.provinces
    province = census.city[:2] + "0000"
    rows = rows[(rows["region_code"] == province) & (rows["variable"] == "death_rate")]
    for year in (base.population.year, base.population.year + 1):
        for value in rows.loc[rows["year"] == year, "value"]:
            yield RateCheck(
                "death rate of the city at the census, against the province's", census.city, year,
                1000 * float(died.sum() / persons.sum()), 1000 * float(value), "per mille",
                "provincial bulletin",
            )  # fmt: skip


def _published(census: Census, variable: str, year: int) -> dict[str, float]:
    rows = census.series
    rows = rows[(rows["variable"] == variable) & (rows["year"] == year)]
    return {str(k): float(v) for k, v in zip(rows["region_code"], rows["value"], strict=True)}


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


def checks_table(checks: tuple[RateCheck, ...]) -> pd.DataFrame:
    """Lay out estimates beside published figures.

    Parameters
    ----------
    checks : tuple of RateCheck
        `BaseRates.checks`.

    Returns
    -------
    DataFrame
        ``what, place, year, estimated, published, ratio, unit, source``.
    """
    return pd.DataFrame(
        [(c.what, c.place, c.year, c.estimated, c.published, c.estimated / c.published, c.unit,
          c.source) for c in checks],
        columns=["what", "place", "year", "estimated", "published", "ratio", "unit", "source"],
    )  # fmt: skip

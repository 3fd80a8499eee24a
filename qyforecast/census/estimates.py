"""All rates of the accounts from the census, as known in a year."""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.cohort_decade import cohort_decade
from qyforecast.census.estimate_notes import explain
from qyforecast.census.fertility_estimates import estimate_fertility
from qyforecast.census.mortality_estimates import NATION, estimate_mortality
from qyforecast.census.move_estimates import estimate_migration, estimate_mobility, known_totals
from qyforecast.census.net_spread import net_spread
from qyforecast.census.rate_checks import compare
from qyforecast.demography.central_path import run_central_path
from qyforecast.demography.estimates import BaseRates
from qyforecast.errors import DataError


def estimate_rates(
    census: Census, *, as_of: int, to: int = 2050, assumed: Assumptions | None = None
) -> BaseRates:
    """Estimate every rate of the accounts, with its uncertainty and evidence.

    Parameters
    ----------
    census : Census
        Two censuses and the yearly series.
    as_of : int
        Only figures published by the end of this year are used; the county tables of
        the last census, printed later, are admitted as their totals were.
    to : int
        Last year that may be drawn.
    assumed : Assumptions, optional
        Judged numbers; the default ones where absent.

    Returns
    -------
    BaseRates
        Rates at the last census, their courses, and what they rest on.

    Raises
    ------
    DataError
        If a table that a rate needs is missing.
    """
    assumed = assumed or Assumptions()
    populations = [census.population(year) for year in census.years]
    population = populations[-1]
    year = population.year
    mortality = estimate_mortality(census, population, assumed, range(year - 10, to + 1))
    decade = cohort_decade(census, populations, mortality, assumed)
    mobility = estimate_mobility(census, population, assumed)
    spread = net_spread(census, year)
    migration = estimate_migration(decade, population, mobility, spread, assumed)
    known = known_totals(census.series, census.city, after=year, as_of=as_of)
    fertility = estimate_fertility(census, population, mortality, assumed)
    base = BaseRates(
        as_of=as_of,
        population=population,
        mortality=mortality,
        fertility=fertility,
        migration=replace(migration, known=known),
        mobility=mobility,
    )
    known_births = known_fertility(census, base)
    base = replace(base, fertility=replace(fertility, known=known_births))
    return replace(
        base,
        evidence=explain(census, base, decade, assumed),
        checks=compare(census, populations, base, assumed),
    )


def known_fertility(census: Census, base: BaseRates) -> xr.DataArray:
    """Read the years since the census from published birth rates.

    A birth rate over that of the census year, divided by the same ratio of
    women weighted by fertility per resident, is a ratio of fertility. The
    province's birth rate speaks where it was published, else the nation's.

    Parameters
    ----------
    census : Census
        Provincial and national birth rates by year.
    base : BaseRates
        Rates without the later years; its `as_of` decides what is known.

    Returns
    -------
    DataArray
        Log ratio to the base year, ``(year,)``; the base year's is zero.
    """
    year = base.population.year
    rates = census.provinces[
        (census.provinces["variable"] == "birth_rate")
        & (census.provinces["published"] <= base.as_of)
    ]
    province, nation = (
        rates[rates["region_code"] == code].groupby("year")["value"].last()
        for code in (census.city[:2] + "0000", NATION)
    )
    later = sorted({int(y) for y in (*province.index, *nation.index) if y > year})
    if not later:
        return base.fertility.known
    women = _women_index(base, later[-1])
    births = [
        province[y] / provincial_birth_rate(census, year, province) if y in province.index
        else _at(nation, y) / _at(nation, year)
        for y in later
    ]  # fmt: skip
    found = np.log(np.array(births, float) / women.sel(year=later).values)
    return xr.DataArray(
        np.concatenate([[0.0], found]), dims="year", coords={"year": [year, *later]}
    )


def provincial_birth_rate(census: Census, year: int, published: pd.Series) -> float:
    """Birth rate of the province in the census year.

    Parameters
    ----------
    census : Census
        Provincial population by age.
    year : int
        Census year.
    published : Series
        Published rates by year.

    Returns
    -------
    float
        As published; where it is not, children aged 0 per resident at the census.
        [1 / year]
    """
    if year in published.index:
        return float(published[year])
    people = census.age_residence.sel(region=census.city[:2] + "0000", year=year)
    return float(people.sel(age=0).sum() / people.sum())


def _women_index(base: BaseRates, last: int) -> xr.DataArray:
    """Women weighted by fertility per resident, over the base year's."""
    years = list(range(base.population.year + 1, last + 1))
    level = base.mortality.weight_of(base.mortality.median_gain.sel(year=years))
    ones = xr.DataArray(np.ones(len(years)), dims="year", coords={"year": years})
    path = run_central_path(base, level, ones)
    persons = base.population.persons
    women = persons.sel(sex="female", drop=True) * base.fertility.rates
    return path.women / float(women.sum() / persons.sum())


def _at(series: pd.Series, year: int) -> float:
    if year not in series.index:
        raise DataError(f"no birth rate of the nation in {year}", where="provinces")
    return float(series[year])

"""Childbearing in the city's counties from the census tables."""

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.mortality_estimates import NATION, residence_types
from qyforecast.demography.estimates import Autoregression, Fertility, Mortality
from qyforecast.demography.graduation import graduate_population
from qyforecast.demography.population import Population
from qyforecast.demography.reverse_survival import past_births, past_women


def estimate_fertility(
    census: Census, population: Population, mortality: Mortality, assumed: Assumptions
) -> Fertility:
    """Estimate childbearing by county and residence from children and women.

    The nation's rates by mother's age and residence give the shape and the
    differential between town and village; the city's level is what makes the
    children aged 0 of the base year, the counties' levels relative to it what
    makes their children aged 0-4 (reverse survival).

    Parameters
    ----------
    census : Census
        Births by mother's age and residence, women of the nation.
    population : Population
        Base year's residents.
    mortality : Mortality
        Survival.
    assumed : Assumptions
        Course of fertility.

    Returns
    -------
    Fertility
        Rates, and their course; of past years only the base year is known yet.
    """
    shape = _national_fertility(census, population)
    found, expected = children_and_expected(population, mortality, shape, range(5))
    county = found.sum("ago") / expected.sum("ago")
    city = found.sel(ago=0).sum() / (expected.sel(ago=0) * county).sum()
    level = (county * city).sel(region=population.persons["region"]).drop_vars("region")
    nation = total_fertility_of_nation(census, population.year)
    return Fertility(
        rates=(shape * level).assign_coords(region=population.persons["region"]),
        sex_ratio_at_birth=assumed.sex_ratio_at_birth,
        known=xr.DataArray([0.0], dims="year", coords={"year": [population.year]}),
        known_sd=assumed.fertility_known_sd,
        course=Autoregression(
            level=float(np.log(assumed.national_long_run / nation)),
            level_sd=assumed.long_run_sd,
            sd=assumed.fertility_sd,
            persistence=assumed.fertility_persistence,
        ),
        county_sd=assumed.fertility_county_sd,
    )


def children_and_expected(
    population: Population, mortality: Mortality, rates: xr.DataArray, ago: range
) -> tuple[xr.DataArray, xr.DataArray]:
    """Births brought back from children, and those that given rates would make.

    Parameters
    ----------
    population : Population
        Residents at single ages.
    mortality : Mortality
        Survival; the mean of its two levels is near the base year's.
    rates : DataArray
        Births per woman and year, ``(area, age)``. [1 / year]
    ago : range
        Years before the base year, 0 being the year that ends with it.

    Returns
    -------
    found, expected : DataArray
        ``(region, ago)``. [person]
    """
    persons = population.persons
    live, newborn = (
        mortality.in_base_year(table)
        for table in (mortality.survivorship, mortality.birth_survivorship)
    )
    children = persons.sel(age=list(ago))
    found = past_births(children, live, newborn).sum("sex")
    women = persons.sel(sex="female", drop=True)
    alive = live.sel(sex="female", drop=True)
    ages = rates["age"].values[(rates > 0).any("area").values]
    stocks = [past_women(women, alive, ago=k).sel(age=ages) for k in range(ago.stop + 1)]
    made = [(rates.sel(age=ages) * (stocks[k] + stocks[k + 1]) / 2).sum("age") for k in ago]
    expected = xr.concat(made, dim=pd.Index(list(ago), name="ago"), join="exact")
    region = persons["region"]
    counties = [t.assign_coords(region=region).groupby("region").sum() for t in (found, expected)]
    return counties[0], counties[1]


def total_fertility_of_nation(census: Census, year: int) -> float:
    """Total fertility of the nation in the long form of a census.

    Parameters
    ----------
    census : Census
        Births by mother's age (10 % sample) and women.
    year : int
        Census year.

    Returns
    -------
    float
        Children per woman.
    """
    births, women = _births_and_women(census, year, ["city", "town", "rural"])
    return float(5 * (births / women).sum())


def _national_fertility(census: Census, population: Population) -> xr.DataArray:
    """Rates by single age of each area as the nation has them for its kind of residence."""
    like = population.persons
    regions = list(dict.fromkeys(like["region"].values.tolist()))
    types = residence_types(regions)
    groups = list(range(0, 101, 5))
    rows = []
    for region, residence in zip(like["region"].values, like["residence"].values, strict=True):
        births, women = _births_and_women(
            census, population.year, types[str(region), str(residence)]
        )
        rates = (5 * births / women).reindex(age=groups).fillna(0.0)
        rows.append(graduate_population(rates))
    place = like["area"].drop_vars([c for c in like["area"].coords if c != "area"])
    return xr.concat(rows, dim=place, join="exact").transpose("area", "age")


def _births_and_women(
    census: Census, year: int, types: list[str]
) -> tuple[xr.DataArray, xr.DataArray]:
    births = census.births.sel(year=year, residence=types).sum("residence") * 10
    births = births.rename(mother_age="age")
    women = census.age_residence.sel(
        region=NATION, year=year, residence=types, sex="female", age=births["age"].values
    ).sum("residence")
    return births.reset_coords(drop=True), women.reset_coords(drop=True)

"""Survival and childbearing of the city's counties from the census tables."""

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.demography.death_rates import death_rates
from qyforecast.demography.estimates import Autoregression, Fertility, Mortality
from qyforecast.demography.graduation import graduate_population
from qyforecast.demography.mortality_bracket import survivorship_between
from qyforecast.demography.lifetable import LifeTable, life_expectancy, life_table
from qyforecast.demography.mortality_level import scale_to_life_expectancy, split_life_expectancy
from qyforecast.demography.population import Population
from qyforecast.demography.reverse_survival import past_births, past_women
from qyforecast.demography.single_ages import graduate_life_table
from qyforecast.demography.survivorship import survivorship_expectancy
from qyforecast.errors import DataError

NATION = "000000"
_SEXES = ["male", "female"]


def residence_types(regions: list[str]) -> dict[tuple[str, str], list[str]]:
    """Say which residences of the national tables stand for a county's parts.

    Parameters
    ----------
    regions : list of str
        GB/T 2260 codes; those ending in 01-20 are city districts.

    Returns
    -------
    dict
        (region, residence) to city, town or rural: the urban part of a district is
        like cities and towns together, that of a county like towns.
    """
    urban = {r: ["city", "town"] if 0 < int(r[-2:]) <= 20 else ["town"] for r in regions}
    parts: dict[tuple[str, str], list[str]] = {(r, "rural"): ["rural"] for r in regions}
    return parts | {(r, "urban"): types for r, types in urban.items()}


def registration_factor(census: Census, year: int) -> xr.DataArray:
    """Find how many deaths a census missed from the nation's life expectancy.

    Parameters
    ----------
    census : Census
        National deaths and population of the year, and its published life
        expectancy with the gap between women and men.
    year : int
        Census year.

    Returns
    -------
    DataArray
        Factor on death rates, ``(sex,)``. [1]
    """
    mx, ages = _national_rates(census, year)
    wanted = published_life_expectancy(census, year)
    moved = scale_to_life_expectancy(mx, ages, _SEXES, wanted)
    return xr.DataArray(moved.factor, dims="sex", coords={"sex": _SEXES})


def raw_life_expectancy(census: Census, year: int) -> np.ndarray:
    """Life expectancy of the nation as its census deaths would have it.

    Parameters
    ----------
    census : Census
        National deaths and population.
    year : int
        Census year.

    Returns
    -------
    ndarray
        Male, female. [year]
    """
    mx, ages = _national_rates(census, year)
    return life_expectancy(mx, ages, _SEXES)


def published_life_expectancy(census: Census, year: int) -> np.ndarray:
    """Published life expectancy of the nation's men and women.

    Parameters
    ----------
    census : Census
        Published values by sex, or of both sexes with the last known gap.
    year : int
        Year wanted.

    Returns
    -------
    ndarray
        Male, female. [year]

    Raises
    ------
    DataError
        If neither is there.
    """
    rows = _national(census.life_expectancy)
    now = rows[rows["year"] == year].groupby("sex")["e0"].first()
    if {"male", "female"} <= set(now.index):
        return now[_SEXES].to_numpy(float)
    gaps = rows[(rows["sex"] == "gap") & (rows["year"] <= year)].sort_values("year")
    if "both" not in now.index or gaps.empty:
        raise DataError(
            f"no published life expectancy of {year} by sex, nor of both sexes with a gap",
            where="life_expectancy",
            cure="add a row of sex both, and one of sex gap (female less male)",
        )
    return split_life_expectancy(now["both"], float(gaps["e0"].iloc[-1]), sex_ratio_at_birth=1.11)


def estimate_mortality(
    census: Census, population: Population, assumed: Assumptions, years: range
) -> Mortality:
    """Estimate survival by residence from the province's census deaths.

    Death rates of the province by residence, sex and age are multiplied by the
    nation's registration factor, made into life tables, graduated to single
    ages and moved to two life expectancies; a draw lies between the two. Life
    expectancy gains what the UN median of China gains.

    Parameters
    ----------
    census : Census
        Deaths and population by residence of the province and the nation.
    population : Population
        Base year's residents, who weight the mean life expectancy.
    assumed : Assumptions
        Spread of life expectancy.
    years : range
        Years to give the median gain for.

    Returns
    -------
    Mortality
        Survival at two levels, and the median path.
    """
    tables = area_life_tables(census, population)
    bracket = survivorship_between(
        tables.mx, tables.ages, np.broadcast_to(_SEXES, tables.mx.shape[:-1]), assumed.e0_gains
    )
    like = population.persons
    place = {k: c for k, c in like.coords.items() if set(c.dims) <= {"area"}}
    coords = {**place, "sex": _SEXES, "level": ["low", "high"]}
    levels = [bracket.low, bracket.high]
    weights = np.linspace(0.0, 1.0, 201)
    reached = survivorship_expectancy(bracket.between(weights[:, None, None]))
    people = like.sel(sex=_SEXES).sum("age").transpose("area", "sex").values
    mean = (reached * people).sum((1, 2)) / people.sum()
    base = (tables.ex[..., 0] * people).sum() / people.sum()
    return Mortality(
        survivorship=xr.DataArray(
            np.stack([s.persons for s in levels]), dims=("level", "area", "sex", "age"),
            coords={**coords, "age": tables.ages},
        ),
        birth_survivorship=xr.DataArray(
            np.stack([s.births for s in levels]), dims=("level", "area", "sex"), coords=coords
        ),
        gain_at=xr.DataArray(mean - base, dims="level_weight", coords={"level_weight": weights}),
        median_gain=_median_gain(census, population.year, years),
        level_sd=assumed.e0_sd,
        yearly_sd=assumed.e0_yearly_sd,
    )  # fmt: skip


def area_life_tables(census: Census, population: Population) -> LifeTable:
    """Life tables of every area by sex, single ages, in the base year.

    Parameters
    ----------
    census : Census
        Deaths and population of the province by residence.
    population : Population
        Its areas and year.

    Returns
    -------
    LifeTable
        ``(area, sex, age)``.
    """
    province, year = census.city[:2] + "0000", population.year
    factor = registration_factor(census, year).sel(sex=_SEXES).values
    like = population.persons
    regions = list(dict.fromkeys(like["region"].values.tolist()))
    types = residence_types(regions)
    rates = []
    for region, residence in zip(like["region"].values, like["residence"].values, strict=True):
        parts = types[str(region), str(residence)]
        died, lived = (_counts(table, province, year, parts) for table in
                       (census.deaths, census.age_residence))  # fmt: skip
        ages = census.deaths["age"].values
        rates.append(death_rates(died, lived, ages) * factor[:, None])
    mx = np.stack(rates)
    return graduate_life_table(life_table(mx, ages, np.broadcast_to(_SEXES, mx.shape[:-1])))


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
    whole = found.sum() / expected.sum()
    city = found.sel(ago=0).sum("region") / expected.sel(ago=0).sum("region")
    level = (county / whole * city).sel(region=population.persons["region"]).drop_vars("region")
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
    weight = float(np.interp(0, mortality.gain_at.values, mortality.gain_at["level_weight"].values))
    live, newborn = (
        (1 - weight) * table.sel(level="low", drop=True) + weight * table.sel(level="high", drop=True)
        for table in (mortality.survivorship, mortality.birth_survivorship)
    )  # fmt: skip
    children = persons.sel(age=list(ago))
    found = past_births(children, live, newborn).sum("sex")
    women = persons.sel(sex="female", drop=True)
    alive = live.sel(sex="female", drop=True)
    ages = rates["age"].values[(rates > 0).any("area").values]
    stocks = [past_women(women, alive, ago=k).sel(age=ages) for k in range(ago.stop + 1)]
    made = [(rates.sel(age=ages) * (stocks[k] + stocks[k + 1]) / 2).sum("age") for k in ago]
    expected = xr.concat(made, dim=pd.Index(list(ago), name="ago"), join="exact")
    region = persons["region"]
    return tuple(t.assign_coords(region=region).groupby("region").sum() for t in (found, expected))


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
        rates = (5 * births / women).reindex(age=groups, fill_value=0.0)
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


def _national_rates(census: Census, year: int) -> tuple[np.ndarray, np.ndarray]:
    parts = ["city", "town", "rural"]
    died, lived = (
        _counts(table, NATION, year, parts) for table in (census.deaths, census.age_residence)
    )
    ages = census.deaths["age"].values
    return death_rates(died, lived, ages), ages


def _counts(table: xr.DataArray, region: str, year: int, parts: list[str]) -> np.ndarray:
    chosen = table.sel(region=region, year=year, residence=parts, sex=_SEXES)
    return chosen.sum("residence").transpose("sex", "age").values.astype(float)


def _national(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["region_code"] == NATION]


def _median_gain(census: Census, base_year: int, years: range) -> xr.DataArray:
    """Gain of the UN median since the base year, mean of the sexes."""
    rows = un_median(census)
    both = rows.groupby("year")["e0"].mean().sort_index()
    at = np.interp([base_year, *years], both.index.to_numpy(float), both.to_numpy(float))
    return xr.DataArray(at[1:] - at[0], dims="year", coords={"year": list(years)})


def un_median(census: Census) -> pd.DataFrame:
    """UN median life expectancy of China by sex, at the middle of each period.

    Parameters
    ----------
    census : Census
        Published life expectancies.

    Returns
    -------
    DataFrame
        ``year`` (middle of the period), ``sex``, ``e0``.

    Raises
    ------
    DataError
        If there are none.
    """
    rows = _national(census.life_expectancy)
    rows = rows[rows["source"].str.contains("wpp", case=False) & rows["sex"].isin(_SEXES)]
    if rows.empty:
        raise DataError("no UN median of life expectancy", where="life_expectancy")
    return rows.assign(year=rows["year"] + 0.0)

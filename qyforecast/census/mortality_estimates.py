"""Survival in the city's counties from the census tables."""

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.demography.death_rates import death_rates
from qyforecast.demography.estimates import Mortality
from qyforecast.demography.lifetable import LifeTable, life_expectancy, life_table
from qyforecast.demography.mortality_bracket import survivorship_between
from qyforecast.demography.mortality_level import scale_to_life_expectancy, split_life_expectancy
from qyforecast.demography.population import Population
from qyforecast.demography.single_ages import graduate_life_table
from qyforecast.demography.survivorship import survivorship_expectancy
from qyforecast.errors import DataError

NATION = "000000"
_SEXES = ["male", "female"]
_PARTS = ["city", "town", "rural"]


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


def registration_factor(census: Census, year: int, deaths_weight: float = 0.0) -> xr.DataArray:
    """Find by how much a census missed deaths, from what the nation published.

    Two published figures speak, and disagree: life expectancy asks for more
    deaths than the published death rate has. The factor lies between, on the
    log scale.

    Parameters
    ----------
    census : Census
        National deaths and population of the year, published life expectancy
        and death rate.
    year : int
        Census year.
    deaths_weight : float
        Weight of the published death rate; 0 meets life expectancy exactly.

    Returns
    -------
    DataArray
        Factor on death rates, ``(sex,)``. [1]
    """
    mx, ages = _national_rates(census, year)
    by_e0 = scale_to_life_expectancy(
        mx, ages, _SEXES, published_life_expectancy(census, year)
    ).factor
    factor = np.log(by_e0)
    if deaths_weight:
        lived = _counts(census.age_residence, NATION, year, _PARTS)
        by_rate = published_death_rate(census, year) * lived.sum() / (mx * lived).sum()
        factor = (1 - deaths_weight) * factor + deaths_weight * np.log(by_rate)
    return xr.DataArray(np.exp(factor), dims="sex", coords={"sex": _SEXES})


def published_death_rate(census: Census, year: int) -> float:
    """Published death rate of the nation.

    Parameters
    ----------
    census : Census
        Provincial and national yearly series.
    year : int
        Year wanted.

    Returns
    -------
    float
        Deaths per resident and year.

    Raises
    ------
    DataError
        If there is none.
    """
    rows = census.provinces
    rows = rows[(rows["region_code"] == NATION) & (rows["variable"] == "death_rate")]
    rows = rows[rows["year"] == year]
    if rows.empty:
        raise DataError(f"no published death rate of the nation in {year}", where="provinces")
    return float(rows["value"].iloc[0])


def national_life_expectancy(census: Census, year: int, deaths_weight: float | None) -> np.ndarray:
    """Life expectancy of the nation by its census deaths.

    Parameters
    ----------
    census : Census
        National deaths and population.
    year : int
        Census year.
    deaths_weight : float or None
        How deaths are scaled, see `registration_factor`; None takes them as counted.

    Returns
    -------
    ndarray
        Male, female. [year]
    """
    mx, ages = _national_rates(census, year)
    if deaths_weight is not None:
        factor = registration_factor(census, year, deaths_weight).sel(sex=_SEXES).values
        mx = mx * factor[:, None]
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
    tables = area_life_tables(census, population, assumed.deaths_weight)
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


def area_life_tables(
    census: Census, population: Population, deaths_weight: float = 0.0
) -> LifeTable:
    """Life tables of every area by sex, single ages, in the base year.

    Parameters
    ----------
    census : Census
        Deaths and population of the province by residence.
    population : Population
        Its areas and year.
    deaths_weight : float
        See `registration_factor`.

    Returns
    -------
    LifeTable
        ``(area, sex, age)``.
    """
    province, year = census.city[:2] + "0000", population.year
    factor = registration_factor(census, year, deaths_weight).sel(sex=_SEXES).values
    ages = census.deaths["age"].values
    like = population.persons
    regions = list(dict.fromkeys(like["region"].values.tolist()))
    types = residence_types(regions)
    rates = []
    for region, residence in zip(like["region"].values, like["residence"].values, strict=True):
        parts = types[str(region), str(residence)]
        died, lived = (_counts(table, province, year, parts) for table in
                       (census.deaths, census.age_residence))  # fmt: skip
        rates.append(death_rates(died, lived, ages) * factor[:, None])
    mx = np.stack(rates)
    return graduate_life_table(life_table(mx, ages, np.broadcast_to(_SEXES, mx.shape[:-1])))


def _national_rates(census: Census, year: int) -> tuple[np.ndarray, np.ndarray]:
    died, lived = (
        _counts(table, NATION, year, _PARTS) for table in (census.deaths, census.age_residence)
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

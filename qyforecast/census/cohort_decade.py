"""Cohorts of every county between two censuses, and who came or left."""

from dataclasses import dataclass

import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.mortality_estimates import NATION, registration_factor
from qyforecast.demography.death_rates import death_rates
from qyforecast.demography.estimates import Mortality
from qyforecast.demography.graduation import graduate_population, group_ages
from qyforecast.demography.lifetable import life_table
from qyforecast.demography.net_rates import coverage_correction, survive
from qyforecast.demography.population import Population
from qyforecast.demography.residual import net_migration, young_children
from qyforecast.demography.single_ages import graduate_life_table
from qyforecast.demography.survivorship import one_year_survivorship
from qyforecast.vocabulary import SEXES

_PARTS = ["city", "town", "rural"]
_GROUPS = tuple(range(0, 90, 5))


@dataclass(frozen=True)
class Decade:
    """What happened to the cohorts of every county between two censuses.

    Attributes
    ----------
    before, after : DataArray
        Residents at both censuses, ``(region, sex, age)``, single ages; the first
        corrected for those it missed. [person]
    survivorship : DataArray
        Share living a year longer, same dimensions. [1]
    residual : DataArray
        Surviving net migrants by five-year age group at the second census,
        ``(region, sex, age)``. [person]
    missed : float
        Children under ten of the city whom the first census is taken to have missed.
        [person]
    years : int
        Years between the censuses.
    """

    before: xr.DataArray
    after: xr.DataArray
    survivorship: xr.DataArray
    residual: xr.DataArray
    missed: float
    years: int


def cohort_decade(
    census: Census, populations: list[Population], mortality: Mortality, assumed: Assumptions
) -> Decade:
    """Survive the cohorts of the first census to the second.

    What the first census missed, children above all, is taken from the nation,
    which is closed: a cohort that grew there without migrants was under-counted
    alike in the city. Of the children born in between a judged share is taken to
    have moved with their mothers.

    Parameters
    ----------
    census : Census
        National populations and deaths by residence.
    populations : list of Population
        Residents at the two censuses, same areas.
    mortality : Mortality
        Survival of every area.
    assumed : Assumptions
        How deaths are scaled, and the share of children who move with mothers.

    Returns
    -------
    Decade
        Cohorts and their residual.
    """
    counted = [p.persons.groupby("region").sum("area") for p in populations]
    live = _county_survival(populations[1], mortality)
    return survive_cohorts(census, counted, live, [p.year for p in populations], assumed)


def survive_cohorts(
    census: Census,
    counted: list[xr.DataArray],
    live: xr.DataArray,
    years_of: list[int],
    assumed: Assumptions,
) -> Decade:
    """Survive the cohorts of regions, whatever regions they are.

    Parameters
    ----------
    census : Census
        National populations and deaths by residence.
    counted : list of DataArray
        Residents at the two censuses, ``(region, sex, age)``, single ages. [person]
    live : DataArray
        Share living a year longer, same dimensions. [1]
    years_of : list of int
        Years of the two censuses.
    assumed : Assumptions
        As `cohort_decade`.

    Returns
    -------
    Decade
        Cohorts and their residual.
    """
    first, second = counted
    years = years_of[1] - years_of[0]
    nation = [_nation(census, year) for year in years_of]
    alive = national_survival(census, years_of[1], assumed.deaths_weight)
    missed = coverage_correction(nation[0], nation[1], alive, years=years)
    before = first * missed
    survivors = group_ages(survive(before, live, years), _GROUPS[years // 5 :])
    found = group_ages(second, _GROUPS)
    ones = xr.ones_like(survivors)
    moved = net_migration(survivors, found.sel(age=survivors["age"]), ones, method="forward")
    # Many children stay with grandparents: the cohort of 0-4 in 2010 lost hardly anybody.
    children = assumed.children_share * young_children(moved, found)
    residual = xr.concat([children, moved], dim="age", join="exact")
    return Decade(
        before=before,
        after=second,
        survivorship=live,
        residual=residual.transpose(*found.dims),
        missed=float((before - first).sel(age=slice(0, 9)).sum()),
        years=years,
    )


def national_survival(census: Census, year: int, deaths_weight: float | None = 0.0) -> xr.DataArray:
    """Survivorship of the nation by its census deaths.

    Parameters
    ----------
    census : Census
        National deaths, population and life expectancy.
    year : int
        Census year.
    deaths_weight : float or None
        How deaths are scaled, see `registration_factor`; None takes them as counted.

    Returns
    -------
    DataArray
        ``(sex, age)``, single ages. [1]
    """
    ages = census.deaths["age"].values
    died, lived = (
        table.sel(region=NATION, year=year, residence=_PARTS, sex=list(SEXES))
        .sum("residence").transpose("sex", "age").values
        for table in (census.deaths, census.age_residence)
    )  # fmt: skip
    mx = death_rates(died, lived, ages)
    if deaths_weight is not None:
        factor = registration_factor(census, year, deaths_weight).sel(sex=list(SEXES))
        mx = mx * factor.values[:, None]
    table = graduate_life_table(life_table(mx, ages, list(SEXES)))
    return xr.DataArray(
        one_year_survivorship(table).persons, dims=("sex", "age"),
        coords={"sex": list(SEXES), "age": table.ages},
    )  # fmt: skip


def _county_survival(population: Population, mortality: Mortality) -> xr.DataArray:
    """Survival of counties in the base year, their residences weighted by residents."""
    live = mortality.in_base_year(mortality.survivorship)
    persons = population.persons
    county = persons.groupby("region").sum("area")
    plain = live.groupby("region").mean("area")
    mixed = (persons * live).groupby("region").sum("area") / county.where(county > 0, 1.0)
    return mixed.where(county > 0, plain).transpose(*county.dims)


def _nation(census: Census, year: int) -> xr.DataArray:
    table = census.age_residence.sel(region=NATION, year=year, residence=_PARTS, sex=list(SEXES))
    return graduate_population(table.sum("residence").reset_coords(drop=True))

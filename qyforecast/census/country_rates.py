"""Rates of every place of a country: the nation's schedules, each place's own level and cohorts."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.cohort_decade import survive_cohorts
from qyforecast.census.country_files import NATION, Country
from qyforecast.census.country_rows import AGES
from qyforecast.census.estimates import known_fertility
from qyforecast.census.fertility_estimates import children_and_expected, estimate_fertility
from qyforecast.census.mortality_estimates import estimate_mortality
from qyforecast.census.move_estimates import return_rate
from qyforecast.census.panel_tables import STABLE
from qyforecast.census.pyramids import residents_by_age
from qyforecast.census.town_moves import moving_propensity
from qyforecast.demography.central_path import run_central_path
from qyforecast.demography.estimates import (
    Autoregression,
    BaseRates,
    ExternalMigration,
    InternalMobility,
)
from qyforecast.demography.graduation import graduate_population
from qyforecast.demography.net_rates import net_rates
from qyforecast.demography.population import Population, area_coordinates
from qyforecast.vocabulary import CENSUS_AGES, RESIDENCES, SEXES

#: Stand for all districts (whose towns are like cities) and all counties of the nation.
KINDS = ("000001", "000021")
#: With fewer births in five years than this, children say little about a place's fertility.
FEWEST_BIRTHS = 200.0
#: Fertility of a place over that of its kind beyond this either way is a place of its own sort.
WIDEST = 3.0


@dataclass(frozen=True)
class CountryRates:
    """What is known of the people of every place; N places, K kinds, A single ages.

    Attributes
    ----------
    base : BaseRates
        The nation as two regions, `KINDS`, in town and village: its schedules and courses.
    kind : ndarray of int
        Place of each place's kind in `KINDS`, ``(N,)``.
    persons : ndarray
        Residents, ``(N, residence, sex, age)``, urban first. [person]
    fertility : ndarray
        Level of fertility over that of the kind, ``(N,)``. [1]
    net : ndarray
        Arrivals less departures per resident, ``(N, sex, age)``. [1 / year]
    growth : DataArray
        People of the nation over those of the base year, ``(year, sex, age)``. [1]
    moving, returning : DataArray
        Sexes and ages of movers from village to town and back, ``(sex, age)``.
    substitutions : DataFrame
        ``region_code, rate, instead``.
    """

    base: BaseRates
    kind: np.ndarray
    persons: np.ndarray
    fertility: np.ndarray
    net: np.ndarray
    growth: xr.DataArray
    moving: xr.DataArray
    returning: xr.DataArray
    substitutions: pd.DataFrame


def estimate_country(
    census: Census, country: Country, *, as_of: int, to: int, assumed: Assumptions | None = None
) -> CountryRates:
    """Estimate the rates of every place.

    Survival is the nation's by residence and sex (towns of districts as its cities and towns
    together, towns of counties as its towns), adjusted for missed deaths. Childbearing is the
    nation's by residence and age at a level that makes the place's children aged 0-4. Net
    migration is what cohorts between the two censuses leave unexplained; a place without two
    comparable censuses has its province's.

    Parameters
    ----------
    census : Census
        National deaths, births and people by residence; yearly series.
    country : Country
        Places.
    as_of : int
        Only figures published by the end of this year are used.
    to : int
        Last year wanted.
    assumed : Assumptions, optional
        Judged numbers.

    Returns
    -------
    CountryRates
        Rates at the last census.

    Raises
    ------
    DataError
        If a table that a rate needs is missing, or pyramids cannot be split.
    """
    assumed = assumed or Assumptions()
    nation = replace(census, city=NATION)
    persons = _residents(census, country)
    kind = np.array([0 if code[4:].isdigit() and 0 < int(code[4:]) <= 20 else 1
                     for code in country.places.index])  # fmt: skip
    population = _of_kinds(persons, kind, country.years[1])
    ages = population.persons["age"].values
    base = _base(nation, population, (as_of, to), assumed)
    own, poor = _own_fertility(persons, kind, base, country)
    net, lent = _net(census, country, persons, base, kind, assumed)
    told = [(code, "fertility", "the kind's level: few or strange children") for code in poor]
    told += [(code, "net migration", "its province's cohorts") for code in lent]
    places = country.places
    told += [(code, "employment", "its province's mean") for code in
             places.index[places["primary"].isna()]]  # fmt: skip
    return CountryRates(
        base, kind, persons.values, own, net, _growth(base, to), moving_propensity(nation, ages),
        return_rate(ages, assumed),
        pd.DataFrame(told, columns=pd.Index(["region_code", "rate", "instead"])),
    )  # fmt: skip


def _pyramids(country: Country, year: int, codes: list[str]) -> xr.DataArray:
    values = country.pyramids[year].loc[codes, AGES].to_numpy(float)
    coords = {"region": codes, "sex": list(SEXES), "age": list(CENSUS_AGES)}
    shape = (len(codes), len(SEXES), len(CENSUS_AGES))
    return xr.DataArray(values.reshape(shape), coords, ("region", "sex", "age"))


def _residents(census: Census, country: Country) -> xr.DataArray:
    """Single ages by residence of every place, raked from the nation's table."""
    places, year = country.places, country.years[1]
    codes = places.index.tolist()
    urban = places["urban"].to_numpy(float)
    residence = xr.DataArray(
        np.stack([urban, places["population"].to_numpy(float) - urban], axis=1),
        {"region": codes, "residence": list(RESIDENCES)},
        ("region", "residence"),
    )
    table = census.age_residence.sel(region=NATION, year=year, drop=True)
    single = residents_by_age(_pyramids(country, year, codes), residence, table)
    return single.transpose("region", "residence", "sex", "age").sel(
        residence=list(RESIDENCES), sex=list(SEXES)
    )


def _of_kinds(persons: xr.DataArray, kind: np.ndarray, year: int) -> Population:
    sums = np.stack([persons.values[kind == k].sum(0) for k in range(len(KINDS))])
    coords = area_coordinates(list(KINDS), RESIDENCES)
    return Population(
        xr.DataArray(
            sums.reshape(-1, *sums.shape[2:]),
            {**coords, "sex": list(SEXES), "age": persons["age"].values},
            ("area", "sex", "age"),
        ),
        year,
    )


def _base(
    nation: Census, population: Population, span: tuple[int, int], assumed: Assumptions
) -> BaseRates:
    """The nation's schedules and courses; it is taken to be closed."""
    as_of, to = span
    years = range(population.year - 10, to + 1)
    mortality = estimate_mortality(nation, population, assumed, years)
    nobody = xr.zeros_like(population.persons)
    closed = ExternalMigration(
        nobody, nobody, xr.DataArray(np.empty(0), {"year": np.empty(0, int)}, ("year",)),
        0.0, Autoregression(0.0, 0.0, 0.0, 0.0), 0.0,
    )  # fmt: skip
    pull = xr.DataArray(np.full(2, 0.5), {"region": list(KINDS)}, ("region",))
    flat = xr.zeros_like(population.persons.isel(area=0, drop=True))
    still = InternalMobility(nobody, pull, flat, flat, flat, 0.0, 0.0)
    fertility = replace(estimate_fertility(nation, population, mortality, assumed), county_sd=0.0)
    base = BaseRates(as_of, population, mortality, fertility, closed, still)
    return replace(base, fertility=replace(fertility, known=known_fertility(nation, base)))


def _own_fertility(
    persons: xr.DataArray, kind: np.ndarray, base: BaseRates, country: Country
) -> tuple[np.ndarray, list[str]]:
    """Level, over the nation's, that makes a place's children; 1 where they say little."""
    codes = country.places.index
    found, expected = np.empty(len(codes)), np.empty(len(codes))
    areas = base.population.persons.coords
    for first in range(0, len(codes), 64):
        some = slice(first, first + 64)
        at = (2 * kind[some, None] + np.arange(2)).ravel()
        names = area_coordinates(codes[some].tolist(), RESIDENCES)
        values = persons.values[some]
        people = xr.DataArray(
            values.reshape(-1, *values.shape[2:]),
            {**names, "sex": areas["sex"].values, "age": areas["age"].values},
            ("area", "sex", "age"),
        )
        live = {
            name: getattr(base.mortality, name).isel(area=at).assign_coords(names)
            for name in ("survivorship", "birth_survivorship")
        }
        rates = base.fertility.rates.isel(area=at).assign_coords(names)
        pair = children_and_expected(
            Population(people, country.years[1]), replace(base.mortality, **live), rates, range(5)
        )
        found[some], expected[some] = (
            one.sum("ago").sel(region=codes[some].tolist()).values for one in pair
        )
    # Five years' children would bring back the higher fertility of those years for all.
    level = found / np.where(expected > 0, expected, 1.0) / (found.sum() / expected.sum())
    poor = (expected < FEWEST_BIRTHS) | ~((level > 1 / WIDEST) & (level < WIDEST))
    return np.where(poor, 1.0, level), codes[poor].tolist()


def _net(
    census: Census,
    country: Country,
    persons: xr.DataArray,
    base: BaseRates,
    kind: np.ndarray,
    assumed: Assumptions,
) -> tuple[np.ndarray, list[str]]:
    """Net rates by sex and age of every place, and who has those of the province."""
    places, before = country.places, country.before
    growth = (places["population"] / before["population"]).reindex(places.index)
    own = growth.between(*STABLE, inclusive="neither").to_numpy()
    codes = places.index[own].tolist()
    provinces = country.provinces.index.tolist()
    live = _survival(persons.values, base, kind)
    of_province = places["province"].to_numpy()
    wholes = [persons.values[of_province == code].sum((0, 1)) for code in provinces]
    lives = [_weighted(live, persons.values, of_province == code) for code in provinces]
    labels = {"region": codes + provinces, "sex": list(SEXES), "age": persons["age"].values}
    after = np.concatenate([persons.values[own].sum(1), wholes])
    alive = np.concatenate([_weighted_each(live[own], persons.values[own]), lives])
    first = _pyramids(country, country.years[0], codes + provinces)
    dims = ("region", "sex", "age")
    standard = census.age_residence.sel(
        region=NATION, year=country.years[0], residence=["city", "town", "rural"], sex=list(SEXES)
    ).sum("residence").reset_coords(drop=True).transpose("sex", "age")  # fmt: skip
    counted = [graduate_population(first, standard), xr.DataArray(after, labels, dims)]
    decade = survive_cohorts(
        census, counted, xr.DataArray(alive, labels, dims), list(country.years), assumed
    )
    rates = net_rates(decade.before, decade.after, decade.survivorship, decade.residual)
    rates = rates.transpose(*dims)
    source = np.where(own, places.index, of_province)
    lent = places.index[~own].tolist()
    return rates.sel(region=source.tolist()).values, lent


def _survival(persons: np.ndarray, base: BaseRates, kind: np.ndarray) -> np.ndarray:
    live = base.mortality.in_base_year(base.mortality.survivorship).values
    return live.reshape(len(KINDS), len(RESIDENCES), *live.shape[1:])[kind]


def _weighted_each(live: np.ndarray, persons: np.ndarray) -> np.ndarray:
    """Survival of places, town and village weighted by residents; their mean where none is."""
    whole = persons.sum(1)
    mean = (live * persons).sum(1) / np.where(whole > 0, whole, 1.0)
    return np.where(whole > 0, mean, live.mean(1))


def _weighted(live: np.ndarray, persons: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    people = persons[chosen]
    flat = [x.reshape(1, -1, *x.shape[2:]) for x in (live[chosen], people)]
    return _weighted_each(flat[0], flat[1])[0]


def _growth(base: BaseRates, to: int) -> xr.DataArray:
    """People of the nation by sex and age over those of the base year, on the central path."""
    years = list(range(base.population.year + 1, to + 1))
    level = base.mortality.weight_of(base.mortality.median_gain.sel(year=years))
    course = base.fertility.course
    ones = xr.DataArray(np.full(len(years), np.exp(course.level)), {"year": years}, ("year",))
    path = run_central_path(base, level, ones)
    return path.ages / base.population.persons.sum("area")

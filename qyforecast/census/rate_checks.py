"""Estimated rates beside what was published of births, deaths and length of life."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.fertility_estimates import children_and_expected
from qyforecast.census.mortality_estimates import (
    NATION,
    national_life_expectancy,
    published_life_expectancy,
)
from qyforecast.demography.central_path import run_central_path
from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.population import Population
from qyforecast.demography.rate_evidence import RateCheck
from qyforecast.vocabulary import SEXES

_PROVINCE = "the province's figure; the city has none of its own"
_UNREGISTERED = "censuses count too few deaths; the estimate is scaled up for it"


def compare(
    census: Census, populations: list[Population], base: BaseRates, assumed: Assumptions
) -> tuple[RateCheck, ...]:
    """Put the estimates beside published figures.

    Parameters
    ----------
    census : Census
        Published rates; those published after the estimates' year of knowledge too,
        since nothing is made from a check.
    populations : list of Population
        Residents at the censuses.
    base : BaseRates
        The estimates.
    assumed : Assumptions
        Judged numbers.

    Returns
    -------
    tuple of RateCheck
        Life expectancy; births and deaths of the census years, of years between and
        after.
    """
    return (
        *_life_expectancies(census, base.population.year, assumed),
        *(check for people in populations for check in _births(census, people, base)),
        *_births_made(base),
        *_births_between(census, populations, base),
        *_deaths(census, populations, base),
        *_later_years(census, base),
    )


def _life_expectancies(census: Census, year: int, assumed: Assumptions) -> Iterator[RateCheck]:
    wanted = published_life_expectancy(census, year)
    counted = national_life_expectancy(census, year, None)
    scaled = national_life_expectancy(census, year, assumed.deaths_weight)
    for i, sex in enumerate(SEXES):
        yield RateCheck(
            f"life expectancy of census deaths as counted, {sex}", NATION, year,
            float(counted[i]), float(wanted[i]), "year", "National Health Commission", 0.02,
            "deaths are under-registered: hence the registration factor",
        )  # fmt: skip
        yield RateCheck(
            f"life expectancy with the registration factor, {sex}", NATION, year,
            float(scaled[i]), float(wanted[i]), "year", "National Health Commission", 0.02,
            "half way to the factor that the published death rate asks for",
        )  # fmt: skip


def _births(census: Census, population: Population, base: BaseRates) -> Iterator[RateCheck]:
    found, _ = children_and_expected(population, base.mortality, base.fertility.rates, range(1))
    residents = population.persons.groupby("region").sum(...)
    for region, rate in _published(census, "birth_rate", population.year):
        inside = _inside(census, region)
        births = float(found.sel(region=inside).sum())
        yield RateCheck(
            "birth rate from children aged 0", region, population.year,
            1000 * births / float(residents.sel(region=inside).sum()), 1000 * rate, "per mille",
            "census tables", 0.1,
            "infants are counted where they live, births where the mother is registered",
        )  # fmt: skip


def _births_made(base: BaseRates) -> Iterator[RateCheck]:
    """The rates' births against the children of the year; only the city's sum is fitted."""
    found, made = children_and_expected(
        base.population, base.mortality, base.fertility.rates, range(1)
    )
    for region in found["region"].values:
        yield RateCheck(
            "births the rates make, against children aged 0", str(region), base.population.year,
            float(made.sel(region=region).sum()), float(found.sel(region=region).sum()), "person",
            "census tables", 0.1, "a county's level rests on its children aged 0-4",
        )  # fmt: skip


def _births_between(
    census: Census, populations: list[Population], base: BaseRates
) -> Iterator[RateCheck]:
    last = populations[-1]
    found, _ = children_and_expected(last, base.mortality, base.fertility.rates, range(10))
    ends = [p.persons.groupby("region").sum(...) for p in populations]
    for year in range(last.year - 9, last.year):
        weight = (year - populations[0].year) / (last.year - populations[0].year)
        residents = (1 - weight) * ends[0] + weight * ends[1]
        for region, rate in _published(census, "birth_rate", year):
            inside = _inside(census, region)
            births = float(found.sel(region=inside, ago=last.year - year).sum())
            yield RateCheck(
                "birth rate from children found in the next census", region, year,
                1000 * births / float(residents.sel(region=inside).sum()), 1000 * rate,
                "per mille", "county bulletin", 0.1,
                "published on residents before the census revision, who were more or fewer",
            )  # fmt: skip


def _deaths(census: Census, populations: list[Population], base: BaseRates) -> Iterator[RateCheck]:
    first, last = populations
    for year in range(first.year, last.year + 6):
        people = first if year == first.year else last
        gain = base.mortality.median_gain.sel(year=max(year, first.year + 1))
        died = people.persons * (1 - _survivorship(base, gain))
        for region, rate in _published(census, "death_rate", year):
            chosen = people.persons["region"].isin(_inside(census, region))
            value = float(died.where(chosen, 0).sum() / people.persons.where(chosen, 0).sum())
            counted = year == first.year
            yield RateCheck(
                "death rate at the nearer census's ages", region, year, 1000 * value,
                1000 * rate, "per mille", "census tables" if counted else "county bulletin", 0.1,
                _UNREGISTERED if counted else "survival is the province's; a bulletin is a survey",
            )  # fmt: skip


def _later_years(census: Census, base: BaseRates) -> Iterator[RateCheck]:
    """Rates of the central path beside the province's."""
    year, province = base.population.year, census.city[:2] + "0000"
    rows = census.provinces[census.provinces["region_code"] == province]
    rows = rows[(rows["year"] > year) & rows["variable"].isin(["birth_rate", "death_rate"])]
    if rows.empty:
        return
    years = list(range(year + 1, int(rows["year"].max()) + 1))
    known = base.fertility.known.reindex(year=years, method="ffill")
    scale = known.copy(data=np.exp(known.values))
    level = base.mortality.weight_of(base.mortality.median_gain.sel(year=years))
    path = run_central_path(base, level, scale)
    ends = np.concatenate([[base.population.total], path.residents.sum("area").values])
    lived = (ends[1:] + ends[:-1]) / 2
    made = {
        "birth_rate": path.births * scale / lived,
        "death_rate": ((1 - level) * path.deaths_low + level * path.deaths_high) / lived,
    }
    fitted = base.fertility.known["year"].values
    for row in rows.sort_values(["variable", "year"]).to_dict("records"):
        then, variable = int(row["year"]), str(row["variable"])
        used = variable == "birth_rate" and then in fitted
        yield RateCheck(
            f"{variable.replace('_', ' ')} of the central path, against the province's"
            + " (whose changes are fitted)" * used,
            census.city, then, 1000 * float(made[variable].sel(year=then)),
            1000 * float(row["value"]), "per mille", f"provincial bulletin ({row['source']})", 0.1,
            _PROVINCE,
        )  # fmt: skip


def _survivorship(base: BaseRates, gain: xr.DataArray) -> xr.DataArray:
    weight = base.mortality.weight_of(gain)
    low, high = (base.mortality.survivorship.sel(level=k, drop=True) for k in ("low", "high"))
    return (1 - weight) * low + weight * high


def _inside(census: Census, region: str) -> list[str]:
    return list(census.regions) if region == census.city else [region]


def _published(census: Census, variable: str, year: int) -> list[tuple[str, float]]:
    rows = census.series
    rows = rows[(rows["variable"] == variable) & (rows["year"] == year)]
    return [(str(k), float(v)) for k, v in zip(rows["region_code"], rows["value"], strict=True)]


def checks_table(checks: tuple[RateCheck, ...]) -> pd.DataFrame:
    """Lay out estimates beside published figures.

    Parameters
    ----------
    checks : tuple of RateCheck
        `BaseRates.checks`.

    Returns
    -------
    DataFrame
        ``what, place, year, estimated, published, ratio, unit, verdict, source``.
    """
    return pd.DataFrame(
        [(c.what, c.place, c.year, c.estimated, c.published, c.estimated / c.published, c.unit,
          c.verdict, c.source) for c in checks],
        columns=["what", "place", "year", "estimated", "published", "ratio", "unit", "verdict",
                 "source"],
    )  # fmt: skip

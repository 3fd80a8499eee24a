"""A toy city of two counties, projected with forty draws, told as a forecast's runs."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.decide.targets import Target
from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Migration, Mobility, Rates, Vital
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.forecast import Run, city_and_counties
from qyforecast.projection.project import project
from qyforecast.scenario.scenario import Scenario

CITY, COUNTIES = "621000", ["621002", "621021"]
DRAWS, YEARS, AGES = 40, [2021, 2022, 2023], list(range(91))
AREAS = area_coordinates(COUNTIES, ("urban", "rural"))
SEXES = ["male", "female"]


def by_age(level: float, slope: float = 0.0) -> xr.DataArray:
    """One schedule for all areas and both sexes, linear in age."""
    schedule = level + slope * np.arange(len(AGES))
    shape = (len(AREAS["area"][1]), 2, len(AGES))
    coords = {**AREAS, "sex": SEXES, "age": AGES}
    return xr.DataArray(np.broadcast_to(schedule, shape).copy(), coords, ("area", "sex", "age"))


def by_draw(rng: np.random.Generator, low: float, high: float) -> xr.DataArray:
    """Numbers between bounds for every draw, year and county."""
    coords = {"draw": range(DRAWS), "year": YEARS, "region": COUNTIES}
    values = rng.uniform(low, high, (DRAWS, len(YEARS), len(COUNTIES)))
    return xr.DataArray(values, coords, ("draw", "year", "region"))


def toy_rates(rng: np.random.Generator) -> Rates:
    """Rates under which all six kinds of flow are at work."""
    fertility = by_age(0.05).sel(sex="female", drop=True)
    fertility = fertility.where(fertility["age"].isin(range(15, 50)), 0.0)
    born = by_age(0.99).sel(age=0, drop=True)
    one = by_age(0.05).isel(area=0, drop=True)
    return Rates(
        Vital(by_age(0.995, -0.002), born, fertility),
        Migration(by_age(-1.0, 0.02), arrivals_scale=by_draw(rng, 0.5, 1.5)),
        Mobility(moving_propensity=one, return_rate=one / 10),
    )


@pytest.fixture(scope="session")
def run() -> Run:
    """Give the baseline as known in 2021."""
    rng = np.random.default_rng(20)
    people = by_age(1000.0, -8.0)
    path = UrbanPath(by_draw(rng, 0.50, 0.60))
    projection = project(
        Population(people, 2020), toy_rates(rng), path, to=YEARS[-1], keep="groups"
    )
    scenario = Scenario("baseline", "What if nothing is done?", "none", None, (), ())
    return Run(scenario, 2021, projection, city_and_counties(projection, CITY))


@pytest.fixture(scope="session")
def runs(run: Run) -> list[Run]:
    """Give two scenarios as known in 2021 and in 2024."""
    other = replace(run.scenario, name="settling-in", baseline="baseline")
    return [
        replace(run, scenario=scenario, as_of=as_of)
        for as_of in (2021, 2024)
        for scenario in (run.scenario, other)
    ]


@pytest.fixture(scope="session")
def targets() -> list[Target]:
    """Give a strict target and one that says about, for the city and its counties."""
    regions = (CITY, *COUNTIES)
    return [
        *(Target("2022-at-least-55", code, 2022, 0.55) for code in regions),
        *(Target("2023-about-58", code, 2023, 0.58, "about", 0.01) for code in regions),
    ]

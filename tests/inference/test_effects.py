"""Marginal effects against the answer on paper."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.errors import DataError
from qyforecast.inference.course import Course
from qyforecast.inference.effects import marginal_effects
from qyforecast.inference.scale import level_of, share_of

KEEP, SECTORS, YEARS = 0.97, ["primary", "secondary", "tertiary"], [2020, 2021, 2022]
RESPONSE, MOVE = np.array([0.05, 0.08, 0.02, -0.03]), np.array([0.3, 0.2, 0.1, 0.0])
JOBS, MIX, NATION = np.array([0.5, 0.2, 0.3]), np.array([0.2, 0.5, 0.3]), np.array([0.4, 0.3, 0.3])
PACE, START, EMPLOYED = 0.04, 0.35, 50_000.0


def world(places: int = 1, people: float = EMPLOYED) -> tuple[Course, Drivers, xr.DataArray]:
    regions = [f"62100{i}" for i in range(1, places + 1)]
    coords = {"draw": [0, 1], "year": YEARS, "region": regions}

    def everywhere(values: np.ndarray) -> xr.DataArray:
        full = np.broadcast_to(values, (2, 3, places, 3)).copy()
        return xr.DataArray(full, {**coords, "sector": SECTORS}, (*coords, "sector"))

    nation = everywhere(NATION).isel(region=0, drop=True)
    drivers = Drivers(
        employment=everywhere(JOBS),
        value_added=everywhere(MIX),
        employed=xr.DataArray(np.full(places, people), {"region": regions}, ("region",)),
        pace=xr.zeros_like(everywhere(JOBS).isel(sector=0, drop=True)),
        base_year=2020,
        nation=xr.Dataset({"employment": nation, "value_added": nation}),
    )
    course = Course(
        start=np.full(places, level_of(START, SPEC[0])),
        keep=np.full((2, 1), KEEP),
        pace=np.full((2, 2, places), PACE),
        shocks=np.zeros((2, 2, places)),
        response=np.tile(RESPONSE, (2, 1)),
        change_response=np.tile(MOVE, (2, 1)),
    )
    weights = xr.DataArray(np.arange(1.0, places + 1), {"region": regions}, ("region",))
    return course, drivers, weights


SPEC: list = []


@pytest.fixture(autouse=True)
def _the_scale(spec) -> None:
    SPEC[:] = [spec]


def on_paper(jobs: np.ndarray, mix: np.ndarray) -> list[float]:
    """Urban shares of 2021 and 2022, written out: levels act from the year before."""

    def apart(employment: np.ndarray, value_added: np.ndarray) -> np.ndarray:
        return np.concatenate([(employment - NATION)[1:], (value_added - NATION)[1:]])

    before, after = apart(JOBS, MIX), apart(jobs, mix)
    first = KEEP * level_of(START, SPEC[0]) + PACE + before @ RESPONSE + (after - before) @ MOVE
    second = KEEP * first + PACE + after @ RESPONSE
    return [float(share_of(np.array(level), SPEC[0])) for level in (first, second)]


def effect(table, unit: str, driver: str, sector: str, region: str) -> list[float]:
    rows = table[(table["unit"] == unit) & (table["driver"] == driver)]
    rows = rows[(rows["sector"] == sector) & (rows["region"] == region)]
    return rows.sort_values("year")["median"].tolist()


def test_a_thousand_jobs_are_those_on_paper(spec) -> None:
    course, drivers, people = world()
    table = marginal_effects(course, drivers, spec, people, city="621000", years=YEARS[1:])
    jobs = (JOBS * EMPLOYED + [0, 1000, 0]) / (EMPLOYED + 1000)
    plain, moved = on_paper(JOBS, MIX), on_paper(jobs, MIX)
    expected = [100 * (b - a) for a, b in zip(plain, moved, strict=True)]
    for region in ("621001", "621000"):
        found = effect(table, "1,000 jobs", "employment", "secondary", region)
        assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("sector", [1, 2])
def test_a_point_of_value_added_is_that_on_paper(spec, sector: int) -> None:
    course, drivers, people = world()
    table = marginal_effects(course, drivers, spec, people, city="621000", years=YEARS[1:])
    small = 1e-6
    mix = MIX * (1 - MIX[sector] - small) / (1 - MIX[sector])
    mix[sector] = MIX[sector] + small
    plain, moved = on_paper(JOBS, MIX), on_paper(JOBS, mix)
    expected = [100 * (b - a) * 0.01 / small for a, b in zip(plain, moved, strict=True)]
    found = effect(table, "point of share", "value_added", SECTORS[sector], "621001")
    assert found == pytest.approx(expected, rel=1e-3)


def test_the_city_is_its_counties_by_residents(spec) -> None:
    """1,000 jobs spread over two equal counties move each by what 500 do."""
    course, drivers, people = world(places=2)
    table = marginal_effects(course, drivers, spec, people, city="621000", years=[2022])
    city = effect(table, "1,000 jobs", "employment", "tertiary", "621000")
    course, drivers, people = world(people=2 * EMPLOYED)
    alone = marginal_effects(course, drivers, spec, people, city="621000", years=[2022])
    assert city == pytest.approx(effect(alone, "1,000 jobs", "employment", "tertiary", "621001"))


def test_a_share_near_one_is_not_pushed_over(spec) -> None:
    course, drivers, people = world()
    full = drivers.employment.copy(data=np.broadcast_to([2e-5, 3e-5, 0.99995], (2, 3, 1, 3)).copy())
    tables = [
        marginal_effects(course, one, spec, people, city="621000", years=[2022])
        for one in (replace(drivers, employment=full), drivers)
    ]
    found = [effect(t, "point of share", "employment", "tertiary", "621001")[0] for t in tables]
    assert found[0] > 0
    assert found[1] > 0


def test_a_year_that_is_not_forecast_is_refused(spec) -> None:
    course, drivers, people = world()
    with pytest.raises(DataError, match="not forecast"):
        marginal_effects(course, drivers, spec, people, city="621000", years=[2035])

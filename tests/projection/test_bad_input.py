"""Bad input to a projection ends in one error that names the cell."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.population import Population
from qyforecast.demography.rates import Interventions, Rates
from qyforecast.errors import QyforecastError, RateError, UnbalancedAccount
from qyforecast.projection.project import project
from tests.projection.random_worlds import Plan, make

PLAN = Plan(seed=4, draws=2, years=3, regions=2, ages=20)
CELL = {"area": "621001-rural", "sex": "female", "age": 7}


def departing(rates: Rates) -> Rates:
    assert rates.migration is not None
    rate = xr.zeros_like(rates.migration.departure_rate)
    rate.loc[{"year": 2022, **CELL}] = 0.9
    return replace(
        rates,
        migration=replace(
            rates.migration,
            departure_rate=rate,
            departure_scale=xr.full_like(rates.migration.departure_scale, 9.0),
        ),
    )


def leaving(rates: Rates) -> Rates:
    assert rates.mobility is not None
    rate = xr.zeros_like(rates.mobility.leaving_rate)
    rate.loc[{"year": 2022, **CELL}] = 0.9
    return replace(
        rates,
        mobility=replace(
            rates.mobility,
            leaving_rate=rate,
            leaving_scale=xr.full_like(rates.mobility.leaving_scale, 2.0),
        ),
    )


@pytest.mark.parametrize("outrun", [departing, leaving])
def test_a_flow_larger_than_its_stock_names_its_cell(outrun: Callable[[Rates], Rates]):
    population, rates, path = make(PLAN)
    with pytest.raises(UnbalancedAccount) as caught:
        project(population, outrun(rates), path, to=2023)
    assert "region 621001, rural, female, age 7, year 2022, draw 0" in caught.value.where
    assert "out of" in caught.value.found


@pytest.mark.parametrize(
    "ages",
    [
        [*range(19), 25],
        [*range(19), 18],
        [0, 1, *range(5, 23)],
        list(range(1, 21)),
    ],
    ids=["gap", "overlap", "uneven", "not from 0"],
)
def test_ages_that_overlap_or_leave_gaps_are_refused(ages: list[int]):
    population, rates, path = make(PLAN)
    persons = population.persons.assign_coords(age=ages)
    with pytest.raises(RateError, match="ages begin at 0 and are equally wide"):
        project(Population(persons, 2020), rates, path, to=2023)


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.1, 1.1])
@pytest.mark.parametrize("name", ["survivorship", "birth_survivorship"])
def test_survival_outside_its_range_names_its_cell(name: str, value: float):
    _, rates, _ = make(PLAN)
    values = getattr(rates.vital, name).copy()
    cell = {key: label for key, label in CELL.items() if key in values.dims}
    values.loc[{"level": "low", "year": 2022, **cell}] = value
    with pytest.raises(QyforecastError, match=r"(?s)range.*2022.*621001-rural.*female"):
        replace(rates.vital, **{name: values})


@pytest.mark.parametrize("width", [1, 5])
@pytest.mark.parametrize("groups", [16, 17, 18])
def test_published_tables_that_end_early_are_projected(width: int, groups: int):
    """Open ages of 75, 80 and 85 in five-year groups, and of 15 to 17: the life table's door
    asks for an open age of 70, the accounts close at any."""
    plan = replace(PLAN, ages=groups, width=width)
    population, rates, path = make(plan)
    assert project(population, rates, path, to=2020 + 3 * width).imbalance() < 1e-12


def following(rates: Rates) -> Rates:
    assert rates.mobility is not None
    assert rates.interventions is not None
    assert rates.interventions.followers is not None
    only = xr.zeros_like(rates.mobility.family_propensity)
    only.loc[{"sex": "female", "age": 7}] = 1.0
    movers = 0 * rates.interventions.followers
    movers.loc[{"year": 2022, "region": "621001"}] = 50.0
    return replace(
        rates,
        mobility=replace(rates.mobility, family_propensity=only),
        interventions=Interventions(followers=movers),
    )


def test_families_follow_while_there_are_families_left():
    """However many are asked for, no more come than live there, and nearly all of them do."""
    population, rates, path = make(PLAN)
    few, many = (project(population, r, path, to=2023) for r in (rates, following(rates)))
    place = {"area": "621001-rural", "year": 2022, "sex": "female"}
    assert many.imbalance() < 1e-9
    assert (many.totals.sel(area="621001-rural") >= 0).all()
    moved = [p.flows["rural_to_urban"].sel(place) for p in (few, many)]
    assert (moved[1] != moved[0]).any()

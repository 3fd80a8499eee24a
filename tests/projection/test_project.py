"""What `project` refuses, keeps, and gives back."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.population import Population
from qyforecast.demography.rates import Interventions, Migration, Mobility, Rates, Vital
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import RateError, UnbalancedAccount
from qyforecast.projection.method import Keep
from qyforecast.projection.project import project
from tests.projection.random_worlds import Maker, Plan, make

PLAN = Plan(seed=3, draws=3, years=3, regions=2, ages=20)


def test_a_flow_larger_than_its_stock_names_its_cell():
    population, rates, path = make(PLAN)
    assert rates.migration is not None
    arrivals = rates.migration.arrivals.copy()
    cell = {"year": 2022, "area": "621001-rural", "sex": "female", "age": 7}
    arrivals.loc[cell] = -1e6
    one = rates.migration.arrivals_scale
    assert one is not None
    scale = xr.where(one["draw"] == 1, 1.0, 0 * one).transpose(*one.dims)
    rates = replace(rates, migration=Migration(arrivals, arrivals_scale=scale))
    wanted = "region 621001, rural, female, age 7, year 2022, draw 1"
    with pytest.raises(UnbalancedAccount, match=wanted):
        project(population, rates, path, to=2023)


def test_more_reclassified_than_live_in_the_villages_is_refused():
    population, rates, path = make(PLAN)
    many = xr.full_like(path.share, 1e7)
    rates = replace(rates, interventions=Interventions(reclassified=many))
    with pytest.raises(UnbalancedAccount, match=r"region 621000, rural.*year 2021"):
        project(population, rates, path, to=2023)


def test_a_falling_share_with_nobody_who_may_return_is_refused():
    population, rates, path = make(replace(PLAN, intervened=False))
    assert rates.mobility is not None
    assert rates.mobility.return_rate is not None
    stuck = replace(rates.mobility, return_rate=0 * rates.mobility.return_rate)
    low = UrbanPath(xr.full_like(path.share, 0.1))
    with pytest.raises(UnbalancedAccount, match="nobody may"):
        project(population, replace(rates, mobility=stuck), low, to=2023)


@pytest.mark.parametrize(
    ("dim", "labels", "named"),
    [
        ("area", ["621000-urban", "621000-rural", "621001-urban", "629999-rural"], "629999"),
        ("age", [*range(19), 85], "85"),
        ("year", [2031, 2032, 2033], "2021, 2022, 2023"),
    ],
)
def test_labels_that_do_not_match_are_named(dim: str, labels: list, named: str):
    population, rates, path = make(PLAN)
    other = rates.vital.survivorship.assign_coords({dim: (dim, labels)})
    rates = replace(rates, vital=replace(rates.vital, survivorship=other))
    with pytest.raises(RateError, match=rf"(?s)survivorship.*{dim}.*{named}"):
        project(population, rates, path, to=2023)


def test_other_draws_are_refused():
    population, rates, path = make(PLAN)
    fewer = UrbanPath(path.share.isel(draw=slice(0, 2)))
    with pytest.raises(RateError, match="share has other draws"):
        project(population, rates, fewer, to=2023)


@pytest.mark.parametrize("to", [2020, 2019])
def test_a_last_year_before_the_first_step_is_refused(to: int):
    population, rates, path = make(PLAN)
    with pytest.raises(RateError, match="steps of 1 after 2020"):
        project(population, rates, path, to=to)


def test_half_a_step_is_refused():
    population, rates, path = make(replace(PLAN, width=5))
    with pytest.raises(RateError, match="2033 is not a number of steps of 5"):
        project(population, rates, path, to=2033)


def test_ages_with_a_gap_are_refused():
    population, rates, path = make(PLAN)
    gap = population.persons.assign_coords(age=[*range(19), 30])
    with pytest.raises(RateError, match="ages begin at 0"):
        project(Population(gap, 2020), rates, path, to=2023)


def test_a_path_needs_residences():
    population, rates, _ = make(replace(PLAN, split=False))
    path = UrbanPath(Maker(PLAN).array(0.4, 0.5, "year", "region"))
    with pytest.raises(RateError, match="need areas by residence"):
        project(population, rates, path, to=2023)


def test_a_path_needs_movers():
    population, rates, path = make(PLAN)
    with pytest.raises(RateError, match="who moves to town"):
        project(population, replace(rates, mobility=Mobility()), path, to=2023)


def test_unknown_choices_are_answered_with_known_ones():
    population, rates, path = make(PLAN)
    with pytest.raises(RateError, match="did you mean 'even'"):
        project(population, rates, path, to=2023, timing="evem")
    with pytest.raises(RateError, match="did you mean 'groups'"):
        project(population, rates, path, to=2023, keep="group")
    with pytest.raises(RateError, match="begins where an age does"):
        project(population, rates, path, to=2023, keep=Keep((0, 5, 99)))
    with pytest.raises(RateError, match="float32 or float64"):
        Keep(accounts="float16")  # pyright: ignore[reportArgumentType]


def test_groups_are_sums_of_ages():
    population, rates, path = make(PLAN)
    ages = project(population, rates, path, to=2023, keep="ages").ages
    kept = project(population, rates, path, to=2023, keep=Keep((0, 5, 15), "float32"))
    assert ages is not None
    assert kept.groups is not None
    assert kept.groups.dtype == np.float32
    bounds = {0: slice(0, 4), 5: slice(5, 14), 15: slice(15, None)}
    for low, labels in bounds.items():
        whole = ages.sel(age=labels).sum("age").values
        assert kept.groups.sel(age=low).values == pytest.approx(whole, rel=1e-6)


def test_a_projection_goes_on_from_where_another_stopped():
    population, rates, path = make(replace(PLAN, intervened=False))
    whole = project(population, rates, path, to=2023)
    half = project(population, rates, path, to=2022, keep="ages").population(2022)
    rest = project(half, rates, path, to=2023)
    assert rest.totals.sel(year=2023).values == pytest.approx(
        whole.totals.sel(year=2023).values, rel=1e-12
    )


def test_inputs_without_draws_are_the_same_in_all_draws():
    population, rates, path = make(PLAN)
    one = UrbanPath(path.share.isel(draw=0, drop=True))
    shares = project(population, replace(rates, interventions=None), one, to=2023).urban_share()
    expected = np.broadcast_to(one.share.values, shares.isel(year=slice(1, None)).shape)
    assert shares.isel(year=slice(1, None)).values == pytest.approx(expected, abs=1e-12)


def test_nothing_but_survival_is_a_legal_world():
    population, rates, _ = make(replace(PLAN, regions=1, levels=False))
    vital = Vital(rates.vital.survivorship, rates.vital.birth_survivorship, rates.vital.fertility)
    projection = project(population, Rates(vital), to=2023)
    assert not projection.flows["external_net"].values.any()
    assert not projection.flows["rural_to_urban"].values.any()
    assert projection.imbalance() < 1e-13

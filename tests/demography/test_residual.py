"""Laws of residual migration: what was put in comes out."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from qyforecast.demography.residual import (
    advance_cohorts,
    census_survival_ratios,
    five_year_groups,
    net_migration,
    young_children,
)
from qyforecast.errors import QyforecastError, RateError

GROUPS = list(range(0, 90, 5))


def by_age(values, ages=None):
    ages = GROUPS if ages is None else ages
    return xr.DataArray(np.asarray(values, float), dims="age", coords={"age": ages})


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_migrants_put_in_at_the_end_or_the_start_come_out(seed):
    rng = np.random.default_rng(seed)
    before, survival = by_age(rng.uniform(10, 1e5, 18)), by_age(rng.uniform(0.1, 1, 18))
    migrants = survival * before * rng.uniform(-0.9, 3, 18)
    late = net_migration(before, survival * before + migrants, survival, method="forward")
    early = net_migration(before, survival * (before + migrants), survival, method="reverse")
    np.testing.assert_allclose(late, migrants, rtol=1e-9)
    np.testing.assert_allclose(early, migrants, rtol=1e-9)
    plain = net_migration(before.values, (survival * before + migrants).values, survival.values)
    assert plain.values == pytest.approx(((late + late / survival) / 2).values)


def test_average_lies_between_the_two():
    args = by_age([100.0] * 18), by_age([60.0] * 18), by_age([0.8] * 18)
    forward, reverse, mean = (
        float(net_migration(*args, method=m).sum()) for m in ("forward", "reverse", "average")
    )
    assert (forward, reverse, mean) == (-360.0, -450.0, -405.0)


def test_cohorts_grow_older_and_nobody_is_lost():
    persons = by_age(np.arange(1.0, 19))
    later = advance_cohorts(persons, years=10)
    assert later["age"].values.tolist() == GROUPS[2:]
    assert float(later.sum()) == float(persons.sum())
    assert float(later.sel(age=10)) == 1.0
    assert float(later.sel(age=85)) == 16 + 17 + 18


def test_a_closed_population_has_no_migrants_against_its_own_ratios():
    rng = np.random.default_rng(2)
    before, after = by_age(rng.uniform(50, 90, 18)), by_age(rng.uniform(50, 90, 18))
    ratios = census_survival_ratios(before, after, years=10)
    moved = net_migration(
        advance_cohorts(before, years=10), after.sel(age=GROUPS[2:]), ratios, method="average"
    )
    np.testing.assert_allclose(moved, 0, atol=1e-12)


def test_children_move_with_their_mothers():
    """Where one woman in ten left, so did 1/40 of children 0-4 and 3/40 of those 5-9."""
    after = xr.DataArray(
        np.full((2, 18), 200.0), dims=("sex", "age"),
        coords={"sex": ["male", "female"], "age": GROUPS},
    )  # fmt: skip
    children = young_children(-0.1 * after.sel(age=GROUPS[2:]), after)
    np.testing.assert_allclose(children.sel(age=0), -5.0)
    np.testing.assert_allclose(children.sel(age=5), -15.0)


def test_infants_join_their_group():
    joined = five_year_groups(by_age([1.0, 4.0, 5.0], [0, 1, 5]))
    assert joined["age"].values.tolist() == [0, 5]
    assert joined.values.tolist() == [5.0, 5.0]


@pytest.mark.parametrize("survival", [by_age([0.0] * 18), by_age([np.nan] * 18)])
def test_impossible_survival_is_refused(survival):
    with pytest.raises(RateError, match="survival share"):
        net_migration(by_age([1.0] * 18), by_age([1.0] * 18), survival)


def test_mismatched_cohorts_are_refused():
    with pytest.raises(RateError, match="different labels"):
        net_migration(by_age([1.0] * 18), by_age([1.0] * 17, GROUPS[1:]), by_age([1.0] * 18))


def test_groups_that_do_not_fit_the_interval_are_refused():
    with pytest.raises(RateError, match="whole age groups"):
        advance_cohorts(by_age([1.0] * 18), years=7)


@pytest.mark.parametrize(
    ("before", "after", "survival", "says"),
    [
        ([10.0, np.nan], [9.0, 8.0], [0.9, 0.8], "population is outside its range"),
        ([10.0, 9.0], [-9.0, 8.0], [0.9, 0.8], "population is outside its range"),
        ([10.0, 9.0], [9.0, 8.0], [0.9, 0.0], "survival share is missing or not above 0"),
        ([10.0, 9.0], [9.0, 8.0, 7.0], [0.9, 0.8], "different labels"),
    ],
)
def test_what_is_no_census_is_refused(before, after, survival, says):
    with pytest.raises(QyforecastError, match=says):
        net_migration(before, after, survival)

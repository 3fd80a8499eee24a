"""Graduated single ages: totals kept, never negative, smooth where the truth is smooth."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from qyforecast.demography.graduation import graduate_population, group_ages
from qyforecast.errors import DataError
from qyforecast.vocabulary import CENSUS_AGES

OLDER = (85, 90, 95, 100)


def pyramid(values, ages=CENSUS_AGES):
    return xr.DataArray(np.asarray(values, float), dims="age", coords={"age": list(ages)})


STANDARD = pyramid([800.0, 250.0, 40.0, 5.0], OLDER)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1e6), min_size=19, max_size=19))
def test_every_group_keeps_its_total_and_no_age_is_negative(values):
    groups = pyramid(values)
    single = graduate_population(groups, STANDARD)
    assert (single.values >= 0).all()
    back = group_ages(single, CENSUS_AGES)
    np.testing.assert_allclose(back.values, groups.values, rtol=1e-12, atol=1e-9)


def test_open_group_follows_the_standard():
    single = graduate_population(pyramid([100.0] * 19), STANDARD)
    older = group_ages(single, (0, *OLDER)).sel(age=list(OLDER))
    np.testing.assert_allclose(older, 100 * STANDARD.values / STANDARD.values.sum(), rtol=1e-12)


def test_a_straight_pyramid_comes_back_exactly():
    """A cubic spline through the cumulated counts of linear densities is exact."""
    ages = np.arange(101)
    truth = pyramid(1000.0 - 9.5 * (ages + 0.5), ages)
    single = graduate_population(group_ages(truth, (*CENSUS_AGES, 90, 95, 100)))
    np.testing.assert_allclose(single.values, truth.values, rtol=1e-9)


def test_a_smooth_curve_is_recovered_closely():
    ages = np.arange(101)
    truth = pyramid(1e4 * np.exp(-(((ages - 35) / 25.0) ** 2)), ages)
    single = graduate_population(group_ages(truth, (*CENSUS_AGES, 90, 95, 100)))
    error = np.abs(single.values - truth.values)
    assert error.max() < 0.005 * truth.values.max()


def test_leading_dimensions_meet_their_own_standard_by_label():
    groups = xr.DataArray(
        np.ones((2, 19)), dims=("sex", "age"),
        coords={"sex": ["male", "female"], "age": list(CENSUS_AGES)},
    )  # fmt: skip
    standard = xr.DataArray(
        [[1.0, 1, 1, 1], [3.0, 0, 0, 1]], dims=("sex", "age"),
        coords={"sex": ["female", "male"], "age": list(OLDER)},
    )  # fmt: skip
    single = graduate_population(groups, standard)
    assert single.dims == ("sex", "age")
    assert float(single.sel(sex="male", age=100)) == pytest.approx(0.25)
    assert float(single.sel(sex="male", age=range(90, 100)).sum()) == pytest.approx(0, abs=1e-12)
    assert float(single.sel(sex="female", age=range(90, 100)).sum()) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("groups", "standard", "words"),
    [
        (pyramid([1.0] * 18 + [np.nan]), STANDARD, "outside its range"),
        (pyramid([1.0] * 18 + [-1.0]), STANDARD, "outside its range"),
        (pyramid([1.0] * 19), None, "cannot be divided"),
        (pyramid([1.0] * 19), pyramid([0.0] * 4, OLDER), "does not divide"),
        (pyramid([1.0] * 18, CENSUS_AGES[1:]), STANDARD, "must rise from 0"),
        (pyramid([1.0] * 19, CENSUS_AGES[::-1]), STANDARD, "must rise from 0"),
    ],
)
def test_bad_input_is_refused(groups, standard, words):
    with pytest.raises(DataError, match=words):
        graduate_population(groups, standard)


def test_grouping_inside_a_group_is_refused():
    with pytest.raises(DataError, match="cannot be grouped"):
        group_ages(pyramid([1.0] * 19), (0, 3, 5))

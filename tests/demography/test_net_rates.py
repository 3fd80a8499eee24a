"""Net migration rates found back from the cohorts that they made."""

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.net_rates import (
    cohort_exposure,
    coverage_correction,
    net_rates,
    survive,
)
from qyforecast.errors import RateError

AGES = np.arange(101)
GROUPS = np.arange(0, 90, 5)
LIVE = np.where(AGES < 60, 0.997, np.maximum(0.997 - 0.008 * (AGES - 60), 0.6))
LEAVE = -0.12 * np.exp(-(((AGES - 19) / 3.0) ** 2)) + 0.02 * np.exp(-(((AGES - 27) / 4.0) ** 2))


def by_age(values):
    return xr.DataArray(np.asarray(values, float), dims="age", coords={"age": AGES})


def decade(rates, births=900.0):
    """Run the accounts ten years: with migrants, and without for the same births."""
    before = 1000.0 * np.exp(-AGES / 60.0)
    stock, closed = before.copy(), before.copy()
    for _ in range(10):
        start = stock + 0.5 * rates * stock
        aged, still = start * LIVE, closed * LIVE
        stock = np.concatenate([[births], aged[:-1]])
        stock[-1] += aged[-1]
        closed = np.concatenate([[births], still[:-1]])
        closed[-1] += still[-1]
        stock = stock + 0.5 * rates * stock
    return by_age(before), by_age(stock), np.add.reduceat(stock - closed, GROUPS)


def test_cohorts_receive_the_migrants_that_rates_made():
    before, after, moved = decade(LEAVE)
    exposure = cohort_exposure(before.values, after.values, LIVE, GROUPS, LEAVE)
    np.testing.assert_allclose(exposure @ LEAVE, moved, rtol=1e-9, atol=1e-3)


def test_rates_found_meet_every_residual_and_the_shape():
    before, after, moved = decade(LEAVE)
    residual = xr.DataArray(moved, dims="age", coords={"age": GROUPS})
    found = net_rates(before, after, by_age(LIVE), residual)
    exposure = cohort_exposure(before.values, after.values, LIVE, GROUPS, found.values)
    size = np.add.reduceat(after.values, GROUPS)
    assert (np.abs(exposure @ found.values - moved) < 0.025 * size).all()
    assert 17 <= int(found.idxmin()) <= 21
    assert float(found.min()) == pytest.approx(LEAVE.min(), rel=0.25)


def test_no_residual_means_no_migration():
    before, after, moved = decade(np.zeros(101))
    assert np.abs(moved).max() < 1e-9
    residual = xr.DataArray(np.zeros(18), dims="age", coords={"age": GROUPS})
    np.testing.assert_allclose(net_rates(before, after, by_age(LIVE), residual), 0, atol=1e-12)


def test_survivors_of_a_constant_rate():
    left = survive(by_age(np.full(101, 100.0)), by_age(np.full(101, 0.9)), 3)
    np.testing.assert_allclose(left.sel(age=slice(3, 99)), 100 * 0.9**3)
    assert float(left.sel(age=100)) == pytest.approx(400 * 0.9**3)


def nation(before, after):
    sexes = {"sex": ["male", "female"]}
    return [by_age(v).expand_dims(sexes).copy() for v in (before, after)]


def test_children_missed_by_a_first_census_are_found():
    """A closed nation whose first census missed one child in eleven needs a factor of 1.1."""
    before, after, _ = decade(np.zeros(101))
    counted = before.values.copy()
    counted[:10] /= 1.1
    first, second = nation(counted, after.values)
    live = by_age(LIVE).expand_dims(sex=["male", "female"])
    factor = coverage_correction(first, second, live, years=10)
    np.testing.assert_allclose(factor.sel(age=slice(0, 9)), 1.1, rtol=1e-12)
    np.testing.assert_allclose(factor.sel(age=slice(10, None)), 1.0, rtol=1e-12)


def test_groups_of_ages_are_refused():
    grouped = xr.DataArray(np.ones(18), dims="age", coords={"age": GROUPS})
    with pytest.raises(RateError, match="single ages"):
        net_rates(grouped, grouped, grouped, grouped)

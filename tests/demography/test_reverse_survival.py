"""Reverse survival finds the births and the fertility a population was made with."""

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.reverse_survival import past_births, past_fertility, past_women
from qyforecast.errors import RateError

AGES = np.arange(101)


def by_age(values, dim="age"):
    return xr.DataArray(np.asarray(values, float), dims=dim, coords={dim: np.arange(len(values))})


def grown_population(fertility, years=160):
    """Run one-sex accounts forward, half of births girls; return women, births by year, rates."""
    survivorship = np.where(AGES < 60, 0.998, 0.9)
    pattern = np.where((AGES >= 20) & (AGES < 35), 1 / 15, 0.0)
    women, births = np.full(101, 1000.0), []
    for year in range(years):
        aged = np.concatenate([[0.0], women[:-1] * survivorship[:-1]])
        aged[-1] += women[-1] * survivorship[-1]
        born = fertility(year) * (pattern * (women + aged) / 2).sum()
        aged[0] = born / 2 * 0.97
        women = aged
        births.append(born)
    return women, births[::-1], survivorship, pattern


def test_births_and_total_fertility_of_the_accounts_come_back():
    women, births, survivorship, pattern = grown_population(lambda year: 1.2 + 0.004 * year)
    live, share = by_age(survivorship), by_age(pattern)
    children = 2 * by_age(women[:10])
    back = past_births(children, live, xr.DataArray(0.97))
    np.testing.assert_allclose(back, births[:10], rtol=1e-12)
    total = past_fertility(back, by_age(women), live, share)
    np.testing.assert_allclose(total, [1.2 + 0.004 * (159 - k) for k in range(10)], rtol=1e-12)


def test_stationary_population_replaces_itself():
    """Net reproduction of one: total fertility is (1 + sex ratio) over survival to childbearing."""
    survivorship = by_age(np.full(101, 0.99))
    women = by_age(0.97 * 1000 * 0.99**AGES)
    pattern = by_age(np.where(AGES == 30, 1.0, 0.0))
    births = past_births(2 * women.sel(age=[0, 1, 2]), survivorship, xr.DataArray(0.97))
    np.testing.assert_allclose(births, 2000, rtol=1e-12)
    total = past_fertility(births, women, survivorship, pattern)
    np.testing.assert_allclose(total, 2000 / (0.97 * 1000 * 0.99**30), rtol=1e-12)


def test_women_grow_younger_without_the_open_group():
    past = past_women(by_age(np.full(101, 81.0)), by_age(np.full(101, 0.9)), ago=2)
    assert past["age"].values[-1] == 97
    np.testing.assert_allclose(past, 100.0)


def test_groups_of_ages_are_refused():
    children = xr.DataArray([1.0, 2.0], dims="age", coords={"age": [0, 5]})
    with pytest.raises(RateError, match="single ages"):
        past_births(children, by_age(np.ones(101)), xr.DataArray(1.0))

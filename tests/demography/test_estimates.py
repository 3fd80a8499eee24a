"""The nouns of estimated rates."""

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.estimates import Autoregression
from qyforecast.errors import RateError
from tests.demography.rates_world import mortality, world


def test_covariance_of_a_course():
    """Variance is that of a year plus that of the level; neighbours share the persistence."""
    cov = Autoregression(0.0, level_sd=2.0, sd=3.0, persistence=0.5).covariance(np.arange(3))
    np.testing.assert_allclose(cov, [[13, 8.5, 6.25], [8.5, 13, 8.5], [6.25, 8.5, 13]])


@pytest.mark.parametrize("change", [{"persistence": 1.0}, {"sd": -1.0}, {"level_sd": -1.0}])
def test_impossible_courses_are_refused(change):
    with pytest.raises(RateError, match="autoregression"):
        Autoregression(**{"level": 0.0, "level_sd": 1.0, "sd": 1.0, "persistence": 0.5, **change})


def test_level_of_a_gain_and_back():
    weight = mortality().weight_of(xr.DataArray([-4.0, 1.0, 6.0], dims="draw"))
    np.testing.assert_allclose(weight, [0.0, 0.5, 1.0])


def test_a_gain_beyond_the_levels_is_refused():
    with pytest.raises(RateError, match=r"-4\.00 to 6\.00"):
        mortality().weight_of(xr.DataArray(6.5))


def test_base_year_lies_between_the_levels():
    table = mortality()
    now = table.in_base_year(table.survivorship)
    low, high = (table.survivorship.sel(level=k) for k in ("low", "high"))
    np.testing.assert_allclose(now, 0.6 * low + 0.4 * high)


def test_total_fertility_sums_over_ages():
    np.testing.assert_allclose(world().total_fertility(), 1.6)

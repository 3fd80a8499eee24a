"""The spread of net migration: a planted one is found, and nothing later is read."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from qyforecast.census.census import read_census
from qyforecast.census.net_spread import CAPPED, net_spread
from qyforecast.errors import DataError


@pytest.fixture(scope="module")
def census():
    return read_census()


def planted(sd: float, persistence: float, provinces: int = 3000) -> pd.DataFrame:
    """Provinces that wander about a nation that grows by 5 per mille."""
    rng = np.random.default_rng(3)
    years = np.arange(2010, 2021)
    noise = rng.standard_normal((provinces, years.size))
    for t in range(1, years.size):
        noise[:, t] *= np.sqrt(1 - persistence**2)
        noise[:, t] += persistence * noise[:, t - 1]
    growth = 0.005 + rng.normal(0, 0.004, (provinces, 1)) + sd * noise
    paths = 1e7 * np.exp(np.cumsum(growth, axis=1))
    nation = 1e9 * np.exp(0.005 * np.arange(years.size))
    table = pd.DataFrame(
        np.vstack([nation, paths]),
        index=pd.Index(["000000", *(f"{i:06d}" for i in range(200000, 200000 + provinces))]),
        columns=years,
    )
    rows = table.rename_axis("region_code").reset_index().melt("region_code", var_name="year")
    return rows.assign(variable="population", published=2021)


@pytest.mark.parametrize("persistence", [0.0, 0.3, 0.6])
def test_a_planted_course_is_found(census, persistence):
    rows = planted(0.003, persistence)
    found = net_spread(replace(census, provinces=rows), 2020)
    assert found.persistence == pytest.approx(persistence, abs=0.05)
    assert found.sd == pytest.approx(0.003, rel=0.04)
    assert found.level == 0.0
    # The mean of ten correlated years, summed by hand.
    lag = np.abs(np.subtract.outer(np.arange(10), np.arange(10)))
    assert found.level_sd == pytest.approx(0.003 * np.sqrt((persistence**lag).mean()), rel=0.08)


def test_lasting_differences_between_provinces_are_no_deviation(census):
    """Planted: 4 per mille between provinces' means, nothing within."""
    found = net_spread(replace(census, provinces=planted(1e-6, 0.0)), 2020)
    assert found.sd < 2e-6


def test_nothing_after_the_census_is_read(census):
    rows = census.provinces.copy()
    later = (rows["year"] > 2020) | (rows["published"] > 2021)
    assert later.sum() > 100
    rows.loc[later, "value"] *= 3
    assert net_spread(replace(census, provinces=rows), 2020) == net_spread(census, 2020)


def test_cities_that_capped_their_population_are_left_out(census):
    rows = census.provinces.copy()
    rows.loc[rows["region_code"].isin(CAPPED) & (rows["year"] == 2013), "value"] *= 2
    assert net_spread(replace(census, provinces=rows), 2020) == net_spread(census, 2020)


def test_the_shipped_spread(census):
    """From 28 provinces, 2011 to 2020: 3.6 per mille about their means, before undoing."""
    found = net_spread(census, 2020)
    assert 1000 * found.sd == pytest.approx(3.70, abs=0.01)
    assert 1000 * found.level_sd == pytest.approx(1.47, abs=0.01)
    assert found.persistence == pytest.approx(0.25, abs=0.01)


def test_a_handful_of_provinces_is_too_few(census):
    rows = census.provinces
    few = rows[rows["region_code"].isin(["000000", "620000", "610000"])]
    with pytest.raises(DataError, match="too few provinces"):
        net_spread(replace(census, provinces=few), 2020)

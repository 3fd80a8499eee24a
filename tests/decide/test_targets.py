from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from qyforecast.decide.first_year import first_year_reached
from qyforecast.decide.targets import Target, assess, joint, shortfall
from qyforecast.errors import DataError, ScenarioError

HALF = Target("half", "621000", 2022, 0.50)


def shares(values, region="621000"):
    """Paths by draw and year from 2020 on, of one region."""
    paths = np.asarray(values, float)
    return xr.DataArray(
        paths[..., np.newaxis],
        dims=("draw", "year", "region"),
        coords={
            "draw": np.arange(paths.shape[0]),
            "year": 2020 + np.arange(paths.shape[1]),
            "region": [region],
        },
    )


FOUR = shares(
    [[0.42, 0.45, 0.49], [0.42, 0.48, 0.50], [0.42, 0.51, 0.52], [0.42, 0.44, 0.46]],
)


def test_probability_counts_draws_at_or_above_the_bar():
    assert assess(FOUR, HALF).probability == 0.5


def test_shortfall_is_the_mean_of_those_who_miss():
    np.testing.assert_allclose(shortfall(FOUR, HALF), [1, 0, 0, 4], atol=1e-12)
    assert assess(FOUR, HALF).shortfall == pytest.approx(2.5)
    assert assess(FOUR, replace(HALF, threshold=0.3)).shortfall == 0


def test_intervals_are_equal_tailed_quantiles():
    z = norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    found = assess(shares(np.c_[0.4 + 0 * z, 0.5 + 0.02 * z]), replace(HALF, year=2021))
    stated = [found.lower95, found.lower80, found.median, found.upper80, found.upper95]
    expected = 0.5 + 0.02 * norm.ppf([0.025, 0.1, 0.5, 0.9, 0.975])
    np.testing.assert_allclose(stated, expected, atol=1e-5)


def test_scenario_and_knowledge_are_carried_along():
    found = assess(FOUR, HALF, scenario="baseline", as_of=2021)
    assert (found.scenario, found.as_of, found.target) == ("baseline", 2021, HALF)


@given(
    st.lists(st.floats(0.01, 0.99), min_size=1, max_size=50),
    st.tuples(st.floats(0.02, 0.98), st.floats(0.02, 0.98)).map(sorted),
)
def test_a_higher_bar_is_never_likelier(values, bars):
    paths = shares(np.array(values)[:, np.newaxis])
    low, high = (assess(paths, replace(HALF, year=2020, threshold=bar)) for bar in bars)
    assert high.probability <= low.probability
    tolerant = replace(HALF, year=2020, threshold=bars[1], reading="about", tolerance=0.01)
    assert assess(paths, tolerant).probability >= high.probability


@given(st.permutations(range(4)))
def test_the_order_of_years_and_regions_does_not_matter(order):
    both = xr.concat([FOUR, shares(FOUR.values[..., 0] / 2, "621002")], dim="region")
    turned = both.isel(year=[2, 0, 1], region=[1, 0], draw=list(order))
    assert assess(turned, HALF).probability == 0.5
    assert assess(turned.transpose("region", "year", "draw"), HALF).probability == 0.5
    assert first_year_reached(turned, HALF) == first_year_reached(both, HALF)


def test_first_year_reached():
    found = first_year_reached(FOUR, HALF)
    assert found.years == (2020, 2021, 2022)
    assert found.probability == (0, 0.25, 0.25)
    assert found.not_by == 0.5


def test_a_bar_reached_and_lost_again_counts_from_the_first_time():
    found = first_year_reached(shares([[0.4, 0.6, 0.4]]), HALF)
    assert found.probability == (0, 1, 0)


def test_both_targets_together():
    """Both in one draw of four; their product would say a quarter of a half."""
    early = replace(HALF, name="early", year=2021)
    assert joint(FOUR, [early, HALF]).value == 0.25
    assert joint(FOUR, [HALF]).value == assess(FOUR, HALF).probability


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"year": 2019}, "before the base year"),
        ({"year": 2023}, "after the last year"),
        ({"region": "621009"}, "not forecast"),
    ],
)
def test_a_target_outside_the_forecast_is_refused(change, words):
    with pytest.raises(ScenarioError, match=words):
        assess(FOUR, replace(HALF, **change))


@pytest.mark.parametrize("hole", [np.nan, 1.2])
def test_shares_that_are_none_are_refused(hole):
    with pytest.raises(DataError, match="urban_share"):
        assess(FOUR.where(FOUR < 0.52, hole), HALF)


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 50},
        {"threshold": 0},
        {"tolerance": 0.01},
        {"reading": "about"},
        {"reading": "about", "tolerance": 0.6},
    ],
)
def test_targets_that_cannot_be_are_refused(change):
    with pytest.raises(ScenarioError, match="half"):
        replace(HALF, **change)

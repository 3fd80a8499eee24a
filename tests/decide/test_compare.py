import numpy as np
import pytest
import xarray as xr

from qyforecast.decide.compare import compare
from qyforecast.decide.targets import Target, assess
from qyforecast.errors import ScenarioError

HALF = Target("half", "621000", 2025, 0.50)


def shares(values):
    return xr.DataArray(
        np.asarray(values, float)[:, np.newaxis, np.newaxis],
        dims=("draw", "year", "region"),
        coords={"draw": np.arange(len(values)), "year": [2025], "region": ["621000"]},
    )


@pytest.fixture(scope="module")
def baseline():
    return shares(0.49 + 0.03 * np.random.default_rng(4).standard_normal(4000))


def test_a_scenario_that_changes_nothing_but_its_name_differs_by_exactly_zero(baseline):
    found = compare(baseline.copy(), baseline, HALF)
    assert found.probability == 0
    assert found.standard_error == 0
    assert found.gain == found.gain_lower90 == found.gain_upper90 == 0
    assert found.beats.value == 0
    assert found.ties == 1


def test_the_difference_is_that_of_the_probabilities(baseline):
    better = baseline + 0.004
    found = compare(better, baseline, HALF)
    parts = [assess(shares, HALF).probability for shares in (better, baseline)]
    assert found.probability == pytest.approx(parts[0] - parts[1], abs=1e-15)
    assert found.beats.value == 1
    assert found.gain == pytest.approx(0.4)


def test_turning_the_comparison_round_turns_the_sign(baseline):
    other = baseline + shares(0.01 * np.random.default_rng(5).standard_normal(4000))
    one, two = compare(other, baseline, HALF), compare(baseline, other, HALF)
    assert one.probability == -two.probability
    assert one.standard_error == two.standard_error
    assert one.beats.value + two.beats.value + one.ties == pytest.approx(1)


def test_pairing_tells_more_than_two_separate_runs(baseline):
    found = compare(baseline + 0.004, baseline, HALF)
    first, second = (assess(s, HALF).standard_error for s in (baseline, baseline + 0.004))
    apart = np.hypot(first, second)
    assert found.standard_error < apart / 2


def test_a_gain_too_small_for_any_draw_to_cross_still_has_an_error(baseline):
    found = compare(baseline + 1e-12, baseline, HALF)
    assert found.probability == 0
    assert found.standard_error > 0


@pytest.mark.parametrize("draws", [slice(0, 100), slice(None, None, -1)])
def test_different_draws_are_not_compared(baseline, draws):
    with pytest.raises(ScenarioError, match="different draws"):
        compare(baseline.isel(draw=draws), baseline, HALF)

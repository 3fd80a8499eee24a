import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from qyforecast.errors import ScenarioError
from qyforecast.provenance import Evidence
from qyforecast.scenario.effect import Effect, Timing

JUDGED = Evidence("judgement", "a test", 2022)
BY_SHAPE = {
    "split-normal": (0.10, -0.05, 0.40),
    "split-lognormal": (1500.0, 500.0, 4000.0),
}


@pytest.mark.parametrize("shape", BY_SHAPE)
@pytest.mark.parametrize("sign", [1, -1])
def test_median_and_90_percent_range_are_as_stated(shape, sign):
    median, low, high = (sign * number for number in BY_SHAPE[shape])
    low, high = sorted((low, high))
    effect = Effect(median, low, high, JUDGED, shape)
    found = effect.strengths(norm.ppf([0.05, 0.5, 0.95]))
    np.testing.assert_allclose(found, [low, median, high], rtol=1e-12)


@pytest.mark.parametrize("shape", BY_SHAPE)
def test_one_draw_in_ten_is_outside_the_range(shape):
    effect = Effect(*BY_SHAPE[shape], JUDGED, shape)
    drawn = effect.strengths(np.random.default_rng(1).standard_normal(40_000))
    assert np.mean(drawn < effect.low) == pytest.approx(0.05, abs=0.004)
    assert np.mean(drawn > effect.high) == pytest.approx(0.05, abs=0.004)
    assert np.mean(drawn < effect.median) == pytest.approx(0.5, abs=0.01)


@given(st.lists(st.floats(-6, 6), min_size=2, max_size=20), st.sampled_from(sorted(BY_SHAPE)))
def test_strength_never_falls_as_the_normal_number_rises(numbers, shape):
    effect = Effect(*BY_SHAPE[shape], JUDGED, shape)
    assert (np.diff(effect.strengths(np.sort(numbers))) >= 0).all()


@given(st.floats(-8, 8))
def test_a_lognormal_effect_keeps_its_sign(number):
    assert Effect(-3, -7, -1, JUDGED, "split-lognormal").strengths(np.array([number]))[0] < 0


def test_an_effect_that_is_certain_is_the_same_in_every_draw():
    certain = Effect(0.2, 0.2, 0.2, JUDGED)
    assert set(certain.strengths(np.linspace(-4, 4, 9))) == {0.2}


@pytest.mark.parametrize(
    ("numbers", "shape", "words"),
    [
        ((0.5, 0.1, 0.4), "split-normal", "does not contain the median"),
        ((np.nan, 0.1, 0.4), "split-normal", "finite"),
        ((1.0, 0.0, 2.0), "split-lognormal", "one sign"),
    ],
)
def test_numbers_that_are_no_effect_are_refused(numbers, shape, words):
    with pytest.raises(ScenarioError, match=words):
        Effect(*numbers, evidence=JUDGED, shape=shape)


def test_an_effect_grows_over_its_ramp_and_stops_at_its_end():
    years = np.arange(2021, 2029)
    found = Timing(2022, ramp=4, end=2027).in_force(years)
    assert found.tolist() == [0, 0.25, 0.5, 0.75, 1, 1, 1, 0]


def test_no_ramp_means_at_once():
    assert Timing(2022).in_force(np.array([2021, 2022])).tolist() == [0, 1]


@pytest.mark.parametrize("timing", [{"ramp": -1}, {"end": 2021}])
def test_impossible_times_are_refused(timing):
    with pytest.raises(ScenarioError):
        Timing(2022, **timing)

"""Goal seek on toy worlds whose answer is known, and its refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import norm

from qyforecast.decide.mix import cheapest_mix
from qyforecast.decide.seek import PRECISION, least_strength
from qyforecast.errors import OutOfReach, ScenarioError, UnbalancedAccount

Z = np.random.default_rng(8).standard_normal(20_000)


def lifted(by):
    """A world in which strength lifts a standard normal margin."""
    return lambda strength: Z + by * strength >= 2.0


@settings(max_examples=20, deadline=None)
@given(wanted=st.floats(0.05, 0.9), by=st.floats(0.5, 3))
def test_the_known_strength_is_found(wanted, by):
    """P(Z + by s >= 2) = p at s = (2 + z_p) / by."""
    found = least_strength(lifted(by), wanted, most=10.0)
    exact = max(0.0, (2.0 - np.quantile(Z, 1 - wanted)) / by)
    assert found.strength == pytest.approx(exact, abs=2 * PRECISION * 10)
    assert found.probability.value >= wanted
    assert found.lower <= found.strength <= found.upper


def test_the_error_of_counting_is_carried_to_the_strength():
    found = least_strength(lifted(1.0), 0.5, most=5.0)
    assert found.strength == pytest.approx(2.0, abs=0.04)
    slope = norm.pdf(0)
    width = found.probability.standard_error / slope
    assert found.upper - found.lower == pytest.approx(2 * width, rel=0.6)


def test_nothing_is_needed_where_it_is_reached_already():
    found = least_strength(lifted(1.0), 0.01, most=5.0)
    assert found.strength == 0
    assert found.runs == 1


def test_an_impossible_goal_is_refused_with_the_best_there_is():
    with pytest.raises(OutOfReach, match="no strength up to 1 times") as raised:
        least_strength(lifted(1.0), 0.5, most=1.0)
    best = float((Z + 1 >= 2).mean())
    assert raised.value.best == best
    assert raised.value.strength == 1
    assert f"at best {best:.1%}" in raised.value.found


def test_a_lever_that_does_nothing_is_refused():
    with pytest.raises(OutOfReach) as raised:
        least_strength(lambda _: Z >= 2.0, 0.5, most=4.0)
    assert raised.value.best == (Z >= 2.0).mean()


def test_a_strength_that_empties_a_village_bounds_the_search():
    def world(strength):
        if strength > 1.7:
            raise UnbalancedAccount("more people move than live there", where="region x")
        return lifted(1.0)(strength)

    assert least_strength(world, 0.3, most=50.0).strength == pytest.approx(
        2 - np.quantile(Z, 0.7), abs=0.11
    )
    with pytest.raises(OutOfReach, match="more people move") as raised:
        least_strength(world, 0.6, most=50.0)
    assert 1.6 < raised.value.strength <= 1.7


@pytest.mark.parametrize(("probability", "most"), [(80, 1), (0, 1), (0.5, 0), (0.5, np.inf)])
def test_a_question_that_cannot_be_meant_is_refused(probability, most):
    with pytest.raises(ScenarioError):
        least_strength(lifted(1.0), probability, most=most)


def odds(*slopes):
    """A world in which levers add to the log odds of a share, each with a slope of its own."""
    start = logit(0.6) + 0.2 * Z
    return lambda strengths: expit(start + np.asarray(slopes) @ np.asarray(strengths))


def needed(probability, bar=0.65):
    """Log odds that must be added so that a share of the draws is at the bar."""
    return logit(bar) - np.quantile(logit(0.6) + 0.2 * Z, 1 - probability)


def test_the_cheaper_lever_is_pulled_alone():
    """Per unit of log odds the first costs 10, the second 5: only the second is pulled."""
    mix = cheapest_mix(
        odds(0.1, 0.2), 0.65, 0.5, costs=np.array([1.0, 1.0]), bounds=np.array([5.0, 5.0])
    )
    assert mix.strengths[0] == pytest.approx(0, abs=0.02)
    assert mix.strengths[1] == pytest.approx(needed(0.5) / 0.2, rel=0.02)
    assert mix.cost == pytest.approx(needed(0.5) / 0.2, rel=0.03)
    assert mix.probability.value >= 0.5


def test_a_bound_sends_the_rest_to_the_dearer_lever():
    bounds = np.array([5.0, 0.5])
    mix = cheapest_mix(odds(0.1, 0.2), 0.65, 0.5, costs=np.array([1.0, 1.0]), bounds=bounds)
    assert mix.strengths[1] == pytest.approx(0.5, abs=0.03)
    assert mix.strengths[0] == pytest.approx((needed(0.5) - 0.1) / 0.1, rel=0.05)
    assert mix.probability.value >= 0.5


def test_a_mix_out_of_reach_is_refused():
    with pytest.raises(OutOfReach):
        cheapest_mix(odds(0.01, 0.01), 0.65, 0.9, costs=np.ones(2), bounds=np.ones(2))


def test_a_lever_costs_something():
    with pytest.raises(ScenarioError, match="cost above 0"):
        cheapest_mix(odds(0.1, 0.2), 0.65, 0.5, costs=np.array([1.0, 0.0]), bounds=np.ones(2))

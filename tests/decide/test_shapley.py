"""Laws of Shapley's rule, and a game whose answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qyforecast.decide.shapley import MOST_EXACT, shapley
from qyforecast.errors import DataError

DRAWS = 50


def game(players, seed=0, idle=(), twins=()):
    """Give every coalition a random worth by draw; idle players add nothing, twins the same."""

    def value(coalition):
        counted = frozenset(coalition) - set(idle)
        if twins:
            both = len(counted & set(twins))
            counted = (counted - set(twins)) | {f"twin {k}" for k in range(both)}
        key = [seed, *(sum(map(ord, name)) for name in sorted(counted))]
        return np.random.default_rng(key).normal(size=(DRAWS, 2))

    return value


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 7), seed=st.integers(0, 10**6))
def test_values_sum_to_the_gain(count, seed):
    players = [f"p{i}" for i in range(count)]
    value = game(players, seed)
    found = shapley(value, players, seed=1)
    gain = (value(frozenset(players)) - value(frozenset())).mean(axis=0)
    np.testing.assert_allclose(found.values.sum(axis=0), gain, atol=1e-9)
    np.testing.assert_allclose(found.total, gain, atol=1e-12)
    assert found.orders == 0


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_an_idle_player_gets_nothing_and_twins_get_the_same(seed):
    players = ["a", "b", "idle", "one", "two"]
    found = shapley(game(players, seed, ("idle",), ("one", "two")), players, seed=1)
    shares = dict(zip(players, found.values, strict=True))
    assert not shares["idle"].any()
    np.testing.assert_allclose(shares["one"], shares["two"], atol=1e-12)
    assert np.abs(shares["one"] - shares["a"]).max() > 1e-3


def test_the_glove_game():
    """One left and two right gloves make a pair worth 1: shares 2/3, 1/6, 1/6.

    Shapley (1953); the example of Aumann's lectures, as in Owen, *Game Theory*.
    """

    def pairs(coalition):
        worth = float("left" in coalition and len(coalition) > 1)
        return np.full((DRAWS, 1), worth)

    found = shapley(pairs, ["left", "right", "other"], seed=1)
    np.testing.assert_allclose(found.values[:, 0], [2 / 3, 1 / 6, 1 / 6], atol=1e-12)
    assert found.errors.max() < 1e-12


def test_sampled_orders_share_out_the_whole_and_say_how_far_off_they_may_be():
    """Twelve players of the quadratic game v(S) = (sum of w)^2: phi_i = w_i * sum of w."""
    players = [f"p{i:02d}" for i in range(MOST_EXACT + 2)]
    weights = dict(zip(players, np.arange(1.0, 13.0), strict=True))

    def squared(coalition):
        return np.full((DRAWS, 1), sum(weights[p] for p in sorted(coalition)) ** 2)

    found = shapley(squared, players, orders=100, seed=5)
    expected = np.array(list(weights.values())) * sum(weights.values())
    assert found.orders == 100
    assert found.values.sum() == pytest.approx(found.total[0], abs=1e-6)
    gap = np.abs(found.values[:, 0] - expected)
    assert (gap < 4 * found.errors[:, 0] + 1e-9).all()
    # Each order with its reverse gives this game its answer exactly.
    np.testing.assert_allclose(found.values[:, 0], expected, rtol=1e-9)


def test_sampled_orders_have_an_error_where_orders_matter():
    players = [f"p{i:02d}" for i in range(MOST_EXACT + 1)]
    found = shapley(game(players), players, orders=8, seed=5)
    assert found.errors.min() > 0
    assert found.values.sum(axis=0) == pytest.approx(found.total, abs=1e-9)


def test_more_noise_between_draws_is_a_larger_error():
    def noisy(scale):
        noise = np.random.default_rng(1).normal(size=(4000, 1))
        return lambda coalition: len(coalition) * (1 + scale * noise)

    small, large = (shapley(noisy(s), ["a", "b"], seed=1).errors.max() for s in (0.1, 1.0))
    assert large == pytest.approx(10 * small)
    assert large == pytest.approx(1 / np.sqrt(4000), rel=0.4)


@pytest.mark.parametrize("players", [[], ["a", "a"]])
def test_players_stand_once(players):
    with pytest.raises(DataError, match="each once"):
        shapley(lambda _: np.zeros((2, 1)), players, seed=1)

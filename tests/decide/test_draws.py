import numpy as np
import pytest

from qyforecast.decide.draws import batch_error, change_error, count
from qyforecast.errors import DataError


def chains(rho, seed, draws=4000):
    """Four autoregressive chains, one after another, as a posterior comes."""
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((4, draws // 4))
    values = np.empty_like(noise)
    values[:, 0] = noise[:, 0]
    for i in range(1, noise.shape[1]):
        values[:, i] = rho * values[:, i - 1] + np.sqrt(1 - rho**2) * noise[:, i]
    return values.ravel()


@pytest.mark.parametrize(("rho", "tolerance"), [(0.0, 0.1), (0.9, 0.25)])
def test_the_error_is_the_spread_over_repeated_samples(rho, tolerance):
    """Batch means against the true spread; neighbours alike make independence too hopeful."""
    samples = [chains(rho, seed) > 0.5 for seed in range(200)]
    found = [count(hits) for hits in samples]
    spread = np.std([probability.value for probability in found])
    stated = np.mean([probability.standard_error for probability in found])
    assert stated == pytest.approx(spread, rel=tolerance)
    if rho:
        binomial = np.sqrt(0.3085 * 0.6915 / 4000)
        assert stated > 2 * binomial


@pytest.mark.parametrize("happens", [True, False])
def test_certainty_has_an_error_too(happens):
    """Jeffreys: beta(1/2, 4000 + 1/2) has standard deviation 1.77e-4."""
    found = count(np.full(4000, happens))
    assert found.value == float(happens)
    assert found.standard_error == pytest.approx(1.767e-4, rel=1e-3)


def test_the_error_is_never_below_that_of_independent_draws():
    alternating = np.tile([True, False], 2000)
    assert count(alternating).standard_error == pytest.approx(0.5 / np.sqrt(4000), rel=1e-3)


def test_few_draws_fall_back_on_independence():
    values = np.arange(10.0)
    assert batch_error(values) == pytest.approx(values.std(ddof=1) / np.sqrt(10))


def test_uneven_batches_agree_with_even_ones():
    values = np.random.default_rng(2).standard_normal(4000)
    assert batch_error(values[:3990]) == pytest.approx(batch_error(values), rel=0.2)


def test_no_change_among_many_draws_still_leaves_room_for_a_rare_one():
    assert change_error(np.zeros(4000)) == pytest.approx(1.767e-4, rel=1e-3)


@pytest.mark.parametrize("draws", [np.empty(0), np.ones((2, 2))])
def test_a_probability_needs_draws_in_a_row(draws):
    with pytest.raises(DataError):
        count(draws)

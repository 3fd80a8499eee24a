import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import norm

from qyforecast.decide.quantiles import BLOCK, draw_quantiles
from qyforecast.errors import DataError

WANTED = [0.0, 0.025, 0.1, 0.5, 0.9, 0.975, 1.0]
PERSONS = st.floats(-1e6, 1e6, width=32)


def test_quantiles_of_the_normal_distribution():
    draws = norm.ppf((np.arange(100_000) + 0.5) / 100_000)
    rng = np.random.default_rng(1)
    found = draw_quantiles(rng.permutation(draws)[:, None], [0.025, 0.5, 0.9])
    np.testing.assert_allclose(found[:, 0], [-1.959964, 0, 1.281552], atol=2e-4)


@given(
    arrays.arrays(np.float32, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=PERSONS)
)
def test_as_numpy_has_them(values):
    found = draw_quantiles(values, WANTED)
    expected = np.quantile(values.astype(float), WANTED, axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-9)


def test_every_series_gets_its_own_across_blocks():
    """Series k runs from k to k + 10, shuffled."""
    rng = np.random.default_rng(2)
    series = np.arange(2 * BLOCK + 5)
    values = rng.permutation(np.linspace(0, 10, 21))[:, None] + series
    found = draw_quantiles(values.reshape(21, -1, 1), [0.1, 0.5])
    np.testing.assert_allclose(found[..., 0], [series + 1, series + 5])


def test_one_draw_is_all_its_quantiles():
    assert draw_quantiles(np.array([[7.0, 8.0]]), [0.025, 0.975]).tolist() == [[7, 8], [7, 8]]


@pytest.mark.parametrize("hole", [np.nan, np.inf, -np.inf])
def test_holes_are_refused(hole):
    values = np.ones((9, 2))
    values[4, 1] = hole
    with pytest.raises(DataError, match="missing or infinite"):
        draw_quantiles(values, [0.5])


def test_draws_are_left_in_their_order():
    values = np.array([[3.0], [1.0], [2.0]])
    draw_quantiles(values, [0.5])
    assert values.ravel().tolist() == [3, 1, 2]

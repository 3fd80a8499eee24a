"""Scores equal closed forms; a perfect forecaster is best, an overconfident one found out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from qyforecast.errors import DataError
from qyforecast.judge.cells import Foretold, score_cells, scorecard
from qyforecast.judge.scores import (
    brier,
    crps_ensemble,
    crps_fair,
    crps_gaussian,
    interval,
    interval_score,
    log_density,
    pit,
)

#: Midpoints of a normal's quantiles: an ensemble without chance.
GRID = norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
numbers = st.floats(-50, 50).map(lambda x: round(x, 6))


def test_crps_of_small_ensembles_by_hand() -> None:
    """Of one draw the absolute error; of 0 and 2 with outcome 1: 1 - 4 / 4 / 2 = 1/2."""
    assert crps_ensemble(np.array([[3.0]]), np.array([1.0])) == pytest.approx([2.0])
    draws = np.array([[0.0], [2.0]])
    assert crps_ensemble(draws, np.array([1.0])) == pytest.approx([0.5])
    # E|X - X'| of the fair score counts the one pair: 1 - 2 / 2 = 0.
    assert crps_fair(draws, np.array([1.0])) == pytest.approx([0.0])


@given(st.lists(numbers, min_size=2, max_size=12), numbers)
def test_crps_is_the_mean_over_all_pairs(draws: list[float], came: float) -> None:
    x = np.array(draws)
    pairs = np.abs(x[:, None] - x[None, :])
    apart = np.abs(x - came).mean()
    plain = crps_ensemble(x[:, None], np.array([came]))[0]
    fair = crps_fair(x[:, None], np.array([came]))[0]
    assert plain == pytest.approx(apart - pairs.mean() / 2, abs=1e-9)
    assert fair == pytest.approx(apart - pairs.sum() / (len(x) * (len(x) - 1)) / 2, abs=1e-9)


@pytest.mark.parametrize(("mean", "sd", "came"), [(0, 1, 0), (0, 1, 1.7), (3, 0.2, 2.5)])
def test_crps_of_a_normal_ensemble_is_the_closed_form(mean: float, sd: float, came: float) -> None:
    found = crps_ensemble(mean + sd * GRID, np.array([came]))
    assert found == pytest.approx([crps_gaussian(mean, sd, came)], abs=2e-4 * sd)


def test_crps_of_a_standard_normal_at_its_mean() -> None:
    """Twice the density at 0 less 1 / sqrt(pi)."""
    expected = 2 / np.sqrt(2 * np.pi) - 1 / np.sqrt(np.pi)
    assert crps_gaussian(0.0, 1.0, 0.0) == pytest.approx(expected)


def test_the_fair_score_does_not_depend_on_the_size_of_the_ensemble() -> None:
    rng = np.random.default_rng(4)
    came = rng.standard_normal(20_000)
    fair, plain = (
        [score(rng.standard_normal((size, len(came))), came).mean() for size in (2, 10)]
        for score in (crps_fair, crps_ensemble)
    )
    assert fair == pytest.approx([1 / np.sqrt(np.pi)] * 2, abs=0.02)
    assert plain[0] > plain[1] + 0.2


def test_log_density_of_equal_normals_is_that_of_one() -> None:
    came = np.array([0.3, -2.0])
    found = log_density(came, np.zeros((5, 2)), np.array(2.0), np.inf)
    assert found == pytest.approx(norm.logpdf(came, scale=2.0))


def test_log_density_of_two_is_the_log_of_their_mean() -> None:
    centre = np.array([[0.0], [4.0]])
    found = log_density(np.array([1.0]), centre, np.array(1.0), np.inf)
    assert found == pytest.approx(np.log((norm.pdf(1.0) + norm.pdf(3.0)) / 2))


def test_a_mixed_density_has_mass_one() -> None:
    at = np.linspace(-200, 200, 400_001)
    centre, scale = np.array([[0.0], [5.0]]), np.array([[1.0], [3.0]])
    density = np.exp(log_density(at, centre, scale, 4.0))
    assert np.trapezoid(density, at) == pytest.approx(1.0, abs=1e-4)


def test_interval_of_a_normal() -> None:
    low, high = interval(GRID, 0.8)
    assert (low[0], high[0]) == pytest.approx((-1.2816, 1.2816), abs=1e-3)


def test_interval_score_is_width_and_fine() -> None:
    """An 80 % interval from 0 to 1: missed by 0.3 costs 0.3 * 2 / 0.2 = 3 more."""
    bounds = (np.zeros(3), np.ones(3))
    found = interval_score(bounds, np.array([0.5, 1.3, -0.3]), 0.8)
    assert found == pytest.approx([1.0, 4.0, 4.0])


def test_pit_counts_draws_below_and_half_of_ties() -> None:
    draws = np.array([[1.0], [2.0], [2.0], [3.0]])
    assert pit(draws, np.array([2.0])) == pytest.approx([0.5])
    assert pit(draws, np.array([9.0])) == pytest.approx([1.0])


def test_brier_is_best_at_the_true_probability() -> None:
    said = np.linspace(0, 1, 101)
    expected = 0.3 * brier(said, np.array(1.0)) + 0.7 * brier(said, np.array(0.0))
    assert said[expected.argmin()] == pytest.approx(0.3)


@pytest.mark.parametrize("wrong", [1.2, -0.1, np.nan])
def test_brier_refuses_what_is_no_probability(wrong: float) -> None:
    with pytest.raises(DataError, match="not between 0 and 1"):
        brier(np.array([0.5, wrong]), np.array([1, 0]))


def test_missing_outcomes_are_refused_not_passed_on() -> None:
    with pytest.raises(DataError, match="missing"):
        crps_ensemble(np.zeros((3, 1)), np.array([np.nan]))
    with pytest.raises(DataError, match="at least two"):
        crps_fair(np.zeros((1, 1)), np.zeros(1))


FORECASTERS = {"perfect": 1.0, "overconfident": 0.3, "timid": 3.0}


@pytest.fixture(scope="module")
def contest():
    """Foretell 3000 places whose shares are normal with the spread only the perfect knows."""
    import pandas as pd

    rng = np.random.default_rng(9)
    centre = rng.uniform(0.3, 0.6, 3000)
    came = centre + 0.02 * rng.standard_normal(3000)
    shares = pd.DataFrame([centre, came], index=[2010, 2011])
    foretold = [
        Foretold(
            name,
            "rival",
            2010,
            1,
            centre,
            centre + 0.02 * wide * GRID[::100],
            norm.logpdf(came, centre, 0.02 * wide),
        )
        for name, wide in FORECASTERS.items()
    ]
    return scorecard(score_cells(foretold, shares)).set_index("method")


@pytest.mark.parametrize("score", ["crps", "interval50", "interval80", "interval95"])
def test_the_perfect_forecaster_is_best_on_average(contest, score: str) -> None:
    assert contest[score].idxmin() == "perfect"


def test_the_perfect_forecaster_has_the_best_log_score(contest) -> None:
    assert contest["log_score"].idxmax() == "perfect"


def test_all_forecasters_have_the_same_error(contest) -> None:
    """Point errors cannot find the overconfident one out."""
    assert contest["mae"].nunique() == 1
    assert contest["mae"].iloc[0] == pytest.approx(0.02 * np.sqrt(2 / np.pi), rel=0.05)


def test_the_overconfident_forecaster_is_found_out(contest) -> None:
    for level, expected in ((50, 0.160), (80, 0.299), (95, 0.443)):
        # A normal within 0.3 of its quantile: 2 Phi(0.3 z) - 1.
        assert contest.loc["overconfident", f"coverage{level}"] == pytest.approx(expected, abs=0.03)
        assert contest.loc["perfect", f"coverage{level}"] == pytest.approx(level / 100, abs=0.03)
    assert contest.loc["timid", "coverage80"] > 0.98

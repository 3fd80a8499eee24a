"""Paces: their paths are those of the joint normal, their futures hold what comes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.errors import UnhealthyFit
from qyforecast.inference import pace_fit
from qyforecast.inference.pace_fit import FEW, foresee, in_pairs
from qyforecast.inference.pace_paths import draw_paths
from qyforecast.inference.pace_shocks import draw_variances
from qyforecast.inference.paces import Figures


def heard(level: np.ndarray) -> Figures:
    places, years = level.shape
    return Figures(level, np.zeros((places, years, 0)), np.zeros((places, 0)))


def world(seed: int, places: int = 40, years: int = 45) -> np.ndarray:
    """Regions of unlike volatility whose paces revert to a norm; log odds."""
    rng = np.random.default_rng(seed)
    size = 0.004 * np.exp(0.5 * rng.normal(size=places))
    level, pace, rows = rng.normal(-0.5, 0.8, places), np.full(places, 0.03), []
    for _ in range(years):
        pace = 0.9 * pace + 0.1 * (0.03 - 0.005 * level) + size * rng.normal(size=places)
        level = level + pace
        rows.append(level)
    return np.array(rows).T


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_fit, "BURN", 150)
    monkeypatch.setattr(pace_fit, "SWEEPS", 200)
    monkeypatch.setattr(pace_fit, "GATE", 1.5)


def dense(figures, push, start, turn) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of (level, pace) of all years by one large normal equation."""
    years, (keep, pull) = len(figures), turn
    rows, values, variances = [], [], []

    def say(entries: dict[int, float], value: float, variance: float) -> None:
        row = np.zeros(2 * years)
        for place, weight in entries.items():
            row[place] = weight
        rows.append(row)
        values.append(value)
        variances.append(variance)

    say({1: 1.0}, start[1], start[2])
    for t in range(years):
        if np.isfinite(figures[t, 0]):
            say({2 * t: 1.0}, *figures[t])
        if t:
            pushed, noise, shift, level_noise = push[t]
            say({2 * t + 1: 1.0, 2 * t - 1: -keep, 2 * t - 2: pull}, pushed, noise)
            moved = {2 * t: 1.0, 2 * t - 2: -1.0, 2 * t + 1: -1.0}
            say(moved, shift, level_noise)
    A, weight = np.array(rows), 1 / np.array(variances)
    covariance = np.linalg.inv(A.T @ (A * weight[:, None]))
    return covariance @ A.T @ (weight * np.array(values)), covariance


def test_paths_are_drawn_from_the_joint_normal() -> None:
    """Oracle: Bayes' theorem for all years at once, with gaps and shocks of unlike size."""
    rng, years, copies = np.random.default_rng(3), 7, 20000
    figures = np.column_stack([rng.normal(-0.5, 0.1, years), rng.uniform(0.01, 0.03, years) ** 2])
    figures[[2, 3, 5], 0] = np.nan
    push = np.column_stack(
        [
            rng.normal(0.005, 0.002, years),
            rng.uniform(0.005, 0.02, years) ** 2,
            rng.normal(0, 0.01, years),
            rng.uniform(0.005, 0.02, years) ** 2,
        ]
    )
    start, turn = np.array([0.0, 0.03, 0.02**2]), np.array([0.8, 0.02])
    mean, covariance = dense(figures, push, start, turn)
    found = draw_paths(
        np.repeat(figures[None], copies, axis=0),
        np.repeat(push[None], copies, axis=0),
        np.repeat(start[None], copies, axis=0),
        turn,
        rng.normal(size=(copies, years, 2)),
    ).reshape(copies, -1)
    error = np.sqrt(np.diag(covariance) / copies)
    assert (np.abs(found.mean(axis=0) - mean) < 5 * error).all()
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    assert np.abs((np.cov(found.T) - covariance) / scale).max() < 0.05


def test_yearly_series_are_heard_in_pairs_sparse_ones_whole() -> None:
    yearly = np.arange(20.0)[None, :]
    assert np.flatnonzero(np.isfinite(in_pairs(yearly)[0])).tolist() == [3, 4, 8, 9, 13, 14, 18, 19]
    sparse = np.full((1, 41), np.nan)
    sparse[0, ::5] = 1.0
    assert np.array_equal(in_pairs(sparse), sparse, equal_nan=True)


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any))
def test_what_is_heard_was_there_and_holds_the_last_figure(there: list[bool]) -> None:
    level = np.where(there, np.arange(len(there), dtype=float), np.nan)[None, :]
    found = in_pairs(level)[0]
    kept = np.isfinite(found)
    assert np.array_equal(found[kept], level[0][kept])
    last = np.flatnonzero(there)[-1]
    assert kept[last]
    assert sum(there) >= FEW or np.array_equal(kept, there)


def test_variances_of_unlike_regions_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    counts = np.full(60, 40)
    truth = np.where(np.arange(60) < 30, 0.01, 0.04) ** 2
    squares = truth * rng.chisquare(counts)
    common, draws = (1e-4, 2.0), []
    for _ in range(300):
        own, common = draw_variances(squares, counts, common, 0.01, rng)
        draws.append(np.sqrt(own))
    found = np.mean(draws, axis=0)
    assert found[:30].mean() == pytest.approx(0.01, rel=0.15)
    assert found[30:].mean() == pytest.approx(0.04, rel=0.15)


@pytest.mark.usefixtures("short")
def test_futures_hold_what_comes_about_as_often_as_they_say() -> None:
    """Of 40 regions at two times an 80 % interval holds 32; the bounds are three deviations."""
    inside = []
    for seed in (1, 2):
        level = world(seed)
        drawn = foresee(heard(in_pairs(level[:, :-5])), 5, (seed,)).level[:, 4]
        low, high = np.quantile(drawn, [0.1, 0.9], axis=0)
        inside.append((low <= level[:, -1]) & (level[:, -1] <= high))
        off = np.abs(np.median(drawn, axis=0) - level[:, -1]).mean()
        assert off < np.abs(level[:, -6] - level[:, -1]).mean() / 2
    assert 0.65 <= np.mean(inside) <= 0.95


@pytest.mark.usefixtures("short")
def test_a_seed_gives_the_same_futures() -> None:
    figures = heard(world(5, places=6, years=15))
    first, again = (foresee(figures, 3, (7,)).level for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, foresee(figures, 3, (8,)).level)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("figures", [[0.2], [0.2, 0.3], [0.2, 0.25, 0.26]])
def test_one_region_with_hardly_a_figure_is_foretold_widely(figures: list[float]) -> None:
    drawn = foresee(heard(np.array([figures])), 10, (1,)).level
    assert np.isfinite(drawn).all()
    widths = drawn.std(axis=0)[:, 0]
    assert widths[9] > widths[0] > 0


def test_chains_that_differ_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_fit, "_chain", lambda _, years, seed, __: np.full(
        (50, years, 2), float(seed[-1])) + np.random.default_rng(1).normal(size=(50, years, 2)) / 9
    )  # fmt: skip
    with pytest.raises(UnhealthyFit, match="R-hat"):
        foresee(heard(np.zeros((2, 3))), 2, (1,))

"""What moved a probability: the parts add up, in any order, and each is owed what it changed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qyforecast.demography.paths import draw_rates
from qyforecast.errors import DataError
from qyforecast.forecast import Future
from qyforecast.inference.course import Course, course_levels
from qyforecast.inference.spec import read_spec
from qyforecast.policy import revision
from qyforecast.policy.revision import (
    COVARIATES,
    LEVEL,
    PACE,
    PARTS,
    POPULATION,
    as_many_draws,
    blend,
    explain_move,
)
from qyforecast.provenance import shipped_folder
from tests.policy.conftest import DRAWS, SEED

SEEN = 2022


def random_course(future, rng: np.random.Generator) -> Course:
    """Draw a course of the regression's own kind."""
    shape = (DRAWS, 15, len(future.course.start))
    return Course(
        start=np.asarray(future.course.start) + 0.02 * rng.standard_normal(shape[2]),
        keep=1 - 0.02 * rng.random((DRAWS, 1)),
        pace=0.05 + 0.01 * rng.standard_normal(shape),
        shocks=0.03 * rng.standard_normal(shape),
        response=0.05 * rng.standard_normal((DRAWS, 4)),
        change_response=0.05 * rng.standard_normal((DRAWS, 4)),
    )


@pytest.fixture(scope="module")
def world(future):
    """Give a way to draw vintages that differ in everything."""
    spec = read_spec(shipped_folder("models") / "urbanization" / "spec.yaml")

    def draw(seed: int) -> Future:
        rng = np.random.default_rng(seed)
        order = rng.permutation(DRAWS)
        turned = {
            name: getattr(future.drivers, name).copy(
                data=getattr(future.drivers, name).values[order]
            )
            for name in ("employment", "value_added")
        }
        rates = draw_rates(future.base, years=range(2021, 2036), draws=DRAWS, seed=seed)
        return Future(
            2021, future.city, future.base, replace(future.drivers, **turned), rates,
            random_course(future, rng), spec,
        )  # fmt: skip

    return draw


@pytest.fixture(scope="module")
def baseline(library):
    return library["baseline"]


@given(seed=st.integers(0, 10**6), seen=st.integers(2020, 2035))
@settings(max_examples=6, deadline=None)
def test_parts_add_up_to_the_change(world, baseline, targets, seed, seen):
    before, after = world(seed), world(seed + 1)
    moves = explain_move(before, after, baseline, targets, seen=seen, seed=SEED)
    for move in moves:
        change = move.after.value - move.before.value
        assert sum(move.parts.values()) == pytest.approx(change, abs=1e-9)
    assert any(move.before.value != move.after.value for move in moves)


def test_points_add_up_to_the_change_of_the_mean(world, baseline, by_2035):
    before, after = world(1), world(2)
    (move,) = explain_move(before, after, baseline, [by_2035], seen=SEEN, seed=SEED)
    means = [
        revision.shares_of(revision.run(f, baseline, seed=SEED, to=2035), f.city)[0]
        .sel(year=2035, region=f.city)
        .mean()
        for f in (before, after)
    ]
    assert sum(move.points.values()) == pytest.approx(float(100 * (means[1] - means[0])), abs=1e-9)


def test_a_vintage_that_knows_nothing_new_moves_nothing(world, baseline, targets):
    one = world(3)
    for move in explain_move(one, one, baseline, targets, seen=SEEN, seed=SEED):
        assert move.before == move.after
        assert set(move.parts.values()) == {0.0}


def test_the_order_of_the_parts_does_not_matter(world, baseline, by_2035, monkeypatch):
    pair = world(4), world(5)
    (one,) = explain_move(*pair, baseline, [by_2035], seen=SEEN, seed=SEED)
    shuffled = (POPULATION, LEVEL, COVARIATES, PACE)

    def shapley(value, players, *, seed):
        assert set(players) == set(PARTS)
        return kept(value, shuffled, seed=seed)

    kept = revision.shapley
    monkeypatch.setattr(revision, "shapley", shapley)
    (other,) = explain_move(*pair, baseline, [by_2035], seen=SEEN, seed=SEED)
    assert other.parts == pytest.approx(one.parts, abs=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_what_alone_is_newer_is_owed_everything(part, world, baseline, by_2035):
    before, other = world(6), world(7)
    known = np.arange(15) < SEEN - 2020
    shocks = np.where(
        (known if part == LEVEL else ~known)[:, None], other.course.shocks, before.course.shocks
    )
    after = {
        LEVEL: replace(before, course=replace(before.course, shocks=shocks)),
        PACE: replace(before, course=replace(before.course, shocks=shocks)),
        COVARIATES: replace(before, drivers=_from(before, other, SEEN)),
        POPULATION: replace(before, rates=other.rates),
    }[part]
    (move,) = explain_move(before, after, baseline, [by_2035], seen=SEEN, seed=SEED)
    assert abs(move.points[part]) > 1e-4
    for name in set(PARTS) - {part}:
        assert move.points[name] == pytest.approx(0.0, abs=1e-9)


def _from(before: Future, other: Future, year: int):
    """Drivers that change after a year only."""
    changed = {}
    for name in ("employment", "value_added"):
        old, new = getattr(before.drivers, name), getattr(other.drivers, name)
        changed[name] = old.where(old["year"] <= year, new)
    return replace(before.drivers, **changed)


@pytest.mark.parametrize("newer", [{LEVEL}, {PACE, COVARIATES}, {LEVEL, POPULATION}])
def test_a_blend_stands_where_its_level_says_until_the_last_year_seen(newer, world):
    before, after = world(8), world(9)
    mixed = blend(before, after, frozenset(newer), seen=SEEN)
    source = after if LEVEL in newer else before
    known = SEEN - 2020
    levels, expected = (
        course_levels(f.course, f.drivers, f.spec)[:, : known + 1] for f in (mixed, source)
    )
    np.testing.assert_allclose(levels[:, :known], expected[:, :known], atol=1e-12)
    assert np.abs(levels[:, known] - expected[:, known]).max() > 1e-3


def test_vintages_that_do_not_fit_together_are_refused(world, baseline, library, by_2035):
    one, fewer = world(10), as_many_draws(world(10), 40)
    with pytest.raises(DataError, match="draws"):
        explain_move(one, fewer, baseline, [by_2035], seen=SEEN, seed=SEED)
    with pytest.raises(DataError, match="levers"):
        explain_move(one, one, library["settling-in"], [by_2035], seen=SEEN, seed=SEED)
    with pytest.raises(DataError, match="part"):
        blend(one, one, frozenset({"luck"}), seen=SEEN)

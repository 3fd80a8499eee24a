"""The compiled accounts are the readable ones."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.errors import UnbalancedAccount
from qyforecast.projection.method import Keep, Timing
from qyforecast.projection.project import project
from qyforecast.projection.reference import run_records
from qyforecast.projection.step import run_blocks
from qyforecast.projection.vectors import LANES
from qyforecast.projection.world import World, build_world
from tests.projection.random_worlds import Plan, make, plans

TIMINGS = [Timing(0.5, True), Timing(0.0, False), Timing(0.3, False), Timing(0.0, True)]

#: What accounts in float32 may be off, or fail to close, as a share of the population.
SINGLE = 1e-5


def world_of(plan: Plan, timing: Timing) -> World:
    population, rates, path = make(plan)
    return build_world(population, rates, path, 2020 + plan.width * plan.years, timing)


def compare(world: World, bounds: np.ndarray) -> None:
    fast, broken = run_blocks(world, bounds, "float64", threads=1)
    assert not broken.any()
    slow = run_records(world, bounds, "float64")
    # Sums over a cell's ages differ in their last bits; what they are sums of sets the scale.
    size = np.abs(slow.totals).max()
    for name in ("totals", "flows", "by_age"):
        assert getattr(fast, name) == pytest.approx(
            getattr(slow, name), rel=1e-12, abs=1e-12 * size
        )


@given(plans)
@pytest.mark.parametrize("timing", TIMINGS, ids=str)
def test_twins_agree_in_random_worlds(timing: Timing, plan: Plan):
    world = world_of(plan, timing)
    bounds = np.array([0, world.sizes[-1] // 2]) if plan.ages > 3 else np.zeros(0, dtype=int)
    compare(world, bounds)


@given(plans, st.floats(1.0, 40.0))
def test_twins_refuse_the_same_worlds(plan: Plan, strength: float):
    """Blown up, net departures and moves outrun their stocks here and there."""
    world = world_of(plan, TIMINGS[0])
    blown = {
        name: strength * getattr(world, name)
        for name in ("arrivals", "leaving", "returning", "extra_movers", "reclassified")
    }
    world = replace(world, **blown)
    none = np.zeros(0, dtype=int)
    _, broken = run_blocks(world, none, "float64", threads=1)
    if broken.any():
        with pytest.raises(UnbalancedAccount, match="people"):
            run_records(world, none, "float64")
    else:
        compare(world, none)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 0.9))
def test_where_the_most_willing_are_used_up_the_others_move(seed: int, share: float):
    """The path is met to the last person, nobody is below none, and the twins agree."""
    plan = Plan(seed, intervened=False)
    population, rates, path = make(plan)
    assert path is not None
    assert rates.mobility is not None
    willing = rates.mobility.moving_propensity.copy()
    willing.loc[{"age": willing["age"][1]}] = 1.0
    rates = replace(rates, mobility=replace(rates.mobility, moving_propensity=willing))
    path = replace(path, share=path.share.where(path.share.region != "621000", share))
    world = build_world(population, rates, path, 2020 + plan.years, TIMINGS[0])
    compare(world, np.arange(plan.ages))
    fast, _ = run_blocks(world, np.arange(plan.ages), "float64", threads=1)
    assert (fast.by_age >= 0).all()
    ends = fast.totals.sum(axis=-1)
    assert np.allclose(ends[:, 1, 0, 0], share * ends[:, 1, 0].sum(axis=-1), rtol=1e-12)


def test_twins_agree_at_full_size():
    plan = Plan(seed=5, draws=LANES + 3, years=4, regions=3, ages=101)
    compare(world_of(plan, TIMINGS[0]), np.arange(101))


@given(plans)
@pytest.mark.parametrize("timing", TIMINGS[:2], ids=str)
def test_single_precision_stays_near_the_reference(timing: Timing, plan: Plan):
    world = world_of(plan, timing)
    none = np.zeros(0, dtype=int)
    fast, broken = run_blocks(world, none, "float64", threads=1, accounts="float32")
    assert fast.totals.dtype == fast.flows.dtype == np.float32
    assert not broken.any()
    slow = run_records(world, none, "float64")
    size = np.abs(slow.totals).max()
    assert fast.totals == pytest.approx(slow.totals, rel=SINGLE, abs=SINGLE * size)
    assert fast.flows == pytest.approx(slow.flows, rel=0, abs=SINGLE * size)


@pytest.mark.parametrize(("accounts", "gap"), [("float64", 1e-14), ("float32", SINGLE)])
def test_accounts_close_to_their_precision(accounts: Literal["float32", "float64"], gap: float):
    population, rates, path = make(Plan(seed=5, draws=40, years=15, regions=3, ages=101))
    keep = Keep(accounts=accounts)
    imbalance = project(population, rates, path, to=2035, keep=keep).imbalance()
    assert gap / 1000 < imbalance < gap


def test_threads_change_nothing():
    world = world_of(Plan(seed=6, draws=3 * LANES + 1, regions=3, ages=30), TIMINGS[0])
    none = np.zeros(0, dtype=int)
    one, _ = run_blocks(world, none, "float64", threads=1)
    three, _ = run_blocks(world, none, "float64", threads=3)
    assert np.array_equal(one.totals, three.totals)
    assert np.array_equal(one.flows, three.flows)

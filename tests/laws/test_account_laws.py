"""Laws that the accounts keep in every world."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st

from qyforecast.demography.population import Population
from qyforecast.demography.rates import Interventions, Rates
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.projection.project import project
from qyforecast.projection.projection import Projection
from tests.projection.random_worlds import Plan, make, plans


def run(plan: Plan, keep: str = "ages") -> Projection:
    population, rates, path = make(plan)
    return project(population, rates, path, to=last_year(plan), keep=keep)


def last_year(plan: Plan) -> int:
    return 2020 + plan.width * plan.years


def assert_same(one: Projection, other: Projection) -> None:
    """Check that every number is the same to the last bit."""
    xr.testing.assert_identical(one.totals, other.totals)
    xr.testing.assert_identical(one.flows, other.flows)


@given(plans)
def test_nobody_appears_or_vanishes(plan: Plan):
    projection = run(plan)
    assert projection.imbalance() < 1e-12
    assert projection.ages is not None
    assert (projection.ages.values >= 0).all()
    summed = projection.ages.sum("age").values
    assert summed == pytest.approx(projection.totals.values, rel=1e-13)


@given(plans)
def test_two_legs_are_one_journey(plan: Plan):
    flows = run(plan, "totals").flows
    arrived, left = (flows[kind].sum("area") for kind in ("intercounty_in", "intercounty_out"))
    assert arrived.values == pytest.approx(left.values, rel=1e-11, abs=1e-9)
    if plan.split:
        ends = [flows.isel(area=flows["residence"].values == kind) for kind in ("urban", "rural")]
        for kind in ("rural_to_urban", "urban_to_rural"):
            assert np.array_equal(ends[0][kind].values, ends[1][kind].values)
        assert np.array_equal(ends[0]["reclassified"].values, -ends[1]["reclassified"].values)


def shuffled(noun, rng: np.random.Generator):
    """Reorder every dimension, and the labels along it, of every array of a noun."""
    changed = {}
    for field in fields(noun):
        value = getattr(noun, field.name)
        if isinstance(value, xr.DataArray):
            moved = value.isel({d: rng.permutation(n) for d, n in value.sizes.items()})
            changed[field.name] = moved.transpose(*rng.permutation(list(value.dims)))
        elif is_dataclass(value):
            changed[field.name] = shuffled(value, rng)
    return replace(noun, **changed)


@given(plans, st.integers(0, 2**32 - 1))
def test_labels_decide_never_order(plan: Plan, seed: int):
    population, rates, path = make(plan)
    rng = np.random.default_rng(seed)
    order = rng.permutation(population.persons.sizes["area"])
    other = project(
        Population(population.persons.isel(area=order), 2020),
        shuffled(rates, rng),
        shuffled(path, rng) if path else None,
        to=last_year(plan),
    )
    one = project(population, rates, path, to=last_year(plan))
    totals = other.totals.sel(area=one.totals["area"])
    assert totals.values == pytest.approx(one.totals.values, rel=1e-12)
    flows = other.flows.sel(area=one.totals["area"])
    for kind in one.flows:
        assert flows[kind].values == pytest.approx(one.flows[kind].values, rel=1e-9, abs=1e-9)


@given(plans)
def test_names_of_regions_mean_nothing(plan: Plan):
    population, rates, path = make(plan)

    def rename(noun):
        changed = {}
        for field in fields(noun):
            value = getattr(noun, field.name)
            if isinstance(value, xr.DataArray):
                names = {
                    name: (value[name].dims, [f"Z{label}" for label in value[name].values])
                    for name in ("area", "region")
                    if name in value.coords
                }
                changed[field.name] = value.assign_coords(names)
            elif is_dataclass(value):
                changed[field.name] = rename(value)
        return replace(noun, **changed)

    one = project(population, rates, path, to=last_year(plan))
    other = project(
        rename(population), rename(rates), rename(path) if path else None, to=last_year(plan)
    )
    assert np.array_equal(one.totals.values, other.totals.values)


@given(plans)
def test_a_draw_knows_nothing_of_the_others(plan: Plan):
    population, rates, path = make(plan)

    def only_last(noun):
        changed = {}
        for field in fields(noun):
            value = getattr(noun, field.name)
            if isinstance(value, xr.DataArray) and "draw" in value.dims:
                changed[field.name] = value.isel(draw=[-1])
            elif is_dataclass(value):
                changed[field.name] = only_last(value)
        return replace(noun, **changed)

    everyone = project(population, rates, path, to=last_year(plan))
    alone = project(
        only_last(population), only_last(rates), only_last(path) if path else None,
        to=last_year(plan),
    )  # fmt: skip
    assert np.array_equal(alone.totals.values[0], everyone.totals.values[-1])


@given(plans)
def test_the_urban_share_is_the_path(plan: Plan):
    population, rates, path = make(replace(plan, split=True, coupled=True, intervened=False))
    projection = project(population, rates, path, to=last_year(plan))
    assert path is not None
    share = projection.urban_share().isel(year=slice(1, None))
    assert share.values == pytest.approx(path.share.values, abs=1e-12)


@given(plans)
def test_interventions_of_strength_zero_change_no_bit(plan: Plan):
    population, rates, path = make(replace(plan, split=True, intervened=True))
    done = rates.interventions
    assert done is not None
    zero = {field.name: 0.0 * getattr(done, field.name) for field in fields(done)}
    nothing = replace(rates, interventions=Interventions(**zero))
    without = replace(rates, interventions=None)
    to = last_year(plan)
    assert_same(
        project(population, nothing, path, to=to), project(population, without, path, to=to)
    )


def still_world(plan: Plan) -> tuple[Population, Rates, UrbanPath]:
    """Make a world where nobody is born, dies, or comes from outside."""
    population, rates, path = make(replace(plan, split=True, coupled=True, leaving=False))
    assert path is not None
    vital = replace(
        rates.vital,
        survivorship=xr.ones_like(rates.vital.survivorship),
        fertility=xr.zeros_like(rates.vital.fertility),
    )
    return population, replace(rates, vital=vital, migration=None), path


@given(plans, st.floats(1, 60), st.sampled_from([-1, 1]))
def test_a_lever_and_its_inverse_cancel(plan: Plan, people: float, sign: int):
    """People reclassified in the first year, and as many back in the second."""
    assume(plan.years > 1)
    population, rates, path = still_world(plan)
    years = path.share["year"].values
    there_and_back = xr.zeros_like(path.share)
    there_and_back.loc[{"year": years[0]}] = sign * people
    there_and_back.loc[{"year": years[1]}] = -sign * people
    # In the second year the path, still shifted, is met before the way back is made.
    flat = UrbanPath(xr.ones_like(path.share) * 0.5)
    rates = replace(rates, interventions=Interventions(reclassified=there_and_back))
    share = project(population, rates, flat, to=last_year(plan)).urban_share()
    assert share.isel(year=slice(2, None)).values == pytest.approx(0.5, abs=1e-10)
    moved = np.abs(share.isel(year=1).values - 0.5).min()
    assert moved > 1e-7 * people


@given(plans, st.floats(5, 60))
def test_what_an_intervention_adds_persists(plan: Plan, people: float):
    """In log odds of the urban share, in every later year."""
    population, rates, path = still_world(plan)
    once = xr.zeros_like(path.share)
    once.loc[{"year": path.share["year"].values[0]}] = people
    rates = replace(rates, interventions=Interventions(reclassified=once))
    share = project(population, rates, path, to=last_year(plan)).urban_share()
    reached = share.isel(year=slice(1, None)).values
    gain = np.log(reached / (1 - reached)) - np.log(path.share / (1 - path.share)).values
    assert (gain > 0).all()
    first = np.broadcast_to(gain[:, :1], gain.shape)
    assert gain == pytest.approx(first, rel=1e-6)

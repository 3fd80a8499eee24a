"""Faults known from the field, planted: a law or an oracle must catch each."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from qyforecast.projection import frame, ledger, movement, reference
from qyforecast.projection.method import TIMINGS, Keep
from qyforecast.projection.projection import Projection
from qyforecast.projection.records import label_records
from qyforecast.projection.world import build_world
from tests.projection.random_worlds import Plan, make
from tests.textbook.test_accounts import BOYS, EXPECTED, numbers, sweden_inputs

PLAN = Plan(seed=4, draws=2, years=3, regions=3, ages=8)


def run() -> Projection:
    """Project a random world by the readable accounts, as they now are."""
    population, rates, path = make(PLAN)
    world = build_world(population, rates, path, 2023, TIMINGS["even"])
    records = reference.run_records(world, np.zeros(0, dtype=int), "float64")
    areas = tuple(population.persons["area"].values)
    return label_records(records, world.frame, Keep(), areas)


def sweden_is_right() -> bool:
    """Whether the readable accounts, as they now are, give Box 6.2."""
    population, rates = sweden_inputs()
    world = build_world(population, rates, None, 1998, TIMINGS["even"])
    stocks, _ = reference.run(world)
    men, women = stocks[0, -1, 0, 0]
    return np.array_equal(np.rint(women), numbers(EXPECTED)) and np.rint(men[0]) == BOYS


def test_without_a_fault_nothing_is_caught():
    assert sweden_is_right()
    assert run().imbalance() < 1e-12


def test_emigration_added_is_caught(monkeypatch: pytest.MonkeyPatch):
    """The stock gains those who are booked as leaving."""
    honest = ledger.Step.subtract

    def added(step: ledger.Step, flow: np.ndarray, what: str) -> None:
        honest(step, -flow if what.startswith("external") else flow, what)

    monkeypatch.setattr(ledger.Step, "subtract", added)
    assert run().imbalance() > 1e-4
    assert not sweden_is_right()


def test_births_without_the_mean_of_mothers_are_caught(monkeypatch: pytest.MonkeyPatch):
    """Only women at the start bear; the account still closes, Sweden does not."""
    honest: Callable = reference.bear
    monkeypatch.setattr(reference, "bear", lambda step, before, after: honest(step, before, before))
    assert run().imbalance() < 1e-12
    assert not sweden_is_right()


def test_deaths_of_the_newborn_forgotten_are_caught(monkeypatch: pytest.MonkeyPatch):
    honest: Callable = reference.bear

    def forgetful(*arguments):
        births, deaths = honest(*arguments)
        return births, 0 * deaths

    monkeypatch.setattr(reference, "bear", forgetful)
    assert run().imbalance() > 1e-4


def test_an_area_order_swapped_is_caught(monkeypatch: pytest.MonkeyPatch):
    """Values are taken as they stand; labels are not asked."""
    population, rates, path = make(PLAN)
    backwards = type(population)(population.persons.isel(area=slice(None, None, -1)), 2020)

    def total(of: object) -> xr.DataArray:
        assert isinstance(of, type(population))
        world = build_world(of, rates, path, 2023, TIMINGS["even"])
        records = reference.run_records(world, np.zeros(0, dtype=int), "float64")
        projection = label_records(records, world.frame, Keep(), world.frame.areas)
        return projection.totals.sel(area=population.persons["area"].values)

    np.testing.assert_allclose(total(backwards), total(population), rtol=1e-12)
    monkeypatch.setattr(frame, "_reorder", lambda name, values, frame, dim: values)
    assert np.abs(total(backwards).values / total(population).values - 1).max() > 1e-3


def test_a_leg_left_out_is_caught(monkeypatch: pytest.MonkeyPatch):
    """People arrive in town and stay in the village as well."""

    def one_leg(step: ledger.Step, to_town: np.ndarray, to_village: np.ndarray) -> None:
        step.stock = step.stock + np.stack([to_town, to_village], axis=2)

    monkeypatch.setattr(movement, "exchange", one_leg)
    assert run().imbalance() > 1e-4

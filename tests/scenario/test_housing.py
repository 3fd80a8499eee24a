"""The limit by homes, ages of levers, and saturation: their laws, then cases by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.errors import ScenarioError
from qyforecast.provenance import Evidence
from qyforecast.scenario.economy import Pace
from qyforecast.scenario.effect import Effect, Timing
from qyforecast.scenario.housing import Homes, HomesCap
from qyforecast.scenario.interventions import Family, Return
from qyforecast.scenario.people import Coming, Fertility, Leaving
from qyforecast.scenario.scenario import Scenario

JUDGED = Evidence("judgement", "a test", 2022)
FAMILY = Family("families", Effect(0.3, 0.3, 0.3, JUDGED), Timing(2021))


def cap(persons=1000.0, *, movers=10_000.0, places=None, **timing):
    when = Timing(**({"start": 2021, "ramp": 2} | timing))
    effect = Effect(persons, persons, persons, JUDGED)
    return HomesCap("room", effect, when, places, movers=movers)


def followers(drivers, rates, *levers):
    scenario = Scenario("a", "What if?", "四", "baseline", (), levers)
    return scenario.apply(drivers, rates, seed=1)[1].interventions.followers


def test_no_more_families_come_than_there_are_homes_for(drivers, rates):
    """1,000 housed over two years, 10,000 movers a year: 0.05 for each, then no limit."""
    found = followers(drivers, rates, FAMILY, cap())
    np.testing.assert_allclose(found.sel(year=[2021, 2022]), 0.05)
    np.testing.assert_allclose(found.sel(year=2023), 0.3)


def test_ample_homes_limit_nobody(drivers, rates):
    free = followers(drivers, rates, FAMILY)
    assert np.array_equal(followers(drivers, rates, FAMILY, cap(50_000.0)), free)


def test_a_limit_binds_in_its_place_alone(drivers, rates):
    found = followers(drivers, rates, FAMILY, cap(places={"621021": 1.0}))
    np.testing.assert_allclose(found.sel(region="621002"), 0.3)
    np.testing.assert_allclose(found.sel(region="621021", year=2021), 0.05)


@given(factor=st.floats(0, 1))
def test_between_no_limit_and_a_full_one_it_is_in_proportion(factor):
    assert cap().scaled(factor).dose == factor


def test_a_limit_of_no_strength_changes_no_bit(drivers, rates):
    free = followers(drivers, rates, FAMILY)
    assert np.array_equal(followers(drivers, rates, FAMILY, cap().scaled(0)), free)
    half = followers(drivers, rates, FAMILY, cap().scaled(0.5))
    np.testing.assert_allclose(half.sel(year=2021), 0.3 - 0.5 * 0.25)


def test_a_limit_without_families_leaves_the_rates_as_they_are(drivers, rates):
    lever = cap()
    assert lever.act(drivers, rates, lever.strength(drivers, seed=1))[1] is rates


@pytest.mark.parametrize("factor", [-1, 1.5])
def test_a_limit_is_not_turned_round(factor):
    with pytest.raises(ScenarioError, match="the other way"):
        cap().scaled(factor)


def test_a_limit_needs_the_movers_of_a_year_and_no_end():
    with pytest.raises(ScenarioError, match="movers of a year"):
        cap(movers=0.0)
    with pytest.raises(ScenarioError, match="ends with its ramp"):
        cap(end=2030)


@pytest.mark.parametrize("cls", [Homes, HomesCap])
def test_homes_below_zero_are_refused(cls):
    more = {"movers": 1.0} if cls is HomesCap else {}
    with pytest.raises(ScenarioError, match="homes below zero"):
        cls("h", Effect(10, -5, 20, JUDGED), Timing(2021, 2), **more)


@pytest.mark.parametrize("factor", [0.0, 0.5, 1.0, 2.0, 7.0])
def test_saturation_never_gives_more_than_its_multiple(factor):
    lever = Pace("p", Effect(0.02, 0.01, 0.03, JUDGED), Timing(2021), saturation=3.0)
    dose = lever.scaled(factor).dose
    assert dose == pytest.approx(3 * (1 - (2 / 3) ** factor))
    assert dose <= 3
    assert lever.scaled(-factor).dose == -dose


def test_the_stated_effect_is_not_changed_by_saturation(drivers):
    plain = Pace("p", Effect(0.02, 0.01, 0.03, JUDGED), Timing(2021))
    saturating = replace(plain, saturation=3.0)
    one, two = (lever.strength(drivers, seed=1) for lever in (plain, saturating))
    assert np.array_equal(one, two)


def test_ages_take_their_part_of_a_flow(drivers, rates):
    """Departures are as likely at each of four ages: half of the effect at two of them."""
    effect = Effect(0.4, 0.4, 0.4, JUDGED)
    whole = Leaving("l", effect, Timing(2021))
    part = replace(whole, ages=(2, 3))
    before = rates.migration.departure_scale
    logs = [
        np.log(
            lever.act(drivers, rates, lever.strength(drivers, seed=1))[1].migration.departure_scale
            / before
        )
        for lever in (whole, part)
    ]
    np.testing.assert_allclose(logs[0], 0.4)
    np.testing.assert_allclose(logs[1], 0.2)


@pytest.mark.parametrize("cls", [Leaving, Coming, Fertility])
def test_a_lever_at_some_ages_and_its_inverse_cancel(cls, drivers, rates):
    lever = cls("l", Effect(0.2, 0.1, 0.5, JUDGED), Timing(2021), ages=(2, 40))
    there = lever.act(drivers, rates, lever.strength(drivers, seed=1))
    back = lever.scaled(-1)
    again = back.act(*there, back.strength(drivers, seed=1))[1]
    neutral = rates.migration.arrivals_scale
    assert neutral is None
    for noun, field in (("migration", "departure_scale"), ("vital", "fertility_scale")):
        gap = getattr(getattr(again, noun), field) - getattr(getattr(rates, noun), field)
        assert float(np.abs(gap).max()) < 1e-12
    if cls is Coming:
        np.testing.assert_allclose(again.migration.arrivals_scale, 1, atol=1e-12)


@pytest.mark.parametrize(
    ("cls", "ages", "words"),
    [
        (Leaving, (20, 130), "no group has"),
        (Leaving, (30, 20), "no group has"),
        (Pace, (20, 30), "felt at all ages"),
        (Return, (101, 102), "no group has"),
    ],
)
def test_ages_that_no_group_has_are_refused(cls, ages, words):
    with pytest.raises(ScenarioError, match=words):
        cls("l", Effect(0.1, 0.1, 0.1, JUDGED), Timing(2021), ages=ages)


def test_ages_at_which_nothing_happens_are_refused(drivers, rates):
    lever = Fertility("f", Effect(0.1, 0.1, 0.1, JUDGED), Timing(2021), ages=(0, 1))
    with pytest.raises(ScenarioError, match="nothing happens"):
        lever.act(drivers, rates, lever.strength(drivers, seed=1))

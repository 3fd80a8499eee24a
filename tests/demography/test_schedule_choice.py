"""The family of a migration schedule: found where it is known, no richer than it must be."""

import numpy as np
import pytest

from qyforecast.demography.schedule_choice import choose_schedule
from qyforecast.demography.schedules import WESTERN, MigrationSchedule
from qyforecast.errors import RateError

AGES = np.arange(0.5, 90)
PERSONS = np.full(AGES.size, 1000.0)
RETIRED = MigrationSchedule(
    **{**WESTERN["male"].parameters, "a3": 0.3, "alpha3": 0.6, "mu3": 62.0, "lambda3": 0.3}
)


def test_seven_parameters_made_of_seven_are_kept():
    noise = 1 + 0.02 * np.random.default_rng(1).standard_normal(AGES.size)
    chosen = choose_schedule(AGES, WESTERN["male"].rates(AGES) * noise, PERSONS, observations=18)
    assert chosen.family == 7
    assert chosen.fits
    assert chosen.misplaced < 0.02


def test_a_retirement_peak_asks_for_eleven():
    chosen = choose_schedule(AGES, RETIRED.rates(AGES), PERSONS, observations=40)
    assert chosen.family == 11
    assert chosen.schedule.parameters["mu3"] == pytest.approx(62, abs=2)


def test_a_richer_family_needs_more_observations():
    few = choose_schedule(AGES, RETIRED.rates(AGES), PERSONS, observations=18)
    assert set(few.criteria) == {7, 9, 11}


def test_a_hole_among_the_young_is_called_no_fit():
    rates = WESTERN["female"].rates(AGES)
    rates[15:30] = 0.0
    chosen = choose_schedule(AGES, rates, PERSONS, observations=18)
    assert not chosen.fits


def test_misplaced_is_half_the_sum_of_differences():
    rates = WESTERN["female"].rates(AGES) + 0.004 * (AGES % 10 > 5)
    chosen = choose_schedule(AGES, rates, PERSONS, observations=18)
    gap = np.abs(chosen.schedule.rates(AGES) - rates).sum()
    assert chosen.misplaced == pytest.approx(gap / rates.sum() / 2)


def test_twelve_observations_choose_nothing():
    with pytest.raises(RateError, match="too few observations"):
        choose_schedule(AGES, WESTERN["male"].rates(AGES), PERSONS, observations=12)

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qyforecast.demography.lifetable import life_expectancy, life_table
from qyforecast.demography.mortality_level import (
    scale_to_life_expectancy,
    shift_mortality,
    split_life_expectancy,
)
from qyforecast.errors import RateError

AGES = np.array([0, 1, *range(5, 105, 5)])
MALE = np.array([0.006, 0.0004, *(0.00025 * np.exp(0.078 * (AGES[2:] - 5)))])
MX = np.stack([MALE, 0.7 * MALE])
SEXES = ("male", "female")


@given(years=st.floats(-6, 8), shift=st.sampled_from(["proportional", "log-odds"]))
def test_the_stated_life_expectancy_is_met(years: float, shift: str) -> None:
    assume(abs(years) > 1e-6)
    now = life_expectancy(MX, AGES, SEXES)
    moved = scale_to_life_expectancy(MX, AGES, SEXES, now + years, shift=shift)
    np.testing.assert_allclose(life_expectancy(moved.mx, AGES, SEXES), now + years, atol=1e-8)
    assert np.all((moved.factor < 1) == (years > 0))


@given(completeness=st.floats(0.5, 1.0))
def test_under_registration_is_found(completeness: float) -> None:
    """Deaths of which an equal share is missing at all ages: the share comes back."""
    truth = life_expectancy(MX, AGES, SEXES)
    found = scale_to_life_expectancy(MX * completeness, AGES, SEXES, truth)
    np.testing.assert_allclose(1 / found.factor, completeness, rtol=1e-7)
    np.testing.assert_allclose(found.mx, MX, rtol=1e-7)


@given(factor=st.floats(0.6, 1.5), shift=st.sampled_from(["proportional", "log-odds"]))
def test_a_shift_and_its_inverse_cancel(factor: float, shift: str) -> None:
    ages = np.arange(101)
    mx = 0.0004 * np.exp(0.07 * ages)
    there = shift_mortality(mx, ages, "male", factor, shift=shift)
    back = shift_mortality(there, ages, "male", 1 / factor, shift=shift)
    # a(0) follows the death rate of infants, so only age 0 may keep a trace.
    np.testing.assert_allclose(back, mx, rtol=1e-4)
    np.testing.assert_allclose(back[1:], mx[1:], rtol=1e-10)


def test_log_odds_moves_the_odds_of_dying() -> None:
    ages = np.arange(101)
    mx = 0.0004 * np.exp(0.07 * ages)
    before = life_table(mx, ages, "female")
    after = life_table(shift_mortality(mx, ages, "female", 2.0, shift="log-odds"), ages, "female")
    odds = [t.qx[1:-1] / (1 - t.qx[1:-1]) for t in (before, after)]
    np.testing.assert_allclose(odds[1] / odds[0], 2.0, rtol=1e-10)


def test_a_factor_of_the_nation_goes_to_its_parts() -> None:
    """Census deaths of China 2020 have e0 79.5 and 84.6; published is 77.93 for both sexes."""
    target = split_life_expectancy(77.93, 5.51, sex_ratio_at_birth=1.11)
    nation = scale_to_life_expectancy(MX, AGES, SEXES, target)
    town = shift_mortality(MX * 0.9, AGES, SEXES, nation.factor)
    village = shift_mortality(MX * 1.2, AGES, SEXES, nation.factor)
    np.testing.assert_allclose(life_expectancy(nation.mx, AGES, SEXES), target, atol=1e-8)
    assert np.all(life_expectancy(town, AGES, SEXES) > target)
    assert np.all(life_expectancy(village, AGES, SEXES) < target)


@given(e0=st.floats(60, 90), gap=st.floats(-2, 10), ratio=st.floats(1.0, 1.2))
def test_the_sexes_average_to_both(e0: float, gap: float, ratio: float) -> None:
    male, female = split_life_expectancy(e0, gap, sex_ratio_at_birth=ratio)
    assert female - male == pytest.approx(gap)
    assert (ratio * male + female) / (1 + ratio) == pytest.approx(e0)


def test_published_sexes_of_china_2020() -> None:
    """National Bureau of Statistics, 2020: 77.93 years, males 75.37, females 80.88."""
    sexes = split_life_expectancy(77.93, 80.88 - 75.37, sex_ratio_at_birth=1.113)
    np.testing.assert_allclose(sexes, [75.37, 80.88], atol=0.1)


def test_what_cannot_be_met_is_refused() -> None:
    with pytest.raises(RateError, match="outside what the schedule can give"):
        scale_to_life_expectancy(MX, AGES, SEXES, [1000.0, 1000.0])
    with pytest.raises(RateError, match="more people die than live"):
        scale_to_life_expectancy(MX, AGES, SEXES, 25.0)
    with pytest.raises(RateError, match="something above 0"):
        shift_mortality(MX, AGES, SEXES, 0.0)
    with pytest.raises(RateError, match="did you mean 'proportional'"):
        shift_mortality(MX, AGES, SEXES, 1.1, shift="proportionel")

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.demography.lifetable import LifeTable, life_expectancy, life_table
from qyforecast.demography.mortality_bracket import survivorship_between
from qyforecast.demography.mortality_level import scale_to_life_expectancy
from qyforecast.demography.single_ages import graduate_life_table
from qyforecast.demography.survivorship import (
    Survivorship,
    five_year_survivorship,
    one_year_survivorship,
    survivorship_expectancy,
)
from qyforecast.errors import RateError

AGES = np.array([0, 1, *range(5, 105, 5)])
SINGLE = np.arange(101)


def abridged(level: float = 1.0) -> LifeTable:
    """Make a life table of people who live about 77 years at level 1."""
    mx = np.array([0.006, 0.0004, *(0.00025 * np.exp(0.078 * (AGES[2:] - 5)))])
    return life_table(level * mx, AGES, "female")


def stationary(table: LifeTable, step: int) -> np.ndarray:
    """Give the stationary population of a table in the groups of the accounts."""
    return table.Lx if step == 1 else np.append(table.Lx[:2].sum(), table.Lx[2:])


def one_step(persons: np.ndarray, births: float, rates: Survivorship) -> np.ndarray:
    survivors = persons * rates.persons
    older = np.append(births * rates.births, survivors[:-1])
    older[-1] += survivors[-1]
    return older


@given(level=st.floats(0.3, 1.5), open_group=st.sampled_from(["own", "pooled"]))
def test_a_stationary_population_stays(level: float, open_group: str) -> None:
    """The persons of a life table are what its births and survivorship keep up."""
    five = abridged(level)
    for rates, table in (
        (
            one_year_survivorship(graduate_life_table(five), open_group=open_group),
            graduate_life_table(five),
        ),
        (five_year_survivorship(five, open_group=open_group), five),
    ):
        persons = stationary(table, rates.step)
        np.testing.assert_allclose(one_step(persons, rates.step, rates), persons, rtol=1e-10)


@given(level=st.floats(0.3, 1.5))
def test_survivorship_is_a_share_and_keeps_life_expectancy(level: float) -> None:
    single = graduate_life_table(abridged(level))
    rates = one_year_survivorship(single)
    assert np.all((rates.persons > 0) & (rates.persons < 1))
    assert 0 < rates.births < 1
    assert float(survivorship_expectancy(rates)) == pytest.approx(float(single.ex[0]), rel=1e-12)


def test_five_year_survivorship_as_the_united_nations_do() -> None:
    """Births (L0 + L1-4) / 5; the open group T100 / (L95-99 + T100); closed groups L / L."""
    table = abridged()
    rates = five_year_survivorship(table)
    L = table.Lx
    assert rates.ages.tolist() == [0, *range(5, 105, 5)]
    assert float(rates.births) == pytest.approx((L[0] + L[1]) / 5)
    assert float(rates.persons[0]) == pytest.approx(L[2] / (L[0] + L[1]))
    assert float(rates.persons[-1]) == pytest.approx(L[-1] / (L[-2] + L[-1]))
    assert float(rates.persons[-2]) == pytest.approx(L[-1] / (L[-2] + L[-1]))


def test_one_year_five_times_is_five_years() -> None:
    five, single = abridged(), graduate_life_table(abridged())
    persons = single.Lx
    for _ in range(5):
        persons = one_step(persons, 0.0, one_year_survivorship(single))
    groups = np.add.reduceat(persons, np.arange(0, 101, 5))
    expected = one_step(stationary(five, 5), 0.0, five_year_survivorship(five))
    np.testing.assert_allclose(groups, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(("gains", "dip"), [((-2, 6), 0.75), ((-2, 10), 1.7)])
def test_a_bracket_gives_the_life_expectancy_asked_for(
    gains: tuple[float, float], dip: float
) -> None:
    """Linear weights fall short in the middle, as the docstring says; exact ones do not."""
    single = graduate_life_table(abridged())
    bracket = survivorship_between(single.mx, SINGLE, "female", gains)
    target = np.linspace(bracket.e0[0], bracket.e0[1], 21)
    linear = np.linspace(0, 1, 21)
    short = target - survivorship_expectancy(bracket.between(linear))
    assert np.all(short > -1e-9)
    assert 0.5 * dip < short.max() < dip
    exact = bracket.between(bracket.weight(target))
    np.testing.assert_allclose(survivorship_expectancy(exact), target, atol=1e-4)


def test_between_the_levels_survivorship_is_that_of_the_schedule() -> None:
    single = graduate_life_table(abridged())
    bracket = survivorship_between(single.mx, SINGLE, "female", (-2, 6))
    target = np.linspace(bracket.e0[0] + 0.1, bracket.e0[1] - 0.1, 9)
    linear = bracket.between(bracket.weight(target))
    moved = scale_to_life_expectancy(single.mx, SINGLE, "female", target)
    exact = one_year_survivorship(life_table(moved.mx, SINGLE, "female"))
    np.testing.assert_allclose(linear.persons[:, :80], exact.persons[:, :80], atol=2e-4)
    np.testing.assert_allclose(linear.persons, exact.persons, atol=6e-3)
    np.testing.assert_allclose(linear.births, exact.births, atol=1e-4)


def test_a_bracket_of_two_sexes_and_many_draws() -> None:
    single = graduate_life_table(abridged())
    mx = np.stack([single.mx * 1.3, single.mx])
    bracket = survivorship_between(mx, SINGLE, ("male", "female"), (-3, 7))
    now = life_expectancy(mx, SINGLE, ("male", "female"))
    np.testing.assert_allclose(bracket.e0, np.stack([now - 3, now + 7]), atol=1e-8)
    target = now + np.linspace(-2, 6, 50)[:, None, None] * np.ones((50, 4, 1))
    weight = bracket.weight(target)
    assert weight.shape == (50, 4, 2)
    reached = survivorship_expectancy(bracket.between(weight))
    np.testing.assert_allclose(reached, target, atol=1e-4)
    assert np.all(bracket.low.persons <= bracket.high.persons)


def test_what_cannot_be_is_refused() -> None:
    single = graduate_life_table(abridged())
    with pytest.raises(RateError, match="needs single ages"):
        one_year_survivorship(abridged())
    with pytest.raises(RateError, match="needs an abridged table"):
        five_year_survivorship(single)
    with pytest.raises(RateError, match="did you mean 'pooled'"):
        one_year_survivorship(single, open_group="poled")
    with pytest.raises(RateError, match="must exceed"):
        survivorship_between(single.mx, SINGLE, "female", (3, 3))
    bracket = survivorship_between(single.mx, SINGLE, "female", (0, 5))
    with pytest.raises(RateError, match="outside the bracket"):
        bracket.weight(bracket.e0[1] + 1)

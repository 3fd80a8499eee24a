import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.demography.closure import close_open_age, extend_open_age
from qyforecast.demography.lifetable import life_expectancy
from qyforecast.errors import RateError

AGES = np.array([0, 1, *range(5, 105, 5)])
TO_85 = AGES[:19]


def kannisto(level: float, slope: float) -> np.ndarray:
    """Give rates whose old ages lie on a Kannisto curve."""
    mx = np.full(AGES.size, 0.002)
    old = AGES >= 60
    mx[old] = 1 / (1 + np.exp(-(level + slope * (AGES[old] - 80))))
    return mx


@given(level=st.floats(-3, -1), slope=st.floats(0.05, 0.12))
def test_a_kannisto_curve_is_continued_as_it_is(level: float, slope: float) -> None:
    mx = kannisto(level, slope)
    closed, ages = close_open_age(mx[:19], TO_85, open_age=100, fit_ages=(65, 70, 75, 80))
    np.testing.assert_array_equal(ages, AGES)
    np.testing.assert_allclose(closed, mx, rtol=1e-10)


def test_sexes_never_cross_in_the_coherent_form() -> None:
    male, female = kannisto(-2.0, 0.08), kannisto(-2.4, 0.13)
    apart, _ = close_open_age([male, female], AGES)
    together, ages = close_open_age([male, female], AGES, method="kannisto-coherent")
    old = ages >= 100
    assert np.any(apart[0, old] < apart[1, old])
    assert np.all(together[0, old] > together[1, old])
    np.testing.assert_array_equal(together[:, ~old], np.stack([male, female])[:, :-1])


def test_a_constant_rate_leaves_life_expectancy() -> None:
    mx = kannisto(-2.0, 0.09)
    longer, ages = close_open_age(mx[:19], TO_85, open_age=130, method="constant")
    middle = np.full(ages.size, 2.5)
    middle[:2] = 0.1, 1.6
    # a(x) of a constant force, so that nothing but the open group's division differs.
    old = ages >= 85
    m = longer[old]
    middle[old] = 1 / m - 5 / np.expm1(5 * m)
    divided = life_expectancy(longer, ages, "male", ax=middle)
    whole = life_expectancy(mx[:19], TO_85, "male", ax=middle[:19])
    assert float(divided) == pytest.approx(float(whole), abs=1e-10)


@given(level=st.floats(-3, -1.2), slope=st.floats(0.06, 0.12), more=st.floats(0.8, 1.2))
def test_dividing_an_open_group_keeps_life_expectancy(
    level: float, slope: float, more: float
) -> None:
    mx = kannisto(level, slope)[:19]
    # The published rate of the open group need not lie on the curve.
    mx[-1] = min(1 / (1 / mx[-1] * more), 0.5)
    longer, ages = extend_open_age(mx, TO_85, "female")
    before = float(life_expectancy(mx, TO_85, "female"))
    assert float(life_expectancy(longer, ages, "female")) == pytest.approx(before, abs=1e-8)
    assert np.all(np.diff(longer[18:]) > 0)
    np.testing.assert_array_equal(longer[:18], mx[:18])


def test_single_ages_are_closed_by_single_ages() -> None:
    ages = np.arange(101)
    mx = 1 / (1 + np.exp(-(-2 + 0.09 * (ages - 80.0))))
    longer, new = close_open_age(mx, ages, open_age=110, fit_ages=range(80, 100))
    np.testing.assert_array_equal(new, np.arange(111))
    np.testing.assert_allclose(longer, 1 / (1 + np.exp(-(-2 + 0.09 * (new - 80.0)))), rtol=1e-10)


def test_what_cannot_be_closed_is_refused() -> None:
    mx = kannisto(-2.0, 0.09)
    with pytest.raises(RateError, match="did you mean 'kannisto'"):
        close_open_age(mx, AGES, method="kanisto")
    with pytest.raises(RateError, match="two or more closed age groups"):
        close_open_age(mx, AGES, fit_ages=(95, 100))
    with pytest.raises(RateError, match="cannot become one from 102"):
        close_open_age(mx, AGES, open_age=102)
    with pytest.raises(RateError, match="dimension of sexes"):
        close_open_age(mx, AGES, method="kannisto-coherent")
    mx[18] = 1.2
    with pytest.raises(RateError, match=r"between 0 and 1\n  where: age 85"):
        close_open_age(mx, AGES)

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qyforecast.demography.death_rates import check_ages, death_rates
from qyforecast.demography.lifetable import life_expectancy, life_table
from qyforecast.demography.separation import infant_death_rate, infant_separation
from qyforecast.demography.similarity import index_of_dissimilarity, index_of_relative_difference
from qyforecast.errors import RateError

ABRIDGED = (0, 1, *range(5, 90, 5))
SINGLE = tuple(range(101))

#: A schedule that looks like a population's: infants, a fall, then Gompertz.
MX = np.array([0.02, 0.002, *(0.0004 * np.exp(0.085 * (np.arange(7.5, 90, 5) - 7.5)))])


@st.composite
def schedules(draw: st.DrawFn) -> np.ndarray:
    """Draw death rates by abridged age, from very low to very high mortality."""
    infant = draw(st.floats(1e-4, 0.3))
    child = infant * draw(st.floats(0.02, 0.25))
    level = draw(st.floats(5e-5, 5e-3))
    slope = draw(st.floats(0.02, 0.09))
    adult = level * np.exp(slope * (np.arange(7.5, 90, 5) - 7.5))
    assume(adult[-1] < 0.35)
    return np.array([infant, child, *adult])


@given(mx=schedules(), sex=st.sampled_from(["male", "female", "both"]))
def test_a_cohort_dies_out_once(mx: np.ndarray, sex: str) -> None:
    table = life_table(mx, ABRIDGED, sex, radix=1e5)
    assert np.all(np.diff(table.lx) <= 0)
    assert np.all(table.lx > 0)
    assert table.dx.sum() == pytest.approx(1e5, rel=1e-12)
    assert table.Lx.sum() == pytest.approx(table.Tx[0], rel=1e-12)
    assert np.all((table.qx >= 0) & (table.qx <= 1))
    np.testing.assert_allclose(table.dx / table.Lx, mx, rtol=1e-10)
    assert 0 < table.ex[0] < 85 + 1 / mx[-1]


@given(
    mx=schedules(),
    more=st.floats(1.0, 1.2),
    age=st.integers(0, len(ABRIDGED) - 1),
    sex=st.sampled_from(["male", "female"]),
)
def test_more_deaths_at_an_age_never_lengthen_life(
    mx: np.ndarray, more: float, age: int, sex: str
) -> None:
    # The middle of the interval, because Greville's a(x) depends on the neighbours' rates too.
    worse = np.where(np.arange(mx.size) == age, mx * more, mx)
    before = life_expectancy(mx, ABRIDGED, sex, ax="midpoint")
    after = life_expectancy(worse, ABRIDGED, sex, ax="midpoint")
    assert after <= before + 1e-12


@given(mx=schedules(), more=st.floats(1.001, 1.2), sex=st.sampled_from(["male", "female"]))
def test_more_deaths_at_all_ages_shorten_life(mx: np.ndarray, more: float, sex: str) -> None:
    assert life_expectancy(mx * more, ABRIDGED, sex) < life_expectancy(mx, ABRIDGED, sex)


def test_a_constant_rate_gives_its_own_life_expectancy() -> None:
    """With one rate m at every age life lasts 1 / m, whatever the sex."""
    middle = 0.5 - 0.02 / 12
    ax = np.full(101, middle)
    assert float(life_expectancy(np.full(101, 0.02), SINGLE, "male", ax=ax)) == pytest.approx(
        50, abs=1e-5
    )


def test_many_tables_at_once_are_those_one_by_one() -> None:
    mx = np.stack([np.stack([MX * f, MX * f * 0.8]) for f in (0.5, 1.0, 1.5)])
    together = life_table(mx, ABRIDGED, ("male", "female"))
    for i in range(3):
        for j, sex in enumerate(("male", "female")):
            alone = life_table(mx[i, j], ABRIDGED, sex)
            np.testing.assert_array_equal(together.ex[i, j], alone.ex)
    swapped = life_table(mx[:, ::-1], ABRIDGED, ("female", "male"))
    np.testing.assert_array_equal(swapped.ex[:, ::-1], together.ex)


def test_both_sexes_lie_between_the_sexes() -> None:
    a0 = {s: float(infant_separation(0.01, s)[0]) for s in ("male", "female", "both")}
    assert min(a0["male"], a0["female"]) < a0["both"] < max(a0["male"], a0["female"])


def test_ages_without_deaths_take_the_middle() -> None:
    mx = MX.copy()
    mx[3:6] = 0.0
    table = life_table(mx, ABRIDGED, "female")
    np.testing.assert_array_equal(table.qx[3:6], 0.0)
    np.testing.assert_array_equal(table.ax[4:7], 2.5)
    assert np.isfinite(table.ex).all()


@pytest.mark.parametrize("rule", ["andreev-kingkade", "coale-demeny", "coale-demeny-west"])
@pytest.mark.parametrize("q0", [0.002, 0.03, 0.15])
def test_published_infant_mortality_comes_back(rule: str, q0: float) -> None:
    mx = MX.copy()
    mx[0] = infant_death_rate(q0, "female", rule)
    table = life_table(mx, ABRIDGED, "female", infant=rule)
    assert float(table.qx[0]) == pytest.approx(q0, abs=1e-12)


def test_the_coale_demeny_lines_agree_where_they_should() -> None:
    """Preston's lines in 1m0 are the West lines in 1q0 to a few thousandths of a year."""
    m0 = np.linspace(0.001, 0.2, 50)
    for sex in ("male", "female"):
        ours = infant_separation(m0, sex, "coale-demeny")
        west = infant_separation(m0, sex, "coale-demeny-west")
        np.testing.assert_allclose(ours[0], west[0], atol=0.011)
        np.testing.assert_allclose(ours[1], west[1], atol=0.02)


@pytest.mark.parametrize(
    ("ages", "says"),
    [
        ((1, *range(5, 90, 5)), "starts at age 0"),
        ((0, 1, 5, 10, *range(20, 90, 5)), "leave a gap: after 10 comes 20"),
        ((0, 1, 5, 10, 12, *range(15, 90, 5)), "overlap: after 10 comes 12"),
        ((0, 1, 5, 5, *range(10, 90, 5)), "overlap: after 5 comes 5"),
        ((0, 1, *range(5, 70, 5)), "open group starts at 65, below 70"),
        ((0, 1, *range(5, 90, 5), np.inf), "ends with an open group"),
        (("0", "1-4", "5-9"), "lower bounds of age groups"),
        ((0, 1, 2, 3, 5), "leave a gap: after 3 comes 5"),
    ],
)
def test_wrong_ages_are_refused(ages: Any, says: str) -> None:
    with pytest.raises(RateError, match=re.escape(says)):
        check_ages(ages)


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (4, -0.001, "a death rate is negative\n  where: age 15"),
        (7, np.nan, "a death rate is missing or infinite\n  where: age 30"),
        (7, np.inf, "a death rate is missing or infinite\n  where: age 30"),
        (-1, 0.0, "nobody dies in the open group"),
        (10, 0.9, "more people die than live at an age\n  where: age 45"),
    ],
)
def test_wrong_rates_are_refused(place: int, value: float, says: str) -> None:
    mx = MX.copy()
    mx[place] = value
    with pytest.raises(RateError, match=re.escape(says)):
        life_table(mx, ABRIDGED, "male", ax="midpoint")


def test_the_table_at_fault_is_named() -> None:
    mx = np.stack([MX, MX])
    mx[1, 3] = -1
    with pytest.raises(RateError, match=r"age 10, table \(1,\)"):
        life_table(mx, ABRIDGED, ("male", "female"))


@pytest.mark.parametrize(
    ("deaths", "population", "says"),
    [
        (-1.0, 100.0, "deaths are negative"),
        (1.0, 0.0, "nobody lives at an age"),
        (1.0, np.nan, "nobody"),
    ],
)
def test_wrong_counts_are_refused(deaths: float, population: float, says: str) -> None:
    died, lived = np.full(19, 5.0), np.full(19, 1000.0)
    died[3], lived[3] = deaths, population
    with pytest.raises(RateError, match=says):
        death_rates(died, lived, ABRIDGED)


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"ax": "grevile"}, "did you mean 'greville'"),
        ({"infant": "coale-demenny"}, "did you mean 'coale-demeny'"),
        ({"ax": np.full(19, 7.0)}, "outside its age group"),
    ],
)
def test_unknown_rules_are_refused(keywords: dict[str, Any], says: str) -> None:
    with pytest.raises(RateError, match=says):
        life_table(MX, ABRIDGED, "male", **keywords)


def test_unknown_sex_is_refused() -> None:
    with pytest.raises(RateError, match="did you mean 'female'"):
        life_table(MX, ABRIDGED, "femal")


def test_five_year_rules_are_not_for_single_ages() -> None:
    with pytest.raises(RateError, match="rule for five-year groups"):
        life_table(np.full(101, 0.01), SINGLE, "male", ax="greville")


@pytest.mark.parametrize(
    ("one", "other"), [([1, 2], [1, 2, 3]), ([1, -2], [1, 2]), ([0, 0], [1, 2])]
)
def test_wrong_distributions_are_refused(one: list[float], other: list[float]) -> None:
    with pytest.raises(RateError, match="distribution"):
        index_of_dissimilarity(one, other)


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=30), st.floats(0.1, 10))
def test_size_does_not_make_distributions_unlike(one: list[float], times: float) -> None:
    other = [value * times for value in one]
    assert index_of_dissimilarity(one, other) == pytest.approx(0, abs=1e-9)
    assert index_of_relative_difference(one, other) == pytest.approx(0, abs=1e-9)

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.integrate import cumulative_trapezoid

from qyforecast.demography.lifetable import life_expectancy, life_table
from qyforecast.demography.mortality_models import model_life_table
from qyforecast.demography.mortality_tables import read_model_life_tables
from qyforecast.demography.single_ages import abridge_life_table, graduate_life_table
from qyforecast.errors import RateError

AGES = np.array([0, 1, *range(5, 105, 5)])
COLUMNS = ("mx", "ax", "qx", "lx", "dx", "Lx", "Tx", "ex")


@st.composite
def schedules(draw: st.DrawFn) -> np.ndarray:
    """Draw death rates by abridged age with a young adult hump and a Kannisto end."""
    return draw(schedules_to(AGES))


@st.composite
def schedules_to(draw: st.DrawFn, ages: np.ndarray) -> np.ndarray:
    """Draw the same up to some open age."""
    infant = draw(st.floats(5e-4, 0.15))
    child = infant * draw(st.floats(0.03, 0.1))
    middle = ages[2:] + 2.5
    # The force at 5-9 joins the children's, as it does in people.
    level, slope = child * draw(st.floats(0.3, 0.8)), draw(st.floats(0.03, 0.09))
    old = draw(st.floats(-3, -1)) + draw(st.floats(0.07, 0.12)) * (middle - 80)
    adult = level * np.exp(-0.02 * middle) + 1e-4 * np.exp(slope * (middle - 30))
    # Few deaths make rates uneven; some ages have none.
    adult *= np.array(
        draw(
            st.lists(
                st.sampled_from([0.0, 0.4, 1.0, 2.5]), min_size=middle.size, max_size=middle.size
            )
        )
    )
    senescent = np.where(middle < 50, 0.0, 1 / (1 + np.exp(-old)))
    mx = np.array([infant, child, *(adult + senescent)])
    assume(mx[-5:].max() < 0.9)
    return mx


@st.composite
def model_schedules(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Draw a published family, its level and an open age from 70 to 110."""
    tables = read_model_life_tables()
    family = draw(st.sampled_from(tables["family"].values.tolist()))
    e0, sex = draw(st.floats(25, 95)), draw(st.sampled_from(["male", "female"]))
    ages = np.array([0, 1, *range(5, draw(st.integers(14, 22)) * 5 + 1, 5)])
    mx = model_life_table(tables, e0, family=family, sex=sex)[: ages.size]
    return mx, ages


@st.composite
def any_schedule(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Draw death rates with an open age from 70 to 110."""
    ages = np.array([0, 1, *range(5, draw(st.integers(14, 22)) * 5 + 1, 5)])
    return draw(schedules_to(ages)), ages


@given(
    drawn=any_schedule() | model_schedules(),
    sex=st.sampled_from(["male", "female"]),
    ax=st.sampled_from(["greville", "greville-open"]),
    infant=st.sampled_from(["andreev-kingkade", "coale-demeny", "coale-demeny-east"]),
)
def test_graduating_and_abridging_returns_the_start(
    drawn: tuple[np.ndarray, np.ndarray], sex: str, ax: str, infant: str
) -> None:
    """Whatever the country's shape, its open age and its rules for a(x)."""
    mx, ages = drawn
    start = life_table(mx, ages, sex, ax=ax, infant=infant)
    back = abridge_life_table(graduate_life_table(start))
    np.testing.assert_array_equal(back.ages, start.ages)
    # Where nobody dies there is no a(x) to return.
    some = start.dx > 0
    for name in COLUMNS:
        one, other = getattr(back, name), getattr(start, name)
        if name == "ax":
            one, other = one[some], other[some]
        np.testing.assert_allclose(one, other, rtol=1e-10)


@given(mx=schedules(), sex=st.sampled_from(["male", "female"]))
def test_single_ages_are_a_life_table(mx: np.ndarray, sex: str) -> None:
    single = graduate_life_table(life_table(mx, AGES, sex, radix=1000))
    np.testing.assert_array_equal(single.ages, np.arange(101))
    assert np.all(np.diff(single.lx) <= 0)
    assert single.dx.sum() == pytest.approx(1000)
    assert np.all((single.qx >= 0) & (single.qx <= 1))
    again = life_table(single.mx, single.ages, sex, ax=single.ax, radix=1000)
    np.testing.assert_allclose(again.Lx, single.Lx, rtol=1e-9)


def test_a_gompertz_force_is_recovered() -> None:
    """Single ages of a known smooth force, within 0.6 percent from age 15 to 94."""

    def hazard(x: np.ndarray) -> np.ndarray:
        return 2e-5 / 0.1 * (np.exp(0.1 * x) - 1) + 0.001 * x

    lx = np.exp(-hazard(AGES.astype(float)))
    fine = np.linspace(0, 100, 100_001)
    years = cumulative_trapezoid(np.exp(-hazard(fine)), fine, initial=0)
    Lx = np.diff(years[AGES * 1000])
    dx = lx[:-1] - lx[1:]
    ax = (Lx - np.diff(AGES) * lx[1:]) / dx
    mx = np.append(dx / Lx, 0.6)
    single = graduate_life_table(life_table(mx, AGES, "male", ax=np.append(ax, 1)))
    truth = np.exp(-hazard(np.arange(101.0)))
    expected = (truth[:-1] - truth[1:]) / np.diff(years[np.arange(101) * 1000])
    np.testing.assert_allclose(single.mx[15:95], expected[15:95], rtol=6e-3)
    np.testing.assert_allclose(single.lx, truth, atol=2e-4)


def test_single_ages_run_smoothly_in_a_real_schedule() -> None:
    """China's males 2010-15 (World Population Prospects 2017): no age stands out."""
    mx = [0.012522373, 0.0005035285, 0.0003559456, 0.0002819245, 0.0004072411, 0.0005892957]
    mx += [0.000816048, 0.0010045703, 0.0012664908, 0.0017680889, 0.0026430267, 0.0044603449]
    mx += [0.0075152372, 0.014177198, 0.025785168, 0.047030038, 0.07940399, 0.11464347]
    mx += [0.1748423321, 0.2509526538, 0.3315776571, 0.4270777364]
    start = life_table(mx, AGES, "male")
    single = graduate_life_table(start)
    assert np.all(np.diff(single.mx[20:]) > 0)
    assert np.abs(np.diff(np.log(single.mx[5:100]), n=2)).max() < 0.06
    assert np.all(single.mx[1:5] < single.mx[0] / 10)
    own = life_expectancy(single.mx, single.ages, "male")
    assert float(own) == pytest.approx(float(start.ex[0]), abs=0.002)


def test_what_has_single_ages_already_is_refused() -> None:
    single = life_table(np.full(101, 0.02), np.arange(101), "male")
    with pytest.raises(RateError, match="single ages already"):
        graduate_life_table(single)
    with pytest.raises(RateError, match="can be abridged"):
        abridge_life_table(life_table(np.full(AGES.size, 0.02), AGES, "male"))

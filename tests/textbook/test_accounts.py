"""Published projections, reproduced through `project`."""

import numpy as np
import pytest
import xarray as xr
from numpy.typing import ArrayLike

from qyforecast import Labels, Survivorship, project
from qyforecast.demography.population import Population
from qyforecast.demography.rates import Rates
from qyforecast.projection.method import Timing
from qyforecast.projection.projection import Projection

AGES = range(0, 90, 5)
# Preston, Heuveline and Guillot (2001), Demography, Box 6.2: Sweden 1993, women.
WOMEN = """293395 248369 240012 261346 285209 314388 281290 286923 304108 324946 247613 211351
215140 221764 223506 183654 141990 112424"""
PERSON_YEARS = """497487 497138 496901 496531 495902 495168 494213 492760 490447 486613 480665
471786 457852 436153 402775 350358 271512 291707"""
FERTILITY = "0 0 0 .0120 .0908 .1499 .1125 .0441 .0074 .0003 0 0 0 0 0 0 0 0"
MIGRANTS = """6840 4150 3365 5270 9240 8230 5470 3155 1770 1115 1075 845 645 530 465 300 250
175"""
# The same box, 1998; boys aged 0-4 stand apart because more are born.
EXPECTED = """302392 298682 252007 244150 268267 293515 320624 284767 288031 303166 322062
243989 205841 205516 205270 194771 142565 131966"""
BOYS = 317340
# ccmppWPP of the UN, R/project_ccmpp_z_by_z.R, same inputs, migrants joining at the end.
EXPECTED_END = """300413.806911491 297339.17581766 251615.595345759 245103.283434728
270254.929766721 293016.853273429 319251.659242924 283617.999556871 287346.192428363
302845.678756318 322049.098698555 243884.012239293 205753.83759162 205473.860505141
205257.802296442 194719.006015766 142573.751271557 131943.18377576"""
BOYS_END, BIRTHS_END = 315092.497257066, 604866.362506515


def numbers(text: str) -> np.ndarray:
    return np.array([float(word) for word in text.split()])


def sexes(projected: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Take women and men of one draw and area."""
    one = projected.squeeze(("draw", "area"), drop=True)
    return one.sel(sex="female").values, one.sel(sex="male").values


def alike(values: ArrayLike) -> dict[str, ArrayLike]:
    """Give both sexes the same, as the box has it."""
    return {"female": values, "male": values}


def sweden_inputs(*, as_rates: bool = False) -> tuple[Population, Rates]:
    """Make Sweden in 1993, with migrants as counts or as shares of those who live there."""
    women, years = numbers(WOMEN), numbers(PERSON_YEARS)
    last = years[-1] / (years[-1] + years[-2])
    reached = np.concatenate([[years[0] / 5e5], years[1:-1] / years[:-2], [last]])
    labels = Labels(ages=AGES)
    survivorship = Survivorship.by_age_reached(reached, AGES)
    vital = labels.vital({"female": survivorship, "male": survivorship}, numbers(FERTILITY))
    counts = numbers(MIGRANTS)
    migration = labels.migration(
        None if as_rates else alike(counts), net_rate=alike(counts / women) if as_rates else None
    )
    return labels.population(alike(women), year=1993), Rates(vital, migration)


def sweden(timing: str | Timing) -> Projection:
    """Project Sweden from 1993 to 1998."""
    population, rates = sweden_inputs()
    return project(population, rates, to=1998, timing=timing, keep="ages")


def test_sweden_box_6_2_is_exact_after_rounding():
    """Preston, Heuveline and Guillot (2001), Box 6.2 (migrants spread evenly)."""
    projection = sweden("even")
    women, men = sexes(projection.population(1998).persons)
    expected = numbers(EXPECTED)
    assert np.array_equal(np.rint(women), expected)
    assert np.rint(men[0]) == BOYS
    assert np.array_equal(np.rint(men[1:]), expected[1:])
    assert float(projection.flows["births"].sum()) == pytest.approx(615988.1, abs=0.05)
    assert projection.imbalance() < 1e-12


def test_sweden_with_migrants_at_the_end():
    """UN ccmppWPP on the inputs of Box 6.2 with ``mig_assumption = "end"``."""
    projection = sweden("end")
    women, men = sexes(projection.population(1998).persons)
    assert women == pytest.approx(numbers(EXPECTED_END), rel=1e-9)
    assert men[0] == pytest.approx(BOYS_END, rel=1e-9)
    assert float(projection.flows["births"].sum()) == pytest.approx(BIRTHS_END, rel=1e-9)


def test_migrants_at_the_end_may_bear_children_or_not():
    """The two readings of "end" differ by half a step of the migrants' own births."""
    with_births, without = sweden(Timing(0.0, True)), sweden("end")
    extra = (5 * numbers(FERTILITY) * numbers(MIGRANTS) / 2).sum()
    gap = float((with_births.flows["births"] - without.flows["births"]).sum())
    assert gap == pytest.approx(extra, rel=1e-9)


@pytest.mark.parametrize("timing", ["even", "end", Timing(0.0, True)])
def test_migrants_as_shares_of_the_start_are_the_same_migrants(timing: str | Timing):
    population, rates = sweden_inputs(as_rates=True)
    shares = project(population, rates, to=1998, timing=timing, keep="ages")
    counts = sweden(timing)
    assert shares.ages is not None
    np.testing.assert_allclose(shares.ages, counts.ages, rtol=1e-13)
    for flow in ("births", "deaths", "external_net"):
        np.testing.assert_allclose(shares.flows[flow], counts.flows[flow], rtol=1e-12)
    assert shares.imbalance() < 1e-12

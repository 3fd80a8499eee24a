"""Plain arrays become what they say they are, and nothing else."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from qyforecast import (
    Labels,
    Migration,
    Population,
    QyforecastError,
    Rates,
    Survivorship,
    project,
)
from qyforecast.errors import UnbalancedAccount

AGES = (0, 5, 10)
LIVE = Survivorship.by_age_reached([0.95, 0.9, 0.8, 0.5], AGES)
BOTH = {"female": LIVE, "male": LIVE}
FERTILITY = np.array([0.0, 0.2, 0.1])


def people(women: Any = (30.0, 20.0, 10.0), men: Any = (31.0, 19.0, 8.0)) -> dict[str, Any]:
    return {"female": np.asarray(women, float), "male": np.asarray(men, float)}


def test_places_keep_their_labels():
    """Every number of a full array is found under the labels of its place."""
    labels = Labels(AGES, years=(2025, 2030), regions=("n", "s"), residences=("urban", "rural"))
    counts = np.arange(24.0).reshape(2, 2, 2, 3)
    arrivals = labels.migration({"female": counts, "male": -counts}).arrivals
    for y, year in enumerate((2025, 2030)):
        for r, region in enumerate("ns"):
            for k, kind in enumerate(("urban", "rural")):
                one = arrivals.sel(year=year, area=f"{region}-{kind}", sex="male")
                np.testing.assert_array_equal(one.sel(age=list(AGES)), -counts[y, r, k])
                assert str(one["region"].values) == region


def test_what_is_the_same_everywhere_is_given_once():
    labels = Labels(AGES, years=(2025, 2030), regions=("n", "s"))
    once = labels.vital(BOTH, FERTILITY)
    full = labels.vital(BOTH, np.broadcast_to(FERTILITY, (2, 2, 3)))
    assert (once.fertility == full.fertility).all()
    assert once.survivorship.sel(area="s-all", sex="male").values.tolist() == [0.9, 0.8, 0.5]


@given(
    rate=st.floats(-0.05, 0.5),
    steps=st.integers(1, 4),
    women=st.lists(st.floats(50, 100), min_size=3, max_size=3),
)
def test_shares_of_the_start_are_counts_made_anew_each_step(rate, steps, women):
    """Net rates in one run are counts from the stock reached, step by step."""
    labels, end = Labels(AGES), 2000 + 5 * steps
    shares = {"female": [rate, 0.1, rate], "male": [0.0, rate, -0.05]}
    vital = labels.vital(BOTH, FERTILITY)
    start = labels.population(people(women), year=2000)
    rates = Rates(vital, labels.migration(net_rate=shares))
    once = project(start, rates, to=end, keep="ages").population(end).persons
    now = start.persons
    for year in range(2000, end, 5):
        moves = Migration(now * rates.migration.net_rate)
        step = project(Population(now, year), Rates(vital, moves), to=year + 5, keep="ages")
        now = step.population(year + 5).persons.squeeze("draw", drop=True)
    np.testing.assert_allclose(once.squeeze("draw"), now, rtol=1e-12)


def test_draws_have_net_rates_of_their_own_stock():
    labels = Labels(AGES)
    start = labels.population(people(), year=2000)
    both = xr.concat([start.persons, 3 * start.persons], dim="draw")
    rate = {sex: [0.1, -0.05, 0.02] for sex in BOTH}
    rates = Rates(labels.vital(BOTH, FERTILITY), labels.migration(net_rate=rate))
    found = project(type(start)(both, 2000), rates, to=2010).totals
    np.testing.assert_allclose(found.isel(draw=1), 3 * found.isel(draw=0), rtol=1e-12)


def test_one_sex_alone_is_kept_alone():
    labels = Labels(AGES, sexes=("female",))
    start = labels.population({"female": people()["female"]}, year=2000)
    vital = labels.vital({"female": LIVE}, FERTILITY)
    found = project(start, Rates(vital), to=2010)
    assert float(found.totals.sel(sex="male").sum()) == 0
    assert found.imbalance() < 1e-12
    two = project(
        Labels(AGES).population(people(), 2000), Rates(Labels(AGES).vital(BOTH, FERTILITY)), to=2010
    )
    np.testing.assert_allclose(found.totals.sel(sex="female"), two.totals.sel(sex="female"))


def test_ratios_by_age_reached_with_and_without_the_open_groups_own():
    shared = Survivorship.by_age_reached([0.95, 0.9, 0.6], AGES)
    assert shared.persons.tolist() == [0.9, 0.6, 0.6]
    assert (shared.step, float(shared.births)) == (5, 0.95)
    assert LIVE.persons.tolist() == [0.9, 0.8, 0.5]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Labels((0, 5, 15)), "overlap or leave gaps"),
        (lambda: Labels((0, 5, 5)), "overlap or leave gaps"),
        (lambda: Labels((5, 10, 15)), "begin at 0"),
        (lambda: Labels((0, 1, 5, 10)), "five_year_groups"),
        (lambda: Labels((0,)), "overlap or leave gaps"),
        (lambda: Labels((0, 2.5, 5)), "ages are whole years"),
        (lambda: Labels(AGES, years=(2025, 2025)), "years repeat a label"),
        (lambda: Labels(AGES, regions=("n", "n")), "regions repeat a label"),
        (lambda: Labels(AGES, sexes=("f",)), "sexes are male and female"),
        (lambda: Labels(AGES).population({"women": [1] * 3, "men": [1] * 3}, 1), "other sexes"),
        (lambda: Labels(AGES).population({"female": [1] * 3}, 1), "other sexes"),
        (lambda: Labels(AGES).population(people([1, 2]), 1), "(2,), wanted age 3"),
        (lambda: Labels(AGES).population(people([1, -2, 3]), 1), "sex female, age 5"),
        (lambda: Labels(AGES).population(people([1, np.nan, 3]), 1), "sex female, age 5"),
        (lambda: Labels(AGES, years=(5, 10)).vital(BOTH, np.zeros((3, 3))), "wanted year 2, age 3"),
        (
            # As many regions as years: an array by one of them alone is not guessed at.
            lambda: Labels(AGES, years=(5, 10), regions=("n", "s")).vital(BOTH, np.zeros((2, 3))),
            "wanted year 2, region 2, age 3",
        ),
        (lambda: Labels(AGES).vital(BOTH, [0.0, 1.2, 0.1]), "fertility is outside its range"),
        (lambda: Labels(AGES).vital(BOTH, [0.1, 0.1, 0.1]), "youngest age must be zero"),
        (lambda: Labels(AGES).vital(BOTH, FERTILITY, 105.0), "sex ratio at birth"),
        (lambda: Labels(AGES).vital(BOTH, FERTILITY, [1.05]), "as many values as the years"),
        (lambda: Labels((0, 5, 10, 15)).vital(BOTH, np.zeros(4)), "other ages than the labels"),
        (lambda: Labels(AGES).migration(), "neither counts nor rates"),
        (
            lambda: Labels(AGES).migration(net_rate=people([-1.5, 0, 0], [0, 0, 0])),
            "net rate is outside its range",
        ),
        (
            lambda: Labels(AGES, residences=("urban", "rural")).mobility(people([2, 0, 0])),
            "moving propensity is outside its range",
        ),
        (
            lambda: Labels(AGES, regions=("n", "s")).mobility(leaving=people([0] * 3), pull=[1.0]),
            "one pull for each region",
        ),
        (lambda: Survivorship.by_age_reached([0.9, 0.8], AGES), "one for each age reached"),
        (lambda: Survivorship.by_age_reached([0.9, 1.2, 0.8], AGES), "outside 0 to 1"),
        (lambda: Survivorship.by_age_reached([0.9, np.nan, 0.8], AGES), "outside 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused(make: Callable[[], object], says: str):
    with pytest.raises(QyforecastError, match=re.escape(says)):
        make()


def test_more_leaving_than_live_there_names_the_cell():
    labels = Labels(AGES)
    start = labels.population(people([0, 20, 10]), year=2000)
    vital = labels.vital(BOTH, FERTILITY)
    counts = labels.migration(people([0, -50, 0]))
    with pytest.raises(UnbalancedAccount, match=r"female, age 5, year 2005"):
        project(start, Rates(vital, counts), to=2005)
    # All of those at 5-9 are taken from the twenty who were there, but none reach that age.
    shares = labels.migration(net_rate=people([0, -1, 0], [0, 0, 0]))
    with pytest.raises(UnbalancedAccount, match=r"female, age 5, year 2005"):
        project(start, Rates(vital, shares), to=2005, timing="end")


def test_labels_may_be_arrays():
    """Columns of a table are labels as well as ranges are."""
    plain = Labels(np.array([0.0, 5, 10]), years=np.array([2005, 2010]), regions=np.array(["n"]))
    assert plain == Labels(AGES, years=range(2005, 2015, 5), regions=("n",))
    ratio = plain.vital(BOTH, FERTILITY, np.array([1.05, 1.1])).sex_ratio_at_birth
    assert ratio.sel(year=2010) == 1.1
    assert plain.vital(BOTH, FERTILITY, np.float64(1.07)).sex_ratio_at_birth == 1.07

"""2010 projected to 2020, and the totals since, against what was counted."""

from dataclasses import replace

import numpy as np
import pytest

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import read_census
from qyforecast.census.cohort_decade import cohort_decade
from qyforecast.census.estimates import estimate_rates
from qyforecast.judge.hindcast import FITTED, NOBODY, OTHERS, TOLERANCE, hindcast
from qyforecast.judge.resident_totals import totals_in_band

#: City's residents at the ends of 2021 to 2024, as published in the years after.
PUBLISHED = [2_159_400, 2_158_400, 2_132_500, 2_125_400]


@pytest.fixture(scope="module")
def census():
    return read_census()


@pytest.fixture(scope="module")
def base(census):
    return estimate_rates(census, as_of=2021)


@pytest.fixture(scope="module")
def decade(census, base):
    populations = [census.population(year) for year in census.years]
    return cohort_decade(census, populations, base.mortality, Assumptions())


@pytest.fixture(scope="module")
def past(decade, base):
    return hindcast(decade, base)


def errors_of(past, method):
    mine = past.errors[past.errors["method"] == method]
    return dict(zip(mine["measure"], mine["error"], strict=True))


def test_fitted_rates_meet_the_second_census(past):
    """Weighted mean absolute percentage errors within the tolerances written down."""
    errors = errors_of(past, FITTED)
    for measure, tolerance in TOLERANCE.items():
        assert errors[measure] < tolerance, measure


def test_counted_is_the_census(census, past):
    """The 2020 census counted 2,179,716 residents of the city."""
    for _, cells in past.cells.groupby("method"):
        assert cells["counted"].sum() == pytest.approx(2_179_716)
    xifeng = past.cells.query("region_code == '621002' and method == @FITTED")
    assert xifeng["counted"].sum() == pytest.approx(513_856)


def test_a_county_without_its_own_rates_is_far_off(past):
    own, others, nobody = (errors_of(past, m)["county totals"] for m in (FITTED, OTHERS, NOBODY))
    assert own < others / 5
    assert others < nobody


def test_nobody_moving_leaves_too_many_young(past):
    young = past.cells.query("method == @NOBODY and 20 <= age < 30 and region_code != '621002'")
    assert young["projected"].sum() > 1.5 * young["counted"].sum()


def test_a_residual_that_is_wrong_is_seen(decade, base):
    """Planted: the residual of the young turned into a gain."""
    wrong = decade.residual.where(decade.residual["age"] != 25, -decade.residual)
    errors = errors_of(hindcast(replace(decade, residual=wrong), base), FITTED)
    assert errors["age, sex and county"] > TOLERANCE["age, sex and county"]
    assert errors["county totals"] > TOLERANCE["county totals"]


def test_published_totals_lie_in_the_band_of_2021(census):
    table = totals_in_band(census, draws=1000, seed=5)
    assert table["published"].tolist() == PUBLISHED
    assert table["inside"].all()
    width = (table["upper"] - table["lower"]).to_numpy()
    assert (np.diff(width) > 0).all()


def test_the_band_does_not_know_the_totals(census):
    series = census.series.copy()
    later = (series["variable"] == "population") & (series["year"] > 2020)
    series.loc[later, "value"] *= 0.9
    changed = replace(census, series=series)
    one, two = (totals_in_band(c, draws=400, seed=5) for c in (census, changed))
    for column in ("lower", "median", "upper"):
        np.testing.assert_array_equal(one[column], two[column])
    assert not two["inside"].any()

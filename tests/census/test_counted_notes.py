"""Residents and registered people are two totals."""

import numpy as np
import pytest

from qyforecast.census.census import read_census
from qyforecast.census.counted_notes import counted, resident_and_registered


@pytest.fixture(scope="module")
def census():
    return read_census()


@pytest.fixture(scope="module")
def table(census):
    return resident_and_registered(census).set_index(["region_code", "year"])


def test_counties_add_to_the_city_in_both_totals(census, table):
    """2010 census, county tables: 2,600,422 registered, 2,211,191 resident."""
    counties = table.loc[[(code, 2010) for code in census.regions]]
    for total in ("resident", "registered"):
        assert counties[total].sum() == table.loc[(census.city, 2010), total]
    assert table.loc[("621000", 2010), "registered"] == 2_600_422


def test_more_are_registered_than_live_there_but_in_the_district(table):
    ratio = table.xs(2010, level="year")["registered_over_resident"]
    assert ratio[ratio < 1].index.tolist() == ["621002"]


def test_both_urban_shares_where_both_were_published(table):
    """Huachi county, bulletin of 2022: registered and resident urban shares differ."""
    row = table.loc[("621023", 2022)]
    assert 0 < row["registered_urban_share"] < row["resident_urban_share"] < 1
    assert np.isnan(table.loc[("621000", 2010), "registered_urban_share"])


def test_every_county_is_told_what_was_counted(census):
    lines = list(counted(census))
    measured = {(line.place, line.rate) for line in lines if line.evidence.grade == "measured"}
    for region in census.regions:
        assert (region, "urban residents") in measured
        assert (region, "registered population, people away included") in measured

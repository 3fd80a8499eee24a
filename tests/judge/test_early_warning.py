"""The band that a path may leave, and the pace now needed, against plain arithmetic."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.judge.baselines import BEHIND
from qyforecast.judge.early_warning import (
    ESTIMATE,
    paces_needed,
    published_share,
    recent_paces,
    seen_path,
)

CITY = "621000"
TARGET = Target("2025-at-least-50", CITY, 2025, 0.5)


@pytest.fixture(scope="module")
def panels():
    """Give what was known in 2021, and in 2023, when a share of 2022 was told."""
    census = read_census()
    return tuple(Panel.from_census(census, as_of=year) for year in (2021, 2023))


def shares(panel: Panel, middle: float) -> xr.DataArray:
    """A hundred and one draws, a tenth of a point apart around a middle in every year."""
    draws = middle + 0.001 * np.arange(-50, 51)
    regions = [panel.city, *panel.own_counties]
    years = range(2020, 2036)
    values = np.broadcast_to(draws[:, None, None], (101, len(years), len(regions)))
    coords = {"draw": range(101), "year": list(years), "region": regions}
    return xr.DataArray(values, coords, ("draw", "year", "region"))


@pytest.mark.parametrize(
    ("middle", "left"), [(0.44, False), (0.47, False), (0.485, True), (0.395, True)]
)
def test_a_share_outside_the_earlier_band_is_found_out(panels, middle, left):
    known, now = panels
    before = shares(known, middle)
    found = seen_path(before, shares(now, 0.44), known, now)
    told = {(one.region, one.year): one for one in found}
    published = told[CITY, 2022]
    assert published.urban_share == 0.43977
    assert published.left == left
    below = (before.sel(year=2022, region=CITY).values < 0.43977).mean()
    assert published.quantile == pytest.approx(below)
    assert published.upper80 - published.lower80 == pytest.approx(0.08)
    between = told[CITY, 2021]
    assert (between.kind, between.urban_share) == (ESTIMATE, pytest.approx(0.44))


def test_what_was_known_before_is_not_seen_again(panels):
    _, now = panels
    assert seen_path(shares(now, 0.44), shares(now, 0.44), now, now) == ()


def test_the_pace_needed_is_the_distance_over_the_years(panels):
    _, now = panels
    share = shares(now, 0.44)
    people = share * 2_000_000
    (needed,) = paces_needed(now, share, people, [TARGET])
    assert (needed.needed.first, needed.needed.last) == (2022, 2025)
    assert needed.needed.points == pytest.approx(100 * (0.5 - 0.43977) / 3)
    assert needed.needed.persons == pytest.approx(2_000_000 * (0.5 - 0.43977) / 3)
    assert [view.places for view in needed.views] == ["provinces", "counties", BEHIND]
    past = Target("2021-at-least-40", CITY, 2021, 0.4)
    assert paces_needed(now, share, people, [past]) == ()


def test_the_pace_of_the_last_decade_is_counted(panels):
    known, now = panels
    urban = shares(now, 0.44).sel(region=CITY) * 2_000_000
    decade, since = recent_paces(now, urban)
    assert decade.persons == pytest.approx((913_075 - 522_780) / 10, rel=1e-3)
    assert decade.points == pytest.approx(1.825, abs=0.01)
    assert (since.first, since.last) == (2020, 2022)
    assert since.points == pytest.approx(100 * (0.43977 - 913_075 / 2_179_716) / 2)
    assert len(recent_paces(known, urban)) == 1


def test_the_share_of_a_year_is_as_the_source_nearest_to_the_count_tells_it(panels):
    known, now = panels
    assert published_share(known, 2022) is None
    told = published_share(now, 2022)
    assert told is not None
    assert (told.urban_share, told.kind) == (0.43977, "compilation")
    counted = published_share(now, 2020)
    assert counted is not None
    assert counted.kind == "census"
    more = pd.DataFrame([{"region": CITY, "year": 2022, "urban_share": 0.44, "kind": "bulletin"}])
    both = pd.concat([now.readings, more], ignore_index=True)
    nearer = published_share(replace(now, readings=both), 2022)
    assert nearer is not None
    assert (nearer.urban_share, nearer.kind) == (0.44, "bulletin")

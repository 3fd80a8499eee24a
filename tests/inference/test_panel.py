"""What a panel refuses, and that a vintage knows nothing of what came later."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qyforecast.census.panel import Panel
from qyforecast.census.panel_tables import known_rows, latest_rows
from qyforecast.errors import DataError
from qyforecast.inference.design import make_design
from qyforecast.inference.spec import ModelSpec
from tests.recovery.simulated import CITY, OWN, Truth, simulate

Spoil = Callable[[SimpleNamespace], None]


def at(rows: pd.DataFrame, **labels: object) -> pd.Series:
    chosen = pd.Series(data=True, index=rows.index)
    for name, label in labels.items():
        chosen &= rows[name] == label
    assert chosen.any()
    return chosen


def repeat_province(census: SimpleNamespace) -> None:
    rows = census.provinces
    one = rows[at(rows, region_code="110000", year=2012, variable="urban_share")]
    census.provinces = pd.concat([rows, one], ignore_index=True)


def repeat_mix(census: SimpleNamespace) -> None:
    rows = census.series
    one = rows[at(rows, year=2015, variable="value_added_tertiary")]
    census.series = pd.concat([rows, one.assign(value=1.0)], ignore_index=True)


def repeat_reading(census: SimpleNamespace) -> None:
    rows = census.series
    one = rows[at(rows, year=2018, variable="urban_share")]
    census.series = pd.concat([rows, one.assign(value=0.5)], ignore_index=True)


def repeat_county(census: SimpleNamespace) -> None:
    rows = census.county_panel
    census.county_panel = pd.concat([rows, rows[at(rows, code=OWN[2], year=2020)]])


def percent_in_a_province(census: SimpleNamespace) -> None:
    rows = census.provinces
    rows.loc[at(rows, region_code="620000", year=2012, variable="urban_share"), "value"] = 38.0


def percent_in_a_reading(census: SimpleNamespace) -> None:
    rows = census.series
    rows.loc[at(rows, year=2022, variable="urban_share"), "value"] = 43.98


def negative_sector(census: SimpleNamespace) -> None:
    rows = census.provinces
    rows.loc[at(rows, region_code="620000", year=2012, variable="employed_secondary"), "value"] = -1


def wholly_urban_province(census: SimpleNamespace) -> None:
    rows = census.provinces
    rows.loc[at(rows, region_code="310000", year=2012, variable="urban_share"), "value"] = 1.0


def no_employment(census: SimpleNamespace) -> None:
    rows = census.county_panel
    rows.loc[at(rows, code="610103", year=2020), "employed_tertiary_share"] = np.nan


def one_county_missing(census: SimpleNamespace) -> None:
    census.county_panel = census.county_panel[census.county_panel["code"] != OWN[4]]


def one_census_missing(census: SimpleNamespace) -> None:
    rows = census.county_panel
    census.county_panel = rows[~at(rows, code=OWN[4], year=2010)]


def city_missing(census: SimpleNamespace) -> None:
    census.county_panel = census.county_panel[~census.county_panel["code"].isin(OWN)]


def boundary_moved(census: SimpleNamespace) -> None:
    rows = census.county_panel
    rows.loc[at(rows, code=OWN[0], year=2020), ["population", "urban"]] *= 3


BAD: list[tuple[Spoil, list[str]]] = [
    (repeat_province, ["stands twice", "region 110000", "year 2012", "urban_share"]),
    (repeat_mix, ["stands twice", f"region {CITY}", "year 2015", "value_added_tertiary"]),
    (repeat_reading, ["stands twice", f"region {CITY}", "year 2018", "urban_share"]),
    (repeat_county, ["stands twice", f"region {OWN[2]}", "year 2020"]),
    (percent_in_a_province, ["outside 0 to 1", "province 620000", "year 2012", "38", "%"]),
    (percent_in_a_reading, ["outside 0 to 1", "43.98", "2022"]),
    (negative_sector, ["employment of provinces is outside 0 to 1", "year 2012", "620000"]),
    (wholly_urban_province, ["urban_share of provinces is outside", "310000", "2012"]),
    (no_employment, ["no employment by sector", "610103", "census 2020"]),
    (one_county_missing, ["not every county", OWN[4], "no row"]),
    (one_census_missing, ["not every county", OWN[4], "in one census only"]),
    (city_missing, [f"no county of the city {CITY}", OWN[0], OWN[7]]),
    (boundary_moved, ["not every county", OWN[0], "boundary change"]),
]


@pytest.mark.parametrize(("spoil", "words"), BAD, ids=[spoil.__name__ for spoil, _ in BAD])
def test_mistake_is_named(spoil: Spoil, words: list[str], census: SimpleNamespace) -> None:
    spoil(census)
    with pytest.raises(DataError) as caught:
        Panel.from_census(census, as_of=2025)
    for word in words:
        assert word in str(caught.value)


def test_vintage_before_the_last_census(census: SimpleNamespace) -> None:
    with pytest.raises(DataError, match="census of 2020 was not published by the end of 2020"):
        Panel.from_census(census, as_of=2020)


def test_nothing_published_yet(census: SimpleNamespace) -> None:
    with pytest.raises(DataError, match="nothing was published by the end of 1999") as caught:
        known_rows(census.provinces, 1999)
    assert "first publication 2001" in str(caught.value)


def test_revision_replaces_the_first_print_once_it_is_out() -> None:
    rows = pd.DataFrame(
        {
            "region_code": ["1", "1"],
            "year": [2015, 2015],
            "variable": ["x", "x"],
            "kind": ["yearbook", "bulletin"],
            "value": [9.0, 5.0],
            "published": [2021, 2016],
        }
    )
    keys = ("region_code", "year", "variable")
    assert latest_rows(known_rows(rows, 2020), keys)["value"].tolist() == [5.0]
    assert latest_rows(known_rows(rows, 2021), keys)["value"].tolist() == [9.0]


def test_of_one_year_the_print_nearest_the_count_is_kept() -> None:
    rows = pd.DataFrame(
        {
            "region_code": ["1", "1", "1"],
            "year": [2015, 2015, 2015],
            "variable": ["x", "x", "x"],
            "kind": ["bulletin", "compilation", "press"],
            "value": [5.0, 9.0, 7.0],
            "published": [2016, 2016, 2016],
        }
    )
    for order in ([0, 1, 2], [2, 0, 1], [1, 2, 0]):
        kept = latest_rows(rows.iloc[order], ("region_code", "year", "variable"))
        assert kept["value"].tolist() == [5.0]


def test_dropped_counties_are_listed(census: SimpleNamespace) -> None:
    rows = census.county_panel
    rows.loc[at(rows, code="610101", year=2020), ["population", "urban"]] *= 3
    rows.loc[at(rows, code="610102", year=2010), "urban"] = 1.0
    panel = Panel.from_census(census, as_of=2025)
    assert panel.dropped == (
        "county 610101: boundary change",
        "county 610102: urban share near 0 or 1",
    )
    assert not {"610101", "610102"} & set(panel.counties["county"].values.tolist())


def test_city_share_comes_from_counts(census: SimpleNamespace) -> None:
    panel = Panel.from_census(census, as_of=2025)
    persons = census.residence.sel(year=2020)
    want = float(persons.sel(residence="urban").sum() / persons.sum())
    assert panel.city_share[2020] == pytest.approx(want, abs=1e-15)


CENSUS = simulate(Truth(), 3).census
EARLY = Panel.from_census(CENSUS, as_of=2021)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_later_rows_never_change_an_earlier_vintage(data: st.DataObject, spec: ModelSpec) -> None:
    """Whatever was published after the as-of year may say anything, or be gone."""
    tables = {}
    for name in ("provinces", "series"):
        rows = getattr(CENSUS, name)
        later = rows.index[rows["published"] > EARLY.as_of].to_numpy()
        chosen = data.draw(st.lists(st.sampled_from(later.tolist()), min_size=1, unique=True))
        values = rows["value"].copy()
        values.loc[chosen] = data.draw(st.floats(-5, 5))
        tables[name] = rows.assign(value=values)
    if data.draw(st.booleans()):
        last = tables["provinces"]["year"] == 2023
        spare = tables["provinces"]["region_code"] == "110000"
        gone = (tables["provinces"]["published"] > EARLY.as_of) & ~(last & spare)
        tables["provinces"] = tables["provinces"][~gone]
    again = Panel.from_census(SimpleNamespace(**(vars(CENSUS) | tables)), as_of=EARLY.as_of)
    assert again.fingerprint == EARLY.fingerprint
    old, new = make_design(spec, EARLY).arrays(), make_design(spec, again).arrays()
    for name, values in old.items():
        np.testing.assert_array_equal(new[name], values, err_msg=name)


@pytest.mark.parametrize("name", ["provinces", "counties", "readings", "city_mix", "residence"])
def test_fingerprint_sees_every_part(name: str, census: SimpleNamespace) -> None:
    before = Panel.from_census(census, as_of=2025).fingerprint
    if name == "provinces":
        census.provinces.loc[at(census.provinces, year=2012, variable="urban_share"), "value"] *= (
            0.99
        )
    elif name == "counties":
        census.county_panel.loc[at(census.county_panel, code="610101"), "urban"] *= 0.99
    elif name == "readings":
        census.series.loc[at(census.series, year=2018, variable="urban_share"), "value"] *= 0.99
    elif name == "city_mix":
        census.series.loc[
            at(census.series, year=2019, variable="value_added_primary"), "value"
        ] *= 2
    else:
        census.residence = census.residence * 1.01
    assert Panel.from_census(census, as_of=2025).fingerprint != before


def test_fingerprint_sees_the_names_of_places(census: SimpleNamespace) -> None:
    before = Panel.from_census(census, as_of=2025).fingerprint
    census.county_panel["code"] = census.county_panel["code"].replace("610101", "610199")
    assert Panel.from_census(census, as_of=2025).fingerprint != before

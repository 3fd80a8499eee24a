"""The shipped census against figures printed elsewhere."""

import hashlib
import json
import time

import numpy as np
import pytest

from qyforecast.census.census import Census, read_census
from qyforecast.census.descriptor import NAME
from qyforecast.census.folder import check_census
from qyforecast.errors import DataError
from qyforecast.provenance import shipped_folder


@pytest.fixture(scope="module")
def census() -> Census:
    return read_census()


def test_nothing_is_wrong_with_the_shipped_folder():
    assert [str(fault) for fault in check_census()] == []


def test_a_checkout_reads_its_own_folder(checkout):
    assert shipped_folder("census") == checkout / "data" / "census"


def test_an_installed_package_reads_what_it_carries(tmp_path, monkeypatch):
    monkeypatch.setattr("qyforecast.provenance.files", lambda _: tmp_path / "qyforecast")
    with pytest.raises(DataError, match="carries no census"):
        shipped_folder("census")
    carried = tmp_path / "qyforecast" / "shipped" / "census"
    carried.mkdir(parents=True)
    assert shipped_folder("census") == carried
    (tmp_path / "data" / "census").mkdir(parents=True)
    assert shipped_folder("census") == carried, "site-packages may hold another's data folder"
    (tmp_path / "pyproject.toml").touch()
    assert shipped_folder("census") == tmp_path / "data" / "census"


def test_residents_are_as_printed(census):
    """2010: 2,211,191 residents, 522,780 urban; 2020: 2,179,716 and 913,075 (bulletins)."""
    totals = census.residence.sum("region")
    assert totals.sel(residence="urban").values.tolist() == [522780, 913075]
    assert totals.sum("residence").values.tolist() == [2211191, 2179716]
    assert census.age_sex.sum(("region", "sex", "age")).values.tolist() == [2211191, 2179716]
    assert census.registered.sum() == 2600422
    assert int(census.registered["year"]) == 2010


def test_urban_share_is_what_the_plan_says(census):
    """Plan, chapter 1, section 1: 41.89 % in 2020."""
    assert round(100 * float(census.urban_share().sel(year=2020)), 2) == 41.89


def test_employment_is_the_sample_as_printed(census):
    """Long form: 118,393 and 76,811; 81.56 % and 5.03 % primary and secondary in 2010."""
    counts = census.employment.sum(("region", "industry"))
    assert counts.values.tolist() == [118393, 76811]
    assert census.employment.attrs["sample"]
    city = census.employment.sum("region").groupby("sector").sum() / counts
    printed = city.sel(year=2010, sector=["primary", "secondary"])
    np.testing.assert_allclose(100 * printed, [81.56, 5.03], atol=0.005)


def test_sector_shares_of_a_county(census):
    """Xifeng 2010, county tables: sums of the printed industries over 17,103 employed."""
    xifeng = census.sectors().sel(region="621002")
    np.testing.assert_allclose(xifeng.sum("sector"), 1.0)
    assert census.employment.sel(region="621002", year=2010).sum() == 17103


def test_nation_and_province_are_as_printed(census):
    """2020 census: 1,409,778,724 residents, 63.89 % urban; Gansu 25,019,831.

    Births of the long form 2020: 1,212,321; deaths under-registered: 7,965,772.
    """
    people = census.age_residence.sel(year=2020).sum(("sex", "age"))
    nation = people.sel(region="000000")
    assert nation.sum() == 1_409_778_724
    urban = nation.sel(residence=["city", "town"]).sum() / nation.sum()
    # 63.89 % as announced counts the armed forces as urban; the tables leave them out.
    assert float(urban) == pytest.approx(0.6384, abs=5e-5)
    assert people.sel(region="620000").sum() == 25_019_831
    assert census.deaths.sel(region="000000", year=2020).sum() == 7_965_772
    assert census.births.sel(year=2020).sum() == 1_212_321
    assert census.births_by_sex.sel(region="000000", year=2020).sum() == 1_212_321


def test_printed_fertility_is_per_woman(census):
    """2010 census, table 6-3: 9.38 per mille of rural women aged 15-19."""
    rate = census.fertility_printed.sel(year=2010, residence="rural", mother_age=15)
    assert float(rate) == pytest.approx(0.00938)


@pytest.mark.parametrize(
    ("year", "kind", "share", "published"),
    [
        (2015, "plan", 0.3261, 2022),
        (2018, "press", 0.384, 2019),
        (2022, "compilation", 949_200 / 2_158_400, 2023),
    ],
)
def test_readings_of_the_city(census, year, kind, share, published):
    rows = census.series
    rows = rows[(rows["region_code"] == "621000") & (rows["variable"] == "urban_share")]
    row = rows[rows["year"] == year].iloc[0]
    assert (row["kind"], row["published"]) == (kind, published)
    assert row["value"] == pytest.approx(share, abs=1e-6)


def test_units_are_converted_at_the_door(census):
    """Bulletins: 215.84 in 10 thousand persons (2022); plan: GDP 746.11 in 100 million yuan."""
    rows = census.series[census.series["region_code"] == "621000"]
    people = rows[(rows["variable"] == "population") & (rows["year"] == 2022)]
    assert people["value"].tolist() == pytest.approx([2_158_400])
    assert people["unit"].tolist() == ["person"]
    gdp = rows[(rows["variable"] == "gdp") & (rows["source"] == "plan-2022")]
    assert gdp["value"].tolist() == pytest.approx([746.11e8])


def test_residents_before_2010_are_on_another_basis_and_left_out(census):
    people = census.series[census.series["variable"] == "population"]
    assert people["year"].min() == 2010


def test_revised_figures_are_not_known_before_the_revision(census):
    for rows in (census.series, census.provinces):
        city_or_province = rows["region_code"].isin(["621000", "620000"])
        revised = rows[
            city_or_province & (rows["variable"] == "population") & rows["year"].between(2011, 2019)
        ]
        assert len(revised) == 9
        assert (revised["published"] == 2021).all()


def test_provinces_have_one_value_per_figure(census):
    rows = census.provinces
    assert not rows.duplicated(["region_code", "year", "variable"]).any()
    gansu = rows[(rows["region_code"] == "620000") & (rows["variable"] == "urban_share")]
    share = gansu.set_index("year")["value"]
    assert list(share.index) == list(range(2000, 2024))
    assert share[2020] == pytest.approx(0.5223)


def test_employment_of_provinces_adds_up_where_it_is_given(census):
    """Shaanxi's sectors of 2012-2018 miss its total by a tenth or more: left out."""
    rows = census.provinces
    primary = rows[rows["variable"] == "employed_primary"]
    shaanxi = set(primary.loc[primary["region_code"] == "610000", "year"])
    assert shaanxi.isdisjoint(range(2012, 2019))
    assert {2011, 2019} <= shaanxi


def test_county_panel_is_two_censuses_of_the_same_places(census):
    panel = census.county_panel
    counts = panel.groupby("code")["year"].apply(tuple)
    assert len(counts) == 213
    assert set(counts) == {(2010, 2020)}
    assert not panel["code"].str.endswith("00").any()
    assert set(census.regions) <= set(panel["code"])
    shares = panel.filter(like="employed_").filter(like="_share")
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, atol=1e-6)


def test_life_expectancy_is_as_published(census):
    """77.93 and 78.2 years (health bulletin of 2021); WPP 2019: women 79.73 in 2020-2025."""
    table = census.life_expectancy.set_index(["year", "sex"])["e0"]
    assert table[2020, "both"] == 77.93
    assert table[2021, "both"] == 78.2
    assert table[2023, "female"] == 79.73


def test_population_of_a_census_keeps_every_total(census):
    people = census.population(2020)
    assert people.total == pytest.approx(2_179_716, abs=1e-3)
    assert people.persons["age"].values.tolist() == list(range(101))
    by_place = people.by_residence()
    own = census.residence.sel(year=2020, region=by_place["region"].values)
    np.testing.assert_allclose(
        by_place.sel(residence="urban"), own.sel(residence="urban"), rtol=1e-9
    )
    bounds = census.age_sex["age"].values
    of_single = bounds[np.searchsorted(bounds, people.persons["age"], side="right") - 1]
    groups = (
        people.persons.groupby("region")
        .sum("area")
        .groupby(people.persons["age"].copy(data=of_single))
    )
    printed = census.age_sex.sel(year=2020).transpose("region", "sex", "age")
    found = groups.sum().transpose("region", "sex", "age").sel(region=printed["region"].values)
    np.testing.assert_allclose(found, printed, atol=1e-3)


def test_population_of_no_census_year_is_refused(census):
    with pytest.raises(DataError, match=r"no census in 2015[\s\S]*2010, 2020"):
        census.population(2015)


def test_arrays_cannot_be_written_to(census):
    for array in (census.age_sex, census.residence, census.employment, census.deaths):
        with pytest.raises(ValueError, match="read-only"):
            array.values[:] = 0


def test_hashes_and_sizes_are_up_to_date(checkout, census):
    folder = checkout / "data" / "census"
    content = json.loads((folder / NAME).read_text(encoding="utf-8"))
    assert len(content["resources"]) == len(list(folder.glob("*.csv")))
    for resource in content["resources"]:
        raw = (folder / resource["path"]).read_bytes()
        told = hashlib.sha256(raw).hexdigest()
        assert resource["hash"] == f"sha256:{told}", resource["name"]
        assert resource["bytes"] == len(raw), resource["name"]
        assert census.sha256[resource["path"]] == told


def test_every_resource_names_publisher_and_route(checkout):
    content = json.loads((checkout / "data" / "census" / NAME).read_text(encoding="utf-8"))
    known = {source["name"]: source for source in content["sources"]}
    for resource in content["resources"]:
        assert resource["sources"], resource["name"]
        for source in resource["sources"]:
            told = known[source["name"]]
            assert told["publisher"]
            assert told["route"]
            assert told["tier"] in ("A", "B")


def test_reading_is_quick():
    spent = []
    for _ in range(3):
        start = time.process_time()
        read_census()
        spent.append(time.process_time() - start)
    assert min(spent) < 1.0

"""A prefecture out of county files: places that can be compared, and what is estimated of them."""

import numpy as np
import pandas as pd
import pytest

from qyforecast.census.one_census import brought_back
from qyforecast.census.open_counts import ADDITIVE
from qyforecast.census.open_files import read_open_files
from qyforecast.census.open_layout import AGE_COLUMNS, age_column
from qyforecast.census.prefecture import Background, Prefecture, find_prefecture
from qyforecast.census.province_standard import province_rows
from qyforecast.errors import DataError
from qyforecast.provenance import shipped_folder
from qyforecast.vocabulary import CENSUS_AGES, SEXES
from tests.census.open_county_files import PREFECTURE, census, county, summed, write_csv

NATION = "000000"


@pytest.fixture(scope="module")
def ages() -> pd.DataFrame:
    """Read the shipped table of ages by residence."""
    return pd.read_csv(
        shipped_folder("census") / "age_residence.csv", dtype={"region_code": str}
    )  # fmt: skip


def nation(ages: pd.DataFrame, year: int) -> pd.DataFrame:
    return ages[(ages["region_code"] == NATION) & (ages["year"] == year)]


def found(tmp_path, ages: pd.DataFrame, tables: dict, wanted: str = PREFECTURE) -> Prefecture:
    files = [write_csv(tmp_path / f"c{year}.csv", rows) for year, rows in tables.items()]
    return find_prefecture(read_open_files(files), wanted, Background((2010, 2020), {}, ages))


def usual() -> dict:
    return {year: census(year) for year in (2010, 2020)}


def test_counties_are_joined_by_code_and_by_name(tmp_path, ages: pd.DataFrame) -> None:
    city = found(tmp_path, ages, usual())
    assert dict(city.places) == {"530902": "临翔区", "530981": "凤庆市"}
    assert city.counts[2010].loc["530981", "urban"] == round(0.22 * 441_007)
    assert [one.english for one in city.stand_ins] == [
        "凤庆市 530981 is 凤庆县 530922 of the first census, by its name"
    ]
    assert not city.uncounted


def test_a_prefecture_is_found_by_name(tmp_path, ages: pd.DataFrame) -> None:
    assert found(tmp_path, ages, usual(), "临沧市").code == PREFECTURE


@pytest.mark.parametrize(
    ("wanted", "cure"),
    [
        ("530800", "nearest: 530900 临沧市"),
        ("530902", "it lies in 530900 临沧市"),
        ("临苍市", "did you mean '临沧市'?"),
        ("530000", "nearest: 530900"),
    ],
)
def test_an_unknown_prefecture_offers_the_nearest(
    tmp_path, ages: pd.DataFrame, wanted: str, cure: str
) -> None:
    with pytest.raises(DataError) as raised:
        found(tmp_path, ages, usual(), wanted)
    for word in ("no such prefecture", "--prefecture", wanted, cure):
        assert word in str(raised.value)


def test_a_zone_of_no_county_joins_the_districts(tmp_path, ages: pd.DataFrame) -> None:
    """The prefecture has 20,000 more than its counties: they were cut out of the district."""
    tables = usual()
    zone = county("", "工业园区", 2020, 20_000, 0.9)
    whole = [*tables[2020][2:], zone]
    tables[2020][1] = summed(PREFECTURE, "临沧市", whole)
    city = found(tmp_path, ages, tables)
    assert dict(city.places) == {"530901": "其余市区", "530981": "凤庆市"}
    assert city.counts[2020].loc["530901", "population"] == 350_001
    assert city.counts[2020].loc["530901", "urban"] == round(0.61 * 330_001) + 18_000
    assert city.counts[2010].loc["530901", "population"] == 320_003
    assert "临翔区, and what no county joined" in city.stand_ins[1].english


def test_a_county_that_is_missing_is_taken_with_the_district(tmp_path, ages: pd.DataFrame) -> None:
    tables = usual()
    del tables[2010][3]
    city = found(tmp_path, ages, tables)
    assert city.counts[2010]["population"].sum() == 320_003 + 441_007
    assert city.counts[2020]["population"].sum() == 330_001 + 441_007
    assert list(city.places) == ["530901", "530902"]
    assert "what no county joined between the censuses holds" in city.stand_ins[0].english


def test_a_prefecture_without_counties_is_one_place(tmp_path, ages: pd.DataFrame) -> None:
    tables = {year: rows[:2] for year, rows in usual().items()}
    city = found(tmp_path, ages, tables)
    assert dict(city.places) == {"530901": "临沧市"}
    assert city.counts[2010].loc["530901", "population"] == 761_010
    assert "no comparable county" in city.stand_ins[0].english


@pytest.mark.parametrize("share", [1.0, 0.005])
def test_nothing_is_left_to_forecast(tmp_path, ages: pd.DataFrame, share: float) -> None:
    only = {y: [county(PREFECTURE, "临沧市", y, 500_000, share)] for y in (2010, 2020)}
    with pytest.raises(DataError, match=r"cannot be compared(.|\n)*0.02 to 0.99"):
        found(tmp_path, ages, only)


def test_a_boundary_that_moved_is_refused(tmp_path, ages: pd.DataFrame) -> None:
    only = {
        y: [county(PREFECTURE, "临沧市", y, n, 0.4)] for y, n in ((2010, 400_000), (2020, 10**6))
    }
    with pytest.raises(DataError, match=r"factor of 2.50"):
        found(tmp_path, ages, only)


def test_without_the_last_census_nothing_is_done(tmp_path, ages: pd.DataFrame) -> None:
    with pytest.raises(DataError, match=r"census of 2020(.|\n)*years \[2010\]"):
        found(tmp_path, ages, {2010: census(2010)})


def test_the_first_census_may_be_brought_back(tmp_path, ages: pd.DataFrame) -> None:
    city = found(tmp_path, ages, {2020: census(2020)})
    assert city.uncounted == (2010,)
    then, now = city.counts[2010], city.counts[2020]
    assert (then["urban"] / then["population"] < now["urban"] / now["population"]).all()
    parts = then[[c for c in AGE_COLUMNS if c.startswith("male")]].sum(axis=1)
    assert (parts == then["male"]).all()
    assert (then["urban"] + then["rural"] == then["population"]).all()
    assert "census of 2010 is not in the files" in city.stand_ins[-1].english


def as_counts(table: pd.DataFrame) -> pd.Series:
    """Count a table by age and residence as county files would."""
    people = table.groupby(["sex", "age"])["population"].sum()
    counts = pd.Series(1000.0, index=list(ADDITIVE))
    for sex in SEXES:
        for age in CENSUS_AGES:
            last = 200 if age == CENSUS_AGES[-1] else age
            counts[age_column(sex, age)] = people[sex].loc[age:last].sum()
        counts[sex] = people[sex].sum()
    counts["population"] = people.sum()
    counts["rural"] = table.loc[table["residence"] == "rural", "population"].sum()
    counts["urban"] = counts["population"] - counts["rural"]
    return counts


def test_the_standard_is_brought_back_to_itself(ages: pd.DataFrame) -> None:
    """The nation of 2020 brought back by the nation's own cohorts is the nation of 2010."""
    standard = {year: nation(ages, year) for year in (2010, 2020)}
    now, then = as_counts(standard[2020]), as_counts(standard[2010])
    back = brought_back(now.to_frame("000001").T, standard, {}).loc["000001"]
    np.testing.assert_allclose(back[list(AGE_COLUMNS)], then[list(AGE_COLUMNS)], atol=1)
    np.testing.assert_allclose(back["urban"], then["urban"], atol=30)


def test_a_province_like_the_nation_gets_the_nations_table(ages: pd.DataFrame) -> None:
    told = nation(ages, 2020).sort_values(["residence", "sex", "age"], ignore_index=True)
    made = province_rows(told, as_counts(told), "530000")
    made = made.sort_values(["residence", "sex", "age"], ignore_index=True)
    assert set(made["region_code"]) == {"530000"}
    np.testing.assert_allclose(made["population"], told["population"], atol=1.5)
    np.testing.assert_allclose(made["deaths"], told["deaths"], atol=2)


def test_a_province_keeps_its_own_ages_and_towns(tmp_path, ages: pd.DataFrame) -> None:
    rows = read_open_files([write_csv(tmp_path / "c2020.csv", census(2020))]).set_index("code")
    counts = rows.loc["530000"]
    made = province_rows(nation(ages, 2020), counts, "530000")
    towns = made[made["residence"] != "rural"]["population"].sum()
    assert (towns, made["population"].sum()) == (counts["urban"], counts["population"])
    by_age = made.groupby(["sex", "age"])["population"].sum()
    for sex in SEXES:
        for age in CENSUS_AGES[:-1]:
            assert abs(by_age[sex, age] - counts[age_column(sex, age)]) <= 3
    assert (made["deaths"] <= made["population"]).all()


def test_a_province_that_is_not_told_borrows_the_nation(ages: pd.DataFrame) -> None:
    made = province_rows(nation(ages, 2010), None, "530000")
    assert set(made["region_code"]) == {"530000"}
    assert made["population"].tolist() == nation(ages, 2010)["population"].tolist()

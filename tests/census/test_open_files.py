"""Open county files: two layouts, two encodings, three units; a fault is one error."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pandas.testing import assert_frame_equal

from qyforecast.census.open_counts import additive_counts, shared_out
from qyforecast.census.open_files import read_open_files
from qyforecast.census.open_layout import AGE_COLUMNS, COUNTED, recognise
from qyforecast.errors import DataError
from tests.census.open_county_files import (
    both,
    census,
    chinese,
    short_age,
    write_csv,
    write_xlsx,
)

WAN = {"pop", "male", "female", "urban", "rural", "hh_reg_other_same_county"}
WAN |= {"in_mig_same_prov", "in_mig_other_prov"}


def is_people(heading: str) -> bool:
    return heading in WAN or heading[:2] in ("M_", "F_")


def in_wan(rows):
    """Tell people in 万, digits kept."""
    return [{k: v / 10_000 if is_people(k) else v for k, v in row.items()} for row in rows]


def without_where(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop(columns="where")


@pytest.fixture
def plain(tmp_path) -> pd.DataFrame:
    """Read both censuses in the short layout."""
    return without_where(read_open_files(both(tmp_path)))


def test_persons_are_read_as_they_stand(plain: pd.DataFrame) -> None:
    row = plain[(plain["code"] == "530981") & (plain["year"] == 2020)].iloc[0]
    assert (row["name"], row["population"]) == ("凤庆市", 441_007)
    assert row[list(AGE_COLUMNS)].sum() == 441_007
    assert np.isnan(row["registered"])


@pytest.mark.parametrize("layout", ["chinese csv", "gb18030", "xlsx", "titled xlsx"])
def test_every_layout_says_the_same(tmp_path, plain: pd.DataFrame, layout: str) -> None:
    files = []
    for year in (2010, 2020):
        rows = [{chinese(k): v for k, v in row.items()} for row in census(year)]
        if "xlsx" in layout:
            title = "分县资料" if "titled" in layout else ""
            files.append(write_xlsx(tmp_path / f"表{year}.xlsx", rows, title))
        else:
            encoding = "gb18030" if layout == "gb18030" else "utf-8-sig"
            files.append(write_csv(tmp_path / f"表{year}.csv", rows, encoding))
    assert_frame_equal(without_where(read_open_files(files)), plain)


@pytest.mark.parametrize("how", ["shell", "heading", "column"])
def test_wan_may_be_said_in_three_ways(tmp_path, plain: pd.DataFrame, how: str) -> None:
    files = []
    for year in (2010, 2020):
        rows = in_wan(census(year))
        if how == "heading":
            rows = [{f"{k}（万人）" if is_people(k) else k: v for k, v in r.items()} for r in rows]
        elif how == "column":
            rows = [row | {"unit": "万人"} for row in rows]
        files.append(write_csv(tmp_path / f"c{year}.csv", rows))
    found = without_where(read_open_files(files, "万" if how == "shell" else ""))
    for name in COUNTED:
        np.testing.assert_allclose(found[name], plain[name], rtol=1e-12)


def test_the_year_may_stand_in_the_name_of_the_file(tmp_path, plain: pd.DataFrame) -> None:
    rows = [{k: v for k, v in row.items() if k != "year"} for row in census(2020)]
    found = read_open_files([write_csv(tmp_path / "census_2020.csv", rows)])
    assert set(found["year"]) == {2020}
    with pytest.raises(DataError, match="does not say its census"):
        read_open_files([write_csv(tmp_path / "counties.csv", rows)])


def test_long_codes_and_rows_without_a_code(tmp_path) -> None:
    rows = census(2020)
    rows[3]["code"] = "530981000000"
    zone = dict(rows[2]) | {"code": "", "area": "临沧工业园区"}
    found = read_open_files([write_csv(tmp_path / "c.csv", [*rows, zone])])
    assert found["code"].tolist() == ["530000", "530900", "530902", "530981"]


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("M_1-4", "male 1"), ("F_85+", "female 85"), ("男 20-24 岁", "male 20"),
        ("85岁及以上_女", "female 85"), ("0岁男", "male 0"), ("ＰＯＰ", "population"),
        ("M_20-25", ""), ("男", "male"), ("面积", ""),
    ],
)  # fmt: skip
def test_headings(heading: str, name: str) -> None:
    assert recognise(heading)[0] == name


def broken(folder, change, name="c2020.csv"):
    """Write the second census with a change."""
    rows = census(2020)
    change(rows)
    return write_csv(folder / name, rows)


def without_ages(rows) -> None:
    for row in rows:
        row.pop(short_age("M", 40))


def no_number(rows) -> None:
    rows[3]["urban"] = "约16万"


def twice(rows) -> None:
    rows.append(dict(rows[3]))


def negative(rows) -> None:
    rows[2]["female"] = -3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (without_ages, ["lacks a column", "c2020.csv, line 1", "male 40"]),
        (no_number, ["urban", "line 5", "约16万", "plain digits"]),
        (twice, ["there twice", "line 6", "530981"]),
        (negative, ["female", "line 4", "negative"]),
    ],
)
def test_a_bad_file_is_one_error(tmp_path, change, words: list[str]) -> None:
    with pytest.raises(DataError) as raised:
        read_open_files([broken(tmp_path, change)])
    for word in words:
        assert word in str(raised.value)


@pytest.mark.parametrize("raw", [b"not a book", b"PK\x03\x04 cut off", b""])
def test_a_workbook_that_is_none(tmp_path, raw: bytes) -> None:
    path = tmp_path / "c2020.xlsx"
    path.write_bytes(raw)
    with pytest.raises(DataError, match=r"no Excel workbook(.|\n)*c2020.xlsx(.|\n)*save it"):
        read_open_files([path])


def test_other_bad_files(tmp_path) -> None:
    path = tmp_path / "c2020.csv"
    path.write_bytes("code,pop\n".encode("utf-16"))
    with pytest.raises(DataError, match="neither UTF-8 nor GB 18030"):
        read_open_files([path])
    path.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="no heading"):
        read_open_files([path])
    with pytest.raises(DataError, match="cannot be read"):
        read_open_files([tmp_path / "absent.csv"])
    with pytest.raises(DataError, match=r"unknown unit(.|\n)*--unit"):
        read_open_files(both(tmp_path), "dozen")


def counts_of(rows, tmp_path, unit=""):
    table = read_open_files([write_csv(tmp_path / "c2020.csv", rows)], unit).set_index("code")
    return additive_counts(table, [], None)


def test_a_population_in_wan_beside_ages_in_persons(tmp_path) -> None:
    rows = census(2020)
    for row in rows:
        row |= {key: row[key] * 10_000 for key in row if key[:2] in ("M_", "F_")}
    with pytest.raises(DataError, match=r"ratio of 1e\+04(.|\n)*万"):
        counts_of(rows, tmp_path)


@pytest.mark.parametrize("unit", ["", "万"])
def test_a_unit_that_is_off_everywhere(tmp_path, unit: str) -> None:
    rows = census(2020) if unit else in_wan(census(2020))
    with pytest.raises(DataError, match=r"too few or too many residents(.|\n)*万"):
        counts_of(rows, tmp_path, unit)


def test_what_is_not_told_is_that_of_the_place_above(tmp_path) -> None:
    rows = census(2020)
    for key in ("emp_agr_pct", "emp_ind_pct", "emp_srv_pct", "in_mig_same_prov"):
        rows[2][key] = ""
    table = read_open_files([write_csv(tmp_path / "c2020.csv", rows)]).set_index("code")
    counts, notes = additive_counts(table.loc[["530902"]], [table.loc["530900"]], None)
    jobs = counts.loc["530902", ["agriculture", "other_secondary", "services"]].to_numpy(float)
    np.testing.assert_allclose(jobs / jobs.sum(), [0.5, 0.15, 0.35], atol=1e-4)
    share = table["same_province"]["530900"] / table["population"]["530900"]
    assert counts["same_province"]["530902"] == round(share * 330_001)
    assert len(notes) == 4
    assert all("临翔区" in one.english and "临沧市" in one.english for one in notes)
    with pytest.raises(DataError, match="is told of no place"):
        additive_counts(table.loc[["530902"]], [], None)


def test_shares_that_miss_their_sum_count_as_not_told(tmp_path) -> None:
    rows = census(2020)
    rows[2]["emp_srv_pct"] = 10.0
    table = read_open_files([write_csv(tmp_path / "c2020.csv", rows)]).set_index("code")
    counts, notes = additive_counts(table, [table.loc["530900"]], None)
    jobs = counts.loc["530902"]
    assert abs(jobs["services"] / (330_001 // 20) - 0.35) < 1e-3
    assert [one.english.split()[0] for one in notes] == ["primary", "secondary", "tertiary"]


@given(
    arrays(float, (3, 5), elements=st.floats(0.01, 1e6)),
    arrays(np.int64, 3, elements=st.integers(0, 10_000_000)),
)
def test_shared_out_adds_up_and_stays_near(parts: np.ndarray, totals: np.ndarray) -> None:
    whole = shared_out(parts, totals.astype(float))
    assert (whole.sum(axis=1) == totals).all()
    exact = parts * (totals / parts.sum(axis=1))[:, None]
    assert (np.abs(whole - exact) <= 1 + 1e-6).all()

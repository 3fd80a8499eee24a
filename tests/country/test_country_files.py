"""A country's files: every place once, sums that agree, and what is refused."""

import os
from pathlib import Path

import pytest

from qyforecast.census.country_files import read_country
from qyforecast.cli import main
from qyforecast.errors import DataError
from tests.country.made_up import ALONE, COUNTIES, NEW, ZONE, write_country

YEARS = (2010, 2020)


def test_every_place_is_taken_once(tmp_path: Path) -> None:
    country = read_country(write_country(tmp_path), YEARS)
    assert sorted(country.places.index) == sorted([*COUNTIES, ALONE, "3402Z1"])
    assert country.places.loc["3402Z1", "name"] == ZONE
    assert country.places.loc[ALONE, "prefecture"] == ALONE
    assert country.nation is not None
    assert country.places["urban"].sum() == country.nation["urban"]
    assert country.differences.empty
    reasons = country.left_out.groupby("reason").size()
    assert reasons["districts or counties taken together"] == 5
    assert NEW not in country.before.index


def test_a_sum_that_differs_is_listed_by_place(tmp_path: Path) -> None:
    def spoil(rows):
        return [r | {"pop": r["pop"] + 7, "M_0": r["M_0"] + 7} if r["code"] == "330203" else r
                for r in rows]  # fmt: skip

    found = read_country(write_country(tmp_path, spoil), YEARS).differences
    assert found["region_code"].tolist() == ["330200", "330000", "000000"]
    assert (found["places"] - found["own_row"] == 7).all()


def test_a_row_of_the_earlier_census_that_does_not_add_up_is_left_out(tmp_path: Path) -> None:
    def spoil(rows):
        return [r | {"pop": r["pop"] + 9} if (r["code"], r["year"]) == ("330203", 2010) else r
                for r in rows]  # fmt: skip

    country = read_country(write_country(tmp_path, spoil), YEARS)
    assert "330203" not in country.before.index
    assert country.left_out["reason"].str.contains("row of 2010 does not add up").sum() == 1


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda rows: [r | {"pop": r["pop"] + 9} for r in rows], "do not add up"),
        (lambda rows: [r | {"urban": r["pop"] + 1} for r in rows], "do not add up"),
        (lambda rows: [*rows, rows[3]], "stands twice"),
        (lambda rows: [r for r in rows if r["code"] != "340000"], "province has no row"),
        (lambda rows: [{k: v for k, v in r.items() if k != "code"} for r in rows], "no place"),
        (lambda rows: [r | {"year": 2000} if r["year"] == 2010 else r for r in rows], "of 2010"),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, spoil, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_country(write_country(tmp_path, spoil), YEARS)


def test_a_missing_column_and_a_missing_file_are_named(tmp_path: Path) -> None:
    paths = write_country(tmp_path)
    text = paths[0].read_text(encoding="utf-8")
    paths[0].write_text(text.replace("urban", "urben", 1), encoding="utf-8")
    with pytest.raises(DataError, match="no 'urban'") as caught:
        read_country(paths, YEARS)
    assert str(paths[0]) in str(caught.value)
    with pytest.raises(DataError, match="cannot be read"):
        read_country([tmp_path / "none.csv"], YEARS)


def test_places_of_china_are_the_nations_own_row() -> None:
    """Census of 2020: 899,991,162 urban residents without servicemen."""
    cases = os.environ.get("QYFORECAST_CASES")
    if not cases:
        pytest.skip("QYFORECAST_CASES names no folder beside which the county files lie")
    files = [Path(cases).parent / "data" / f"china_counties_census{year}.csv" for year in YEARS]
    if not all(path.is_file() for path in files):
        pytest.skip(f"no county files beside {cases}")
    country = read_country(files, YEARS)
    assert country.places["urban"].sum() == 899_991_162
    assert country.places["population"].sum() == 1_409_778_724
    assert country.differences.empty
    # Dongguan, Zhongshan, Jiayuguan: prefectures without counties.
    assert {"441900", "442000", "620200"} <= set(country.places.index)


def test_the_command_ends_with_one_message(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr("sys.argv", ["qyforecast", "nation", "none.csv", "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "this county file cannot be read" in capsys.readouterr().err
    assert not out.exists()

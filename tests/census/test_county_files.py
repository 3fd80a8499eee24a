"""Counties of the user's own files: what is taken, what is left out, what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from qyforecast.census.census import Census, read_census
from qyforecast.census.county_files import with_counties
from qyforecast.census.panel import Panel
from qyforecast.errors import DataError

HEAD = ["year", "code", "area", "pop", "urban", "emp_agr_pct", "emp_ind_pct", "emp_srv_pct"]


@pytest.fixture(scope="module")
def shipped() -> Census:
    return read_census()


def rows(year: int) -> list[list]:
    return [
        [year, "620000", "province", 25_000_000, 9_000_000, 60.0, 15.0, 25.0],
        [year, "", "districts together", 900_000, 300_000, 40.0, 20.0, 40.0],
        [year, "620102", "one", 900_000 + year, 300_000, 40.0, 20.0, 40.0],
        [year, "610102", "another", 500_000, 100_000, 50.0, 10.0, 40.0],
        [year, "610103", "a third", 400_000, 100_000, 50.0, 10.0, 40.0 if year == 2010 else ""],
    ]


def write(folder: Path, spoil=lambda year, row: row) -> list[Path]:
    paths = []
    for year in (2010, 2020):
        table = pd.DataFrame([spoil(year, row) for row in rows(year)], columns=HEAD)
        paths.append(folder / f"{year}.csv")
        table.to_csv(paths[-1], index=False)
    return paths


def test_counties_are_taken_and_the_citys_own_stay(shipped: Census, tmp_path: Path) -> None:
    panel = Panel.from_census(with_counties(shipped, write(tmp_path)), as_of=2025)
    found = panel.counties["county"].values.tolist()
    assert sorted(found) == sorted(["620102", "610102", *shipped.regions])
    one = panel.counties.sel(county="620102")
    assert one["employment"].values[0] == pytest.approx([0.4, 0.2, 0.4])
    assert one["urban_share"].values[1] == pytest.approx(300_000 / 902_020)


def test_a_county_without_a_figure_is_listed(shipped: Census, tmp_path: Path) -> None:
    panel = Panel.from_census(with_counties(shipped, write(tmp_path)), as_of=2025)
    assert panel.dropped == ("county 610103: in one census only",)


def test_shares_that_are_not_whole_are_refused(shipped: Census, tmp_path: Path) -> None:
    paths = write(tmp_path, lambda _, row: [*row[:5], 0.5, 0.2, 0.3])
    with pytest.raises(DataError, match="do not sum to 100") as caught:
        with_counties(shipped, paths)
    assert "2010.csv" in str(caught.value)


def test_a_missing_column_and_other_censuses_are_refused(shipped: Census, tmp_path: Path) -> None:
    paths = write(tmp_path)
    table = pd.read_csv(paths[0], dtype={"code": str})
    table.drop(columns="urban").to_csv(paths[0], index=False)
    with pytest.raises(DataError, match="lacks a column"):
        with_counties(shipped, paths)
    table.assign(year=2000).to_csv(paths[0], index=False)
    with pytest.raises(DataError, match="no county of these files"):
        with_counties(shipped, paths[:1])

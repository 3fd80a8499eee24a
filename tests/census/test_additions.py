"""Figures that a user brings: taken as they are, or refused with the cure."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from qyforecast.census.additions import FILE, add_figures
from qyforecast.census.census import read_census
from qyforecast.census.figure_files import figure_table, parse_figures, read_figures
from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.provenance import shipped_folder

GOOD = {"year": "2024", "urban": "0.478", "source": "bulletin of 2024, table 1"}


@pytest.fixture(scope="module")
def census():
    return read_census()


def added(census, today=2026, **words):
    return add_figures(census, parse_figures(GOOD | words, "--add"), today=today)


def test_an_added_share_is_a_reading_once_published(census):
    longer = added(census, published="2025")
    for as_of, heard in ((2024, False), (2025, True)):
        readings = Panel.from_census(longer, as_of=as_of).readings
        mine = readings[readings["year"] == 2024]
        assert mine["urban_share"].tolist() == ([0.478] if heard else [])
    assert longer.sources[GOOD["source"]].route == "added by the user"
    assert len(longer.series) == len(census.series) + 1
    assert longer.series.dtypes.equals(census.series.dtypes)


def test_adding_nothing_changes_nothing(census):
    assert add_figures(census, []) is census


@pytest.mark.parametrize(
    ("words", "what", "cure"),
    [
        ({"urban": "47.8"}, "in percent", "write 0.478 for 47.8 %"),
        ({"urban": "47.8%"}, "urban is no number", "0.478 for 47.8 %"),
        ({"urban": "nan"}, "is no number", "plain number"),
        ({"urban": "-0.4"}, "outside its range", "below 1"),
        ({"urban": "478"}, "outside its range", "below 1"),
        ({"year": "2027"}, "not over", "2026 or earlier"),
        ({"published": "2027"}, "in the future", "published=2026"),
        ({"published": "2023"}, "before the year", "leave it out"),
        ({"year": "MMXX"}, "year is no year", "2024"),
        ({"year": "2020"}, "census has counted", "leave it out"),
        ({"year": "2009"}, "before the first census", "after 2010"),
        ({"year": ""}, "has no year", "year=2024"),
        ({"source": " "}, "has no source", "source="),
        ({"urban": ""}, "has no urban", "urban=0.478"),
        ({"urbam": "0.4"}, "unknown key", "urban"),
        ({"kind": "bulletins"}, "unknown kind", "bulletin"),
        ({"region": "621003"}, "unknown region", "6210"),
        ({"year": "2022", "published": "2023"}, "contradicts", "later than 2023"),
        (
            {"year": "2022", "urban": "0.43977", "kind": "compilation"},
            "there already",
            "leave it out",
        ),
        ({"population": "212.54"}, "0.0001 times", "not 万"),
        ({"value_added_primary": "1.4e10"}, "some sectors only", "value_added_tertiary of 2024"),
    ],
)
def test_a_figure_that_cannot_be_right_is_refused_with_the_cure(census, words, what, cure):
    with pytest.raises(DataError) as refused:
        added(census, **words)
    assert what in str(refused.value)
    assert cure in refused.value.cure
    assert refused.value.where == "--add"


def test_a_revision_is_heard_and_the_same_figure_twice_is_not(census):
    revised = added(census, year="2022", urban="0.4450", kind="compilation", published="2025")
    panel = Panel.from_census(revised, as_of=2025)
    mine = panel.readings[(panel.readings["year"] == 2022) & (panel.readings["region"] == "621000")]
    assert mine["urban_share"].tolist() == [0.445]
    twice = [*parse_figures(GOOD, "--add"), *parse_figures(GOOD, "--add")]
    with pytest.raises(DataError, match="there already"):
        add_figures(census, twice, today=2026)


def test_figures_written_and_read_again_are_the_same(census, tmp_path):
    figures = parse_figures(GOOD | {"population": "2125400", "published": "2025"}, "--add")
    path = tmp_path / FILE
    figure_table(figures, census.city).to_csv(path, index=False)
    again = [replace(one, where="--add") for one in read_figures(path)]
    assert again == [replace(one, region=census.city) for one in figures]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("year,urban,source\n2024,0.478\n", "more or fewer cells"),
        ("year,urban,source\n2024,0.478,a,b\n", "more or fewer cells"),
        ("year,share,source\n2024,0.478,a\n", "unknown key"),
    ],
)
def test_a_broken_file_names_its_line(tmp_path, text, what):
    path = tmp_path / "new.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=what) as refused:
        read_figures(path)
    assert refused.value.where.endswith("new.csv, line 2")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="cannot be read"):
        read_figures(tmp_path / "none.csv")


def test_figures_kept_in_a_folder_of_ones_own_are_read_with_it(tmp_path):
    folder = tmp_path / "census"
    shutil.copytree(shipped_folder("census"), folder)
    rows = "region,year,variable,value,kind,source,published\n"
    (folder / FILE).write_text(rows + "621000,2024,urban_share,0.478,bulletin,b,2025\n", "utf-8")
    census = read_census(folder)
    assert census.series["value"].iloc[-1] == 0.478
    assert FILE in census.sha256
    (folder / FILE).write_text(rows + "621000,2024,urban_share,47.8,bulletin,b,2025\n", "utf-8")
    with pytest.raises(DataError, match="percent") as refused:
        read_census(folder)
    assert Path(refused.value.where.partition(",")[0]) == folder / FILE

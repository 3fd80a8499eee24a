"""The app shows what `qyforecast compare` writes, to every printed digit."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook

from qyforecast.dashboard.pages import answered, drawn
from qyforecast.dashboard.parts import sheets_of, shown
from qyforecast.dashboard.settings import read_settings
from qyforecast.dashboard.sheets import Sheet, as_csv, as_workbook
from qyforecast.errors import OutOfReach, ScenarioError
from qyforecast.policy.comparison import compare_scenarios
from qyforecast.report.writing import SHARE_FORMAT, write_table


@pytest.fixture(scope="module")
def compared(world):
    names = ("baseline", "settling-in", "key-towns")
    scenarios = [world.library[name] for name in names]
    return compare_scenarios(world.futures[2021], scenarios, world.targets, seed=world.seed)


def sheet(world, text: str, name: str) -> Sheet:
    (found,) = [s for s in sheets_of(answered(world, read_settings(text))) if s.name == name]
    return found


@pytest.mark.parametrize("scenario", ["settling-in", "key-towns"])
def test_a_library_scenario_has_the_numbers_of_compare(world, compared, scenario, tmp_path):
    told = sheet(world, f"page=whatif&scenario={scenario}", "chances").table
    columns = ["scenario", "year", *told.columns.drop(["scenario", "year"])]
    mine = compared.chances[compared.chances["region_code"] == world.census.city]
    mine = mine[mine["scenario"].isin(["baseline", scenario])][columns]
    for name, table in (("app", told[columns]), ("compare", mine)):
        write_table(table, tmp_path / f"{name}.csv", SHARE_FORMAT)
    assert (tmp_path / "app.csv").read_bytes() == (tmp_path / "compare.csv").read_bytes()


def test_probabilities_on_the_page_are_those_of_compare(world, compared):
    from qyforecast.report.wording import counted_text

    settings = read_settings("page=whatif&lang=en&scenario=settling-in")
    text = str(shown(answered(world, settings), settings))
    rows = compared.chances
    rows = rows[(rows["scenario"] == "settling-in") & (rows["region_code"] == world.census.city)]
    rows = rows[~rows["target"].str.contains("about")]
    assert len(rows) == 2
    for row in rows.to_dict("records"):
        words = counted_text(row["probability"], row["standard_error"])
        assert f'data-target="{row["target"]}">{words}</strong>' in text


def test_growth_and_pairs_are_those_of_compare(world, compared):
    growth = sheet(world, "page=whatif&scenario=settling-in", "growth-split").table
    mine = compared.growth[compared.growth["region_code"] == world.census.city]
    mine = mine[mine["scenario"].isin(["baseline", "settling-in"])]
    assert growth["median"].tolist() == mine["median"].tolist()
    text = "page=compare&compare=settling-in&compare=key-towns"
    pairs = sheet(world, text, "pairs-2035").table.set_index("scenario")
    for row in compared.pairs[compared.pairs["year"] == 2035].to_dict("records"):
        assert pairs.loc[row["scenario"], row["other"]] == row["beats"]


def test_a_lever_pulled_harder_does_more(world):
    gains = [
        sheet(world, f"page=whatif&scenario=settling-in&s.families-follow={percent}", "chances")
        .table.query("year == 2035")["gain_points"]
        .iloc[-1]
        for percent in (0, 50, 100, 200)
    ]
    assert gains == sorted(gains)
    assert gains[0] < gains[-1]


def test_a_goal_out_of_reach_is_refused_in_words(world):
    settings = read_settings("page=compare&goal=2035&chance=99&pulled=industry-jobs")
    with pytest.raises(OutOfReach) as refused:
        drawn(world, settings)
    assert "best" in str(refused.value) or "reach" in str(refused.value)


def test_files_hold_the_table_of_the_screen(world):
    one = sheet(world, "page=whatif&scenario=settling-in", "chances")
    csv = pd.read_csv(io.BytesIO(as_csv(one)), encoding="utf-8-sig")
    book = pd.read_excel(io.BytesIO(as_workbook([one])), sheet_name="chances")
    for read in (csv, book):
        assert list(read.columns) == list(one.table.columns)
        pd.testing.assert_frame_equal(read, one.table, check_dtype=False, atol=1e-6)


def test_words_in_a_file_are_no_formulas():
    evil = pd.DataFrame({"scenario": ["=1+1", "@SUM(A1)", "http://x.y"], "value": [1.0, 2.0, 3.0]})
    book = load_workbook(io.BytesIO(as_workbook([Sheet("evil", "evil", evil)])))
    cells = [row[0] for row in book["evil"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == ["'=1+1", "'@SUM(A1)", "http://x.y"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
    assert b"\n'=1+1," in as_csv(Sheet("evil", "evil", evil))


def test_markup_in_a_scenario_is_shown_as_words(world):
    evil = replace(world.library["settling-in"], question="<script>alert(1)</script>")
    lever = replace(evil.levers[0], name="<img src=x onerror=alert(1)>")
    evil = replace(evil, name="evil", levers=(lever,), origins={})
    world.received.add(evil)
    from qyforecast.dashboard.frame import page

    text = "page=whatif&scenario=evil&s.%3Cimg+src%3Dx+onerror%3Dalert%281%29%3E=150"
    settings = read_settings(text)
    whole = page(world, text).render()["html"] + str(shown(answered(world, settings), settings))
    assert "&lt;img src=x" in whole
    assert "<img src=x" not in whole
    assert "<script>alert" not in whole


def test_a_scenario_compared_with_a_stranger_is_refused(world):
    from qyforecast.errors import QyforecastError

    with pytest.raises(QyforecastError, match="not in the library"):
        world.base(replace(world.library["settling-in"], baseline="nowhere"))
    with pytest.raises(ScenarioError):
        world.library["settling-in"].pulled({"nothing": 2})

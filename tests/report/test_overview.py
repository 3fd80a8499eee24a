import pandas as pd
import pytest

from qyforecast.errors import OutputError
from qyforecast.report.overview import render_table
from qyforecast.report.results import collect

ROW = {
    "region_code": "621000",
    "target": "half",
    "year": 2025,
    "threshold": 0.5,
    "probability": 0.389,
    "standard_error": 0.0077,
    "median": 0.4931,
    "lower80": 0.471,
    "upper80": 0.5149,
}


def rows(*pairs: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame([{"scenario": name, "as_of": as_of} | ROW for name, as_of in pairs])


def test_vintages_stand_side_by_side():
    table = render_table(
        rows(("baseline", 2024), ("baseline", 2021)), "621000", place="Qingyang", draws=4000
    )
    cell = "38.9 ± 0.8 %\n49.3 % (47.1 to 51.5 %)"
    assert table.rows == (("baseline", "2025: 50 % or more", cell, cell),)
    assert table.columns[2].startswith("as of 2021: probability")
    assert table.columns[3].startswith("as of 2024: probability")
    assert any("Left out" in note for note in table.notes)
    assert any("4,000 draws" in note for note in table.notes)


def test_a_vintage_that_was_not_run_is_a_dash():
    table = render_table(rows(("a", 2021), ("a", 2024), ("b", 2024)), "621000", draws=40)
    assert table.rows[1][2] == "–"


def test_chinese_has_no_english_in_it():
    table = render_table(rows(("基准", 2021)), "621000", place="庆阳市", draws=4000, lang="zh")
    said = "".join([table.title, *table.columns, *table.rows[0], *table.notes])
    assert not [sign for sign in said if sign.isascii() and sign.isalpha()]


def test_scenarios_keep_the_order_of_the_runs(runs, targets):
    table = render_table(collect(runs, targets).targets, "621021", draws=40)
    assert [row[0] for row in table.rows] == ["baseline"] * 2 + ["settling-in"] * 2


def test_a_region_without_targets_is_refused():
    with pytest.raises(OutputError, match="no targets to show"):
        render_table(rows(("a", 2021)), "621099", draws=40)

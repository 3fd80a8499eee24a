"""`qyforecast demography`: what is written, drawn and said."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from typer.testing import CliRunner

from qyforecast.cli import app
from qyforecast.errors import QyforecastError
from qyforecast.provenance import file_sha256
from qyforecast.report.demography import Portrait, figures, produce_demography
from qyforecast.report.demography_screen import known_table, totals_table
from qyforecast.report.request import Request

COUNTIES = ["621002", "621021", "621022", "621023", "621024", "621025", "621026", "621027"]


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demography") / "results"


@pytest.fixture(scope="module")
def portrait(out) -> Portrait:
    """Give one run with few draws."""
    said: list[str] = []
    request = Request(out=out, as_of=("2021",), draws=400)
    made = produce_demography(request, None, said.append)
    assert said[0] == "reading the census"
    return made


def test_the_manifest_names_every_file_with_its_hash(portrait, out):
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["as_of"], manifest["region"], manifest["draws"]) == (2021, "621000", 400)
    found = {path.name for path in out.iterdir()} - {"manifest.json"}
    assert found == set(manifest["files"])
    assert {f"{name}.csv" for name in portrait.tables} < found
    for name, digest in manifest["files"].items():
        assert file_sha256(out / name) == digest


def test_every_rate_of_every_county_says_what_it_rests_on(portrait):
    evidence = portrait.tables["evidence"]
    own = evidence[evidence["place"].str[:6].isin(COUNTIES)]
    for rate in ("residents by sex and age", "total fertility", "life expectancy, male",
                 "life expectancy, female", "net migration of the decade, a year",
                 "leaving for other counties"):  # fmt: skip
        assert sorted(set(own.loc[own["rate"] == rate, "place"].str[:6])) == COUNTIES, rate
    assert set(evidence["grade"]) <= {"measured", "published", "estimated", "judgement"}


def test_registration_is_told_with_both_factors(portrait):
    """Life expectancy 77.93 asks for 1.46 times the census deaths, 7.07 per mille for 1.25."""
    evidence = portrait.tables["evidence"].set_index("rate")
    row = evidence.loc["registration factor, male"]
    assert "1.46" in row["source"]
    assert "1.25" in row["source"]
    assert 1.25 < float(row["value"]) < 1.46


def test_rates_are_those_of_the_estimates(portrait, out):
    rates = pd.read_csv(out / "rates.csv", dtype={"region_code": str})
    assert len(rates) == 8 * 2 * 2 * 101
    assert rates["persons"].sum() == pytest.approx(2_179_716, abs=1)
    here = rates.query("region_code == '621026' and residence == 'rural' and sex == 'female'")
    fertility = portrait.base.total_fertility().sel(area="621026-rural")
    assert here["fertility"].sum() == pytest.approx(float(fertility), abs=1e-3)
    assert rates.loc[rates["sex"] == "male", "fertility"].isna().all()
    assert rates["survivorship"].between(0, 1).all()


def test_residuals_of_counties_add_to_the_decade(portrait):
    """The city lost about twenty thousand a year."""
    residual = portrait.tables["residual_migration"]
    assert -240_000 < residual["residual"].sum() < -170_000
    assert residual["misfit"].abs().max() < 0.05


def test_schedules_say_where_they_do_not_fit(portrait):
    table = portrait.tables["schedules"].set_index("flow")
    assert set(table["verdict"]) == {"fits", "does not fit", "too small to fit"}
    fitted = table.dropna(subset="misplaced")
    assert ((fitted["misplaced"] <= 0.10) == (fitted["verdict"] == "fits")).all()
    departures, arrivals = (
        fitted.loc[flow, "misplaced"].mean() for flow in ("departures", "arrivals")
    )
    assert departures < arrivals


def test_pyramids_hold_every_resident(portrait):
    figure = figures(portrait)["pyramids.png"]
    for panel, total in zip(figure.axes, (2_211_191, 2_179_716), strict=True):
        bars = [p for p in panel.patches if isinstance(p, Rectangle)]
        assert 1000 * sum(abs(bar.get_width()) for bar in bars) == pytest.approx(total)
        assert f"{total:,}" in panel.get_title("left")


def test_every_picture_tells_vintage_and_source(portrait):
    for name, figure in figures(portrait).items():
        words = " ".join(" ".join(text.get_text() for text in figure.texts).split())
        assert "as known at the end of 2021" in words, name
        assert "Sources: National Bureau of Statistics" in words, name


def test_the_screen_answers(portrait):
    known, checks, residents, _, hindcast, totals = portrait.screen()
    assert [row[0] for row in known.rows] == sorted(
        (row[0] for row in known.rows),
        key=["measured", "published", "estimated", "judgement"].index,
    )
    assert any("8 counties" in row for row in checks.rows)
    assert residents.rows[0][:3] == ("Qingyang", "2,211,191", "2,600,422")
    assert "not how well they forecast" in hindcast.notes[0]
    assert totals.notes[0].startswith("4 of 4 published totals")


def test_values_of_places_become_a_span():
    lines = pd.DataFrame(
        [("fertility", code, f"{value:.2f} children", "estimated", "children", 2020)
         for code, value in (("a", 1.9), ("b", 1.2), ("c", 2.2))],
        columns=["rate", "place", "value", "grade", "source", "year"],
    )  # fmt: skip
    (row,) = known_table(lines, {}).rows
    assert row[2:5] == ("3 places", "2020", "1.20 to 2.20 children")


def test_a_year_outside_the_band_is_named():
    row = {"year": 2023, "published": 9.0, "lower": 1.0, "median": 2.0, "upper": 3.0}
    table = pd.DataFrame([{**row, "inside": False, "share_below": 1.0}])
    note = totals_table(table, 2021, 400).notes[0]
    assert note.startswith("0 of 1")
    assert "2023 above" in note


def test_an_unknown_region_is_refused_before_anything_is_made(tmp_path):
    request = Request(out=tmp_path / "results", as_of=("newest",), draws=400)
    with pytest.raises(QyforecastError, match="no such region") as told:
        produce_demography(request, "621003", lambda _: None)
    assert "--region" in str(told.value)
    assert "did you mean '6210" in str(told.value)
    assert not (tmp_path / "results").exists()


def test_a_county_shows_itself(portrait):
    from dataclasses import replace

    figure = figures(replace(portrait, region="621027"))["migration.png"]
    bars = [p.get_height() for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    residual = portrait.tables["residual_migration"].query(
        "region_code == '621027' and sex == 'male'"
    )
    np.testing.assert_allclose(bars, residual["residual"] / 1000)


def test_the_command_prints_what_was_made(portrait, monkeypatch, tmp_path):
    monkeypatch.setattr("qyforecast.report.demography.produce_demography", lambda *_: portrait)
    done = CliRunner().invoke(app, ["demography", "--out", str(tmp_path)], env={"COLUMNS": "200"})
    assert done.exit_code == 0
    for words in ("measured", "judgement", "12.19", "Rogers", "Written to"):
        assert words in done.output

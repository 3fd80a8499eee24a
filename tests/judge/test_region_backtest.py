"""Any panel is judged: kept, taken again, alike for any number of workers, nothing in silence."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from qyforecast.census.region_panel import RegionPanel, read_region_panel
from qyforecast.cli import main
from qyforecast.errors import SpecificationError
from qyforecast.inference import pace_fit
from qyforecast.judge.backtest import Plan
from qyforecast.judge.refits import Refit
from qyforecast.judge.region_backtest import backtest_regions, usable
from qyforecast.judge.region_forecaster import PACES, RegionForecaster, hear
from qyforecast.judge.region_mending import MENDED, known_places, mend, past_places
from qyforecast.report.region_backtest import choose


def panel_of(shares: pd.DataFrame, **drivers: pd.DataFrame) -> RegionPanel:
    return RegionPanel(shares, drivers, pd.DataFrame(columns=["region", "years", "what", "done"]))


def shares_of(places: int, years: range, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    pace = 0.03 + 0.004 * rng.normal(size=(len(years), places)).cumsum(axis=0)
    names = [f"R{place}" for place in range(places)]
    values = expit(rng.normal(-0.5, 0.8, places) + pace.cumsum(axis=0))
    return pd.DataFrame(values, index=list(years), columns=names)


def write(path: Path, shares: pd.DataFrame) -> Path:
    long = shares.rename_axis(index="year", columns="region").stack().rename("urban_share")
    long.reset_index()[["region", "year", "urban_share"]].to_csv(path, index=False)
    return path


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_fit, "BURN", 60)
    monkeypatch.setattr(pace_fit, "SWEEPS", 100)
    monkeypatch.setattr(pace_fit, "GATE", 9.0)


def run(panel: RegionPanel, plan: Plan, folder: Path) -> tuple[pd.DataFrame, str, list[str]]:
    said: list[str] = []
    found = backtest_regions(panel, plan, folder, said.append)
    told = "\n".join(" | ".join(map(str, row)) for row in found.remarks.to_numpy())
    return found.cells, told, said


@pytest.mark.usefixtures("short")
def test_a_second_run_takes_what_the_first_kept(tmp_path: Path) -> None:
    panel, plan = panel_of(shares_of(6, range(1990, 2021))), Plan((2010, 2015), (5,))
    first, _, said = run(panel, plan, tmp_path)
    again, _, said_again = run(panel, plan, tmp_path)
    pd.testing.assert_frame_equal(first, again)
    assert any("fitting" in line for line in said)
    assert not any("fitting" in line for line in said_again)


@pytest.mark.usefixtures("short")
def test_no_forecast_looks_ahead(tmp_path: Path) -> None:
    shares = shares_of(5, range(1990, 2021))
    changed = shares.copy()
    changed.loc[2011:] = 0.9
    drawn = [
        RegionForecaster(panel_of(table), (5,), 1)((2010, PACES)).draws
        for table in (shares, changed)
    ]
    assert np.array_equal(*drawn)


def test_workers_change_nothing(tmp_path: Path) -> None:
    """In full length, since workers import the module anew."""
    panel = panel_of(shares_of(3, range(2004, 2016)))
    both = []
    for workers in (1, 2):
        plan = Plan((2010,), (5,), workers=workers)
        cells, _, _ = run(panel, plan, tmp_path / str(workers))
        both.append(cells)
    pd.testing.assert_frame_equal(*both)
    assert np.isfinite(both[0].loc[both[0]["method"] == PACES, "crps"]).all()


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize(
    ("years", "spoil", "says"),
    [
        (range(2000, 2021), lambda t: t[["R0"]], "one region: nothing can be learnt"),
        (range(2000, 2021), lambda t: t.assign(R1=np.where(t.index > 2012, t["R1"], np.nan)),
         "R1 | 2010 | no figure by this origin | not foretold from it"),
        (range(2000, 2021), lambda t: t.assign(R1=np.where(t.index < 2009, t["R1"], np.nan)),
         "R1 | 2010 | no figure at any horizon | foretold, not scored"),
        (range(2000, 2021), lambda t: t[t.index % 5 == 0].reindex(t.index), "fewer than 20 past"),
        (range(2000, 2021), lambda t: t.loc[[2000, 2010, 2015]].reindex(t.index), "too few"),
        (range(2000, 2021), lambda t: t.assign(R1=0.3, R2=0.99995), "no figure 15 years later"),
        (range(2009, 2021), lambda t: t, "past errors"),
    ],
)  # fmt: skip
def test_odd_panels_are_scored_and_said(tmp_path: Path, years: range, spoil, says: str) -> None:
    panel = panel_of(spoil(shares_of(3, years)))
    cells, told, _ = run(panel, Plan((2010, 2025), (5, 15)), tmp_path)
    assert says in told
    assert "origin 2025: no figure at any horizon after it" in told
    mine = cells[cells["method"].isin([PACES, PACES + MENDED])]
    assert len(mine)
    assert np.isfinite(mine["crps"]).all()
    assert (mine["origin"] == 2010).all()


@pytest.mark.parametrize(
    ("origins", "horizons"), [((1980,), (5,)), ((2030,), (5,)), ((2015,), (50,))]
)
def test_what_no_data_reach_is_refused(origins: tuple, horizons: tuple) -> None:
    with pytest.raises(SpecificationError, match=r"(?s)2000 to 2020.*panel reaches"):
        usable(shares_of(2, range(2000, 2021)), Plan(origins, horizons))


def test_drivers_are_those_of_the_year_before_and_stay() -> None:
    shares = shares_of(2, range(2000, 2011))
    gdp = pd.DataFrame({"R0": np.arange(11.0), "R1": np.nan}, index=shares.index)
    figures, heard = hear(panel_of(shares, gdp=gdp), 2008, drivers=True)
    assert heard.all()
    steps = np.diff(figures.drivers[0, 1:, 0])
    assert steps == pytest.approx(np.full(7, steps[0]))
    assert figures.latest[0, 0] == pytest.approx(figures.drivers[0, -1, 0] + steps[0])
    # What is nowhere known of a region counts as the mean.
    assert not figures.drivers[1].any()
    assert hear(panel_of(shares, gdp=gdp), 2008, drivers=False)[0].drivers.shape[2] == 0


@given(st.integers(0, 99))
def test_places_of_a_calibrated_past_change_hardly_anything(seed: int) -> None:
    draws = np.sort(np.random.default_rng(seed).uniform(0.3, 0.5, (500, 2)), axis=0)
    even = (np.arange(500) + 0.5) / 500
    assert mend(draws, even) == pytest.approx(draws, abs=0.01)


def test_an_overconfident_past_widens_a_timid_one_narrows() -> None:
    draws = np.linspace(0.3, 0.5, 1000)[:, None]
    rng = np.random.default_rng(1)
    widths = [
        np.subtract(*np.quantile(mend(draws, places), [0.9, 0.1]))
        for places in (rng.beta(0.3, 0.3, 400), rng.uniform(size=400), rng.beta(3, 3, 400))
    ]
    assert widths[0] > widths[1] > widths[2] > 0
    # One side's misses widen both: only the spread is learnt.
    one_sided = mend(draws, rng.beta(3, 0.5, 400))
    assert np.median(one_sided) == pytest.approx(0.4, abs=0.01)


def test_only_outcomes_known_at_the_origin_are_learnt_from() -> None:
    shares = pd.DataFrame(0.4, index=range(1990, 2021), columns=[f"R{i}" for i in range(25)])
    even = np.full((10, 2, 25), 0.4, dtype=np.float32)
    refits = {(at, PACES): Refit(even, np.zeros((2, 25))) for at in (1995, 2000, 2005)}
    places = past_places(refits, shares, (5, 10), PACES)
    assert len(known_places(places, 1999, 5)) == 0
    assert len(known_places(places, 2004, 10)) == 25  # 1995 at five years stands in
    assert len(known_places(places, 2005, 5)) == 50
    assert len(known_places(places, 2010, 10)) == 50
    assert len(known_places(places, 2010, 5)) == 75


def test_the_better_in_crps_speaks() -> None:
    card = pd.DataFrame(
        {
            "method": ["paces", "paces" + MENDED, "persistence"],
            "kind": ["rival", "recalibrated", "baseline"],
            "crps": [0.02, 0.01, 0.001],
        }
    )
    assert choose(card) == "paces" + MENDED


@pytest.mark.usefixtures("short")
def test_the_command_judges_a_panel_and_says_what_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    file = write(tmp_path / "world.csv", shares_of(8, range(1980, 2021)))
    words = ["backtest", "--panel", str(file), "--origins", "2005,2010", "--horizons", "5,10"]
    monkeypatch.setattr(sys, "argv", ["qyforecast", *words, "--out", str(tmp_path / "out")])
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "speaks" in said
    assert "paces, recalibrated" in said
    written = pd.read_csv(tmp_path / "out" / "cells.csv")
    assert set(written["origin"]) == {2005, 2010}
    assert (tmp_path / "out" / "left_out.csv").is_file()
    assert len(read_region_panel(file).remarks) == 0


@pytest.mark.parametrize(
    ("more", "says"),
    [(["--weigh"], "--weigh is about the shipped"), (["--percent"], "look like fractions"),
     (["--origins", "2030"], "no origin has figures")],
)  # fmt: skip
def test_the_command_refuses_in_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, more: list[str], says: str
) -> None:
    file = write(tmp_path / "world.csv", shares_of(2, range(2000, 2021)))
    words = ["backtest", "--panel", str(file), "--out", str(tmp_path / "out"), *more]
    monkeypatch.setattr(sys, "argv", ["qyforecast", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

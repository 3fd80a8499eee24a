"""Every notebook runs, from the first cell to the last, on one short fit that they share."""

import ast
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.inference.fit import fit
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec
from qyforecast.report.figures.registry import RECIPES
from tests.report.hand_made_results import write_hand_made

ROOT = Path(__file__).parents[1]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "notebooks").glob("*.py"))}
Names = dict[str, Any]


@pytest.fixture(scope="module")
def fitted() -> dict[str, Posterior]:
    """Keep what was fitted, by fingerprint of its panel."""
    return {}


@pytest.fixture
def run(
    fitted: dict[str, Posterior], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], Names]:
    """Run a notebook in a folder of its own; a fit is short, and made once for all."""

    def short(spec: ModelSpec, panel: Panel, *, seed: int) -> Posterior:
        if panel.fingerprint not in fitted:
            quick = {**spec.sampler, "chains": 2, "tune": 300, "draws": 60}
            lax = {**spec.gate, "rhat": 2.0, "ess": 5, "divergences": 60, "bfmi": 0.1}
            fitted[panel.fingerprint] = fit(
                replace(spec, sampler=quick, gate=lax), panel, seed=seed
            )
        return fitted[panel.fingerprint]

    monkeypatch.setattr("qyforecast.inference.fit.fit", short)
    monkeypatch.chdir(tmp_path)
    return lambda name: runpy.run_path(str(NOTEBOOKS[name]))


def test_the_straight_line(run: Callable[[str], Names], capsys: pytest.CaptureFixture[str]) -> None:
    names = run("straight_line")
    assert names["projection"].imbalance() < 1e-9
    assert capsys.readouterr().out.count("as of 2021") == len(names["targets"]) > 0


def test_what_is_counted_and_estimated(run: Callable[[str], Names]) -> None:
    names = run("counted_and_estimated")
    share = names["urban_share"]
    assert (share.sel(year=2020) > share.sel(year=2010)).all(), "every county, as the text says"
    fertility = names["base"].fertility.rates
    assert float(fertility.sum("age").sel(area=fertility["residence"] == "urban").max()) < 2.1
    errors = names["past"].errors
    held = errors[(errors["method"] == "fitted rates") & errors["tolerance"].notna()]
    assert (held["error"] < held["tolerance"]).all()


def test_the_regression(run: Callable[[str], Names]) -> None:
    names = run("regression")
    real, prior = names["real"], names["prior"]["change"]
    low, high = np.quantile(prior, [0.025, 0.975])
    assert float(((real > low) & (real < high)).mean()) > 0.9
    assert set(names["twin"]["level"]) >= {"provinces", "counties"}
    assert set(names["effects"]["year"]) == {2025, 2035}


def test_comparing_interventions(run: Callable[[str], Names]) -> None:
    names = run("interventions")
    gains = names["comparison"].chances.set_index(["scenario", "target"])["gain_points"]
    assert (gains["baseline"] == 0).all()
    assert (gains["settling-in"] > 0).all()
    assert (gains["key-towns"] > gains["industry-jobs"]).all(), "jobs alone hardly move it"
    assert 0 < names["found"].strength < 5
    np.testing.assert_allclose(names["shares"].values.sum(axis=0), names["shares"].total)


def test_the_briefing_charts(
    run: Callable[[str], Names], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_hand_made(tmp_path / "results", tmp_path / "models" / "urbanization", read_census())
    monkeypatch.setattr("qyforecast.report.charts.shipped_folder", lambda name: tmp_path / name)
    names = run("briefing_charts")
    shown = re.findall(
        r'^charts\["(.+)"\]\.figure$', NOTEBOOKS["briefing_charts"].read_text(), re.M
    )
    assert sorted(shown) == sorted(names["charts"]) == sorted(RECIPES)


def test_your_own_city(run: Callable[[str], Names], capsys: pytest.CaptureFixture[str]) -> None:
    names = run("your_own_city")
    said = capsys.readouterr().out
    assert "residence.csv, line" in said
    assert "a table is not the one described" in said
    assert names["panel"].fingerprint == Panel.from_census(read_census(), as_of=2021).fingerprint
    assert set(names["run"].urban_share["region"].values) > set(names["census"].regions)


def test_all_shared_one_fit(fitted: dict[str, Posterior]) -> None:
    assert len(fitted) == 1


@pytest.mark.parametrize("notebook", NOTEBOOKS.values(), ids=list(NOTEBOOKS))
def test_a_notebook_defines_nothing_and_opens_in_chinese(notebook: Path) -> None:
    text = notebook.read_text(encoding="utf-8")
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, kinds)]
    first = text.split("# %% [markdown]\n")[1]
    assert re.match(r"# # .+\n#\n# \*\*摘要。\*\*", first)


def test_every_notebook_is_tested_and_in_the_docs() -> None:
    tested = re.findall(r' = run\("(\w+)"\)', Path(__file__).read_text(encoding="utf-8"))
    listed = re.findall(
        r"^\| `(\w+)\.py` \|", (ROOT / "docs" / "how-to.md").read_text("utf-8"), re.M
    )
    assert sorted(tested) == sorted(listed) == sorted(NOTEBOOKS)

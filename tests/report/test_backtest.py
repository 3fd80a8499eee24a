"""The backtest's report: options read, tables laid out, the record kept beside the model."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from qyforecast.errors import QyforecastError
from qyforecast.inference.spec import read_spec
from qyforecast.inference.stacking import read_weights
from qyforecast.judge.backtest import Backtest, Plan
from qyforecast.judge.cells import Foretold, score_cells
from qyforecast.judge.methods import METHODS
from qyforecast.report import backtest
from qyforecast.report.backtest import COLUMNS, Wanted, parse_years, produce_backtest
from qyforecast.report.request import Request


@pytest.mark.parametrize("text", ["", "2010-", "2018-2010", "a", "1,,3", "0", "-3"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(QyforecastError, match=r"(?s)--horizons.*2010-2018"):
        parse_years(text, "--horizons")


def test_ranges_are_put_in_order_each_once() -> None:
    assert parse_years("5, 1,3-4,3", "--horizons") == (1, 3, 4, 5)


def by_hand() -> Backtest:
    """Two regions, two horizons: the mixture errs by 1 and 2 points, all others by 4."""
    shares = pd.DataFrame([[0.40, 0.50]] * 5, index=range(2010, 2015), columns=["a", "b"])
    foretold = []
    for name, kind, off in (
        ("full", "rival", (0.01, 0.01)),
        ("mixture", "mixture", (0.01, 0.02)),
        *((method.name, "baseline", (0.04, 0.04)) for method in METHODS),
    ):
        for horizon, wrong in zip((1, 3), off, strict=True):
            point = shares.loc[2010].to_numpy() + wrong
            draws = np.stack([point - 0.015, point, point + 0.015])
            foretold.append(Foretold(name, kind, 2010, horizon, point, draws, np.full(2, 1.5)))
    weights = {year: {"full": 0.75, "differences": 0.25} for year in (2021, 2022)}
    return Backtest(score_cells(foretold, shares), pd.DataFrame(), weights)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, checkout: Path):
    """Run the command's work on results made by hand, and a copy of the model."""
    model = tmp_path / "model" / "spec.yaml"
    model.parent.mkdir()
    shutil.copy(checkout / "models" / "urbanization" / "spec.yaml", model)
    monkeypatch.setattr(backtest, "backtest_provinces", lambda *_: by_hand())
    cells = by_hand().cells.assign(driver="value_added", sector="tertiary")
    monkeypatch.setattr(backtest, "backtest_drivers", lambda *_, **__: cells)

    def run(*, weigh: bool):
        request = Request(out=tmp_path / "out", model=model)
        wanted = Wanted(Plan((2010,), (1, 3)), weigh=weigh)
        return model, produce_backtest(request, wanted, lambda _: None)

    return run


def test_the_record_is_kept_beside_the_model_when_weighed(judged, tmp_path: Path) -> None:
    model, _ = judged(weigh=True)
    record = pd.read_csv(model.with_name("record.csv"))
    assert tuple(record.columns) == COLUMNS
    row = record.set_index(["method", "horizon"]).to_dict("index")["mixture", 3]
    assert (row["observations"], row["mae"], row["bias"]) == (2, 0.02, 0.02)
    weights = read_weights(model, read_spec(model))
    assert weights.as_of(2022) == {"full": 0.75, "differences": 0.25}
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_without_weigh_the_model_is_left_alone(judged) -> None:
    model, _ = judged(weigh=False)
    assert [path.name for path in model.parent.iterdir()] == ["spec.yaml"]


def test_the_screen_shows_points_and_skill(judged) -> None:
    _, judgement = judged(weigh=False)
    errors, coverage, skill, targets, drivers = judgement.screen()
    shown = {row[1]: row for row in drivers.rows}["mixture"]
    assert shown == ("value added, tertiary", "mixture", "1.0 · 2.0", "0.7 · 1.3", *shown[4:])
    assert shown[4].split(" · ") == ["100", "0"]
    by_method = {row[0]: row[2:] for row in errors.rows}
    assert [cell.split(" | ")[0] for cell in by_method["mixture"]] == ["1.00", "2.00"]
    assert [cell.split(" | ")[0] for cell in by_method["persistence"]] == ["4.00", "4.00"]
    covered = {row[0]: row[2:] for row in coverage.rows}
    assert covered["mixture"][0].startswith("100 | 100")
    assert covered["persistence"][0].startswith("0 | 0")
    assert {row[0] for row in skill.rows} == {method.name for method in METHODS}
    assert all(0 < int(row[2].split()[0]) < 100 for row in skill.rows)
    # Nothing rose, so a rise of half a point a year did not come; all draws of 1 +- 1.5 points.
    said = {row[0]: row[2] for row in targets.rows}
    assert said["mixture"].split(" | ")[0] == f"{(2 / 3) ** 2:.3f}"


def test_the_verdict_is_that_of_the_record(judged) -> None:
    _, judgement = judged(weigh=False)
    (line,) = judgement.verdict()
    assert line.startswith("Record 3 years ahead: in 2 forecasts")
    assert line.endswith(": it speaks.")

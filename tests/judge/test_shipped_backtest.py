"""The shipped model at nine origins: better than what it must beat, and calibrated."""

from dataclasses import replace

import pytest

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.inference.spec import read_spec
from qyforecast.judge.backtest import Plan, backtest_provinces
from qyforecast.judge.cells import scorecard
from qyforecast.judge.refits import quick

#: Mean absolute error of a half-way shrink of the logit pace after 5 and 10 years. [1]
BARS = {5: 0.0133, 10: 0.0197}


@pytest.mark.nightly
def test_the_full_model_beats_the_half_way_shrink_and_is_calibrated(checkout, tmp_path) -> None:
    spec = read_spec(checkout / "models" / "urbanization" / "spec.yaml")
    spec = replace(quick(spec), rivals={spec.full: spec.rival(spec.full)})
    panel = Panel.from_census(read_census(checkout / "data" / "census"), as_of=2025)
    found = backtest_provinces(spec, panel, Plan(), tmp_path, lambda _: None)
    card = scorecard(found.cells).set_index(["method", "horizon"]).to_dict("index")
    for horizon, bar in BARS.items():
        row = card[spec.full, horizon]
        shrink = card["half-way shrink", horizon]
        assert shrink["mae"] == pytest.approx(bar, abs=5e-5)
        assert row["mae"] < 0.95 * bar
        assert row["crps"] < 0.9 * shrink["crps"]
        assert 0.92 <= row["coverage95"] <= 0.98
    assert 0.75 <= card[spec.full, 5]["coverage80"] <= 0.85

"""The headline is the model's only by right of its record, and another's where it has none."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.judge.baselines import newest_standing, outside_view
from qyforecast.judge.city_chance import simple_draws
from qyforecast.report.headline import headline_table, headline_text
from qyforecast.report.results import Results
from tests.judge.test_verdict import record

YEARS, DRAWS = range(2020, 2036), 400
SPEAKING = {2021: "mixture"}


@pytest.fixture(scope="module")
def panel(checkout) -> Panel:
    return Panel.from_census(read_census(checkout / "data" / "census"), as_of=2021)


@pytest.fixture
def asked(panel: Panel):
    """A model of which three quarters of all draws reach 65 % in 2035, and its promises."""
    reached = np.where(np.arange(DRAWS) % 4, 0.66, 0.60)
    shares = np.broadcast_to(reached[:, None, None], (DRAWS, len(YEARS), 1))
    draws = xr.DataArray(
        shares[None, None],
        dims=("as_of", "scenario", "draw", "year", "region"),
        coords={
            "as_of": [2021], "scenario": ["baseline"], "draw": range(DRAWS),
            "year": list(YEARS), "region": [panel.city],
        },
    )  # fmt: skip
    nothing = pd.DataFrame()
    results = Results(
        nothing, nothing, nothing, nothing, xr.Dataset({"urban_share": draws}), panel.city
    )
    targets = [
        Target("then", panel.city, 2035, 0.65),
        Target("about then", panel.city, 2035, 0.65, "about", 0.01),
        Target("past", panel.city, 2020, 0.40),
        Target("elsewhere", panel.own_counties[0], 2035, 0.65),
    ]
    return results, [panel], targets


def test_a_good_record_lets_the_model_speak(asked, panel: Panel) -> None:
    (row,) = headline_table(*asked, SPEAKING, record()).to_dict("records")
    assert (row["target"], row["speaks"], row["probability"]) == ("then", "the model", 0.75)
    assert (row["ahead"], row["simple"]) == (15, "half-way shrink, symmetric")
    draws = simple_draws(panel, "half-way shrink, symmetric", 2035)
    assert row["simple_probability"] == pytest.approx((draws >= 0.65).mean())


def test_a_bad_record_changes_the_headline(asked) -> None:
    good, bad = (headline_table(*asked, SPEAKING, record(crps)) for crps in (0.008, 0.02))
    (row,) = bad.to_dict("records")
    assert row["speaks"] == "half-way shrink, symmetric"
    assert row["probability"] == row["simple_probability"] != 0.75
    assert row["model"] == good["model"].iloc[0] == 0.75
    shown = headline_text(bad, "baseline")
    assert shown.rows[0][1].endswith("(half-way shrink, symmetric)")
    assert shown.rows[0][2].startswith("75.0 ± ")
    (own,) = good.to_dict("records")
    assert own["model_error"] > 0
    said = f"75.0 ± {100 * own['model_error']:.1f} % (the model)"
    assert headline_text(good, "baseline").rows[0][1] == said


def test_the_outside_view_stands_beside(asked, panel: Panel) -> None:
    table = headline_table(*asked, SPEAKING, record())
    now = newest_standing(panel)
    view = outside_view(panel, share=now.urban_share, threshold=0.65, years=2035 - now.year)[0]
    assert headline_text(table, "baseline").rows[0][4] == f"{view.met} of {view.spells}"
    assert view.spells > 0


def test_without_a_record_the_model_speaks_for_want_of_another(asked) -> None:
    table = headline_table(*asked, SPEAKING, None)
    assert table["speaks"].tolist() == ["the model"]
    assert headline_text(table, "baseline").rows[0][3] == "–"


def test_mending_that_was_earned_moves_the_probability(asked) -> None:
    """Draws of 60 and 66 %, the median 66: shifted down by half a spread none reaches 65 %."""
    earned = record(mended=(0.0079, 0.0079)).assign(shift=-0.5, factor=1.0)
    table = headline_table(*asked, SPEAKING, earned)
    assert table["probability"].tolist() == [0.0]
    assert table["speaks"].tolist() == ["the model"]

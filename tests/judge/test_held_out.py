"""Counties held out: silenced in the fit, drawn from what the others show of their spread."""

import numpy as np
import pandas as pd
import pytest

from qyforecast.census.panel import Panel
from qyforecast.inference.design import make_design
from qyforecast.inference.spec import read_spec
from qyforecast.judge.driver_futures import HEARD, NAME, backtest_drivers
from qyforecast.judge.held_out import (
    clustered_error,
    compare_drivers,
    foretell_counties,
    in_words,
    mask_counties,
)
from tests.recovery.simulated import Truth, simulate


@pytest.fixture(scope="module")
def spec(checkout):
    return read_spec(checkout / "models" / "urbanization" / "spec.yaml")


@pytest.fixture(scope="module")
def panel() -> Panel:
    return Panel.from_census(simulate(Truth(), 3).census, as_of=2025)


def test_masking_silences_the_province_and_leaves_the_rest(spec, panel) -> None:
    design = make_design(spec, panel)
    province = panel.counties["province"].values
    away, home = province == "610000", province == "620000"
    masked = mask_counties(design, away)
    assert (masked.county_heard == np.where(away, 0.0, 1.0)).all()
    assert masked.reading_known.sum() == design.reading_known.sum() > 0
    assert mask_counties(design, home).reading_known.sum() == 0


class ByHand:
    """A posterior whose every draw is the same: only what is drawn anew varies."""

    def __init__(self, panel: Panel, draws: int) -> None:
        places = panel.provinces.sizes["province"]
        years = panel.provinces.sizes["year"] - 1
        one = {
            "province_convergence": np.full(places, 0.03),
            "province_effect": np.zeros(places),
            "county_offset": np.array([-0.005]),
            "response_z": np.zeros((places, 2)),
            "employment_province_spread": np.zeros(1),
            "county_response": np.zeros(4),
            "change_response": np.zeros(4),
            "year_pace": np.full(years, 0.05),
            "nation_level": np.zeros(years + 1),
            "prefecture_scale": np.array([0.1]),
            "county_scale": np.array([0.2]),
            "county_df": np.array([1e8]),
        }
        self._theta = {k: np.broadcast_to(v, (draws, *v.shape)) for k, v in one.items()}

    def values(self, *_: object) -> dict[str, np.ndarray]:
        return self._theta


def test_held_out_counties_follow_the_recursion_and_both_spreads(spec, panel) -> None:
    """Ten years of level <- level + 0.05 - 0.005 - 0.03 (level - 0); spreads add in squares."""
    design = make_design(spec, panel)
    inside = panel.counties["province"].values == "640000"
    share, density = foretell_counties(ByHand(panel, 4000), spec, design, inside, seed=3)
    level = design.start[inside]
    for _ in range(10):
        level = level + 0.045 - 0.03 * level
    odds = np.log(0.45 / 0.55)
    drawn = np.log(share[:, inside] / (1 - share[:, inside])) - odds
    assert drawn.mean(axis=0) == pytest.approx(level, abs=0.02)
    assert drawn.std(axis=0) == pytest.approx(np.full(inside.sum(), np.hypot(0.1, 0.2)), rel=0.06)
    z = (design.end[inside] - level) / np.hypot(0.1, 0.2)
    exact = -0.5 * z**2 - np.log(np.hypot(0.1, 0.2) * np.sqrt(2 * np.pi))
    assert density[inside] == pytest.approx(exact, abs=0.08)
    assert np.isnan(share[:, ~inside]).all()
    assert np.isnan(density[~inside]).all()


def test_counties_of_a_prefecture_share_its_effect(spec, panel) -> None:
    design = make_design(spec, panel)
    inside = panel.counties["province"].values == "640000"
    share, _ = foretell_counties(ByHand(panel, 4000), spec, design, inside, seed=3)
    level = np.log(share[:, inside] / (1 - share[:, inside]))
    place = design.county_prefecture[inside]
    found = np.corrcoef(level, rowvar=False)
    together = (place[:, None] == place[None, :]) & ~np.eye(len(place), dtype=bool)
    assert found[together].mean() == pytest.approx(0.01 / 0.05, abs=0.03)
    assert found[place[:, None] != place[None, :]].mean() == pytest.approx(0.0, abs=0.02)


def test_a_clustered_error_counts_clusters() -> None:
    """Clusters of one: the usual error. Copies inside a cluster add nothing."""
    values = np.array([1.0, 4.0, 2.0, 7.0])
    single = pd.Series(values, index=pd.MultiIndex.from_tuples([(i, i) for i in range(4)]))
    assert clustered_error(single) == pytest.approx(values.std(ddof=1) / 2)
    index = pd.MultiIndex.from_tuples([(i // 5, i) for i in range(20)])
    assert clustered_error(pd.Series(values.repeat(5), index=index)) == pytest.approx(
        clustered_error(single)
    )


@pytest.mark.parametrize(
    ("shift", "verdict"), [(-0.01, "better with"), (0.01, "worse with"), (0.0, "no difference")]
)
def test_the_verdict_in_words(shift: float, verdict: str) -> None:
    rng = np.random.default_rng(1)
    base = pd.DataFrame({"region": range(60), "prefecture": np.arange(60) // 6})
    crps = rng.uniform(0.02, 0.04, 60)
    noise = rng.normal(0, 0.001, 60)
    noise -= noise.mean()
    cells = pd.concat(
        [
            base.assign(method="with", crps=crps + shift + noise, log_density=0.0),
            base.assign(method="without", crps=crps, log_density=0.0),
        ]
    )
    table = compare_drivers(cells, ["with"], "without")
    assert table["difference"].iloc[0] == pytest.approx(shift, abs=1e-12)
    assert verdict in in_words(table.iloc[0])


def test_futures_of_drivers_are_scored_beside_persistence(panel) -> None:
    """In the simulated country log ratios drift: persistence is off to one side, trends less."""
    when = [2014, 2016, 2021], [2, 5, 10]
    cells = backtest_drivers(panel, when, draws=400, seed=1, say=lambda _: None)
    assert set(zip(cells["origin"], cells["horizon"], strict=True)) == {
        *((2014, 2), (2014, 5), (2016, 2), (2016, 5), (2021, 2)),
    }
    found = cells.groupby(["driver", "sector", "horizon", "method"])["error"].agg(["size", "mean"])
    assert found.groupby("horizon")["size"].nunique().max() == 1
    mean = found["mean"].to_dict()
    off = mean["employment", "primary", 5, "persistence"]
    assert off > 0.02
    assert abs(mean["employment", "primary", 5, NAME]) < 0.5 * off
    for method in (NAME, HEARD):
        inside = cells[cells["method"] == method]["inside80"].mean()
        assert 0.65 < inside < 0.95, method


def test_what_the_nation_does_cancels_in_what_the_regression_hears(panel) -> None:
    """Errors of shares less the mean province's sum to nothing over the provinces."""
    cells = backtest_drivers(panel, ([2014], [5]), draws=50, seed=1, say=lambda _: None)
    heard = cells[cells["method"] == HEARD]
    assert heard.groupby(["driver", "sector"])["observed"].sum().abs().max() < 1e-12
    assert heard["observed"].abs().max() > 0.02
    whole = cells[cells["method"] == NAME].set_index(["driver", "sector", "region"])["observed"]
    apart = whole - whole.groupby(["driver", "sector"]).transform("mean")
    keys = ["driver", "sector", "region"]
    np.testing.assert_allclose(
        heard.set_index(keys)["observed"], apart.loc[heard.set_index(keys).index]
    )


def test_without_an_outcome_nothing_is_scored(panel) -> None:
    assert backtest_drivers(panel, ([2022], [5]), draws=5, seed=1, say=lambda _: None).empty

"""Truths drawn from the prior lie anywhere among the draws of their posteriors; others do not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from qyforecast.census.panel import Panel
from qyforecast.inference.calibration import (
    Calibrator,
    calibrate,
    calibration_table,
)
from qyforecast.inference.design import make_design
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.worlds import draw_world, run_world
from tests.recovery.simulated import Truth, simulate

#: Worlds of the default run and of its control; both are small, so only absurdity is seen.
WORLDS, CONTROL, NIGHTLY = 6, 3, 200
LOOKED_AT = (
    *("convergence", "year_scale", "jump_scale", "shock_scale", "shock_scale_early"),
    *("shock_persistence", "employment_response[0]", "employment_response[1]", "jump[0]"),
)


@pytest.fixture(scope="module")
def spec(checkout) -> ModelSpec:
    """Give the shipped model with short chains."""
    whole = read_spec(checkout / "models" / "urbanization" / "spec.yaml")
    return replace(whole, sampler={**whole.sampler, "chains": 2, "tune": 300, "draws": 200})


@pytest.fixture(scope="module")
def panel() -> Panel:
    return Panel.from_census(simulate(Truth(), 3).census, as_of=2025)


@pytest.fixture(scope="module")
def calibrator(spec: ModelSpec, panel: Panel) -> Calibrator:
    return Calibrator(spec, panel)


def test_truths_lie_anywhere_and_another_convergence_does_not(calibrator: Calibrator) -> None:
    table = calibration_table(calibrator.ranks(WORLDS, seed=1)).set_index("parameter")
    assert table.loc[list(LOOKED_AT), "p_value"].min() > 1e-3
    assert table["mean"].mean() == pytest.approx(0.5, abs=0.15)
    # Data made with three times the convergence that is ranked.
    ranks = calibrator.ranks(CONTROL, seed=1, altered={"convergence": 3.0})
    other = calibration_table(ranks).set_index("parameter")
    assert other.loc[["convergence"], "p_value"].max() < 1e-3


@pytest.mark.nightly
def test_ranks_are_uniform(checkout: Path, panel: Panel) -> None:
    """Every parameter, as `qyforecast models calibrate` does it; its control fails."""
    whole = read_spec(checkout / "models" / "urbanization" / "spec.yaml")
    table = calibrate(whole, panel, NIGHTLY, seed=7, say=lambda _: None)
    model = table[table["data"] == "model"]
    # Some forty parameters are looked at: the least of forty p-values.
    assert model["p_value"].min() > 1e-4
    assert model["within50"].mean() == pytest.approx(0.5, abs=0.03)
    assert model["within90"].mean() == pytest.approx(0.9, abs=0.02)
    assert table.loc[table["data"] != "model", "p_value"].max() < 1e-3
    assert set(table["specification"]) == {whole.sha256}


def test_worlds_are_drawn_from_the_prior(spec: ModelSpec, panel: Panel) -> None:
    design = make_design(spec, panel)
    rng = np.random.default_rng(3)
    drawn = [draw_world(spec, design, rng) for _ in range(800)]
    for name, law in (
        ("convergence", stats.lognorm(0.6, scale=0.025)),
        ("year_persistence", stats.beta(8, 2)),
        ("national_convergence", stats.halfnorm(scale=0.008)),
        ("jump", stats.norm(0.03, 0.03)),
    ):
        values = np.concatenate([world[name].ravel() for world in drawn])
        assert stats.kstest(values, law.cdf).pvalue > 1e-3, name
    assert max(abs(world["province_effect"].sum()) for world in drawn) < 1e-9


def test_a_world_without_chance_follows_the_formula(spec: ModelSpec, panel: Panel) -> None:
    """No shocks, no jumps, no drivers: the gap to the nation closes at the province's speed."""
    design = make_design(spec, panel)
    theta = draw_world(spec, design, np.random.default_rng(3))
    quiet = ("year_scale", "shock_scale", "shock_scale_early", "jump_scale", "jump")
    silent = [name for name in theta if name.endswith(("_response", "_change", "_level_spread"))]
    for name in (*quiet, *silent, "employment_province_spread"):
        theta[name] = np.zeros_like(theta[name])
    world, pace = run_world(theta, spec, design, np.random.default_rng(4))
    speed = (
        theta["convergence"][0] * np.exp(theta["convergence_spread"] * theta["convergence_z"])[0]
    )
    level = design.lag[0] + design.nation[0]
    for year in range(len(world.change)):
        mean = level.mean()
        assert pace[0, year] == pytest.approx(
            theta["pace"][0, 0] - theta["national_convergence"][0, 0] * mean, abs=1e-12
        )
        moved = pace[0, year] + theta["province_effect"][0] + speed * (mean - level)
        np.testing.assert_allclose(world.change[year], moved, atol=1e-12)
        np.testing.assert_allclose(world.lag[year], level - mean, atol=1e-12)
        level = level + moved
    assert world.nation[-1] == pytest.approx(level.mean())


def test_shocks_of_a_world_are_the_models(spec: ModelSpec, panel: Panel) -> None:
    """Over many worlds: two scales, breaks' own, memory except over a break."""
    design = make_design(spec, panel)
    rng = np.random.default_rng(5)
    theta = draw_world(spec, design, rng)
    still = ("employment_response", "value_added_response", "employment_change", "jump")
    still = (*still, "value_added_change", "employment_level_spread", "employment_province_spread")
    still = (*still, "convergence", "province_effect", "year_scale", "national_convergence")
    theta |= {name: np.zeros_like(theta[name]) for name in still}
    theta |= {"shock_scale_early": np.full((1, 1), 0.02), "shock_scale": np.full((1, 1), 0.01)}
    theta |= {"jump_scale": np.full((1, 1), 0.05), "shock_persistence": np.full((1, 1), 0.6)}
    theta |= {"shock_df": np.full((1, 1), 1e6)}
    runs = [run_world(theta, spec, design, rng) for _ in range(150)]
    left = np.stack([world.change - pace[0][:, None] for world, pace in runs])
    spread = left.std(axis=(0, 2))
    years = {2001: 0.02, 2006: 0.02, 2011: 0.01, 2005: np.hypot(0.02, 0.05) * np.sqrt(100 / 98)}
    years |= {2002: 0.02 * np.sqrt(1.36), 2012: 0.01 * np.sqrt(1.36)}
    for year, want in years.items():
        assert spread[year - 2001] == pytest.approx(want, rel=0.05), year
    for year, want in ((2003, 0.02), (2005, 0.0), (2006, 0.0), (2011, 0.0)):
        pair = np.corrcoef(left[:, year - 2002].ravel(), left[:, year - 2001].ravel())[0, 1]
        assert (abs(pair) < 0.05) == (want == 0), year


def ranks_of(rank: np.ndarray) -> pd.DataFrame:
    rows = {"world": np.arange(len(rank)), "parameter": "pace", "rank": rank}
    return pd.DataFrame(rows).assign(rhat=1.01, divergences=0)


@pytest.mark.parametrize(
    ("power", "fine"), [(1.0, True), (0.5, False), (2.0, False)], ids=["uniform", "high", "low"]
)
def test_the_table_tells_uniform_ranks_from_others(power: float, fine: bool) -> None:
    places = np.random.default_rng(2).uniform(size=400) ** power
    row = calibration_table(ranks_of(places)).iloc[0]
    assert (row["p_value"] > 1e-3) == fine
    if fine:
        assert row["mean"] == pytest.approx(0.5, abs=0.05)
        assert (row["within50"], row["within90"]) == pytest.approx((0.5, 0.9), abs=0.06)

"""The frequentist twin finds coefficients that are known, and says why it differs."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from qyforecast.inference.design import Design, make_design
from qyforecast.inference.twin import county_regression, province_regression
from qyforecast.inference.twin_table import explain
from qyforecast.inference.unit_roots import unit_root_tests

RESPONSES, MOVES, SPEED = np.array([0.3, -0.2, 0.1, 0.05]), np.array([0.5, 0.2, -0.3, 0.1]), 0.08


@pytest.fixture
def design(spec, panel) -> Design:
    return make_design(spec, panel)


def provinces(design: Design, noise: float) -> Design:
    """Make yearly changes from known coefficients, effects of years and provinces included."""
    rng = np.random.default_rng(4)
    years, places = design.change.shape
    expected = -SPEED * design.lag + design.drivers @ RESPONSES + design.driver_changes @ MOVES
    expected += rng.normal(0, 0.02, (years, 1)) + rng.normal(0, 0.01, (1, places))
    shock = noise * rng.standard_normal((years, places))
    return replace(design, change=(expected + shock) * design.valid)


def test_without_noise_the_regression_of_provinces_is_exact(spec, design) -> None:
    table = province_regression(spec, provinces(design, 0.0)).table["estimate"]
    assert table.to_numpy() == pytest.approx([SPEED, *RESPONSES, *MOVES], abs=1e-9)


def test_clustered_intervals_hold_the_truth(spec, design) -> None:
    found = province_regression(spec, provinces(design, 0.005))
    z = (found.table["estimate"] - [SPEED, *RESPONSES, *MOVES]) / found.table["error"]
    assert (np.abs(z) < 3.5).all()
    assert (found.table["error"] > 0).all()
    assert found.clusters == design.change.shape[1]


def test_leaving_own_effects_out_is_seen(spec, design) -> None:
    """The negative control: with effects of provinces in the data, the estimate is off."""
    table = province_regression(spec, provinces(design, 0.0), own=False).table["estimate"]
    assert table.to_numpy() != pytest.approx([SPEED, *RESPONSES, *MOVES], abs=1e-4)


def test_the_fractional_regression_of_counties_finds_what_made_the_shares(spec, design) -> None:
    levels, moves = np.array([0.8, 0.4]), np.array([0.6, -0.2])
    effect = np.random.default_rng(2).normal(0.3, 0.1, 64)[design.county_province]
    end = 0.75 * design.start + design.county_drivers[:, :2] @ levels + effect
    end += design.county_driver_changes[:, :2] @ moves
    end += 1e-3 * np.random.default_rng(3).standard_normal(len(end))
    table = county_regression(spec, replace(design, end=end)).table
    z = (table["estimate"] - [0.75, *levels, *moves]) / table["error"]
    assert (np.abs(z) < 3.5).all()
    assert table["error"].max() < 0.01


def test_a_repeated_driver_inflates_the_variance(spec, design) -> None:
    rng = np.random.default_rng(1)
    drivers = design.drivers.copy()
    drivers[..., 1] = drivers[..., 0] + 1e-4 * rng.standard_normal(drivers.shape[:2])
    plain = province_regression(spec, provinces(design, 0.005)).table["vif"]
    again = province_regression(spec, provinces(replace(design, drivers=drivers), 0.005))
    assert again.table["vif"].iloc[1] > 10 > plain.iloc[1]


def walking(design: Design, share: float) -> Design:
    """Give provinces levels that keep `share` of a deviation from year to year."""
    rng = np.random.default_rng(5)
    lag = np.zeros_like(design.lag)
    for year in range(1, len(lag)):
        lag[year] = share * lag[year - 1] + 0.02 * rng.standard_normal(lag.shape[1])
    return replace(design, lag=lag)


@pytest.mark.parametrize(("share", "rejected"), [(0.2, True), (1.0, False)])
def test_a_unit_root_is_told_from_none(spec, design, share: float, rejected: bool) -> None:
    table = unit_root_tests(spec, walking(design, share))
    mine = (table["test"] == "ADF, Fisher") & (table["series"] == "level less the nation's")
    # At 24 years the test rejects a little too often: the bar is far below 5 %.
    assert (table.loc[mine, "p"] < 1e-4).tolist() == [rejected]


def test_levels_that_follow_employment_are_cointegrated(spec, design) -> None:
    rng = np.random.default_rng(6)
    drivers = design.drivers.copy()
    drivers[..., :2] = np.cumsum(0.01 * rng.standard_normal((*design.lag.shape, 2)), axis=0)
    noise = 0.002 * rng.standard_normal(design.lag.shape)
    bound = replace(design, drivers=drivers, lag=drivers[..., :2].sum(axis=-1) + noise)
    tables = [
        unit_root_tests(spec, one)
        for one in (bound, replace(walking(design, 1.0), drivers=drivers))
    ]
    p = [t.loc[t["test"] == "Engle-Granger, Fisher", "p"].to_numpy()[0] for t in tables]
    assert p[0] < 1e-6
    assert p[1] > 1e-3


Row = Callable[..., dict]


@pytest.fixture
def row() -> Row:
    def make(**given: object) -> dict:
        usual = {"level": "provinces", "term": "employment secondary", "vif": 1.5}
        usual |= {"estimate": 0.2, "low95": 0.1, "high95": 0.3}
        return usual | {"median": 0.2, "post_low95": 0.1, "post_high95": 0.3} | given

    return make


@pytest.mark.parametrize(
    ("given", "lasting", "said"),
    [
        ({}, (1.0, 9.0), "same sign and size"),
        (
            {"median": 0.04, "post_low95": 0.0, "post_high95": 0.08},
            (1.6, 1.4),
            "same sign, other size: alike in the long run (1.6 against 1.4",
        ),
        ({"median": -0.2, "post_low95": -0.3, "post_high95": -0.1}, (1, -1), "other sign"),
        ({"median": 0.9, "post_low95": 0.8, "post_high95": 1.0}, (1, 9), "no stated rule"),
        ({"vif": 40.0, "median": 0.05, "post_low95": 0.0, "post_high95": 0.1}, (1, 9), "40 times"),
        (
            {"low95": -0.1, "high95": 0.5, "post_low95": -0.1, "median": 0.1},
            (1.0, 9.0),
            "neither can tell the sign: shrinkage",
        ),
    ],
)
def test_the_reason_follows_from_stated_rules(row: Row, given, lasting, said: str) -> None:
    assert said in explain(row(**given), lasting)

"""The yearly recursion in closed form, in numpy and in the sampler's graph."""

from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.census.panel import Panel
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.recursion import (
    county_residual,
    horizon_sums,
    lasting_paces,
    measurement_error,
    reading_covariance,
    yearly_variance,
)
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker


@given(st.floats(0.5, 0.999), st.integers(1, 60))
def test_sums_are_those_of_the_terms(keep: float, years: int) -> None:
    plain, squared = horizon_sums(keep, years)
    assert plain == pytest.approx(sum(keep**k for k in range(years)), rel=1e-9)
    assert squared == pytest.approx(sum(keep ** (2 * k) for k in range(years)), rel=1e-9)


@pytest.fixture
def design(spec: ModelSpec, panel: Panel) -> Design:
    return make_design(spec, panel)


@pytest.fixture
def theta(by_hand: Maker, panel: Panel, spec: ModelSpec) -> dict[str, np.ndarray]:
    return by_hand(panel, 4).values(spec)


def test_residual_is_what_the_years_do_not_explain(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    """Run each county's decade year by year; what is missing at its end is the residual."""
    residual = county_residual(theta, design.arrays())
    one = {name: values[1] for name, values in theta.items()}
    for county in range(0, len(design.start), 7):
        level = design.start[county]
        for year in design.decade:
            level = level - one["convergence"][0] * level + one["year_pace"][year]
            level += (
                one["county_offset"][0] + one["province_effect"][design.county_province[county]]
            )
            level += design.county_drivers[county] @ one["county_response"]
            level += design.county_driver_changes[county] / 10 @ one["change_response"]
        assert residual[1, county] == pytest.approx(design.end[county] - level, abs=1e-10)


def test_variance_of_a_decade_is_split_between_what_lasts_and_what_does_not(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    """Ten shocks plus ten years of lasting pace have the decade's variance, before data."""
    total, spread = horizon_sums(1 - theta["convergence"], 10)
    lasting = theta["persistence"] / total**2
    sum_of_parts = yearly_variance(theta) * spread + lasting * total**2
    np.testing.assert_allclose(sum_of_parts, 1)
    free = theta | {"city_z": np.zeros((4, 1)), "own_z": np.zeros((4, 8))}
    city, own = lasting_paces(free, design.arrays())
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    home = design.county_prefecture[design.own[0]]
    np.testing.assert_allclose(city * total, 0.5 * effect[:, [home]])
    residual = county_residual(theta, design.arrays())[:, design.own]
    np.testing.assert_allclose(own * total, 0.5 * (residual - effect[:, [home]]))


def test_lasting_part_given_the_whole_is_normal_regression(by_hand: Maker, panel: Panel) -> None:
    """Draw lasting and passing parts; regress one on the sum: slope and spread as used."""
    rng = np.random.default_rng(2)
    share, scale = 0.3, 0.2
    lasting = rng.normal(0, scale * np.sqrt(share), 200_000)
    whole = lasting + rng.normal(0, scale * np.sqrt(1 - share), 200_000)
    slope = np.cov(lasting, whole)[0, 1] / whole.var()
    assert slope == pytest.approx(share, abs=0.005)
    spread = (lasting - slope * whole).std()
    assert spread == pytest.approx(scale * np.sqrt(share * (1 - share)), rel=0.01)


def test_covariance_of_readings_is_that_of_simulated_ones(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    """200,000 simulated paths of shocks, summed in a loop."""
    heard = design.readings_after(10)
    scale = np.full(8, 0.15**2)
    got = reading_covariance(theta, heard, np.broadcast_to(scale, (4, 8)))[2]
    rng = np.random.default_rng(1)
    yearly = np.sqrt(yearly_variance(theta)[0, 0])
    level = np.zeros((200_000, 8))
    seen = []
    for year in range(1, 4):
        city = 0.09 * yearly * rng.standard_normal((200_000, 1))
        level = 0.97 * level + city + 0.15 * yearly * rng.standard_normal((200_000, 8))
        now = np.flatnonzero(heard["reading_years"] == year)
        seen += [level @ heard["reading_weights"][slot] for slot in now]
    np.testing.assert_allclose(got, np.cov(np.array(seen)), rtol=0.02)


def test_graph_and_draws_share_the_recursion(
    theta: dict[str, np.ndarray], design: Design, spec: ModelSpec
) -> None:
    """The same functions on tensors give, for each draw, what they give on all draws."""
    data = design.arrays()
    scalars = {name for name, values in theta.items() if values.shape[1] == 1}
    symbols: dict[str, Any] = {n: pt.dscalar(n) if n in scalars else pt.dvector(n) for n in theta}
    variance = pt.ones(8) * symbols["county_scale"] ** 2
    city, own = lasting_paces(symbols, data)
    outputs = [
        county_residual(symbols, data),
        city,
        own,
        reading_covariance(symbols, data, variance),
        measurement_error(symbols["measurement_z"], spec),
    ]
    function = vars(pytensor)["function"]
    run = function(list(symbols.values()), outputs, mode="FAST_COMPILE", on_unused_input="ignore")
    second = {n: v[1, 0] if n in scalars else v[1] for n, v in theta.items()}
    found = run(*second.values())
    city, own = lasting_paces(theta, data)
    numpy_variance = np.broadcast_to(theta["county_scale"] ** 2, (4, 8))
    wanted = [
        county_residual(theta, data)[1],
        city[1],
        own[1],
        reading_covariance(theta, data, numpy_variance)[1],
        measurement_error(theta["measurement_z"], spec)[1],
    ]
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(np.ravel(one), np.ravel(other), rtol=1e-10)


def test_measurement_errors_by_kind(spec: ModelSpec) -> None:
    z = np.array([[0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, -2.0, 0.0]])
    errors = measurement_error(z, spec)
    kinds = list(spec.measurement)
    medians = [max(spec.measurement[kind][0], 1e-6) for kind in kinds]
    np.testing.assert_allclose(errors[0], medians)
    assert errors[1, kinds.index("bulletin")] == pytest.approx(0.008 * np.exp(0.4))
    assert errors[1, kinds.index("press")] == pytest.approx(
        medians[kinds.index("press")] * np.exp(-0.8)
    )
    assert errors[1, kinds.index("census")] == 1e-6

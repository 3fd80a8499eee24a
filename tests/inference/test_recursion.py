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
from qyforecast.inference.packed import CONSTANT
from qyforecast.inference.recursion import (
    complete,
    county_residual,
    horizon_sums,
    lasting_paces,
    measurement_error,
    own_part,
    reading_covariance,
    yearly_variance,
)
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker
from tests.inference.plain import HOME, decade_end

#: What `complete` adds.
COMPLETED = ("province_convergence", "home_convergence", "nation_level")


@given(st.floats(0.5, 0.999), st.integers(1, 60))
def test_sums_are_those_of_the_terms(keep: float, years: int) -> None:
    plain, squared = horizon_sums(keep, years)
    assert plain == pytest.approx(sum(keep**k for k in range(years)), rel=1e-9)
    assert squared == pytest.approx(sum(keep ** (2 * k) for k in range(years)), rel=1e-9)


@pytest.fixture
def design(spec: ModelSpec, panel: Panel) -> Design:
    return make_design(spec, panel)


@pytest.fixture
def theta(by_hand: Maker, panel: Panel, spec: ModelSpec, design: Design) -> dict[str, np.ndarray]:
    return by_hand(panel, 4).values(spec, design)


def test_residual_is_what_the_years_do_not_explain(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    """Run each county's decade year by year; what is missing at its end is the residual.

    Each is pulled to the nation's level of the year at its own province's speed.
    """
    residual = county_residual(theta, design.arrays())
    one = {name: values[1] for name, values in theta.items()}
    for county in range(0, len(design.start), 7):
        missing = design.end[county] - decade_end(one, design, county)
        assert residual[1, county] == pytest.approx(missing, abs=1e-10)
    # The test can tell provinces and the nation's level apart.
    alike = county_residual(
        complete(theta | {"convergence_z": np.zeros_like(theta["convergence_z"])}, design.arrays()),
        design.arrays(),
    )
    low = county_residual(theta | {"nation_level": theta["nation_level"] - 0.1}, design.arrays())
    assert np.abs(alike - residual).max() > 1e-3
    assert np.abs(low - residual).min() > 1e-3


def test_convergence_and_level_of_the_nation_are_completed(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    """Unknown mean changes add their pace to the nation's level of every later year."""
    last = len(design.change)
    np.testing.assert_allclose(theta["home_convergence"], np.full((4, 1), HOME))
    np.testing.assert_allclose(theta["nation_level"], np.broadcast_to(design.nation, (4, last + 1)))
    unheard = np.zeros((last, last + 1))
    unheard[last - 2, last - 1 :] = 1
    unheard[last - 1, last:] = 1
    late = complete(theta, design.arrays() | {"unheard": unheard})["nation_level"]
    pace = theta["year_pace"]
    np.testing.assert_allclose(late[:, : last - 1], theta["nation_level"][:, : last - 1])
    np.testing.assert_allclose(late[:, last - 1] - design.nation[last - 1], pace[:, last - 2])
    np.testing.assert_allclose(late[:, last] - design.nation[last], pace[:, -2:].sum(axis=1))


def test_own_part_is_the_part_of_the_own_counties(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    data = design.arrays()
    mine = county_residual(theta, own_part(data))
    np.testing.assert_allclose(mine, county_residual(theta, data)[:, design.own], atol=1e-12)


def test_variance_of_a_decade_is_split_between_what_lasts_and_what_does_not(
    theta: dict[str, np.ndarray], design: Design
) -> None:
    """Ten shocks plus ten years of lasting pace have the decade's variance, before data."""
    total, spread = horizon_sums(np.full((4, 1), 1 - HOME), 10)
    lasting = theta["persistence"] / total**2
    sum_of_parts = yearly_variance(theta) * spread + lasting * total**2
    np.testing.assert_allclose(sum_of_parts, 1)
    free = theta | {"city_z": np.zeros((4, 1)), "own_z": np.zeros((4, 8))}
    residual = county_residual(theta, design.arrays())[:, design.own]
    city, own = lasting_paces(free, design.arrays(), residual)
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    home = design.county_prefecture[design.own[0]]
    np.testing.assert_allclose(city * total, 0.5 * effect[:, [home]])
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
        level = (1 - HOME) * level + city + 0.15 * yearly * rng.standard_normal((200_000, 8))
        now = np.flatnonzero(heard["reading_years"] == year)
        seen += [level @ heard["reading_weights"][slot] for slot in now]
    np.testing.assert_allclose(got, np.cov(np.array(seen)), rtol=0.02)


def test_graph_and_draws_share_the_recursion(
    theta: dict[str, np.ndarray], design: Design, spec: ModelSpec
) -> None:
    """The same functions on tensors give, for each draw, what they give on all draws."""
    data = design.arrays()
    given = {name: values for name, values in theta.items() if name not in COMPLETED}
    kinds = (pt.dscalar, pt.dvector, pt.dmatrix)
    rank = {n: 0 if v.shape[1:] == (1,) else v.ndim - 1 for n, v in given.items()}
    inputs: dict[str, Any] = {name: kinds[rank[name]](name) for name in given}
    seen = {n: v if n in CONSTANT else pt.as_tensor(v) for n, v in data.items()}
    symbols = complete(inputs, seen)
    variance = pt.ones(8) * symbols["county_scale"] ** 2
    city, own = lasting_paces(symbols, seen, county_residual(symbols, seen)[data["own"]])
    outputs = [
        county_residual(symbols, seen),
        city,
        own,
        reading_covariance(symbols, seen, variance),
        measurement_error(symbols["measurement_z"], spec),
    ]
    function = vars(pytensor)["function"]
    run = function(list(inputs.values()), outputs, mode="FAST_COMPILE", on_unused_input="ignore")
    found = run(*(v[1, 0] if rank[n] == 0 else v[1] for n, v in given.items()))
    city, own = lasting_paces(theta, data, county_residual(theta, data)[:, data["own"]])
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

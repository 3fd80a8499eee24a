"""The fit finds the parameters that made the data, and not others.

One country is looked at here. Simulation-based calibration is another matter: see
test_calibration.py.
"""

from copy import copy
from dataclasses import replace

import numpy as np
import pytest

from qyforecast.census.panel import Panel
from qyforecast.errors import UnhealthyFit
from qyforecast.inference.design import make_design
from qyforecast.inference.fit import Fitter
from qyforecast.inference.graph import build_graph
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import read_spec
from tests.recovery.simulated import Truth, World, simulate

TRUTH = Truth()
#: Data of the negative control: the check must not accept `TRUTH` for them.
OTHER = replace(TRUTH, convergence=0.07, employment_response=(-0.09, -0.07))
STRICT = ("convergence", "employment_response", "county_scale", "persistence", "shock_persistence")
LOOSE = (
    *("pace", "county_offset", "prefecture_scale", "shock_scale", "jump", "employment_change"),
    *("jump_scale", "rebasing", "national_convergence"),
)


@pytest.fixture(scope="module")
def worlds() -> dict[str, World]:
    return {"same": simulate(TRUTH, 25), "other": simulate(OTHER, 25)}


@pytest.fixture(scope="module")
def panels(worlds: dict[str, World]) -> dict[str, Panel]:
    return {k: Panel.from_census(world.census, as_of=2025) for k, world in worlds.items()}


@pytest.fixture(scope="module")
def fitter(panels: dict[str, Panel], checkout) -> Fitter:
    """Short chains, and a gate that is as much wider as they are shorter."""
    spec = read_spec(checkout / "models" / "urbanization" / "spec.yaml")
    sampler = {**spec.sampler, "tune": 500, "target_accept": 0.9}
    # How far provinces' responses differ is known least, and mixes slowest.
    gate = {**spec.gate, "rhat": 1.05, "ess": 80, "divergences": 4}
    return Fitter(replace(spec, sampler=sampler, gate=gate), panels["same"])


@pytest.fixture(scope="module")
def fits(fitter: Fitter, panels: dict[str, Panel]) -> dict[str, Posterior]:
    """Both worlds with one compilation."""
    return {k: fitter.fit(panel, seed=5, draws=1600) for k, panel in panels.items()}


def truths(truth: Truth, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    return {name: np.atleast_1d(getattr(truth, name)) for name in names}


def outside(posterior: Posterior, claimed: dict[str, np.ndarray], level: float) -> list[str]:
    """Name the parameters whose claimed value lies outside the central interval."""
    found = []
    for name, value in claimed.items():
        low, high = np.quantile(posterior.column(name), [(1 - level) / 2, (1 + level) / 2], axis=0)
        missed = np.flatnonzero((value < low) | (value > high))
        found += [f"{name}[{i}]: {value[i]} not in {low[i]:.4f} to {high[i]:.4f}" for i in missed]
    return found


def test_known_truth_is_recovered(fits: dict[str, Posterior], worlds: dict[str, World]) -> None:
    claimed = truths(TRUTH, STRICT) | {"year_pace": np.array(list(worlds["same"].paces.values()))}
    assert outside(fits["same"], claimed, 0.99) == []


def test_most_90_percent_intervals_hold_the_truth(
    fits: dict[str, Posterior], worlds: dict[str, World]
) -> None:
    claimed = truths(TRUTH, STRICT + LOOSE)
    claimed["year_pace"] = np.array(list(worlds["same"].paces.values()))
    count = sum(len(value) for value in claimed.values())
    assert len(outside(fits["same"], claimed, 0.90)) <= 0.25 * count


def test_data_teach_more_than_the_prior(fits: dict[str, Posterior]) -> None:
    """Recovery means little if the interval is as wide as the prior."""
    # The log-normal prior of median 0.025 and sigma 0.6 has standard deviation 0.020.
    assert fits["same"].column("convergence").std() < 0.25 * 0.020
    assert (fits["same"].column("employment_response").std(axis=0) < 0.5 * 0.06).all()


def test_negative_control_is_refused(fits: dict[str, Posterior]) -> None:
    missed = " ".join(outside(fits["other"], truths(TRUTH, STRICT), 0.99))
    assert "convergence" in missed
    assert "employment_response" in missed


def test_negative_control_has_its_own_truth(fits: dict[str, Posterior]) -> None:
    # Each of six numbers misses 99 % once in a hundred worlds, and the ends of the interval have
    # a Monte Carlo error of their own: -0.07 lay 0.0014 outside in one compilation.
    claimed = truths(OTHER, ("convergence", "employment_response"))
    assert outside(fits["other"], claimed, 0.999) == []


def test_broken_specification_is_refused_with_the_parameter(
    fitter: Fitter, panels: dict[str, Panel]
) -> None:
    """Five steps of tuning cannot find the scale of anything."""
    hasty = copy(fitter)
    sampler = {**fitter._spec.sampler, "tune": 5, "chains": 2}
    hasty._spec = replace(fitter._spec, sampler=sampler)
    with pytest.raises(UnhealthyFit, match="the sampler did not converge") as caught:
        hasty.fit(panels["same"], seed=1, draws=60)
    graph = build_graph(fitter._spec, make_design(fitter._spec, panels["same"]))
    named = {variable.name for variable in graph.unobserved_RVs}
    assert caught.value.where.split("[")[0] in named

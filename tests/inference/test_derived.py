"""What is computed after sampling is what the graph would say; its densities are the model's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytest
import xarray as xr
from scipy import stats
from scipy.special import logit

from qyforecast.census.panel import Panel
from qyforecast.inference import graph
from qyforecast.inference.derived import RESPONSES, add_derived, sector_axes
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.packed import heard_arrays, pack
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec, read_spec
from tests.conftest import ROOT
from tests.inference.plain import decade_end, province_change
from tests.recovery.simulated import Truth, simulate

SPEC = read_spec(ROOT / "models" / "urbanization" / "spec.yaml")
PANEL = Panel.from_census(simulate(Truth(), 3).census, as_of=2022)
DESIGN = make_design(SPEC, PANEL)
#: Another vintage, which the graph of the first must serve.
LATER = Panel.from_census(simulate(Truth(), 3).census, as_of=2025)
#: What the graph derives, by the names of a posterior's values.
DERIVED = (*RESPONSES, "year_pace", "province_response", "county_response", "change_response")
DERIVED = (*DERIVED, "response_z", "province_convergence", "nation_level", "home_convergence")

Graph = tuple[pm.Model, Callable[..., list[np.ndarray]]]


@pytest.fixture(scope="module")
def built() -> Graph:
    """Compile what the graph derives, and its densities, as functions of what is sampled."""
    kept: dict[str, Any] = {}

    def keep(theta: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        kept.update(whole(theta, data))
        return dict(kept)

    whole, patch = graph.complete, pytest.MonkeyPatch()
    patch.setattr(graph, "complete", keep)
    model = graph.build_graph(SPEC, DESIGN)
    patch.undo()
    outputs = [*(kept[name] for name in DERIVED), *model.potentials]
    function = vars(pytensor)["function"]
    return model, function(model.free_RVs, outputs, mode="FAST_COMPILE", on_unused_input="ignore")


def sampled(model: pm.Model) -> dict[str, np.ndarray]:
    """Values of everything sampled: positive where it must be, small."""
    rng = np.random.default_rng(12)
    point = model.initial_point()
    values = {}
    for variable in model.free_RVs:
        shape = np.shape(point[model.rvs_to_values[variable].name])
        name = str(variable.name)
        if name == "province_effect":
            effect = rng.normal(0, 0.01, DESIGN.change.shape[1])
            values[name] = effect - effect.mean()
        elif name.endswith(("_z", "deviation")):
            values[name] = rng.standard_normal(shape)
        elif name == "year_mean":
            values[name] = rng.normal(0.05, 0.01, shape)
        else:
            values[name] = np.full(shape, getattr(Truth(), name, 0.02)).astype(float)
            if name == "jump":
                values[name] = np.array([0.03, 0.02])
    return values


def hear(model: pm.Model, design: Design, rival: str) -> None:
    """Give the graph a vintage and a rival."""
    model.set_data("packed", pack(heard_arrays(SPEC, design, SPEC.rivals[rival].switches)))


def posterior(values: dict[str, np.ndarray], rival: str, panel: Panel = PANEL) -> Posterior:
    """A posterior of one draw, with what follows added as after sampling."""
    data = {
        name: (("chain", "draw", *(f"{name}_{i}" for i in range(np.ndim(v)))), v[None, None])
        for name, v in values.items()
    }
    design = make_design(SPEC, panel)
    axes = sector_axes(SPEC, design)
    sample = add_derived(xr.Dataset(data), SPEC, design, axes, SPEC.rivals[rival])
    return Posterior(sample, SPEC.sha256, panel.fingerprint, panel.as_of, {}, 1, rival)


@pytest.mark.parametrize("panel", [PANEL, LATER], ids=["built", "another vintage"])
@pytest.mark.parametrize("rival", list(SPEC.rivals))
def test_derived_after_sampling_is_what_the_graph_says(
    rival: str, panel: Panel, built: Graph
) -> None:
    """For the vintage that the graph was built with, and for one that it was given."""
    model, run = built
    values = sampled(model)
    design = make_design(SPEC, panel)
    hear(model, design, rival)
    found = dict(zip(DERIVED, run(*values.values()), strict=False))
    theta = posterior(values, rival, panel).values(SPEC, design)
    for name in DERIVED:
        np.testing.assert_allclose(
            np.ravel(theta[name]), np.ravel(found[name]), rtol=1e-9, atol=1e-12, err_msg=name
        )


def test_densities_are_those_of_the_description(built: Graph) -> None:
    """Term by term in loops, with scipy's distributions: years, provinces, counties."""
    model, run = built
    values = sampled(model)
    hear(model, DESIGN, "full")
    names = [str(term.name) for term in model.potentials]
    found = dict(zip(names, run(*values.values())[len(DERIVED) :], strict=True))
    theta = posterior(values, "full").values(SPEC, DESIGN)
    one = {name: v[0].ravel() for name, v in theta.items()}
    assert float(found["years"]) == pytest.approx(of_years(one), rel=1e-9)
    assert float(found["provinces"]) == pytest.approx(of_provinces(one, DESIGN), rel=1e-9)
    counties = 0.0
    for county, place in enumerate(DESIGN.county_prefecture):
        mean = decade_end(one, DESIGN, county)
        mean += one["prefecture_scale"][0] * one["prefecture_z"][place]
        law = stats.t(one["county_df"][0], mean, one["county_scale"][0])
        counties += float(law.logpdf(DESIGN.end[county]))
    assert float(found["counties"]) == pytest.approx(counties, rel=1e-9)


def of_years(one: dict[str, np.ndarray]) -> float:
    """An autoregression about a mean that falls with the nation's level."""
    shares = PANEL.provinces["urban_share"]
    level = float((logit(shares.sel(year=2000)) - logit(0.45)).mean())
    rho, scale, density, before = one["year_persistence"][0], one["year_scale"][0], 0.0, None
    for place, pace in enumerate(one["year_pace"]):
        effect = pace - one["pace"][0] + one["national_convergence"][0] * level
        mean = 0.0 if before is None else rho * before
        spread = scale / np.sqrt(1 - rho**2) if before is None else scale
        density += float(stats.norm(mean, spread).logpdf(effect))
        before, year = effect, 2001 + place
        # What the nation did is known to 2021; after that it moved by its pace.
        known = float((logit(shares.sel(year=year)) - logit(0.45)).mean())
        level = known if year <= 2021 else level + pace
    return density


def of_provinces(one: dict[str, np.ndarray], design: Design) -> float:
    density = 0.0
    for place in range(design.change.shape[1]):
        before = 0.0
        for row, year in enumerate(range(2001, 2022)):
            left = design.change[row, place] - province_change(one, design, row, place)
            broken = year in (2005, 2010)
            carried = 0.0 if broken or year in (2001, 2006, 2011) else before
            scale = one["shock_scale_early" if year < 2010 else "shock_scale"][0]
            law = stats.t(one["shock_df"][0], 0, scale)
            if broken:
                law = stats.t(100, 0, np.hypot(scale, one["jump_scale"][0]))
            density += float(law.logpdf(left - one["shock_persistence"][0] * carried))
            before = left
    return density


def test_axes_turn_and_do_not_stretch(spec: ModelSpec) -> None:
    """Independent normals stay what the specification says when turned."""
    for name, axes in sector_axes(spec, DESIGN).items():
        np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-12, err_msg=name)
        drivers = DESIGN.driver_changes if name.endswith("change") else DESIGN.drivers
        block = slice(0, 2) if name.startswith("employment") else slice(2, 4)
        seen = drivers[DESIGN.valid > 0][:, block] @ axes
        assert abs(np.corrcoef(seen.T)[0, 1]) < 1e-6

"""PyMC's own sampler gives the posterior that nutpie gives."""

from dataclasses import replace
from pathlib import Path

import arviz as az
import numpy as np
import pytest

from qyforecast.census.panel import Panel
from qyforecast.inference.fit import Fitter
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import read_spec
from tests.recovery.simulated import Truth, simulate

NAMES = (
    *("pace", "convergence", "province_scale", "year_scale", "employment_response"),
    *("value_added_response", "employment_change", "jump", "shock_scale", "year_pace"),
)


@pytest.mark.nightly
def test_two_samplers_one_posterior(checkout: Path) -> None:
    """Means within five Monte Carlo standard errors, spreads within a tenth."""
    spec = read_spec(checkout / "models" / "urbanization" / "spec.yaml")
    gate = {**spec.gate, "rhat": 1.05, "ess": 80, "divergences": 10}
    panel = Panel.from_census(simulate(Truth(), 25).census, as_of=2025)
    fits: dict[str, Posterior] = {}
    for name in ("nutpie", "pymc"):
        chosen = replace(spec, sampler={**spec.sampler, "name": name, "chains": 2}, gate=gate)
        fits[name] = Fitter(chosen, panel, counties=False).fit(panel, seed=3, draws=2000)
    one, other = fits["nutpie"], fits["pymc"]
    assert not np.array_equal(one.column("pace"), other.column("pace"))
    for name in NAMES:
        error = np.hypot(*(np.ravel(az.mcse(fit.draws[name])) for fit in (one, other)))
        gap = one.column(name).mean(axis=0) - other.column(name).mean(axis=0)
        assert (np.abs(gap) < 5 * error).all(), name
        ratio = one.column(name).std(axis=0) / other.column(name).std(axis=0)
        assert ratio == pytest.approx(np.ones_like(ratio), abs=0.12), name

"""A posterior made by hand for a real panel, so that what follows a fit is tested without one."""

import numpy as np
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.inference.derived import RESPONSES, add_derived, sector_axes
from qyforecast.inference.design import make_design
from qyforecast.inference.graph import UNSEEN
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.priors import sample_prior
from qyforecast.inference.spec import ModelSpec

HEALTH = {"rhat": 1.002, "ess_bulk": 900.0, "ess_tail": 800.0, "divergences": 0, "bfmi": 0.8}
HEALTH |= {"rhat_at": "pace", "ess_bulk_at": "pace", "ess_tail_at": "jump[1]"}


def make_posterior(spec: ModelSpec, panel: Panel, *, draws: int, seed: int) -> Posterior:
    """Draw parameters near the middle of their priors, a tenth as wide."""
    rng = np.random.default_rng(seed)
    design = make_design(spec, panel)
    provinces, sectors = design.change.shape[1], len(spec.drivers["employment"])
    shapes = {
        "employment_level_deviation": (2, sectors),
        "employment_province_z": (provinces, sectors),
        "convergence_z": (provinces,),
        "prefecture_z": (int(design.county_prefecture.max()) + 1,),
        "city_z": (),
        "own_z": (len(design.own),),
        "measurement_z": (sum(median > 0 for median, _ in spec.measurement.values()),),
    }
    axes = sector_axes(spec, design)
    shapes |= {f"{name}_z": (len(turned),) for name, turned in axes.items()}
    values = {k: 0.3 * rng.standard_normal((4, draws // 4, *s)) for k, s in shapes.items()}
    for name, prior in spec.priors.items():
        if name not in (*RESPONSES, *UNSEEN):
            entries = (len(spec.breaks),) if name == "jump" else ()
            wide = sample_prior(prior, (4, draws // 4, *entries), rng)
            values[name] = np.median(wide) + 0.1 * (wide - np.median(wide))
    effects = 0.005 * rng.standard_normal((4, draws // 4, provinces))
    values["province_effect"] = effects - effects.mean(axis=-1, keepdims=True)
    years = (4, draws // 4, len(design.change))
    values["year_mean"] = 0.05 + 0.002 * rng.standard_normal(years)
    sample = xr.Dataset(
        {
            name: (("chain", "draw", *(f"{name}_{i}" for i in range(array.ndim - 2))), array)
            for name, array in values.items()
        }
    )
    sample = add_derived(sample, spec, design, axes, spec.rival(spec.full))
    return Posterior(sample, spec.sha256, panel.fingerprint, panel.as_of, HEALTH, seed, spec.full)

"""Posteriors made by hand, for any panel."""

import numpy as np
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec


def make_posterior(
    spec: ModelSpec, panel: Panel, draws: int, rival: str = "full", **given: object
) -> Posterior:
    """Make a posterior whose every draw is the same, except what is given."""
    rng = np.random.default_rng(8)
    provinces = panel.provinces.sizes["province"]
    years = panel.provinces.sizes["year"] - 1
    kinds = sum(median > 0 for median, _ in spec.measurement.values())
    prefectures = len(set(panel.counties["prefecture"].values.tolist()))
    values: dict[str, object] = {
        "pace": 0.05,
        "national_convergence": 0.003,
        "convergence": 0.03,
        "convergence_spread": 0.2,
        "convergence_z": np.linspace(-1.5, 1.5, provinces),
        "year_scale": 0.0,
        "year_persistence": 0.7,
        "year_pace": np.linspace(0.06, 0.04, years),
        "employment_response": [0.04, 0.06],
        "employment_level_spread": 0.02,
        "employment_level_deviation": [[0.5, -0.5], [1.0, -1.0]],
        "employment_province_spread": 0.02,
        "employment_province_z": rng.standard_normal((provinces, 2)),
        "value_added_response": [0.02, -0.03],
        "employment_change": [0.2, 0.1],
        "value_added_change": [0.1, -0.1],
        "province_effect": rng.normal(0, 0.01, provinces),
        "county_offset": -0.004,
        "prefecture_scale": 0.09,
        "prefecture_z": rng.standard_normal(prefectures),
        "county_scale": 0.15,
        "county_df": 1e8,
        "persistence": 0.5,
        "city_z": 0.3,
        "own_z": rng.standard_normal(len(panel.own_counties)),
        "measurement_z": np.zeros(kinds),
        "rebasing": -0.06,
        "jump": [0.03, 0.02],
        "jump_scale": 0.03,
        "shock_scale": 0.008,
        "shock_scale_early": 0.02,
        "shock_persistence": 0.4,
        "shock_df": 5.0,
    }
    data = {}
    for name, value in (values | given).items():
        array = np.asarray(value, dtype=float)
        dims = [f"{name}_{i}" for i in range(array.ndim)]
        full = np.broadcast_to(array, (2, draws // 2, *array.shape))
        data[name] = (("chain", "draw", *dims), full)
    return Posterior(
        xr.Dataset(data), spec.sha256, panel.fingerprint, panel.as_of, {}, 1, str(rival)
    )

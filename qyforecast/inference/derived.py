"""What follows from sampled parameters: responses, the national pace.

The sampler's graph holds no such quantity: compiled a second time, only to be
recorded, they would cost as much as the density.
"""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from qyforecast.inference.design import Design
from qyforecast.inference.rivals import Rival
from qyforecast.inference.spec import ModelSpec

RESPONSES = (
    "employment_response",
    "value_added_response",
    "employment_change",
    "value_added_change",
)
Values = Mapping[str, np.ndarray]


def sector_axes(spec: ModelSpec, design: Design) -> dict[str, np.ndarray]:
    """Axes along which the responses to a driver's sectors are sampled.

    Shares of sectors nearly mirror one another, so the data know a difference of
    responses much better than their sum. Independent normals of one spread stay
    so when turned: the prior is the specification's.

    Parameters
    ----------
    spec : ModelSpec
        Its drivers.
    design : Design
        Drivers of the provinces.

    Returns
    -------
    dict
        Response to ``(sector, axis)``.
    """
    axes = {}
    for name in RESPONSES:
        driver = name.rsplit("_", 1)[0]
        first = 0 if driver == "employment" else len(spec.drivers["employment"])
        block = slice(first, first + len(spec.drivers[driver]))
        moves = design.driver_changes if name.endswith("change") else design.drivers
        seen = moves[design.valid > 0][:, block]
        axes[name] = np.linalg.eigh(np.atleast_2d(np.cov(seen, rowvar=False)))[1]
    return axes


def respond(theta: Values, spec: ModelSpec, rival: Rival) -> dict[str, np.ndarray]:
    """Put the responses of a rival together; what it switches off is zero.

    Parameters
    ----------
    theta : mapping
        Parameters, ``(D, n)``.
    spec : ModelSpec
        Names the drivers.
    rival : Rival
        Its switches.

    Returns
    -------
    dict
        All parameters, with ``province_response``, ``county_response`` and
        ``change_response`` ``(D, K)``, employment first, ``response_z``
        ``(D, P, sectors)`` and ``convergence_z`` ``(D, P)``.
    """
    levels, changes, pooled = rival.switches
    count = len(spec.drivers["employment"])
    deviation = theta["employment_level_spread"] * theta["employment_level_deviation"]
    added = {}
    for name, part in (
        ("province_response", deviation[:, :count]),
        ("county_response", deviation[:, count:]),
    ):
        employment = theta["employment_response"] + part
        added[name] = levels * np.hstack([employment, theta["value_added_response"]])
    moved = [theta["employment_change"], theta["value_added_change"]]
    apart = theta["employment_province_z"]
    return {
        **theta,
        **added,
        "change_response": changes * np.hstack(moved),
        "response_z": levels * apart.reshape(len(apart), -1, count),
        "convergence_z": pooled * theta["convergence_z"],
    }


def province_rest(theta: Values, data: Values) -> np.ndarray:
    """Expected yearly changes of provinces beside the national pace.

    Parameters
    ----------
    theta : mapping
        Parameters with draws, responses put together.
    data : mapping
        Arrays of the design.

    Returns
    -------
    ndarray
        ``(D, T, P)``. [log odds]
    """
    speed = theta["convergence"] * np.exp(theta["convergence_spread"] * theta["convergence_z"])
    rest = theta["province_effect"][:, None, :] - speed[:, None, :] * data["lag"]
    rest = rest + np.einsum("tpk,dk->dtp", data["drivers"], theta["province_response"])
    apart = theta["response_z"]
    own = np.einsum("tpk,dpk->dtp", data["drivers"][..., : apart.shape[-1]], apart)
    rest += theta["employment_province_spread"][:, :, None] * own
    rest += np.einsum("tpk,dk->dtp", data["driver_changes"], theta["change_response"])
    return rest + np.einsum("tb,db->dt", data["breaks"], theta["jump"])[:, :, None]


def add_derived(
    sample: xr.Dataset, spec: ModelSpec, design: Design, axes: Values, rival: Rival
) -> xr.Dataset:
    """Add responses in the sectors' own terms and the national pace of every year.

    Parameters
    ----------
    sample : Dataset
        Sampled parameters, ``(chain, draw, ...)``.
    spec : ModelSpec
        Priors of the responses.
    design : Design
        What was fitted to.
    axes : mapping
        From `sector_axes` of that design.
    rival : Rival
        What was switched off.

    Returns
    -------
    Dataset
        With the four responses and ``year_pace``.
    """
    shape = (sample.sizes["chain"], sample.sizes["draw"])
    flat = {
        str(name): values.transpose("chain", "draw", ...).values.reshape(np.prod(shape), -1)
        for name, values in sample.data_vars.items()
    }
    added: dict[str, np.ndarray] = {}
    for name, turned in axes.items():
        prior = spec.priors[name].parameters
        added[name] = prior["mean"] + prior["sd"] * flat[f"{name}_z"] @ turned.T
    data = design.arrays()
    rest = province_rest(respond(flat | added, spec, rival), data)
    known = np.maximum(data["valid"].sum(axis=1), 1.0)
    added["year_pace"] = flat["year_mean"] - (data["valid"] * rest).sum(axis=2) / known
    return sample.assign(
        {
            name: (("chain", "draw", f"{name}_dim"), values.reshape(*shape, -1))
            for name, values in added.items()
        }
    )

"""The model as a PyMC graph, everything marginal that can be."""

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor

from qyforecast.inference.derived import RESPONSES
from qyforecast.inference.design import Design
from qyforecast.inference.packed import CONSTANT, heard_arrays, pack, unpack
from qyforecast.inference.priors import Prior
from qyforecast.inference.recursion import (
    JUMP_DF,
    complete,
    county_residual,
    horizon_sums,
    lasting_paces,
    measurement_error,
    own_part,
    reading_covariance,
    silent_drift,
)
from qyforecast.inference.spec import ModelSpec

Tensor = Any
# Its declared types are unions that no operator accepts.
pt: Any = pytensor.tensor

#: Priors that no data speak of; they are drawn where a path is.
UNSEEN = ("fading",)
#: Priors that only counties and readings speak of.
OF_COUNTIES = (
    "county_offset",
    "prefecture_scale",
    "county_scale",
    "county_df",
    "persistence",
    "rebasing",
)
#: Spread of a place's own pace where it is taken as seen. [log odds / year]
AS_SEEN = 0.05


def build_graph(spec: ModelSpec, design: Design, *, counties: bool = True) -> pm.Model:
    """Write the joint density of all three levels.

    Provinces give a Student-t likelihood of yearly changes with autoregressive
    shocks; counties one of ten-year changes, in which the yearly recursion is
    summed in closed form and the counties' own effects are integrated out,
    except those of the city's counties, which the forecast needs; readings of
    the city between and after the censuses follow from the same recursion.

    Parameters
    ----------
    spec : ModelSpec
        Priors and kinds of source.
    design : Design
        The data.
    counties : bool
        Whether counties and readings are heard; without them the provinces speak alone,
        as they do to a forecast of provinces made before the last census.

    Returns
    -------
    pymc.Model
        What a vintage or a rival changes enters as the data ``packed``, so that a
        compiled model can take another.

    References
    ----------
    model.md section 4; Alkema et al. (2011) for the growth difference as a
    random walk with convergence.
    """
    with pm.Model(coords=_coords(design), check_bounds=False) as model:
        arrays = heard_arrays(spec, design, counties=counties)
        together = pack(arrays)
        # A shape known beforehand spares the compiled code its tests of shapes.
        data = unpack(pm.Data("packed", together, shape=together.shape), arrays)
        data |= {name: design.arrays()[name] for name in CONSTANT}
        theta = _parameters(spec, design, data, counties=counties)
        theta["rest"] = _province_rest(theta, data)
        theta["year_pace"] = _year_pace(theta, data, design)
        theta = complete(theta, data)
        pm.Potential("years", _year_density(theta))
        pm.Potential("provinces", _province_density(theta, data, design))
        if counties:
            theta["residual"] = county_residual(theta, data)
            pm.Potential("counties", _county_density(theta, data))
            pm.Potential("readings", _reading_density(theta, data, spec))
    return model


def _coords(design: Design) -> dict[str, np.ndarray]:
    return {
        "change_year": np.arange(design.change.shape[0]),
        "province": np.arange(design.change.shape[1]),
        "driver": np.arange(design.drivers.shape[2]),
        "break": np.arange(design.breaks.shape[1]),
        "prefecture": np.arange(design.county_prefecture.max() + 1),
        "own": np.arange(len(design.own)),
        "level": np.array(["province", "county"]),
    }


def _prior(name: str, prior: Prior, dims: str | tuple[str, ...] | None = None) -> Tensor:
    p = prior.parameters
    match prior.distribution:
        case "normal":
            return pm.Normal(name, p["mean"], p["sd"], dims=dims)
        case "lognormal":
            return pm.LogNormal(name, np.log(p["median"]), p["sigma"], dims=dims)
        case "halfnormal":
            return pm.HalfNormal(name, p["sd"], dims=dims)
        case "beta":
            return pm.Beta(name, p["a"], p["b"], dims=dims)
        case _:
            return pm.Gamma(name, p["shape"], p["rate"], dims=dims)


def _parameters(
    spec: ModelSpec, design: Design, data: dict[str, Tensor], *, counties: bool
) -> dict[str, Tensor]:
    """Draw every parameter from its prior; responses that are switched off are zero."""
    levels, changes, pooled = (data["switches"][place] for place in range(3))
    left_out = (*RESPONSES, *UNSEEN, *(() if counties else OF_COUNTIES))
    theta = {
        name: _prior(name, prior, "break" if name == "jump" else None)
        for name, prior in spec.priors.items()
        if name not in left_out
    }
    for name in RESPONSES:
        theta[name] = _response(name, spec, data[f"axes_{name}"])
    sectors = len(spec.drivers["employment"])
    spread = pm.Normal("employment_level_deviation", 0, 1, shape=(2, sectors))
    by_level = theta["employment_response"] + theta["employment_level_spread"] * spread
    for level, name in enumerate(("province_response", "county_response")):
        both = pt.concatenate([by_level[level], theta["value_added_response"]])
        theta[name] = levels * both
    theta["change_response"] = changes * pt.concatenate(
        [theta["employment_change"], theta["value_added_change"]]
    )
    z = pm.Normal("employment_province_z", 0, 1, shape=(len(design.change[0]), sectors))
    theta["response_z"] = levels * z
    # Where own paces are taken as seen, speeds of convergence of their own would say the same.
    theta["convergence_z"] = pooled * pm.Normal("convergence_z", 0, 1, dims="province")
    scale = pooled * theta["province_scale"] + (1 - pooled) * AS_SEEN
    theta["province_effect"] = pm.ZeroSumNormal("province_effect", sigma=scale, dims="province")
    return theta | (_county_parameters(spec) if counties else {})


def _county_parameters(spec: ModelSpec) -> dict[str, Tensor]:
    """Draw standard normal deviations of prefectures, the city, its counties, its sources."""
    inexact = sum(median > 0 for median, _ in spec.measurement.values())
    return {
        "prefecture_z": pm.Normal("prefecture_z", 0, 1, dims="prefecture"),
        "city_z": pm.Normal("city_z", 0, 1),
        "own_z": pm.Normal("own_z", 0, 1, dims="own"),
        "measurement_z": pm.Normal("measurement_z", 0, 1, shape=inexact),
    }


def _response(name: str, spec: ModelSpec, axes: Tensor) -> Tensor:
    """Responses to a driver's sectors, sampled along axes, see `sector_axes`."""
    prior = spec.priors[name].parameters
    sectors = len(spec.drivers[name.rsplit("_", 1)[0]])
    turned = pm.Normal(f"{name}_z", 0, 1, shape=sectors)
    return prior["mean"] + prior["sd"] * pt.dot(axes, turned)


def _year_density(theta: dict[str, Tensor]) -> Tensor:
    """Log density of the yearly national pace, an autoregression about a level-bound mean."""
    rho, scale = theta["year_persistence"], theta["year_scale"]
    mean = theta["pace"] - theta["national_convergence"] * theta["nation_level"][:-1]
    effect = theta["year_pace"] - mean
    innovation = effect[1:] - rho * effect[:-1]
    start: Tensor = pm.logp(pm.Normal.dist(0, scale / pt.sqrt(1 - rho**2)), effect[0])
    later: Tensor = pm.logp(pm.Normal.dist(0, scale), innovation)
    return start + later.sum()


def _student_t(residual: Tensor, scale: Tensor, df: Tensor) -> Tensor:
    """Log density of a Student-t at residuals, up to nothing."""
    return (
        pt.gammaln((df + 1) / 2)
        - pt.gammaln(df / 2)
        - 0.5 * pt.log(df * np.pi)
        - pt.log(scale)
        - (df + 1) / 2 * pt.log1p((residual / scale) ** 2 / df)
    )


def _province_rest(theta: dict[str, Tensor], data: dict[str, Tensor]) -> Tensor:
    """Expected yearly changes of provinces beside the national pace, ``(T, P)``."""
    convergence = theta["convergence"] * pt.exp(
        theta["convergence_spread"] * theta["convergence_z"]
    )
    count = theta["response_z"].shape[-1]
    apart = (data["drivers"][..., :count] * theta["response_z"]).sum(axis=-1)
    return (
        theta["province_effect"][None, :]
        - convergence[None, :] * data["lag"]
        + pt.dot(data["drivers"], theta["province_response"])
        + theta["employment_province_spread"] * apart
        + pt.dot(data["driver_changes"], theta["change_response"])
        + pt.dot(data["breaks"], theta["jump"])[:, None]
    )


def _year_pace(theta: dict[str, Tensor], data: dict[str, Tensor], design: Design) -> Tensor:
    """National pace of every year, sampled as the mean change of the provinces that are known.

    The data know each year's mean change well, whatever the responses; the pace of
    the mean place is that less what the levels and drivers of those known explain, a
    shift that changes no volume.
    """
    mean = pm.Flat("year_mean", dims="change_year", initval=np.full(len(design.change), 0.05))
    known = pt.maximum(data["valid"].sum(axis=1), 1.0)
    explained = (data["valid"] * theta["rest"]).sum(axis=1) / known
    return mean - explained


def _province_density(theta: dict[str, Tensor], data: dict[str, Tensor], design: Design) -> Tensor:
    mean = theta["year_pace"][:, None] + theta["rest"]
    residual = (data["change"] - mean) * data["valid"]
    before = pt.concatenate([pt.zeros((1, design.change.shape[1])), residual[:-1]], axis=0)
    shock = residual - theta["shock_persistence"] * before * data["linked"]
    plain = pt.where(pt.eq(data["early"], 1), theta["shock_scale_early"], theta["shock_scale"])
    broken = pt.gt(data["breaks"], 0).any(axis=1)
    scale = pt.sqrt(plain**2 + broken * theta["jump_scale"] ** 2)[:, None]
    df = pt.where(broken, JUMP_DF, theta["shock_df"])[:, None]
    return (data["valid"] * _student_t(shock, scale, df)).sum()


def _county_density(theta: dict[str, Tensor], data: dict[str, Tensor]) -> Tensor:
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    own = theta["residual"] - effect[data["county_prefecture"]]
    density = _student_t(own, theta["county_scale"], theta["county_df"])
    return (data["county_heard"] * density).sum()


def _reading_density(theta: dict[str, Tensor], data: dict[str, Tensor], spec: ModelSpec) -> Tensor:
    keep = 1 - theta["home_convergence"]
    city, own = lasting_paces(theta, data, theta["residual"][data["own"]])
    drift = silent_drift(theta, own_part(data)) + city + own
    weights, years = data["reading_weights"], data["reading_years"]
    steps, _ = horizon_sums(keep, years)
    sectors = len(spec.drivers["employment"])
    response = theta["county_response"]
    apart = theta["response_z"][data["county_province"][data["own"][0]]]
    apart = theta["employment_province_spread"] * apart
    pace = pt.dot(weights, drift) + pt.dot(data["reading_drivers"], response)
    pace += pt.dot(data["reading_drivers"][:, :sectors], apart)
    pace += pt.dot(data["reading_driver_changes"], theta["change_response"])
    expected = (keep**years - 1) * pt.dot(weights, data["end"][data["own"]])
    expected += steps * pace + weights.sum(axis=1) * _calendar_after(theta, data, keep)
    known, after = data["reading_known"], data["reading_after"]
    gap = known * (data["reading"] - after * expected - (1 - after) * theta["rebasing"])
    alike = pt.ones(weights.shape[1]) * theta["county_scale"] ** 2
    covariance = reading_covariance(theta, data, alike) * known[:, None] * known[None, :]
    error = measurement_error(theta["measurement_z"], spec)[data["reading_kind"]]
    # An empty slot is a standard normal at zero: it says nothing.
    covariance += pt.diag(known * error**2 + 1 - known)
    root = pt.linalg.cholesky(covariance)
    scaled = pt.linalg.solve_triangular(root, gap, lower=True)
    return -0.5 * (scaled**2).sum() - pt.log(pt.diagonal(root)).sum()


def _calendar_after(theta: dict[str, Tensor], data: dict[str, Tensor], keep: Tensor) -> Tensor:
    """Sum of the nation's pull between the last census and each reading."""
    last = data["decade"][-1]
    pull = theta["year_pace"] + (1 - keep) * theta["nation_level"][:-1]
    ahead = pt.arange(theta["year_pace"].shape[0]) - last
    left = data["reading_years"][:, None] - ahead[None, :]
    inside = (ahead[None, :] >= 1) & (left >= 0)
    return pt.where(inside, keep ** pt.maximum(left, 0), 0.0) @ pull

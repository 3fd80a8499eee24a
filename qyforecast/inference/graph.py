"""The model as a PyMC graph, everything marginal that can be."""

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor

from qyforecast.inference.design import Design
from qyforecast.inference.recursion import (
    county_residual,
    horizon_sums,
    lasting_paces,
    measurement_error,
    reading_covariance,
    silent_drift,
)
from qyforecast.inference.spec import ModelSpec, Prior

Tensor = Any
# Its declared types are unions that no operator accepts.
pt: Any = pytensor.tensor

RESPONSES = (
    "employment_response",
    "value_added_response",
    "employment_change",
    "value_added_change",
)
#: Arrays of the design that no vintage changes: places in lists.
CONSTANT = ("county_province", "county_prefecture", "own", "decade")
#: Arrays that only the draws of a path read.
UNHEARD = ("reading_level", "reading_city")


def build_graph(spec: ModelSpec, design: Design) -> pm.Model:
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

    Returns
    -------
    pymc.Model
        What a vintage changes enters as ``pm.Data``, so that a compiled model
        can take another vintage.

    References
    ----------
    model.md section 4; Alkema et al. (2011) for the growth difference as a
    random walk with convergence.
    """
    with pm.Model(coords=_coords(design), check_bounds=False) as model:
        data: dict[str, Tensor] = {
            name: values if name in CONSTANT else pm.Data(f"data_{name}", values)
            for name, values in design.arrays().items()
            if name not in UNHEARD
        }
        theta = _parameters(spec, design)
        theta["rest"] = _province_rest(theta, data)
        theta["year_pace"] = _year_pace(theta, data, design)
        pm.Potential("years", _year_density(theta))
        pm.Potential("provinces", _province_density(theta, data, design))
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


def _parameters(spec: ModelSpec, design: Design) -> dict[str, Tensor]:
    """Draw every parameter from its prior."""
    vectors = {"jump": "break"}
    theta = {
        name: _prior(name, prior, vectors.get(name))
        for name, prior in spec.priors.items()
        if name not in RESPONSES
    }
    for name in RESPONSES:
        theta[name] = _response(name, spec, design)
    sectors = len(spec.references["employment"])
    spread = pm.Normal("employment_level_deviation", 0, 1, shape=(2, sectors))
    by_level = theta["employment_response"] + theta["employment_level_spread"] * spread
    for level, name in enumerate(("province_response", "county_response")):
        theta[name] = pt.concatenate([by_level[level], theta["value_added_response"]])
    theta["change_response"] = pt.concatenate(
        [theta["employment_change"], theta["value_added_change"]]
    )
    theta["province_effect"] = pm.ZeroSumNormal(
        "province_effect", sigma=theta["province_scale"], dims="province"
    )
    theta["prefecture_z"] = pm.Normal("prefecture_z", 0, 1, dims="prefecture")
    theta["city_z"] = pm.Normal("city_z", 0, 1)
    theta["own_z"] = pm.Normal("own_z", 0, 1, dims="own")
    errors = [(median, sigma) for median, sigma in spec.measurement.values() if median > 0]
    theta["measurement_z"] = pm.Normal("measurement_z", 0, 1, shape=len(errors))
    return theta


def _response(name: str, spec: ModelSpec, design: Design) -> Tensor:
    """Responses to a driver's sectors, sampled along the axes of the sectors' shares.

    Shares of sectors nearly mirror one another, so the data know a difference of
    responses much better than their sum. Independent normals of one spread stay
    so when turned: the prior is the specification's.
    """
    driver = name.rsplit("_", 1)[0]
    first = 0 if driver == "employment" else len(spec.references["employment"])
    block = slice(first, first + len(spec.references[driver]))
    moves = design.driver_changes if name.endswith("change") else design.drivers
    seen = moves[design.valid > 0][:, block]
    _, axes = np.linalg.eigh(np.atleast_2d(np.cov(seen, rowvar=False)))
    prior = spec.priors[name].parameters
    turned = pm.Normal(f"{name}_z", 0, 1, shape=axes.shape[0])
    return pm.Deterministic(name, prior["mean"] + prior["sd"] * pt.dot(axes, turned))


def _year_density(theta: dict[str, Tensor]) -> Tensor:
    """Log density of the yearly national pace, a stationary first-order autoregression."""
    rho, scale = theta["year_persistence"], theta["year_scale"]
    effect = theta["year_pace"] - theta["pace"]
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
    return (
        theta["province_effect"][None, :]
        - theta["convergence"] * data["lag"]
        + pt.dot(data["drivers"], theta["province_response"])
        + pt.dot(data["driver_changes"], theta["change_response"])
        + pt.dot(data["breaks"], theta["jump"])[:, None]
    )


def _year_pace(theta: dict[str, Tensor], data: dict[str, Tensor], design: Design) -> Tensor:
    """National pace of every year, sampled as the mean change of the provinces.

    The data know each year's mean change well, whatever the responses; the pace
    at the reference is that mean less what levels and drivers explain, a shift
    that changes no volume. Innovations of the pace would be tied to its mean and
    persistence, the pace itself to the responses.
    """
    mean = pm.Flat("year_mean", dims="change_year", initval=np.full(len(design.change), 0.05))
    known = pt.maximum(data["valid"].sum(axis=1), 1.0)
    explained = (data["valid"] * theta["rest"]).sum(axis=1) / known
    return pm.Deterministic("year_pace", mean - explained, dims="change_year")


def _province_density(theta: dict[str, Tensor], data: dict[str, Tensor], design: Design) -> Tensor:
    mean = theta["year_pace"][:, None] + theta["rest"]
    residual = (data["change"] - mean) * data["valid"]
    before = pt.concatenate([pt.zeros((1, design.change.shape[1])), residual[:-1]], axis=0)
    shock = residual - theta["shock_persistence"] * before * data["linked"]
    plain = pt.where(pt.eq(data["early"], 1), theta["shock_scale_early"], theta["shock_scale"])
    broken = data["breaks"].sum(axis=1)
    scale = pt.sqrt(plain**2 + broken * theta["jump_scale"] ** 2)[:, None]
    return (data["valid"] * _student_t(shock, scale, theta["shock_df"])).sum()


def _county_density(theta: dict[str, Tensor], data: dict[str, Tensor]) -> Tensor:
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    own = county_residual(theta, data) - effect[data["county_prefecture"]]
    return _student_t(own, theta["county_scale"], theta["county_df"]).sum()


def _reading_density(theta: dict[str, Tensor], data: dict[str, Tensor], spec: ModelSpec) -> Tensor:
    keep = 1 - theta["convergence"]
    city, own = lasting_paces(theta, data)
    drift = silent_drift(theta, data)[data["own"]] + city + own
    weights, years = data["reading_weights"], data["reading_years"]
    steps, _ = horizon_sums(keep, years)
    pace = pt.dot(weights, drift) + pt.dot(data["reading_drivers"], theta["county_response"])
    pace += pt.dot(data["reading_driver_changes"], theta["change_response"])
    expected = (keep**years - 1) * pt.dot(weights, data["end"][data["own"]])
    expected += steps * pace + weights.sum(axis=1) * _calendar_after(theta, data, keep)
    known = data["reading_known"]
    gap = known * (data["reading"] - data["reading_after"] * expected)
    alike = pt.ones(weights.shape[1]) * theta["county_scale"] ** 2
    covariance = reading_covariance(theta, data, alike) * known[:, None] * known[None, :]
    error = measurement_error(theta["measurement_z"], spec)[data["reading_kind"]]
    # An empty slot is a standard normal at zero: it says nothing.
    covariance += pt.diag(known * error**2 + 1 - known)
    root = pt.linalg.cholesky(covariance)
    scaled = pt.linalg.solve_triangular(root, gap, lower=True)
    return -0.5 * (scaled**2).sum() - pt.log(pt.diagonal(root)).sum()


def _calendar_after(theta: dict[str, Tensor], data: dict[str, Tensor], keep: Tensor) -> Tensor:
    """Sum of the year effects between the last census and each reading."""
    last = data["decade"][-1]
    ahead = pt.arange(theta["year_pace"].shape[0]) - last
    left = data["reading_years"][:, None] - ahead[None, :]
    inside = (ahead[None, :] >= 1) & (left >= 0)
    return pt.where(inside, keep ** pt.maximum(left, 0), 0.0) @ theta["year_pace"]

"""What a statistician asks before believing a fit: prior and posterior predictive."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import expit, logit
from scipy.stats import kstest, t

from qyforecast.census.panel import Panel
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import DECADE, county_residual, horizon_sums
from qyforecast.inference.spec import ModelSpec, Prior

#: Draws of the posterior that a check looks at: the tails of a PIT need no more.
ENOUGH = 400


def sample_prior(
    prior: Prior, shape: int | tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Draw from a prior.

    Parameters
    ----------
    prior : Prior
        Family and parameters.
    shape : int or tuple of int
        Shape of the result.
    rng : Generator
        Random numbers.

    Returns
    -------
    ndarray
        Draws.
    """
    p = prior.parameters
    match prior.distribution:
        case "normal":
            return rng.normal(p["mean"], p["sd"], shape)
        case "lognormal":
            return rng.lognormal(np.log(p["median"]), p["sigma"], shape)
        case "halfnormal":
            return np.abs(rng.normal(0, p["sd"], shape))
        case "beta":
            return rng.beta(p["a"], p["b"], shape)
        case _:
            return rng.gamma(p["shape"], 1 / p["rate"], shape)


def prior_predictive(spec: ModelSpec, panel: Panel, *, draws: int, seed: int) -> xr.Dataset:
    """Draw what the priors alone hold possible for a middling county's decade.

    Parameters
    ----------
    spec : ModelSpec
        The priors.
    panel : Panel
        Gives the median level and median drivers of counties at the first census.
    draws : int
        Number of draws.
    seed : int
        Seed.

    Returns
    -------
    Dataset
        By draw: ``urban_share`` ten years on and ``change`` of it. [1]
    """
    rng = np.random.default_rng([seed, 47])
    design = make_design(spec, panel)
    theta = {name: sample_prior(prior, draws, rng) for name, prior in spec.priors.items()}
    keep = 1 - theta["convergence"]
    total, _ = horizon_sums(keep, DECADE)
    start = float(np.median(design.start))
    fixed = rng.normal(0, theta["province_scale"]) + theta["county_offset"]
    fixed += _prior_drivers(spec, design, theta, rng)
    weights = keep[:, None] ** np.arange(DECADE - 1, -1, -1)
    calendar = (weights * _prior_paces(theta, rng)).sum(axis=1)
    own = theta["prefecture_scale"] * rng.standard_normal(draws)
    own += theta["county_scale"] * rng.standard_t(theta["county_df"])
    level = keep**DECADE * start + total * fixed + calendar + own
    share = expit(level + logit(spec.reference_share))
    before = expit(start + logit(spec.reference_share))
    return xr.Dataset({"urban_share": ("draw", share), "change": ("draw", share - before)})


def _prior_drivers(
    spec: ModelSpec, design: Design, theta: Mapping[str, np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """What median drivers and their changes give a year, by draw. [log odds / year]"""
    level, change = np.median(design.county_drivers, axis=0), design.county_driver_changes.mean(0)
    draws = len(theta["pace"])
    out, place = np.zeros(draws), 0
    for driver in ("employment", "value_added"):
        for _ in spec.references[driver]:
            response = sample_prior(spec.priors[f"{driver}_response"], draws, rng)
            if driver == "employment":
                response += theta["employment_level_spread"] * rng.standard_normal(draws)
            at_once = sample_prior(spec.priors[f"{driver}_change"], draws, rng)
            out += response * level[place] + at_once * change[place] / DECADE
            place += 1
    return out


def _prior_paces(theta: Mapping[str, np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """National paces of ten years, a stationary autoregression, ``(D, 10)``."""
    rho, scale = theta["year_persistence"], theta["year_scale"]
    effect = scale / np.sqrt(1 - rho**2) * rng.standard_normal(len(rho))
    paces = []
    for _ in range(DECADE):
        paces.append(theta["pace"] + effect)
        effect = rho * effect + scale * rng.standard_normal(len(rho))
    return np.stack(paces, axis=1)


def predictive_places(posterior: Posterior, spec: ModelSpec, panel: Panel) -> dict[str, np.ndarray]:
    """Say where in its predictive distribution each observation fell (PIT).

    Each term of the likelihood is left out in turn by importance weights, so
    an observation does not vouch for itself.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.
    panel : Panel
        Its panel.

    Returns
    -------
    dict
        Level to probabilities that the prediction is below what was observed:
        yearly changes of provinces, decade changes of counties and of the
        city's own counties.

    References
    ----------
    Gelfand, Dey and Chang (1992) for leave-one-out weights; Ionides (2008) for
    their truncation; Gneiting et al. (2007) for the PIT.
    """
    step = max(1, posterior.size // ENOUGH)
    theta = {name: values[::step] for name, values in posterior.values(spec).items()}
    design = make_design(spec, panel)
    data = design.arrays()
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    alone = county_residual(theta, data) - effect[:, design.county_prefecture]
    counties = _left_out(alone, theta["county_scale"], theta["county_df"])
    shock, scale = _province_shocks(theta, data)
    seen = design.valid > 0
    provinces = _left_out(shock[:, seen], scale[:, seen], theta["shock_df"])
    return {
        "provinces, yearly change": provinces,
        "counties, decade change": counties,
        "own counties, decade change": counties[design.own],
    }


def posterior_predictive(posterior: Posterior, spec: ModelSpec, panel: Panel) -> pd.DataFrame:
    """Count how often predictive intervals held what was observed.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.
    panel : Panel
        Its panel.

    Returns
    -------
    DataFrame
        One row per level: ``level, observations, coverage80, coverage95``
        (central intervals) and ``pit_distance``, the largest gap between the
        distribution of the PIT and the uniform one. [1]
    """
    places = predictive_places(posterior, spec, panel)
    rows = [
        {
            "level": level,
            "observations": len(pit),
            "coverage80": float((np.abs(pit - 0.5) <= 0.40).mean()),
            "coverage95": float((np.abs(pit - 0.5) <= 0.475).mean()),
            "pit_distance": float(kstest(pit, "uniform").statistic),
        }
        for level, pit in places.items()
    ]
    return pd.DataFrame(rows)


def _left_out(residual: np.ndarray, scale: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Leave-one-out PIT of Student-t terms, ``(D, n)`` to ``(n,)``."""
    score = residual / scale
    density = t.logpdf(score, df) - np.log(scale)
    weight = np.exp(density.min(axis=0) - density)
    most = weight.mean(axis=0) * np.sqrt(len(weight))
    weight = np.minimum(weight, most)
    return (weight * t.cdf(score, df)).sum(axis=0) / weight.sum(axis=0)


def _province_shocks(
    theta: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Yearly shocks of provinces and their scales, both ``(D, T, P)``."""
    mean = theta["year_pace"][:, :, None] + theta["province_effect"][:, None, :]
    mean = mean - theta["convergence"][:, :, None] * data["lag"]
    mean += np.einsum("tpk,dk->dtp", data["drivers"], theta["province_response"])
    mean += np.einsum("tpk,dk->dtp", data["driver_changes"], theta["change_response"])
    mean += np.einsum("tb,db->dt", data["breaks"], theta["jump"])[:, :, None]
    residual = (data["change"] - mean) * data["valid"]
    before = np.concatenate([np.zeros_like(residual[:, :1]), residual[:, :-1]], axis=1)
    shock = residual - theta["shock_persistence"][:, :, None] * before * data["linked"]
    early = data["early"] > 0
    plain = np.where(early, theta["shock_scale_early"], theta["shock_scale"])
    broken = data["breaks"].sum(axis=1) * theta["jump_scale"] ** 2
    scale = np.sqrt(plain**2 + broken)[:, :, None]
    return shock, np.broadcast_to(scale, shock.shape)

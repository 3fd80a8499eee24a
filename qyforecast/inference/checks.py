"""What a statistician asks before believing a fit: prior and posterior predictive."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from scipy.stats import kstest, t

from qyforecast.census.panel import Panel
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.priors import sample_prior
from qyforecast.inference.provinces import province_shocks
from qyforecast.inference.recursion import DECADE, county_residual, horizon_sums
from qyforecast.inference.scale import share_of
from qyforecast.inference.spec import ModelSpec

#: Draws of the posterior that a check looks at: the tails of a PIT need no more.
ENOUGH = 400


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
    spread = theta["convergence_spread"] * rng.standard_normal(draws)
    keep = 1 - theta["convergence"] * np.exp(spread)
    total, _ = horizon_sums(keep, DECADE)
    start = float(np.median(design.start))
    fixed = rng.normal(0, theta["province_scale"]) + theta["county_offset"]
    fixed += _prior_drivers(spec, design, theta, rng)
    level = keep**DECADE * start + total * fixed
    for age, pull in enumerate(_prior_pulls(theta, design, keep, rng)[::-1]):
        level += keep**age * pull
    level += theta["prefecture_scale"] * rng.standard_normal(draws)
    level += theta["county_scale"] * rng.standard_t(theta["county_df"])
    share, before = share_of(level, spec), share_of(np.array(start), spec)
    return xr.Dataset({"urban_share": ("draw", share), "change": ("draw", share - before)})


def _prior_drivers(
    spec: ModelSpec, design: Design, theta: Mapping[str, np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """What the drivers of a county about as far from the mean as most give, by draw.

    Median absolute drivers and changes, in units of log odds a year.
    """
    level = np.median(np.abs(design.county_drivers), axis=0)
    change = np.median(np.abs(design.county_driver_changes), axis=0)
    draws = len(theta["pace"])
    out, place = np.zeros(draws), 0
    for driver, sectors in spec.drivers.items():
        for _ in sectors:
            response = sample_prior(spec.priors[f"{driver}_response"], draws, rng)
            if driver == "employment":
                response += theta["employment_level_spread"] * rng.standard_normal(draws)
                response += theta["employment_province_spread"] * rng.standard_normal(draws)
            at_once = sample_prior(spec.priors[f"{driver}_change"], draws, rng)
            out += response * level[place] + at_once * change[place] / DECADE
            place += 1
    return out


def _prior_pulls(
    theta: Mapping[str, np.ndarray], design: Design, keep: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """What the nation adds in ten years: its pace and the pull of its level, ``(10, D)``."""
    rho, scale = theta["year_persistence"], theta["year_scale"]
    effect = scale / np.sqrt(1 - rho**2) * rng.standard_normal(len(rho))
    level = np.full(len(rho), design.nation[design.decade[0]])
    pulls = []
    for _ in range(DECADE):
        pace = theta["pace"] - theta["national_convergence"] * level + effect
        pulls.append(pace + (1 - keep) * level)
        level = level + pace
        effect = rho * effect + scale * rng.standard_normal(len(rho))
    return np.stack(pulls)


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
    design = make_design(spec, panel)
    theta = {name: values[::step] for name, values in posterior.values(spec, design).items()}
    data = design.arrays()
    effect = theta["prefecture_scale"] * theta["prefecture_z"]
    alone = county_residual(theta, data) - effect[:, design.county_prefecture]
    counties = _left_out(alone, theta["county_scale"], theta["county_df"])
    shock, scale, df = province_shocks(theta, data)
    seen = design.valid > 0
    provinces = _left_out(shock[:, seen], scale[:, seen], df[:, seen])
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

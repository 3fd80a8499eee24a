"""The national pace of years to come, and how a place's own pace fades."""

from collections.abc import Mapping

import numpy as np

from qyforecast.inference.posterior import Posterior
from qyforecast.inference.priors import sample_prior
from qyforecast.inference.spec import ModelSpec


def draw_nation(
    theta: Mapping[str, np.ndarray], years: int, first: int, rng: np.random.Generator | None
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the pace of the mean place, known years first, and where it brings it.

    Parameters
    ----------
    theta : mapping
        Parameters, completed.
    years : int
        Number of years.
    first : int
        Place of the first of them among the years of change.
    rng : Generator or None
        Random numbers; without any, years to come have no shocks.

    Returns
    -------
    tuple of ndarray
        Pace of each year, ``(D, Y)`` [log odds / year]; level at the end of the year
        before the first and of each, ``(D, Y + 1)`` [log odds].
    """
    known = theta["year_pace"][:, first:]
    mean, slope = theta["pace"][:, 0], theta["national_convergence"][:, 0]
    rho, scale = theta["year_persistence"][:, 0], theta["year_scale"][:, 0]
    pace, level = np.empty((len(mean), years)), np.empty((len(mean), years + 1))
    level[:, 0] = theta["nation_level"][:, first]
    off = theta["year_pace"][:, first - 1] - mean + slope * theta["nation_level"][:, first - 1]
    for year in range(years):
        expected = mean - slope * level[:, year]
        shock = 0.0 if rng is None else scale * rng.standard_normal(len(mean))
        step = expected + rho * off + shock
        pace[:, year] = known[:, year] if year < known.shape[1] else step
        off = pace[:, year] - expected
        level[:, year + 1] = level[:, year] + pace[:, year]
    return pace, level


def fading(
    posterior: Posterior, spec: ModelSpec, years: int, rng: np.random.Generator
) -> np.ndarray:
    """Say how much of a place's own pace is left in each year ahead.

    Parameters
    ----------
    posterior : Posterior
        Says which rival was fitted.
    spec : ModelSpec
        Its prior of the years in which an own pace fades.
    years : int
        Number of years.
    rng : Generator
        Random numbers.

    Returns
    -------
    ndarray
        ``(D, Y)``: 1 where an own pace lasts, else falling to 0 along a line. [1]

    References
    ----------
    United Nations (2018), *World Urbanization Prospects: methodology*: the growth
    difference reaches the norm after 25 years.
    """
    if spec.rival(posterior.rival).own_pace == "pooled":
        return np.ones((posterior.size, years))
    whole = sample_prior(spec.priors["fading"], (posterior.size, 1), rng)
    return np.maximum(0.0, 1 - np.arange(years) / whole)

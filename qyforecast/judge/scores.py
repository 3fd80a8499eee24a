"""Scores of probability forecasts: proper ones, each with a closed form it is tested against.

Smaller is better for all but the log score. An ensemble is draws along the first axis.
"""

import numpy as np
from scipy.stats import norm, t

from qyforecast.errors import DataError

LEVELS = (0.5, 0.8, 0.95)
#: Narrowest kernel of a density made of draws: shares are published to a hundredth of a point.
NARROWEST = 1e-4


def crps_ensemble(draws: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of the distribution that an ensemble is.

    Parameters
    ----------
    draws : ndarray
        ``(D, n)``.
    observed : ndarray
        What came, ``(n,)``, in the same unit.

    Returns
    -------
    ndarray
        ``E|X - y| - E|X - X'| / 2``, ``(n,)``, in the unit of the draws; of one draw the
        absolute error.

    Raises
    ------
    DataError
        If something is missing.

    References
    ----------
    Gneiting and Raftery (2007), *JASA* 102, 359-378.
    """
    apart, between = _apart(draws, observed)
    return apart - between / len(draws) ** 2


def crps_fair(draws: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of what a small ensemble was drawn from, unbiased.

    Parameters
    ----------
    draws : ndarray
        Independent draws, ``(D, n)``, at least two.
    observed : ndarray
        What came, ``(n,)``.

    Returns
    -------
    ndarray
        ``(n,)``, in the unit of the draws; its mean over ensembles is the score of the
        distribution drawn from.

    Raises
    ------
    DataError
        If something is missing or there is one draw only.

    References
    ----------
    Ferro (2014), *Q. J. R. Meteorol. Soc.* 140, 1917-1923.
    """
    if len(draws) < 2:
        raise DataError("the fair score needs at least two draws", found=str(len(draws)))
    apart, between = _apart(draws, observed)
    return apart - between / (len(draws) * (len(draws) - 1))


def _apart(draws: np.ndarray, observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean distance to what came; sum over pairs of distances between draws."""
    if not (np.isfinite(draws).all() and np.isfinite(observed).all()):
        raise DataError("a forecast or an outcome to be scored is missing")
    ordered = np.sort(draws, axis=0)
    count = len(draws)
    rank = (2 * np.arange(1, count + 1) - count - 1).reshape(-1, *[1] * (draws.ndim - 1))
    return np.abs(draws - observed).mean(axis=0), (rank * ordered).sum(axis=0)


def crps_gaussian(mean: np.ndarray, sd: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of a normal distribution.

    Parameters
    ----------
    mean, sd : ndarray
        Of the forecast.
    observed : ndarray
        What came.

    Returns
    -------
    ndarray
        In their unit.

    References
    ----------
    Gneiting and Raftery (2007), *JASA* 102, equation 21.
    """
    z = (observed - mean) / sd
    return sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi))


def log_density(
    observed: np.ndarray, centre: np.ndarray, scale: np.ndarray, df: np.ndarray | float
) -> np.ndarray:
    """Log of a density that is the mean, over draws, of Student-t densities.

    Parameters
    ----------
    observed : ndarray
        What came, ``(n,)``.
    centre, scale : ndarray
        Of each draw's density, ``(D, n)`` or broadcast to it.
    df : ndarray or float
        Its degrees of freedom; infinite for a normal.

    Returns
    -------
    ndarray
        ``(n,)``: the log score, larger is better.
    """
    logs = t.logpdf((observed - centre) / scale, df) - np.log(scale)
    top = logs.max(axis=0)
    return top + np.log(np.exp(logs - top).mean(axis=0))


def log_density_of_draws(draws: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Log of the density that draws suggest, by normal kernels.

    Parameters
    ----------
    draws : ndarray
        ``(D, n)``.
    observed : ndarray
        What came, ``(n,)``, on the same scale; missing where nothing came.

    Returns
    -------
    ndarray
        ``(n,)``.

    References
    ----------
    Silverman (1986), *Density Estimation*, equation 3.31, for the kernels' width.
    """
    low, high = np.quantile(draws, [0.25, 0.75], axis=0)
    spread = np.minimum(draws.std(axis=0), (high - low) / 1.34)
    width = np.maximum(0.9 * spread * len(draws) ** -0.2, NARROWEST)
    return log_density(observed, draws, width, np.inf)


def interval(draws: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the central interval of an ensemble.

    Parameters
    ----------
    draws : ndarray
        ``(D, n)``.
    level : float
        Probability that it should hold. [1]

    Returns
    -------
    tuple of ndarray
        Lower and upper bound, ``(n,)``.
    """
    lower, upper = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return lower, upper


def interval_score(
    bounds: tuple[np.ndarray, np.ndarray], observed: np.ndarray, level: float
) -> np.ndarray:
    """Width of an interval, and a fine for what it missed.

    Parameters
    ----------
    bounds : tuple of ndarray
        Lower and upper bound of the central interval.
    observed : ndarray
        What came.
    level : float
        Its probability. [1]

    Returns
    -------
    ndarray
        In the unit of the bounds.

    References
    ----------
    Gneiting and Raftery (2007), *JASA* 102, equation 43.
    """
    lower, upper = bounds
    missed = np.maximum(lower - observed, 0) + np.maximum(observed - upper, 0)
    return upper - lower + 2 / (1 - level) * missed


def pit(draws: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Place of what came in the distribution foretold; uniform where that is calibrated.

    Parameters
    ----------
    draws : ndarray
        ``(D, n)``.
    observed : ndarray
        What came, ``(n,)``.

    Returns
    -------
    ndarray
        Probability integral transform: the share of draws below, ties by half. [1]
    """
    return (draws < observed).mean(axis=0) + 0.5 * (draws == observed).mean(axis=0)


def brier(probability: np.ndarray, happened: np.ndarray) -> np.ndarray:
    """Squared error of the probability of an event.

    Parameters
    ----------
    probability : ndarray
        Foretold. [1]
    happened : ndarray
        1 where it came about, else 0.

    Returns
    -------
    ndarray
        Score of each event.

    Raises
    ------
    DataError
        If a probability is not between 0 and 1.
    """
    values = np.asarray(probability, dtype=float)
    bad = ~((values >= 0) & (values <= 1))
    if bad.any():
        raise DataError("a probability is not between 0 and 1", found=f"{values[bad][0]:g}")
    return (values - np.asarray(happened, dtype=float)) ** 2

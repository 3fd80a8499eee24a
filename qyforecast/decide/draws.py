"""Probabilities counted from draws, with an error that is honest for a Markov chain."""

from dataclasses import dataclass

import numpy as np

from qyforecast.errors import DataError

#: Consecutive batches of draws whose means are compared: ten a chain of four.
BATCHES = 40


@dataclass(frozen=True)
class Probability:
    """A probability and how far it may be off for want of draws.

    Attributes
    ----------
    value : float
        Share of the draws in which it happens. [1]
    standard_error : float
        Monte Carlo standard error; never zero for a counted share. [1]
    """

    value: float
    standard_error: float


def count(happens: np.ndarray) -> Probability:
    """Turn yes and no by draw into a probability.

    Draws of a chain resemble their neighbours, so the error is taken from the
    means of consecutive batches. It is at least the standard deviation of the
    posterior of the share under the prior of Jeffreys, which is above zero
    even where all draws agree.

    Parameters
    ----------
    happens : ndarray of bool
        One per draw, chains one after another in their own order.

    Returns
    -------
    Probability
        Share and standard error.

    References
    ----------
    Flegal and Jones (2010), Batch means and spectral variance estimators in
    Markov chain Monte Carlo, *Annals of Statistics* 38; Brown, Cai and
    DasGupta (2001), Interval estimation for a binomial proportion,
    *Statistical Science* 16.
    """
    hits = np.asarray(happens, dtype=bool)
    if hits.ndim != 1 or hits.size == 0:
        raise DataError("a probability is counted over draws", found=f"shape {hits.shape}")
    error = max(batch_error(hits.astype(float)), _jeffreys(int(hits.sum()), hits.size))
    return Probability(float(hits.mean()), error)


def batch_error(values: np.ndarray) -> float:
    """Estimate the standard error of a mean from consecutive batches.

    Parameters
    ----------
    values : ndarray
        One number per draw, in the order of the chains.

    Returns
    -------
    float
        Standard error; that of independent draws where there are fewer than
        two in a batch, and zero for a single draw.
    """
    if values.size < 2 * BATCHES:
        return float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else 0.0
    # As equal as can be, the longer ones first.
    sizes = values.size // BATCHES + (np.arange(BATCHES) < values.size % BATCHES)
    means = np.add.reduceat(values, np.cumsum(sizes) - sizes) / sizes
    weights = sizes / values.size
    return float(np.sqrt((weights * (means - values.mean()) ** 2).sum() / (BATCHES - 1)))


def change_error(change: np.ndarray) -> float:
    """Estimate the error of the mean of differences that are -1, 0 or 1.

    Parameters
    ----------
    change : ndarray
        One difference of yes and no per draw.

    Returns
    -------
    float
        At least the error that a few differing draws among many leave open.
    """
    return max(batch_error(change), _jeffreys(int(np.count_nonzero(change)), change.size))


def _jeffreys(hits: int, draws: int) -> float:
    mean = (hits + 0.5) / (draws + 1)
    return float(np.sqrt(mean * (1 - mean) / (draws + 2)))

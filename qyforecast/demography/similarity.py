"""How unlike two age distributions are."""

import numpy as np
from numpy.typing import ArrayLike

from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError


def index_of_dissimilarity(one: ArrayLike, other: ArrayLike) -> float:
    """Give the share that would have to change age for two distributions to agree.

    Parameters
    ----------
    one, other : array_like
        Persons or shares by the same groups. [person]

    Returns
    -------
    float
        Half the sum of absolute differences of percentages, 0 to 100. [%]

    Raises
    ------
    RateError
        If groups differ in number, are negative, missing or sum to 0.

    References
    ----------
    Siegel and Swanson (2004), *The Methods and Materials of Demography*, ch. 7.
    """
    first, second = _percentages(one, other)
    return float(np.abs(first - second).sum() / 2)


def index_of_relative_difference(one: ArrayLike, other: ArrayLike) -> float:
    """Give half the mean relative difference of two distributions, in percent.

    Parameters
    ----------
    one, other : array_like
        Persons or shares by the same groups; differences are relative to `one`. [person]

    Returns
    -------
    float
        Half the mean of the absolute differences, each in percent of `one`. [%]

    Raises
    ------
    RateError
        If groups differ in number, are negative, missing or sum to 0, or one of `one` is 0.

    References
    ----------
    Siegel and Swanson (2004), *The Methods and Materials of Demography*, ch. 7.
    """
    first, second = _percentages(one, other)
    if np.any(first == 0):
        raise RateError("an empty group has no relative difference")
    return float(np.abs(100 * second / first - 100).mean() / 2)


def _percentages(one: ArrayLike, other: ArrayLike) -> tuple[Floats, Floats]:
    first, second = np.asarray(one, float), np.asarray(other, float)
    if first.shape != second.shape or first.ndim != 1:
        raise RateError(
            "distributions have the same groups", found=f"{first.shape}, {second.shape}"
        )
    for values in (first, second):
        if not (np.all(values >= 0) and values.sum() > 0 and np.isfinite(values.sum())):
            raise RateError("a distribution has no negative or missing group and is not empty")
    return 100 * first / first.sum(), 100 * second / second.sum()

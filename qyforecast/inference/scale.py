"""The scale of the regression: log odds of the urban share, below an upper limit."""

import numpy as np

from qyforecast.errors import DataError
from qyforecast.inference.spec import ModelSpec

Floats = np.ndarray


def level_of(share: Floats | float, spec: ModelSpec) -> Floats:
    """Turn urban shares into levels.

    Parameters
    ----------
    share : ndarray
        Urban shares; missing ones stay missing. [1]
    spec : ModelSpec
        Gives the upper limit and the reference.

    Returns
    -------
    ndarray
        ``log(u / (limit - u))`` less that of the reference. [log odds]

    Raises
    ------
    DataError
        If a share is not between 0 and the upper limit.
    """
    shares, limit = np.asarray(share, dtype=float), spec.upper_limit
    bad = (shares <= 0) | (shares >= limit)
    if bad.any():
        raise DataError(
            "an urban share is not between 0 and the upper limit of the specification",
            found=f"{shares[bad][0]:g}, limit {limit:g}",
            cure="raise upper_limit in the specification, or mend the share",
        )
    reference = spec.reference_share
    return np.log(shares / (limit - shares)) - np.log(reference / (limit - reference))


def share_of(level: Floats, spec: ModelSpec) -> Floats:
    """Turn levels into urban shares; the inverse of `level_of`.

    Parameters
    ----------
    level : ndarray
        Log odds less that of the reference.
    spec : ModelSpec
        Gives the upper limit and the reference.

    Returns
    -------
    ndarray
        Urban shares. [1]
    """
    limit, reference = spec.upper_limit, spec.reference_share
    odds = np.log(reference / (limit - reference))
    return limit / (1 + np.exp(-(level + odds)))


def slope_of(share: Floats | float, spec: ModelSpec) -> Floats:
    """Say how fast the urban share moves with the level.

    Parameters
    ----------
    share : ndarray
        Urban shares. [1]
    spec : ModelSpec
        Gives the upper limit.

    Returns
    -------
    ndarray
        ``u (limit - u) / limit``. [1 / log odds]
    """
    shares = np.asarray(share, dtype=float)
    return shares * (spec.upper_limit - shares) / spec.upper_limit

"""The yearly recursion summed over years, written once for the graph and for the draws.

Only operators that tensors of the sampler's graph and numpy arrays share. In
the graph a scalar parameter is a scalar; with draws it is a column ``(D, 1)``
and a vector of n is ``(D, n)``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

Array = Any
Values = Mapping[str, Array]

DECADE = 10


def horizon_sums(keep: Array, years: Array) -> tuple[Array, Array]:
    """Sum what one unit a year, and one unit of variance a year, come to.

    Parameters
    ----------
    keep : array
        Share of a gap that remains after a year: 1 less the convergence.
    years : array
        Years.

    Returns
    -------
    tuple of array
        Sums of ``keep**k`` and of ``keep**(2 k)`` over k = 0 ... years - 1.

    Examples
    --------
    >>> horizon_sums(0.5, 2)
    (1.5, 1.25)
    """
    return (1 - keep**years) / (1 - keep), (1 - keep ** (2 * years)) / (1 - keep**2)


def county_drift(theta: Values, data: Values) -> Array:
    """Yearly drift of counties beside the national pace, at mean drivers.

    Parameters
    ----------
    theta : mapping
        Parameters.
    data : mapping
        Arrays of the design.

    Returns
    -------
    array
        ``(N,)`` or ``(D, N)``. [log odds / year]
    """
    response = (data["county_drivers"] * theta["county_response"][..., None, :]).sum(axis=-1)
    return theta["county_offset"] + theta["province_effect"][..., data["county_province"]] + response


def county_residual(theta: Values, data: Values) -> Array:
    """What a county's decade leaves unexplained, its prefecture's part included.

    Parameters
    ----------
    theta, data : mapping
        Parameters and arrays of the design.

    Returns
    -------
    array
        ``(N,)`` or ``(D, N)``. [log odds / decade]
    """
    keep = 1 - theta["convergence"]
    total, _ = horizon_sums(keep, DECADE)
    weights = keep ** np.arange(DECADE - 1, -1, -1)
    calendar = (weights * theta["year_pace"][..., data["decade"]]).sum(axis=-1, keepdims=True)
    moves = data["county_driver_changes"] * theta["change_response"][..., None, :]
    drift = county_drift(theta, data) + moves.sum(axis=-1) / DECADE
    return data["end"] - keep**DECADE * data["start"] - total * drift - calendar


def lasting_paces(theta: Values, data: Values) -> tuple[Array, Array]:
    """Split the city's and its counties' decade into what lasts and what does not.

    A decade's deviation is partly a lasting pace (share ``persistence`` of its
    variance); given the deviation, the lasting part is normal.

    Parameters
    ----------
    theta, data : mapping
        Parameters and arrays of the design.

    Returns
    -------
    tuple of array
        Lasting pace of the city, ``()`` or ``(D, 1)``, and of each of its
        counties beside it, ``(C,)`` or ``(D, C)``. [log odds / year]
    """
    total, _ = horizon_sums(1 - theta["convergence"], DECADE)
    lasting = theta["persistence"]
    noise = (lasting * (1 - lasting)) ** 0.5
    home = data["county_prefecture"][data["own"][0:1]]
    effect = theta["prefecture_scale"] * theta["prefecture_z"][..., home]
    own = county_residual(theta, data)[..., data["own"]] - effect
    city = (lasting * effect + noise * theta["prefecture_scale"] * theta["city_z"]) / total
    return city, (lasting * own + noise * theta["county_scale"] * theta["own_z"]) / total


def yearly_variance(theta: Values) -> Array:
    """Variance of one year's shock, as a share of the squared decade scale.

    Parameters
    ----------
    theta : mapping
        Parameters.

    Returns
    -------
    array
        ``()`` or ``(D, 1)``. [1 / year]
    """
    _, spread = horizon_sums(1 - theta["convergence"], DECADE)
    return (1 - theta["persistence"]) / spread

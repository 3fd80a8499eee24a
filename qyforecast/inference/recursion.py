"""The yearly recursion summed over years, written once for the graph and for the draws.

Only operators that tensors of the sampler's graph and numpy arrays share. In
the graph a scalar parameter is a scalar; with draws it is a column ``(D, 1)``
and a vector of n is ``(D, n)``.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from qyforecast.inference.spec import ModelSpec

Array = Any
Values = Mapping[str, Array]

DECADE = 10
#: Error of a source that counts as exact; above 0 so that densities are finite. [log odds]
EXACT = 1e-6
#: Degrees of freedom of the years of a break, nearly normal: a jump makes good what the
#: years before missed, so its mean counts, of places that jumped far as well.
JUMP_DF = 100.0


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


def complete(theta: Values, data: Values) -> dict[str, Array]:
    """Add what follows from the parameters: convergence of places, level of the nation.

    Parameters
    ----------
    theta : mapping
        Parameters.
    data : mapping
        Arrays of the design.

    Returns
    -------
    dict
        With ``province_convergence`` ``(P,)`` and that of the city's province,
        ``home_convergence`` ``()`` [1 / year]; ``nation_level`` ``(T + 1,)`` at the end of
        the year before each change and of the last [log odds]; with draws, these behind
        the dimension of the draws.
    """
    by_province = theta["convergence"] * np.e ** (
        theta["convergence_spread"] * theta["convergence_z"]
    )
    home = data["county_province"][data["own"][0]]
    # With draws a scalar stays a column, in the graph it stays a scalar.
    at_home = by_province[..., home]
    added = {
        "province_convergence": by_province,
        "home_convergence": at_home if at_home.ndim == 0 else at_home[:, None],
        "nation_level": data["nation"] + theta["year_pace"] @ data["unheard"],
    }
    return {**theta, **added}


def silent_drift(theta: Values, data: Values) -> Array:
    """Yearly drift of counties beside the national pace, without their drivers.

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
    return theta["county_offset"] + theta["province_effect"][..., data["county_province"]]


def own_part(data: Values) -> dict[str, Array]:
    """Keep of the counties' arrays those of the city's own.

    Parameters
    ----------
    data : mapping
        Arrays of the design.

    Returns
    -------
    dict
        The same arrays, N being the number of own counties.
    """
    own = data["own"]
    chosen = ("start", "end", "county_drivers", "county_driver_changes")
    places = ("county_province", "county_prefecture")
    cut = {name: data[name][own] for name in (*chosen, *places)}
    return {**data, **cut, "own": np.arange(len(own))}


def driver_terms(theta: Values, data: Values) -> Array:
    """What drivers add to the yearly change of counties, mean of the decade.

    Parameters
    ----------
    theta, data : mapping
        Parameters and arrays of the design.

    Returns
    -------
    array
        ``(N,)`` or ``(D, N)``. [log odds / year]
    """
    count = theta["response_z"].shape[-1]
    levels = (data["county_drivers"] * theta["county_response"][..., None, :]).sum(axis=-1)
    moves = data["county_driver_changes"] * theta["change_response"][..., None, :]
    by_province = theta["response_z"][..., data["county_province"], :]
    apart = (data["county_drivers"][:, :count] * by_province).sum(axis=-1)
    return levels + theta["employment_province_spread"] * apart + moves.sum(axis=-1) / DECADE


def county_residual(theta: Values, data: Values) -> Array:
    """What a county's decade leaves unexplained, its prefecture's part included.

    Parameters
    ----------
    theta, data : mapping
        Parameters, completed, and arrays of the design.

    Returns
    -------
    array
        ``(N,)`` or ``(D, N)``. [log odds / decade]
    """
    # Counties converge as their province does: powers are of provinces, which are few.
    keep, home = 1 - theta["province_convergence"], data["county_province"]
    total, _ = horizon_sums(keep, DECADE)
    powers = keep[..., None] ** np.arange(DECADE - 1, -1, -1)
    pace = theta["year_pace"][..., data["decade"]]
    level = theta["nation_level"][..., data["decade"]]
    # Over the decade the nation's pace of each year, and the pull of its level, add up.
    passing = (powers * pace[..., None, :]).sum(axis=-1)
    pulling = (1 - keep) * (powers * level[..., None, :]).sum(axis=-1)
    drift = silent_drift(theta, data) + driver_terms(theta, data)
    left = data["end"] - (keep**DECADE)[..., home] * data["start"]
    return left - total[..., home] * drift - (passing + pulling)[..., home]


def lasting_paces(theta: Values, data: Values, residual: Array) -> tuple[Array, Array]:
    """Split the city's and its counties' decade into what lasts and what does not.

    A decade's deviation is partly a lasting pace (share ``persistence`` of its
    variance); given the deviation, the lasting part is normal.

    Parameters
    ----------
    theta, data : mapping
        Parameters, completed, and arrays of the design.
    residual : array
        `county_residual` of the city's own counties, ``(C,)`` or ``(D, C)``.

    Returns
    -------
    tuple of array
        Lasting pace of the city, ``()`` or ``(D, 1)``, and of each of its
        counties beside it, ``(C,)`` or ``(D, C)``. [log odds / year]
    """
    total, _ = horizon_sums(1 - theta["home_convergence"], DECADE)
    lasting = theta["persistence"]
    noise = (lasting * (1 - lasting)) ** 0.5
    home = data["county_prefecture"][data["own"][0:1]]
    effect = theta["prefecture_scale"] * theta["prefecture_z"][..., home]
    own = residual - effect
    city = (lasting * effect + noise * theta["prefecture_scale"] * theta["city_z"]) / total
    return city, (lasting * own + noise * theta["county_scale"] * theta["own_z"]) / total


def yearly_variance(theta: Values) -> Array:
    """Variance of one year's shock, as a share of the squared decade scale.

    Parameters
    ----------
    theta : mapping
        Parameters, completed.

    Returns
    -------
    array
        ``()`` or ``(D, 1)``. [1 / year]
    """
    _, spread = horizon_sums(1 - theta["home_convergence"], DECADE)
    return (1 - theta["persistence"]) / spread


def reading_covariance(theta: Values, data: Values, county_variance: Array) -> Array:
    """Covariance of readings that yearly shocks give, errors of measurement apart.

    Readings after the last census share the shocks of the years before the
    earlier of them; readings between two censuses are tied to both ends, a
    Brownian bridge; the two kinds share nothing.

    Parameters
    ----------
    theta, data : mapping
        Parameters and arrays of the design.
    county_variance : array
        Variance of each own county's decade beside the city's, ``(C,)`` or
        ``(D, C)``. [squared log odds]

    Returns
    -------
    array
        ``(R, R)`` or ``(D, R, R)``. [squared log odds]
    """
    years, after = data["reading_years"], data["reading_after"]
    apart = abs(years[:, None] - years[None, :])
    earlier = (years[:, None] + years[None, :] - apart) / 2
    keep = 1 - theta["home_convergence"][..., None]
    _, spread = horizon_sums(keep, earlier)
    overlap = after[:, None] * after[None, :] * keep**apart * spread + data["reading_bridge"]
    weights = data["reading_weights"]
    pairs = weights[:, None, :] * weights[None, :, :]
    own = (pairs * county_variance[..., None, None, :]).sum(axis=-1)
    whole = weights.sum(axis=1)
    city = theta["prefecture_scale"][..., None] ** 2 * whole[:, None] * whole[None, :]
    return yearly_variance(theta)[..., None] * overlap * (city + own)


def measurement_error(z: Array, spec: ModelSpec) -> Array:
    """Standard deviation of the error of each kind of source.

    Parameters
    ----------
    z : array
        Standard normal deviations of the kinds that are not exact, last.
    spec : ModelSpec
        Medians and widths, kind by kind.

    Returns
    -------
    array
        One entry per kind, last. [log odds]
    """
    median, sigma = np.array(list(spec.measurement.values())).T
    inexact = np.flatnonzero(median > 0)
    spread = np.zeros((len(inexact), len(median)))
    spread[np.arange(len(inexact)), inexact] = sigma[inexact]
    return np.where(median > 0, median, EXACT) * np.e ** (z @ spread)

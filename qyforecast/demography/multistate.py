"""People in several states who grow and move at constant intensities, in continuous time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import expm

from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError


def project_states(
    persons: ArrayLike, natural_increase: ArrayLike, moves: ArrayLike, years: Sequence[float]
) -> Floats:
    """Project people by state at constant intensities: ``x(t) = exp(M t) x(0)``.

    ``M`` has the natural increase of a state less its departures on the diagonal, and the
    intensity of moving from j to i in row i, column j. Ages are not told apart; with ages,
    use `project`.

    Parameters
    ----------
    persons : array_like
        People in each state at time 0, ``(state,)``, such as urban and rural. [person]
    natural_increase : array_like
        Births less deaths, ``(state,)``. [1 / year]
    moves : array_like
        Intensity of moving *from* the state of the row *to* that of the column; the diagonal
        is not looked at. [1 / year]
    years : sequence of float
        Times wanted. [year]

    Returns
    -------
    ndarray
        ``(time, state)``. [person]

    Raises
    ------
    RateError
        If sizes differ, an intensity of moving is negative, or a number is missing.

    References
    ----------
    Keyfitz (1980), "Do cities grow by natural increase or by migration?", Geographical
    Analysis 12, 142-156; Rogers (1995), *Multiregional Demography*, ch. 2.
    """
    start, growth = np.asarray(persons, float), np.asarray(natural_increase, float)
    going = np.array(moves, float)
    size = start.size
    if start.shape != (size,) or growth.shape != (size,) or going.shape != (size, size):
        raise RateError(
            "people and natural increase are by state, moves from state to state",
            found=f"{start.shape}, {growth.shape}, {going.shape}",
        )
    np.fill_diagonal(going, 0.0)
    if not (np.isfinite(start) & (start >= 0) & np.isfinite(growth)).all():
        raise RateError("people or natural increase are missing or negative", found=f"{start}")
    if not (np.isfinite(going) & (going >= 0)).all():
        raise RateError("an intensity of moving is missing or negative", found=f"{going.tolist()}")
    matrix = going.T + np.diag(growth - going.sum(axis=1))
    return np.stack([expm(matrix * t) @ start for t in years])

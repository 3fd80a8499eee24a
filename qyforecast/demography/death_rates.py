"""Death rates by age, and the age groups they may come in."""

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError

#: Below this the open group holds too many deaths for one rate to describe.
LOWEST_OPEN_AGE = 70


def check_ages(ages: ArrayLike) -> NDArray[np.int_]:
    """Refuse age groups that a life table cannot have.

    Parameters
    ----------
    ages : array_like
        Lower bounds, the last of the open group.

    Returns
    -------
    ndarray
        0, 1, 2, 3, ... or 0, 1, 5, 10, ... up to 70 or more.

    Raises
    ------
    RateError
        If ages do not start at 0, overlap, leave a gap, or the open group is missing
        or starts below 70.
    """
    found = np.asarray(ages)
    if found.ndim != 1 or found.size < 3 or not np.issubdtype(found.dtype, np.number):
        raise RateError("ages are the lower bounds of age groups, in years", found=str(ages))
    if np.isinf(found[-1].astype(float)) or np.any(found != found.astype(int)):
        raise RateError(
            "a life table ends with an open group, given by its lower bound",
            found=f"last ages {found[-2:].tolist()}",
            cure="give the lower bounds as whole years, the last one that of the open group",
        )
    bounds = found.astype(int)
    if bounds[0] != 0:
        raise RateError("a life table starts at age 0", found=f"first age {bounds[0]}")
    _check_steps(bounds)
    if bounds[-1] < LOWEST_OPEN_AGE:
        raise RateError(
            f"the open group starts at {bounds[-1]}, below {LOWEST_OPEN_AGE}",
            cure="use older age groups, or extend the table with a model",
        )
    return bounds


def _check_steps(bounds: NDArray[np.int_]) -> None:
    single = bool(bounds[2] == 2)
    for low, high in pairwise(bounds.tolist()):
        wanted = 1 if single or low == 0 else 4 if low == 1 else 5
        if high - low == wanted:
            continue
        fault = "overlap" if high - low < wanted else "leave a gap"
        raise RateError(
            f"ages {fault}: after {low} comes {high}, not {low + wanted}",
            cure="ages run 0, 1, 2, 3, ... or 0, 1, 5, 10, ..., each once",
        )


def check_rates(mx: ArrayLike, ages: NDArray[np.int_]) -> Floats:
    """Refuse death rates that are missing, negative, or zero in the open group.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``. [1 / year]
    ages : ndarray
        Lower bounds of the groups.

    Returns
    -------
    ndarray
        The rates as floats.

    Raises
    ------
    RateError
        Names the first age at fault.
    """
    rates = np.asarray(mx, float)
    if rates.ndim == 0 or rates.shape[-1] != ages.size:
        raise RateError(
            "death rates have as many ages as the age groups",
            found=f"rates {rates.shape}, {ages.size} ages",
        )
    refuse_where(~np.isfinite(rates), "a death rate is missing or infinite", rates, ages)
    refuse_where(rates < 0, "a death rate is negative", rates, ages)
    open_zero = (rates == 0) & (np.arange(ages.size) == ages.size - 1)
    refuse_where(open_zero, "nobody dies in the open group, so nobody's life ends", rates, ages)
    return rates


def death_rates(deaths: ArrayLike, population: ArrayLike, ages: ArrayLike) -> Floats:
    """Divide deaths of a year by the population of mid-year.

    Parameters
    ----------
    deaths : array_like
        Deaths, ``(..., age)``. [person]
    population : array_like
        Residents at mid-year, ``(..., age)``. [person]
    ages : array_like
        Lower bounds.

    Returns
    -------
    ndarray
        Death rates, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If a count is negative or missing, or a population is zero.
    """
    bounds = check_ages(ages)
    counts = [np.asarray(c, float) for c in (deaths, population)]
    if any(c.shape[-1:] != bounds.shape for c in counts):
        raise RateError(
            "deaths and population have as many ages as the age groups",
            found=f"{counts[0].shape}, {counts[1].shape}, {bounds.size} ages",
        )
    died, lived = np.broadcast_arrays(*counts)
    refuse_where(~(died >= 0), "deaths are negative or missing", died, bounds)
    refuse_where(~(lived > 0), "nobody lives at an age, so it has no death rate", lived, bounds)
    return check_rates(died / lived, bounds)


def refuse_where(bad: NDArray[np.bool_], what: str, values: Floats, ages: NDArray[np.int_]) -> None:
    """Raise an error that names the first bad cell, if there is one.

    Parameters
    ----------
    bad : ndarray of bool
        ``(..., age)``.
    what : str
        What is wrong with such a cell.
    values : ndarray
        What stands there, of the same shape.
    ages : ndarray
        Lower bounds of the groups.

    Raises
    ------
    RateError
        If any cell is bad.
    """
    if not bad.any():
        return
    *lead, age = (int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
    where = f"age {ages[age]}" + (f", table {tuple(lead)}" if lead else "")
    raise RateError(what, where=where, found=f"{values[(*lead, age)]:g} ({bad.sum()} such)")

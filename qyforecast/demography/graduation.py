"""Split age groups into single ages, keeping every group's total."""

from itertools import pairwise

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from qyforecast.errors import DataError
from qyforecast.vocabulary import check_quantity


def graduate_population(
    persons: xr.DataArray, standard: xr.DataArray | None = None, *, open_age: int = 100
) -> xr.DataArray:
    """Graduate age groups to single ages by a monotone spline.

    The cumulated population is interpolated by a cubic spline whose slopes are
    limited so that it never falls (Hyman's filter); its yearly increments are
    the single ages. Group totals are kept and no age is negative. An open
    group below `open_age` is first divided among older groups by `standard`.

    Parameters
    ----------
    persons : DataArray
        Residents, ``(..., age)``; ages are lower bounds, the last group is
        open. [person]
    standard : DataArray, optional
        Residents of a standard population, ``([...,] age)``, whose age groups
        from the open age of `persons` up to `open_age` divide its open group.
        Leading dimensions are matched by label. [person]
    open_age : int
        Lower bound of the open group wanted.

    Returns
    -------
    DataArray
        Residents, ``(..., age)`` with ages 0, 1, ..., `open_age`. [person]

    Raises
    ------
    DataError
        If ages do not rise from 0, values are negative or missing, or the
        open group cannot be divided.

    References
    ----------
    Hyman (1983), SIAM J. Sci. Stat. Comput. 4, 645-654; Smith, Hyndman and
    Wood (2004), "Spline interpolation for demographic variables: the
    monotonicity problem", J. Population Research 21, 95-98.
    """
    groups = check_quantity("population", persons.transpose(..., "age"))
    _check_ages(groups, open_age)
    if int(groups["age"].values[-1]) < open_age:
        groups = _divide_open_group(groups, standard, open_age)
    bounds = groups["age"].values.astype(int)
    values = np.asarray(groups.values, float)
    ages = np.arange(open_age + 1)
    single = np.concatenate([_increments(values[..., :-1], bounds), values[..., -1:]], axis=-1)
    coords = {k: c for k, c in groups.coords.items() if "age" not in c.dims}
    return xr.DataArray(
        single, dims=groups.dims, coords={**coords, "age": ages}, attrs=persons.attrs
    )


def group_ages(persons: xr.DataArray, bounds: tuple[int, ...]) -> xr.DataArray:
    """Sum ages into groups; the last group is open.

    Parameters
    ----------
    persons : DataArray
        Counts, ``(..., age)``; ages are lower bounds. [person]
    bounds : tuple of int
        Lower bounds wanted; each must be among the ages of `persons`.

    Returns
    -------
    DataArray
        Counts, ``(..., age)``. [person]

    Raises
    ------
    DataError
        If a wanted bound falls inside an age group.
    """
    ages = persons["age"].values.astype(int)
    missing = sorted(set(bounds) - set(ages.tolist()))
    if missing or bounds[0] != ages[0]:
        raise DataError(
            "ages cannot be grouped at these bounds",
            where="age",
            found=f"bounds {missing or bounds[0]} against ages {ages.tolist()}",
            cure="choose bounds among the lower bounds of the ages given",
        )
    lower = xr.DataArray(
        np.asarray(bounds)[np.searchsorted(bounds, ages, side="right") - 1],
        dims="age",
        coords={"age": persons["age"]},
        name="lower",
    )
    grouped = persons.groupby(lower).sum("age").rename(lower="age")
    return grouped.transpose(*persons.dims)


def _check_ages(groups: xr.DataArray, open_age: int) -> None:
    ages = groups["age"].values.astype(int)
    if ages[0] != 0 or np.any(np.diff(ages) <= 0) or ages[-1] > open_age or len(ages) < 3:
        raise DataError(
            "ages must rise from 0 to an open group no older than the one wanted",
            where="age",
            found=f"{ages.tolist()}, wanted open age {open_age}",
            cure="sort the ages, or sum the oldest groups with group_ages()",
        )


def _divide_open_group(
    groups: xr.DataArray, standard: xr.DataArray | None, open_age: int
) -> xr.DataArray:
    """Divide the open group among older groups in the proportions of a standard."""
    oldest = int(groups["age"].values[-1])
    if standard is None:
        raise DataError(
            f"the open group {oldest}+ cannot be divided up to {open_age}+",
            cure="pass a standard population with older age groups",
        )
    older = standard.sel(age=[int(a) for a in standard["age"].values if oldest <= a <= open_age])
    bounds = older["age"].values.astype(int)
    total = older.sum("age", skipna=False)
    if bounds.size < 2 or bounds[0] != oldest or bounds[-1] != open_age or not (total > 0).all():
        raise DataError(
            f"the standard does not divide {oldest}+ up to {open_age}+",
            where="standard population",
            found=f"ages {bounds.tolist()}, smallest total {float(total.min()):g}",
            cure="give a standard with people in these ages and the same open age",
        )
    shares = check_quantity("population", older) / total
    divided = groups.sel(age=oldest, drop=True) * shares
    closed = groups.isel(age=slice(None, -1))
    return xr.concat([closed, divided.transpose(*closed.dims)], dim="age", join="exact")


def _increments(totals: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Yearly increments of the monotone spline through the cumulated totals."""
    widths = np.diff(bounds)
    density = totals / widths
    cumulated = np.concatenate([np.zeros((*totals.shape[:-1], 1)), totals.cumsum(-1)], axis=-1)
    slopes = CubicSpline(bounds, cumulated, axis=-1)(bounds, 1)
    slopes = _limit_slopes(slopes, density)
    pieces = []
    for i, (low, high) in enumerate(pairwise(bounds)):
        width = high - low
        t = np.arange(width + 1) / width
        # Hermite form measured from the start of the group: rounding stays relative to it.
        step = t**2 * (3 - 2 * t)
        left, right = t * (1 - t) ** 2, t**2 * (t - 1)
        rise = (
            totals[..., i, None] * step
            + width * slopes[..., i, None] * left
            + width * slopes[..., i + 1, None] * right
        )
        pieces.append(np.diff(rise, axis=-1))
    # The filter makes every increment non-negative; only rounding can fall below zero.
    return np.abs(np.concatenate(pieces, axis=-1))


def _limit_slopes(slopes: np.ndarray, density: np.ndarray) -> np.ndarray:
    """Hyman's filter: no slope beyond three times either neighbour's mean density."""
    left = np.concatenate([density[..., :1], density], axis=-1)
    right = np.concatenate([density, density[..., -1:]], axis=-1)
    return np.minimum(np.maximum(slopes, 0.0), 3.0 * np.minimum(left, right))

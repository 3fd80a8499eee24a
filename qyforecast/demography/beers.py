"""Five-year groups split into single ages, and smoothed, by Beers's modified formula."""

import numpy as np
import xarray as xr

from qyforecast.demography.separation import Floats
from qyforecast.errors import DataError
from qyforecast.vocabulary import check_quantity, describe_place

#: Coefficients of single ages 0-9 on groups 0-4 to 20-24; the oldest ten mirror them.
_EDGE = (
    (0.3332, -0.1938, 0.0702, -0.0118, 0.0022),
    (0.2569, -0.0753, 0.0205, -0.0027, 0.0006),
    (0.1903, 0.0216, -0.0146, 0.0032, -0.0005),
    (0.1334, 0.0969, -0.0351, 0.0059, -0.0011),
    (0.0862, 0.1506, -0.041, 0.0054, -0.0012),
    (0.0486, 0.1831, -0.0329, 0.0021, -0.0009),
    (0.0203, 0.1955, -0.0123, -0.0031, -0.0004),
    (0.0008, 0.1893, 0.0193, -0.0097, 0.0003),
    (-0.0108, 0.1677, 0.0577, -0.0153, 0.0007),
    (-0.0159, 0.1354, 0.0972, -0.017, 0.0003),
)
#: The first three ages of a group on it, two groups below and two above; two mirror them.
_MIDDLE = (
    (-0.016, 0.0973, 0.1321, -0.0121, -0.0013),
    (-0.0129, 0.059, 0.1564, 0.0018, -0.0043),
    (-0.0085, 0.026, 0.165, 0.026, -0.0085),
)


def beers_matrix(groups: int) -> Floats:
    """Give the coefficients of Beers's modified formula.

    Parameters
    ----------
    groups : int
        Number of closed five-year groups, five or more.

    Returns
    -------
    ndarray
        ``(single age, group)``: times the groups it gives the single ages. They add up to
        the same total; of the groups only the first and the last are kept, the others are
        smoothed. [1]

    Raises
    ------
    DataError
        If there are fewer than five groups.

    References
    ----------
    Beers (1945), "Modified-interpolation formulas that minimize fourth differences", Record
    of the American Institute of Actuaries 34, 14-20; Shryock and Siegel (1976), *The Methods
    and Materials of Demography*, app. C.
    """
    if groups < 5:
        raise DataError("Beers's formula needs five groups or more", found=f"{groups}")
    matrix = np.zeros((5 * groups, groups))
    edge, middle = np.array(_EDGE), np.array(_MIDDLE)
    panel = np.concatenate([middle, middle[1::-1, ::-1]])
    for group in range(2, groups - 2):
        matrix[5 * group : 5 * group + 5, group - 2 : group + 3] = panel
    matrix[:10, :5] = edge
    matrix[-10:, -5:] = edge[::-1, ::-1]
    return matrix


def graduate_by_beers(persons: xr.DataArray) -> xr.DataArray:
    """Graduate five-year groups to single ages by Beers's modified formula.

    It smooths the groups themselves, where `graduate_population` keeps each of them, and may
    fall below zero where groups are uneven, which is refused.

    Parameters
    ----------
    persons : DataArray
        Residents, ``(..., age)``; ages 0, 5, 10, ..., the last group open. [person]

    Returns
    -------
    DataArray
        Residents, ``(..., age)`` with ages 0, 1, 2, ...; the open group as it was. [person]

    Raises
    ------
    DataError
        If ages are not 0, 5, 10, ..., or a single age would be negative.

    References
    ----------
    Beers (1945), Record of the American Institute of Actuaries 34, 14-20.
    """
    groups = check_quantity("population", persons.transpose(..., "age"))
    ages = groups["age"].values
    if ages.size < 6 or not np.array_equal(ages, np.arange(ages.size) * 5):
        raise DataError("Beers's formula needs ages 0, 5, 10, ...", found=f"{ages.tolist()}")
    single = groups.values[..., :-1] @ beers_matrix(ages.size - 1).T
    values = np.concatenate([single, groups.values[..., -1:]], axis=-1)
    coords = {k: c for k, c in groups.coords.items() if "age" not in c.dims}
    coords["age"] = np.arange(ages[-1] + 1)
    graduated = xr.DataArray(values, dims=groups.dims, coords=coords, attrs=persons.attrs)
    if (values < 0).any():
        place = np.unravel_index(int(np.argmin(values)), values.shape)
        raise DataError(
            "Beers's formula gives a negative number of people",
            where=describe_place(graduated, place),
            found=f"{values[place]:g}",
            cure="use graduate_population, which never falls below zero",
        )
    return graduated

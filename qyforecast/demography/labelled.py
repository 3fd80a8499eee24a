"""Labelled rates: their dimensions, labels and ranges are checked at the door."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from qyforecast.errors import RateError
from qyforecast.vocabulary import SEXES, describe_place

#: Mortality schedules between which a draw's mortality level interpolates.
LEVELS = ("low", "high")


def check_rate(
    name: str,
    values: xr.DataArray,
    dims: Sequence[str],
    optional: Sequence[str] = (),
    limits: tuple[float, float] = (0.0, 1.0),
) -> xr.DataArray:
    """Check the dimensions, labels and range of a rate, and make it read-only.

    Parameters
    ----------
    name : str
        What the rate is called in messages.
    values : DataArray
        The rate; its dimensions may stand in any order.
    dims, optional : sequence of str
        Dimensions it must and may have. All but ``draw`` must be labelled.
    limits : tuple of float
        Closed range of legal values.

    Returns
    -------
    DataArray
        A read-only copy in float64.

    Raises
    ------
    RateError
        Names the rate, and the labels of the first bad value.
    """
    found = {str(dim) for dim in values.dims}
    if not set(dims) <= found <= {*dims, *optional}:
        wanted = ", ".join(dims) + (f" and perhaps {', '.join(optional)}" if optional else "")
        raise RateError(f"{name} has dimensions {wanted}", found=", ".join(map(str, values.dims)))
    for dim in sorted(found - {"draw"}):
        check_labels(name, values, dim)
    numbers = values.values
    bad = ~((numbers >= limits[0]) & (numbers <= limits[1])) | ~np.isfinite(numbers)
    if bad.any():
        place = np.unravel_index(int(np.argmax(bad)), bad.shape)
        raise RateError(
            f"{name} is outside its range {limits[0]:g} to {limits[1]:g}",
            where=describe_place(values, [int(i) for i in place]),
            found=f"{numbers[place]!r} ({int(bad.sum())} such values)",
        )
    frozen = values.astype(float, copy=True)
    frozen.values.setflags(write=False)
    return frozen


def check_labels(name: str, values: xr.DataArray, dim: str) -> None:
    """Refuse a dimension whose labels are absent, repeated or not known.

    Parameters
    ----------
    name : str
        What the rate is called in messages.
    values : DataArray
        The rate.
    dim : str
        One of its dimensions.

    Raises
    ------
    RateError
        Names the rate, the dimension and the labels.
    """
    if dim not in values.coords:
        raise RateError(f"{name} carries no labels along {dim}", cure=f"give it {dim} coordinates")
    labels = values[dim].values.tolist()
    if len(set(labels)) < len(labels):
        raise RateError(f"{name} repeats a label along {dim}", found=str(labels))
    known = {"sex": SEXES, "level": LEVELS}.get(dim)
    if known and set(labels) != set(known):
        raise RateError(f"{name} must have {dim} {' and '.join(known)}", found=str(labels))


def by_labels(
    name: str, values: xr.DataArray, dims: Sequence[str], sexes: Sequence[str] = ()
) -> xr.DataArray:
    """Bring the last dimensions and the sexes of an array into a stated order.

    Parameters
    ----------
    name : str
        What the array is called in messages.
    values : DataArray
        Labelled array; other dimensions come first.
    dims : sequence of str
        Dimensions it must have, in the order wanted.
    sexes : sequence of str
        Labels along ``sex`` in the order wanted; as they are if none are named.

    Returns
    -------
    DataArray
        ``(..., *dims)``, finite.

    Raises
    ------
    RateError
        Names the array, and what it lacks or the first number missing.
    """
    missing = [dim for dim in dims if dim not in values.dims]
    if missing:
        raise RateError(
            f"{name}: no dimension {', '.join(missing)}", found=", ".join(map(str, values.dims))
        )
    if len(sexes):
        found = values["sex"].values.tolist() if "sex" in values.coords else []
        if sorted(found) != sorted(sexes):
            raise RateError(f"{name}: sexes are {', '.join(sexes)}", found=str(found))
        values = values.sel(sex=list(sexes))
    bad = ~np.isfinite(values.values)
    if bad.any():
        place = [int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape)]
        raise RateError(f"{name}: a number is missing", where=describe_place(values, place))
    return values.transpose(..., *dims)

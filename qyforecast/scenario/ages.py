"""Levers that are felt at some ages only."""

import numpy as np
import xarray as xr

from qyforecast.errors import ScenarioError
from qyforecast.vocabulary import SINGLE_AGES


def check_ages(name: str, kind: str, ages: tuple[int, int], *, known: bool) -> None:
    """Refuse ages that no group has, or a kind of lever that knows none.

    Parameters
    ----------
    name, kind : str
        Of the lever.
    ages : tuple of int and int
        First and last age.
    known : bool
        Whether this kind can be limited to ages.

    Raises
    ------
    ScenarioError
        Names the lever.
    """
    where = f"lever {name}"
    if not known:
        raise ScenarioError(
            f"a lever of kind {kind} is felt at all ages", where=where, cure="remove ages"
        )
    first, last = ages
    if not SINGLE_AGES[0] <= first <= last <= SINGLE_AGES[-1]:
        raise ScenarioError(
            "ages that no group has",
            where=where,
            found=f"{first} to {last}",
            cure=f"write [first, last] between {SINGLE_AGES[0]} and {SINGLE_AGES[-1]}",
        )


def part_at(schedule: xr.DataArray, ages: tuple[int, int] | None, name: str) -> xr.DataArray:
    """Find which part of a flow is at the ages of a lever.

    The lever moves the whole flow by that part of its strength, and the flow keeps its
    ages: schedules are shared by all draws. So a lever and its inverse cancel exactly.

    Parameters
    ----------
    schedule : DataArray
        Rates or persons by age, ``([year,] [area,] [sex,] age)``; rates count as in a
        population with as many people at every age.
    ages : tuple of int and int, optional
        First and last age; all where None.
    name : str
        Of the lever.

    Returns
    -------
    DataArray
        Between 0 and 1, ``(region)`` where the schedule has areas, else a number. [1]

    Raises
    ------
    ScenarioError
        If nothing of the flow is at these ages.
    """
    if ages is None:
        return xr.DataArray(1.0)
    wanted = [dim for dim in ("area", "age") if dim in schedule.dims]
    total = schedule.transpose(..., *wanted).values
    total = total.reshape(-1, *total.shape[-len(wanted) :]).sum(axis=0)
    labels, dims = {}, ()
    if "area" in schedule.dims:
        # A label of `area_coordinates` is region and residence; not every schedule says more.
        region = [str(label).rsplit("-", 1)[0] for label in schedule["area"].values]
        known = list(dict.fromkeys(region))
        labels, dims = {"region": known}, ("region",)
        total = np.stack([total[np.array(region) == code].sum(axis=0) for code in known])
    age = schedule["age"].values
    chosen = total[..., (age >= ages[0]) & (age <= ages[1])].sum(axis=-1)
    if not np.any(chosen > 0):
        raise ScenarioError(
            "a lever is felt at ages at which nothing happens",
            where=f"lever {name}",
            found=f"ages {ages[0]} to {ages[1]}",
            cure="choose ages at which the rate that it moves is above zero",
        )
    whole = total.sum(axis=-1)
    return xr.DataArray(chosen / np.where(whole > 0, whole, 1.0), coords=labels, dims=dims)

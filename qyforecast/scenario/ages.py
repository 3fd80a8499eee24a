"""Levers that are felt at some ages only."""

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
    total = schedule.sum([dim for dim in schedule.dims if dim not in ("age", "area")])
    if "area" in total.dims:
        # A label of `area_coordinates` is region and residence; not every schedule says more.
        region = [str(label).rsplit("-", 1)[0] for label in total["area"].values]
        total = total.drop_vars(["region", "residence"], errors="ignore")
        total = total.assign_coords(region=("area", region)).groupby("region").sum()
    chosen = total.sel(age=(total["age"] >= ages[0]) & (total["age"] <= ages[1])).sum("age")
    whole = total.sum("age")
    if not (chosen.values > 0).any():
        raise ScenarioError(
            "a lever is felt at ages at which nothing happens",
            where=f"lever {name}",
            found=f"ages {ages[0]} to {ages[1]}",
            cure="choose ages at which the rate that it moves is above zero",
        )
    return (chosen / whole.where(whole > 0, 1.0)).reset_coords(drop=True)

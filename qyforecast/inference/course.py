"""The urban share that the regression gives, draw by draw."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import DataError
from qyforecast.inference.scale import share_of
from qyforecast.inference.spec import ModelSpec


@dataclass(frozen=True)
class Course:
    """What moves a city's counties besides their drivers; the same for every scenario.

    Attributes
    ----------
    start : ndarray
        Level of each county at the base year, ``(C,)``. [log odds less reference]
    keep : ndarray
        Share of a gap that remains after a year, ``(D, 1)``.
    pace : ndarray
        What the nation is expected to add, and lasting paces of city and county,
        ``(D, Y, C)``. [log odds / year]
    shocks : ndarray
        Yearly shocks of nation, city and county, same dimensions. [log odds]
    response, change_response : ndarray
        Of the pace to drivers, of the level to their changes, ``(D, K)``.
    """

    start: np.ndarray
    keep: np.ndarray
    pace: np.ndarray
    shocks: np.ndarray
    response: np.ndarray
    change_response: np.ndarray


def urban_path(course: Course, drivers: Drivers, spec: ModelSpec) -> UrbanPath:
    """Run the recursion under a scenario's drivers.

    Parameters
    ----------
    course : Course
        What moves the counties besides their drivers.
    drivers : Drivers
        Employment, value added and added pace, base year included.
    spec : ModelSpec
        References.

    Returns
    -------
    UrbanPath
        ``share`` ``(draw, year, region)`` of the years after the base. [1]
    """
    levels = course_levels(course, drivers, spec)
    years = list(drivers.years[1:])
    return UrbanPath(
        share=xr.DataArray(
            share_of(levels, spec),
            dims=("draw", "year", "region"),
            coords={
                "draw": np.arange(levels.shape[0]),
                "year": years,
                "region": list(drivers.regions),
            },
        )
    )


def driver_terms(course: Course, drivers: Drivers, spec: ModelSpec) -> np.ndarray:
    """Say what drivers add to each year's change.

    Parameters
    ----------
    course : Course
        Responses.
    drivers : Drivers
        With the mean place against which regions are measured.
    spec : ModelSpec
        Names the drivers.

    Returns
    -------
    ndarray
        ``(D, Y, C)``. [log odds / year]

    Raises
    ------
    DataError
        If the drivers have no mean place.
    """
    if drivers.nation is None:
        raise DataError(
            "drivers without a mean place cannot be read by the regression",
            where="Drivers.nation",
            cure="draw them with draw_drivers()",
        )
    parts = []
    for name, sectors in spec.drivers.items():
        apart = getattr(drivers, name) - drivers.nation[name]
        chosen = apart.sel(sector=list(sectors))
        parts.append(chosen.transpose("draw", "year", "region", "sector").values)
    values = np.concatenate(parts, axis=-1)
    before, moves = values[:, :-1], np.diff(values, axis=1)
    terms = np.einsum("dyck,dk->dyc", before, course.response, optimize=True)
    terms += np.einsum("dyck,dk->dyc", moves, course.change_response, optimize=True)
    added = drivers.pace.transpose("draw", "year", "region").values[:, 1:]
    return terms + added


def course_levels(course: Course, drivers: Drivers, spec: ModelSpec) -> np.ndarray:
    """Run the recursion of the regression.

    Parameters
    ----------
    course : Course
        What moves the counties besides their drivers.
    drivers : Drivers
        Employment, value added and added pace, base year included.
    spec : ModelSpec
        Names the drivers.

    Returns
    -------
    ndarray
        Levels at the end of each year after the base, ``(D, Y, C)``. [log odds]
    """
    change = course.pace + course.shocks + driver_terms(course, drivers, spec)
    level = np.broadcast_to(course.start, change[:, 0].shape)
    out = np.empty_like(change)
    for year in range(change.shape[1]):
        level = course.keep * level + change[:, year]
        out[:, year] = level
    return out

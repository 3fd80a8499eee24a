"""How levers change the scalars that move rates."""

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever

_DIMS = ("draw", "year", "region")


def combine(
    before: xr.DataArray | None, reach: xr.DataArray, drivers: Drivers, *, scale: bool
) -> xr.DataArray:
    """Add to what is there, or multiply it by the exponential, by labels.

    Parameters
    ----------
    before : DataArray, optional
        What is there, with some of the dimensions draw, year and region.
    reach : DataArray
        What a lever adds, ``(draw, year, region)``; see `Lever.reach`.
    drivers : Drivers
        Gives the years.
    scale : bool
        Whether it multiplies.

    Returns
    -------
    DataArray
        The same dimensions; those of `reach` where nothing was there.

    Raises
    ------
    ScenarioError
        If years, regions or draws differ.
    """
    future = [year for year in drivers.years if year > drivers.base_year]
    if before is None:
        change = reach.sel(year=future)
        return xr.DataArray(np.exp(change)) if scale else change
    if _alike(before, reach, len(future)):
        change = reach.values[:, -len(future) :]
        values = before.values * np.exp(change) if scale else before.values + change
        return before.copy(data=values)
    labels = {"year": future}
    labels |= {str(dim): before[dim].values for dim in before.dims if dim in reach.dims}
    try:
        change = reach.sel(labels)
    except KeyError as error:
        raise ScenarioError(
            "drivers and rates have different years, regions or draws", found=str(error)
        ) from error
    after = before * np.exp(change) if scale else before + change
    return after.transpose(*(dim for dim in _DIMS if dim in after.dims))


def _alike(before: xr.DataArray, reach: xr.DataArray, years: int) -> bool:
    """Whether labels and their order are those of the last years, so that places decide."""
    last = slice(-years, None)
    return before.dims == _DIMS == reach.dims and all(
        np.array_equal(before[dim].values, reach[dim].values[last if dim == "year" else ...])
        for dim in _DIMS
    )


def nothing_to_act_on(lever: Lever, missing: str) -> ScenarioError:
    """Make the error of a lever that moves a rate which is not there.

    Parameters
    ----------
    lever : Lever
        The lever.
    missing : str
        What the rates do not hold.

    Returns
    -------
    ScenarioError
        To be raised.
    """
    return ScenarioError(
        f"a lever of kind {lever.kind} has nothing to act on",
        where=f"lever {lever.name}",
        found=f"the rates hold no {missing}",
        cure="leave the lever out, or estimate these rates first",
    )

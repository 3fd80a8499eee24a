"""When a target is first reached."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.decide.targets import Target, paths_of
from qyforecast.vocabulary import check_quantity


@dataclass(frozen=True)
class FirstYear:
    """When a bar is first reached.

    Attributes
    ----------
    years : tuple of int
        Years that were forecast, the base year first.
    probability : tuple of float
        That the bar is first reached at the end of each year. [1]
    not_by : float
        That it is not reached by the last of the years; all sum to one. [1]
    """

    years: tuple[int, ...]
    probability: tuple[float, ...]
    not_by: float


def first_year_reached(urban_share: xr.DataArray, target: Target) -> FirstYear:
    """Find in which year the bar of a target is first reached, whatever its year.

    Parameters
    ----------
    urban_share : DataArray
        ``(draw, year, region)``. [1]
    target : Target
        Gives bar and region.

    Returns
    -------
    FirstYear
        A probability for each year, and for none of them.
    """
    paths = paths_of(urban_share, target).sortby("year").transpose("draw", "year")
    reached = check_quantity("urban_share", paths).values >= target.bar
    first = np.where(reached.any(axis=1), reached.argmax(axis=1), reached.shape[1])
    shares = np.bincount(first, minlength=reached.shape[1] + 1) / len(reached)
    years = tuple(int(year) for year in paths["year"].values)
    return FirstYear(years, tuple(shares[:-1].tolist()), float(shares[-1]))

"""When a target is first reached."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import expit, logit

from qyforecast.decide.draws import Probability, count
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
    by_then : tuple of Probability
        That it is reached at the end of each year or before.
    """

    years: tuple[int, ...]
    probability: tuple[float, ...]
    not_by: float
    by_then: tuple[Probability, ...]


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
    values = check_quantity("urban_share", paths).values
    return first_reached(values, tuple(paths["year"].values.tolist()), target.bar)


def first_reached(paths: np.ndarray, years: tuple[int, ...], bar: float) -> FirstYear:
    """Find in which year a bar is first reached.

    Parameters
    ----------
    paths : ndarray
        Urban share at year ends, ``(draw, year)``, years rising. [1]
    years : tuple of int
        The years.
    bar : float
        Share that is enough. [1]

    Returns
    -------
    FirstYear
        A probability for each year, and for none of them.
    """
    reached = paths >= bar
    first = np.where(reached.any(axis=1), reached.argmax(axis=1), reached.shape[1])
    shares = np.bincount(first, minlength=reached.shape[1] + 1) / len(reached)
    by_then = [count(first <= place) for place in range(len(years))]
    return FirstYear(years, tuple(shares[:-1].tolist()), float(shares[-1]), tuple(by_then))


def carried_on(urban_share: xr.DataArray, *, to: int, span: int = 5) -> xr.DataArray:
    """Carry every draw on beyond its forecast, at its own pace of the last years.

    The log odds go on by the draw's mean yearly change over the last `span` years: the
    constant growth difference of the United Nations, for want of accounts that reach so
    far. It is meant for saying how late a target may be, not for a probability of its own.

    Parameters
    ----------
    urban_share : DataArray
        Urban share at year ends, ``(draw, year, region)``. [1]
    to : int
        Last year wanted.
    span : int
        Years whose pace goes on.

    Returns
    -------
    DataArray
        With the years up to `to`; the very argument if it has them already. [1]

    References
    ----------
    United Nations (2018), *World Urbanization Prospects: methodology*.
    """
    paths = urban_share.transpose("draw", "year", "region")
    last = int(paths["year"].values[-1])
    if last >= to:
        return urban_share
    levels = logit(check_quantity("urban_share", paths).values)
    pace = (levels[:, -1] - levels[:, -1 - span]) / span
    ahead = np.arange(1, to - last + 1)
    more = expit(levels[:, -1:, :] + ahead[None, :, None] * pace[:, None, :])
    years = [*paths["year"].values.tolist(), *(last + ahead).tolist()]
    coords = {"draw": paths["draw"].values, "year": years, "region": paths["region"].values}
    values = np.concatenate([paths.values, more], axis=1)
    return xr.DataArray(values, coords=coords, dims=("draw", "year", "region"))

"""Net migration rates by single age from what two censuses show of cohorts.

A census residual says how many migrants a cohort gained or lost over a decade,
not at which ages. Spread evenly over the decade it would smear the years in
which people leave school and home. Here the rates by age are found that give
each cohort its residual, and are as smooth as that allows.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from qyforecast.errors import RateError

Floats = NDArray[np.float64]

#: Ages at which rates of migration turn quickly.
_YOUNG = (14, 32)
#: Years between the censuses.
YEARS = 10
#: Rounds of the fixed point between the rates and the cohorts that live under them.
_ROUNDS = 6
#: Cohorts of as many regions and sexes are solved at a time: some megabytes.
_BATCH = 64
#: Below the first and from the second of these ages on, rates are held nearly flat.
_FLAT = (4, 75)


def coverage_correction(
    before: xr.DataArray, after: xr.DataArray, survivorship: xr.DataArray, *, years: int
) -> xr.DataArray:
    """Find what a first census missed, from a nation closed to migration.

    Parameters
    ----------
    before, after : DataArray
        Persons of the nation at both censuses, ``(sex, age)``, single ages. [person]
    survivorship : DataArray
        Its share living a year longer, ``(sex, age)``, over the interval. [1]
    years : int
        Years between the censuses.

    Returns
    -------
    DataArray
        Factor on the first census, ``(sex, age)`` by age then: how much larger a
        cohort must have been for its survivors to be those found, averaged over
        the five-year group of the age (for the open group, over all cohorts
        that reach it). [1]
    """
    survivors = survive(before, survivorship, years)
    ages = survivors["age"].values
    last = int(ages[-1])
    oldest = 5 * ((last - years) // 5) + years
    group = xr.DataArray(np.minimum(ages // 5 * 5, oldest), dims="age", coords={"age": ages})
    found = after.sel(age=ages).groupby(group.rename("group")).sum("age")
    expected = survivors.groupby(group.rename("group")).sum("age")
    start = before["age"].values
    later = np.minimum((start + years) // 5 * 5, oldest)
    factor = (found / expected).sel(group=xr.DataArray(later, dims="age"))
    return factor.assign_coords(age=start).drop_vars("group").transpose("sex", "age")


def net_rates(
    before: xr.DataArray,
    after: xr.DataArray,
    survivorship: xr.DataArray,
    residual: xr.DataArray,
) -> xr.DataArray:
    """Find smooth net migration rates that give every cohort its residual.

    The rates solve a penalised least-squares problem (Whittaker smoothing of
    an indirectly observed curve): the migrants they make of each cohort, who
    join half at the start and half at the end of a year as in the accounts
    and survive to the second census, meet the residual to within a few per cent of the
    cohort, while second differences stay small.

    Parameters
    ----------
    before, after : DataArray
        Persons at the two censuses, ten years apart, ``(..., age)``, single ages;
        the first corrected for coverage. [person]
    survivorship : DataArray
        Share living a year longer, ``(..., age)``. [1]
    residual : DataArray
        Net migrants by five-year age group at the second census, ``(...,
        age)`` from 0; survivors among them. [person]

    Returns
    -------
    DataArray
        Arrivals less departures per resident, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If ages are not single years from 0 in all three.

    References
    ----------
    Eilers and Marx (1996), Statistical Science 11, 89-121; Eilers (2007),
    Statistical Modelling 7, 239-254 (the composite link model).
    """
    ages = before["age"].values
    for values in (before, after, survivorship):
        if not np.array_equal(values["age"].values, np.arange(ages.size)):
            raise RateError("net rates need single ages from 0", found=str(values["age"].values))
    groups = residual["age"].values

    inverse = np.linalg.inv(_penalty(ages.size))

    def solve(p0: Floats, p1: Floats, live: Floats, moved: Floats) -> Floats:
        weights = 1 / (0.0025 * np.add.reduceat(p1, groups, axis=-1) + 1)
        rates = np.zeros_like(p0)
        for _ in range(_ROUNDS):
            left = weights[..., None] * cohort_exposure(p0, p1, live, groups, rates)
            # As (left' left + penalty)^-1 left', through the few groups instead of all ages.
            spread = inverse @ np.swapaxes(left, -1, -2)
            within = np.eye(len(groups)) + left @ spread
            rates = (spread @ np.linalg.solve(within, (weights * moved)[..., None]))[..., 0]
        return rates

    def in_batches(*given: Floats) -> Floats:
        flat = [values.reshape(-1, values.shape[-1]).astype(float) for values in given]
        spans = [slice(first, first + _BATCH) for first in range(0, len(flat[0]), _BATCH)]
        return np.concatenate([solve(*(x[s] for x in flat)) for s in spans]).reshape(given[0].shape)

    solved = xr.apply_ufunc(
        in_batches, *xr.broadcast(before, after, survivorship), residual.rename(age="group"),
        input_core_dims=[["age"], ["age"], ["age"], ["group"]], output_core_dims=[["age"]],
        join="exact",
    )  # fmt: skip
    return solved.assign_coords(age=ages)


def cohort_exposure(
    before: Floats, after: Floats, survivorship: Floats, groups: NDArray[np.int_], rates: Floats
) -> Floats:
    """Surviving person-years at each age of the cohorts found in each group.

    Parameters
    ----------
    before, after : ndarray
        Persons at the two censuses, ten years apart, ``(..., age)``, single ages. [person]
    survivorship : ndarray
        Share living a year longer, same dimensions. [1]
    groups : ndarray
        Lower bounds of age groups at the second census.
    rates : ndarray
        Net migration rates the cohorts live under, ``(..., age)``. [1 / year]

    Returns
    -------
    ndarray
        ``(..., group, age)``: times net rates by age, it gives the surviving net
        migrants of each group; exactly those of the accounts at `rates`. [person year]
    """
    size = before.shape[-1]
    last, starts = size - 1, np.arange(-YEARS, size)
    ages = np.minimum(starts[:, None] + np.arange(YEARS + 1), last)
    alive = np.where(ages >= 0, survivorship[..., ages], 1.0)
    # Survival from the end of each year to the second census.
    rest = np.ones((*alive.shape[:-1], YEARS))
    rest[..., :-1] = np.cumprod(alive[..., YEARS - 1 : 0 : -1], axis=-1)[..., ::-1]
    stock = np.where(starts >= 0, before[..., np.maximum(starts, 0)], 1.0)
    paths, cohort = np.zeros((*stock.shape, size)), np.arange(starts.size)
    for t in range(YEARS):
        young, old = ages[:, t], ages[:, t + 1]
        here, born = young >= 0, old >= 0
        early = (0.5 * stock * alive[..., t] * rest[..., t])[..., here]
        paths[..., cohort[here], young[here]] += early
        stock = np.where(here, stock * (1 + 0.5 * rates[..., young]) * alive[..., t], stock)
        paths[..., cohort[born], old[born]] += (0.5 * stock * rest[..., t])[..., born]
        stock = np.where(born, stock * (1 + 0.5 * rates[..., old]), stock)
    # Those born in between are known only at the end: their paths are scaled to it.
    end = ages[:, YEARS]
    paths *= np.where(starts < 0, after[..., end] / stock, 1.0)[..., None]
    # Ages at the end rise with the cohort, so that each group is one run of cohorts.
    return np.add.reduceat(paths, np.searchsorted(end, groups), axis=-2)


def survive(persons: xr.DataArray, survivorship: xr.DataArray, years: int) -> xr.DataArray:
    """Survive everybody some years, nobody coming or going.

    Parameters
    ----------
    persons : DataArray
        Residents by single age, ``(..., age)``. [person]
    survivorship : DataArray
        Share living a year longer, same labels. [1]
    years : int
        Number of years.

    Returns
    -------
    DataArray
        Survivors by age then, from `years` up; the open age keeps its own. [person]
    """
    stock, live = xr.align(persons, survivorship, join="exact")
    live = live.transpose(*stock.dims)
    values = stock.values.astype(float)
    for _ in range(years):
        moved = values * live.values
        values = np.concatenate([np.zeros_like(moved[..., :1]), moved[..., :-1]], axis=-1)
        values[..., -1] += moved[..., -1]
    return stock.copy(data=values).isel(age=slice(years, None))


def _penalty(size: int) -> Floats:
    """Precision of differences: loose where young adults leave, tight elsewhere."""
    first, second = (np.diff(np.eye(size), order, axis=0) for order in (1, 2))
    middle = np.arange(1, size - 1)
    young = (middle >= _YOUNG[0]) & (middle <= _YOUNG[1])
    bend = second / np.where(young, 0.006, np.where(middle < _YOUNG[0], 0.002, 0.0008))[:, None]
    # At both ends the curve is held flat: few cohorts speak there, and a line would run away.
    ends = (np.arange(size - 1) < _FLAT[0]) | (np.arange(size - 1) >= _FLAT[1])
    slope = first / np.where(ends, 0.0005, 0.02)[:, None]
    return bend.T @ bend + slope.T @ slope + np.eye(size)

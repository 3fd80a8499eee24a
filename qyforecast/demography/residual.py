"""Net migration as what births, deaths and two censuses leave unexplained."""

from typing import Literal

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from qyforecast.demography.graduation import group_ages
from qyforecast.errors import RateError
from qyforecast.vocabulary import check_quantity

Method = Literal["forward", "reverse", "average"]


def net_migration(
    before: xr.DataArray | ArrayLike,
    after: xr.DataArray | ArrayLike,
    survival: xr.DataArray | ArrayLike,
    *,
    method: Method = "average",
) -> xr.DataArray:
    """Estimate the net migrants of each cohort between two censuses.

    Parameters
    ----------
    before : DataArray or array_like
        Persons at the first census, for those born since the births. [person]
    after : DataArray or array_like
        The same cohorts at the second census: the same labels, or in plain arrays the
        same places. `advance_cohorts` brings ages at the first census to the second. [person]
    survival : DataArray or array_like
        Share of each cohort that lives from one census to the other. [1]
    method : {"forward", "reverse", "average"}
        ``forward`` counts migrants as if all moved at the end (survivors of
        the first census taken from the second), ``reverse`` as if all moved at
        the start, ``average`` is their mean.

    Returns
    -------
    DataArray
        Arrivals less departures over the interval. [person]

    Raises
    ------
    RateError
        If labels or sizes differ, the method is unknown, or a survival share is not
        above 0. Shares may exceed 1: census survival ratios do where the
        first census missed people.
    DataError
        If persons are negative or missing.

    References
    ----------
    UN (1970), *Methods of Measuring Internal Migration* (Manual VI), ch. II;
    Siegel and Hamilton (1952), J. American Statistical Association 47, 475-500.
    """
    try:
        before, after, survival = xr.align(
            xr.DataArray(before), xr.DataArray(after), xr.DataArray(survival), join="exact"
        )
    except ValueError as error:
        raise RateError(
            "the two censuses and the survival shares have different labels",
            found=str(error).splitlines()[0],
            cure="label every cohort by its age at the second census",
        ) from error
    if not bool(((survival > 0) & np.isfinite(survival)).all()):
        raise RateError("a survival share is missing or not above 0", where="residual migration")
    forward = check_quantity("population", after) - survival * check_quantity("population", before)
    if method == "forward":
        return forward
    if method == "reverse":
        return forward / survival
    if method == "average":
        return (forward + forward / survival) / 2
    raise RateError("unknown residual method", found=method, cure="forward, reverse or average")


def advance_cohorts(persons: xr.DataArray, *, years: int) -> xr.DataArray:
    """Label cohorts by their age some years later, without losing anybody.

    Parameters
    ----------
    persons : DataArray
        Persons, ``(..., age)``; lower bounds, the last group open. [person]
    years : int
        Years between the censuses; a whole number of age groups.

    Returns
    -------
    DataArray
        ``(..., age)`` from age `years` to the same open group, which gathers
        every cohort that has reached it. [person]

    Raises
    ------
    RateError
        If the interval does not carry age groups onto age groups.
    """
    ages = persons["age"].values.astype(int)
    later = np.minimum(ages + years, ages[-1])
    if not set(later.tolist()) <= set(ages.tolist()):
        raise RateError(
            "cohorts do not arrive at whole age groups",
            found=f"ages {ages.tolist()} after {years} years",
            cure="use groups whose width divides the interval between the censuses",
        )
    moved = persons.assign_coords(later=("age", later)).groupby("later").sum("age")
    return moved.rename(later="age").transpose(*persons.dims)


def census_survival_ratios(
    before: xr.DataArray, after: xr.DataArray, *, years: int
) -> xr.DataArray:
    """Survive cohorts by what a closed population's two censuses show.

    In a nation nearly closed to migration the ratio of a cohort's two counts
    holds both its deaths and the faults of the counts (in China the children
    missed in 2010), so that the same faults cancel in its parts.

    Parameters
    ----------
    before, after : DataArray
        Persons of the closed population, ``(..., age)``, same ages. [person]
    years : int
        Years between the censuses.

    Returns
    -------
    DataArray
        Ratio by age at the second census, ``(..., age)`` from `years` up. [1]

    References
    ----------
    UN (1970), *Methods of Measuring Internal Migration* (Manual VI), ch. II.
    """
    start = advance_cohorts(before, years=years)
    return after.sel(age=start["age"]) / start


def young_children(residual: xr.DataArray, after: xr.DataArray) -> xr.DataArray:
    """Estimate the net migration of children born between the censuses.

    Children under ten were in no earlier census. They are taken to move with
    their mothers: of the net migrants of women 15-44, times the ratio of
    children 0-4 to those women, a quarter (children were alive for a quarter
    of the moves, those at 0-4 having lived half of half of the decade), and
    of women 20-49, with children 5-9, three quarters.

    Parameters
    ----------
    residual : DataArray
        Net migrants by age at the second census, ``(..., sex, age)`` in
        five-year groups from 10. [person]
    after : DataArray
        Persons at the second census, ``(..., sex, age)``, five-year groups
        from 0. [person]

    Returns
    -------
    DataArray
        Net migrants aged 0-4 and 5-9, ``(..., sex, age)``. [person]

    References
    ----------
    Shryock and Siegel (1976), *The Methods and Materials of Demography*, ch. 21.
    """
    parts = []
    for age, low, high, share in ((0, 15, 40, 0.25), (5, 20, 45, 0.75)):
        ages = [a for a in after["age"].values.tolist() if low <= a <= high]
        women = after.sel(sex="female", age=ages, drop=True).sum("age")
        migrants = residual.sel(sex="female", age=ages, drop=True).sum("age")
        parts.append(share * migrants * after.sel(age=age) / women)
    return xr.concat(parts, dim="age", join="exact").transpose(*after.dims)


def five_year_groups(persons: xr.DataArray) -> xr.DataArray:
    """Join ages 0 and 1-4, so that all closed groups are five years wide.

    Parameters
    ----------
    persons : DataArray
        Persons with ages 0, 1, 5, 10, ... [person]

    Returns
    -------
    DataArray
        Ages 0, 5, 10, ... [person]
    """
    return group_ages(persons, tuple(int(a) for a in persons["age"].values if a != 1))

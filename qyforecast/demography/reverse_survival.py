"""Births and fertility of past years from the children found at a census."""

import numpy as np
import xarray as xr

from qyforecast.errors import RateError


def past_births(
    children: xr.DataArray, survivorship: xr.DataArray, birth_survivorship: xr.DataArray
) -> xr.DataArray:
    """Bring children counted at a census back to their births.

    Parameters
    ----------
    children : DataArray
        Children by single age, ``(..., age)`` from 0. [person]
    survivorship : DataArray
        Share living a year longer, ``(..., age)`` at least to the oldest
        child. [1]
    birth_survivorship : DataArray
        Share of a year's newborns alive at the end of the year. [1]

    Returns
    -------
    DataArray
        Births, ``(..., ago)``: ``ago`` 0 is the year that ends at the census.
        [person]

    Raises
    ------
    RateError
        If ages are not single years from 0.

    References
    ----------
    UN (1983), *Manual X*, ch. VIII; Spoorenberg (2014), Demographic Research
    31, article 33; Moultrie et al. (2013), *Tools for Demographic Estimation*.
    """
    ages = children["age"].values.astype(int)
    if not np.array_equal(ages, np.arange(ages.size)):
        raise RateError("reverse survival needs single ages from 0", found=str(ages.tolist()))
    lived = survivorship.sel(age=ages).shift(age=1, fill_value=1.0).cumprod("age")
    lived = lived.assign_coords(age=ages)
    return (children / (birth_survivorship * lived)).rename(age="ago")


def past_women(women: xr.DataArray, survivorship: xr.DataArray, *, ago: int) -> xr.DataArray:
    """Bring women counted at a census back some years.

    Parameters
    ----------
    women : DataArray
        Women by single age at the census, ``(..., age)``. [person]
    survivorship : DataArray
        Women's share living a year longer, ``(..., age)``. [1]
    ago : int
        Years before the census.

    Returns
    -------
    DataArray
        Women by the age they then had, ``(..., age)``, without the ages whose
        survivors are in the open group. [person]
    """
    past = women.isel(age=slice(None, -1))
    for _ in range(ago):
        younger = past["age"].values[1:] - 1
        survivors = past.isel(age=slice(1, None)).assign_coords(age=younger)
        past = survivors / survivorship.sel(age=younger)
    return past


def past_fertility(
    births: xr.DataArray, women: xr.DataArray, survivorship: xr.DataArray, pattern: xr.DataArray
) -> xr.DataArray:
    """Total fertility of each past year from births brought back to it.

    Parameters
    ----------
    births : DataArray
        Births by year before the census, ``(..., ago)``. [person]
    women : DataArray
        Women at the census by single age, ``(..., age)``. [person]
    survivorship : DataArray
        Women's share living a year longer, ``(..., age)``. [1]
    pattern : DataArray
        Share of total fertility at each age, sums to one, ``([...,] age)``;
        zero outside the ages of childbearing. [1]

    Returns
    -------
    DataArray
        Total fertility, ``(..., ago)``: births over women weighted by the
        pattern, the women of each year being the mean of both its ends, as in
        the accounts. [children per woman]
    """
    fertile = (pattern > 0).any([d for d in pattern.dims if d != "age"])
    ages = pattern["age"].values[fertile.values]
    weights = pattern.sel(age=ages)
    exposure: list[xr.DataArray] = []
    for ago in births["ago"].values:
        ends = [past_women(women, survivorship, ago=int(ago) + k).sel(age=ages) for k in (0, 1)]
        exposure.append((weights * (ends[0] + ends[1]) / 2).sum("age").expand_dims(ago=[ago]))
    return births / xr.concat(exposure, dim="ago", join="exact")

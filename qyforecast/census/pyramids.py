"""Regions' pyramids split between town and village and brought to single ages."""

import xarray as xr

from qyforecast.demography.graduation import graduate_population
from qyforecast.demography.raking import split_residence
from qyforecast.vocabulary import RESIDENCES


def residents_by_age(
    pyramid: xr.DataArray, residence: xr.DataArray, table: xr.DataArray
) -> xr.DataArray:
    """Rake a wider area's table to regions' pyramids and totals, and graduate.

    Parameters
    ----------
    pyramid : DataArray
        Residents, ``(region, sex, age)``, groups of ages. [person]
    residence : DataArray
        Residents, ``(region, residence)``. [person]
    table : DataArray
        Residents of the province or nation, ``(residence, sex, age)`` with residence city,
        town, rural, and older ages. [person]

    Returns
    -------
    DataArray
        ``(region, residence, sex, age)``, single ages; totals by residence and by group of
        ages are kept, the rest is estimated. [person]

    Raises
    ------
    DataError
        If totals by age and by residence disagree, or raking fails.
    """
    urban = table.sel(residence=["city", "town"]).sum("residence")
    standard = xr.concat(
        [urban, table.sel(residence="rural", drop=True)],
        dim=xr.Variable("residence", list(RESIDENCES)), join="exact",
    )  # fmt: skip
    oldest = int(pyramid["age"].values[-1])
    young = standard.sel(age=[a for a in pyramid["age"].values if a < oldest])
    old = standard.sel(age=slice(oldest, None)).sum("age").expand_dims(age=[oldest])
    groups = xr.concat([young, old], dim="age", join="exact")
    return graduate_population(split_residence(pyramid, residence, groups), standard)

"""Ages at which villagers become townspeople, from cohorts of two censuses."""

import numpy as np
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.errors import DataError
from qyforecast.vocabulary import SEXES

TOWN = ("city", "town")


def moving_propensity(census: Census, ages: np.ndarray) -> xr.DataArray:
    """Estimate the relative rate at which rural residents of an age become urban.

    A cohort's rural share falls between two censuses; what is lost, as a yearly
    rate, stands at the age half way. Migration to and from the province and
    reclassification are in it, as they are in the urban share that the accounts
    carry: only the shape over ages is used.

    Parameters
    ----------
    census : Census
        Residents of the province by age, sex and residence at two censuses.
    ages : ndarray
        Single ages.

    Returns
    -------
    DataArray
        ``(sex, age)``, largest 1; marked estimated. [1]

    Raises
    ------
    DataError
        If no cohort became more urban.
    """
    province = census.city[:2] + "0000"
    span = census.years[-1] - census.years[0]
    persons = census.age_residence.sel(region=province, residence=[*TOWN, "rural"])
    rural = persons.sel(residence="rural") / persons.sum("residence")
    groups = [int(a) for a in rural["age"].values if a >= 5 and a + span <= 90]
    before = rural.sel(year=census.years[0], age=groups).transpose("sex", "age")
    after = rural.sel(year=census.years[-1], age=[a + span for a in groups])
    kept = after.transpose("sex", "age").values / before.values
    # The smallest group of the very old sways; none becomes less urban on the whole.
    rate = np.maximum(-np.log(kept) / span, 0.0)
    if not rate.max() > 0:
        raise DataError("no cohort became more urban between the censuses", where=province)
    middle = np.array(groups) + 2.5 + span / 2
    curves = np.stack([np.interp(ages, middle, one) for one in rate])
    order = [before["sex"].values.tolist().index(sex) for sex in SEXES]
    return xr.DataArray(
        (curves / curves.max())[order],
        dims=("sex", "age"),
        coords={"sex": list(SEXES), "age": ages},
        attrs={"grade": "estimated"},
    )

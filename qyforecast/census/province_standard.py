"""A province's residents by age and residence, where only its ages and its towns are known."""

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.checks import PLACES
from qyforecast.census.open_counts import shared_out
from qyforecast.census.open_layout import age_column
from qyforecast.demography.raking import rake
from qyforecast.vocabulary import CENSUS_AGES, SEXES

KEYS = ["residence", "sex", "age"]


def province_rows(nation: pd.DataFrame, counts: pd.Series | None, province: str) -> pd.DataFrame:
    """Estimate a province's table of age, sex and residence at a census.

    The nation's table is raked to the province's ages by sex and to its urban and rural
    residents; cities and towns share its urban residents as in the nation, and so do the
    ages from 85 on. Deaths are the nation's rates on these people.

    Parameters
    ----------
    nation : DataFrame
        The nation's rows of one census of table ``age_residence``.
    counts : Series, optional
        The province's counts, see `people_counts`. Where absent, its rows are the
        nation's own: only their shape is used.
    province : str
        Its code.

    Returns
    -------
    DataFrame
        Rows of ``age_residence``; urban and rural residents are the province's exactly.
    """
    if counts is None:
        return nation.assign(region_code=province)
    table = nation.set_index(KEYS)
    persons = table["population"].astype(float).to_xarray()
    persons = persons.sel(residence=list(PLACES), sex=list(SEXES))
    towns = persons.sum(("sex", "age"))
    urban = towns.sel(residence=list(PLACES[:2]))
    halves = shared_out(urban.values[None], np.array([counts["urban"]]))[0]
    residence = towns.copy(data=[*halves, counts["rural"]])
    fitted = rake(persons, [residence, _ages(persons, counts)], tolerance=1e-10)
    whole = shared_out(fitted.values.reshape(len(PLACES), -1), residence.values)
    people = fitted.copy(data=whole.reshape(fitted.shape)).rename("population").to_series()
    rate = (table["deaths"] / table["population"]).fillna(0.0)
    rows = people.astype(int).to_frame()
    rows["deaths"] = (rows["population"] * rate.reindex(rows.index)).round().astype(int)
    rows = rows.reset_index().assign(region_code=province, year=int(nation["year"].iloc[0]))
    return rows[list(nation.columns)]


def _ages(nation: xr.DataArray, counts: pd.Series) -> xr.DataArray:
    """The province's ages by sex, ``(sex, age)``, its oldest shared out as the nation's."""
    oldest = CENSUS_AGES[-1]
    told = np.array([[counts[age_column(sex, age)] for age in CENSUS_AGES] for sex in SEXES])
    whole = nation.sum("residence").transpose("sex", "age")
    old = whole.sel(age=[age for age in whole["age"].values if age >= oldest])
    shares = old / old.sum("age")
    young = xr.DataArray(
        told[:, :-1], {"sex": list(SEXES), "age": list(CENSUS_AGES[:-1])}, ("sex", "age")
    )
    last = shares * xr.DataArray(told[:, -1], {"sex": list(SEXES)}, ("sex",))
    return xr.concat([young, last], dim="age", join="exact")

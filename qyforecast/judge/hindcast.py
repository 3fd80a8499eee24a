"""The decade between the censuses run through the accounts, and how far it ends from the count.

The fitted rates are made from the same two censuses, so their errors say whether the
estimates and the accounts agree, not how well they forecast. Beside them stand rates of the
other counties, which a county had no part in, and no migration at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.cohort_decade import Decade
from qyforecast.census.fertility_estimates import children_and_expected
from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.graduation import group_ages
from qyforecast.demography.net_rates import net_rates
from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Migration, Rates, Vital
from qyforecast.projection.project import project

FITTED, OTHERS, NOBODY = "fitted rates", "rates of the other counties", "no migration"
#: Largest error of the fitted rates by measure, as a share: above it the estimates are at fault.
TOLERANCE: Mapping[str, float] = {
    "age, sex and county": 0.03,
    "age and county, 10 and over": 0.02,
    "county totals": 0.01,
    "city total": 0.01,
}
_GROUPS = tuple(range(0, 90, 5))


@dataclass(frozen=True)
class Hindcast:
    """The second census as projected from the first.

    Attributes
    ----------
    cells : DataFrame
        ``method, region_code, sex, age, projected, counted`` by five-year group, the last
        open at 85. [person]
    errors : DataFrame
        ``method, measure, error, tolerance``: sums of absolute errors over the people
        counted; the dissimilarity is half the sum of absolute differences between
        compositions by age and sex, averaged over counties by people. [1]
    """

    cells: pd.DataFrame
    errors: pd.DataFrame


def hindcast(decade: Decade, base: BaseRates) -> Hindcast:
    """Project the first census to the second by age, sex and county.

    The first census is corrected for the children it missed, as the estimates have it.
    Residents of a county are not told apart by residence.

    Parameters
    ----------
    decade : Decade
        Cohorts at both censuses.
    base : BaseRates
        Survival and childbearing.

    Returns
    -------
    Hindcast
        Cells and errors by method.
    """
    own = net_rates(decade.before, decade.after, decade.survivorship, decade.residual)
    mean = (decade.before + decade.after) / 2
    net = own * mean
    others = (net.sum("region") - net) / (mean.sum("region") - mean)
    last = base.population.year
    years = range(last - decade.years + 1, last + 1)
    start = Population(_as_areas(decade.before.transpose("region", "sex", "age")), years[0] - 1)
    vital = _vital(decade, base, years)
    counted = group_ages(decade.after, _GROUPS)
    tables = []
    for method, rates in ((FITTED, own), (OTHERS, others), (NOBODY, 0.0 * own)):
        flows = Rates(vital, _migration(decade, rates, years))
        end = project(start, flows, to=last, keep="ages").population(last)
        made = end.persons.isel(draw=0, drop=True).groupby("region").sum("area")
        tables.append(_cells(method, group_ages(made, _GROUPS), counted))
    cells = pd.concat(tables, ignore_index=True)
    errors = [_errors(method, part) for method, part in cells.groupby("method", sort=False)]
    return Hindcast(cells, pd.concat(errors, ignore_index=True))


def _as_areas(values: xr.DataArray) -> xr.DataArray:
    coords = area_coordinates(values["region"].values.tolist(), ("all",))
    return values.rename(region="area").drop_vars("area").assign_coords(coords)


def _vital(decade: Decade, base: BaseRates, years: range) -> Vital:
    """County rates; a year's fertility is what its children, found at the second census, ask."""
    newborn = base.mortality.in_base_year(base.mortality.birth_survivorship)
    women = base.population.persons.sel(sex="female", drop=True)
    county = women.groupby("region").sum("area")
    births = (women * base.fertility.rates).groupby("region").sum("area")
    found, made = children_and_expected(
        base.population, base.mortality, base.fertility.rates, range(len(years))
    )
    scale = (found / made).assign_coords(ago=[years[-1] - k for k in found["ago"].values])
    return Vital(
        survivorship=_as_areas(decade.survivorship.transpose("region", "sex", "age")),
        birth_survivorship=_as_areas(
            newborn.groupby("region").mean("area").transpose("region", "sex")
        ),
        fertility=_as_areas((births / county.where(county > 0, 1.0)).transpose("region", "age")),
        sex_ratio_at_birth=base.fertility.sex_ratio_at_birth,
        fertility_scale=scale.rename(ago="year").sortby("year").transpose("year", "region"),
    )


def _migration(decade: Decade, rates: xr.DataArray, years: range) -> Migration:
    """Losses as a share of who is there; gains per resident, residents in a straight line."""
    weight = xr.DataArray(
        (np.arange(len(years)) + 0.5) / len(years), dims="year", coords={"year": list(years)}
    )
    stock = (1 - weight) * decade.before + weight * decade.after
    order = ("region", "sex", "age")
    return Migration(
        arrivals=_as_areas((rates.clip(min=0) * stock).transpose("year", *order)),
        departure_rate=_as_areas(-rates.clip(max=0).transpose(*order)),
    )


def _cells(method: str, made: xr.DataArray, counted: xr.DataArray) -> pd.DataFrame:
    pair = xr.Dataset({"projected": made, "counted": counted}).to_dataframe().reset_index()
    pair = pair.rename(columns={"region": "region_code"})
    pair.insert(0, "method", method)
    return pair[["method", "region_code", "sex", "age", "projected", "counted"]]


def _errors(method: object, cells: pd.DataFrame) -> pd.DataFrame:
    values = ["projected", "counted"]
    ages = cells.groupby(["age", "region_code"])[values].sum()
    parts = {
        "age, sex and county": cells[values],
        "age and county, 10 and over": ages.loc[10:],
        "age and county, under 10": ages.loc[:9],
        "county totals": cells.groupby("region_code")[values].sum(),
        "city total": cells[values].sum().to_frame().T,
    }
    errors = {
        name: float((t["projected"] - t["counted"]).abs().sum() / t["counted"].sum())
        for name, t in parts.items()
    }
    share = cells[values] / cells.groupby("region_code")[values].transform("sum")
    people = cells.groupby("region_code")["counted"].transform("sum")
    apart = (share["projected"] - share["counted"]).abs() / 2 * people
    errors["dissimilarity of age and sex"] = float(apart.sum() / cells["counted"].sum())
    return pd.DataFrame(
        [(method, name, error, TOLERANCE.get(name)) for name, error in errors.items()],
        columns=["method", "measure", "error", "tolerance"],
    )

"""Rates, migration and its fits as tidy tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.cohort_decade import Decade
from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.net_rates import cohort_exposure, net_rates
from qyforecast.demography.schedule_choice import ChosenSchedule, choose_schedule

GROUPS = tuple(range(0, 90, 5))
#: Smaller flows are the noise of a smooth curve about zero. [1 / year]
SMALLEST_FLOW = 0.003
FLOWS = {"departures": "departure_rate", "arrivals": "arrival_rate"}


@dataclass(frozen=True)
class Flow:
    """A net flow of one region and sex by single age, and the schedule that describes it.

    Attributes
    ----------
    flow : {"departures", "arrivals"}
        At the ages that lose, and at those that gain.
    region, sex : str
        Whose.
    rates, persons : ndarray
        By age from 0, the open age left out. [1 / year; person]
    chosen : ChosenSchedule or None
        None where the flow is too small to be described.
    """

    flow: str
    region: str
    sex: str
    rates: np.ndarray
    persons: np.ndarray
    chosen: ChosenSchedule | None


def rates_table(base: BaseRates) -> pd.DataFrame:
    """Lay out all rates of the base year by area, sex and single age.

    Parameters
    ----------
    base : BaseRates
        The estimates.

    Returns
    -------
    DataFrame
        ``region_code, residence, sex, age, persons, survivorship, fertility,
        departure_rate, arrival_rate, leaving_rate``; fertility is empty for men.
        [person; 1; 1 / year]
    """
    persons = base.population.persons
    sexes = persons["sex"]
    live = base.mortality.in_base_year(base.mortality.survivorship)
    parts = {
        "persons": persons,
        "survivorship": live,
        "fertility": base.fertility.rates.where(sexes == "female"),
        "departure_rate": abs(base.migration.departure_rate),
        "arrival_rate": base.migration.arrival_rate,
        "leaving_rate": base.mobility.leaving_rate,
    }
    plain = {name: part.reset_coords(drop=True) for name, part in parts.items()}
    table = xr.Dataset(plain).to_dataframe(dim_order=["area", "sex", "age"]).reset_index()
    place = persons["area"].to_dataframe(name="label")[["region", "residence"]]
    table = place.join(table.set_index("area"), how="right").reset_index(drop=True)
    return table.rename(columns={"region": "region_code"})


def residual_table(decade: Decade) -> pd.DataFrame:
    """Lay out the residual migration of the decade and what the smooth rates make of it.

    Parameters
    ----------
    decade : Decade
        Cohorts between the censuses.

    Returns
    -------
    DataFrame
        ``region_code, sex, age, persons, residual, fitted, misfit``: age at the second
        census, the persons then, surviving net migrants of the decade, and their
        difference over the persons. [person; 1]
    """
    rates = net_rates(decade.before, decade.after, decade.survivorship, decade.residual)
    groups = decade.residual["age"].values
    tables = (decade.before, decade.after, decade.survivorship, rates)
    rows = []
    for region in decade.residual["region"].values:
        for sex in decade.residual["sex"].values:
            here = {"region": region, "sex": sex}
            before, after, live, rate = (table.sel(here).values for table in tables)
            made = cohort_exposure(before, after, live, groups, rate) @ rate
            rows.append(
                pd.DataFrame(
                    {
                        "region_code": region,
                        "sex": sex,
                        "age": groups,
                        "persons": np.add.reduceat(after, groups),
                        "residual": decade.residual.sel(here).values,
                        "fitted": made,
                    }
                )
            )
    table = pd.concat(rows, ignore_index=True)
    return table.assign(misfit=(table["fitted"] - table["residual"]) / table["persons"])


def migration_flows(base: BaseRates, city: str) -> Iterator[Flow]:
    """Fit Rogers-Castro schedules to the net departures and arrivals of city and counties.

    Parameters
    ----------
    base : BaseRates
        The estimates.
    city : str
        Code of the sum of all regions.

    Yields
    ------
    Flow
        One for each flow, region and sex; the city first.
    """
    people = base.population.persons
    for flow, field in FLOWS.items():
        moved = people * getattr(base.migration, field)
        by_region = [_by_region(values, city) for values in (moved, people)]
        for region in by_region[0]["region"].values:
            for sex in by_region[0]["sex"].values:
                here = {"region": region, "sex": sex}
                count, persons = (table.sel(here).values for table in by_region)
                rates = count / np.maximum(persons, 1.0)
                large = count.sum() >= SMALLEST_FLOW * persons.sum()
                # The smooth rates rest on the cohorts of five-year groups.
                chosen = (
                    choose_schedule(
                        np.arange(0.5, rates.size), rates, persons, observations=len(GROUPS)
                    )
                    if large
                    else None
                )
                yield Flow(flow, str(region), str(sex), rates, persons, chosen)


def schedules_table(flows: list[Flow]) -> pd.DataFrame:
    """Lay out the schedules chosen, with their fit.

    Parameters
    ----------
    flows : list of Flow
        As `migration_flows` gives them.

    Returns
    -------
    DataFrame
        ``flow, region_code, sex, persons_a_year, parameters, misplaced, verdict``, the
        criterion of each family, and each parameter. [person / year; 1]
    """
    rows = [
        {
            "flow": f.flow,
            "region_code": f.region,
            "sex": f.sex,
            "persons_a_year": float((f.rates * f.persons).sum()),
            **_fit_columns(f.chosen),
        }
        for f in flows
    ]
    return pd.DataFrame(rows)


def _fit_columns(chosen: ChosenSchedule | None) -> Mapping[str, object]:
    if chosen is None:
        return {"verdict": "too small to fit"}
    return {
        "parameters": chosen.family,
        "misplaced": chosen.misplaced,
        "verdict": "fits" if chosen.fits else "does not fit",
        **{f"aicc_{family}": value for family, value in chosen.criteria.items()},
        **chosen.schedule.parameters,
    }


def _by_region(values: xr.DataArray, city: str) -> xr.DataArray:
    """Closed ages by region, the city's sum first."""
    counties = values.isel(age=slice(None, -1)).groupby("region").sum("area")
    whole = counties.sum("region").expand_dims(region=[city])
    return xr.concat([whole, counties], dim="region", join="exact").transpose(
        "region", "sex", "age"
    )

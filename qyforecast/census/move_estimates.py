"""Migration to and from the city, and moves inside it, from two censuses."""

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census
from qyforecast.census.cohort_decade import Decade
from qyforecast.census.town_moves import moving_propensity
from qyforecast.demography.estimates import Autoregression, ExternalMigration, InternalMobility
from qyforecast.demography.net_rates import net_rates
from qyforecast.demography.population import Population
from qyforecast.demography.schedules import WESTERN
from qyforecast.vocabulary import SEXES


def estimate_mobility(
    census: Census, population: Population, assumed: Assumptions
) -> InternalMobility:
    """Estimate moves between the city's counties and between village and town.

    The number of residents registered in another county of the province grew
    between the censuses; a judged share of that growth came from inside the city.
    Every county is left at one rate, with the ages of the Western standard;
    destinations are weighted so that each county receives its growth.

    Parameters
    ----------
    census : Census
        Residents registered elsewhere at both censuses.
    population : Population
        Base year's residents.
    assumed : Assumptions
        Share from inside the city, return rates and spreads.

    Returns
    -------
    InternalMobility
        Rates; the split of leaving between village and town follows departures.
    """
    first, last = census.years[0], census.years[-1]
    stock = census.migrants.sel(origin="same_province", drop=True)
    growth = (stock.sel(year=last) - stock.sel(year=first)).clip(min=0).reset_coords(drop=True)
    arrivals = assumed.inside_share * growth / (last - first)
    ages = population.persons["age"].values
    shape = _by_sex({sex: WESTERN[sex].rates(ages) for sex in SEXES}, ages)
    tilt = residence_tilt(population, assumed.rural_departure)
    expected = (population.persons * tilt * shape).sum()
    rate = (tilt * shape * float(arrivals.sum() / expected)).transpose("area", "sex", "age")
    leavers = (population.persons * rate).sum(("sex", "age")).groupby("region").sum()
    return InternalMobility(
        leaving_rate=rate,
        destination=destination_weights(leavers, arrivals.sel(region=leavers["region"])),
        moving_propensity=moving_propensity(census, ages),
        family_propensity=_family(ages),
        return_rate=return_rate(ages, assumed),
        leaving_sd=assumed.leaving_sd,
        return_sd=assumed.return_sd,
    )


def destination_weights(leavers: xr.DataArray, arrivals: xr.DataArray) -> xr.DataArray:
    """Find the pull of each region that sends every leaver where arrivals are known.

    Parameters
    ----------
    leavers : DataArray
        Who leave each region, ``(region,)``. [person]
    arrivals : DataArray
        Who arrive, same labels and total. [person]

    Returns
    -------
    DataArray
        Positive weights that sum to one, ``(region,)``: those who leave i go to j in
        proportion ``w_j / (1 - w_i)``. Where no weights give the arrivals, the
        nearest that the iteration reaches.
    """
    out, wanted = leavers.values, arrivals.sel(region=leavers["region"]).values
    weights = wanted / wanted.sum()
    for _ in range(500):
        share = weights[None, :] / (1 - weights[:, None])
        np.fill_diagonal(share, 0.0)
        weights = np.maximum(weights * np.sqrt(wanted / (out @ share)), 1e-6)
        weights = weights / weights.sum()
    return leavers.copy(data=weights)


def estimate_migration(
    decade: Decade,
    population: Population,
    mobility: InternalMobility,
    spread: Autoregression,
    assumed: Assumptions,
) -> ExternalMigration:
    """Estimate external migration: the residual less moves inside the city.

    Parameters
    ----------
    decade : Decade
        Residual migration between the censuses.
    population : Population
        Base year's residents, who set the split by residence.
    mobility : InternalMobility
        Moves inside the city.
    spread : Autoregression
        Deviations of the city's net total from its rates, per resident. [1 / year]
    assumed : Assumptions
        Split by residence, spread of counties.

    Returns
    -------
    ExternalMigration
        Rates at which ages lose and gain, and the city's course; no yearly total is
        known yet.
    """
    rates = net_rates(decade.before, decade.after, decade.survivorship, decade.residual)
    mean = (decade.before + decade.after) / 2
    inside = inter_county_net(population, mobility)
    net = (rates * mean - inside) / mean
    return ExternalMigration(
        departure_rate=_by_area(net.clip(max=0) * -1, population, assumed.rural_departure),
        arrival_rate=_by_area(net.clip(min=0), population, 1 / assumed.urban_arrival),
        known=xr.DataArray(np.empty(0), dims="year", coords={"year": np.empty(0, int)}),
        known_sd=assumed.total_sd,
        course=spread.times(population.total),
        county_sd=assumed.county_migration_sd,
    )


def inter_county_net(population: Population, mobility: InternalMobility) -> xr.DataArray:
    """Net gains of each county from the others in the base year.

    Parameters
    ----------
    population : Population
        Residents.
    mobility : InternalMobility
        Leaving rates and destinations.

    Returns
    -------
    DataArray
        ``(region, sex, age)``; sums to zero over regions. [person / year]
    """
    gone = (population.persons * mobility.leaving_rate).groupby("region").sum("area")
    pull = mobility.destination.sel(region=gone["region"])
    sent = gone / (1 - pull)
    return pull * (sent.sum("region") - sent) - gone


def known_totals(series: pd.DataFrame, city: str, *, after: int, as_of: int) -> xr.DataArray:
    """Published year-end residents of the city.

    Parameters
    ----------
    series : DataFrame
        Yearly series with ``region_code, year, variable, value, published``.
    city : str
        Code.
    after, as_of : int
        Years after the first, published by the end of the second.

    Returns
    -------
    DataArray
        ``(year,)``; of several values of a year the one published last. [person]
    """
    rows = series[(series["region_code"] == city) & (series["variable"] == "population")]
    rows = rows[(rows["year"] > after) & (rows["published"] <= as_of)]
    latest = rows.sort_values("published").groupby("year")["value"].last()
    return xr.DataArray(
        latest.to_numpy(float), dims="year", coords={"year": latest.index.to_numpy(int)}
    )


def residence_tilt(population: Population, rural_over_urban: float) -> xr.DataArray:
    """Factors on a county's rate that make rural over urban a given ratio.

    Parameters
    ----------
    population : Population
        Residents.
    rural_over_urban : float
        Ratio of the rates.

    Returns
    -------
    DataArray
        ``(area, sex, age)``; weighted by residents they average one in each county,
        sex and age, so that the county's flow is unchanged. [1]
    """
    persons = population.persons
    ratio = xr.where(persons["residence"] == "rural", rural_over_urban, 1.0)
    region = persons["region"]
    county = (persons * ratio).groupby("region").sum("area"), persons.groupby("region").sum("area")
    mean = (county[0] / county[1].where(county[1] > 0, 1.0)).where(county[1] > 0, 1.0)
    return (ratio / mean.sel(region=region)).transpose("area", "sex", "age")


def _by_area(rate: xr.DataArray, population: Population, rural_over_urban: float) -> xr.DataArray:
    tilt = residence_tilt(population, rural_over_urban)
    return (rate.sel(region=population.persons["region"]) * tilt).transpose("area", "sex", "age")


def _by_sex(curves: dict[str, np.ndarray], ages: np.ndarray) -> xr.DataArray:
    return xr.DataArray(
        np.stack([curves[sex] for sex in SEXES]), dims=("sex", "age"),
        coords={"sex": list(SEXES), "age": ages},
    )  # fmt: skip


def return_rate(ages: np.ndarray, assumed: Assumptions) -> xr.DataArray:
    """Go back to the village: a little at every age, more about the end of working life.

    Parameters
    ----------
    ages : ndarray
        Single ages.
    assumed : Assumptions
        Judged rates.

    Returns
    -------
    DataArray
        Share of urban residents who go back, ``(sex, age)``. [1 / year]
    """
    bell = assumed.return_bell * np.exp(-(((ages - 60) / 7.0) ** 2))
    return _by_sex(dict.fromkeys(SEXES, assumed.return_rate + bell), ages)


def _family(ages: np.ndarray) -> xr.DataArray:
    """Followers: children most of all, the old who mind them, wives more than husbands."""
    steps = [ages < 15, ages < 20, ages < 45, ages < 55, ages < 75]
    female = np.select(steps, [1.0, 0.4, 0.5, 0.3, 0.4], 0.2)
    male = np.select(steps, [1.0, 0.4, 0.2, 0.2, 0.4], 0.2)
    return _by_sex({"male": male, "female": female}, ages)

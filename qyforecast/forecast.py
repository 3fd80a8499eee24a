"""The straight line: from what was counted to whether the promise is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.census.drivers import Drivers
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.panel import Panel
from qyforecast.demography.estimates import BaseRates
from qyforecast.demography.paths import draw_rates
from qyforecast.demography.rates import Rates
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.inference.course import Course, urban_path
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.mixture import Mixture, alone, mix_course
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec
from qyforecast.projection.project import project
from qyforecast.projection.projection import Projection
from qyforecast.scenario.scenario import Scenario


@dataclass(frozen=True)
class Future:
    """How it may go if nothing is done: the same draws for every scenario.

    Attributes
    ----------
    as_of : int
        Year of knowledge.
    city : str
        Code of the city.
    base : BaseRates
        Population of the base year and what its rates rest on.
    drivers : Drivers
        Employment, value added and added pace.
    rates : Rates
        What happens to people.
    course : Course
        What moves urban shares besides the drivers.
    spec : ModelSpec
        The model that reads the drivers.
    """

    as_of: int
    city: str
    base: BaseRates
    drivers: Drivers
    rates: Rates
    course: Course
    spec: ModelSpec

    def path(self, drivers: Drivers) -> UrbanPath:
        """Run the regression under drivers, perhaps a scenario's.

        Parameters
        ----------
        drivers : Drivers
            The baseline's or those that levers made of them.

        Returns
        -------
        UrbanPath
            ``(draw, year, region)``. [1]
        """
        return urban_path(self.course, drivers, self.spec)


@dataclass(frozen=True)
class Run:
    """One scenario at one vintage.

    Attributes
    ----------
    scenario : Scenario
        What is done.
    as_of : int
        Year of knowledge.
    projection : Projection
        Who lives where, and why.
    urban_share : DataArray
        ``(draw, year, region)``, the city first, base year included. [1]
    """

    scenario: Scenario
    as_of: int
    projection: Projection
    urban_share: xr.DataArray


def draw_future(
    census: Census,
    panel: Panel,
    spec: ModelSpec,
    posterior: Posterior | Mixture,
    *,
    to: int,
    seed: int,
) -> Future:
    """Draw everything that a scenario can then change.

    Parameters
    ----------
    census : Census
        What was counted.
    panel : Panel
        What was known; its year of knowledge holds for the rates too.
    spec : ModelSpec
        The model.
    posterior : Posterior or Mixture
        What was learned from the panel, by one model or by several.
    to : int
        Last year.
    seed : int
        Seed of the futures.

    Returns
    -------
    Future
        As many draws as the posterior has.
    """
    base = estimate_rates(census, as_of=panel.as_of)
    mixture = posterior if isinstance(posterior, Mixture) else alone(posterior)
    drivers = draw_drivers(census, panel, to=to, draws=posterior.size, seed=seed)
    rates = draw_rates(base, years=drivers.years[1:], draws=posterior.size, seed=seed)
    course = mix_course(mixture, spec, panel, drivers, seed=seed)
    future = Future(panel.as_of, census.city, base, drivers, rates, course, spec)
    last = panel.last_reading
    if last <= panel.base_year:
        return future
    # A published share of the city speaks of its counties as they have grown since:
    # the accounts are run up to the last reading, and the course is drawn again.
    known = project(base.population, rates, future.path(drivers), to=last)
    persons = known.totals.sum("sex").groupby("region").sum()
    persons = persons.sel(year=slice(panel.base_year + 1, None), region=panel.own_counties)
    course = mix_course(mixture, spec, panel, drivers, seed=seed, residents=persons)
    return replace(future, course=course)


def run_scenario(future: Future, scenario: Scenario, *, seed: int) -> Run:
    """Project the city under a scenario.

    A lever that would begin in a year already known begins in the year after:
    what was done before is in the figures.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    scenario : Scenario
        What is done.
    seed : int
        Seed of the levers' effects.

    Returns
    -------
    Run
        Stocks by five-year groups, flows, urban shares.

    Raises
    ------
    UnbalancedAccount
        If a flow is larger than the stock it leaves.
    """
    drivers, rates = scenario.starting_after(future.as_of).apply(
        future.drivers, future.rates, seed=seed
    )
    projection = project(
        future.base.population,
        rates,
        future.path(drivers),
        to=drivers.years[-1],
        keep="groups",
    )
    return Run(scenario, future.as_of, projection, city_and_counties(projection, future.city))


def forecast(future: Future, scenarios: Sequence[Scenario], *, seed: int) -> Iterator[Run]:
    """Run scenario after scenario on the same draws.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    scenarios : sequence of Scenario
        What is done.
    seed : int
        Seed of the levers' effects.

    Yields
    ------
    Run
        One at a time, so that one projection is in memory.
    """
    for scenario in scenarios:
        yield run_scenario(future, scenario, seed=seed)


def city_and_counties(projection: Projection, city: str) -> xr.DataArray:
    """Urban shares of a city and of its counties.

    Parameters
    ----------
    projection : Projection
        With urban and rural areas.
    city : str
        Code to give the sum of all regions.

    Returns
    -------
    DataArray
        ``(draw, year, region)``, the city first. [1]
    """
    counties = projection.urban_share()
    persons = projection.totals.sum("sex")
    urban = persons.values[..., persons["residence"].values == "urban"].sum(axis=-1)
    whole = urban / persons.values.sum(axis=-1)
    coords = {dim: counties[dim].values for dim in ("draw", "year")}
    return xr.DataArray(
        np.concatenate([whole[..., None], counties.values], axis=-1),
        dims=("draw", "year", "region"),
        coords={**coords, "region": [city, *counties["region"].values.tolist()]},
    )


def newest(census: Census) -> int:
    """Year in which the newest figure of a census folder was published.

    Parameters
    ----------
    census : Census
        What was read.

    Returns
    -------
    int
        The newest vintage there is.
    """
    return int(max(census.series["published"].max(), census.provinces["published"].max()))

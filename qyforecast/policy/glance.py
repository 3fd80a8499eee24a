"""A scenario run for its urban share alone: quick, so that many can be run."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.decide.growth import urban_growth
from qyforecast.decide.targets import Target
from qyforecast.errors import UnbalancedAccount
from qyforecast.forecast import Future
from qyforecast.projection.project import project
from qyforecast.projection.projection import Projection
from qyforecast.scenario.scenario import Scenario


@dataclass(frozen=True)
class Glance:
    """What is kept of a scenario's run.

    Attributes
    ----------
    scenario : Scenario
        What is done.
    as_of : int
        Year of knowledge.
    urban_share : DataArray
        ``(draw, year, region)``, the city first, base year included. [1]
    urban : DataArray
        Urban residents, same dimensions. [person]
    growth : DataArray
        As `urban_growth` splits it. [person]
    """

    scenario: Scenario
    as_of: int
    urban_share: xr.DataArray
    urban: xr.DataArray
    growth: xr.DataArray

    def shares(self, target: Target) -> np.ndarray:
        """Take the share that a target speaks of.

        Parameters
        ----------
        target : Target
            Region and year.

        Returns
        -------
        ndarray
            One per draw. [1]
        """
        return self._at(self.urban_share, target)

    def persons(self, target: Target) -> np.ndarray:
        """Take the urban residents of a target's region and year.

        Parameters
        ----------
        target : Target
            Region and year.

        Returns
        -------
        ndarray
            One per draw. [person]
        """
        return self._at(self.urban, target)

    def _at(self, values: xr.DataArray, target: Target) -> np.ndarray:
        year = values.get_index("year").get_loc(target.year)
        region = values.get_index("region").get_loc(target.region)
        return np.ascontiguousarray(values.values[:, year, region])


def glance(future: Future, scenario: Scenario, *, years: tuple[int, ...], seed: int) -> Glance:
    """Run a scenario and keep shares, urban residents and what made them grow.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    scenario : Scenario
        What is done.
    years : tuple of int
        Years up to which growth is split.
    seed : int
        Seed of the levers' effects.

    Returns
    -------
    Glance
        As `run_scenario` would give them, to the last bit.
    """
    projection = run(future, scenario, seed=seed, to=future.drivers.years[-1])
    shares, urban = shares_of(projection, future.city)
    growth = urban_growth(projection, city=future.city, years=sorted(years))
    return Glance(scenario, future.as_of, shares, urban, growth)


def run(
    future: Future, scenario: Scenario, *, seed: int, to: int, order: np.ndarray | None = None
) -> Projection:
    """Project a scenario up to a year.

    Parameters
    ----------
    future : Future
        The baseline's draws, or some of them.
    scenario : Scenario
        What is done; levers start after the vintage.
    seed : int
        Seed of the levers' effects.
    to : int
        Last year wanted.
    order : ndarray of int, optional
        Which draw of the run each draw is, for the levers' effects.

    Returns
    -------
    Projection
        Totals and flows; no ages.

    Raises
    ------
    UnbalancedAccount
        If a flow is larger than the stock it leaves; names the scenario too.
    """
    drivers, rates = scenario.starting_after(future.as_of).apply(
        future.drivers, future.rates, seed=seed, order=order
    )
    try:
        return project(future.base.population, rates, future.path(drivers), to=to)
    except UnbalancedAccount as error:
        raise UnbalancedAccount(
            error.what,
            where=f"scenario {scenario.name} as of {future.as_of}, {error.where}",
            found=error.found,
            cure="make the scenario's levers weaker, or narrower their ranges",
        ) from error


def shares_of(projection: Projection, city: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Urban shares and urban residents of a city and its regions.

    Parameters
    ----------
    projection : Projection
        With urban and rural areas.
    city : str
        Code to give the sum of all regions.

    Returns
    -------
    tuple of DataArray
        Share [1] and residents [person], ``(draw, year, region)``, the city first.
    """
    persons = projection.totals.transpose("draw", "year", "area", "sex").values
    # Adding two halves is several times as fast as a sum along an axis of two.
    persons = persons[..., 0] + persons[..., 1]
    residence = projection.totals["residence"].values
    region = projection.totals["region"].values
    codes = region[residence == "urban"].tolist()
    urban, rural = persons[..., residence == "urban"], persons[..., residence == "rural"]
    if codes != region[residence == "rural"].tolist():
        rural = rural[..., [region[residence == "rural"].tolist().index(code) for code in codes]]
    urban, rural = (np.concatenate([x.sum(axis=-1)[..., None], x], axis=-1) for x in (urban, rural))
    labels = {dim: projection.totals[dim].values for dim in ("draw", "year")}
    coords = {**labels, "region": [city, *codes]}
    dims = ("draw", "year", "region")
    share = xr.DataArray(urban / (urban + rural), dims=dims, coords=coords)
    return share, xr.DataArray(urban, dims=dims, coords=coords)

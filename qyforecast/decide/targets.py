"""Targets, and how probable it is that they are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from qyforecast.decide.draws import Probability, count
from qyforecast.errors import ScenarioError
from qyforecast.provenance import Evidence
from qyforecast.vocabulary import check_quantity, nearest

Reading = Literal["strict", "about"]

QUANTILES = {
    "median": 0.5,
    "lower80": 0.1,
    "upper80": 0.9,
    "lower95": 0.025,
    "upper95": 0.975,
}


@dataclass(frozen=True)
class Target:
    """A promise about an urban share.

    Attributes
    ----------
    name : str
        Short name; the same for every region that it is asked of.
    region : str
        Region code.
    year : int
        At the end of this year.
    threshold : float
        Urban share promised. [1]
    reading : {"strict", "about"}
        Whether the share must reach the threshold, or come near it.
    tolerance : float
        How far below the threshold still counts; zero in the strict reading. [1]
    evidence : Evidence, optional
        Where the promise stands.
    """

    name: str
    region: str
    year: int
    threshold: float
    reading: Reading = "strict"
    tolerance: float = 0.0
    evidence: Evidence | None = None

    def __post_init__(self) -> None:
        found = f"threshold {self.threshold:g}, tolerance {self.tolerance:g}"
        if not 0 < self.threshold < 1 or not 0 <= self.tolerance < self.threshold:
            raise ScenarioError(
                "a target is a share between 0 and 1, its tolerance smaller",
                where=f"target {self.name}",
                found=found,
                cure="write 0.65 for 65 %",
            )
        if (self.reading == "strict") != (self.tolerance == 0):
            raise ScenarioError(
                "the strict reading has no tolerance, and 'about' states one",
                where=f"target {self.name}",
                found=f"reading {self.reading}, {found}",
            )

    @property
    def bar(self) -> float:
        """Share that is enough: the threshold less the tolerance. [1]"""
        return self.threshold - self.tolerance


@dataclass(frozen=True)
class Assessment:
    """Is the promise kept.

    Attributes
    ----------
    scenario : str
        Name of the scenario.
    as_of : int
        Last year of knowledge.
    target : Target
        What was promised.
    probability, standard_error : float
        That the share is at or above the bar; Monte Carlo standard error. [1]
    median, lower80, upper80, lower95, upper95 : float
        Urban share in the target's year, equal-tailed intervals. [1]
    shortfall : float
        Mean distance to the bar in the draws that miss it; zero if none does.
        [percentage point]
    """

    scenario: str
    as_of: int
    target: Target
    probability: float
    standard_error: float
    median: float
    lower80: float
    upper80: float
    lower95: float
    upper95: float
    shortfall: float


def assess(
    urban_share: xr.DataArray, target: Target, *, scenario: str = "", as_of: int = 0
) -> Assessment:
    """Count in how many draws a target is met.

    Parameters
    ----------
    urban_share : DataArray
        Urban share at year ends, ``(draw, year, region)``; draws in the order
        of the chains, years from the base year on. [1]
    target : Target
        What was promised.
    scenario : str
        Name of the scenario, carried along.
    as_of : int
        Last year of knowledge, carried along.

    Returns
    -------
    Assessment
        Probability, error, equal-tailed intervals and shortfall.

    Raises
    ------
    ScenarioError
        If the year lies before the base year or after the forecast, or the
        region is not there.
    """
    shares = reached_share(urban_share, target)
    met = count(shares >= target.bar)
    points = np.quantile(shares, list(QUANTILES.values()))
    missing = shortfall(urban_share, target)
    return Assessment(
        scenario=scenario,
        as_of=as_of,
        target=target,
        probability=met.value,
        standard_error=met.standard_error,
        **dict(zip(QUANTILES, points.tolist(), strict=True)),
        shortfall=float(missing[missing > 0].mean()) if (missing > 0).any() else 0.0,
    )


def reached_share(urban_share: xr.DataArray, target: Target) -> np.ndarray:
    """Select the share that a target speaks of.

    Parameters
    ----------
    urban_share : DataArray
        ``(draw, year, region)``. [1]
    target : Target
        Gives year and region.

    Returns
    -------
    ndarray
        One share per draw.

    Raises
    ------
    ScenarioError
        As in `assess`.
    """
    years = urban_share["year"].values
    if target.year < years.min():
        raise ScenarioError(
            "a target lies before the base year",
            where=f"target {target.name}",
            found=f"{target.year}; the forecast starts at the end of {years.min()}",
            cure="choose a later year",
        )
    if target.year > years.max():
        raise ScenarioError(
            "a target lies after the last year of the forecast",
            where=f"target {target.name}",
            found=f"{target.year}; the forecast ends in {years.max()}",
            cure=f"forecast to {target.year}",
        )
    at = paths_of(urban_share, target).sel(year=target.year)
    return check_quantity("urban_share", at).values


def shortfall(urban_share: xr.DataArray, target: Target) -> np.ndarray:
    """Measure how far each draw stays below the bar.

    Parameters
    ----------
    urban_share : DataArray
        ``(draw, year, region)``. [1]
    target : Target
        What was promised.

    Returns
    -------
    ndarray
        One per draw, zero where the bar is reached. [percentage point]
    """
    return 100 * np.maximum(target.bar - reached_share(urban_share, target), 0.0)


def joint(urban_share: xr.DataArray, targets: Sequence[Target]) -> Probability:
    """Count in how many draws several targets are all met.

    Parameters
    ----------
    urban_share : DataArray
        ``(draw, year, region)``. [1]
    targets : sequence of Target
        At least one.

    Returns
    -------
    Probability
        Share and standard error.
    """
    met = [reached_share(urban_share, target) >= target.bar for target in targets]
    return count(np.logical_and.reduce(met))


def paths_of(urban_share: xr.DataArray, target: Target) -> xr.DataArray:
    """Select the paths of a target's region.

    Parameters
    ----------
    urban_share : DataArray
        ``(draw, year, region)``. [1]
    target : Target
        Gives the region.

    Returns
    -------
    DataArray
        ``(draw, year)``. [1]

    Raises
    ------
    ScenarioError
        If the region was not forecast.
    """
    if set(urban_share.dims) != {"draw", "year", "region"}:
        raise ScenarioError(
            "an urban share has dimensions (draw, year, region)", found=str(urban_share.dims)
        )
    regions = [str(region) for region in urban_share["region"].values]
    if target.region not in regions:
        raise ScenarioError(
            "a target is set for a region that was not forecast",
            where=f"target {target.name}",
            found=target.region,
            cure=nearest(target.region, regions),
        )
    return urban_share.sel(region=target.region)

"""What is known of every rate, and how surely: the ground from which draws are made."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from qyforecast.demography.population import Population
from qyforecast.demography.rate_evidence import RateCheck, RateEvidence
from qyforecast.errors import RateError


@dataclass(frozen=True)
class Autoregression:
    """A yearly series that wanders about an uncertain level.

    Attributes
    ----------
    level, level_sd : float
        Long-run level and its standard deviation between draws.
    sd : float
        Standard deviation of a year about the level.
    persistence : float
        Correlation of neighbouring years, 0 to 1.
    """

    level: float
    level_sd: float
    sd: float
    persistence: float

    def __post_init__(self) -> None:
        if not (0 <= self.persistence < 1 and self.sd >= 0 and self.level_sd >= 0):
            raise RateError(
                "an autoregression has a persistence from 0 to below 1 and no negative spread",
                found=f"persistence {self.persistence}, sd {self.sd}, {self.level_sd}",
            )

    def times(self, factor: float) -> "Autoregression":
        """Give the same series in another unit.

        Parameters
        ----------
        factor : float
            How many of the new unit make one of the old.

        Returns
        -------
        Autoregression
            Level and spreads multiplied.
        """
        return replace(
            self, level=factor * self.level, level_sd=factor * self.level_sd, sd=factor * self.sd
        )

    def covariance(self, years: np.ndarray) -> np.ndarray:
        """Covariance of the years, that of the common level included.

        Parameters
        ----------
        years : ndarray
            Years.

        Returns
        -------
        ndarray
            ``(year, year)``.
        """
        lag = np.abs(years[:, None] - years[None, :])
        return self.sd**2 * self.persistence**lag + self.level_sd**2


@dataclass(frozen=True)
class Mortality:
    """Survival by residence, and how far and how surely it will lengthen.

    Attributes
    ----------
    survivorship : DataArray
        Share living a year longer, ``(level, area, sex, age)`` with levels low and
        high. [1]
    birth_survivorship : DataArray
        Share of the newborn alive at the end of the year, ``(level, area, sex)``. [1]
    gain_at : DataArray
        Gain in life expectancy over the base year at each mortality level,
        ``(level_weight,)``. [year]
    median_gain : DataArray
        Median gain, ``(year,)``. [year]
    level_sd : float
        Uncertainty of life expectancy in the base year. [year]
    yearly_sd : float
        Standard deviation of a year's shock, common to all counties. [year]
    """

    survivorship: xr.DataArray
    birth_survivorship: xr.DataArray
    gain_at: xr.DataArray
    median_gain: xr.DataArray
    level_sd: float
    yearly_sd: float

    def weight_of(self, gain: xr.DataArray) -> xr.DataArray:
        """Mortality level at which life expectancy has gained so much.

        Parameters
        ----------
        gain : DataArray
            Gain over the base year, any dimensions. [year]

        Returns
        -------
        DataArray
            Level from 0 to 1, same dimensions.

        Raises
        ------
        RateError
            If a gain lies outside the two levels.
        """
        low, high = float(self.gain_at.min()), float(self.gain_at.max())
        if not ((gain >= low) & (gain <= high)).all():
            raise RateError(
                "life expectancy leaves the range between the two mortality levels",
                found=f"gains from {float(gain.min()):.2f} to {float(gain.max()):.2f} years, "
                f"range {low:.2f} to {high:.2f}",
                cure="project fewer years, or estimate the rates with levels further apart",
            )
        levels = self.gain_at["level_weight"].values
        return gain.copy(data=np.interp(gain.values, self.gain_at.values, levels))

    def in_base_year(self, schedule: xr.DataArray) -> xr.DataArray:
        """Interpolate a schedule to the base year's life expectancy.

        Parameters
        ----------
        schedule : DataArray
            `survivorship` or `birth_survivorship`, ``(level, ...)``.

        Returns
        -------
        DataArray
            Without ``level``.
        """
        weight = float(self.weight_of(xr.DataArray(0.0)))
        low, high = (schedule.sel(level=level, drop=True) for level in ("low", "high"))
        return (1 - weight) * low + weight * high


@dataclass(frozen=True)
class Fertility:
    """Childbearing by residence and county, and its course.

    Attributes
    ----------
    rates : DataArray
        Births per woman and year in the base year, ``(area, age)``. [1 / year]
    sex_ratio_at_birth : float
        Boys per girl. [1]
    known : DataArray
        Log ratio of the city's fertility to that of the base year as found for
        past years, ``(year,)``. [1]
    known_sd : float
        Standard deviation of each of them. [1]
    course : Autoregression
        The log ratio.
    county_sd : float
        Standard deviation of a county's lasting deviation, log. [1]
    """

    rates: xr.DataArray
    sex_ratio_at_birth: float
    known: xr.DataArray
    known_sd: float
    course: Autoregression
    county_sd: float


@dataclass(frozen=True)
class ExternalMigration:
    """Migration between the city and the world outside, net at each age.

    Attributes
    ----------
    departure_rate : DataArray
        Net loss where an age loses, ``(area, sex, age)``. [1 / year]
    arrival_rate : DataArray
        Net gain per resident where an age gains, ``(area, sex, age)``. [1 / year]
    known : DataArray
        Published residents of the city at year ends, ``(year,)``. [person]
    known_sd : float
        Measurement error of each, relative. [1]
    course : Autoregression
        The city's yearly net total less what the rates give. [person / year]
    county_sd : float
        Standard deviation of a county's lasting deviation, log. [1]
    """

    departure_rate: xr.DataArray
    arrival_rate: xr.DataArray
    known: xr.DataArray
    known_sd: float
    course: Autoregression
    county_sd: float


@dataclass(frozen=True)
class InternalMobility:
    """Moves inside the city.

    Attributes
    ----------
    leaving_rate : DataArray
        To another county of the city, ``(area, sex, age)``. [1 / year]
    destination : DataArray
        Pull of each county, ``(region,)``; sums to one. [1]
    moving_propensity, family_propensity : DataArray
        Sexes and ages of movers from village to town and of those who follow
        them, ``(sex, age)``; at most 1. [1]
    return_rate : DataArray
        Share of urban residents who go back, ``(sex, age)``. [1 / year]
    leaving_sd, return_sd : float
        Standard deviations of the log of their scales between draws. [1]
    """

    leaving_rate: xr.DataArray
    destination: xr.DataArray
    moving_propensity: xr.DataArray
    family_propensity: xr.DataArray
    return_rate: xr.DataArray
    leaving_sd: float
    return_sd: float


@dataclass(frozen=True)
class BaseRates:
    """All rates of the accounts as known in a year, with their uncertainty.

    Attributes
    ----------
    as_of : int
        Only figures published by the end of this year were used.
    population : Population
        The base year's residents by county and residence, single ages.
    mortality : Mortality
        Survival.
    fertility : Fertility
        Childbearing.
    migration : ExternalMigration
        To and from outside the city.
    mobility : InternalMobility
        Inside the city.
    evidence : tuple of RateEvidence
        What every number rests on.
    checks : tuple of RateCheck
        Estimates beside published figures.
    """

    as_of: int
    population: Population
    mortality: Mortality
    fertility: Fertility
    migration: ExternalMigration
    mobility: InternalMobility
    evidence: tuple[RateEvidence, ...] = ()
    checks: tuple[RateCheck, ...] = ()

    def total_fertility(self) -> xr.DataArray:
        """Total fertility of each area in the base year.

        Returns
        -------
        DataArray
            ``(area,)``. [children per woman]
        """
        return self.fertility.rates.sum("age")

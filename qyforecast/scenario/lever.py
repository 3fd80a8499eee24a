"""What every lever is: an uncertain effect, a time, places, and a stream of its own."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.ages import check_ages
from qyforecast.scenario.effect import Effect, Timing
from qyforecast.vocabulary import describe_place


@dataclass(frozen=True)
class Lever(ABC):
    """Something that is done, and what it changes.

    Attributes
    ----------
    name : str
        Names the lever and its random stream: the same lever in two scenarios
        has the same strengths, draw by draw.
    effect : Effect
        Strength when fully in force, in `unit`.
    timing : Timing
        When it acts.
    places : mapping of str to float, optional
        Region code -> part of the effect felt there (1 = all of it). None:
        the whole effect in every region.
    factor : float
        How hard it is pulled: 1 as stated, 0 not at all, -1 the inverse.
    saturation : float, optional
        The most that pulling harder can give, as a multiple of the stated effect; without
        it strength is in proportion to `factor`.
    ages : tuple of int and int, optional
        First and last age at which it is felt; all where None. Only some kinds know ages.
    """

    name: str
    effect: Effect
    timing: Timing
    places: Mapping[str, float] | None = None
    factor: float = 1.0
    saturation: float | None = None
    ages: tuple[int, int] | None = None

    kind: ClassVar[str]
    unit: ClassVar[str]
    #: Whether the rate that it moves has ages to choose from.
    by_age: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if self.places is not None:
            object.__setattr__(self, "places", dict(self.places))
        if self.saturation is not None and not 1 < self.saturation < np.inf:
            raise ScenarioError(
                "saturation is a multiple of the stated effect, more than 1",
                where=f"lever {self.name}",
                found=f"{self.saturation:g}",
                cure="3 means: at most three times the effect, however hard it is pulled",
            )
        if self.ages is not None:
            check_ages(self.name, self.kind, self.ages, known=self.by_age)

    @property
    def dose(self) -> float:
        """Multiple of the stated effect: `factor`, or less of it where it saturates.

        Each further turn takes the same share of what is left up to saturation; 1 is
        always the stated effect, and the inverse has the opposite sign.

        Returns
        -------
        float
            At most `saturation`, whatever the factor.
        """
        if self.saturation is None:
            return self.factor
        left = (1 - 1 / self.saturation) ** abs(self.factor)
        return float(np.copysign(self.saturation * (1 - left), self.factor))

    def scaled(self, factor: float) -> Self:
        """Give the same lever at another strength; -1 is its inverse.

        Parameters
        ----------
        factor : float
            Multiplies every strength.

        Returns
        -------
        Lever
            Same name, so the same random stream.
        """
        return replace(self, factor=self.factor * factor)

    def strength(
        self, drivers: Drivers, *, seed: int, order: np.ndarray | None = None
    ) -> xr.DataArray:
        """Draw the strength, once for each draw.

        Parameters
        ----------
        drivers : Drivers
            Gives the draws.
        seed : int
            Seed of the run. The stream depends on it and on the name only.
        order : ndarray of int, optional
            Which draw of the run each draw is, where they are fewer or in another order.

        Returns
        -------
        DataArray
            ``(draw,)``, in `unit`.
        """
        dose = 1.0 if self.factor == 1 else self.dose
        words = np.frombuffer(hashlib.sha256(self.name.encode()).digest()[:16], dtype="<u4")
        stream = np.random.SeedSequence(seed, spawn_key=tuple(int(word) for word in words))
        count = drivers.draws if order is None else int(order.max()) + 1
        normal = np.random.default_rng(stream).standard_normal(count)
        normal = normal if order is None else normal[order]
        draws = drivers.employment["draw"]
        return xr.DataArray(dose * self.effect.strengths(normal), coords={"draw": draws})

    @abstractmethod
    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Change the drivers or the rates.

        Parameters
        ----------
        drivers : Drivers
            Covariate futures.
        rates : Rates
            Demographic rates.
        strength : DataArray
            ``(draw,)``, in `unit`. Draws with strength zero are left as they
            are, to the last bit.

        Returns
        -------
        tuple of Drivers, Rates
            New values; the arguments stay as they were.

        Raises
        ------
        ScenarioError
            If the strength leads outside what is possible.
        """

    def reach(self, strength: xr.DataArray, drivers: Drivers) -> xr.DataArray:
        """Spread a strength over the years and places where it is felt.

        What is in force in the base year is in the data already: only what
        comes on top of it counts, and what ends later is taken away again.

        Parameters
        ----------
        strength : DataArray
            ``(draw,)``.
        drivers : Drivers
            Gives years and regions.

        Returns
        -------
        DataArray
            ``(draw, year, region)``, zero up to the base year.
        """
        years = np.asarray(drivers.years)
        known = self.timing.in_force(np.asarray([drivers.base_year]))
        part = np.where(years > drivers.base_year, self.timing.in_force(years) - known, 0.0)
        shares = self.parts(drivers.regions)
        values = strength.values[:, None, None] * part[:, None] * shares
        coords = {"draw": strength["draw"], "year": drivers.employment["year"]}
        coords["region"] = drivers.employment["region"]
        return xr.DataArray(values, dims=("draw", "year", "region"), coords=coords)

    def parts(self, regions: Sequence[str]) -> np.ndarray:
        """Give the part of the effect felt in each region.

        Parameters
        ----------
        regions : sequence of str
            Region codes.

        Returns
        -------
        ndarray
            One number per region.

        Raises
        ------
        ScenarioError
            If a place of the lever is not among the regions.
        """
        if self.places is None:
            return np.ones(len(regions))
        unknown = sorted(set(self.places) - set(regions))
        if unknown:
            raise ScenarioError(
                "a lever names a region that the data do not have",
                where=f"lever {self.name}",
                found=", ".join(unknown),
                cure="known: " + ", ".join(regions),
            )
        return np.array([self.places.get(region, 0.0) for region in regions])


def first_place(bad: xr.DataArray) -> tuple[str, tuple[int, ...]]:
    """Find the first cell that holds true.

    Parameters
    ----------
    bad : DataArray of bool
        True somewhere.

    Returns
    -------
    tuple of str and tuple of int
        The cell in words, and its index.
    """
    index = np.unravel_index(int(np.argmax(bad.values)), bad.shape)
    place = tuple(int(i) for i in index)
    return describe_place(bad, place), place

"""Levers on people: who returns, follows, leaves, comes, is reclassified or housed."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, final

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Interventions, Migration, Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever, first_place

_DIMS = ("draw", "year", "region")


@dataclass(frozen=True)
class _Intervention(Lever):
    """Adds to one field of `Interventions`."""

    field: ClassVar[Literal["retained", "followers", "extra_movers", "reclassified"]]
    #: A number of people in all, an equal part of them in each year of the ramp.
    in_all: ClassVar[bool] = False
    #: The field cannot be more than this.
    limit: ClassVar[float] = np.inf

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.in_all and self.timing.end is not None:
            raise ScenarioError(
                f"a lever of kind {self.kind} has no end",
                where=f"lever {self.name}",
                cure="remove end: its people come during the ramp, and stay",
            )

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Add to the interventions; see `Lever.act`."""
        if rates.mobility is None:
            raise _nothing_to_act_on(self, "moves inside the city")
        before = rates.interventions or Interventions()
        addition = self.reach(strength, drivers)
        if self.in_all:
            # What is in force by the end of each year, less what was a year before.
            addition = addition - addition.shift(year=1, fill_value=0.0)
        after = _combine(getattr(before, self.field), addition, drivers, scale=False)
        too_much = after > self.limit
        if too_much.values.any():
            words, place = first_place(too_much)
            raise ScenarioError(
                f"{self.field} would be more than {self.limit:g}",
                where=f"lever {self.name}, {words}",
                found=f"{after.values[place]:.3f}",
                cure=f"make this lever, or another of kind {self.kind}, weaker",
            )
        return drivers, replace(rates, interventions=replace(before, **{self.field: after}))


@final
@dataclass(frozen=True)
class Return(_Intervention):
    """Fewer go back to the village: share of each year's returners who stay."""

    kind: ClassVar[str] = "return"
    unit: ClassVar[str] = "share of returners who stay"
    field = "retained"
    limit = 1.0


@final
@dataclass(frozen=True)
class Family(_Intervention):
    """Families follow: extra movers for each rural to urban mover."""

    kind: ClassVar[str] = "family"
    unit: ClassVar[str] = "person per mover"
    field = "followers"


@final
@dataclass(frozen=True)
class Homes(_Intervention):
    """Homes for people from the villages: persons housed who would not have come."""

    kind: ClassVar[str] = "homes"
    unit: ClassVar[str] = "person"
    field = "extra_movers"
    in_all = True


@final
@dataclass(frozen=True)
class Reclassification(_Intervention):
    """Places become town: residents relabelled from rural to urban; nobody moves."""

    kind: ClassVar[str] = "reclassification"
    unit: ClassVar[str] = "person"
    field = "reclassified"
    in_all = True


@final
@dataclass(frozen=True)
class Leaving(Lever):
    """More or fewer leave the city: log of the ratio of departure rates."""

    kind: ClassVar[str] = "leaving"
    unit: ClassVar[str] = "log ratio"

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Scale the departure rates; see `Lever.act`."""
        migration = _migration(self, rates)
        departures = migration.departure_rate
        if departures is None or not departures.values.any():
            raise _nothing_to_act_on(self, "departure rates above zero")
        scale = _combine(
            migration.departure_scale, self.reach(strength, drivers), drivers, scale=True
        )
        return drivers, replace(rates, migration=replace(migration, departure_scale=scale))


@final
@dataclass(frozen=True)
class Coming(Lever):
    """More or fewer come to the city: log of the ratio of arrivals."""

    kind: ClassVar[str] = "coming"
    unit: ClassVar[str] = "log ratio"

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Scale the arrivals; see `Lever.act`."""
        migration = _migration(self, rates)
        if (migration.arrivals.values < 0).any() or migration.net_rate is not None:
            # Scaling a net loss up would make more people leave.
            raise _nothing_to_act_on(self, "gross arrivals (they are net, some negative)")
        scale = _combine(
            migration.arrivals_scale, self.reach(strength, drivers), drivers, scale=True
        )
        return drivers, replace(rates, migration=replace(migration, arrivals_scale=scale))


@final
@dataclass(frozen=True)
class Fertility(Lever):
    """More or fewer births: log of the ratio of birth rates."""

    kind: ClassVar[str] = "fertility"
    unit: ClassVar[str] = "log ratio"

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Scale the birth rates; see `Lever.act`."""
        vital = rates.vital
        scale = _combine(vital.fertility_scale, self.reach(strength, drivers), drivers, scale=True)
        return drivers, replace(rates, vital=replace(vital, fertility_scale=scale))


@final
@dataclass(frozen=True)
class Mortality(Lever):
    """Longer or shorter lives: added to the weight of the low-mortality table.

    The weight runs from 0 (the table of low survival) to 1 (the table of high
    survival) and is one for the whole city.
    """

    kind: ClassVar[str] = "mortality"
    unit: ClassVar[str] = "level"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.places is not None:
            raise ScenarioError(
                "mortality moves in the whole city at once",
                where=f"lever {self.name}",
                cure="write places: all",
            )

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Move the level of mortality; see `Lever.act`."""
        before = rates.vital.mortality_level
        if before is None:
            raise _nothing_to_act_on(self, "a level of mortality")
        reach = self.reach(strength, drivers)
        level = _combine(before, reach.isel(region=0, drop=True), drivers, scale=False)
        outside = ~((level >= 0) & (level <= 1))
        if outside.values.any():
            words, place = first_place(outside)
            raise ScenarioError(
                "a lever moves the level of mortality outside 0 to 1",
                where=f"lever {self.name}, {words}",
                found=f"{level.values[place]:.3f}",
                cure="make the lever weaker; the two tables are as far as it goes",
            )
        return drivers, replace(rates, vital=replace(rates.vital, mortality_level=level))


def _combine(
    before: xr.DataArray | None, reach: xr.DataArray, drivers: Drivers, *, scale: bool
) -> xr.DataArray:
    """Add to what is there, or multiply it by the exponential, by labels."""
    future = [year for year in drivers.years if year > drivers.base_year]
    if before is None:
        change = reach.sel(year=future)
        return xr.DataArray(np.exp(change)) if scale else change
    labels = {"year": future}
    labels |= {str(dim): before[dim].values for dim in before.dims if dim in reach.dims}
    try:
        change = reach.sel(labels)
    except KeyError as error:
        raise ScenarioError(
            "drivers and rates have different years, regions or draws", found=str(error)
        ) from error
    after = before * np.exp(change) if scale else before + change
    return after.transpose(*(dim for dim in _DIMS if dim in after.dims))


def _migration(lever: Lever, rates: Rates) -> Migration:
    if rates.migration is None:
        raise _nothing_to_act_on(lever, "rates of migration")
    return rates.migration


def _nothing_to_act_on(lever: Lever, missing: str) -> ScenarioError:
    return ScenarioError(
        f"a lever of kind {lever.kind} has nothing to act on",
        where=f"lever {lever.name}",
        found=f"the rates hold no {missing}",
        cure="leave the lever out, or estimate these rates first",
    )

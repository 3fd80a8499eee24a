"""Levers on rates: who leaves, who comes, how many are born and how long they live."""

from dataclasses import dataclass, replace
from typing import ClassVar, final

import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Migration, Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.ages import part_at
from qyforecast.scenario.changes import combine, nothing_to_act_on
from qyforecast.scenario.lever import Lever, first_place


@final
@dataclass(frozen=True)
class Leaving(Lever):
    """More or fewer leave the city: log of the ratio of departure rates."""

    kind: ClassVar[str] = "leaving"
    unit: ClassVar[str] = "log ratio"
    by_age = True

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Scale the departure rates; see `Lever.act`."""
        migration = _migration(self, rates)
        departures = migration.departure_rate
        if departures is None or not departures.values.any():
            raise nothing_to_act_on(self, "departure rates above zero")
        reach = self.reach(strength, drivers) * part_at(departures, self.ages, self.name)
        scale = combine(migration.departure_scale, reach, drivers, scale=True)
        return drivers, replace(rates, migration=replace(migration, departure_scale=scale))


@final
@dataclass(frozen=True)
class Coming(Lever):
    """More or fewer come to the city: log of the ratio of arrivals."""

    kind: ClassVar[str] = "coming"
    unit: ClassVar[str] = "log ratio"
    by_age = True

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Scale the arrivals; see `Lever.act`."""
        migration = _migration(self, rates)
        if (migration.arrivals.values < 0).any() or migration.net_rate is not None:
            # Scaling a net loss up would make more people leave.
            raise nothing_to_act_on(self, "gross arrivals (they are net, some negative)")
        reach = self.reach(strength, drivers) * part_at(migration.arrivals, self.ages, self.name)
        scale = combine(migration.arrivals_scale, reach, drivers, scale=True)
        return drivers, replace(rates, migration=replace(migration, arrivals_scale=scale))


@final
@dataclass(frozen=True)
class Fertility(Lever):
    """More or fewer births: log of the ratio of birth rates."""

    kind: ClassVar[str] = "fertility"
    unit: ClassVar[str] = "log ratio"
    by_age = True

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Scale the birth rates; see `Lever.act`."""
        vital = rates.vital
        reach = self.reach(strength, drivers) * part_at(vital.fertility, self.ages, self.name)
        scale = combine(vital.fertility_scale, reach, drivers, scale=True)
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
            raise nothing_to_act_on(self, "a level of mortality")
        reach = self.reach(strength, drivers)
        level = combine(before, reach.isel(region=0, drop=True), drivers, scale=False)
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


def _migration(lever: Lever, rates: Rates) -> Migration:
    if rates.migration is None:
        raise nothing_to_act_on(lever, "rates of migration")
    return rates.migration

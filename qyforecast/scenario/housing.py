"""Homes: people who come because they are housed, and families for whom there is no room."""

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Interventions, Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.changes import combine, nothing_to_act_on
from qyforecast.scenario.effect import Effect
from qyforecast.scenario.interventions import Intervention
from qyforecast.scenario.lever import Lever


@final
@dataclass(frozen=True)
class Homes(Intervention):
    """Homes for people from the villages: persons housed who would not have come."""

    kind: ClassVar[str] = "homes"
    unit: ClassVar[str] = "person"
    field = "extra_movers"
    in_all = True

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_homes(self.name, self.effect)


@final
@dataclass(frozen=True)
class HomesCap(Lever):
    """Homes as a limit: no more family members come than there are homes for.

    An equal part of the homes is there in each year from `start` to the end of the ramp,
    and binds the family members whom the levers *before* it in the scenario bring. The
    accounts know movers only as they go, so the limit is one on family members for each
    mover: persons housed in a year over `movers`.

    Attributes
    ----------
    movers : float
        Movers from village to town in a year, in all places of the lever together. [person]
    """

    kind: ClassVar[str] = "homes_cap"
    unit: ClassVar[str] = "person"
    movers: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        _check_homes(self.name, self.effect)
        where = f"lever {self.name}"
        if not self.movers > 0:
            raise ScenarioError(
                "a limit by homes needs the movers of a year", where=where, cure="add movers:"
            )
        if not 0 <= self.factor <= 1:
            raise ScenarioError(
                "a limit is not pulled the other way, nor harder than in full",
                where=where,
                found=f"{self.factor:g} times",
                cure="choose a factor from 0 (no limit) to 1 (in full)",
            )
        if self.timing.end is not None:
            raise ScenarioError(
                "a limit by homes ends with its ramp", where=where, cure="remove end"
            )

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Limit the family members who follow; see `Lever.act`."""
        if rates.mobility is None:
            raise nothing_to_act_on(self, "moves inside the city")
        before = rates.interventions or Interventions()
        if before.followers is None or self.dose == 0:
            return drivers, rates
        length = max(self.timing.ramp, 1)
        room = strength / self.dose / length / self.movers
        years, start = before.followers["year"], self.timing.start
        open_years = (years >= start) & (years < start + length)
        here = xr.DataArray(
            self.parts(drivers.regions) > 0, coords={"region": drivers.employment["region"]}
        )
        over = (before.followers - room).where((strength > 0) & open_years & here, 0.0)
        turned_away = -self.dose * xr.DataArray(np.maximum(over, 0.0))
        turned_away = turned_away.transpose(*before.followers.dims)
        after = combine(before.followers, _on_all_years(turned_away, drivers), drivers, scale=False)
        return drivers, replace(rates, interventions=replace(before, followers=after))


def _on_all_years(values: xr.DataArray, drivers: Drivers) -> xr.DataArray:
    return values.reindex(year=list(drivers.years)).fillna(0.0)


def _check_homes(name: str, effect: Effect) -> None:
    if effect.low < 0:
        raise ScenarioError(
            "homes below zero",
            where=f"lever {name}",
            found=f"low {effect.low:g}",
            cure="write the number of people housed, zero or more",
        )

"""Levers on moves between village and town: who returns, who follows, what becomes town."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, final

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Interventions, Mobility, Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.ages import part_at
from qyforecast.scenario.changes import combine, nothing_to_act_on
from qyforecast.scenario.lever import Lever, first_place


@dataclass(frozen=True)
class Intervention(Lever):
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
            raise nothing_to_act_on(self, "moves inside the city")
        before = rates.interventions or Interventions()
        addition = self.reach(strength, drivers)
        if self.ages is not None:
            addition = addition * self.part(rates.mobility)
        if self.in_all:
            # What is in force by the end of each year, less what was a year before.
            addition = addition.copy(data=np.diff(addition.values, axis=1, prepend=0.0))
        after = combine(getattr(before, self.field), addition, drivers, scale=False)
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

    def part(self, mobility: Mobility) -> xr.DataArray:
        """Find which part of the flow is at the lever's ages.

        Parameters
        ----------
        mobility : Mobility
            Moves inside the city.

        Returns
        -------
        DataArray
            A number between 0 and 1.
        """
        if mobility.return_rate is None:
            raise nothing_to_act_on(self, "rates of return by age")
        return part_at(mobility.return_rate, self.ages, self.name)


@final
@dataclass(frozen=True)
class Return(Intervention):
    """Fewer go back to the village: share of each year's returners who stay."""

    kind: ClassVar[str] = "return"
    unit: ClassVar[str] = "share of returners who stay"
    by_age = True
    field = "retained"
    limit = 1.0


@final
@dataclass(frozen=True)
class Family(Intervention):
    """Families follow: extra movers for each rural to urban mover."""

    kind: ClassVar[str] = "family"
    unit: ClassVar[str] = "person per mover"
    field = "followers"


@final
@dataclass(frozen=True)
class Reclassification(Intervention):
    """Places become town: residents relabelled from rural to urban; nobody moves."""

    kind: ClassVar[str] = "reclassification"
    unit: ClassVar[str] = "person"
    field = "reclassified"
    in_all = True

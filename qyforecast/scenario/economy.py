"""Levers on the drivers: jobs, value added, and the pace of urban growth."""

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever, first_place


@final
@dataclass(frozen=True)
class Jobs(Lever):
    """New jobs in a sector, taken by farmers and by people who had no work here.

    With J jobs, P persons employed in the primary sector and P0 of them in
    the base year, ``P (1 - exp(-from_primary J / P0))`` leave farming: about
    `from_primary` of the jobs while there are farmers to leave, fewer as
    there are not (saturation). The rest are additional employed: people who
    come, who did not work, or who worked elsewhere. Jobs add up, whatever the
    order of the levers, and a lever and its inverse cancel.

    Attributes
    ----------
    sector : {"secondary", "tertiary"}
        Where the jobs are.
    from_primary : float
        Share of the jobs taken by workers from farming, while farmers are many.
    """

    kind: ClassVar[str] = "jobs"
    unit: ClassVar[str] = "person"
    sector: str = "secondary"
    from_primary: float = 0.5

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.sector not in ("secondary", "tertiary"):
            raise ScenarioError("jobs are in the secondary or tertiary sector", found=self.sector)
        if not 0 <= self.from_primary <= 1:
            raise ScenarioError(
                "from_primary is a share between 0 and 1", found=f"{self.from_primary:g}"
            )

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Add the jobs to employment; see `Lever.act`."""
        jobs = self.reach(strength, drivers)
        shares, employed = drivers.employment, drivers.employed
        sectors = [str(sector) for sector in shares["sector"].values]
        farming, own = sectors.index("primary"), sectors.index(self.sector)
        base = shares.sel(year=drivers.base_year, sector="primary", drop=True)
        farmers_base = (base * _at_base(drivers)).transpose("draw", "region")
        self._check_size(jobs, drivers)
        workers = employed.values if employed.ndim == 1 else employed.transpose(*jobs.dims).values
        # Plain arrays from here on: a bundle pulls ten of these levers.
        new = jobs.values
        before = shares.transpose(*jobs.dims, "sector").values
        leave_share = -np.expm1(-self.from_primary * new / farmers_base.values[:, None])
        leavers = before[..., farming] * workers * leave_share
        added = new - leavers
        moved = before.copy()
        moved[..., farming] -= leavers / workers
        moved[..., own] += new / workers
        # Written so that no jobs leave the shares as they are, to the last bit.
        moved /= (1 + added / workers)[..., None]
        after = shares.transpose(*jobs.dims, "sector").copy(data=moved).transpose(*shares.dims)
        if moved.min() < 0:
            self._check_shares(after)
        total = jobs.copy(data=workers + added)
        return replace(drivers, employment=after, employed=total), rates

    def _check_size(self, jobs: xr.DataArray, drivers: Drivers) -> None:
        excess = xr.DataArray(np.abs(jobs)) > _at_base(drivers)
        if excess.values.any():
            words, place = first_place(excess)
            raise ScenarioError(
                "a lever makes or ends more jobs than the county has workers",
                where=f"lever {self.name}, {words}",
                found=f"{jobs.values[place]:,.0f} jobs",
                cure="look at the unit (person) and at the width of the range",
            )

    def _check_shares(self, shares: xr.DataArray) -> None:
        bad = shares < 0
        if bad.values.any():
            raise ScenarioError(
                "a lever ends more jobs than there are in the sector",
                where=f"lever {self.name}, {first_place(bad)[0]}",
                cure="make the lever weaker",
            )


@final
@dataclass(frozen=True)
class ValueAdded(Lever):
    """A shift of value added towards a sector.

    The strength is added to the log odds of the sector's share; the others
    keep their proportions. 0.1 is about 2.5 points where the share is half.

    Attributes
    ----------
    sector : str
        The sector that gains.
    """

    kind: ClassVar[str] = "value_added"
    unit: ClassVar[str] = "log odds"
    sector: str = "secondary"

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Shift the shares of value added; see `Lever.act`."""
        shares = drivers.value_added
        gain = self.reach(strength, drivers)
        whole = 1 + shares.sel(sector=self.sector, drop=True) * np.expm1(gain)
        own = shares["sector"] == self.sector
        shifted = shares * np.exp(gain * own) / whole
        return replace(drivers, value_added=shifted.transpose(*shares.dims)), rates


@final
@dataclass(frozen=True)
class Pace(Lever):
    """More or less rural to urban movement: log odds added to each year's change."""

    kind: ClassVar[str] = "pace"
    unit: ClassVar[str] = "log odds per year"

    def act(self, drivers: Drivers, rates: Rates, strength: xr.DataArray) -> tuple[Drivers, Rates]:
        """Add to the pace; see `Lever.act`."""
        return replace(drivers, pace=drivers.pace + self.reach(strength, drivers)), rates


def _at_base(drivers: Drivers) -> xr.DataArray:
    employed = drivers.employed
    if "year" in employed.dims:
        return employed.sel(year=drivers.base_year, drop=True)
    return employed

"""What a driver does to the urban share: average marginal effects, by draws."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.errors import DataError
from qyforecast.inference.course import Course, urban_path
from qyforecast.inference.spec import ModelSpec

#: Additional jobs of the first unit.
JOBS = 1000.0
#: A share is moved by this much and the effect scaled to a point: shares near their bound
#: have no room for more. [1]
STEP = 1e-4
POINT = 0.01
QUANTILES = {"median": 0.5, "low80": 0.1, "high80": 0.9, "low95": 0.025, "high95": 0.975}


@dataclass(frozen=True)
class _Push:
    """One perturbation of the drivers, and by what its effect is multiplied."""

    driver: str
    sector: str
    unit: str
    drivers: Drivers
    factor: float


def marginal_effects(
    course: Course,
    drivers: Drivers,
    spec: ModelSpec,
    residents: xr.DataArray,
    *,
    city: str,
    years: Sequence[int],
) -> pd.DataFrame:
    """Compare, draw by draw, paths with a little more of a driver and without.

    The driver is raised from the year after the base year on and stays raised; the other
    sectors give in proportion, so that shares sum to one. A county's row is the effect on
    it of a change in it; the city's row spreads 1,000 jobs over the counties as the
    employed are, or raises the share by a point everywhere.

    Parameters
    ----------
    course : Course
        What moves the counties besides their drivers.
    drivers : Drivers
        The baseline's.
    spec : ModelSpec
        Names the drivers and their sectors.
    residents : DataArray
        Residents of the counties, ``(region,)``: weights of the city. [person]
    city : str
        Code to give the sum of all counties.
    years : sequence of int
        Years in which the effect is told, at their ends.

    Returns
    -------
    DataFrame
        ``driver, sector, unit, region, year``, and of the effect in percentage points of
        urban share ``mean``, ``median``, ``low80, high80, low95, high95``; unit is
        ``1,000 jobs`` or ``point of share``.

    Raises
    ------
    DataError
        If a year is not among those of the drivers after the base year.
    """
    late = [year for year in years if year not in drivers.years[1:]]
    if late:
        raise DataError(
            "a marginal effect is asked for a year that is not forecast",
            found=str(late[0]),
            cure=f"choose {drivers.years[1]} to {drivers.years[-1]}",
        )
    weights = residents.sel(region=list(drivers.regions)).values
    weights = weights / weights.sum()
    without = urban_path(course, drivers, spec).share
    rows = []
    for whole in (False, True):
        for push in _pushes(drivers, spec, together=whole):
            moved = (urban_path(course, push.drivers, spec).share - without) * push.factor * 100
            effect = moved.sel(year=list(years)).transpose("draw", "year", "region").values
            if whole:
                rows += _rows(push, (effect @ weights)[..., None], [city], years)
            else:
                rows += _rows(push, effect, drivers.regions, years)
    return pd.DataFrame(rows)


def _pushes(drivers: Drivers, spec: ModelSpec, *, together: bool) -> Iterator[_Push]:
    """Perturb each driver that the model reads."""
    before = drivers.employed.isel(year=0) if "year" in drivers.employed.dims else drivers.employed
    employed = before.mean("draw") if "draw" in before.dims else before
    jobs = JOBS * employed / employed.sum() if together else xr.full_like(employed, JOBS)
    for sector in spec.drivers["employment"]:
        added = employed * drivers.employment.sel(sector=sector) + jobs
        shares = _raised(drivers, "employment", sector, added / (employed + jobs))
        yield _Push("employment", sector, "1,000 jobs", replace(drivers, employment=shares), 1.0)
    for name, sectors in spec.drivers.items():
        for sector in sectors:
            now = getattr(drivers, name).sel(sector=sector)
            step = STEP if float(now.max()) < 1 - STEP else -STEP
            moved = replace(drivers, **{name: _raised(drivers, name, sector, now + step)})
            yield _Push(name, sector, "point of share", moved, POINT / step)


def _raised(drivers: Drivers, name: str, sector: str, target: xr.DataArray) -> xr.DataArray:
    """Set a sector's share after the base year; the others give in proportion."""
    shares: xr.DataArray = getattr(drivers, name)
    now = shares.sel(sector=sector)
    scaled = shares * ((1 - target) / (1 - now))
    raised = xr.where(shares["sector"] == sector, target, scaled)
    later = shares["year"] > drivers.base_year
    return xr.where(later, raised, shares).transpose(*shares.dims)


def _rows(
    push: _Push, effect: np.ndarray, regions: Sequence[str], years: Sequence[int]
) -> list[dict]:
    """Summarise an effect ``(D, Y, R)`` over the draws."""
    points = np.quantile(effect, list(QUANTILES.values()), axis=0)
    columns = ["driver", "sector", "unit", "region", "year", "mean", *QUANTILES]
    rows = []
    for r, region in enumerate(regions):
        for y, year in enumerate(years):
            of_what = [push.driver, push.sector, push.unit, region, int(year)]
            figures = [effect[:, y, r].mean(), *points[:, y, r]]
            rows.append(dict(zip(columns, of_what + [float(f) for f in figures], strict=True)))
    return rows

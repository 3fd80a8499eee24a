"""How employment, value added and pace may go: what the regression's future rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add

import numpy as np
import xarray as xr

from qyforecast.errors import DataError
from qyforecast.vocabulary import SECTORS, check_quantity

_SHARES = {"employment": "employment_share", "value_added": "value_added_share"}
_DIMS = ("draw", "year", "region")


@dataclass(frozen=True)
class Drivers:
    """Covariate futures, the same draws for every scenario.

    Attributes
    ----------
    employment : DataArray
        Share of each sector in all employed, ``(draw, year, region, sector)``,
        average of the year; sums to one over sectors. [1]
    value_added : DataArray
        Share of each sector in value added, same dimensions. [1]
    employed : DataArray
        Persons employed, ``(region,)``: the base year's number, carried
        forward unchanged. Jobs that are additional make it
        ``(draw, year, region)``. [person]
    pace : DataArray
        Log odds added to the yearly change of the urban share,
        ``(draw, year, region)``; zero where nothing is done. [1 / year]
    base_year : int
        Last year before the future; it is among the years.
    nation : Dataset, optional
        The mean place of the nation, against which a regression measures regions:
        ``employment`` and ``value_added``, ``(draw, year, sector)``. Levers leave it. [1]
    """

    employment: xr.DataArray
    value_added: xr.DataArray
    employed: xr.DataArray
    pace: xr.DataArray
    base_year: int
    nation: xr.Dataset | None = None

    def __post_init__(self) -> None:
        for name, quantity in _SHARES.items():
            shares = getattr(self, name)
            _check_labels(name, shares, (*_DIMS, "sector"), self.employment)
            _check_sum(name, check_quantity(quantity, shares))
        _check_labels("pace", self.pace, _DIMS, self.employment)
        if not np.isfinite(self.pace.values).all():
            raise DataError("pace has missing or infinite values")
        _check_employed(self.employed, self.employment)
        if self.base_year not in self.years:
            raise DataError(
                "the base year is not among the drivers' years",
                found=f"base year {self.base_year}, years {self.years[0]} to {self.years[-1]}",
            )
        for name in ("employment", "value_added", "employed", "pace"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    @property
    def years(self) -> tuple[int, ...]:
        """Years covered, base year included."""
        return tuple(int(year) for year in self.employment["year"].values)

    @property
    def regions(self) -> tuple[str, ...]:
        """Region codes."""
        return tuple(str(region) for region in self.employment["region"].values)

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.employment.sizes["draw"]


def _check_labels(name: str, values: xr.DataArray, dims: Sequence[str], like: xr.DataArray) -> None:
    if tuple(values.dims) != tuple(dims):
        raise DataError(f"{name} has dimensions ({', '.join(dims)})", found=str(tuple(values.dims)))
    unlabelled = [dim for dim in dims if dim not in values.coords]
    if unlabelled:
        raise DataError(f"{name} has no labels along {', '.join(unlabelled)}")
    for dim in dims:
        if not np.array_equal(values[dim].values, like[dim].values):
            raise DataError(f"{name} and employment have different labels", where=dim)
    if "sector" in dims and tuple(values["sector"].values) != SECTORS:
        raise DataError(f"{name}: sectors must be {', '.join(SECTORS)}")


def _check_sum(name: str, shares: xr.DataArray) -> None:
    # Adding slices is several times as fast as a sum along an axis of three.
    total = reduce(add, np.moveaxis(shares.values, -1, 0))
    gap = float(np.abs(total - 1).max())
    if not gap <= 1e-9:
        raise DataError(
            f"{name} shares do not sum to one over sectors",
            found=f"a sum is off by {gap:.3g}",
            cure="divide by the sum where the shares are made",
        )


def _check_employed(employed: xr.DataArray, like: xr.DataArray) -> None:
    if tuple(employed.dims) not in (("region",), _DIMS):
        raise DataError(
            "employed has dimensions (region) or (draw, year, region)",
            found=str(tuple(employed.dims)),
        )
    _check_labels("employed", employed, [str(dim) for dim in employed.dims], like)
    if not (np.isfinite(employed.values) & (employed.values > 0)).all():
        raise DataError("every region must have a positive number of employed persons")


def _frozen(values: xr.DataArray) -> xr.DataArray:
    if values.values.flags.writeable:
        values = values.copy(deep=True)
        values.values.setflags(write=False)
    return values

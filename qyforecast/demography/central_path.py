"""The accounts run once at their central rates: what draws are measured against.

A light twin of the projection for the estimates only: it gives the births,
deaths and external migrants that the rates make of the base population, so
that a published total can be read as a year's net migration.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from qyforecast.demography.estimates import BaseRates
from qyforecast.vocabulary import SEXES

Floats = NDArray[np.float64]
_ORDER = ("area", "sex", "age")


@dataclass(frozen=True)
class CentralPath:
    """Flows of the central path; every one over the year labelled.

    Attributes
    ----------
    residents : DataArray
        ``(year, area)`` at year end. [person]
    births : DataArray
        At the base year's fertility, ``(year,)``. [person]
    women : DataArray
        Women weighted by the base year's fertility, per resident, ``(year,)``. [1]
    deaths_low, deaths_high : DataArray
        At the low and the high level, ``(year,)``. [person]
    arrivals : DataArray
        Arrivals from outside, ``(year, area, sex, age)``: those of the base year times
        the growth of the city's people of that sex and age. [person]
    departures : DataArray
        Departures, ``(year, area)``. [person]
    ages : DataArray
        Residents of all areas together at year end, ``(year, sex, age)``. [person]
    """

    residents: xr.DataArray
    births: xr.DataArray
    women: xr.DataArray
    deaths_low: xr.DataArray
    deaths_high: xr.DataArray
    arrivals: xr.DataArray
    departures: xr.DataArray
    ages: xr.DataArray


def run_central_path(
    base: BaseRates, weights: xr.DataArray, fertility: xr.DataArray
) -> CentralPath:
    """Run the accounts at central rates.

    Parameters
    ----------
    base : BaseRates
        Rates and base population.
    weights : DataArray
        Mortality level, ``(year,)`` for every year after the base year. [1]
    fertility : DataArray
        Factor on the base year's fertility, ``(year,)``. [1]

    Returns
    -------
    CentralPath
        Flows by year.
    """
    rates = _Arrays.of(base)
    stock = base.population.persons.transpose(*_ORDER).values.astype(float)
    rows = []
    for weight, scale in zip(weights.values, fertility.values, strict=True):
        stock, flows = rates.step(stock, float(weight), float(scale))
        rows.append({**flows, "residents": stock.sum((1, 2)), "ages": stock.sum(0)})
    columns = {key: np.stack([row[key] for row in rows]) for key in rows[0]}
    dims = {1: ("year",), 2: ("year", "area"), 3: ("year", *_ORDER[1:]), 4: ("year", *_ORDER)}
    labels = {d: base.population.persons[d].values for d in _ORDER}
    return CentralPath(**{
        key: xr.DataArray(
            values, dims=dims[values.ndim],
            coords={"year": weights["year"].values,
                    **{d: labels[d] for d in dims[values.ndim] if d != "year"}},
        )
        for key, values in columns.items()
    })  # fmt: skip


@dataclass(frozen=True)
class _Arrays:
    """The rates as plain arrays in the order (area, sex, age)."""

    survival: Floats
    newborn: Floats
    fertility: Floats
    girls: float
    newcomers: Floats
    city: Floats
    departure: Floats
    leaving: Floats
    moves: Floats

    @classmethod
    def of(cls, base: BaseRates) -> "_Arrays":
        like = base.population.persons.transpose(*_ORDER)
        place = {d: like[d].values for d in _ORDER}
        mortality, migration, mobility = base.mortality, base.migration, base.mobility

        def take(values: xr.DataArray) -> Floats:
            dims = [d for d in _ORDER if d in values.dims]
            return values.sel({d: place[d] for d in dims}).transpose(..., *dims).values

        level = {"level": ["low", "high"]}
        return cls(
            survival=take(mortality.survivorship.sel(level)),
            newborn=take(mortality.birth_survivorship.sel(level)),
            fertility=take(base.fertility.rates),
            girls=1 / (1 + base.fertility.sex_ratio_at_birth),
            newcomers=take(migration.arrival_rate) * like.values,
            city=np.maximum(like.values.sum(0), 1.0),
            departure=take(migration.departure_rate),
            leaving=take(mobility.leaving_rate),
            moves=_moves(like, mobility.destination),
        )

    def coming(self, stock: Floats) -> Floats:
        """Newcomers in proportion to the city's people of the age, divided as in the base year.

        In proportion to a county's own people a county that gains would gain ever more.
        """
        return self.newcomers * (stock.sum(0) / self.city)

    def step(self, stock: Floats, weight: float, scale: float) -> tuple[Floats, dict[str, Floats]]:
        """One year in the `even` timing of the accounts."""
        both = (0.5 * self.coming(stock), 0.5 * self.departure * stock)
        start = stock + both[0] - both[1]
        survival = (1 - weight) * self.survival[0] + weight * self.survival[1]
        aged = _age(start * survival)
        end = (0.5 * self.coming(aged), 0.5 * self.departure * aged)
        after = aged + end[0] - end[1]
        female = SEXES.index("female")
        women = (self.fertility * (start[:, female] + after[:, female]) / 2).sum(1)
        shares = np.array([1 - self.girls, self.girls])
        born = scale * women[:, None] * shares
        newborn = (1 - weight) * self.newborn[0] + weight * self.newborn[1]
        deaths = [
            (start * (1 - self.survival[k])).sum() + (born * (1 - self.newborn[k])).sum()
            for k in (0, 1)
        ]
        first = born * newborn
        aged[..., 0] = first
        after[..., 0] = first + 0.5 * self.coming(aged)[..., 0]
        after[..., 0] -= 0.5 * self.departure[..., 0] * first
        arrivals = both[0] + 0.5 * self.coming(aged)
        departures = both[1] + 0.5 * self.departure * aged
        moved = after * self.leaving
        after = after - moved + np.tensordot(self.moves, moved, axes=(0, 0))
        flows = {
            "births": women.sum(),
            "women": women.sum() / stock.sum(),
            "deaths_low": deaths[0],
            "deaths_high": deaths[1],
            "arrivals": arrivals,
            "departures": departures.sum((1, 2)),
        }
        return after, flows


def _age(stock: Floats) -> Floats:
    """Everybody a year older; the open age keeps its own, the youngest is empty."""
    older = np.concatenate([np.zeros_like(stock[..., :1]), stock[..., :-1]], axis=-1)
    older[..., -1] += stock[..., -1]
    return older


def _moves(like: xr.DataArray, destination: xr.DataArray) -> Floats:
    """Share of the leavers of each area (row) who come to each area (column)."""
    region, residence = like["region"].values, like["residence"].values
    pull = destination.sel(region=region).values
    to = np.where((region[:, None] != region[None, :]) & (residence[None, :] == "urban"), pull, 0.0)
    return to / to.sum(1, keepdims=True)

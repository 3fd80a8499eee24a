"""Small labelled worlds for the tests of the accounts."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Migration, Rates, Vital

SEXES = ["male", "female"]


def one_area(
    ages: Sequence[int], women: np.ndarray, men: np.ndarray, year: int, region: str = "X"
) -> Population:
    """Make a population of one region whose residence is not told apart."""
    persons = by_age(ages, women, men, region)
    return Population(persons, year)


def by_age(
    ages: Sequence[int], women: np.ndarray, men: np.ndarray, region: str = "X"
) -> xr.DataArray:
    """Label arrays by age of one area, ``(area, sex, age)``."""
    coords = {**area_coordinates([region], ("all",)), "sex": SEXES, "age": list(ages)}
    return xr.DataArray(np.stack([men, women])[None], coords, ("area", "sex", "age"))


def one_area_rates(
    ages: Sequence[int],
    survival: tuple[np.ndarray, np.ndarray],
    fertility: np.ndarray,
    migrants: tuple[np.ndarray, np.ndarray] | None = None,
    ratio: float = 1.05,
) -> Rates:
    """Make rates of one area from published survival ratios.

    `survival` is by age *reached* (from birth into the youngest group first, the open
    group's own last), women then men, as publications print it.
    """
    women, men = survival
    label = area_coordinates(["X"], ("all",))
    born = xr.DataArray([[men[0], women[0]]], {**label, "sex": SEXES}, ("area", "sex"))
    births = xr.DataArray(fertility[None], {**label, "age": list(ages)}, ("area", "age"))
    vital = Vital(by_age(ages, women[1:], men[1:]), born, births, ratio)
    return Rates(vital, Migration(by_age(ages, *migrants)) if migrants is not None else None)


def stack_years(rates: Sequence[Rates], years: Sequence[int]) -> Rates:
    """Join rates of one year each along the years they are for."""

    def join(arrays: list[xr.DataArray]) -> xr.DataArray:
        return xr.concat(arrays, xr.DataArray(list(years), dims="year", name="year"))

    vitals = [r.vital for r in rates]
    vital = Vital(
        join([v.survivorship for v in vitals]),
        join([v.birth_survivorship for v in vitals]),
        join([v.fertility for v in vitals]),
        join([xr.DataArray(v.sex_ratio_at_birth) for v in vitals]),
    )
    migrations = [r.migration.arrivals for r in rates if r.migration is not None]
    return Rates(vital, Migration(join(migrations)) if migrations else None)


def sexes(projected: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Take women and men of one draw and area."""
    one = projected.squeeze(("draw", "area"), drop=True)
    return one.sel(sex="female").values, one.sel(sex="male").values

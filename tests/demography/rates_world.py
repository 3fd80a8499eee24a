"""A small world of two counties with all its rates, for tests."""

import numpy as np
import xarray as xr

from qyforecast.demography.estimates import (
    Autoregression,
    BaseRates,
    ExternalMigration,
    Fertility,
    InternalMobility,
    Mortality,
)
from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.schedules import WESTERN
from qyforecast.vocabulary import SEXES

AGES = np.arange(101)
COORDS = area_coordinates(["1", "2"], ("urban", "rural"))
YEARS = list(range(2021, 2031))


def schedule(values):
    """Spread one curve over areas and sexes."""
    return xr.DataArray(
        np.broadcast_to(values, (4, 2, 101)).copy(), dims=("area", "sex", "age"),
        coords={**COORDS, "sex": list(SEXES), "age": AGES},
    )  # fmt: skip


def by_sex():
    curves = np.stack([WESTERN[sex].rates(AGES) for sex in SEXES])
    return xr.DataArray(curves, dims=("sex", "age"), coords={"sex": list(SEXES), "age": AGES})


def mortality():
    low = np.where(AGES < 60, 0.996, np.maximum(0.996 - 0.009 * (AGES - 60), 0.55))
    levels = xr.concat([schedule(low), schedule(low + 0.3 * (1 - low))], dim="level", join="exact")
    levels = levels.assign_coords(level=["low", "high"])
    weights = np.linspace(0, 1, 11)
    return Mortality(
        survivorship=levels,
        birth_survivorship=levels.isel(age=0, drop=True),
        gain_at=xr.DataArray(
            10 * weights - 4, dims="level_weight", coords={"level_weight": weights}
        ),
        median_gain=xr.DataArray(
            0.15 * np.arange(1, 11), dims="year", coords={"year": YEARS}
        ),
        level_sd=0.3,
        yearly_sd=0.1,
    )  # fmt: skip


def fertility():
    curve = np.where((AGES >= 18) & (AGES < 38), 1.6 / 20, 0.0)
    return Fertility(
        rates=schedule(curve).isel(sex=0, drop=True),
        sex_ratio_at_birth=1.07,
        known=xr.DataArray([0.0, -0.1], dims="year", coords={"year": [2020, 2021]}),
        known_sd=0.01,
        course=Autoregression(level=-0.2, level_sd=0.1, sd=0.1, persistence=0.8),
        county_sd=0.05,
    )


def migration(known=None, known_sd=0.002):
    known = known or {}
    return ExternalMigration(
        departure_rate=schedule(0.03 * np.exp(-(((AGES - 19) / 4.0) ** 2))),
        arrival_rate=schedule(0.004 * np.exp(-(((AGES - 30) / 6.0) ** 2))),
        known=xr.DataArray(
            np.array(list(known.values()), float), dims="year",
            coords={"year": np.array(list(known), int)},
        ),
        known_sd=known_sd,
        course=Autoregression(level=0.0, level_sd=100.0, sd=300.0, persistence=0.3),
        county_sd=0.1,
    )  # fmt: skip


def world(**changes):
    """Base rates of two counties, about 320,000 people."""
    shape = by_sex()
    people = 1000.0 * np.exp(-AGES / 70.0)
    base = {
        "as_of": 2022,
        "population": Population(schedule(people), 2020),
        "mortality": mortality(),
        "fertility": fertility(),
        "migration": migration(),
        "mobility": InternalMobility(
            leaving_rate=schedule(0.003),
            destination=xr.DataArray([0.6, 0.4], dims="region", coords={"region": ["1", "2"]}),
            moving_propensity=shape / shape.max(),
            family_propensity=shape / shape.max(),
            return_rate=0.01 * shape / shape.max(),
            leaving_sd=0.3,
            return_sd=0.4,
        ),
    }
    return BaseRates(**{**base, **changes})

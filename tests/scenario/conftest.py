"""A small world: two counties, three draws, four years."""

import numpy as np
import pytest
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.demography.population import area_coordinates
from qyforecast.demography.rates import Migration, Mobility, Rates, Vital
from qyforecast.vocabulary import RESIDENCES, SECTORS, SEXES

REGIONS = ("621002", "621021")
YEARS = (2020, 2021, 2022, 2023)
DRAWS = 3


@pytest.fixture
def drivers() -> Drivers:
    rng = np.random.default_rng(7)
    coords = {"draw": np.arange(DRAWS), "year": list(YEARS), "region": list(REGIONS)}
    dims = tuple(coords)
    shape = tuple(len(values) for values in coords.values())

    def shares() -> xr.DataArray:
        values = rng.dirichlet((4, 3, 5), size=shape)
        return xr.DataArray(values, dims=(*dims, "sector"), coords=coords | {"sector": [*SECTORS]})

    return Drivers(
        employment=shares(),
        value_added=shares(),
        employed=xr.DataArray([180_000.0, 80_000.0], coords={"region": list(REGIONS)}),
        pace=xr.DataArray(np.zeros(shape), dims=dims, coords=coords),
        base_year=2020,
    )


def schedule(value: float, dims: str) -> xr.DataArray:
    coords = area_coordinates(list(REGIONS), RESIDENCES)
    labels = {"area": coords["area"][1], "sex": list(SEXES), "age": [0, 1, 2, 3]}
    labels |= {"level": ["low", "high"]}
    kept = dims.split()
    made = xr.DataArray(
        np.full([len(labels[dim]) for dim in kept], value),
        dims=kept,
        coords={dim: labels[dim] for dim in kept},
    )
    return made.assign_coords(coords) if "area" in kept else made


@pytest.fixture
def rates() -> Rates:
    rng = np.random.default_rng(8)
    scales = xr.DataArray(
        rng.uniform(0.8, 1.2, (DRAWS, 3, 2)),
        dims=("draw", "year", "region"),
        coords={"draw": np.arange(DRAWS), "year": list(YEARS[1:]), "region": list(REGIONS)},
    )
    fertility = schedule(0.1, "area age")
    vital = Vital(
        survivorship=schedule(0.9, "level area sex age"),
        birth_survivorship=schedule(0.9, "level area sex"),
        fertility=fertility.where(fertility["age"] > 1, 0.0),
        mortality_level=scales.isel(region=0, drop=True) - 0.5,
        fertility_scale=scales,
    )
    migration = Migration(
        arrivals=schedule(5.0, "area sex age"),
        departure_rate=schedule(0.01, "area sex age"),
        departure_scale=scales,
    )
    return Rates(vital, migration, Mobility(moving_propensity=schedule(1.0, "sex age")))

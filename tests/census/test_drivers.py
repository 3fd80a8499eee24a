from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.errors import DataError
from qyforecast.vocabulary import SECTORS

COORDS = {"draw": [0], "year": [2020, 2021], "region": ["621002"]}


@pytest.fixture
def drivers() -> Drivers:
    shares = xr.DataArray(
        np.broadcast_to([0.4, 0.2, 0.4], (1, 2, 1, 3)),
        dims=(*COORDS, "sector"),
        coords=COORDS | {"sector": list(SECTORS)},
    )
    return Drivers(
        employment=shares,
        value_added=shares,
        employed=xr.DataArray([1000.0], coords={"region": ["621002"]}),
        pace=xr.DataArray(np.zeros((1, 2, 1)), dims=tuple(COORDS), coords=COORDS),
        base_year=2020,
    )


def test_arrays_cannot_be_written_to(drivers):
    with pytest.raises(ValueError, match="read-only"):
        drivers.pace.values[:] = 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: {"employment": d.employment * 1.01}, "do not sum to one"),
        (lambda d: {"employment": d.employment * np.nan}, "outside its range"),
        (lambda d: {"employment": 100 * d.employment}, "outside its range"),
        (lambda d: {"value_added": d.value_added.transpose("year", ...)}, "has dimensions"),
        (lambda d: {"value_added": d.value_added.isel(sector=[1, 0, 2])}, "different labels"),
        (lambda d: {"employment": d.employment.isel(sector=[1, 0, 2])}, "sectors must be"),
        (lambda d: {"pace": d.pace.assign_coords(year=[2021, 2022])}, "different labels"),
        (lambda d: {"pace": d.pace.drop_vars("draw")}, "no labels along draw"),
        (lambda d: {"pace": d.pace + np.inf}, "missing or infinite"),
        (lambda d: {"employed": 0 * d.employed}, "positive number"),
        (lambda d: {"employed": d.employed.assign_coords(region=["x"])}, "different labels"),
        (lambda d: {"base_year": 2019}, "not among"),
    ],
)
def test_drivers_that_cannot_be_are_refused(drivers, change, words):
    with pytest.raises(DataError, match=words):
        replace(drivers, **change(drivers))

"""Death rates that others computed for stated life expectancies, through the public functions.

All were run with the R package MortCast on China's rates of World Population Prospects 2017;
it halves a bracket until life expectancy is within 0.01 years, and so do these tests.
"""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.lifetable import life_expectancy
from qyforecast.demography.mortality_decline import project_by_decline
from qyforecast.demography.mortality_models import model_life_table
from qyforecast.demography.mortality_tables import (
    read_model_life_tables,
    read_patterns_of_decline,
)
from qyforecast.errors import RateError

SEXES = ("male", "female")
AGES = (0, 1, *range(5, 105, 5))


@pytest.fixture(scope="module")
def folder(cases: Path) -> Path:
    return cases / "mortality_projection"


def numbers(file: Path) -> np.ndarray:
    with file.open(encoding="utf-8", newline="") as handle:
        return np.array([[float(word) for word in row[1:]] for row in list(csv.reader(handle))[1:]])


@pytest.fixture(scope="module")
def observed(folder: Path) -> xr.DataArray:
    """Give China's death rates 1950-2015, ``(sex, period, age)``."""
    values = [numbers(folder / f"china_wpp2017_mx_{sex}_input.csv") for sex in SEXES]
    coords = {"sex": list(SEXES), "age": list(AGES)}
    return xr.DataArray(np.stack(values), dims=("sex", "period", "age"), coords=coords)


@pytest.fixture(scope="module")
def e0(folder: Path) -> xr.DataArray:
    """Give China's life expectancy 2015-2100, ``(period, sex)``."""
    values = numbers(folder / "china_wpp2017_e0_input.csv")
    return xr.DataArray(values, dims=("period", "sex"), coords={"sex": list(SEXES)})


def test_every_family_has_the_life_expectancy_it_says() -> None:
    """Each Coale-Demeny region with its own a(0), the United Nations' with West's."""
    library = read_model_life_tables()
    levels = library["level"].values[(library["level"] >= 25) & (library["level"] <= 110)]
    for family in library["family"].values:
        region = str(family).removeprefix("CD_").lower() if "CD_" in str(family) else "west"
        for sex in SEXES:
            mx = model_life_table(library, levels, family=family, sex=sex)
            ages, rule = library["age"].values, f"coale-demeny-{region}"
            reached = life_expectancy(mx, ages, sex, infant=rule)
            np.testing.assert_allclose(reached, levels, atol=0.05, err_msg=f"{family} {sex}")


def test_a_level_the_tables_do_not_reach_is_refused() -> None:
    library = read_model_life_tables()
    with pytest.raises(RateError, match="go from 20 to 115"):
        model_life_table(library, [60, 116], family="CD_West", sex="male")
    with pytest.raises(RateError, match="did you mean 'CD_West'"):
        model_life_table(library, 60, family="CD_Vest", sex="male")


def test_life_expectancy_may_fall_and_come_back(observed: xr.DataArray) -> None:
    """Down the pattern and up again through the same classes returns the start."""
    rho = read_patterns_of_decline()
    start = observed.isel(period=-1)
    now = life_expectancy(start.values, AGES, SEXES)
    path = xr.DataArray([now - 1.0, now], dims=("period", "sex"), coords={"sex": list(SEXES)})
    back = project_by_decline(start, path, rho)
    reached = life_expectancy(back.values, AGES, SEXES)
    np.testing.assert_allclose(reached, path.values, atol=1e-8)
    np.testing.assert_allclose(back.isel(period=1).values, start.values, rtol=0.02)

"""Death rates that others computed for stated life expectancies, through the public functions.

All were run with the R package MortCast on China's rates of World Population Prospects 2017;
it halves a bracket until life expectancy is within 0.01 years, and so do these tests.
"""

import csv
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.closure import close_open_age
from qyforecast.demography.lee_carter import fit_lee_carter, project_lee_carter
from qyforecast.demography.lifetable import life_expectancy
from qyforecast.demography.mortality_decline import project_by_decline
from qyforecast.demography.mortality_models import log_quadratic_at, model_life_table
from qyforecast.demography.mortality_tables import (
    read_log_quadratic,
    read_model_life_tables,
    read_patterns_of_decline,
)
from qyforecast.errors import RateError

SEXES = ("male", "female")
AGES = (0, 1, *range(5, 105, 5))


@pytest.fixture(scope="module")
def folder(cases: Path) -> Path:
    return cases / "mortality_projection"


@pytest.fixture(scope="module")
def tables(cases: Path, checkout: Path) -> Path:
    """Give the folder of published coefficients."""
    for place in (checkout / "data" / "mortality", cases.parent / "data"):
        if (place / "demography_pmd_rho.csv").is_file():
            return place
    pytest.skip("the tables of coefficients (demography_*.csv) are not at hand")


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


def test_coherent_kannisto(folder: Path, observed: xr.DataArray) -> None:
    last = observed.isel(period=-1).sel(sex=list(SEXES)).values
    mx, ages = close_open_age(last, AGES, open_age=130, method="kannisto-coherent")
    expected = numbers(folder / "expected_cokannisto_china_2010_15.csv").T
    assert ages.tolist() == [*AGES, *range(105, 135, 5)]
    np.testing.assert_allclose(mx, expected, rtol=1e-6)


@pytest.mark.parametrize("sex", SEXES)
def test_pattern_of_decline(
    folder: Path, tables: Path, observed: xr.DataArray, e0: xr.DataArray, sex: str
) -> None:
    rho = read_patterns_of_decline(tables / "demography_pmd_rho.csv")
    start = observed.isel(period=-1)
    projected = project_by_decline(start, e0, rho, tolerance=0.01).sel(sex=sex)
    expected = numbers(folder / f"expected_copmd_mx_{sex}.csv").T
    np.testing.assert_allclose(projected.values, expected, rtol=1e-6)
    exact = project_by_decline(start, e0, rho).sel(sex=sex)
    reached = life_expectancy(exact.values, AGES, sex)
    np.testing.assert_allclose(reached, e0.sel(sex=sex).values, atol=1e-8)
    np.testing.assert_allclose(exact.values, expected, rtol=0.0025)


@pytest.mark.parametrize("sex", SEXES)
def test_li_lee(folder: Path, observed: xr.DataArray, e0: xr.DataArray, sex: str) -> None:
    fit = fit_lee_carter(observed)
    projected = project_lee_carter(fit, e0, tolerance=0.01).sel(sex=sex)
    expected = numbers(folder / f"expected_mortcast_lileecarter_mx_{sex}.csv").T
    np.testing.assert_allclose(projected.values, expected, rtol=1e-6)
    reached = life_expectancy(projected.values, AGES, sex)
    np.testing.assert_allclose(reached, e0.sel(sex=sex).values, atol=0.01)


def test_log_quadratic(folder: Path, tables: Path) -> None:
    coefficients = read_log_quadratic(tables / "demography_log_quad_coef.csv")
    mx = log_quadratic_at(coefficients, [70, 75, 80], sex="male", tolerance=0.01)
    expected = numbers(folder / "expected_logquad_male_e70_75_80.csv")[:, :3].T
    np.testing.assert_allclose(mx, expected, rtol=1e-6)
    exact = log_quadratic_at(coefficients, [70, 75, 80], sex="male")
    ages = coefficients["age"].values
    np.testing.assert_allclose(life_expectancy(exact, ages, "male"), [70, 75, 80], atol=1e-8)


def test_coale_demeny_west(folder: Path, tables: Path) -> None:
    library = read_model_life_tables(tables / "demography_model_life_tables_CD_UN_abridged.csv")
    mx = model_life_table(library, [60, 70, 80], family="CD_West", sex="male", steps=50)
    expected = numbers(folder / "expected_mlt_CDWest_male_e60_70_80.csv").T
    np.testing.assert_allclose(mx, expected, rtol=1e-6)
    ages = library["age"].values
    np.testing.assert_allclose(life_expectancy(mx, ages, "male"), [60, 70, 80], atol=0.01)


def test_every_family_has_the_life_expectancy_it_says(tables: Path) -> None:
    """Each Coale-Demeny region with its own a(0), the United Nations' with West's."""
    library = read_model_life_tables(tables / "demography_model_life_tables_CD_UN_abridged.csv")
    levels = library["level"].values[(library["level"] >= 25) & (library["level"] <= 110)]
    for family in library["family"].values:
        region = str(family).removeprefix("CD_").lower() if "CD_" in str(family) else "west"
        for sex in SEXES:
            mx = model_life_table(library, levels, family=family, sex=sex)
            ages, rule = library["age"].values, f"coale-demeny-{region}"
            reached = life_expectancy(mx, ages, sex, infant=rule)
            np.testing.assert_allclose(reached, levels, atol=0.05, err_msg=f"{family} {sex}")


def test_a_level_the_tables_do_not_reach_is_refused(tables: Path) -> None:
    library = read_model_life_tables(tables / "demography_model_life_tables_CD_UN_abridged.csv")
    with pytest.raises(RateError, match="go from 20 to 115"):
        model_life_table(library, [60, 116], family="CD_West", sex="male")
    with pytest.raises(RateError, match="did you mean 'CD_West'"):
        model_life_table(library, 60, family="CD_Vest", sex="male")


def test_life_expectancy_may_fall_and_come_back(tables: Path, observed: xr.DataArray) -> None:
    """Down the pattern and up again through the same classes returns the start."""
    rho = read_patterns_of_decline(tables / "demography_pmd_rho.csv")
    start = observed.isel(period=-1)
    now = life_expectancy(start.values, AGES, SEXES)
    path = xr.DataArray([now - 1.0, now], dims=("period", "sex"), coords={"sex": list(SEXES)})
    back = project_by_decline(start, path, rho)
    reached = life_expectancy(back.values, AGES, SEXES)
    np.testing.assert_allclose(reached, path.values, atol=1e-8)
    np.testing.assert_allclose(back.isel(period=1).values, start.values, rtol=0.02)

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.lee_carter import fit_lee_carter, project_lee_carter
from qyforecast.demography.lifetable import life_expectancy, life_table
from qyforecast.demography.mortality_decline import project_by_decline
from qyforecast.demography.mortality_models import (
    log_quadratic,
    log_quadratic_at,
    model_life_table,
)
from qyforecast.demography.mortality_tables import (
    read_log_quadratic,
    read_model_life_tables,
    read_patterns_of_decline,
)
from qyforecast.errors import DataError, RateError
from qyforecast.provenance import shipped_folder

SEXES = ("male", "female")
AGES = np.array([0, 1, *range(5, 105, 5)])


def history() -> xr.DataArray:
    """Make death rates of both sexes that fall over eight periods, unevenly by age."""
    base = np.array([0.03, 0.003, *(0.0006 * np.exp(0.07 * (AGES[2:] - 5)))])
    pace = np.linspace(0.3, 0.04, AGES.size)
    falls = np.exp(-pace * np.arange(8)[:, None])
    rates = np.stack([base * falls, 0.75 * base * falls])
    coords = {"sex": list(SEXES), "period": np.arange(1980, 2020, 5), "age": AGES}
    return xr.DataArray(rates, dims=("sex", "period", "age"), coords=coords)


def path(*years: float) -> xr.DataArray:
    """Give a path of life expectancy on which women live four years longer."""
    values = np.array(years)[:, None] + np.array([0.0, 4.0])
    return xr.DataArray(values, dims=("period", "sex"), coords={"sex": list(SEXES)})


def coefficients() -> xr.DataArray:
    ages = np.array([0, 1, *range(5, 115, 5)])
    a = np.where(ages == 0, -0.25, -4.5 + 0.038 * ages)
    b = np.where(ages == 0, 1.0, np.linspace(1.2, 0.0, ages.size))
    values = np.stack([a, b, np.zeros(ages.size), np.zeros(ages.size)], axis=-1)
    coords = {"sex": ["male"], "age": ages, "coefficient": list("abcv")}
    return xr.DataArray(values[None], dims=("sex", "age", "coefficient"), coords=coords)


def patterns() -> xr.DataArray:
    values = np.broadcast_to(np.linspace(0.1, 0.02, AGES.size), (2, 3, AGES.size))
    coords = {"sex": list(SEXES), "level": [72.5, 77.5, 82.5], "age": AGES}
    return xr.DataArray(values, dims=("sex", "level", "age"), coords=coords)


def test_an_exact_lee_carter_history_is_recovered() -> None:
    """Rates that are a + b k exactly come back along their own life expectancy."""
    seen = history()
    e0 = seen.isel(age=0, drop=True).transpose("period", "sex")
    e0 = e0.copy(data=life_expectancy(seen.transpose("period", "sex", "age").values, AGES, SEXES))
    fit = fit_lee_carter(seen)
    assert float(fit.b.sum()) == pytest.approx(1)
    assert float(fit.ultimate_b.sum()) == pytest.approx(1)
    np.testing.assert_allclose(fit.k.sum("period"), 0, atol=1e-9)
    back = project_lee_carter(fit, e0, rotation=None)
    np.testing.assert_allclose(
        back.transpose("sex", "period", "age").values, seen.values, rtol=1e-6
    )


def test_rotation_evens_out_the_ages_below_65() -> None:
    fit = fit_lee_carter(history())
    assert float(fit.ultimate_b.sel(age=slice(0, 65)).std()) == pytest.approx(0, abs=1e-12)
    low, high = path(76.0), path(84.0)
    for e0, same in ((low, True), (high, False)):
        turned, plain = project_lee_carter(fit, e0), project_lee_carter(fit, e0, rotation=None)
        assert np.allclose(turned.values, plain.values, rtol=1e-9) == same


def test_labels_decide_not_order() -> None:
    seen, e0 = history(), path(76.0, 79.0)
    straight = project_lee_carter(fit_lee_carter(seen), e0)
    turned = project_lee_carter(
        fit_lee_carter(seen.isel(sex=[1, 0]).transpose("age", "sex", "period")), e0.isel(sex=[1, 0])
    )
    for sex in SEXES:
        np.testing.assert_allclose(turned.sel(sex=sex), straight.sel(sex=sex), rtol=1e-9)
    start = seen.isel(period=-1, drop=True)
    declined = project_by_decline(start, e0, patterns())
    other = project_by_decline(start.isel(sex=[1, 0]).T, e0.T, patterns().isel(level=[2, 0, 1]))
    for sex in SEXES:
        np.testing.assert_allclose(other.sel(sex=sex), declined.sel(sex=sex), rtol=1e-12)


def test_draws_are_projected_together() -> None:
    start = history().isel(period=-1, drop=True)
    e0 = xr.concat([path(76.0, 79.0), path(77.0, 78.0)], dim="draw")
    together = project_by_decline(start, e0, patterns())
    assert together.dims == ("draw", "period", "sex", "age")
    for draw in (0, 1):
        alone = project_by_decline(start, e0.isel(draw=draw), patterns())
        np.testing.assert_allclose(together.isel(draw=draw), alone, rtol=1e-9)
    both = project_lee_carter(fit_lee_carter(history()), e0)
    one = project_lee_carter(fit_lee_carter(history()), e0.isel(draw=1))
    np.testing.assert_allclose(both.isel(draw=1).transpose(*one.dims), one, rtol=1e-7)


def test_men_do_not_outlive_women_at_the_oldest_ages() -> None:
    seen = history()
    ages = np.array([*AGES, 105, 110])
    steep = np.exp(0.5 + 0.01 * (ages[-2:] - 105))
    longer = np.concatenate([seen.values, 0.4 * steep * np.ones((2, 8, 1))], axis=-1)
    longer[1, :, -2:] *= 1.5
    older = xr.DataArray(longer, dims=seen.dims, coords={"sex": list(SEXES), "age": ages})
    projected = project_lee_carter(fit_lee_carter(older), path(78.0))
    top = projected.sel(age=slice(101, None))
    assert np.all(top.sel(sex="male").values >= top.sel(sex="female").values)


def test_the_log_quadratic_returns_child_mortality() -> None:
    q5 = np.array([0.01, 0.03, 0.08])
    mx = log_quadratic(coefficients(), q5, sex="male", infant="coale-demeny")
    ages = coefficients()["age"].values
    table = life_table(mx, ages, "male", infant="coale-demeny")
    np.testing.assert_allclose(1 - table.lx[:, 2], q5, rtol=1e-12)
    e0 = table.ex[:, 0]
    again = log_quadratic_at(coefficients(), e0, sex="male", infant="coale-demeny")
    np.testing.assert_allclose(again, mx, rtol=1e-6)


def test_what_models_cannot_give_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RateError, match="between 0 and 1"):
        log_quadratic(coefficients(), 1.2, sex="male")
    with pytest.raises(RateError, match="outside what the schedule can give"):
        log_quadratic_at(coefficients(), 140.0, sex="male")
    with pytest.raises(RateError, match="two or more periods"):
        fit_lee_carter(history().isel(period=[0]))
    start = history().isel(period=-1, drop=True)
    with pytest.raises(RateError, match="patterns of decline lack ages"):
        project_by_decline(start, path(76.0), patterns().isel(age=slice(0, 20)))
    file = tmp_path / "rho.csv"
    file.write_text("age,e0_mid,rho,sex\n0,52.5,0.1,male\n0,52.5,0.2,male\n", encoding="utf-8")
    with pytest.raises(DataError, match="twice or not at all"):
        read_patterns_of_decline(file)
    file.write_text("age,e0,rho,sex\n0,52.5,0.1,male\n", encoding="utf-8")
    with pytest.raises(DataError, match="column e0_mid is missing"):
        read_patterns_of_decline(file)


@pytest.mark.parametrize(
    ("seen", "e0", "says"),
    [
        (history().isel(sex=[0]), path(76.0), "death rates: sexes are male, female"),
        (history().isel(period=0), path(76.0), "death rates: no dimension period"),
        (history().where(history()["age"] != 30), path(76.0), "number is missing\n  where: .*30"),
        (history().drop_sel(age=40), path(76.0), "leave a gap: after 35 comes 45"),
        (history().sel(age=slice(0, 65)), path(76.0), "open group starts at 65, below 70"),
        (history(), path(76.0).isel(sex=[0]), "life expectancy: sexes are female, male"),
        (history(), path(np.nan), "life expectancy: a number is missing"),
        (history(), path(76.0).isel(period=0), "life expectancy: no dimension period"),
    ],
)
def test_histories_and_paths_that_do_not_fit_are_refused(
    seen: xr.DataArray, e0: xr.DataArray, says: str
) -> None:
    with pytest.raises(RateError, match=says):
        project_lee_carter(fit_lee_carter(seen), e0)


@pytest.mark.parametrize(
    ("start", "e0", "says"),
    [
        (history().isel(period=-1, sex=[0]), path(76.0), "life expectancy: sexes are male"),
        (history(), path(76.0).isel(sex=[1]), "sexes are male, female"),
        (-history().isel(period=-1), path(76.0), "a death rate is negative"),
        (history().isel(period=-1, age=slice(1, None)), path(76.0), "starts at age 0"),
        (history().isel(period=-1).drop_sel(age=40), path(76.0), "leave a gap"),
        (history().isel(period=-1), path(76.0, np.nan), "a number is missing"),
    ],
)
def test_starts_that_do_not_fit_are_refused(
    start: xr.DataArray, e0: xr.DataArray, says: str
) -> None:
    with pytest.raises(RateError, match=says):
        project_by_decline(start, e0, patterns())


def test_a_sex_that_a_model_does_not_have_is_refused() -> None:
    with pytest.raises(RateError, match="did you mean 'male'"):
        model_life_table(read_model_life_tables(), 70, family="CD_West", sex="males")
    with pytest.raises(RateError, match="no such sex in the model"):
        log_quadratic_at(read_log_quadratic(), 70.0, sex="women")


def test_the_shipped_tables_are_whole(tmp_path: Path) -> None:
    """Nine families of MLTlookup at 20 to 115 years; a row taken out is missed."""
    tables = read_model_life_tables()
    assert dict(tables.sizes) == {"family": 9, "sex": 2, "level": 39, "age": 28}
    assert read_patterns_of_decline().sel(sex="female", level=52.5, age=0) == 0.110546074
    rows = (shipped_folder("census") / "model_life_tables.csv").read_text().splitlines()
    (tmp_path / "short.csv").write_text("\n".join(rows[:-1]))
    with pytest.raises(DataError, match="twice or not at all"):
        read_model_life_tables(tmp_path / "short.csv")

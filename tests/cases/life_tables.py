"""Life tables and projected death rates that others published or computed."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

import qyforecast as qf
from tests.cases.case import Case, Floats, absolute, columns, numbers, relative

SEXES = ("male", "female")
AGES = (0, 1, *range(5, 105, 5))


def _published(cases: Path, name: str) -> dict:
    path = cases / "lifetables" / "published_abridged_lifetables.json"
    return json.loads(path.read_text(encoding="utf-8"))[name]


def _pas(cases: Path) -> float:
    case = _published(cases, "PAS_LTPOPDTH_north_male")
    given = case["inputs"]
    mx = qf.death_rates(given["deaths"], given["exposures"], given["age"])
    mx[0] = qf.infant_death_rate(given["IMR"], "male", "coale-demeny-north")
    table = qf.life_table(mx, given["age"], "male", ax="midpoint", infant="coale-demeny-north")
    return relative(table.ex, case["expected_ex"])


def _mortpak(name: str, sex: str, relative_to: bool, cases: Path) -> float:
    case = _published(cases, name)
    given = case["inputs"]
    table = qf.life_table(given["nMx"], given["age"], sex, infant="coale-demeny")
    return (relative if relative_to else absolute)(table.ex, case["expected_ex"])


def _austria(cases: Path) -> float:
    case = columns(cases / "lifetables" / "austria_1992_lt_Preston_box3.1.csv")
    ages = numbers(case["age_start"]).astype(int)
    mx = qf.death_rates(numbers(case["deaths"]), numbers(case["pop"]), ages)
    table = qf.life_table(mx, ages, "male", ax=numbers(case["ax"]))
    return max(absolute(getattr(table, c), numbers(case[c])) for c in ("lx", "dx", "Tx"))


def _china(sex: str, cases: Path) -> float:
    case = columns(cases / "lifetables" / f"mortcast_china_{sex}_2010_15.csv")
    table = qf.life_table(numbers(case["mx"]), numbers(case["age"]).astype(int), sex)
    names = ("ax", "qx", "lx", "dx", "Lx", "Tx", "ex")
    return max(relative(getattr(table, c), numbers(case[c])) for c in names)


def _dissimilarity(cases: Path) -> float:
    case = json.loads((cases / "lifetables" / "index_of_dissimilarity.json").read_text())
    pair = case["pop1"], case["pop2"]
    found = [qf.index_of_dissimilarity(*pair), qf.index_of_relative_difference(*pair)]
    return absolute(found, [case["ID"], case["IRD"]])


def _wide(cases: Path, name: str) -> Floats:
    """Read the columns after the first, as rows."""
    table = columns(cases / "mortality_projection" / name)
    return np.array([numbers(texts) for texts in list(table.values())[1:]])


def _observed(cases: Path) -> xr.DataArray:
    values = [_wide(cases, f"china_wpp2017_mx_{sex}_input.csv").T for sex in SEXES]
    coords = {"sex": list(SEXES), "age": list(AGES)}
    return xr.DataArray(np.stack(values), coords, ("sex", "period", "age"))


def _e0(cases: Path) -> xr.DataArray:
    values = _wide(cases, "china_wpp2017_e0_input.csv").T
    return xr.DataArray(values, {"sex": list(SEXES)}, ("period", "sex"))


def _projected(cases: Path, method: str, tolerance: float) -> xr.DataArray:
    seen, e0 = _observed(cases), _e0(cases)
    if method == "lileecarter":
        return qf.project_lee_carter(qf.fit_lee_carter(seen), e0, tolerance=tolerance)
    start = seen.isel(period=-1)
    return qf.project_by_decline(start, e0, qf.read_patterns_of_decline(), tolerance=tolerance)


def _rates(method: str, file: str, cases: Path) -> float:
    # The R package halves a bracket until life expectancy is within 0.01 years.
    found = _projected(cases, method, 0.01)
    return max(relative(found.sel(sex=sex), _wide(cases, file.format(sex=sex))) for sex in SEXES)


def _implied(method: str, cases: Path) -> float:
    found, e0 = _projected(cases, method, 1e-9), _e0(cases)
    reached = [qf.life_expectancy(found.sel(sex=sex).values, AGES, sex) for sex in SEXES]
    return absolute(np.stack(reached, axis=-1), e0.values)


def _west(cases: Path) -> float:
    tables = qf.read_model_life_tables()
    mx = qf.model_life_table(tables, [60, 70, 80], family="CD_West", sex="male", steps=50)
    return relative(mx, _wide(cases, "expected_mlt_CDWest_male_e60_70_80.csv"))


def _log_quadratic(cases: Path) -> float:
    mx = qf.log_quadratic_at(qf.read_log_quadratic(), [70, 75, 80], sex="male", tolerance=0.01)
    return relative(mx, _wide(cases, "expected_logquad_male_e70_75_80.csv")[:3])


def _kannisto(cases: Path) -> float:
    last = _observed(cases).isel(period=-1).values
    mx, _ = qf.close_open_age(last, AGES, open_age=130, method="kannisto-coherent")
    return relative(mx, _wide(cases, "expected_cokannisto_china_2010_15.csv"))


_LT, _MP, _MORTCAST = "lifetables", "mortality_projection", "R package MortCast on WPP 2017"
CASES = [
    Case(_LT, "PAS LTPOPDTH, males, e(x)", "U.S. Census Bureau", "relative", 0.01, _pas),
    Case(
        *(_LT, "model life tables p. 34, males, e(x)", "United Nations (1982)", "relative", 1e-3),
        partial(_mortpak, "UN1982_p34_male", "male", True),
    ),
    Case(
        *(_LT, "MORTPAK p. 82, females, e(x)", "United Nations (1988)", "years", 2e-3),
        partial(_mortpak, "MORTPAK_1988_p82_female", "female", False),
    ),
    Case(
        *(_LT, "Austria 1992, l(x), d(x), T(x)", "Preston et al. (2001), box 3.1", "persons", 2e-5),
        _austria,
    ),
    *(
        Case(
            *(_LT, f"China 2010-15, {sex}, all columns", _MORTCAST, "relative", 1e-8),
            partial(_china, sex),
        )
        for sex in SEXES
    ),
    Case(
        *(_LT, "indices of dissimilarity", "Siegel and Swanson (2004), table 7.20", "%", 0.01),
        _dissimilarity,
    ),
    Case(
        *(_MP, "China 2015-2100, Li-Lee, m(x)", _MORTCAST, "relative", 1e-6),
        partial(_rates, "lileecarter", "expected_mortcast_lileecarter_mx_{sex}.csv"),
    ),
    Case(
        *(_MP, "the same, implied e(0)", "the path given", "years", 0.01),
        partial(_implied, "lileecarter"),
    ),
    Case(
        *(_MP, "China 2015-2100, coherent decline (PMD), m(x)", _MORTCAST, "relative", 1e-6),
        partial(_rates, "pmd", "expected_copmd_mx_{sex}.csv"),
    ),
    Case(
        *(_MP, "the same, implied e(0)", "the path given", "years", 0.01),
        partial(_implied, "pmd"),
    ),
    Case(_MP, "Coale-Demeny West, males, e(0) 60, 70, 80", _MORTCAST, "relative", 1e-6, _west),
    Case(_MP, "log-quadratic, males, e(0) 70, 75, 80", _MORTCAST, "relative", 1e-6, _log_quadratic),
    Case(_MP, "coherent Kannisto closure to 130", _MORTCAST, "relative", 1e-6, _kannisto),
]

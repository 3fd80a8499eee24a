"""Life tables that others published, through the public functions."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qyforecast.demography.death_rates import death_rates
from qyforecast.demography.lifetable import life_expectancy, life_table
from qyforecast.demography.separation import infant_death_rate
from qyforecast.demography.similarity import (
    index_of_dissimilarity,
    index_of_relative_difference,
)

AGES_TO_85 = (0, 1, *range(5, 90, 5))


def published(cases: Path, name: str) -> dict[str, Any]:
    file = cases / "lifetables" / "published_abridged_lifetables.json"
    return json.loads(file.read_text(encoding="utf-8"))[name]


def columns(file: Path) -> dict[str, np.ndarray]:
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def test_pas_ltpopdth_from_deaths_and_population(cases: Path) -> None:
    """U.S. Census Bureau, PAS spreadsheet LTPOPDTH: males, North, infant mortality 100 per 1,000."""
    case = published(cases, "PAS_LTPOPDTH_north_male")
    given = case["inputs"]
    mx = death_rates(given["deaths"], given["exposures"], given["age"])
    mx[0] = infant_death_rate(given["IMR"], "male", "coale-demeny-north")
    table = life_table(mx, given["age"], "male", ax="midpoint", infant="coale-demeny-north")
    assert table.qx[0] == pytest.approx(given["IMR"], abs=1e-12)
    # Printed with two decimals; the spreadsheet rounds 4a1 too.
    np.testing.assert_allclose(table.ex, case["expected_ex"], atol=0.0055)
    assert round(float(table.ex[0]), 2) == 56.31


@pytest.mark.parametrize(
    ("name", "sex", "largest"),
    [("UN1982_p34_male", "male", 0.004), ("MORTPAK_1988_p82_female", "female", 0.002)],
)
def test_united_nations_tables(cases: Path, name: str, sex: str, largest: float) -> None:
    """United Nations (1982), *Model Life Tables*, p. 34; (1988), *MORTPAK-LITE*, p. 82."""
    case = published(cases, name)
    ages, mx = case["inputs"]["age"], case["inputs"]["nMx"]
    table = life_table(mx, ages, sex, infant="coale-demeny")
    expected = np.array(case["expected_ex"])
    np.testing.assert_allclose(table.ex, expected, atol=largest)
    np.testing.assert_allclose(table.ex, expected, rtol=1e-3)


def test_austrian_males_1992() -> None:
    """Preston, Heuveline and Guillot (2001), box 3.1: deaths, population and a(x) as printed."""
    deaths = [419, 70, 36, 46, 249, 420, 403, 441, 508, 769, 1154, 1866, 2043, 3496, 4366, 4337]
    deaths += [5279, 6460, 6146]
    population = [47925, 189127, 234793, 238790, 254996, 326831, 355086, 324222, 269963, 261971]
    population += [238011, 261612, 181385, 187962, 153832, 105169, 73694, 57512, 32248]
    ax = [0.068, 1.626, 2.5, 3.143, 2.724, 2.520, 2.481, 2.601, 2.701, 2.663, 2.698, 2.676, 2.645]
    ax += [2.624, 2.619, 2.593, 2.518, 2.423, 5.247]
    mx = death_rates(deaths, population, AGES_TO_85)
    table = life_table(mx, AGES_TO_85, "male", ax=ax)
    assert float(table.ex[0]) == pytest.approx(72.889, abs=5e-4)
    assert float(table.lx[-1]) == pytest.approx(0.21134, abs=5e-6)
    # The printed a(0) and a(1-4) are Coale and Demeny's; other rules move little.
    own = life_table(mx, AGES_TO_85, "male", infant="coale-demeny", ax="keyfitz")
    np.testing.assert_allclose(own.ax[:3], ax[:3], atol=0.0005)
    assert float(own.ex[0]) == pytest.approx(72.889, abs=0.01)


def test_austrian_columns(cases: Path) -> None:
    """Preston, Heuveline and Guillot (2001), box 3.1, all columns at printed precision."""
    case = columns(cases / "lifetables" / "austria_1992_lt_Preston_box3.1.csv")
    table = life_table(case["mx"], case["age_start"].astype(int), "male", ax=case["ax"])
    np.testing.assert_allclose(table.qx, case["qx"], atol=1e-12)
    np.testing.assert_allclose(table.ex, case["ex"], atol=3e-4)
    for name in ("lx", "dx", "Tx"):
        np.testing.assert_allclose(getattr(table, name), case[name], atol=2e-5)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_china_2010_15(cases: Path, sex: str) -> None:
    """China 2010-15, run with the R package MortCast on rates of World Population Prospects 2017."""
    case = columns(cases / "lifetables" / f"mortcast_china_{sex}_2010_15.csv")
    table = life_table(case["mx"], case["age"].astype(int), sex)
    for name in ("ax", "qx", "lx", "dx", "Lx", "Tx", "ex"):
        np.testing.assert_allclose(getattr(table, name), case[name], rtol=1e-8, atol=1e-12)
    expectancy = life_expectancy(case["mx"], case["age"].astype(int), sex)
    assert float(expectancy) == pytest.approx(case["ex"][0], rel=1e-8)


def test_dissimilarity() -> None:
    """Siegel and Swanson (2004), table 7.20."""
    one = [7.38, 14.16, 14.79, 17.36, 15.11, 10.14, 8.5, 7.28, 5.28]
    other = [6.48, 12.27, 15.25, 15.1, 14.66, 10.8, 8.95, 9.28, 7.21]
    assert index_of_dissimilarity(one, other) == pytest.approx(5.5, abs=0.01)
    assert index_of_relative_difference(one, other) == pytest.approx(6.7, abs=0.01)

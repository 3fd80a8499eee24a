"""Life tables that others published, through the public functions."""

import numpy as np
import pytest

from qyforecast.demography.death_rates import death_rates
from qyforecast.demography.lifetable import life_table
from qyforecast.demography.separation import infant_death_rate
from qyforecast.demography.similarity import (
    index_of_dissimilarity,
    index_of_relative_difference,
)

AGES_TO_85 = (0, 1, *range(5, 90, 5))


#: United Nations (1982), *Model Life Tables for Developing Countries*, p. 34, males.
UN_1982_MX = [
    0.23669,
    0.04672,
    0.00982,
    0.00511,
    0.00697,
    0.01036,
    0.01169,
    0.01332,
    0.01528,
    0.01757,
    0.02092,
    0.02517,
    0.03225,
    0.04241,
    0.06056,
    0.08574,
    0.1184,
    0.16226,
    0.23745,
]
UN_1982_EX = [
    35.0,
    42.901,
    47.19,
    44.438,
    40.523,
    36.868,
    33.691,
    30.567,
    27.5,
    24.485,
    21.504,
    18.599,
    15.758,
    13.08,
    10.584,
    8.466,
    6.729,
    5.312,
    4.211,
]

#: United Nations (1988), *MORTPAK-LITE*, p. 82, females.
MORTPAK_1988_MX = [
    0.12846,
    0.02477,
    0.00603,
    0.0034,
    0.00417,
    0.00513,
    0.00581,
    0.00645,
    0.00725,
    0.00813,
    0.00913,
    0.01199,
    0.01647,
    0.0256,
    0.04047,
    0.06624,
    0.10638,
    0.19611,
]
MORTPAK_1988_EX = [
    49.997,
    55.675,
    57.245,
    53.921,
    49.803,
    45.799,
    41.922,
    38.084,
    34.249,
    30.42,
    26.578,
    22.701,
    18.945,
    15.349,
    12.095,
    9.24,
    6.903,
    5.099,
]

#: U.S. Census Bureau, Population Analysis Spreadsheets, LTPOPDTH, males.
PAS_DEATHS = [
    8674,
    1592,
    618,
    411,
    755,
    1098,
    1100,
    1357,
    1335,
    3257,
    2200,
    4023,
    2167,
    4578,
    2956,
    4212,
    2887,
    2351,
    1500,
    900,
    500,
    300,
]
PAS_POPULATION = [
    100958,
    466275,
    624134,
    559559,
    446736,
    370653,
    301862,
    249409,
    247473,
    223014,
    172260,
    149338,
    127242,
    105715,
    79614,
    53660,
    31021,
    16805,
    8000,
    4000,
    2000,
    1000,
]
PAS_EX = [
    56.31,
    61.53,
    58.35,
    53.63,
    48.81,
    44.21,
    39.83,
    35.52,
    31.43,
    27.22,
    24.09,
    20.52,
    18.12,
    14.51,
    12.42,
    9.45,
    7.85,
    6.09,
    4.95,
    4.28,
    3.85,
    3.33,
]


def test_pas_ltpopdth_from_deaths_and_population() -> None:
    """U.S. Census Bureau, PAS spreadsheet LTPOPDTH: males, North, 1q0 = 0.1."""
    ages = (0, 1, *range(5, 105, 5))
    mx = death_rates(PAS_DEATHS, PAS_POPULATION, ages)
    mx[0] = infant_death_rate(0.1, "male", "coale-demeny-north")
    table = life_table(mx, ages, "male", ax="midpoint", infant="coale-demeny-north")
    assert float(table.qx[0]) == pytest.approx(0.1, abs=1e-12)
    # Printed with two decimals.
    np.testing.assert_allclose(table.ex, PAS_EX, atol=0.0055)
    assert round(float(table.ex[0]), 2) == 56.31


@pytest.mark.parametrize(
    ("mx", "expected", "sex", "largest"),
    [
        pytest.param(UN_1982_MX, UN_1982_EX, "male", 0.004, id="UN 1982"),
        pytest.param(MORTPAK_1988_MX, MORTPAK_1988_EX, "female", 0.002, id="MORTPAK 1988"),
    ],
)
def test_united_nations_tables(
    mx: list[float], expected: list[float], sex: str, largest: float
) -> None:
    """United Nations (1982), *Model Life Tables*, p. 34; (1988), *MORTPAK-LITE*, p. 82."""
    table = life_table(mx, AGES_TO_85[: len(mx)], sex, infant="coale-demeny")
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


def test_dissimilarity() -> None:
    """Siegel and Swanson (2004), table 7.20."""
    one = [7.38, 14.16, 14.79, 17.36, 15.11, 10.14, 8.5, 7.28, 5.28]
    other = [6.48, 12.27, 15.25, 15.1, 14.66, 10.8, 8.95, 9.28, 7.21]
    assert index_of_dissimilarity(one, other) == pytest.approx(5.5, abs=0.01)
    assert index_of_relative_difference(one, other) == pytest.approx(6.7, abs=0.01)

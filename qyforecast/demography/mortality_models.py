"""Model schedules of mortality: model life tables and the log-quadratic model.

The numbers are arguments: labelled tables, which `mortality_tables` reads.
"""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from qyforecast.demography.death_rates import refuse_where
from qyforecast.demography.level_search import EXACT, Gauge, solve_level
from qyforecast.demography.separation import Floats, infant_separation
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest


def model_life_table(
    tables: xr.DataArray, e0: ArrayLike, *, family: str, sex: str, steps: int | None = None
) -> Floats:
    """Interpolate death rates of a family of model life tables at a life expectancy.

    Parameters
    ----------
    tables : DataArray
        Death rates, ``(family, sex, level, age)``; `level` is life expectancy. [1 / year]
    e0 : array_like
        Life expectancy wanted, ``(...)``. [year]
    family : str
        Such as ``CD_West`` or ``UN_General``.
    sex : str
        ``male`` or ``female``.
    steps : int, optional
        Places of `e0` between two levels, both counted; by default any. The R package
        MortCast has 50, which reproduces figures published with it.

    Returns
    -------
    ndarray
        Death rates at the ages of `tables`, ``(..., age)``; between levels they are linear
        in `e0`, so that their own life expectancy is a little less. [1 / year]

    Raises
    ------
    RateError
        If the family is unknown or the tables do not reach the life expectancy.

    References
    ----------
    Coale, Demeny and Vaughan (1983), *Regional Model Life Tables and Stable Populations*;
    United Nations (2010), *Extended Model Life Tables*.
    """
    names = [str(name) for name in tables["family"].values]
    if family not in names:
        raise RateError(f"no model life tables are called {family}", cure=nearest(family, names))
    _check_sex(tables, sex)
    chosen = tables.sel(family=family, sex=sex).transpose("level", "age").sortby("level")
    levels, rates = chosen["level"].values.astype(float), chosen.values
    wanted = np.asarray(e0, float)
    if not np.all((wanted >= levels[0]) & (wanted <= levels[-1])):
        raise RateError(
            f"the tables of {family} go from {levels[0]:g} to {levels[-1]:g} years of life",
            found=f"{wanted.min():.2f} to {wanted.max():.2f}",
        )
    below = np.minimum(np.searchsorted(levels, wanted, side="right") - 1, levels.size - 2)
    share = (wanted - levels[below]) / (levels[below + 1] - levels[below])
    if steps is not None:
        share = np.round(share * (steps - 1)) / (steps - 1)
    return (1 - share[..., None]) * rates[below] + share[..., None] * rates[below + 1]


def log_quadratic(
    coefficients: xr.DataArray,
    q5: ArrayLike,
    *,
    sex: str,
    k: ArrayLike = 0.0,
    infant: str = "andreev-kingkade",
) -> Floats:
    """Give the log-quadratic schedule of a child mortality.

    ``log m = a + b h + c h^2 + v k`` with ``h = log 5q0``; the rate at 1-4 is the one
    that gives 5q0 with the rate at 0.

    Parameters
    ----------
    coefficients : DataArray
        ``(sex, age, coefficient)`` with coefficients a, b, c, v. [1]
    q5 : array_like
        Probability of dying before age 5, ``(...)``. [1]
    sex : str
        A label of `coefficients`: ``male``, ``female`` or ``both``.
    k : array_like
        Excess of adult mortality, broadcast against `q5`. [1]
    infant : str
        Rule of `infant_separation`.

    Returns
    -------
    ndarray
        Death rates at ages 0, 1-4, 5-9, ..., 110 and over, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If 5q0 is not a probability or would be less than the infants' own.

    References
    ----------
    Wilmoth, Zureick, Canudas-Romo, Inoue and Sawyer (2012), Population Studies 66, 1-28.
    """
    child = np.asarray(q5, float)
    if not np.all((child > 0) & (child < 1)):
        raise RateError("5q0 is a probability between 0 and 1", found=f"{child.min()}")
    mx = _log_quadratic(coefficients, child, sex, np.asarray(k, float), infant)
    ages = coefficients["age"].values.astype(int)
    refuse_where(mx <= 0, "5q0 is less than the mortality of infants that goes with it", mx, ages)
    return mx


def log_quadratic_at(
    coefficients: xr.DataArray,
    e0: ArrayLike,
    *,
    sex: str,
    k: ArrayLike = 0.0,
    infant: str = "andreev-kingkade",
    tolerance: float = EXACT,
) -> Floats:
    """Give the log-quadratic schedule of a life expectancy.

    Parameters
    ----------
    coefficients : DataArray
        ``(sex, age, coefficient)`` with coefficients a, b, c, v. [1]
    e0 : array_like
        Life expectancy at birth wanted, ``(...)``. [year]
    sex : str
        A label of `coefficients`.
    k : array_like
        Excess of adult mortality, broadcast against `e0`. [1]
    infant : str
        Rule of `infant_separation`.
    tolerance : float
        How near is near enough, see `Gauge`. [year]

    Returns
    -------
    ndarray
        Death rates at ages 0, 1-4, 5-9, ..., 110 and over, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If no 5q0 between 0.0001 and 0.9 has that life expectancy.

    References
    ----------
    Wilmoth, Zureick, Canudas-Romo, Inoue and Sawyer (2012), Population Studies 66, 1-28.
    """
    ages = coefficients["age"].values.astype(int)

    def rates_at(q5: Floats) -> Floats:
        return _log_quadratic(coefficients, q5, sex, np.asarray(k, float), infant)

    gauge = Gauge(ages, sex, infant, tolerance)
    return solve_level(rates_at, gauge, e0, (0.9, 1e-4))[1]


def _log_quadratic(
    coefficients: xr.DataArray, q5: Floats, sex: str, k: Floats, infant: str
) -> Floats:
    _check_sex(coefficients, sex)
    table = coefficients.sel(sex=sex)
    a, b, c, v = (table.sel(coefficient=name).values for name in "abcv")
    h = np.log(q5)[..., None]
    mx = np.exp(a + b * h + c * h**2 + v * k[..., None])
    a0, a1 = infant_separation(mx[..., 0], sex, infant)
    q0 = mx[..., 0] / (1 + (1 - a0) * mx[..., 0])
    q1 = 1 - (1 - q5) / (1 - q0)
    mx[..., 1] = q1 / (4 - (4 - a1) * q1)
    return mx


def _check_sex(tables: xr.DataArray, sex: str) -> None:
    """Refuse a sex that published numbers do not have."""
    sexes = [str(label) for label in tables["sex"].values]
    if sex not in sexes:
        raise RateError("no such sex in the model", found=sex, cure=nearest(sex, sexes))

"""Death rates of the oldest: continued by the Kannisto curve, or held constant.

The logit of the Kannisto curve is a straight line in age, so it levels off at a
rate of 1 a year. In the coherent form the sexes share the slope and never cross.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qyforecast.demography.death_rates import check_ages, check_rates, refuse_where
from qyforecast.demography.level_search import Gauge, solve_level
from qyforecast.demography.lifetable import life_expectancy
from qyforecast.demography.separation import Floats, Sex
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

METHODS = ("kannisto", "kannisto-coherent", "constant")


def close_open_age(
    mx: ArrayLike,
    ages: ArrayLike,
    *,
    open_age: int = 130,
    method: str = "kannisto",
    fit_ages: Sequence[int] = (80, 85, 90, 95),
) -> tuple[Floats, NDArray[np.int_]]:
    """Replace the open group by older ages and a new open group.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``; for ``kannisto-coherent`` ``(..., sex, age)``. [1 / year]
    ages : array_like
        Lower bounds; the last group is open.
    open_age : int
        Lower bound of the new open group.
    method : str
        ``kannisto``: a line through the logits of the rates at `fit_ages`, by least squares;
        ``kannisto-coherent``: one slope for the sexes along the dimension before age,
        a level for each; ``constant``: the open group's own rate at every older age.
    fit_ages : sequence of int
        Lower bounds, below the open age, whose rates fix the line.

    Returns
    -------
    mx : ndarray
        ``(..., age)``; below the old open age as given. [1 / year]
    ages : ndarray
        Lower bounds up to `open_age`.

    Raises
    ------
    RateError
        If the new open age does not fit, or a rate to be fitted is 0 or not below 1.

    References
    ----------
    Thatcher, Kannisto and Vaupel (1998), *The Force of Mortality at Ages 80 to 120*;
    Sevcikova, Li, Kantorova, Gerland and Raftery (2016), in *Dynamic Demographic Analysis*.
    """
    bounds = check_ages(ages)
    rates = check_rates(mx, bounds)
    if method not in METHODS:
        raise RateError(f"no closure is called {method}", cure=nearest(method, METHODS))
    older = _older_ages(bounds, open_age)
    if method == "constant":
        tail = np.broadcast_to(rates[..., -1:], (*rates.shape[:-1], older.size))
    else:
        level, slope = _fit_kannisto(rates, bounds, fit_ages, shared=method.endswith("coherent"))
        tail = _logistic(level + slope * older)
    extended = np.concatenate([bounds[:-1], older])
    return np.concatenate([rates[..., :-1], tail], axis=-1), extended


def extend_open_age(
    mx: ArrayLike,
    ages: ArrayLike,
    sex: Sex,
    *,
    open_age: int = 100,
    fit_ages: Sequence[int] = (65, 70, 75, 80),
) -> tuple[Floats, NDArray[np.int_]]:
    """Divide an open group such as 85+ up to 100+ without moving life expectancy.

    The slope of the Kannisto curve comes from `fit_ages`; its level is moved until
    those who reach the old open age live ``1 / m`` years more, as in the table
    that is closed there. So the published rate of the open group is kept.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``. [1 / year]
    ages : array_like
        Lower bounds; the last group is open.
    sex : str or sequence of str
        Broadcast against the leading dimensions.
    open_age : int
        Lower bound of the new open group.
    fit_ages : sequence of int
        Lower bounds whose rates give the slope.

    Returns
    -------
    mx : ndarray
        ``(..., age)``. [1 / year]
    ages : ndarray
        Lower bounds up to `open_age`.

    Raises
    ------
    RateError
        If no level gives the remaining years of the old open group.

    References
    ----------
    Thatcher, Kannisto and Vaupel (1998), *The Force of Mortality at Ages 80 to 120*.
    """
    bounds = check_ages(ages)
    rates = check_rates(mx, bounds)
    older = _older_ages(bounds, open_age)
    level, slope = _fit_kannisto(rates, bounds, fit_ages, shared=False)
    extended = np.concatenate([bounds[:-1], older])
    target = life_expectancy(rates, bounds, sex)

    def rates_at(shift: Floats) -> Floats:
        tail = _logistic(level + shift[..., None] + slope * older)
        return np.concatenate([rates[..., :-1], tail], axis=-1)

    return solve_level(rates_at, Gauge(extended, sex), target, (6.0, -6.0))[1], extended


def _older_ages(bounds: NDArray[np.int_], open_age: int) -> NDArray[np.int_]:
    step = int(bounds[-1] - bounds[-2])
    if open_age <= bounds[-1] - 1 or (open_age - bounds[-1]) % step:
        raise RateError(
            f"an open group from {bounds[-1]} cannot become one from {open_age}",
            cure=f"choose an open age {bounds[-1]} + a multiple of {step}",
        )
    return np.arange(bounds[-1], open_age + 1, step)


def _fit_kannisto(
    rates: Floats, bounds: NDArray[np.int_], fit_ages: Sequence[int], *, shared: bool
) -> tuple[Floats, Floats]:
    wanted = np.asarray(fit_ages, int)
    missing = sorted(set(wanted.tolist()) - set(bounds[:-1].tolist()))
    if missing or wanted.size < 2:
        raise RateError(
            "the Kannisto curve is fitted to two or more closed age groups of the table",
            found=f"ages {missing} are not among them" if missing else f"ages {wanted.tolist()}",
            cure="name some in fit_ages, such as (65, 70, 75, 80) for an open age of 85",
        )
    fitted = rates[..., np.searchsorted(bounds, wanted)]
    refuse_where(
        ~((fitted > 0) & (fitted < 1)),
        "the Kannisto curve needs rates between 0 and 1",
        fitted,
        wanted,
    )
    x = wanted - wanted.mean()
    y = np.log(fitted) - np.log1p(-fitted)
    slope = (y * x).sum(-1, keepdims=True) / (x * x).sum()
    if shared:
        if y.ndim < 2:
            raise RateError("the coherent form needs a dimension of sexes before age")
        slope = np.broadcast_to(slope.mean(axis=-2, keepdims=True), slope.shape)
    return y.mean(-1, keepdims=True) - slope * wanted.mean(), slope


def _logistic(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))

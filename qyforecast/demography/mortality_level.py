"""Find the level of mortality that gives a stated life expectancy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qyforecast.demography.death_rates import check_ages, check_rates
from qyforecast.demography.lifetable import life_expectancy, life_table
from qyforecast.demography.separation import Floats, Sex
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

#: Life expectancy is met to this many years unless another tolerance is asked for.
EXACT = 1e-9

SHIFTS = ("proportional", "log-odds")


@dataclass(frozen=True)
class Adjustment:
    """Death rates moved to a stated life expectancy.

    Attributes
    ----------
    factor : ndarray
        What the rates (``proportional``) or the odds of dying (``log-odds``) were
        multiplied by, one for each table. For under-registered deaths and the
        proportional shift, ``1 / factor`` is the completeness of registration. [1]
    mx : ndarray
        Death rates with the stated life expectancy, ``(..., age)``. [1 / year]
    shift : str
        Which of the two.
    """

    factor: Floats
    mx: Floats
    shift: str


def solve_level(
    rates_at: Callable[[Floats], Floats],
    expectancy: Callable[[Floats], Floats],
    target: ArrayLike,
    bracket: tuple[ArrayLike, ArrayLike],
    *,
    tolerance: float = EXACT,
) -> tuple[Floats, Floats]:
    """Halve a bracket until life expectancy is as stated, for many tables at once.

    Parameters
    ----------
    rates_at : callable
        Death rates ``(..., age)`` at levels ``(...)``.
    expectancy : callable
        Life expectancy ``(...)`` of death rates ``(..., age)``.
    target : array_like
        Life expectancy wanted, ``(...)``. [year]
    bracket : tuple of array_like
        Level of the least and of the greatest life expectancy looked at.
    tolerance : float
        Stop when this near. With 0.01 the halving stops where the R package MortCast stops,
        which reproduces figures published with it. [year]

    Returns
    -------
    level : ndarray
        ``(...)``.
    mx : ndarray
        Death rates at that level, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If the target lies outside the bracket.
    """
    wanted = np.asarray(target, float)
    low, high = (np.broadcast_to(np.asarray(b, float), wanted.shape).copy() for b in bracket)
    least, most = expectancy(rates_at(low)), expectancy(rates_at(high))
    outside = ~((wanted >= least - tolerance) & (wanted <= most + tolerance))
    if np.any(outside):
        place = np.unravel_index(int(np.argmax(outside)), outside.shape)
        least, most = np.broadcast_to(least, wanted.shape), np.broadcast_to(most, wanted.shape)
        raise RateError(
            "a life expectancy lies outside what the schedule can give",
            found=f"{wanted[place]:.2f}; it can give {least[place]:.2f} to {most[place]:.2f} years",
        )
    level = (low + high) / 2
    # A hundred halvings reach the last bit of a float; only a jump of an a(0) rule lasts longer.
    for _ in range(100):
        reached = expectancy(rates_at(level))
        moving = np.abs(reached - wanted) > tolerance
        if not moving.any():
            break
        low = np.where(moving & (reached < wanted), level, low)
        high = np.where(moving & (reached >= wanted), level, high)
        level = np.where(moving, (low + high) / 2, level)
    return level, rates_at(level)


def split_life_expectancy(
    e0: ArrayLike, gap: ArrayLike, *, sex_ratio_at_birth: float = 1.05
) -> Floats:
    """Divide a life expectancy of both sexes by the gap between them.

    Parameters
    ----------
    e0 : array_like
        Life expectancy of both sexes. [year]
    gap : array_like
        Female minus male. [year]
    sex_ratio_at_birth : float
        Boys per girl among births, who weight the sexes.

    Returns
    -------
    ndarray
        ``(..., sex)`` with sex male, female. [year]
    """
    both, difference = np.broadcast_arrays(np.asarray(e0, float), np.asarray(gap, float))
    boys = sex_ratio_at_birth / (1 + sex_ratio_at_birth)
    return np.stack([both - (1 - boys) * difference, both + boys * difference], axis=-1)


def shift_mortality(
    mx: ArrayLike, ages: ArrayLike, sex: Sex, factor: ArrayLike, *, shift: str = "proportional"
) -> Floats:
    """Multiply death rates, or the odds of dying, at all ages.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``. [1 / year]
    ages : array_like
        Lower bounds; the last group is open.
    sex : str or sequence of str
        Broadcast against the leading dimensions.
    factor : array_like
        Above 0, broadcast against the leading dimensions. [1]
    shift : str
        ``proportional`` multiplies the rates; ``log-odds`` multiplies the odds of dying in
        a closed group and the rate of the open one, and so keeps probabilities below 1.

    Returns
    -------
    ndarray
        Death rates, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If a factor is not above 0.
    """
    bounds = check_ages(ages)
    rates = check_rates(mx, bounds)
    times = np.asarray(factor, float)[..., None]
    if not np.all(times > 0):
        raise RateError("mortality is multiplied by something above 0", found=f"{times.min():g}")
    if shift not in SHIFTS:
        raise RateError(f"no shift of mortality is called {shift}", cure=nearest(shift, SHIFTS))
    if shift == "proportional":
        return rates * times
    table = life_table(rates, bounds, sex)
    q, a, width = table.qx[..., :-1], table.ax[..., :-1], np.diff(bounds)
    moved = q * times / (1 - q + q * times)
    closed = moved / (width - (width - a) * moved)
    return np.concatenate([closed, rates[..., -1:] * times], axis=-1)


def scale_to_life_expectancy(
    mx: ArrayLike,
    ages: ArrayLike,
    sex: Sex,
    e0: ArrayLike,
    *,
    shift: str = "proportional",
    tolerance: float = EXACT,
) -> Adjustment:
    """Move death rates at all ages until life expectancy is as stated.

    Made for census deaths, of which some are not reported: a share missing alike at all
    ages is the proportional shift. The factor of a nation can be applied
    to a part of it with `shift_mortality`, with an uncertainty of its own.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``. [1 / year]
    ages : array_like
        Lower bounds; the last group is open.
    sex : str or sequence of str
        Broadcast against the leading dimensions.
    e0 : array_like
        Life expectancy at birth wanted, broadcast against the leading dimensions. [year]
    shift : str
        See `shift_mortality`.
    tolerance : float
        How near is near enough. [year]

    Returns
    -------
    Adjustment
        Factor and rates.

    Raises
    ------
    RateError
        If a hundredth of the rates is too much still, or more would die than live.

    References
    ----------
    United Nations (1983), *Manual X*, ch. V; Brass (1971), "On the scale of mortality", for
    the shift on log odds.
    """
    rates = check_rates(mx, check_ages(ages))
    lead = np.broadcast_shapes(rates.shape[:-1], np.shape(e0))
    rates = np.broadcast_to(rates, (*lead, rates.shape[-1]))
    target = np.broadcast_to(np.asarray(e0, float), lead)

    def rates_at(level: Floats) -> Floats:
        return shift_mortality(rates, ages, sex, np.exp(level), shift=shift)

    def expectancy(moved: Floats) -> Floats:
        return life_expectancy(moved, ages, sex)

    # Upwards step by step: far above the factor needed more would die than live.
    most = np.zeros(lead)
    while np.any(short := expectancy(rates_at(most)) > target):
        most = np.where(short, most + 0.2, most)
    log_factor, moved = solve_level(
        rates_at, expectancy, target, (most, np.full(lead, -np.log(100.0))), tolerance=tolerance
    )
    return Adjustment(np.exp(log_factor), moved, shift)

"""Move a schedule of mortality to a stated life expectancy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qyforecast.demography.death_rates import check_ages, check_rates
from qyforecast.demography.level_search import EXACT, Gauge, solve_level
from qyforecast.demography.lifetable import life_table
from qyforecast.demography.separation import Floats, Sex
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

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
        If no factor between 1/100 and 100 will do, or more would die than live.

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

    gauge = Gauge(ages, sex, tolerance=tolerance)
    log_factor, moved = solve_level(rates_at, gauge, target, (np.log(100.0), -np.log(100.0)))
    return Adjustment(np.exp(log_factor), moved, shift)

"""Search the level at which a schedule of mortality has a stated life expectancy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qyforecast.demography.death_rates import check_ages
from qyforecast.demography.lifetable import life_expectancy, rough_life_expectancy
from qyforecast.demography.separation import Floats, Sex
from qyforecast.errors import RateError

#: Life expectancy is met to this many years unless another tolerance is asked for.
EXACT = 1e-9


@dataclass(frozen=True)
class Gauge:
    """Measure life expectancy: for whom, and by which rule for infants.

    Attributes
    ----------
    ages : array_like
        Lower bounds; the last group is open.
    sex : str or sequence of str
        Broadcast against the leading dimensions of the rates.
    infant : str
        Rule of `infant_separation`.
    tolerance : float
        How near a search comes. With 0.01 the halving stops where the R package MortCast
        stops, which reproduces figures published with it. [year]
    """

    ages: ArrayLike
    sex: Sex
    infant: str = "andreev-kingkade"
    tolerance: float = EXACT

    def exact(self, mx: Floats) -> Floats:
        """Measure rates that people have.

        Parameters
        ----------
        mx : ndarray
            Death rates, ``(..., age)``. [1 / year]

        Returns
        -------
        ndarray
            Life expectancy at birth, ``(...)``. [year]
        """
        return life_expectancy(mx, self.ages, self.sex, infant=self.infant)

    def rough(self, mx: Floats) -> Floats:
        """Measure rates on the way.

        Parameters
        ----------
        mx : ndarray
            Death rates, ``(..., age)``. [1 / year]

        Returns
        -------
        ndarray
            Life expectancy at birth, ``(...)``. [year]
        """
        return rough_life_expectancy(mx, check_ages(self.ages), self.sex, self.infant)


def solve_level(
    rates_at: Callable[[Floats], Floats],
    gauge: Gauge,
    target: ArrayLike,
    bracket: tuple[ArrayLike, ArrayLike],
) -> tuple[Floats, Floats]:
    """Halve a bracket until life expectancy is as stated, for many tables at once.

    Parameters
    ----------
    rates_at : callable
        Death rates ``(..., age)`` at levels ``(...)``.
    gauge : Gauge
        Measures them.
    target : array_like
        Life expectancy wanted, ``(...)``. [year]
    bracket : tuple of array_like
        Level of the least and of the greatest life expectancy looked at.

    Returns
    -------
    level : ndarray
        ``(...)``.
    mx : ndarray
        Death rates at that level, ``(..., age)``. [1 / year]

    Raises
    ------
    RateError
        If the target lies outside the bracket, or its rates are no life table's.
    """
    wanted = np.asarray(target, float)
    low, high = (np.broadcast_to(np.asarray(b, float), wanted.shape).copy() for b in bracket)
    _check_bracket(gauge.rough(rates_at(low)), wanted, gauge.rough(rates_at(high)))
    level = (low + high) / 2
    # A hundred halvings reach the last bit of a float; only a jump of an a(0) rule lasts longer.
    for _ in range(100):
        reached = gauge.rough(rates_at(level))
        moving = np.abs(reached - wanted) > gauge.tolerance
        if not moving.any():
            break
        low = np.where(moving & (reached < wanted), level, low)
        high = np.where(moving & (reached >= wanted), level, high)
        level = np.where(moving, (low + high) / 2, level)
    rates = rates_at(level)
    missed = np.abs(gauge.exact(rates) - wanted).max()
    if missed > max(gauge.tolerance, 1e-4):
        raise RateError("no level gives the life expectancy", found=f"{missed:.3g} years missed")
    return level, rates


def _check_bracket(least: Floats, wanted: Floats, most: Floats) -> None:
    outside = ~((wanted >= least - 1e-6) & (wanted <= most + 1e-6))
    if np.any(outside):
        place = np.unravel_index(int(np.argmax(outside)), outside.shape)
        least, most = np.broadcast_to(least, wanted.shape), np.broadcast_to(most, wanted.shape)
        raise RateError(
            "a life expectancy lies outside what the schedule can give",
            found=f"{wanted[place]:.2f}; it can give {least[place]:.2f} to {most[place]:.2f} years",
        )


def step_down(rates_at: Callable[[Floats], Floats], gauge: Gauge, target: Floats) -> Floats:
    """Walk down from level 0 until life expectancy is not above a target.

    Parameters
    ----------
    rates_at : callable
        Death rates ``(..., age)`` at levels ``(...)``, falling in the level.
    gauge : Gauge
        Measures them.
    target : ndarray
        Life expectancy, ``(...)``. [year]

    Returns
    -------
    ndarray
        Levels, ``(...)``; 0 where the target was not passed to begin with, and
        never below -100.
    """
    level = np.zeros(target.shape)
    for _ in range(200):
        above = gauge.rough(rates_at(level)) > target + gauge.tolerance
        if not above.any():
            break
        level = np.where(above, level - 0.5, level)
    return level

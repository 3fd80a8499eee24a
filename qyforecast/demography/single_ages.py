"""Abridged life tables graduated to single ages, and back without loss."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline, CubicSpline, PchipInterpolator

from qyforecast.demography.death_rates import refuse_where
from qyforecast.demography.lifetable import LifeTable
from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError

#: Power of age on which the force of mortality before age 5 is interpolated.
_STRETCH = 0.35

#: Range of the a(x) of single ages within which the spline's deaths stay where they are.
_EVEN = (0.2, 0.8)


def graduate_life_table(table: LifeTable) -> LifeTable:
    """Graduate an abridged life table to single ages.

    The cumulated force of mortality, minus the log of the survivors, is interpolated
    by a cubic spline whose slopes are limited so that it never falls (below age 5 on a
    scale stretched near birth, with harmonic means as slopes). Within an old group every
    single age has the same a(x), the one that keeps the group's person-years. So
    survivors and person-years at the old bounds are those of the start, and
    `abridge_life_table` returns it. Where the rates of neighbours are so uneven
    that this a(x) leaves 0.2 to 0.8, the force within the group is tilted as well.

    Parameters
    ----------
    table : LifeTable
        Abridged tables, ``(..., age)``.

    Returns
    -------
    LifeTable
        Ages 0, 1, 2, ... with the same open group.

    Raises
    ------
    RateError
        If nobody survives a closed group, or its a(x) is next to its edge.

    References
    ----------
    Hyman (1983), SIAM J. Sci. Stat. Comput. 4, 645-654; Fritsch and Carlson (1980),
    SIAM J. Numer. Anal. 17, 238-246; McNeil, Trussell and Turner (1977), Demography 14,
    245-252.
    """
    bounds = table.ages
    if bounds[2] == 2:
        raise RateError("the life table has single ages already")
    refuse_where(table.lx <= 0, "nobody is alive at an age", table.lx, bounds)
    single = np.arange(bounds[-1] + 1)
    lx = table.lx[..., :1] * np.exp(-_hazard(-np.log(table.lx / table.lx[..., :1]), bounds))
    # The spline meets its knots only to rounding; the start is to come back exactly.
    lx[..., bounds] = table.lx
    shared = _shared_ax(table, lx)
    kept = np.where(np.diff(bounds) == 1, shared, np.clip(shared, *_EVEN))
    for group in np.flatnonzero(np.any(shared != kept, axis=tuple(range(shared.ndim - 1)))):
        inside = slice(bounds[group], bounds[group + 1] + 1)
        reached = table.Lx[..., group] - kept[..., group] * table.dx[..., group]
        moved = _tilt(lx[..., inside], reached)
        lx[..., inside] = np.where((shared != kept)[..., [group]], moved, lx[..., inside])
    closed = np.repeat(_shared_ax(table, lx), np.diff(bounds), axis=-1)
    refuse_where(
        ~((closed >= 0) & (closed <= 1)), "a(x) lies at the edge of its group", closed, single
    )
    dx = np.concatenate([lx[..., :-1] - lx[..., 1:], table.dx[..., -1:]], axis=-1)
    Lx = np.concatenate([lx[..., 1:] + closed * dx[..., :-1], table.Lx[..., -1:]], axis=-1)
    return _complete(single, table.sex, lx, dx, Lx)


def abridge_life_table(table: LifeTable) -> LifeTable:
    """Join the single ages of a life table to 0, 1-4, 5-9, ...

    Parameters
    ----------
    table : LifeTable
        Tables by single age, ``(..., age)``; the open age is a multiple of 5.

    Returns
    -------
    LifeTable
        Abridged tables; survivors and person-years are those of the single ages.

    Raises
    ------
    RateError
        If ages are not single or the open age is not a multiple of 5.
    """
    open_age = int(table.ages[-1])
    if table.ages[2] != 2 or open_age % 5:
        raise RateError(
            "single ages with an open group from a multiple of 5 can be abridged",
            found=f"ages {table.ages[:4].tolist()} ... {open_age}",
        )
    bounds = np.array([0, 1, *range(5, open_age + 1, 5)])
    Lx = np.add.reduceat(table.Lx, bounds, axis=-1)
    dx = np.add.reduceat(table.dx, bounds, axis=-1)
    return _complete(bounds, table.sex, table.lx[..., bounds], dx, Lx)


def _hazard(cumulated: Floats, bounds: NDArray[np.int_]) -> Floats:
    """Interpolate the cumulated force at every whole age."""
    knots = bounds.astype(float)
    # Rates fall as a power of age after birth; on the stretched scale their course is nearly even.
    young = PchipInterpolator(knots[:5] ** _STRETCH, cumulated[..., :5], axis=-1)
    at_five = young(5.0**_STRETCH, 1) * _STRETCH * 5.0 ** (_STRETCH - 1)
    x, y = knots[2:], cumulated[..., 2:]
    rates = np.diff(y, axis=-1) / np.diff(x)
    ends: Any = ((1, np.asarray(at_five)), "not-a-knot")
    smooth = np.asarray(CubicSpline(x, y, axis=-1, bc_type=ends)(x, 1))
    left = np.concatenate([rates[..., :1], rates], axis=-1)
    right = np.concatenate([rates, rates[..., -1:]], axis=-1)
    # Hyman's limit: three times the lesser of the neighbouring rates keeps the curve rising.
    slopes = np.clip(smooth, 0.0, 3 * np.minimum(left, right))
    old = CubicHermiteSpline(x, y, slopes, axis=-1)
    infancy = np.asarray(young(np.arange(5.0) ** _STRETCH))
    return np.concatenate([infancy, np.asarray(old(np.arange(5.0, knots[-1] + 1)))], axis=-1)


def _shared_ax(table: LifeTable, lx: Floats) -> Floats:
    """Give each group the a(x) of its single ages that keeps its person-years."""
    reached = np.add.reduceat(lx[..., 1:], table.ages[:-1], axis=-1)
    died = table.dx[..., :-1]
    some = died > 0
    return np.where(some, (table.Lx[..., :-1] - reached) / np.where(some, died, 1.0), 0.5)


def _tilt(lx: Floats, reached: Floats) -> Floats:
    """Move deaths earlier or later in a group until its birthdays sum to what is wanted."""
    force = -np.diff(np.log(lx), axis=-1)
    total = force.sum(-1, keepdims=True)
    place = np.arange(force.shape[-1])

    def tilted(slope: Floats) -> Floats:
        moved = force * np.exp(slope[..., None] * place)
        moved *= total / np.where(total > 0, moved.sum(-1, keepdims=True), 1.0)
        return lx[..., :1] * np.exp(-np.cumsum(moved, axis=-1))

    low, high = np.full(reached.shape, -50.0), np.full(reached.shape, 50.0)
    for _ in range(80):
        middle = (low + high) / 2
        late = tilted(middle).sum(-1) > reached
        low, high = np.where(late, low, middle), np.where(late, middle, high)
    inner = tilted((low + high) / 2)[..., :-1]
    return np.concatenate([lx[..., :1], inner, lx[..., -1:]], axis=-1)


def _complete(
    ages: NDArray[np.int_], sex: NDArray[np.str_], lx: Floats, dx: Floats, Lx: Floats
) -> LifeTable:
    # Nobody lives beyond the open group, so its width does not matter.
    width = np.append(np.diff(ages).astype(float), 0.0)
    next_lx = np.concatenate([lx[..., 1:], np.zeros((*lx.shape[:-1], 1))], axis=-1)
    some = dx > 0
    ax = np.where(some, (Lx - width * next_lx) / np.where(some, dx, 1.0), width / 2)
    Tx = np.cumsum(Lx[..., ::-1], axis=-1)[..., ::-1]
    return LifeTable(ages, sex, dx / Lx, ax, dx / lx, lx, dx, Lx, Tx, Tx / lx)

"""What the compiled accounts share: lanes, the numbers they hold, and their inputs.

A block of draws is computed together; each draw is a *lane*, and lanes run innermost,
so that a schedule is read once for all of them. All numbers that a lane has besides its
stock lie in one flat array, slot after slot.
"""

from typing import Any, NamedTuple

import numba as nb
import numpy as np

from qyforecast.projection.vectors import LANES, load, smaller, store, write, zeros

# Products and sums may be fused, and nothing else is relaxed but NaN, which cannot occur
# because every input is checked to be finite. No counting of references: rows are views
# of arrays that outlive them, and counting costs a tenth of the time on one thread and
# more on two. No wrappers for Python, which calls none of these: they were a third of the
# compilation.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "fastmath": {"contract", "nsz", "nnan"},
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
compiled = nb.njit(**_OPTIONS)
# For what is handed all inputs: a call would copy every number that describes their arrays.
compiled_in_place = nb.njit(forceinline=True, **_OPTIONS)
_IN_ORDER: dict[str, Any] = _OPTIONS | {"fastmath": {"nsz", "nnan"}}
compiled_in_order = nb.njit(**_IN_ORDER)


MALE, FEMALE = TOWN, VILLAGE = range(2)

# Slots for scalars of this year and region.
(
    LEVEL,
    FERTILE,
    COMING,
    GOING,
    LEAVING,
    MOVING,
    RETURNING,
    RETAINED,
    FOLLOWERS,
    EXTRA,
    RELABELLED,
    SHARE,
    # Slots for sums over ages, and for what follows from them.
    BORN,
    NEWBORN,
    OLDER,
    DEATHS,
    EXTERNAL,
    LEAST,
    IN_TOWN,
    IN_VILLAGE,
    IN,
    OUT,
    OUT_VILLAGE,
    OWN,
    RATE,
    MAY_MOVE,
    MAY_MOVE_F,
    MAY_RETURN,
    MAY_RETURN_F,
    MAY_FOLLOW,
    MAY_FOLLOW_F,
    MOVE,
    RETURN,
    FOLLOW,
    GO_BACK,
    AIM,
    ARRIVED,
    ARRIVED_F,
    END_TOWN,
    END_TOWN_F,
    END_VILLAGE,
    END_VILLAGE_F,
    BROKEN,
) = range(0, 43 * LANES, LANES)
SLOTS = 43
#: Slots of scalars for living a year, and for moves within a region.
FOR_LIVING, FOR_MOVES = (0, 5), (5, 12)

# Kinds of flow, in the order of `FLOW_SIGNS`.
FLOW_BIRTHS, FLOW_DEATHS, FLOW_EXTERNAL, FLOW_IN, FLOW_OUT = range(5)
FLOW_TO_TOWN, FLOW_TO_VILLAGE, FLOW_RELABELLED = range(5, 8)


# Rows of the table of schedules; GAIN is high survivorship less low.
LOW, GAIN, EARLY, EARLY_GO, LATE, LATE_GO, LEAVE, FERTILITY = range(8)
# Columns of the table of numbers by area and sex.
BORN_LOW, BORN_GAIN, PART, ALL_EARLY, OLDER_LATE, MIGRANTS, RISKY = range(7)


# Kinds of propensity.
MOVERS, RETURNERS, FAMILY = range(3)


class Options(NamedTuple):
    """What a run has to do, and what it must watch."""

    bearing: bool
    coupled: bool
    departs: bool
    leaves: bool
    yearly: bool
    hasty: bool
    done: bool


class Inputs(NamedTuple):
    """A `World` for the compiled accounts.

    Few large arrays of few dimensions, read by whole indices: each view of an array that
    threads share would cost them a turn at its reference count. A *cell* is a year,
    region, residence and sex; cells are numbered in that order (`first_cell`).

    Attributes
    ----------
    sizes : tuple of int
        T, C, K.
    start : ndarray
        (D or 1, C, K, S, A). [person]
    schedules : ndarray
        (cell, kind, A), kinds from `LOW` to `FERTILITY`; cells of one year only where
        nothing varies by year.
    numbers : ndarray
        (cell, kind), kinds from `BORN_LOW` to `RISKY`.
    propensities : ndarray
        (3, S, A): of movers, of those who return, of families.
    pull : ndarray
        (C,), destination weights.
    scalars : ndarray
        For each slot from `LEVEL` to `SHARE` (block of draws, T or 1, C or 1, lane), one
        after the other, flat: what a block reads lies together.
    steps : ndarray
        (slot, 4): where the scalars of a slot begin, and how far it is to those of the
        next draw, year and region; 0 where they do not vary.
    bounds : ndarray
        Positions of groups of ages, the end last.
    fertile : tuple of int
        Position of the first fertile age, and of the one after the last.
    options : Options
        What to do.
    """

    sizes: tuple[int, int, int]
    start: np.ndarray
    schedules: np.ndarray
    numbers: np.ndarray
    propensities: np.ndarray
    pull: np.ndarray
    scalars: np.ndarray
    steps: np.ndarray
    bounds: np.ndarray
    fertile: tuple[int, int]
    options: Options


class Outputs(NamedTuple):
    """Arrays of `Records`, and whether a flow of a draw is larger than its stock.

    Draws come last and fill whole blocks: what a block leaves behind is written as it
    lies, and quantiles over draws read what lies together. Before them come year, region,
    residence and sex, for flows their kind before these, for ages their group after. Of
    the two arrays by age the one of the wrong precision has no groups.
    """

    totals: np.ndarray
    flows: np.ndarray
    by_age: np.ndarray
    by_age_32: np.ndarray
    broken: np.ndarray


@compiled
def read_scalars(scalars, steps, lanes, place, slots):
    """Read scalars of a block of draws, of one year and region, into their slots."""
    first, t, c = place
    for i in range(slots[0], slots[1]):
        at = steps[i, 0] + steps[i, 1] * first + steps[i, 2] * t + steps[i, 3] * c
        store(lanes, i * LANES, load(scalars, at))


@compiled
def first_cell(sizes, t, c):
    """Number of the first cell of a year and region: men in town, women, then the village."""
    return (t * sizes[1] + c) * sizes[2] * 2


@compiled
def clear(slot, lanes):
    """Set a slot to zero."""
    store(lanes, slot, zeros(lanes))


@compiled
def put(slot, lanes, out, first):
    """Write a slot of a block to its draws in an array of outputs."""
    write(out, first, load(lanes, slot))


@compiled
def total(row):
    """Sum a row of ages."""
    # Two sums, or each addition would wait for the one before.
    even, odd = zeros(row), zeros(row)
    for a in range(0, row.size - LANES, 2 * LANES):
        even += load(row, a)
        odd += load(row, a + LANES)
    if row.size // LANES % 2:
        even += load(row, row.size - LANES)
    return even + odd


@compiled
def check_stock(row, lanes):
    """Note lanes in which a row has less than nobody of some age."""
    least = zeros(row)
    for a in range(0, row.size, LANES):
        least = smaller(load(row, a), least)
    note_least(least, lanes)


@compiled
def note_least(least, lanes):
    """Note lanes whose smallest number is negative."""
    store(lanes, LEAST, least)
    for j in range(LANES):
        if lanes[LEAST + j] < 0.0:
            lanes[BROKEN + j] = 1.0

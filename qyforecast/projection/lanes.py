"""What the compiled accounts share: lanes, the numbers they hold, and their inputs.

A block of draws is computed together; each draw is a *lane*, and lanes run innermost,
so that a schedule is read once for all of them and every inner loop is a vector loop.
All numbers that a lane has besides its stock lie in one flat array, slot after slot:
that way the compiler sees that slots do not overlap, which it cannot see for separate
arrays. For the same reason four ages are done at a time: sums are fetched once for
four. (Measured: 1.3 ns for eight cells that way, 4 to 15 ns otherwise.)
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numba as nb
import numpy as np

#: Draws in a block. Fewer than 128 and the compiler unrolls loops instead of vectorising them.
LANES = 128

# Sums may be taken in any order and products fused; nothing else is relaxed but NaN,
# which cannot occur because every input is checked to be finite. No counting of
# references: rows are views of arrays that outlive them, and counting costs a tenth of
# the time on one thread and more on two.
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "fastmath": {"reassoc", "contract", "nsz", "nnan"},
    "_nrt": False,
}
compiled = nb.njit(**_OPTIONS)
inlined = nb.njit(inline="always", **_OPTIONS)
_IN_ORDER: dict[str, Any] = _OPTIONS | {"fastmath": {"nsz", "nnan"}}
compiled_in_order = nb.njit(**_IN_ORDER)
inlined_in_order = nb.njit(inline="always", **_IN_ORDER)


def compiled_once(signature: str) -> Callable:
    """Compile for one signature, where numba would compile anew for every constant."""
    return nb.njit(signature, **_OPTIONS)


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
    SUM_TOWN,
    SUM_VILLAGE,
    BROKEN,
) = range(0, 44 * LANES, LANES)
SLOTS = 44

# Kinds of flow, in the order of `FLOW_SIGNS`.
FLOW_BIRTHS, FLOW_DEATHS, FLOW_EXTERNAL, FLOW_IN, FLOW_OUT = range(5)
FLOW_TO_TOWN, FLOW_TO_VILLAGE, FLOW_RELABELLED = range(5, 8)


# Rows of the table of schedules.
LOW, HIGH, EARLY, EARLY_GO, LATE, LATE_GO, LEAVE, FERTILITY = range(8)
# Columns of the table of numbers by area and sex.
BORN_LOW, BORN_HIGH, PART, ALL_EARLY, OLDER_LATE, MIGRANTS, RISKY = range(7)


# Kinds of propensity.
MOVERS, RETURNERS, FAMILY = range(3)


class Options(NamedTuple):
    """What a run has to do, and what it must watch."""

    bearing: bool
    coupled: bool
    departs: bool
    leaves: bool
    hasty: bool
    done: bool


class Inputs(NamedTuple):
    """A `World` for the compiled accounts.

    Few large arrays, read by whole indices: each view of an array that threads share
    would cost them a turn at its reference count.

    Attributes
    ----------
    start : ndarray
        (D or 1, C, K, S, A). [person]
    schedules : ndarray
        (T or 1, C, K, S, kind, A), kinds from `LOW` to `FERTILITY`.
    numbers : ndarray
        (T or 1, C, K, S, kind), kinds from `BORN_LOW` to `RISKY`.
    propensities : ndarray
        (3, S, A): of movers, of those who return, of families.
    pull : ndarray
        (C,), destination weights.
    scalars : tuple of ndarray
        (D or 1, T or 1, C or 1) for each slot from `LEVEL` to `SHARE`.
    bounds : ndarray
        Positions of groups of ages, the end last.
    fertile : tuple of int
        Position of the first fertile age, and of the one after the last.
    options : Options
        What to do.
    """

    start: np.ndarray
    schedules: np.ndarray
    numbers: np.ndarray
    propensities: np.ndarray
    pull: np.ndarray
    scalars: tuple[np.ndarray, ...]
    bounds: np.ndarray
    fertile: tuple[int, int]
    options: Options


class Outputs(NamedTuple):
    """Arrays of `Records`, and whether a flow of a draw is larger than its stock.

    Of the two arrays by age the one of the wrong precision has no groups.
    """

    totals: np.ndarray
    flows: np.ndarray
    by_age: np.ndarray
    by_age_32: np.ndarray
    broken: np.ndarray


@compiled
def gather(values, slot, lanes, first, place):
    """Copy the scalars of a block of draws, of one year and region, into a slot."""
    t, c = place
    year = t if values.shape[1] > 1 else 0
    region = c if values.shape[2] > 1 else 0
    lane = lanes[slot : slot + LANES]
    draws = values[first : first + LANES, year, region]
    if draws.size == LANES:
        for j in range(LANES):
            lane[j] = draws[j]
    else:
        last = values.shape[0] - 1
        for j in range(LANES):
            lane[j] = values[min(first + j, last), year, region]


@inlined
def add_four(n, lane, w0, w1, w2, w3):
    """Add four ages, weighed, to a slot."""
    for j in range(LANES):
        lane[j] += (w0 * n[j] + w1 * n[LANES + j]) + (w2 * n[2 * LANES + j] + w3 * n[3 * LANES + j])


@inlined
def add_one(n, lane, weight):
    """Add one age, weighed, to a slot."""
    for j in range(LANES):
        lane[j] += weight * n[j]


@compiled_once("void(int64, float64[::1])")
def clear(slot, lanes):
    """Set a slot to zero."""
    lane = lanes[slot : slot + LANES]
    for j in range(LANES):
        lane[j] = 0.0


@compiled_once("void(int64, float64[::1], float64[::1], float64)")
def put(slot, lanes, out, sign):
    """Copy a slot, perhaps with its sign turned."""
    lane = lanes[slot : slot + LANES]
    for j in range(LANES):
        out[j] = sign * lane[j]


@compiled
def flush(staged, flows, kind, place):
    """Write a staged flow of a region to as many draws as the block has."""
    first, t, c = place
    for j in range(min(LANES, flows.shape[1] - first)):
        for k in range(flows.shape[4]):
            for s in range(2):
                flows[kind, first + j, t, c, k, s] = staged[kind, k, s, j]


@compiled_once("void(float64[::1], int64, float64[::1])")
def total(row, slot, lanes):
    """Sum a row of ages into a slot."""
    lane = lanes[slot : slot + LANES]
    for j in range(LANES):
        lane[j] = 0.0
    ages = row.size // LANES
    for a in range(0, ages - 3, 4):
        add_four(row[a * LANES : (a + 4) * LANES], lane, 1.0, 1.0, 1.0, 1.0)
    for a in range(ages - ages % 4, ages):
        add_one(row[a * LANES : (a + 1) * LANES], lane, 1.0)


@compiled
def check_stock(row, lanes):
    """Note lanes in which a row has less than nobody of some age."""
    clear(LEAST, lanes)
    for a in range(row.size // LANES):
        n = row[a * LANES : (a + 1) * LANES]
        for j in range(LANES):
            lanes[LEAST + j] = n[j] if n[j] < lanes[LEAST + j] else lanes[LEAST + j]
    note_least(lanes)


@compiled
def note_least(lanes):
    """Note lanes whose smallest number is negative."""
    for j in range(LANES):
        if lanes[LEAST + j] < 0.0:
            lanes[BROKEN + j] = 1.0

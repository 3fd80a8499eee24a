"""What the compiled accounts share: lanes, the numbers they hold, and their inputs.

A block of draws is computed together; each draw is a *lane*, and lanes run innermost,
so that a schedule is read once for all of them and every inner loop is a vector loop.
All numbers that a lane has besides its stock lie in one flat array, slot after slot:
that way the compiler sees that slots do not overlap, which it cannot see for separate
arrays. For the same reason four ages are done at a time: sums are fetched once for
four. (Measured: 1.3 ns for eight cells that way, 4 to 15 ns otherwise.)
"""

from typing import NamedTuple

import numba as nb
import numpy as np

#: Draws in a block: four vectors of eight doubles.
LANES = 32

# Sums may be taken in any order and products fused; nothing else is relaxed but NaN,
# which cannot occur because every input is checked to be finite.
compiled = nb.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz", "nnan"})

MALE, FEMALE = 0, 1
TOWN, VILLAGE = 0, 1

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
    OUT_TOWN,
    OUT_VILLAGE,
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
) = range(0, 39 * LANES, LANES)
SLOTS = 39

# Kinds of flow, in the order of `FLOW_SIGNS`.
FLOW_BIRTHS, FLOW_DEATHS, FLOW_EXTERNAL, FLOW_IN, FLOW_OUT = range(5)
FLOW_TO_TOWN, FLOW_TO_VILLAGE, FLOW_RELABELLED = range(5, 8)


class Options(NamedTuple):
    """What a run has to do, and what it must watch."""

    bearing: bool
    coupled: bool
    departs: bool
    leaves: bool
    hasty: bool
    done: bool


class Inputs(NamedTuple):
    """Arrays of a `World`; a length of 1 stands for all draws, years or regions."""

    start: np.ndarray
    survival: np.ndarray
    birth_survival: np.ndarray
    fertility: np.ndarray
    boys: np.ndarray
    arrivals: np.ndarray
    departure: np.ndarray
    leaving: np.ndarray
    destination: np.ndarray
    moving: np.ndarray
    returning: np.ndarray
    family: np.ndarray
    scalars: tuple[np.ndarray, ...]
    bounds: np.ndarray
    arriving: np.ndarray
    risky: np.ndarray
    at_start: float
    options: Options


class Outputs(NamedTuple):
    """Arrays of `Records`, and whether a flow of a draw is larger than its stock."""

    totals: np.ndarray
    flows: np.ndarray
    by_age: np.ndarray
    broken: np.ndarray


@compiled
def gather(values, first, t, c, lanes):
    """Copy the scalars of a block of draws, of one year and region, into a slot."""
    year = t if values.shape[1] > 1 else 0
    region = c if values.shape[2] > 1 else 0
    last = values.shape[0] - 1
    for j in range(LANES):
        lanes[j] = values[min(first + j, last), year, region]


@compiled
def clear(slot, lanes):
    """Set a slot to zero."""
    for j in range(LANES):
        lanes[slot + j] = 0.0


@compiled
def put(slot, lanes, out):
    """Copy a slot to as many draws as the block has."""
    for j in range(out.shape[0]):
        out[j] = lanes[slot + j]


@compiled
def total(row, slot, lanes):
    """Sum a row of ages into a slot."""
    clear(slot, lanes)
    for a in range(row.size // LANES):
        n = row[a * LANES : (a + 1) * LANES]
        for j in range(LANES):
            lanes[slot + j] += n[j]


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

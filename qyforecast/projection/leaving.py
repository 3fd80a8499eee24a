"""Compiled: moves between regions.

A region draws from the pool of all leavers less its own part of it. Rather than keep
that part until the pool is full, it is taken from the town at once, which may go below
zero, and the whole pool is drawn later. The rounding of every step is monotone, so that
in the end nobody is negative; therefore sums here are neither reordered nor fused.
"""

from qyforecast.projection.lanes import (
    IN,
    LEAVE,
    LEAVING,
    OUT,
    OUT_VILLAGE,
    OWN,
    compiled_in_order,
    note_least,
)
from qyforecast.projection.vectors import LANES, load, smaller, store, zeros


@compiled_in_order
def leave(town, village, lanes, rates, cell, pool):
    """Let people of a sex leave a region by residence, and fill the pool with them.

    Parameters
    ----------
    town, village : ndarray
        (A * LANES,), changed in place. [person]
    lanes : ndarray
        Slots; sets those who leave, and the region's own part of the pool.
    rates : ndarray
        Table of schedules.
    cell : tuple
        Number of the town's row in it (the village's is two on), weight of a leaver in
        the pool, pull of the region.
    pool : ndarray
        (A * LANES,), added to.
    """
    number, weight, pull = cell
    urban, rural = rates[number, LEAVE], rates[number + 2, LEAVE]
    leaving, out, out_village, whole = load(lanes, LEAVING), zeros(town), zeros(town), zeros(town)
    for a in range(urban.size):
        at = a * LANES
        n, m = load(town, at), load(village, at)
        f, g = urban[a] * leaving * n, rural[a] * leaving * m
        own = weight * (f + g)
        store(town, at, (n - f) - pull * own)
        store(village, at, m - g)
        store(pool, at, load(pool, at) + own)
        out += f
        out_village += g
        whole += own
    store(lanes, OUT, out)
    store(lanes, OUT_VILLAGE, out_village)
    store(lanes, OWN, whole)


@compiled_in_order
def leave_whole(row, lanes, rates, cell, pool):
    """Do as `leave` where residence is not told apart."""
    number, weight, pull = cell
    rate = rates[number, LEAVE]
    leaving, out, whole = load(lanes, LEAVING), zeros(row), zeros(row)
    for a in range(rate.size):
        at = a * LANES
        n = load(row, at)
        f = rate[a] * leaving * n
        own = weight * f
        store(row, at, (n - f) - pull * own)
        store(pool, at, load(pool, at) + own)
        out += f
        whole += own
    store(lanes, OUT, out)
    store(lanes, OWN, whole)


@compiled_in_order
def arrive(row, lanes, pool, pull, own):
    """Draw the whole pool into a row; slot IN is that less the region's own part."""
    arrived = zeros(row)
    for at in range(0, row.size, LANES):
        whole = load(pool, at)
        store(row, at, load(row, at) + pull * whole)
        arrived += whole
    store(lanes, IN, pull * (arrived - load(own, 0)))


@compiled_in_order
def check_leavers(row, lanes, rates, cell):
    """Note lanes in which more people of an age would leave than live there."""
    rate = rates[cell, LEAVE]
    leaving, least = load(lanes, LEAVING), zeros(row)
    for a in range(rate.size):
        n = load(row, a * LANES)
        least = smaller(n - rate[a] * leaving * n, least)
    note_least(least, lanes)

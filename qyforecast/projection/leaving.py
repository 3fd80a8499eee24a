"""Compiled: moves between regions.

A region draws from the pool of all leavers less its own part of it. Rather than keep
that part until the pool is full, it is taken from the town at once, which may go below
zero, and the whole pool is drawn later. The rounding of every step is monotone, so that
in the end nobody is negative; therefore sums here are neither reordered nor fused.
"""

from qyforecast.projection.lanes import (
    IN,
    LANES,
    LEAST,
    LEAVE,
    LEAVING,
    OUT,
    OUT_VILLAGE,
    OWN,
    clear,
    compiled_in_order,
    inlined_in_order,
    note_least,
)


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
    cell : tuple of float
        Year, region and sex, weight of a leaver in the pool, pull of the region.
    pool : ndarray
        (A * LANES,), added to.
    """
    y, c, s, weight, pull = cell
    clear(OUT, lanes)
    clear(OUT_VILLAGE, lanes)
    clear(OWN, lanes)
    ages = rates.shape[5]
    a = 0
    while a + 2 <= ages:
        span = slice(a * LANES, (a + 2) * LANES)
        urban = (rates[y, c, 0, s, LEAVE, a], rates[y, c, 0, s, LEAVE, a + 1])
        rural = (rates[y, c, 1, s, LEAVE, a], rates[y, c, 1, s, LEAVE, a + 1])
        _leave_two(town[span], village[span], pool[span], lanes, (urban, rural), (weight, pull))
        a += 2
    while a < ages:
        span = slice(a * LANES, (a + 1) * LANES)
        n, m, whole = town[span], village[span], pool[span]
        urban, rural = rates[y, c, 0, s, LEAVE, a], rates[y, c, 1, s, LEAVE, a]
        for j in range(LANES):
            f, g = urban * lanes[LEAVING + j] * n[j], rural * lanes[LEAVING + j] * m[j]
            own = weight * (f + g)
            n[j] = (n[j] - f) - pull * own
            m[j] -= g
            whole[j] += own
            lanes[OUT + j] += f
            lanes[OUT_VILLAGE + j] += g
            lanes[OWN + j] += own
        a += 1


@inlined_in_order
def _leave_two(n, m, pool, lanes, share, factors):
    """Let people of two ages leave."""
    urban, rural = share
    weight, pull = factors
    for j in range(LANES):
        leaving = lanes[LEAVING + j]
        f0, g0 = urban[0] * leaving * n[j], rural[0] * leaving * m[j]
        f1, g1 = urban[1] * leaving * n[LANES + j], rural[1] * leaving * m[LANES + j]
        own0, own1 = weight * (f0 + g0), weight * (f1 + g1)
        n[j] = (n[j] - f0) - pull * own0
        n[LANES + j] = (n[LANES + j] - f1) - pull * own1
        m[j] -= g0
        m[LANES + j] -= g1
        pool[j] += own0
        pool[LANES + j] += own1
        lanes[OUT + j] += f0 + f1
        lanes[OUT_VILLAGE + j] += g0 + g1
        lanes[OWN + j] += own0 + own1


@compiled_in_order
def leave_whole(row, lanes, rates, cell, pool):
    """Do as `leave` where residence is not told apart."""
    y, c, s, weight, pull = cell
    clear(OUT, lanes)
    clear(OWN, lanes)
    for a in range(rates.shape[5]):
        span = slice(a * LANES, (a + 1) * LANES)
        n, whole, share = row[span], pool[span], rates[y, c, 0, s, LEAVE, a]
        for j in range(LANES):
            f = share * lanes[LEAVING + j] * n[j]
            own = weight * f
            n[j] = (n[j] - f) - pull * own
            whole[j] += own
            lanes[OUT + j] += f
            lanes[OWN + j] += own


@compiled_in_order
def arrive(row, lanes, pool, pull, own):
    """Draw the whole pool into a row; slot IN is that less the region's own part."""
    clear(IN, lanes)
    ages = row.size // LANES
    for a in range(0, ages - 1, 2):
        n, whole = row[a * LANES : (a + 2) * LANES], pool[a * LANES : (a + 2) * LANES]
        for j in range(LANES):
            p0, p1 = whole[j], whole[LANES + j]
            n[j] += pull * p0
            n[LANES + j] += pull * p1
            lanes[IN + j] += p0 + p1
    for a in range(ages - ages % 2, ages):
        n, whole = row[a * LANES : (a + 1) * LANES], pool[a * LANES : (a + 1) * LANES]
        for j in range(LANES):
            n[j] += pull * whole[j]
            lanes[IN + j] += whole[j]
    for j in range(LANES):
        lanes[IN + j] = pull * (lanes[IN + j] - own[j])


@compiled_in_order
def check_leavers(row, lanes, rates, cell):
    """Note lanes in which more people of an age would leave than live there."""
    y, c, k, s = cell
    clear(LEAST, lanes)
    for a in range(rates.shape[5]):
        n, share = row[a * LANES : (a + 1) * LANES], rates[y, c, k, s, LEAVE, a]
        for j in range(LANES):
            left = n[j] - share * lanes[LEAVING + j] * n[j]
            lanes[LEAST + j] = left if left < lanes[LEAST + j] else lanes[LEAST + j]
    note_least(lanes)

"""Compiled: migrants join, people survive and grow older, women bear children.

A row is the stock of one area and sex in a block: ages outermost, lanes innermost, in
one flat array. Growing older moves each age up by `LANES` numbers, oldest first.
"""

from qyforecast.projection.lanes import (
    BORN,
    COMING,
    DEATHS,
    EXTERNAL,
    FERTILE,
    GOING,
    LANES,
    LEAST,
    LEVEL,
    NEWBORN,
    clear,
    compiled,
    note_least,
)


@compiled
def live(row, lanes, rates, share, sums):
    """Let a row join, survive, grow older and join again; age 0 is left to `bear`.

    Parameters
    ----------
    row : ndarray
        (A * LANES,), changed in place. [person]
    lanes : ndarray
        Slots; sets deaths and external migrants.
    rates : tuple of ndarray
        Survivorship at low and high mortality, arrivals, departure rates; (A,) each.
    share : tuple of float
        Shares of external migrants who join at the start and at the end.
    sums : tuple of float or bool
        Arrivals of all ages, of all but the youngest; whether anyone departs.
    """
    low, high, arrivals, departure = rates
    first, last = share
    clear(DEATHS, lanes)
    clear(EXTERNAL, lanes)
    _live_oldest(row, lanes, rates, share)
    a = low.size - 2
    while a >= 4 and not sums[2]:
        a -= 4
        _live_four(
            row[a * LANES : (a + 5) * LANES],
            lanes,
            (low[a], low[a + 1], low[a + 2], low[a + 3]),
            (high[a], high[a + 1], high[a + 2], high[a + 3]),
            (first * arrivals[a], first * arrivals[a + 1], first * arrivals[a + 2],
             first * arrivals[a + 3]),
            (last * arrivals[a + 1], last * arrivals[a + 2], last * arrivals[a + 3],
             last * arrivals[a + 4]),
        )  # fmt: skip
    while a > 0:
        a -= 1
        _live_one(
            row[a * LANES : (a + 2) * LANES],
            lanes,
            (low[a], high[a]),
            (first * arrivals[a], first * departure[a]),
            (last * arrivals[a + 1], last * departure[a + 1]),
        )
    if not sums[2]:
        for j in range(LANES):
            lanes[EXTERNAL + j] = lanes[COMING + j] * (first * sums[0] + last * sums[1])


@compiled
def _survivorship(level, low, high):
    """Survivorship between two levels of mortality."""
    return (1.0 - level) * low + level * high


@compiled
def _live_oldest(row, lanes, rates, share):
    """Bring the last two ages together into the open one."""
    low, high, arrivals, departure = rates
    top = low.size - 1
    n = row[(top - 1) * LANES :]
    for j in range(LANES):
        level, coming, going = lanes[LEVEL + j], lanes[COMING + j], lanes[GOING + j]
        go, go_old = share[0] * departure[top - 1] * going, share[0] * departure[top] * going
        here = n[j] * (1.0 - go) + share[0] * arrivals[top - 1] * coming
        old = n[LANES + j] * (1.0 - go_old) + share[0] * arrivals[top] * coming
        alive = here * _survivorship(level, low[top - 1], high[top - 1])
        alive += old * _survivorship(level, low[top], high[top])
        end = alive * (1.0 - share[1] * departure[top] * going) + share[1] * arrivals[top] * coming
        lanes[DEATHS + j] += (here + old) - alive
        lanes[EXTERNAL + j] += (here - n[j]) + (old - n[LANES + j]) + (end - alive)
        n[LANES + j] = end


@compiled
def _live_one(n, lanes, survival, early, late):
    """Let one age join, survive, grow older and join."""
    low, high = survival
    come, go = early
    come_late, go_late = late
    for j in range(LANES):
        coming, going = lanes[COMING + j], lanes[GOING + j]
        before = n[j]
        here = before * (1.0 - go * going) + come * coming
        alive = here * _survivorship(lanes[LEVEL + j], low, high)
        end = alive * (1.0 - go_late * going) + come_late * coming
        lanes[DEATHS + j] += here - alive
        lanes[EXTERNAL + j] += (here - before) + (end - alive)
        n[LANES + j] = end


@compiled
def _live_four(n, lanes, low, high, early, late):
    """Let four ages join, survive, grow older and join, where nobody departs."""
    for j in range(LANES):
        level, coming = lanes[LEVEL + j], lanes[COMING + j]
        n0 = n[j] + early[0] * coming
        n1 = n[LANES + j] + early[1] * coming
        n2 = n[2 * LANES + j] + early[2] * coming
        n3 = n[3 * LANES + j] + early[3] * coming
        m0 = n0 * _survivorship(level, low[0], high[0])
        m1 = n1 * _survivorship(level, low[1], high[1])
        m2 = n2 * _survivorship(level, low[2], high[2])
        m3 = n3 * _survivorship(level, low[3], high[3])
        lanes[DEATHS + j] += ((n0 - m0) + (n1 - m1)) + ((n2 - m2) + (n3 - m3))
        n[LANES + j] = m0 + late[0] * coming
        n[2 * LANES + j] = m1 + late[1] * coming
        n[3 * LANES + j] = m2 + late[2] * coming
        n[4 * LANES + j] = m3 + late[3] * coming


@compiled
def join(row, lanes, arrivals, departure, share, first):
    """Let a share of the external migrants join the ages from `first` on."""
    for a in range(first, arrivals.size):
        n = row[a * LANES : (a + 1) * LANES]
        come, go = share * arrivals[a], share * departure[a]
        for j in range(LANES):
            net = come * lanes[COMING + j] - go * lanes[GOING + j] * n[j]
            n[j] += net
            lanes[EXTERNAL + j] += net


@compiled
def add_mothers(row, lanes, fertility, arrivals, departure, share):
    """Add births of the women of a row, after a share of migrants has joined them."""
    for a in range(fertility.size):
        if fertility[a] == 0.0:
            continue
        n = row[a * LANES : (a + 1) * LANES]
        births, come, go = fertility[a], share * arrivals[a], share * departure[a]
        for j in range(LANES):
            stay = 1.0 - go * lanes[GOING + j]
            lanes[BORN + j] += births * (n[j] * stay + come * lanes[COMING + j])


@compiled
def bear(row, lanes, part, survival, migrants):
    """Fill age 0 with the newborn of one sex, and slot NEWBORN with their births.

    Parameters
    ----------
    row : ndarray
        (A * LANES,), changed in place. [person]
    lanes : ndarray
        Slots; adds to deaths and external migrants.
    part : float
        Half the share of this sex among the newborn.
    survival : tuple of float
        Survivorship of the newborn at low and high mortality.
    migrants : tuple of float
        Arrivals and departure rate of the newborn at the end of the step.
    """
    come, go = migrants
    for j in range(LANES):
        births = part * lanes[FERTILE + j] * lanes[BORN + j]
        lanes[NEWBORN + j] = births
        alive = births * _survivorship(lanes[LEVEL + j], survival[0], survival[1])
        net = come * lanes[COMING + j] - go * lanes[GOING + j] * alive
        lanes[DEATHS + j] += births - alive
        lanes[EXTERNAL + j] += net
        row[j] = alive + net


@compiled
def check_joined(row, lanes, arrivals, departure, share):
    """Note lanes in which a share of migrants would leave less than nobody."""
    clear(LEAST, lanes)
    for a in range(arrivals.size):
        n = row[a * LANES : (a + 1) * LANES]
        come, go = share * arrivals[a], share * departure[a]
        for j in range(LANES):
            left = n[j] + (come * lanes[COMING + j] - go * lanes[GOING + j] * n[j])
            lanes[LEAST + j] = left if left < lanes[LEAST + j] else lanes[LEAST + j]
    note_least(lanes)

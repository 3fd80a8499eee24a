"""Compiled: migrants join, people survive and grow older, women bear children.

A row is the stock of one area and sex in a block: ages outermost, lanes innermost, in
one flat array. Growing older moves each age up by `LANES` numbers, oldest first. A cell
is the place of a row's schedules in their table: year, region, residence, sex.
"""

from qyforecast.projection.lanes import (
    BORN,
    BORN_HIGH,
    BORN_LOW,
    COMING,
    DEATHS,
    EARLY,
    EARLY_GO,
    EXTERNAL,
    FERTILE,
    FERTILITY,
    GOING,
    HIGH,
    LANES,
    LATE,
    LATE_GO,
    LEAST,
    LEVEL,
    LOW,
    NEWBORN,
    PART,
    add_four,
    add_one,
    clear,
    compiled,
    inlined,
    note_least,
)


@compiled
def live(row, lanes, rates, cell, late, departs):
    """Let a row join, survive, grow older and join again; age 0 is left to `bear`.

    Parameters
    ----------
    row : ndarray
        (A * LANES,), changed in place. [person]
    lanes : ndarray
        Slots; adds to deaths and external migrants.
    rates : ndarray
        Table of schedules.
    cell : tuple of int
        Place of the row in it.
    late : float
        1, or 0 if those who join at the end of the step join after births.
    departs : bool
        Whether anyone departs; if not, external migrants are summed elsewhere.
    """
    y, c, k, s = cell
    _live_oldest(row, lanes, rates, cell, late)
    a = rates.shape[5] - 2
    while a >= 4 and not departs:
        a -= 4
        _live_four(
            row[a * LANES : (a + 5) * LANES],
            lanes,
            (rates[y, c, k, s, LOW, a], rates[y, c, k, s, LOW, a + 1],
             rates[y, c, k, s, LOW, a + 2], rates[y, c, k, s, LOW, a + 3]),
            (rates[y, c, k, s, HIGH, a], rates[y, c, k, s, HIGH, a + 1],
             rates[y, c, k, s, HIGH, a + 2], rates[y, c, k, s, HIGH, a + 3]),
            (rates[y, c, k, s, EARLY, a], rates[y, c, k, s, EARLY, a + 1],
             rates[y, c, k, s, EARLY, a + 2], rates[y, c, k, s, EARLY, a + 3]),
            (late * rates[y, c, k, s, LATE, a + 1], late * rates[y, c, k, s, LATE, a + 2],
             late * rates[y, c, k, s, LATE, a + 3], late * rates[y, c, k, s, LATE, a + 4]),
        )  # fmt: skip
    while a > 0:
        a -= 1
        _live_one(
            row[a * LANES : (a + 2) * LANES],
            lanes,
            (rates[y, c, k, s, LOW, a], rates[y, c, k, s, HIGH, a]),
            (rates[y, c, k, s, EARLY, a], rates[y, c, k, s, EARLY_GO, a]),
            (late * rates[y, c, k, s, LATE, a + 1], late * rates[y, c, k, s, LATE_GO, a + 1]),
        )


@inlined
def _survivorship(level, low, high):
    """Survivorship between two levels of mortality."""
    return (1.0 - level) * low + level * high


@compiled
def _live_oldest(row, lanes, rates, cell, late):
    """Bring the last two ages together into the open one."""
    y, c, k, s = cell
    old = rates.shape[5] - 1
    young = old - 1
    n = row[young * LANES : (old + 1) * LANES]
    low, high = rates[y, c, k, s, LOW, young], rates[y, c, k, s, HIGH, young]
    low_old, high_old = rates[y, c, k, s, LOW, old], rates[y, c, k, s, HIGH, old]
    come, go = rates[y, c, k, s, EARLY, young], rates[y, c, k, s, EARLY_GO, young]
    come_old, go_old = rates[y, c, k, s, EARLY, old], rates[y, c, k, s, EARLY_GO, old]
    come_late, go_late = late * rates[y, c, k, s, LATE, old], late * rates[y, c, k, s, LATE_GO, old]
    for j in range(LANES):
        level, coming, going = lanes[LEVEL + j], lanes[COMING + j], lanes[GOING + j]
        here = n[j] * (1.0 - go * going) + come * coming
        older = n[LANES + j] * (1.0 - go_old * going) + come_old * coming
        alive = here * _survivorship(level, low, high)
        alive += older * _survivorship(level, low_old, high_old)
        end = alive * (1.0 - go_late * going) + come_late * coming
        lanes[DEATHS + j] += (here + older) - alive
        lanes[EXTERNAL + j] += (here - n[j]) + (older - n[LANES + j]) + (end - alive)
        n[LANES + j] = end


@inlined
def _live_one(n, lanes, survival, early, late):
    """Let one age join, survive, grow older and join."""
    for j in range(LANES):
        coming, going = lanes[COMING + j], lanes[GOING + j]
        before = n[j]
        here = before * (1.0 - early[1] * going) + early[0] * coming
        alive = here * _survivorship(lanes[LEVEL + j], survival[0], survival[1])
        end = alive * (1.0 - late[1] * going) + late[0] * coming
        lanes[DEATHS + j] += here - alive
        lanes[EXTERNAL + j] += (here - before) + (end - alive)
        n[LANES + j] = end


@inlined
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
def sum_arrivals(lanes, early, late):
    """Set external migrants where nobody departs: arrivals of all ages, times a scalar."""
    for j in range(LANES):
        lanes[EXTERNAL + j] = lanes[COMING + j] * (early + late)


@compiled
def join(row, lanes, rates, cell):
    """Let those who join at the end of the step join every age."""
    y, c, k, s = cell
    for a in range(rates.shape[5]):
        n = row[a * LANES : (a + 1) * LANES]
        come, go = rates[y, c, k, s, LATE, a], rates[y, c, k, s, LATE_GO, a]
        for j in range(LANES):
            net = come * lanes[COMING + j] - go * lanes[GOING + j] * n[j]
            n[j] += net
            lanes[EXTERNAL + j] += net


@compiled
def add_mothers(row, lanes, rates, cell, born):
    """Add births of the women of a row as they are, from the span of fertile ages."""
    y, c, k, s = cell
    lane = lanes[BORN : BORN + LANES]
    low, high = born
    a = low
    while a + 4 <= high:
        n = row[a * LANES : (a + 4) * LANES]
        w0, w1 = rates[y, c, k, s, FERTILITY, a], rates[y, c, k, s, FERTILITY, a + 1]
        w2, w3 = rates[y, c, k, s, FERTILITY, a + 2], rates[y, c, k, s, FERTILITY, a + 3]
        add_four(n, lane, w0, w1, w2, w3)
        a += 4
    while a < high:
        add_one(row[a * LANES : (a + 1) * LANES], lane, rates[y, c, k, s, FERTILITY, a])
        a += 1


@compiled
def add_migrant_mothers(row, lanes, rates, cell, arrivals, departs):
    """Add births of the migrants who join the women of a row at the start."""
    y, c, k, s = cell
    for j in range(LANES):
        lanes[BORN + j] += arrivals * lanes[COMING + j]
    for a in range(rates.shape[5]):
        go = rates[y, c, k, s, FERTILITY, a] * rates[y, c, k, s, EARLY_GO, a]
        if departs and go > 0.0:
            n = row[a * LANES : (a + 1) * LANES]
            for j in range(LANES):
                lanes[BORN + j] -= go * lanes[GOING + j] * n[j]


@compiled
def bear(row, lanes, rates, numbers, cell, late):
    """Fill age 0 with the newborn of one sex, and slot NEWBORN with their births."""
    y, c, k, s = cell
    low, high = numbers[y, c, k, s, BORN_LOW], numbers[y, c, k, s, BORN_HIGH]
    part = numbers[y, c, k, s, PART]
    come, go = late * rates[y, c, k, s, LATE, 0], late * rates[y, c, k, s, LATE_GO, 0]
    for j in range(LANES):
        births = part * lanes[FERTILE + j] * lanes[BORN + j]
        alive = births * _survivorship(lanes[LEVEL + j], low, high)
        net = come * lanes[COMING + j] - go * lanes[GOING + j] * alive
        lanes[NEWBORN + j] = births
        lanes[DEATHS + j] += births - alive
        lanes[EXTERNAL + j] += net
        row[j] = alive + net


@compiled
def check_joined(row, lanes, rates, cell):
    """Note lanes in which the first migrants to join would leave less than nobody."""
    y, c, k, s = cell
    clear(LEAST, lanes)
    for a in range(rates.shape[5]):
        n = row[a * LANES : (a + 1) * LANES]
        come, go = rates[y, c, k, s, EARLY, a], rates[y, c, k, s, EARLY_GO, a]
        for j in range(LANES):
            left = n[j] + (come * lanes[COMING + j] - go * lanes[GOING + j] * n[j])
            lanes[LEAST + j] = left if left < lanes[LEAST + j] else lanes[LEAST + j]
    note_least(lanes)

"""Compiled: migrants join, people survive and grow older, women bear children.

A row is the stock of one area and sex in a block: ages outermost, lanes innermost, in
one flat array. Growing older moves each age up by `LANES` numbers, oldest first. A cell
is the number of a row's schedules in their table.
"""

from qyforecast.projection.lanes import (
    BORN,
    BORN_GAIN,
    BORN_LOW,
    COMING,
    DEATHS,
    EARLY,
    EARLY_GO,
    EXTERNAL,
    FERTILE,
    FERTILITY,
    GAIN,
    GOING,
    LATE,
    LATE_GO,
    LEVEL,
    LOW,
    NEWBORN,
    OLDER,
    PART,
    compiled,
    note_least,
)
from qyforecast.projection.vectors import LANES, load, smaller, store, zeros


@compiled
def live(row, lanes, rates, cell, late):
    """Let a row join, survive, grow older and join again, where nobody departs.

    Age 0 is left to `bear`, and external migrants to `sum_arrivals`.

    Parameters
    ----------
    row : ndarray
        (A * LANES,), changed in place. [person]
    lanes : ndarray
        Slots; sets deaths, and how many live who are older than 0.
    rates : ndarray
        Table of schedules.
    cell : int
        Number of the row in it.
    late : float
        1, or 0 if those who join at the end of the step join after births.
    """
    low, gain = rates[cell, LOW], rates[cell, GAIN]
    early, later = rates[cell, EARLY], rates[cell, LATE]
    level, coming = load(lanes, LEVEL), load(lanes, COMING)
    joining = late * coming
    old = low.size - 1
    here = load(row, old * LANES) + early[old] * coming
    # The last two ages come together in the open one.
    oldest = here * (low[old] + level * gain[old])
    deaths, older = here - oldest, oldest
    for a in range(old - 1, -1, -1):
        here = load(row, a * LANES) + early[a] * coming
        alive = here * (low[a] + level * gain[a])
        deaths += here - alive
        alive += later[a + 1] * joining
        older += alive
        store(row, (a + 1) * LANES, alive)
    store(row, old * LANES, load(row, old * LANES) + oldest)
    store(lanes, DEATHS, deaths)
    store(lanes, OLDER, older)


@compiled
def live_and_depart(row, lanes, rates, cell, late):
    """Do as `live` where people depart too; sets external migrants as well."""
    low, gain = rates[cell, LOW], rates[cell, GAIN]
    early, early_go = rates[cell, EARLY], rates[cell, EARLY_GO]
    later, later_go = rates[cell, LATE], rates[cell, LATE_GO]
    level, coming, going = load(lanes, LEVEL), load(lanes, COMING), load(lanes, GOING)
    joining, quitting = late * coming, late * going
    old = low.size - 1
    oldest, older, deaths, external = zeros(row), zeros(row), zeros(row), zeros(row)
    for a in range(old, -1, -1):
        before = load(row, a * LANES)
        here = before + (early[a] * coming - early_go[a] * going * before)
        alive = here * (low[a] + level * gain[a])
        deaths += here - alive
        external += here - before
        if a == old:
            oldest = alive
        else:
            if a == old - 1:
                # The last two ages come together in the open one.
                alive += oldest
            net = later[a + 1] * joining - later_go[a + 1] * quitting * alive
            external += net
            alive += net
            older += alive
            store(row, (a + 1) * LANES, alive)
    store(lanes, DEATHS, deaths)
    store(lanes, OLDER, older)
    store(lanes, EXTERNAL, external)


@compiled
def sum_arrivals(lanes, early, late):
    """Set external migrants where nobody departs: arrivals of all ages, times a scalar."""
    store(lanes, EXTERNAL, load(lanes, COMING) * (early + late))


@compiled
def join(row, lanes, rates, cell, end):
    """Let those who join at the end of the step join every age, and sum all into slot `end`."""
    come, go = rates[cell, LATE], rates[cell, LATE_GO]
    coming, going = load(lanes, COMING), load(lanes, GOING)
    external, people = load(lanes, EXTERNAL), zeros(row)
    for a in range(come.size):
        here = load(row, a * LANES)
        net = come[a] * coming - go[a] * going * here
        here += net
        store(row, a * LANES, here)
        external += net
        people += here
    store(lanes, EXTERNAL, external)
    store(lanes, end, people)


@compiled
def add_mothers(row, lanes, rates, cell, born):
    """Add births of the women of a row as they are, from the span of fertile ages."""
    rate = rates[cell, FERTILITY]
    # Two sums, or each addition would wait for the one before.
    even, odd = load(lanes, BORN), zeros(row)
    for a in range(born[0], born[1] - 1, 2):
        even += rate[a] * load(row, a * LANES)
        odd += rate[a + 1] * load(row, (a + 1) * LANES)
    if (born[1] - born[0]) % 2:
        even += rate[born[1] - 1] * load(row, (born[1] - 1) * LANES)
    store(lanes, BORN, even + odd)


@compiled
def add_migrant_mothers(row, lanes, rates, cell, arrivals, departs):
    """Add births of the migrants who join the women of a row at the start."""
    rate, go = rates[cell, FERTILITY], rates[cell, EARLY_GO]
    going = load(lanes, GOING)
    births = load(lanes, BORN) + arrivals * load(lanes, COMING)
    if departs:
        for a in range(rate.size):
            births -= rate[a] * go[a] * going * load(row, a * LANES)
    store(lanes, BORN, births)


@compiled
def bear(row, lanes, tables, cell, late, end):
    """Fill age 0 with the newborn of one sex, slot NEWBORN with their births, `end` with all."""
    rates, numbers = tables
    low, gain = numbers[cell, BORN_LOW], numbers[cell, BORN_GAIN]
    come, go = late * rates[cell, LATE, 0], late * rates[cell, LATE_GO, 0]
    births = numbers[cell, PART] * load(lanes, FERTILE) * load(lanes, BORN)
    alive = births * (low + load(lanes, LEVEL) * gain)
    net = come * load(lanes, COMING) - go * load(lanes, GOING) * alive
    store(lanes, NEWBORN, births)
    store(lanes, DEATHS, load(lanes, DEATHS) + (births - alive))
    store(lanes, EXTERNAL, load(lanes, EXTERNAL) + net)
    store(row, 0, alive + net)
    store(lanes, end, load(lanes, OLDER) + (alive + net))


@compiled
def check_joined(row, lanes, rates, cell):
    """Note lanes in which the first migrants to join would leave less than nobody."""
    come, go = rates[cell, EARLY], rates[cell, EARLY_GO]
    coming, going, least = load(lanes, COMING), load(lanes, GOING), zeros(row)
    for a in range(come.size):
        n = load(row, a * LANES)
        least = smaller(n + (come[a] * coming - go[a] * going * n), least)
    note_least(least, lanes)

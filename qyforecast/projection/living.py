"""Compiled: migrants join, people survive and grow older, women bear children.

A row is the stock of one area and sex in a block: ages outermost, lanes innermost, in
one flat array. Growing older moves each age up by `LANES` numbers, oldest first. A cell
is the place of a row's schedules in their table: year, region, residence, sex.
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
        Slots; sets deaths.
    rates : ndarray
        Table of schedules.
    cell : tuple of int
        Place of the row in it.
    late : float
        1, or 0 if those who join at the end of the step join after births.
    """
    y, c, k, s = cell
    low, gain = rates[y, c, k, s, LOW], rates[y, c, k, s, GAIN]
    early, later = rates[y, c, k, s, EARLY], rates[y, c, k, s, LATE]
    level, coming = load(lanes, LEVEL), load(lanes, COMING)
    joining = late * coming
    old = low.size - 1
    here = load(row, old * LANES) + early[old] * coming
    # The last two ages come together in the open one.
    oldest = here * (low[old] + level * gain[old])
    deaths = here - oldest
    for a in range(old - 1, -1, -1):
        here = load(row, a * LANES) + early[a] * coming
        alive = here * (low[a] + level * gain[a])
        deaths += here - alive
        store(row, (a + 1) * LANES, alive + later[a + 1] * joining)
    store(row, old * LANES, load(row, old * LANES) + oldest)
    store(lanes, DEATHS, deaths)


@compiled
def live_and_depart(row, lanes, rates, cell, late):
    """Do as `live` where people depart too; sets external migrants as well."""
    y, c, k, s = cell
    low, gain = rates[y, c, k, s, LOW], rates[y, c, k, s, GAIN]
    early, early_go = rates[y, c, k, s, EARLY], rates[y, c, k, s, EARLY_GO]
    later, later_go = rates[y, c, k, s, LATE], rates[y, c, k, s, LATE_GO]
    level, coming, going = load(lanes, LEVEL), load(lanes, COMING), load(lanes, GOING)
    joining, quitting = late * coming, late * going
    old = low.size - 1
    oldest, deaths, external = zeros(row), zeros(row), zeros(row)
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
            store(row, (a + 1) * LANES, alive + net)
    store(lanes, DEATHS, deaths)
    store(lanes, EXTERNAL, external)


@compiled
def sum_arrivals(lanes, early, late):
    """Set external migrants where nobody departs: arrivals of all ages, times a scalar."""
    store(lanes, EXTERNAL, load(lanes, COMING) * (early + late))


@compiled
def join(row, lanes, rates, cell):
    """Let those who join at the end of the step join every age."""
    y, c, k, s = cell
    come, go = rates[y, c, k, s, LATE], rates[y, c, k, s, LATE_GO]
    coming, going = load(lanes, COMING), load(lanes, GOING)
    external = load(lanes, EXTERNAL)
    for a in range(come.size):
        before = load(row, a * LANES)
        net = come[a] * coming - go[a] * going * before
        store(row, a * LANES, before + net)
        external += net
    store(lanes, EXTERNAL, external)


@compiled
def add_mothers(row, lanes, rates, cell, born):
    """Add births of the women of a row as they are, from the span of fertile ages."""
    y, c, k, s = cell
    rate = rates[y, c, k, s, FERTILITY]
    births = load(lanes, BORN)
    for a in range(born[0], born[1]):
        births += rate[a] * load(row, a * LANES)
    store(lanes, BORN, births)


@compiled
def add_migrant_mothers(row, lanes, rates, cell, arrivals, departs):
    """Add births of the migrants who join the women of a row at the start."""
    y, c, k, s = cell
    rate, go = rates[y, c, k, s, FERTILITY], rates[y, c, k, s, EARLY_GO]
    going = load(lanes, GOING)
    births = load(lanes, BORN) + arrivals * load(lanes, COMING)
    if departs:
        for a in range(rate.size):
            births -= rate[a] * go[a] * going * load(row, a * LANES)
    store(lanes, BORN, births)


@compiled
def bear(row, lanes, rates, numbers, cell, late):
    """Fill age 0 with the newborn of one sex, and slot NEWBORN with their births."""
    y, c, k, s = cell
    low, gain = numbers[y, c, k, s, BORN_LOW], numbers[y, c, k, s, BORN_GAIN]
    come, go = late * rates[y, c, k, s, LATE, 0], late * rates[y, c, k, s, LATE_GO, 0]
    births = numbers[y, c, k, s, PART] * load(lanes, FERTILE) * load(lanes, BORN)
    alive = births * (low + load(lanes, LEVEL) * gain)
    net = come * load(lanes, COMING) - go * load(lanes, GOING) * alive
    store(lanes, NEWBORN, births)
    store(lanes, DEATHS, load(lanes, DEATHS) + (births - alive))
    store(lanes, EXTERNAL, load(lanes, EXTERNAL) + net)
    store(row, 0, alive + net)


@compiled
def check_joined(row, lanes, rates, cell):
    """Note lanes in which the first migrants to join would leave less than nobody."""
    y, c, k, s = cell
    come, go = rates[y, c, k, s, EARLY], rates[y, c, k, s, EARLY_GO]
    coming, going, least = load(lanes, COMING), load(lanes, GOING), zeros(row)
    for a in range(come.size):
        n = load(row, a * LANES)
        least = smaller(n + (come[a] * coming - go[a] * going * n), least)
    note_least(least, lanes)

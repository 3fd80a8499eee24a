"""Compiled: migrants join, people survive and grow older, women bear children."""

from qyforecast.projection.lanes import (
    BORN,
    BROKEN,
    COMING,
    DEATHS,
    EXTERNAL,
    FERTILE,
    FEMALE,
    GOING,
    LANES,
    LEAST,
    LEVEL,
    clear,
    compiled,
)


@compiled
def survival(level, low, high):
    """Survivorship between two levels of mortality."""
    return (1.0 - level) * low + level * high


@compiled
def live_four(n, lanes, low, high, early, late):
    """Let four ages join, survive, grow older and join, where nobody departs."""
    for j in range(LANES):
        level, coming = lanes[LEVEL + j], lanes[COMING + j]
        n0 = n[j] + early[0] * coming
        n1 = n[LANES + j] + early[1] * coming
        n2 = n[2 * LANES + j] + early[2] * coming
        n3 = n[3 * LANES + j] + early[3] * coming
        m0 = n0 * survival(level, low[0], high[0])
        m1 = n1 * survival(level, low[1], high[1])
        m2 = n2 * survival(level, low[2], high[2])
        m3 = n3 * survival(level, low[3], high[3])
        lanes[DEATHS + j] += (n0 - m0) + (n1 - m1) + (n2 - m2) + (n3 - m3)
        n[LANES + j] = m0 + late[0] * coming
        n[2 * LANES + j] = m1 + late[1] * coming
        n[3 * LANES + j] = m2 + late[2] * coming
        n[4 * LANES + j] = m3 + late[3] * coming

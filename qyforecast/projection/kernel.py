"""Compiled: blocks of draws through all their years.

The stock of a block stays in cache from its first year to its last; only totals, flows
and the ages asked for go to memory. What a lane computes does not depend on the others,
so results are the same however draws are divided among blocks and threads.

A region closes a year (arrivals from other regions, moves between village and town) and
at once lives the next up to its leavers, while its stock is in the nearest cache. Those
leavers fill one pool while the arrivals of the year before empty the other.

`reference` says the same to be read, and is the authority.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numba as nb
import numpy as np

from qyforecast.projection.lanes import (
    BROKEN,
    END_TOWN,
    SLOTS,
    compiled_in_place,
    first_cell,
    put,
    total,
)
from qyforecast.projection.regions import live_region, move_region
from qyforecast.projection.vectors import LANES, LINE, load, store, write


@compiled_in_place
def _load(inputs, stock, first, c):
    """Fill the stock of one region."""
    start = inputs.start
    last = start.shape[0] - 1
    for k in range(stock.shape[0]):
        for s in range(2):
            for a in range(start.shape[4]):
                n, same = stock[k, s, a * LANES : (a + 1) * LANES], start[0, c, k, s, a]
                for j in range(LANES):
                    n[j] = same if last == 0 else start[min(first + j, last), c, k, s, a]


@compiled_in_place
def _record(inputs, outputs, stock, lanes, place):
    """Record totals of a region at a year end, and groups of ages if asked for."""
    first, t, c = place
    places = stock.shape[0]
    # Mostly all was summed on the way.
    arrived_last = places == 1 and inputs.options.leaves
    summed = t > 0 and not arrived_last
    here = first_cell(inputs.sizes, t, c)
    for k in range(places):
        for s in range(2):
            i = 2 * k + s
            if not summed:
                store(lanes, END_TOWN + i * LANES, total(stock[k, s]))
            put(END_TOWN + i * LANES, lanes, outputs.totals[here + i], first)
    if inputs.bounds.size > 0:
        _record_ages(inputs, outputs, stock, place)


@compiled_in_place
def _record_ages(inputs, outputs, stock, place):
    """Record groups of ages of a region at a year end."""
    first, t, c = place
    bounds = inputs.bounds
    here = first_cell(inputs.sizes, t, c)
    for k in range(stock.shape[0]):
        for s in range(2):
            for g in range(bounds.size - 1):
                group = total(stock[k, s, bounds[g] * LANES : bounds[g + 1] * LANES])
                if outputs.by_age.size > 0:
                    write(outputs.by_age[here + 2 * k + s, g], first, group)
                else:
                    write(outputs.by_age_32[here + 2 * k + s, g], first, group)


@compiled_in_place
def _start_block(outputs, lanes, first):
    """Take the note of broken draws from earlier blocks: of other regions, same draws."""
    store(lanes, BROKEN, load(outputs.broken, first))


@compiled_in_place
def _end_block(outputs, lanes, first):
    """Note which draws are broken; blocks of other regions may only add to it."""
    for j in range(LANES):
        if lanes[BROKEN + j] > 0.0:
            outputs.broken[first + j] = 1.0


@nb.njit(nogil=True)
def _room(numbers, like):
    """Make a flat array that begins where a line of the cache does, as precise as another."""
    loose = np.empty(numbers + LINE // like.itemsize, dtype=like.dtype)
    first = -(loose.ctypes.data // like.itemsize) % (LINE // like.itemsize)
    return loose[first : first + numbers]


def _compile_run(fingerprint: str) -> Callable:
    """Compile the whole, or load it if these very sources were compiled before.

    numba's cache looks at the file of the function alone, not at those it calls, and would
    run old code after a change elsewhere. But it does look at what a function closes over.
    """

    @nb.njit(cache=True, nogil=True)
    def run_blocks(inputs, outputs, blocks, regions):
        assert fingerprint
        years, _, places = inputs.sizes
        # The accounts are as precise as the schedules.
        size, like = inputs.start.shape[4] * LANES, inputs.schedules
        stock = _room(regions * places * 2 * size, like).reshape((regions, places, 2, size))
        # Leavers of all regions, in turn for this year and the next, and the own part of each.
        own = np.zeros((regions, 2, LANES), dtype=like.dtype)
        pools = (_room(4 * size, like).reshape((2, 2, size)), own)
        offset = np.zeros((regions, LANES))
        lanes = _room(SLOTS * LANES, like)
        lanes[:] = 0.0
        for b in range(blocks.shape[0]):
            offset[:] = 0.0
            first, c0, c1 = blocks[b, 0], blocks[b, 1], blocks[b, 2]
            _start_block(outputs, lanes, first)
            for t in range(years + 1):
                if inputs.options.leaves:
                    pools[0][t % 2] = 0.0
                for c in range(c0, c1):
                    here = stock[c - c0]
                    if t == 0:
                        _load(inputs, here, first, c)
                    else:
                        state = (pools, offset[c - c0])
                        move_region(inputs, outputs, here, lanes, state, (first, t - 1, c))
                    _record(inputs, outputs, here, lanes, (first, t, c))
                    if t < years:
                        live_region(inputs, outputs, here, lanes, pools, (first, t, c))
            _end_block(outputs, lanes, first)

    return run_blocks


def _fingerprint() -> str:
    """Fingerprint of all compiled sources."""
    folder = Path(__file__).parent
    names = ("vectors", "lanes", "living", "leaving", "moving", "regions", "kernel")
    return sha256(b"".join((folder / f"{name}.py").read_bytes() for name in names)).hexdigest()


#: ``run_blocks(inputs, outputs, blocks, regions)``: `Inputs`, `Outputs` to fill, ``(B, 3)`` the
#: first draw, first region and the one after the last of each block, regions in a block.
run_blocks = _compile_run(_fingerprint())

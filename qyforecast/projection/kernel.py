"""Compiled: blocks of draws through all their years.

The stock of a block stays in cache from its first year to its last; only totals, flows
and the ages asked for go to memory. What a lane computes does not depend on the others,
so results are the same however draws are divided among blocks and threads.
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
    FOR_LIVING,
    FOR_MOVES,
    SLOTS,
    compiled_in_place,
    first_cell,
    put,
    read_scalars,
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
    summed = t > 0 and not inputs.options.done and not arrived_last
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


@compiled_in_place
def _step_block(inputs, outputs, scratch, block, t):
    """Close one year and open the next, region by region.

    A region closes a year (arrivals from other regions, moves between village and town)
    and at once lives the next up to its leavers, while its stock is in the nearest cache.
    Those leavers fill one pool while the arrivals of the year before empty the other.
    """
    stock, pools, offset, lanes = scratch
    first, c0, c1 = block
    scalars = inputs.scalars
    if inputs.options.leaves:
        pools[0][t % 2] = 0.0
    for c in range(c0, c1):
        here = stock[c - c0]
        if t == 0:
            _load(inputs, here, first, c)
        else:
            if here.shape[0] == 2:
                read_scalars(scalars, inputs.steps, lanes, (first, t - 1, c), FOR_MOVES)
            state = (pools, offset[c - c0])
            move_region(inputs, outputs, here, lanes, state, (first, t - 1, c))
        _record(inputs, outputs, here, lanes, (first, t, c))
        if t < inputs.sizes[0]:
            read_scalars(scalars, inputs.steps, lanes, (first, t, c), FOR_LIVING)
            live_region(inputs, outputs, here, lanes, pools, (first, t, c))


@nb.njit(nogil=True)
def _room(numbers):
    """Make a flat array that begins where a line of the cache does."""
    loose = np.empty(numbers + LINE // 8)
    first = -(loose.ctypes.data // 8) % (LINE // 8)
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
        size = inputs.start.shape[4] * LANES
        stock = _room(regions * places * 2 * size).reshape((regions, places, 2, size))
        # Leavers of all regions, in turn for this year and the next, and the own part of each.
        pools = (_room(4 * size).reshape((2, 2, size)), np.zeros((regions, 2, LANES)))
        offset = np.zeros((regions, LANES))
        lanes = _room(SLOTS * LANES)
        lanes[:] = 0.0
        scratch = (stock, pools, offset, lanes)
        for b in range(blocks.shape[0]):
            offset[:] = 0.0
            block = (blocks[b, 0], blocks[b, 1], blocks[b, 2])
            _start_block(outputs, lanes, block[0])
            for t in range(years + 1):
                _step_block(inputs, outputs, scratch, block, t)
            _end_block(outputs, lanes, block[0])

    return run_blocks


def _fingerprint() -> str:
    """Fingerprint of all compiled sources."""
    folder = Path(__file__).parent
    names = ("vectors", "lanes", "living", "leaving", "moving", "regions", "kernel")
    return sha256(b"".join((folder / f"{name}.py").read_bytes() for name in names)).hexdigest()


#: ``run_blocks(inputs, outputs, blocks, regions)``: `Inputs`, `Outputs` to fill, ``(B, 3)`` the
#: first draw, first region and the one after the last of each block, regions in a block.
run_blocks = _compile_run(_fingerprint())

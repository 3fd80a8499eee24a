"""Compiled: a block of draws through all its years.

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
    ALL_EARLY,
    ARRIVED,
    BORN,
    BROKEN,
    DEATHS,
    END_TOWN,
    END_VILLAGE,
    EXTERNAL,
    FEMALE,
    FLOW_BIRTHS,
    FLOW_DEATHS,
    FLOW_EXTERNAL,
    FLOW_IN,
    FLOW_OUT,
    FLOW_RELABELLED,
    FLOW_TO_TOWN,
    FLOW_TO_VILLAGE,
    IN,
    IN_TOWN,
    IN_VILLAGE,
    LANES,
    MALE,
    MAY_MOVE,
    MAY_RETURN,
    MIGRANTS,
    MOVERS,
    NEWBORN,
    OLDER_LATE,
    OUT,
    RETURNERS,
    RISKY,
    SLOTS,
    TOWN,
    VILLAGE,
    allocating,
    check_stock,
    clear,
    compiled,
    gather,
    put,
    total,
)
from qyforecast.projection.living import (
    add_migrant_mothers,
    add_mothers,
    bear,
    check_joined,
    join,
    live,
    sum_arrivals,
)
from qyforecast.projection.moving import (
    add_to_pool,
    aim,
    arrive,
    book_moves,
    check_moves,
    decide,
    decide_family,
    decide_relabelling,
    exchange,
    in_doubt,
    leave,
    note_offset,
    relabel,
    weigh,
    weigh_family,
)


@allocating
def run_block(inputs, outputs, first, c0, c1):
    """Carry a block of draws and some regions through all years.

    Parameters
    ----------
    inputs : Inputs
        A world.
    outputs : Outputs
        Arrays to fill.
    first : int
        First draw of the block.
    c0, c1 : int
        First region and the one after the last; all if people move between regions.
    """
    _, ends, _, places, _ = outputs.totals.shape
    size = inputs.start.shape[4] * LANES
    stock = np.empty((c1 - c0, places, 2, size))
    pools = np.zeros((c1 - c0 + 1 if inputs.options.leaves else 0, 2, size))
    offset = np.zeros((c1 - c0, LANES))
    lanes = np.zeros(SLOTS * LANES)
    for t in range(ends):
        for c in range(c0, c1):
            if t == 0:
                _read_scalars(inputs, lanes, (first, 0, c), True)
                _load(inputs, stock[c - c0], first, c)
            else:
                _live_region(inputs, outputs, stock[c - c0], lanes, pools, (first, t - 1, c))
        if inputs.options.leaves:
            _fill_pool(pools)
        for c in range(c0, c1):
            if t > 0:
                here = stock[c - c0]
                _move_region(
                    inputs, outputs, here, lanes, (pools, offset[c - c0]), (first, t - 1, c)
                )
            _record(inputs, outputs, stock[c - c0], lanes, (first, t, c))
    for j in range(min(LANES, outputs.broken.size - first)):
        # Regions of a draw may be in several blocks: each may only add.
        if lanes[BROKEN + j] > 0.0:
            outputs.broken[first + j] = 1.0


@compiled
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


@compiled
def _read_scalars(inputs, lanes, place, all_of_them):
    """Read the scalars of a year and region into their slots; those that vary, or all."""
    first, t, c = place
    for i in range(len(inputs.scalars)):
        if all_of_them or inputs.scalars[i].size > 1:
            gather(inputs.scalars[i], i * LANES, lanes, first, (t, c))


@compiled
def _live_region(inputs, outputs, stock, lanes, pools, place):
    """Let the people of a region live a year; women first, who bear sons too."""
    first, t, c = place
    y = t if inputs.schedules.shape[0] > 1 else 0
    _read_scalars(inputs, lanes, place, False)
    for k in range(stock.shape[0]):
        clear(BORN, lanes)
        women, cell = stock[k, FEMALE], (y, c, k, FEMALE)
        migrants = inputs.numbers[y, c, k, FEMALE, MIGRANTS]
        add_mothers(women, lanes, inputs.schedules, cell, inputs.fertile)
        add_migrant_mothers(
            women, lanes, inputs.schedules, cell, migrants, inputs.options.departs
        )
        for s in (FEMALE, MALE):
            _live_row(inputs, stock[k, s], lanes, (y, c, k, s))
            put(NEWBORN, lanes, outputs.flows, FLOW_BIRTHS, (first, t, c, k, s), 1.0)
            put(DEATHS, lanes, outputs.flows, FLOW_DEATHS, (first, t, c, k, s), 1.0)
            put(EXTERNAL, lanes, outputs.flows, FLOW_EXTERNAL, (first, t, c, k, s), 1.0)
    if inputs.options.leaves:
        _leave_region(inputs, outputs, stock, lanes, pools[c], place)


@compiled
def _live_row(inputs, row, lanes, cell):
    """Let one area and sex live a year."""
    y, c, k, s = cell
    rates, numbers, options = inputs.schedules, inputs.numbers, inputs.options
    risky = numbers[y, c, k, s, RISKY] > 0.0
    late = 1.0 if options.bearing else 0.0
    if risky:
        check_joined(row, lanes, rates, cell)
    clear(DEATHS, lanes)
    clear(EXTERNAL, lanes)
    live(row, lanes, rates, cell, late, options.departs)
    if not options.departs:
        early = numbers[y, c, k, s, ALL_EARLY]
        sum_arrivals(lanes, early, late * numbers[y, c, k, s, OLDER_LATE])
    if s == FEMALE:
        add_mothers(row, lanes, rates, cell, inputs.fertile)
    bear(row, lanes, rates, numbers, cell, late)
    if not options.bearing:
        join(row, lanes, rates, cell)
    if risky:
        check_stock(row, lanes)


@compiled
def _leave_region(inputs, outputs, stock, lanes, own, place):
    """Let people leave a region for others, into its part of the pool."""
    first, t, c = place
    y = t if inputs.schedules.shape[0] > 1 else 0
    weight = 1.0 / (1.0 - inputs.pull[c])
    own[:] = 0.0
    for k in range(stock.shape[0]):
        for s in range(2):
            leave(stock[k, s], lanes, inputs.schedules, (y, c, k, s), own[s], weight)
            put(OUT, lanes, outputs.flows, FLOW_OUT, (first, t, c, k, s), 1.0)
            if inputs.options.hasty:
                check_stock(stock[k, s], lanes)


@compiled
def _fill_pool(pools):
    """Put together, in the last pool, what the leavers of all regions put into theirs."""
    whole = pools.shape[0] - 1
    pools[whole] = 0.0
    for c in range(whole):
        for s in range(2):
            add_to_pool(pools[c, s], pools[whole, s])


@compiled
def _move_region(inputs, outputs, stock, lanes, state, place):
    """Let people arrive in a region, and move between its village and its town."""
    pools, offset = state
    if inputs.options.leaves:
        _arrive_region(inputs, outputs, stock, lanes, pools, place)
        _read_scalars(inputs, lanes, place, False)
    if stock.shape[0] == 2:
        _exchange_region(inputs, outputs, stock, lanes, offset, place)
        if inputs.options.done:
            _relabel_region(inputs, outputs, stock, lanes, offset, place)


@compiled
def _arrive_region(inputs, outputs, stock, lanes, pools, place):
    """Let people from other regions arrive in the urban part."""
    first, t, c = place
    whole = pools.shape[0] - 1
    for s in range(2):
        arrive(stock[TOWN, s], lanes, pools[c, s], pools[whole, s], inputs.pull[c])
        for k in range(stock.shape[0]):
            put(IN, lanes, outputs.flows, FLOW_IN, (first, t, c, k, s), 1.0)
            clear(IN, lanes)


@compiled
def _exchange_region(inputs, outputs, stock, lanes, offset, place):
    """Move people between the village and the town of a region."""
    first, t, c = place
    propensities, done = inputs.propensities, inputs.options.done
    clear(IN_TOWN, lanes)
    clear(IN_VILLAGE, lanes)
    for s in range(2):
        may_return, may_move = MAY_RETURN + s * LANES, MAY_MOVE + s * LANES
        weigh(stock[TOWN, s], lanes, propensities, RETURNERS, s, (IN_TOWN, may_return))
        weigh(stock[VILLAGE, s], lanes, propensities, MOVERS, s, (IN_VILLAGE, may_move))
    aim(lanes, offset)
    decide(lanes, inputs.options.coupled)
    if done:
        for s in range(2):
            weigh_family(stock[TOWN, s], stock[VILLAGE, s], lanes, propensities, s)
        decide_family(lanes)
    doubt = done or in_doubt(lanes, propensities)
    for s in range(2):
        if doubt:
            check_moves(stock[TOWN, s], stock[VILLAGE, s], lanes, propensities, s)
        book_moves(lanes, s)
        exchange(stock[TOWN, s], stock[VILLAGE, s], lanes, propensities, s)
        for k in range(2):
            put(ARRIVED, lanes, outputs.flows, FLOW_TO_TOWN, (first, t, c, k, s), 1.0)
            put(ARRIVED + LANES, lanes, outputs.flows, FLOW_TO_VILLAGE, (first, t, c, k, s), 1.0)


@compiled
def _relabel_region(inputs, outputs, stock, lanes, offset, place):
    """Reclassify places of a region, and note how far it is from its path."""
    first, t, c = place
    for s in range(2):
        total(stock[TOWN, s], END_TOWN + s * LANES, lanes)
        total(stock[VILLAGE, s], END_VILLAGE + s * LANES, lanes)
    decide_relabelling(lanes)
    for s in range(2):
        relabel(stock[TOWN, s], stock[VILLAGE, s], lanes, s)
        put(ARRIVED, lanes, outputs.flows, FLOW_RELABELLED, (first, t, c, TOWN, s), 1.0)
        put(ARRIVED, lanes, outputs.flows, FLOW_RELABELLED, (first, t, c, VILLAGE, s), -1.0)
        total(stock[TOWN, s], END_TOWN + s * LANES, lanes)
        total(stock[VILLAGE, s], END_VILLAGE + s * LANES, lanes)
    if inputs.options.coupled:
        note_offset(lanes, offset)


@compiled
def _record(inputs, outputs, stock, lanes, place):
    """Record totals of a region at a year end, and groups of ages if asked for."""
    first, t, c = place
    draws = min(LANES, outputs.totals.shape[0] - first)
    bounds = inputs.bounds
    for k in range(stock.shape[0]):
        for s in range(2):
            total(stock[k, s], END_TOWN, lanes)
            for j in range(draws):
                outputs.totals[first + j, t, c, k, s] = lanes[END_TOWN + j]
            for g in range(bounds.size - 1):
                total(stock[k, s, bounds[g] * LANES : bounds[g + 1] * LANES], END_TOWN, lanes)
                for j in range(draws):
                    if outputs.by_age.shape[5] > 0:
                        outputs.by_age[first + j, t, c, k, s, g] = lanes[END_TOWN + j]
                    else:
                        outputs.by_age_32[first + j, t, c, k, s, g] = lanes[END_TOWN + j]


def _fingerprint() -> str:
    """Fingerprint of all compiled sources."""
    folder = Path(__file__).parent
    sources = [folder / f"{name}.py" for name in ("lanes", "living", "moving", "kernel")]
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _compile_run(fingerprint: str) -> Callable:
    """Compile the whole, or load it if these very sources were compiled before.

    numba's cache looks at the file of the function alone, not at those it calls, and would
    run old code after a change elsewhere. But it does look at what a function closes over.
    """

    @nb.njit(cache=True, nogil=True)
    def run_share(inputs, outputs, blocks):
        assert fingerprint
        for b in range(blocks.shape[0]):
            run_block(inputs, outputs, blocks[b, 0], blocks[b, 1], blocks[b, 2])

    return run_share


#: Run some blocks, one after another: ``run_share(inputs, outputs, blocks)`` with `Inputs`,
#: `Outputs` to fill, and ``(B, 3)`` first draw, first region and the one after the last.
run_share = _compile_run(_fingerprint())

"""Compiled: a block of draws through all its years.

The stock of a block stays in cache from its first year to its last; only totals, flows
and the ages asked for go to memory. What a lane computes does not depend on the others,
so results are the same however draws are divided among blocks and threads.
`reference` says the same to be read, and is the authority.
"""

import numpy as np

from qyforecast.projection.lanes import (
    ARRIVED,
    BORN,
    BROKEN,
    COMING,
    DEATHS,
    END_TOWN,
    END_VILLAGE,
    EXTERNAL,
    EXTRA,
    FERTILE,
    FLOW_BIRTHS,
    FLOW_DEATHS,
    FLOW_EXTERNAL,
    FLOW_IN,
    FLOW_OUT,
    FLOW_RELABELLED,
    FLOW_TO_TOWN,
    FLOW_TO_VILLAGE,
    FOLLOWERS,
    GOING,
    IN_TOWN,
    IN_VILLAGE,
    LANES,
    LEAVING,
    LEVEL,
    MAY_MOVE,
    MAY_RETURN,
    MOVE,
    MOVING,
    NEWBORN,
    OUT_TOWN,
    RELABELLED,
    RETAINED,
    RETURN,
    RETURNING,
    SHARE,
    SLOTS,
    check_stock,
    clear,
    compiled,
    gather,
    put,
    total,
)
from qyforecast.projection.living import add_mothers, bear, check_joined, join, live
from qyforecast.projection.moving import (
    add_to_pool,
    aim,
    arrive,
    book_moves,
    check_moves,
    decide,
    decide_family,
    exchange,
    leave,
    note_offset,
    relabel,
    weigh,
)

FEMALE = 1
#: Scalars of a world, in the order of the first slots.
SCALARS = (
    "level",
    "fertility_scale",
    "arrivals_scale",
    "departure_scale",
    "leaving_scale",
    "moving_scale",
    "return_scale",
    "retained",
    "followers",
    "extra_movers",
    "reclassified",
    "path",
)
_SLOTS = (
    LEVEL,
    FERTILE,
    COMING,
    GOING,
    LEAVING,
    MOVING,
    RETURNING,
    RETAINED,
    FOLLOWERS,
    EXTRA,
    RELABELLED,
    SHARE,
)


@compiled
def run_share(inputs, outputs, blocks):
    """Run some blocks, one after another.

    Parameters
    ----------
    inputs : Inputs
        Arrays of a world.
    outputs : Outputs
        Arrays to fill.
    blocks : ndarray
        (B, 3): first draw, first region and the one after the last, of each block.
    """
    for b in range(blocks.shape[0]):
        run_block(inputs, outputs, blocks[b, 0], (blocks[b, 1], blocks[b, 2]))


@compiled
def run_block(inputs, outputs, first, regions):
    """Carry a block of draws and some regions through all years.

    Parameters
    ----------
    inputs : Inputs
        Arrays of a world.
    outputs : Outputs
        Arrays to fill.
    first : int
        First draw of the block.
    regions : tuple of int
        First region and the one after the last; all of them if people move between them.
    """
    c0, c1 = regions
    _, years, _, places, _ = outputs.totals.shape
    years -= 1
    size = inputs.start.shape[4] * LANES
    stock = np.empty((c1 - c0, places, 2, size))
    own = np.zeros((c1 - c0 if inputs.options.leaves else 0, 2, size))
    pool = np.zeros((2, size))
    offset = np.zeros((c1 - c0, LANES))
    lanes = np.zeros(SLOTS * LANES)
    for c in range(c0, c1):
        _load(inputs, outputs, stock[c - c0], lanes, first, c)
    for t in range(years):
        for c in range(c0, c1):
            _read_scalars(inputs, lanes, first, t, c)
            _live_region(inputs, outputs, stock[c - c0], lanes, first, (t, c))
            if inputs.options.leaves:
                _leave_region(inputs, outputs, stock[c - c0], lanes, own[c - c0], (first, t, c))
        if inputs.options.leaves:
            _fill_pool(own, pool)
        for c in range(c0, c1):
            here = stock[c - c0]
            if inputs.options.leaves:
                _arrive_region(inputs, outputs, here, lanes, (own[c - c0], pool), (first, t, c))
            if places == 2:
                if inputs.options.leaves:
                    _read_scalars(inputs, lanes, first, t, c)
                _move_region(inputs, outputs, here, lanes, offset[c - c0], (first, t, c))
            _record(outputs, here, lanes, inputs.bounds, first, (t + 1, c))
    put(BROKEN, lanes, outputs.broken[first : first + LANES])


@compiled
def _load(inputs, outputs, stock, lanes, first, c):
    """Fill the stock of one region, and record it."""
    start = inputs.start
    last = start.shape[0] - 1
    for k in range(stock.shape[0]):
        for s in range(2):
            for a in range(start.shape[4]):
                n = stock[k, s, a * LANES : (a + 1) * LANES]
                for j in range(LANES):
                    n[j] = start[min(first + j, last), c, k, s, a]
    _record(outputs, stock, lanes, inputs.bounds, first, (0, c))


@compiled
def _read_scalars(inputs, lanes, first, t, c):
    """Read the scalars of a year and region into their slots."""
    for i in range(len(_SLOTS)):
        gather(inputs.scalars[i], first, t, c, lanes[_SLOTS[i] : _SLOTS[i] + LANES])


@compiled
def _year(values, t):
    """Where a schedule that may not vary by year has this year."""
    return t if values.shape[0] > 1 else 0


@compiled
def _live_region(inputs, outputs, stock, lanes, first, place):
    """Let the people of a region live a year; women first, for the men's sons."""
    t, c = place
    fertility = inputs.fertility[_year(inputs.fertility, t), c]
    arrivals = inputs.arrivals[_year(inputs.arrivals, t), c]
    departure = inputs.departure[_year(inputs.departure, t), c]
    for k in range(stock.shape[0]):
        clear(BORN, lanes)
        women = stock[k, FEMALE]
        early = inputs.at_start
        add_mothers(women, lanes, fertility[k], arrivals[k, FEMALE], departure[k, FEMALE], early)
        for s in (1, 0):
            _live_row(inputs, stock[k, s], lanes, (t, c, k, s))
            here = outputs.flows[:, first : first + LANES, t, c, k, s]
            put(NEWBORN, lanes, here[FLOW_BIRTHS])
            put(DEATHS, lanes, here[FLOW_DEATHS])
            put(EXTERNAL, lanes, here[FLOW_EXTERNAL])


@compiled
def _live_row(inputs, row, lanes, cell):
    """Let one area and sex live a year."""
    t, c, k, s = cell
    y = _year(inputs.survival[0], t)
    low, high = inputs.survival[0, y, c, k, s], inputs.survival[-1, y, c, k, s]
    y = _year(inputs.arrivals, t)
    arrivals, arriving = inputs.arrivals[y, c, k, s], inputs.arriving[y, c, k, s]
    departure = inputs.departure[_year(inputs.departure, t), c, k, s]
    fertility = inputs.fertility[_year(inputs.fertility, t), c, k]
    bearing, risky = inputs.options.bearing, inputs.risky[c, k, s]
    early = inputs.at_start
    late = 1.0 - early if bearing else 0.0
    if risky:
        check_joined(row, lanes, arrivals, departure, early)
    sums = (arriving[0], arriving[1], inputs.options.departs)
    live(row, lanes, (low, high, arrivals, departure), (early, late), sums)
    if s == FEMALE:
        add_mothers(row, lanes, fertility, arrivals, departure, 0.0)
    y = _year(inputs.birth_survival[0], t)
    born = (inputs.birth_survival[0, y, c, k, s], inputs.birth_survival[-1, y, c, k, s])
    boys = inputs.boys[t if inputs.boys.size > 1 else 0]
    part = 0.5 * (1.0 - boys if s == FEMALE else boys)
    bear(row, lanes, part, born, (late * arrivals[0], late * departure[0]))
    if not bearing:
        join(row, lanes, arrivals, departure, 1.0 - early, 0)
    if risky:
        check_stock(row, lanes)


@compiled
def _leave_region(inputs, outputs, stock, lanes, own, place):
    """Let people leave a region for others, into its part of the pool."""
    first, t, c = place
    rate = inputs.leaving[_year(inputs.leaving, t), c]
    weight = 1.0 / (1.0 - inputs.destination[c])
    own[:] = 0.0
    for k in range(stock.shape[0]):
        for s in range(2):
            leave(stock[k, s], lanes, rate[k, s], own[s], weight, OUT_TOWN)
            put(OUT_TOWN, lanes, outputs.flows[FLOW_OUT, first : first + LANES, t, c, k, s])
            if inputs.options.hasty:
                check_stock(stock[k, s], lanes)


@compiled
def _fill_pool(own, pool):
    """Put together what all regions' leavers put into the pool."""
    pool[:] = 0.0
    for c in range(own.shape[0]):
        for s in range(2):
            add_to_pool(own[c, s], pool[s])


@compiled
def _arrive_region(inputs, outputs, stock, lanes, pools, place):
    """Let people from other regions arrive in the urban part."""
    first, t, c = place
    own, pool = pools
    for s in range(2):
        arrive(stock[0, s], lanes, own[s], pool[s], inputs.destination[c], IN_TOWN)
        put(IN_TOWN, lanes, outputs.flows[FLOW_IN, first : first + LANES, t, c, 0, s])


@compiled
def _move_region(inputs, outputs, stock, lanes, offset, place):
    """Move people between the village and the town of a region."""
    first, t, c = place
    town, village = (stock[0, 0], stock[0, 1]), (stock[1, 0], stock[1, 1])
    for s in range(2):
        shift = s * LANES
        weigh(town[s], lanes, inputs.returning[s], (IN_TOWN, MAY_RETURN + shift), s)
        weigh(village[s], lanes, inputs.moving[s], (IN_VILLAGE, MAY_MOVE + shift), s)
    aim(lanes, offset)
    decide(lanes, inputs.options.coupled)
    if inputs.options.done:
        decide_family(town, village, lanes, inputs.family)
    _check_moves(inputs, town, village, lanes)
    flows = outputs.flows[:, first : first + LANES, t, c]
    for s in range(2):
        book_moves(lanes, s)
        exchange(
            town[s], village[s], lanes, (inputs.moving[s], inputs.returning[s], inputs.family[s]), s
        )
        for k in range(2):
            put(ARRIVED, lanes, flows[FLOW_TO_TOWN, :, k, s])
            put(ARRIVED + LANES, lanes, flows[FLOW_TO_VILLAGE, :, k, s])
    if inputs.options.done:
        relabel(town, village, lanes)
        for s in range(2):
            put(ARRIVED + s * LANES, lanes, flows[FLOW_RELABELLED, :, 0, s])
            flows[FLOW_RELABELLED, :, 1, s] = -flows[FLOW_RELABELLED, :, 0, s]
            total(town[s], END_TOWN + s * LANES, lanes)
            total(village[s], END_VILLAGE + s * LANES, lanes)
        if inputs.options.coupled:
            note_offset(lanes, offset)


@compiled
def _check_moves(inputs, town, village, lanes):
    """Look at every age only where the largest propensities leave any doubt."""
    moving, returning, family = inputs.moving.max(), inputs.returning.max(), inputs.family.max()
    doubt = inputs.options.done
    for j in range(LANES):
        doubt |= lanes[MOVE + j] * moving > 1.0 or lanes[RETURN + j] * returning > 1.0
    if doubt:
        check_moves(town, village, lanes, (inputs.moving, inputs.returning, inputs.family))


@compiled
def _record(outputs, stock, lanes, bounds, first, place):
    """Record totals of a region at a year end, and groups of ages if asked for."""
    t, c = place
    draws = slice(first, first + LANES)
    for k in range(stock.shape[0]):
        for s in range(2):
            total(stock[k, s], END_TOWN, lanes)
            put(END_TOWN, lanes, outputs.totals[draws, t, c, k, s])
            for g in range(bounds.size):
                low = bounds[g] * LANES
                high = bounds[g + 1] * LANES if g + 1 < bounds.size else stock.shape[2]
                total(stock[k, s, low:high], END_TOWN, lanes)
                put(END_TOWN, lanes, outputs.by_age[draws, t, c, k, s, g])

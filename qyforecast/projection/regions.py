"""Compiled: one region of a block through one year."""

from qyforecast.projection.lanes import (
    ALL_EARLY,
    ARRIVED,
    BORN,
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
    MOVING,
    NEWBORN,
    OLDER_LATE,
    OUT,
    OUT_VILLAGE,
    OWN,
    RETURNERS,
    RISKY,
    SUM_TOWN,
    SUM_VILLAGE,
    TOWN,
    VILLAGE,
    check_stock,
    clear,
    compiled,
    gather,
    put,
    total,
)
from qyforecast.projection.leaving import arrive, check_leavers, leave, leave_whole
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
    aim,
    book_moves,
    check_moves,
    decide,
    decide_family,
    decide_relabelling,
    exchange,
    exchange_families,
    in_doubt,
    note_offset,
    relabel,
    weigh,
    weigh_family,
)


@compiled
def read_scalars(inputs, lanes, place, part):
    """Read the scalars of a year and region into their slots; part 2 is all of them.

    Part 0 is for living a year, part 1 for moves within a region. What does not vary is
    read once for all.
    """
    first, t, c = place
    start = len(inputs.scalars) if part == 2 else 0
    for i in range(len(inputs.scalars)):
        for_moves = i * LANES >= MOVING
        if i < start or (inputs.scalars[i].size > 1 and for_moves == (part == 1)):
            gather(inputs.scalars[i], i * LANES, lanes, first, (t, c))


@compiled
def live_region(inputs, staged, stock, lanes, pools, place):
    """Let the people of a region live a year; women first, who bear sons too."""
    t, c = place
    y = t if inputs.schedules.shape[0] > 1 else 0
    for k in range(stock.shape[0]):
        for s in (FEMALE, MALE):
            _live_row(inputs, stock[k, s], lanes, (y, c, k, s))
            put(NEWBORN, lanes, staged[FLOW_BIRTHS, k, s], 1.0)
            put(DEATHS, lanes, staged[FLOW_DEATHS, k, s], 1.0)
            put(EXTERNAL, lanes, staged[FLOW_EXTERNAL, k, s], 1.0)
    if inputs.options.leaves:
        _leave_region(inputs, staged, stock, lanes, pools, place)


@compiled
def _live_row(inputs, row, lanes, cell):
    """Let one area and sex live a year."""
    y, c, k, s = cell
    rates, numbers, options = inputs.schedules, inputs.numbers, inputs.options
    risky = numbers[y, c, k, s, RISKY] > 0.0
    late = 1.0 if options.bearing else 0.0
    if risky:
        check_joined(row, lanes, rates, cell)
    if s == FEMALE:
        clear(BORN, lanes)
        add_mothers(row, lanes, rates, cell, inputs.fertile)
        migrants = numbers[y, c, k, s, MIGRANTS]
        add_migrant_mothers(row, lanes, rates, cell, migrants, options.departs)
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
def _leave_region(inputs, staged, stock, lanes, pools, place):
    """Let people leave a region for others, into the pool."""
    t, c = place
    rates, pull, (pool, own) = inputs.schedules, inputs.pull[c], pools
    y, weight = t if rates.shape[0] > 1 else 0, 1.0 / (1.0 - pull)
    for s in range(2):
        if inputs.options.hasty:
            for k in range(stock.shape[0]):
                check_leavers(stock[k, s], lanes, rates, (y, c, k, s))
        whole = pool[t % 2, s]
        if stock.shape[0] == 2:
            town, village = stock[TOWN, s], stock[VILLAGE, s]
            leave(town, village, lanes, rates, (y, c, s, weight, pull), whole)
            put(OUT_VILLAGE, lanes, staged[FLOW_OUT, VILLAGE, s], 1.0)
        else:
            leave_whole(stock[TOWN, s], lanes, rates, (y, c, s, weight, pull), whole)
        put(OUT, lanes, staged[FLOW_OUT, TOWN, s], 1.0)
        for j in range(LANES):
            own[c, s, j] = lanes[OWN + j]


@compiled
def move_region(inputs, staged, stock, lanes, state, place):
    """Let people arrive in a region, and move between its village and its town."""
    pools, offset = state
    if inputs.options.leaves:
        _arrive_region(inputs, staged, stock, lanes, pools, place)
    if stock.shape[0] == 2:
        _exchange_region(inputs, staged, stock, lanes, offset)
        if inputs.options.done:
            _relabel_region(inputs, staged, stock, lanes, offset)


@compiled
def _arrive_region(inputs, staged, stock, lanes, pools, place):
    """Let people from other regions arrive in the urban part."""
    t, c = place
    pool, own = pools
    for s in range(2):
        arrive(stock[TOWN, s], lanes, pool[t % 2, s], inputs.pull[c], own[c, s])
        for k in range(stock.shape[0]):
            put(IN, lanes, staged[FLOW_IN, k, s], 1.0)
            clear(IN, lanes)


@compiled
def _exchange_region(inputs, staged, stock, lanes, offset):
    """Move people between the village and the town of a region."""
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
        if done:
            exchange_families(stock[TOWN, s], stock[VILLAGE, s], lanes, propensities, s)
        else:
            exchange(stock[TOWN, s], stock[VILLAGE, s], lanes, propensities, s)
            put(SUM_TOWN, lanes, lanes[END_TOWN + s * LANES :], 1.0)
            put(SUM_VILLAGE, lanes, lanes[END_VILLAGE + s * LANES :], 1.0)
        for k in range(2):
            put(ARRIVED, lanes, staged[FLOW_TO_TOWN, k, s], 1.0)
            put(ARRIVED + LANES, lanes, staged[FLOW_TO_VILLAGE, k, s], 1.0)


@compiled
def _relabel_region(inputs, staged, stock, lanes, offset):
    """Reclassify places of a region, and note how far it is from its path."""
    for s in range(2):
        total(stock[TOWN, s], END_TOWN + s * LANES, lanes)
        total(stock[VILLAGE, s], END_VILLAGE + s * LANES, lanes)
    decide_relabelling(lanes)
    for s in range(2):
        relabel(stock[TOWN, s], stock[VILLAGE, s], lanes, s)
        put(ARRIVED, lanes, staged[FLOW_RELABELLED, TOWN, s], 1.0)
        put(ARRIVED, lanes, staged[FLOW_RELABELLED, VILLAGE, s], -1.0)
        total(stock[TOWN, s], END_TOWN + s * LANES, lanes)
        total(stock[VILLAGE, s], END_VILLAGE + s * LANES, lanes)
    if inputs.options.coupled:
        note_offset(lanes, offset)

"""Compiled: one region of a block through one year."""

from qyforecast.projection.crowding import (
    decide_family,
    exchange_all,
    exchange_families,
    fill_up,
    in_doubt,
    weigh_family,
    with_families,
)
from qyforecast.projection.lanes import (
    ALL_EARLY,
    ARRIVED,
    BORN,
    DEATHS,
    END_TOWN,
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
    FOR_LIVING,
    FOR_MOVES,
    IN,
    IN_TOWN,
    IN_VILLAGE,
    MALE,
    MAY_MOVE,
    MAY_RETURN,
    MIGRANTS,
    MOVE,
    MOVERS,
    NEWBORN,
    OLDER_LATE,
    OUT,
    OUT_VILLAGE,
    OWN,
    RETURN,
    RETURNERS,
    RISKY,
    TOWN,
    VILLAGE,
    check_stock,
    clear,
    compiled_in_place,
    first_cell,
    put,
    read_scalars,
)
from qyforecast.projection.leaving import arrive, check_leavers, leave, leave_whole
from qyforecast.projection.living import (
    add_migrant_mothers,
    add_mothers,
    bear,
    check_joined,
    join,
    live,
    live_and_depart,
    sum_arrivals,
)
from qyforecast.projection.moving import (
    aim,
    book_moves,
    decide,
    decide_relabelling,
    exchange,
    note_offset,
    relabel,
    weigh,
)
from qyforecast.projection.vectors import LANES, load, store, write


@compiled_in_place
def live_region(inputs, outputs, stock, lanes, pools, place):
    """Let the people of a region live a year; women first, who bear sons too."""
    first, t, c = place
    read_scalars(inputs.scalars, inputs.steps, lanes, place, FOR_LIVING)
    here = first_cell(inputs.sizes, t, c)
    rates = first_cell(inputs.sizes, t if inputs.options.yearly else 0, c)
    flows = outputs.flows
    for k in range(stock.shape[0]):
        for s in (FEMALE, MALE):
            i = 2 * k + s
            _live_row(inputs, stock[k, s], lanes, rates + i, (s, END_TOWN + i * LANES))
            put(NEWBORN, lanes, flows[FLOW_BIRTHS, here + i], first)
            put(DEATHS, lanes, flows[FLOW_DEATHS, here + i], first)
            put(EXTERNAL, lanes, flows[FLOW_EXTERNAL, here + i], first)
    if inputs.options.leaves:
        _leave_region(inputs, outputs, stock, lanes, pools, place)


@compiled_in_place
def _live_row(inputs, row, lanes, cell, whose):
    """Let one area and sex live a year; its people are summed into slot `end`."""
    s, end = whose
    rates, numbers, options = inputs.schedules, inputs.numbers, inputs.options
    risky = numbers[cell, RISKY] > 0.0
    late = 1.0 if options.bearing else 0.0
    if risky:
        check_joined(row, lanes, rates, cell)
    if s == FEMALE:
        clear(BORN, lanes)
        add_mothers(row, lanes, rates, cell, inputs.fertile)
        migrants = numbers[cell, MIGRANTS]
        add_migrant_mothers(row, lanes, rates, cell, migrants, options.departs)
    if options.departs:
        live_and_depart(row, lanes, rates, cell, late)
    else:
        live(row, lanes, rates, cell, late)
        early = numbers[cell, ALL_EARLY]
        sum_arrivals(lanes, early, late * numbers[cell, OLDER_LATE])
    if s == FEMALE:
        add_mothers(row, lanes, rates, cell, inputs.fertile)
    bear(row, lanes, (rates, numbers), cell, late, end)
    if not options.bearing:
        join(row, lanes, rates, cell, end)
    if risky:
        check_stock(row, lanes)


@compiled_in_place
def _leave_region(inputs, outputs, stock, lanes, pools, place):
    """Let people leave a region for others, into the pool."""
    first, t, c = place
    rates, pull, (pool, own) = inputs.schedules, inputs.pull[c], pools
    here, weight = first_cell(inputs.sizes, t, c), 1.0 / (1.0 - pull)
    cell = first_cell(inputs.sizes, t if inputs.options.yearly else 0, c)
    for s in range(2):
        if inputs.options.hasty:
            for k in range(stock.shape[0]):
                check_leavers(stock[k, s], lanes, rates, cell + 2 * k + s)
        whole = pool[t % 2, s]
        if stock.shape[0] == 2:
            town, village = stock[TOWN, s], stock[VILLAGE, s]
            leave(town, village, lanes, rates, (cell + s, weight, pull), whole)
            put(OUT_VILLAGE, lanes, outputs.flows[FLOW_OUT, here + 2 + s], first)
        else:
            leave_whole(stock[TOWN, s], lanes, rates, (cell + s, weight, pull), whole)
        put(OUT, lanes, outputs.flows[FLOW_OUT, here + s], first)
        store(own[c, s], 0, load(lanes, OWN))


@compiled_in_place
def move_region(inputs, outputs, stock, lanes, state, place):
    """Let people arrive in a region, and move between its village and its town."""
    pools, offset = state
    if inputs.options.leaves:
        _arrive_region(inputs, outputs, stock, lanes, pools, place)
    if stock.shape[0] == 2:
        read_scalars(inputs.scalars, inputs.steps, lanes, place, FOR_MOVES)
        _exchange_region(inputs, outputs, stock, lanes, offset, place)
        if inputs.options.done:
            _relabel_region(inputs, outputs, stock, lanes, offset, place)


@compiled_in_place
def _arrive_region(inputs, outputs, stock, lanes, pools, place):
    """Let people from other regions arrive in the urban part."""
    first, t, c = place
    pool, own = pools
    here = first_cell(inputs.sizes, t, c)
    for s in range(2):
        arrive(stock[TOWN, s], lanes, pool[t % 2, s], inputs.pull[c], own[c, s])
        for k in range(stock.shape[0]):
            put(IN, lanes, outputs.flows[FLOW_IN, here + 2 * k + s], first)
            clear(IN, lanes)


@compiled_in_place
def _exchange_region(inputs, outputs, stock, lanes, offset, place):
    """Move people between the village and the town of a region."""
    first, t, c = place
    propensities = inputs.propensities
    here, flows = first_cell(inputs.sizes, t, c), outputs.flows
    clear(IN_TOWN, lanes)
    clear(IN_VILLAGE, lanes)
    for s in range(2):
        may_return, may_move = MAY_RETURN + s * LANES, MAY_MOVE + s * LANES
        weigh(stock[TOWN, s], lanes, propensities[RETURNERS, s], (IN_TOWN, may_return))
        weigh(stock[VILLAGE, s], lanes, propensities[MOVERS, s], (IN_VILLAGE, may_move))
    aim(lanes, offset)
    decide(lanes, inputs.options.coupled)
    families = inputs.options.done and with_families(lanes)
    if families:
        for s in range(2):
            weigh_family(stock[TOWN, s], stock[VILLAGE, s], lanes, propensities, s)
        decide_family(lanes)
    doubt = in_doubt(lanes, propensities)
    if doubt:
        fill_up(stock[VILLAGE, 0], stock[VILLAGE, 1], lanes, MOVE, propensities[MOVERS])
        fill_up(stock[TOWN, 0], stock[TOWN, 1], lanes, RETURN, propensities[RETURNERS])
    for s in range(2):
        town, village = stock[TOWN, s], stock[VILLAGE, s]
        if doubt:
            exchange_all(town, village, lanes, propensities, s)
        else:
            book_moves(lanes, s)
            if families:
                exchange_families(town, village, lanes, propensities, s)
            else:
                exchange(town, village, lanes, propensities, s)
        for k in range(2):
            put(ARRIVED, lanes, flows[FLOW_TO_TOWN, here + 2 * k + s], first)
            put(ARRIVED + LANES, lanes, flows[FLOW_TO_VILLAGE, here + 2 * k + s], first)


@compiled_in_place
def _relabel_region(inputs, outputs, stock, lanes, offset, place):
    """Reclassify places of a region, and note how far it is from its path."""
    first, t, c = place
    here, flows = first_cell(inputs.sizes, t, c), outputs.flows
    some = decide_relabelling(lanes)
    clear(ARRIVED, lanes)
    for s in range(2):
        if some:
            relabel(stock[TOWN, s], stock[VILLAGE, s], lanes, s)
        gained = load(lanes, ARRIVED)
        write(flows[FLOW_RELABELLED, here + s], first, gained)
        write(flows[FLOW_RELABELLED, here + 2 + s], first, -1.0 * gained)
    if inputs.options.coupled:
        note_offset(lanes, offset)

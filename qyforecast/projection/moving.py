"""Compiled: moves between village and town, and reclassification."""

import math

from qyforecast.projection.lanes import (
    AIM,
    ARRIVED,
    BROKEN,
    END_TOWN,
    END_VILLAGE,
    EXTRA,
    FOLLOW,
    FOLLOWERS,
    GO_BACK,
    IN_TOWN,
    IN_VILLAGE,
    MAY_FOLLOW,
    MAY_MOVE,
    MAY_RETURN,
    MOVE,
    MOVERS,
    MOVING,
    RATE,
    RELABELLED,
    RETAINED,
    RETURN,
    RETURNERS,
    RETURNING,
    SHARE,
    compiled,
)
from qyforecast.projection.vectors import LANES, load, smaller, store, zeros


@compiled
def weigh(row, lanes, weights, slots):
    """Add a row to one slot, and set another to the row weighed by a propensity."""
    people, willing = zeros(row), zeros(row)
    for a in range(weights.size):
        n = load(row, a * LANES)
        people += n
        willing += weights[a] * n
    store(lanes, slots[0], load(lanes, slots[0]) + people)
    store(lanes, slots[1], willing)


@compiled
def decide(lanes, coupled):
    """Turn the urban share aimed at into shares of those who may move.

    Sums over women follow those over men, slot by slot. A lane is broken where people
    are to move and nobody may.
    """
    women = LANES
    for j in range(LANES):
        town, village = lanes[IN_TOWN + j], lanes[IN_VILLAGE + j]
        may_return = lanes[MAY_RETURN + j] + lanes[MAY_RETURN + women + j]
        may_move = lanes[MAY_MOVE + j] + lanes[MAY_MOVE + women + j]
        back = lanes[RETURNING + j] * may_return
        net = lanes[AIM + j] * (town + village) - town
        forward = net + back if coupled else lanes[MOVING + j] * may_move
        back = -net if forward < 0.0 else back
        forward = 0.0 if forward < 0.0 else forward
        more = forward + lanes[EXTRA + j]
        turned = -more if more < 0.0 else 0.0
        more = 0.0 if more < 0.0 else more
        back = (1.0 - lanes[RETAINED + j]) * back + turned
        family = lanes[FOLLOWERS + j] * forward
        stuck = (more > 0.0 and may_move == 0.0) or (back > 0.0 and may_return == 0.0)
        lanes[MOVE + j] = more / (may_move if may_move > 0.0 else 1.0)
        lanes[RETURN + j] = back / (may_return if may_return > 0.0 else 1.0)
        lanes[FOLLOW + j] = family if family > 0.0 else 0.0
        lanes[GO_BACK + j] = -family if family < 0.0 else 0.0
        lanes[BROKEN + j] = 1.0 if stuck else lanes[BROKEN + j]


@compiled
def exchange(town, village, lanes, propensities, s):
    """Move people of one sex between town and village, without families, and sum both.

    What is left is never negative, as shares are at most 1.
    """
    move, back = propensities[MOVERS, s], propensities[RETURNERS, s]
    out, home = load(lanes, MOVE), load(lanes, RETURN)
    in_town, in_village = zeros(town), zeros(town)
    for a in range(move.size):
        at = a * LANES
        n, m = load(town, at), load(village, at)
        net = move[a] * out * m - back[a] * home * n
        n += net
        m -= net
        store(town, at, n)
        store(village, at, m)
        in_town += n
        in_village += m
    store(lanes, END_TOWN + s * LANES, in_town)
    store(lanes, END_VILLAGE + s * LANES, in_village)


@compiled
def book_moves(lanes, s):
    """Find how many of one sex move to town and to the village; slots ARRIVED, ARRIVED_F."""
    shift = s * LANES
    for j in range(LANES):
        family = lanes[MAY_FOLLOW + shift + j]
        lanes[ARRIVED + j] = lanes[MOVE + j] * lanes[MAY_MOVE + shift + j]
        lanes[ARRIVED + j] += lanes[FOLLOW + j] * family
        lanes[ARRIVED + LANES + j] = lanes[RETURN + j] * lanes[MAY_RETURN + shift + j]
        lanes[ARRIVED + LANES + j] += lanes[GO_BACK + j] * family


@compiled
def decide_relabelling(lanes):
    """Turn a number to reclassify into a share of its stock, slot RATE; say if any lane has one."""
    some = False
    for j in range(LANES):
        number = lanes[RELABELLED + j]
        some |= number != 0.0
        in_town = lanes[END_TOWN + j] + lanes[END_TOWN + LANES + j]
        in_village = lanes[END_VILLAGE + j] + lanes[END_VILLAGE + LANES + j]
        stock = in_village if number > 0.0 else in_town
        lanes[RATE + j] = number / stock if stock > 0.0 else 0.0
        if (number != 0.0 and stock == 0.0) or abs(lanes[RATE + j]) > 1.0:
            lanes[BROKEN + j] = 1.0
    return some


@compiled
def relabel(town, village, lanes, s):
    """Reclassify residents of one sex, and sum both; slot ARRIVED has what the town gains."""
    share = load(lanes, RATE)
    # Of the two one is zero: to the village, and to town.
    down = smaller(share, zeros(town))
    up = share - down
    in_village, in_town = END_VILLAGE + s * LANES, END_TOWN + s * LANES
    store(lanes, ARRIVED, up * load(lanes, in_village) + down * load(lanes, in_town))
    town_sum, village_sum = zeros(town), zeros(town)
    for at in range(0, town.size, LANES):
        n, m = load(town, at), load(village, at)
        flow = up * m + down * n
        n += flow
        m -= flow
        store(town, at, n)
        store(village, at, m)
        town_sum += n
        village_sum += m
    store(lanes, in_town, town_sum)
    store(lanes, in_village, village_sum)


@compiled
def aim(lanes, offset):
    """Shift the path by what earlier interventions changed, in log odds."""
    for j in range(LANES):
        share = lanes[SHARE + j]
        lanes[AIM + j] = share
        if offset[j] != 0.0:
            lanes[AIM + j] = 1.0 / (1.0 + (1.0 - share) / share * math.exp(-offset[j]))


@compiled
def note_offset(lanes, offset):
    """Note how far interventions of this year have carried the region from its path."""
    for j in range(LANES):
        touched = (
            lanes[RETAINED + j] != 0.0
            or lanes[FOLLOWERS + j] != 0.0
            or lanes[EXTRA + j] != 0.0
            or lanes[RELABELLED + j] != 0.0
        )
        urban = lanes[END_TOWN + j] + lanes[END_TOWN + LANES + j]
        rural = lanes[END_VILLAGE + j] + lanes[END_VILLAGE + LANES + j]
        if touched and urban + rural == 0.0:
            offset[j] = 0.0
        elif touched:
            offset[j] = _log_odds_beyond(urban, rural, lanes[SHARE + j])


@compiled
def _log_odds_beyond(urban, rural, share):
    """Log odds of being urban less those of a share; infinite where all are, or none."""
    if rural <= 0.0:
        return math.inf
    return math.log(urban / rural * ((1.0 - share) / share)) if urban > 0.0 else -math.inf

"""Compiled: moves between regions, between village and town, and reclassification."""

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
    LANES,
    LEAVING,
    MAY_FOLLOW,
    MAY_MOVE,
    MAY_RETURN,
    MOVE,
    MOVING,
    OUT_TOWN,
    OUT_VILLAGE,
    RELABELLED,
    RETAINED,
    RETURN,
    RETURNING,
    SHARE,
    clear,
    compiled,
)


@compiled
def leave(row, lanes, rate, own, weight, slot):
    """Let people of a row leave for other regions, and add them to their region's pool.

    Parameters
    ----------
    row : ndarray
        (A * LANES,), changed in place. [person]
    lanes : ndarray
        Slots; sets `slot` to those who leave.
    rate : ndarray
        (A,), leaving rate.
    own : ndarray
        (A * LANES,), the region's part of the pool; added to.
    weight : float
        Weight of a leaver in the pool.
    slot : int
        Slot of the sum.
    """
    clear(slot, lanes)
    for a in range(rate.size):
        n, part, share = row[a * LANES : (a + 1) * LANES], own[a * LANES : (a + 1) * LANES], rate[a]
        for j in range(LANES):
            flow = share * lanes[LEAVING + j] * n[j]
            n[j] -= flow
            part[j] += weight * flow
            lanes[slot + j] += flow


@compiled
def add_to_pool(own, pool):
    """Add a region's part to the pool."""
    for i in range(pool.size):
        pool[i] += own[i]


@compiled
def arrive(row, lanes, own, pool, pull, slot):
    """Let people from the pool, less the region's own, arrive in a row."""
    clear(slot, lanes)
    for a in range(row.size // LANES):
        here = slice(a * LANES, (a + 1) * LANES)
        n, mine, all_ = row[here], own[here], pool[here]
        for j in range(LANES):
            flow = pull * (all_[j] - mine[j])
            n[j] += flow
            lanes[slot + j] += flow


@compiled
def weigh(row, lanes, propensity, slots, add):
    """Sum a row, and the row weighed by a propensity; start the first sum anew or add."""
    people, willing = slots
    if not add:
        clear(people, lanes)
    clear(willing, lanes)
    for a in range(propensity.size):
        n, weight = row[a * LANES : (a + 1) * LANES], propensity[a]
        for j in range(LANES):
            lanes[people + j] += n[j]
            lanes[willing + j] += weight * n[j]


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
def decide_family(town, village, lanes, family):
    """Turn numbers of family members into shares of those who may follow or go back."""
    ages = family.shape[1]
    for s in range(2):
        clear(MAY_FOLLOW + s * LANES, lanes)
        for a in range(ages):
            here = slice(a * LANES, (a + 1) * LANES)
            in_town, in_village = town[s][here], village[s][here]
            for j in range(LANES):
                stock = in_town[j] if lanes[GO_BACK + j] > 0.0 else in_village[j]
                lanes[MAY_FOLLOW + s * LANES + j] += family[s, a] * stock
    for j in range(LANES):
        may = lanes[MAY_FOLLOW + j] + lanes[MAY_FOLLOW + LANES + j]
        number = lanes[FOLLOW + j] + lanes[GO_BACK + j]
        if number > 0.0 and may == 0.0:
            lanes[BROKEN + j] = 1.0
        lanes[FOLLOW + j] /= may if may > 0.0 else 1.0
        lanes[GO_BACK + j] /= may if may > 0.0 else 1.0


@compiled
def check_moves(town, village, lanes, propensities):
    """Note lanes in which more people of an age would move than live there."""
    moving, returning, family = propensities
    for s in range(2):
        for a in range(moving.shape[1]):
            for j in range(LANES):
                out = lanes[MOVE + j] * moving[s, a] + lanes[FOLLOW + j] * family[s, a]
                back = lanes[RETURN + j] * returning[s, a] + lanes[GO_BACK + j] * family[s, a]
                over = out > 1.0 and village[s][a * LANES + j] > 0.0
                if over or (back > 1.0 and town[s][a * LANES + j] > 0.0):
                    lanes[BROKEN + j] = 1.0


@compiled
def exchange(town, village, lanes, propensities, s):
    """Move people of one sex between town and village, and sum both."""
    moving, returning, family = propensities
    end_town, end_village = END_TOWN + s * LANES, END_VILLAGE + s * LANES
    clear(end_town, lanes)
    clear(end_village, lanes)
    for a in range(moving.size):
        here = slice(a * LANES, (a + 1) * LANES)
        n, m = town[here], village[here]
        move, back, follow = moving[a], returning[a], family[a]
        for j in range(LANES):
            out = move * lanes[MOVE + j] + follow * lanes[FOLLOW + j]
            home = back * lanes[RETURN + j] + follow * lanes[GO_BACK + j]
            urban = n[j] * (1.0 - home) + m[j] * out
            rural = m[j] * (1.0 - out) + n[j] * home
            n[j] = urban
            m[j] = rural
            lanes[end_town + j] += urban
            lanes[end_village + j] += rural


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
def relabel(town, village, lanes):
    """Reclassify residents of one region; slots ARRIVED hold how many, by sex."""
    for j in range(LANES):
        number = lanes[RELABELLED + j]
        in_town = lanes[END_TOWN + j] + lanes[END_TOWN + LANES + j]
        in_village = lanes[END_VILLAGE + j] + lanes[END_VILLAGE + LANES + j]
        stock = in_village if number > 0.0 else in_town
        share = number / stock if stock > 0.0 else 0.0
        if (number != 0.0 and stock == 0.0) or abs(share) > 1.0:
            lanes[BROKEN + j] = 1.0
        for s in range(2):
            source = (END_VILLAGE if number > 0.0 else END_TOWN) + s * LANES
            gained = share * lanes[source + j]
            lanes[ARRIVED + s * LANES + j] = gained
            for i in range(j, town[s].size, LANES):
                flow = share * (village[s][i] if number > 0.0 else town[s][i])
                town[s][i] += flow
                village[s][i] -= flow


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
            offset[j] = _log_odds(urban, rural) - math.log(
                lanes[SHARE + j] / (1.0 - lanes[SHARE + j])
            )


@compiled
def _log_odds(urban, rural):
    """Log odds of being urban; infinite where all are, or none."""
    if rural <= 0.0:
        return math.inf
    return math.log(urban / rural) if urban > 0.0 else -math.inf

"""Compiled: families who follow movers, and ages that are used up: nobody moves twice."""

from qyforecast.projection.lanes import (
    ARRIVED,
    BROKEN,
    END_TOWN,
    END_VILLAGE,
    FAMILY,
    FOLLOW,
    GO_BACK,
    MAY_FOLLOW,
    MOVE,
    MOVERS,
    RETURN,
    RETURNERS,
    compiled,
)
from qyforecast.projection.vectors import LANES, load, store, zeros


@compiled
def weigh_family(town, village, lanes, propensities, s):
    """Sum those of one sex who may follow, or go back with their family."""
    slot, weights = MAY_FOLLOW + s * LANES, propensities[FAMILY, s]
    may_go_back, may_follow = zeros(town), zeros(town)
    for a in range(weights.size):
        may_go_back += weights[a] * load(town, a * LANES)
        may_follow += weights[a] * load(village, a * LANES)
    # ARRIVED is free until moves are booked.
    store(lanes, slot, may_follow)
    store(lanes, ARRIVED, may_go_back)
    for j in range(LANES):
        if lanes[GO_BACK + j] > 0.0:
            lanes[slot + j] = lanes[ARRIVED + j]


@compiled
def with_families(lanes):
    """Whether in any lane family members follow, or go back."""
    some = False
    for j in range(LANES):
        some |= lanes[FOLLOW + j] > 0.0 or lanes[GO_BACK + j] > 0.0
    return some


@compiled
def decide_family(lanes):
    """Turn numbers of family members into shares of those who may follow or go back."""
    for j in range(LANES):
        may = lanes[MAY_FOLLOW + j] + lanes[MAY_FOLLOW + LANES + j]
        number = lanes[FOLLOW + j] + lanes[GO_BACK + j]
        if number > 0.0 and may == 0.0:
            lanes[BROKEN + j] = 1.0
        whole = may if may > 0.0 else 1.0
        lanes[FOLLOW + j] /= whole
        lanes[GO_BACK + j] /= whole


@compiled
def _most(propensity):
    """Find the largest propensity of both sexes."""
    most = 0.0
    for s in range(2):
        for a in range(propensity.shape[1]):
            most = max(most, propensity[s, a])
    return most


@compiled
def in_doubt(lanes, propensities):
    """Whether at the largest propensities more might move than live there."""
    most_move, most_return = _most(propensities[MOVERS]), _most(propensities[RETURNERS])
    most_family = _most(propensities[FAMILY])
    doubt = False
    for j in range(LANES):
        out = lanes[MOVE + j] * most_move + lanes[FOLLOW + j] * most_family
        back = lanes[RETURN + j] * most_return + lanes[GO_BACK + j] * most_family
        doubt |= out > 1.0 or back > 1.0
    return doubt


@compiled
def fill_up(men, women, lanes, slot, propensity):
    """Where more of an age would move than live there, let all of it, and more of the others.

    Changes the shares in a slot; a lane is broken where all of them are too few.
    """
    for j in range(LANES):
        share, number, full = lanes[slot + j], 0.0, -1
        for a in range(propensity.shape[1]):
            number += propensity[0, a] * share * men[a * LANES + j]
            number += propensity[1, a] * share * women[a * LANES + j]
        while True:
            moved, rest, cells = 0.0, 0.0, 0
            for s in range(2):
                for a in range(propensity.shape[1]):
                    n = men[a * LANES + j] if s == 0 else women[a * LANES + j]
                    over = propensity[s, a] * share > 1.0
                    cells += 1 if over else 0
                    moved += n if over else 0.0
                    rest += 0.0 if over else propensity[s, a] * n
            if cells == max(full, 0):
                break
            full = cells
            left = max(number - moved, 0.0)
            if rest == 0.0 and left > 0.0:
                lanes[BROKEN + j] = 1.0
                break
            share = max(left / rest if rest > 0.0 else 0.0, share)
        lanes[slot + j] = share


@compiled
def exchange_all(town, village, lanes, propensities, s):
    """Do as `exchange_families` and book who moves, nobody twice; for blocks in doubt."""
    for j in range(LANES):
        in_town, in_village, to_town, to_village = 0.0, 0.0, 0.0, 0.0
        for a in range(propensities.shape[2]):
            at = a * LANES + j
            family = propensities[FAMILY, s, a]
            go = min(lanes[MOVE + j] * propensities[MOVERS, s, a], 1.0)
            go += min(lanes[FOLLOW + j] * family, 1.0 - go)
            home = min(lanes[RETURN + j] * propensities[RETURNERS, s, a], 1.0)
            home += min(lanes[GO_BACK + j] * family, 1.0 - home)
            out, back = go * village[at], home * town[at]
            town[at] = (town[at] - back) + out
            village[at] = (village[at] - out) + back
            to_town += out
            to_village += back
            in_town += town[at]
            in_village += village[at]
        shift = s * LANES + j
        lanes[END_TOWN + shift], lanes[END_VILLAGE + shift] = in_town, in_village
        lanes[ARRIVED + j], lanes[ARRIVED + LANES + j] = to_town, to_village


@compiled
def exchange_families(town, village, lanes, propensities, s):
    """Do as `exchange`, families too."""
    move, back = propensities[MOVERS, s], propensities[RETURNERS, s]
    family = propensities[FAMILY, s]
    movers, returners = load(lanes, MOVE), load(lanes, RETURN)
    follow, go_back = load(lanes, FOLLOW), load(lanes, GO_BACK)
    in_town, in_village = zeros(town), zeros(town)
    for a in range(move.size):
        at = a * LANES
        n, m = load(town, at), load(village, at)
        out = move[a] * movers + family[a] * follow
        net = out * m - (back[a] * returners + family[a] * go_back) * n
        n += net
        m -= net
        store(town, at, n)
        store(village, at, m)
        in_town += n
        in_village += m
    store(lanes, END_TOWN + s * LANES, in_town)
    store(lanes, END_VILLAGE + s * LANES, in_village)

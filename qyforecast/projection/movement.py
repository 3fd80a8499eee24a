"""Moves inside the city, written to be read; part of `reference`."""

import numpy as np

from qyforecast.errors import UnbalancedAccount
from qyforecast.projection.coupling import carry_share, intervene, log_odds_offset, shifted
from qyforecast.projection.ledger import Step


def move_between_regions(step: Step) -> None:
    """Let people move to the urban part of another region, by its pull.

    Those who leave region i share out over the others by ``w_j / (1 - w_i)``. Put all
    leavers, each weighed by ``1 / (1 - w_i)``, into a pool: what region j draws is
    ``w_j`` times the pool less its own part of it.

    Parameters
    ----------
    step : Step
        Changed in place.
    """
    world = step.world
    if not world.leaving.any():
        return
    scale = world.leaving_scale[:, step.t].reshape(-1, 1, 1, 1, 1)
    leavers = step.schedule(world.leaving) * scale * step.stock
    step.subtract(leavers, "more people leave for other regions than live there")
    weight = world.destination[None, :, None, None]
    weighed = leavers.sum(axis=2) / (1 - weight)
    arrivals = weight * (weighed.sum(axis=1, keepdims=True) - weighed)
    step.stock[:, :, 0] += arrivals
    step.flows["intercounty_out"] = leavers.sum(axis=-1)
    step.flows["intercounty_in"] = np.zeros_like(step.flows["births"])
    step.flows["intercounty_in"][:, :, 0] = arrivals.sum(axis=-1)


def move_to_town(step: Step, offset: np.ndarray) -> np.ndarray:
    """Let people move between village and town, and reclassify places.

    Parameters
    ----------
    step : Step
        Changed in place.
    offset : ndarray
        (D, C), what earlier interventions changed, in log odds of the urban share.

    Returns
    -------
    ndarray
        (D, C), the same after this step.
    """
    world, t = step.world, step.t
    town, village = step.stock[:, :, 0], step.stock[:, :, 1]
    may_return = world.returning * town
    may_move = world.moving * village
    back = world.return_scale[:, t] * may_return.sum(axis=(-1, -2))
    forward = world.moving_scale[:, t] * may_move.sum(axis=(-1, -2))
    if world.path is not None:
        share = shifted(world.path[:, t], offset)
        forward, back = carry_share(
            town.sum(axis=(-1, -2)), village.sum(axis=(-1, -2)), share, back
        )
    done = [x[:, t] for x in (world.retained, world.followers, world.extra_movers)]
    moves = intervene(forward, back, *done)
    go = who_move(step, moves.forward, village, world.moving)
    home = who_move(step, moves.back, town, world.returning)
    to_town = (go + _who_follow(step, moves.family, village, 1 - go)) * village
    to_village = (home + _who_follow(step, -moves.family, town, 1 - home)) * town
    exchange(step, to_town, to_village)
    step.flows["rural_to_urban"] = both_ends(to_town, 1)
    step.flows["urban_to_rural"] = both_ends(to_village, 1)
    reclassify(step)
    if world.path is None:
        return offset
    touched = np.any([*(x != 0 for x in done), world.reclassified[:, t] != 0], axis=0)
    ends = step.stock.sum(axis=(-1, -2))
    reached = log_odds_offset(ends[..., 0], ends[..., 1], world.path[:, t])
    return np.where(touched, reached, offset)


def who_move(
    step: Step, number: np.ndarray, stock: np.ndarray, propensity: np.ndarray
) -> np.ndarray:
    """Share of each sex and age that moves, in proportion to a propensity.

    Where that would take more of an age than live there, all of that age move, and the
    rest of the number comes from the other ages in proportion.

    Parameters
    ----------
    step : Step
        For the labels of a message.
    number : ndarray
        (D, C), not negative. [person]
    stock : ndarray
        Who lives there, (D, C, S, A). [person]
    propensity : ndarray
        (S, A).

    Returns
    -------
    ndarray
        (D, C, S, A), at most 1.

    Raises
    ------
    UnbalancedAccount
        If fewer live there than are to move.
    """
    weights = propensity * stock
    rate = _rate(step, number, weights)
    full = np.zeros(stock.shape, dtype=bool)
    while (more := (rate * propensity > 1) & ~full).any():
        full |= more
        rest = number - np.where(full, stock, 0.0).sum(axis=(-1, -2))
        rate = _rate(step, np.maximum(rest, 0.0), np.where(full, 0.0, weights))
    return np.where(full, 1.0, rate * propensity)


def _who_follow(step: Step, number: np.ndarray, stock: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Share that follows with the family, of those whom movers leave, while there are any."""
    family = step.world.family
    rate = _rate(step, np.maximum(number, 0.0), family * stock)
    return np.minimum(rate * family, left)


def reclassify(step: Step) -> None:
    """Relabel residents of places that become urban (or rural); nobody moves.

    Parameters
    ----------
    step : Step
        Changed in place.
    """
    people = step.world.reclassified[:, step.t]
    town, village = step.stock[:, :, 0], step.stock[:, :, 1]
    gained = spread(step, np.maximum(people, 0.0), village)
    lost = spread(step, np.maximum(-people, 0.0), town)
    exchange(step, gained, lost)
    step.flows["reclassified"] = both_ends(gained - lost, -1)


def spread(step: Step, number: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Give a number of people the sexes and ages of those who might be them.

    Parameters
    ----------
    step : Step
        For the labels of a message.
    number : ndarray
        (D, C), not negative. [person]
    weights : ndarray
        (D, C, S, A), proportional to the result.

    Returns
    -------
    ndarray
        (D, C, S, A). [person]
    """
    return _rate(step, number, weights) * weights


def _rate(step: Step, number: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Number for each unit of weight, by draw and region; refuse people out of nobody."""
    total = weights.sum(axis=(-1, -2))
    nobody = (total == 0) & (number > 0)
    if nobody.any():
        draw, region = np.argwhere(nobody)[0]
        frame = step.world.frame
        raise UnbalancedAccount(
            "people are to move where nobody may",
            where=f"region {frame.regions[region]}, year {frame.years[step.t]},"
            f" draw {frame.draws[draw]}",
            found=f"{number[draw, region]:.6g} people and no stock with a propensity to move",
            cure="look at the propensities by sex and age, and at the urban path",
        )
    rate = np.divide(number, total, out=np.zeros_like(total), where=total > 0)
    return rate[..., None, None]


def exchange(step: Step, to_town: np.ndarray, to_village: np.ndarray) -> None:
    """Move people between the two parts of each region, out of the same stock.

    Parameters
    ----------
    step : Step
        Changed in place.
    to_town, to_village : ndarray
        (D, C, S, A). [person]
    """
    step.subtract(
        np.stack([to_village, to_town], axis=2), "more people move than the stock they leave"
    )
    step.stock += np.stack([to_town, to_village], axis=2)


def both_ends(flow: np.ndarray, sign: int) -> np.ndarray:
    """Book a flow at both its ends: as it is in town, times `sign` in the village.

    Parameters
    ----------
    flow : ndarray
        (D, C, S, A). [person]
    sign : int
        1 or -1.

    Returns
    -------
    ndarray
        (D, C, K, S). [person]
    """
    total = flow.sum(axis=-1)
    return np.stack([total, sign * total], axis=2)

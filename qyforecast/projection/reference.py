"""One step of the accounts, written to be read: the twin of the fast `step`.

Arrays carry (draw, region, residence, sex, age), urban before rural. The fast twin
is tested to be equal to this one, and this one says which cell is at fault when a
flow is larger than the stock it leaves.
"""

from dataclasses import dataclass

import numpy as np

from qyforecast.errors import UnbalancedAccount
from qyforecast.projection.coupling import carry_share, intervene, log_odds_offset, shifted
from qyforecast.projection.projection import FLOW_SIGNS
from qyforecast.projection.records import Records
from qyforecast.projection.world import World
from qyforecast.vocabulary import SEXES

FEMALE = SEXES.index("female")


@dataclass
class Step:
    """One step of one world: the stock as it stands, and the flows so far.

    Attributes
    ----------
    world : World
        Rates.
    t : int
        Number of the step.
    stock : ndarray
        (D, C, K, S, A). [person]
    flows : dict
        Kind of flow to (D, C, K, S). [person]
    """

    world: World
    t: int
    stock: np.ndarray
    flows: dict[str, np.ndarray]

    def schedule(self, values: np.ndarray) -> np.ndarray:
        """Schedule of this step, with a leading dimension for draws."""
        return values[self.t if len(values) > 1 else 0][None]

    def scale(self, values: np.ndarray) -> np.ndarray:
        """Scalars of this step by draw and region, to multiply (D, C, K, S, A)."""
        return values[:, self.t, :, None, None, None]

    def between_levels(self, values: np.ndarray) -> np.ndarray:
        """Schedule between the levels of mortality, by draw."""
        low, high = self.schedule(values[0]), self.schedule(values[-1])
        weight = self.world.level[:, self.t].reshape((-1,) + (1,) * (low.ndim - 1))
        return (1 - weight) * low + weight * high

    def subtract(self, flow: np.ndarray, what: str) -> None:
        """Take a flow from the stock, and refuse one that is larger than the stock."""
        refuse_overdraft(self, self.stock - flow, flow, what)
        self.stock = self.stock - flow


def run(world: World) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Project a world, step by step.

    Parameters
    ----------
    world : World
        Population and rates.

    Returns
    -------
    stocks : ndarray
        (D, T + 1, C, K, S, A), the start first. [person]
    flows : dict
        Kind of flow to (D, T, C, K, S). [person]

    Raises
    ------
    UnbalancedAccount
        Names the cell of a flow that is larger than the stock it leaves.
    """
    stocks = [np.array(world.start)]
    offset = np.zeros((world.sizes[0], world.sizes[2]))
    flows: list[dict[str, np.ndarray]] = []
    for t in range(world.sizes[1]):
        step = Step(world, t, stocks[-1], {})
        live_a_step(step)
        move_between_regions(step)
        if world.sizes[3] == 2:
            offset = move_to_town(step, offset)
        stocks.append(step.stock)
        flows.append(step.flows)
    none = np.zeros(stocks[0].shape[:-1])
    kept = {kind: np.stack([flow.get(kind, none) for flow in flows], axis=1) for kind in FLOW_SIGNS}
    return np.stack(stocks, axis=1), kept


def live_a_step(step: Step) -> None:
    """Let migrants join, people survive and age, and women bear children.

    Parameters
    ----------
    step : Step
        Changed in place.
    """
    world, at_start = step.world, step.world.timing.at_start
    external = join(step, at_start)
    women_before = step.stock[:, :, :, FEMALE]
    deaths = survive(step)
    survivors = step.stock[:, :, :, FEMALE]
    external = external + join(step, 1 - at_start, newborn=False)
    women_after = step.stock[:, :, :, FEMALE] if world.timing.bearing else survivors
    births, infant_deaths = bear(step, women_before, women_after)
    external = external + join(step, 1 - at_start, newborn=True)
    step.flows |= {"births": births, "deaths": deaths + infant_deaths, "external_net": external}


def join(step: Step, share: float, newborn: bool | None = None) -> np.ndarray:
    """Let a share of the step's external migrants join, less those who leave.

    Parameters
    ----------
    step : Step
        Changed in place.
    share : float
        Share of the step's migrants.
    newborn : bool, optional
        The youngest age only (True), or all but the youngest (False).

    Returns
    -------
    ndarray
        Net migrants by area and sex. [person]
    """
    world = step.world
    arrivals = share * step.schedule(world.arrivals) * step.scale(world.arrivals_scale)
    departure = share * step.schedule(world.departure) * step.scale(world.departure_scale)
    net = arrivals - departure * step.stock
    if newborn is not None:
        youngest = np.arange(net.shape[-1]) == 0
        net = np.where(youngest == newborn, net, 0.0)
    step.subtract(-net, "external departures are more than live there")
    return net.sum(axis=-1)


def survive(step: Step) -> np.ndarray:
    """Let people survive and grow a step older; the youngest age is left empty.

    Parameters
    ----------
    step : Step
        Changed in place.

    Returns
    -------
    ndarray
        Deaths by area and sex. [person]
    """
    survivors = step.stock * step.between_levels(step.world.survival)
    deaths = step.stock.sum(axis=-1) - survivors.sum(axis=-1)
    older = np.zeros_like(survivors)
    older[..., 1:] = survivors[..., :-1]
    older[..., -1] += survivors[..., -1]
    step.stock = older
    return deaths


def bear(step: Step, before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Let women bear children, who live where their mothers do.

    Parameters
    ----------
    step : Step
        Changed in place.
    before, after : ndarray
        Women at the start and at the end of the step, (D, C, K, A). [person]

    Returns
    -------
    tuple of ndarray
        Births, and deaths of the newborn within the step, by area and sex. [person]
    """
    world = step.world
    fertility = step.schedule(world.fertility) * world.fertility_scale[:, step.t, :, None, None]
    total = (fertility * (before + after)).sum(axis=-1) / 2
    boys = step.schedule(world.boys)[0]
    births = np.stack([total * boys, total * (1 - boys)], axis=-1)
    newborn = births * step.between_levels(world.birth_survival)
    step.stock = step.stock.copy()
    step.stock[..., 0] = newborn
    return births, births - newborn


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
    family = world.family * np.where(moves.family[..., None, None] < 0, town, village)
    to_town = spread(step, moves.forward, may_move) + spread(
        step, np.maximum(moves.family, 0.0), family
    )
    to_village = spread(step, moves.back, may_return) + spread(
        step, np.maximum(-moves.family, 0.0), family
    )
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
    return rate[..., None, None] * weights


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


def refuse_overdraft(step: Step, left: np.ndarray, flow: np.ndarray, what: str) -> None:
    """Refuse a flow that is larger than the stock it leaves.

    Parameters
    ----------
    step : Step
        For the labels.
    left : ndarray
        What would be left of the stock, (D, C, K, S, A). [person]
    flow : ndarray
        The flow, same shape. [person]
    what : str
        What is wrong, for the message.

    Raises
    ------
    UnbalancedAccount
        Names draw, region, residence, sex, age and year of the first such cell.
    """
    if not (left < 0).any():
        return
    draw, region, residence, sex, age = np.argwhere(left < 0)[0]
    frame = step.world.frame
    cell = (draw, region, residence, sex, age)
    raise UnbalancedAccount(
        what,
        where=f"region {frame.regions[region]}, {frame.residences[residence]}, {SEXES[sex]},"
        f" age {frame.ages[age]}, year {frame.years[step.t]}, draw {frame.draws[draw]}",
        found=f"a flow of {flow[cell]:.6g} out of {step.stock[cell]:.6g} people",
        cure="look at the rate or count behind this flow, its unit first",
    )


def run_records(world: World, bounds: np.ndarray, precision: str) -> Records:
    """Project a world and keep what the fast twin keeps.

    Parameters
    ----------
    world : World
        Population and rates.
    bounds : ndarray
        Position of the first age of each group; empty to keep no ages.
    precision : str
        Of the ages kept.

    Returns
    -------
    Records
        Totals, flows and groups of ages.
    """
    stocks, flows = run(world)
    by_age = np.zeros((*stocks.shape[:-1], 0))
    if len(bounds):
        by_age = np.add.reduceat(stocks, bounds, axis=-1)
    kinds = np.stack([flows[kind] for kind in FLOW_SIGNS])
    return Records(stocks.sum(axis=-1), kinds, by_age.astype(precision))

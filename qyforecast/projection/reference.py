"""The accounts, written to be read: the twin of the compiled `kernel`.

The compiled twin is tested to be equal to this one, and this one says which cell is at
fault when a flow is larger than the stock it leaves.
"""

import numpy as np

from qyforecast.projection.ledger import Step
from qyforecast.projection.movement import move_between_regions, move_to_town
from qyforecast.projection.projection import FLOW_SIGNS
from qyforecast.projection.records import Records
from qyforecast.projection.world import World
from qyforecast.vocabulary import SEXES

FEMALE = SEXES.index("female")


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
    coming = step.schedule(world.arrivals) + step.schedule(world.net_rate) * step.start
    arrivals = share * coming * step.scale(world.arrivals_scale)
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

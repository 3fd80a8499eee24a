"""One step of one world, and the refusal to take more people than there are.

Arrays carry (draw, region, residence, sex, age), urban before rural.
"""

from dataclasses import dataclass, field

import numpy as np

from qyforecast.errors import UnbalancedAccount
from qyforecast.projection.world import World
from qyforecast.vocabulary import SEXES


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
    start : ndarray
        The stock at the start of the step, same shape. [person]
    """

    world: World
    t: int
    stock: np.ndarray
    flows: dict[str, np.ndarray]
    start: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.stock

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

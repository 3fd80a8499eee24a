"""The cheapest mix of levers that reaches a probability, under costs and bounds."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import LinearConstraint, NonlinearConstraint, minimize
from scipy.special import logit, ndtr

from qyforecast.decide.draws import Probability
from qyforecast.decide.seek import check_question, least_strength
from qyforecast.errors import QyforecastError, ScenarioError

Shares = Callable[[np.ndarray], np.ndarray]

#: Rounds of fitting a straight line to the world and solving with it.
ROUNDS = 2
#: Width that smooths the staircase of a counted probability, as a part of the spread.
SMOOTH = 0.1
#: How often an impossible mix is drawn half way back.
TRIES = 6


@dataclass(frozen=True)
class Mix:
    """The cheapest mix found.

    Attributes
    ----------
    strengths : tuple of float
        Multiple of each lever's stated effect.
    cost : float
        What it costs, in the unit of the costs.
    probability : Probability
        Reached with it, on the draws.
    runs : int
        How many times the world was run.
    """

    strengths: tuple[float, ...]
    cost: float
    probability: Probability
    runs: int


@dataclass
class _World:
    """The world, its bar, and how often it was run."""

    shares: Shares
    bar: float
    runs: int = 0

    def margin(self, strengths: np.ndarray) -> np.ndarray:
        """Log odds above the bar, by draw."""
        self.runs += 1
        return logit(self.shares(strengths)) - logit(self.bar)


def cheapest_mix(
    shares: Shares, bar: float, probability: float, *, costs: np.ndarray, bounds: np.ndarray
) -> Mix:
    """Find strengths of several levers that reach a probability at the least cost.

    In log odds of the share, levers add up nearly. So each draw's margin is a straight
    line in the strengths, learnt by pulling every lever in turn; under it the cheapest
    mix is a smooth problem of small size (the set of mixes that reach a probability is
    nearly convex), solved by sequential quadratic programming. The world is then run at
    the solution, the lines are moved to meet it, and it is solved again; at last the
    mix is pulled harder or softer as a whole until the world itself says yes.

    Parameters
    ----------
    shares : callable
        Urban share in the target's year by draw, given the strengths. [1]
    bar : float
        Share that is enough. [1]
    probability : float
        Wanted. [1]
    costs, bounds : ndarray
        Cost of each lever at its stated effect; the most it may be pulled.

    Returns
    -------
    Mix
        Strengths, cost and the probability counted in the world.

    Raises
    ------
    ScenarioError
        If a cost is not positive, or a bound is not.
    OutOfReach
        If all levers at their bounds do not reach it; states the probability then.

    References
    ----------
    Nemirovski and Shapiro (2006), SIAM Journal on Optimization 17, 969-996, for convex
    approximations of chance constraints; Kraft (1988) for the solver.
    """
    if not (costs > 0).all() or costs.shape != bounds.shape:
        raise ScenarioError("every lever has a cost above 0", found=str(costs.tolist()))
    check_question(probability, float(bounds.min()))
    world = _World(shares, bar)
    start = world.margin(np.zeros(len(costs)))
    # How far towards all bounds is enough; refused where even they are not.
    enough = least_strength(lambda part: world.margin(part * bounds) >= 0, probability, most=1.0)
    anchor = enough.strength * bounds
    if enough.strength == 0:
        return Mix(tuple(anchor.tolist()), 0.0, enough.probability, world.runs)
    alone = [world.margin(anchor * (np.arange(len(costs)) == j)) for j in range(len(costs))]
    slopes = (np.stack(alone) - start) / anchor[:, None]
    mix, aim = anchor, probability
    for _ in range(ROUNDS):
        mix, margin = _possible(world, _solve(start, slopes, aim, costs, bounds), anchor)
        start = margin - mix @ slopes
        # What smoothing adds is taken off again.
        smoothed = float(ndtr(margin / (SMOOTH * start.std())).mean())
        aim = float(np.clip(probability + smoothed - (margin >= 0).mean(), 0.001, 0.999))
    return _exactly(world, mix, probability, costs, (anchor, bounds))


def _possible(world: _World, mix: np.ndarray, anchor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw a mix towards one known to be possible until the world can be run with it."""
    for _ in range(TRIES):
        try:
            return mix, world.margin(mix)
        except QyforecastError:
            mix = (mix + anchor) / 2
    return anchor, world.margin(anchor)


def _solve(
    start: np.ndarray,
    slopes: np.ndarray,
    probability: float,
    costs: np.ndarray,
    bounds: np.ndarray,
) -> np.ndarray:
    """Minimise the cost in the straight-line world, from all levers at their bounds."""
    width = SMOOTH * start.std()

    def reached(part: np.ndarray) -> float:
        return float(ndtr((start + (part * bounds) @ slopes) / width).mean())

    def slope(part: np.ndarray) -> np.ndarray:
        z = (start + (part * bounds) @ slopes) / width
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) / width
        return bounds * (slopes @ density) / len(z)

    price = costs * bounds / (costs * bounds).sum()
    # scipy says that jac is words; it takes a function as well.
    gradient: Any = slope
    enough = NonlinearConstraint(reached, probability, 1.0, jac=gradient)
    inside = LinearConstraint(np.eye(len(costs)), 0.0, 1.0)
    tries = [np.ones(len(costs)), *(0.02 + 0.98 * np.eye(len(costs)))]
    solved = [
        minimize(
            lambda part: float(price @ part),
            first,
            jac=lambda _: price,
            method="SLSQP",
            bounds=[(0.0, 1.0)] * len(costs),
            constraints=[enough, inside],
            options={"maxiter": 200, "ftol": 1e-9},
        ).x
        for first in tries
    ]
    fit = [np.clip(x, 0.0, 1.0) for x in solved]
    good = [x for x in fit if reached(x) >= probability - 1e-6] or [np.ones(len(costs))]
    return min(good, key=lambda x: float(price @ x)) * bounds


def _exactly(
    world: _World,
    mix: np.ndarray,
    probability: float,
    costs: np.ndarray,
    ends: tuple[np.ndarray, np.ndarray],
) -> Mix:
    """Pull the whole mix harder or softer until the world itself reaches the probability.

    Up to 1.5 times it is pulled as a whole, each lever up to its bound; from there to 2
    it goes over to the anchor, where the probability is known to be reached.
    """
    anchor, bounds = ends

    def at(turn: float) -> np.ndarray:
        hard = np.minimum(mix * min(turn, 1.5), bounds)
        return hard + (anchor - hard) * max(2 * turn - 3, 0.0)

    found = least_strength(lambda turn: world.margin(at(turn)) >= 0, probability, most=2.0)
    best = at(found.strength)
    return Mix(tuple(best.tolist()), float(costs @ best), found.probability, world.runs)

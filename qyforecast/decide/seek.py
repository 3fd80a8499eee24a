"""Goal seek: how hard must a lever be pulled until a probability is reached?"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from qyforecast.decide.draws import Probability, count
from qyforecast.errors import OutOfReach, QyforecastError, ScenarioError

Met = Callable[[float], np.ndarray]

#: A strength is found to this part of the most that may be asked.
PRECISION = 0.002
#: So near to an impossible strength the search upwards ends.
WALL = 0.03
#: Probabilities nearer to 0 or 1 than this are not told apart when reading between runs.
FAINT = 1e-4
MOST_RUNS = 24
#: A look so far beyond what was found, for the error, where none was taken on the way.
BEYOND = 1.1


@dataclass(frozen=True)
class Found:
    """The least strength at which a probability is reached.

    Attributes
    ----------
    strength : float
        Multiple of the stated effect; zero where nothing is needed.
    probability : Probability
        What is reached with it, on the draws.
    lower, upper : float
        Strengths at which the probability asked for would be reached if the counted one is
        one standard error too low, or too high; `upper` is infinite where no strength up
        to the most allowed does that.
    runs : int
        How many times the world was run.
    """

    strength: float
    probability: Probability
    lower: float
    upper: float
    runs: int


def least_strength(met: Met, probability: float, *, most: float) -> Found:
    """Find the least strength at which a target is met with a probability.

    From the stated effect upwards the strength is doubled until the probability is
    reached, then found by bisection on the same draws, with steps of false position in
    between (the Illinois rule): a probability counted on paired draws is a staircase that
    does not fall with the strength of a lever that helps. A strength at which the world
    is impossible (more people moved than live there) bounds the search like `most`.

    Parameters
    ----------
    met : callable
        Yes or no by draw at a strength, the same draws always; an error of this package
        where the strength is impossible.
    probability : float
        Wanted. [1]
    most : float
        The strongest that may be asked.

    Returns
    -------
    Found
        Strength, probability and what the error of counting leaves open.

    Raises
    ------
    ScenarioError
        If the probability does not lie between 0 and 1, or the bound is not positive.
    OutOfReach
        If there is none; states the best that can be reached.
    """
    check_question(probability, most)
    search = _Search(met, probability)
    low = high = 0.0
    if search.above(0.0) < 0:
        low, high = _climb(search, most)
    _, high = _bracket(search.above, low, high, PRECISION * most)
    error = search.seen[high].standard_error
    if high < most and _left_open(search.seen, probability, error)[1] == np.inf:
        search.possible(min(BEYOND * high + PRECISION * most, most))
    lower, upper = _left_open(search.seen, probability, error)
    return Found(high, search.seen[high], min(lower, high), max(upper, high), len(search.seen))


@dataclass
class _Search:
    """Runs made so far, and why the last impossible one was."""

    met: Met
    probability: float
    seen: dict[float, Probability] = field(default_factory=dict)
    impossible: str = ""

    def above(self, strength: float) -> float:
        """Probability less the one wanted."""
        if strength not in self.seen:
            self.seen[strength] = count(self.met(strength))
        return self.seen[strength].value - self.probability

    def possible(self, strength: float) -> bool:
        """Whether the world can be run so."""
        try:
            self.above(strength)
        except QyforecastError as error:
            self.impossible = f"; at {strength:.3g} times {error.what} ({error.where})"
            return False
        return True


def _climb(search: _Search, most: float) -> tuple[float, float]:
    """Find a strength that reaches the probability, and one below that does not."""
    low, high, wall = 0.0, min(1.0, most), most
    for _ in range(MOST_RUNS):
        if not search.possible(high):
            wall = high
        elif search.above(high) >= 0:
            return low, high
        else:
            low = high
        if wall - low <= WALL * wall:
            break
        high = min(2 * low, most) if wall == most and low > 0 else (low + wall) / 2
        if wall == most and search.seen.get(most):
            break
    best = max(search.seen, key=lambda strength: search.seen[strength].value)
    raise out_of_reach(search.probability, search.seen[best], best, wall, why=search.impossible)


def out_of_reach(
    wanted: float, best: Probability, strength: float, most: float, *, why: str = ""
) -> OutOfReach:
    """Make the refusal, with the best that can be reached.

    Parameters
    ----------
    wanted : float
        Probability asked for. [1]
    best : Probability
        The best found.
    strength, most : float
        Where it was found, and the most that may be asked.
    why : str
        What forbids more, if not the bound asked for.

    Returns
    -------
    OutOfReach
        To be raised.
    """
    error = OutOfReach(
        f"no strength up to {most:.3g} times the stated effect gives a probability of "
        f"{100 * wanted:.4g} %",
        found=f"at best {best.value:.1%} (+/- {best.standard_error:.1%}), "
        f"at {strength:.3g} times the stated effect{why}",
        cure="ask for a lower probability, add levers, or allow more with --most",
    )
    error.best, error.strength = best.value, strength
    return error


def check_question(probability: float, most: float) -> None:
    """Refuse a probability or a bound that cannot be meant.

    Parameters
    ----------
    probability : float
        Wanted. [1]
    most : float
        The strongest that may be asked.

    Raises
    ------
    ScenarioError
        Names the number.
    """
    if not 0 < probability < 1:
        raise ScenarioError(
            "a probability lies between 0 and 1",
            where="--probability",
            found=f"{probability:g}",
            cure="write 0.8 for 80 %",
        )
    if not 0 < most < np.inf:
        raise ScenarioError(
            "the most that may be asked is a multiple above 0", where="--most", found=f"{most:g}"
        )


def _bracket(
    look: Callable[[float], float], low: float, high: float, width: float
) -> tuple[float, float]:
    """Narrow down to where the probability is first reached: not at `low`, but at `high`."""
    below, above = look(low), look(high)
    if below >= 0:
        return low, low
    for turn in range(MOST_RUNS):
        if high - low <= width or above == 0:
            break
        middle = (low + high) / 2
        if turn % 3 < 2:
            middle = min(
                max(low - below * (high - low) / (above - below), low + width / 2), high - width / 2
            )
        value = look(middle)
        if value >= 0:
            high, above, below = middle, value, below / 2
        else:
            low, below, above = middle, value, above / 2 if above > 0 else above
    return low, high


def _left_open(
    points: dict[float, Probability], probability: float, error: float
) -> tuple[float, float]:
    """Read off the runs made at which strengths the wanted probability lies one error off.

    Between runs the probit of the probability is taken for straight: it is where a lever
    shifts a normal margin.
    """
    strengths = np.array(sorted(points))
    reached = np.maximum.accumulate([points[s].value for s in strengths])
    probits = ndtri(np.clip(reached, FAINT, 1 - FAINT))
    ends = []
    for wanted in ndtri(np.clip([probability - error, probability + error], FAINT, 1 - FAINT)):
        at = int(np.searchsorted(probits, wanted))
        if at == 0:
            ends.append(float(strengths[0]))
        elif at == len(probits):
            ends.append(np.inf)
        else:
            part = (wanted - probits[at - 1]) / (probits[at] - probits[at - 1])
            ends.append(float(strengths[at - 1] + part * (strengths[at] - strengths[at - 1])))
    return ends[0], ends[1]

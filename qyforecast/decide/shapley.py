"""Which lever a bundle's gain is owed to: Shapley values on the same draws."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from math import factorial

import numpy as np

from qyforecast.decide.draws import batch_error
from qyforecast.errors import DataError

#: Up to so many players every coalition is run: 1,024 of them.
MOST_EXACT = 10
THREADS = 2

Value = Callable[[frozenset[str]], np.ndarray]


@dataclass(frozen=True)
class Attribution:
    """What each player adds to the value of all together.

    Attributes
    ----------
    players : tuple of str
        Levers, or groups of them.
    values : ndarray
        Shapley value of each player, ``(player, quantity)``; they sum to `total`.
    errors : ndarray
        Monte Carlo standard errors: of the draws, and of the orders where sampled.
    total, total_errors : ndarray
        Value of all players less that of none, ``(quantity,)``, and the error of the draws.
    orders : int
        How many orders were sampled; 0 where all coalitions were run.
    """

    players: tuple[str, ...]
    values: np.ndarray
    errors: np.ndarray
    total: np.ndarray
    total_errors: np.ndarray
    orders: int


def shapley(value: Value, players: Sequence[str], *, orders: int = 64, seed: int) -> Attribution:
    """Share out the value of a coalition of all players by Shapley's rule.

    Exact up to `MOST_EXACT` players. Beyond that orders of joining are sampled, each
    with its reverse; every order shares out the whole, so the values sum to it still.

    Parameters
    ----------
    value : callable
        Value of a coalition draw by draw, ``(draw, quantity)``, the same draws always; a pure
        function, called from two threads.
    players : sequence of str
        Each once.
    orders : int
        Orders to sample beyond `MOST_EXACT` players, an even number.
    seed : int
        Seed of the orders.

    Returns
    -------
    Attribution
        Means over draws, and their errors.

    Raises
    ------
    DataError
        If there is no player, or one twice.

    References
    ----------
    Shapley (1953), A value for n-person games; Castro, Gomez and Tejada (2009),
    Computers & Operations Research 36, 1726-1730, for sampled orders.
    """
    if not players or len(set(players)) < len(players):
        raise DataError("a gain is shared out over players, each once", found=str(list(players)))
    known: dict[frozenset[str], np.ndarray] = {}

    def worth(coalition: frozenset[str]) -> np.ndarray:
        if coalition not in known:
            known[coalition] = np.asarray(value(coalition), float)
        return known[coalition]

    whole = worth(frozenset(players)) - worth(frozenset())
    if len(players) <= MOST_EXACT:
        parts = _exact(worth, players)
        spread, count = 0.0, 0
    else:
        parts, spread = _sampled(worth, players, max(orders // 2, 2), np.random.default_rng(seed))
        count = 2 * max(orders // 2, 2)
    draws = np.array([[batch_error(column) for column in part.T] for part in (*parts, whole)])
    return Attribution(
        tuple(players),
        parts.mean(axis=1),
        np.hypot(draws[:-1], spread),
        whole.mean(axis=0),
        draws[-1],
        count,
    )


def _exact(worth: Value, players: Sequence[str]) -> np.ndarray:
    """Contributions by draw, ``(player, draw, quantity)``."""
    n = len(players)
    parts = np.zeros((n, *worth(frozenset()).shape))
    coalitions = [
        frozenset(p for i, p in enumerate(players) if mask >> i & 1) for mask in range(2**n)
    ]
    # While one run labels its arrays another computes; every run is a value of its own.
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(worth, coalitions))
    for inside in coalitions:
        weight = factorial(len(inside)) * factorial(max(n - len(inside) - 1, 0)) / factorial(n)
        for i, player in enumerate(players):
            if player not in inside:
                # A difference of two runs, so that a player who does nothing gets zero exactly.
                parts[i] += weight * (worth(inside | {player}) - worth(inside))
    return parts


def _sampled(
    worth: Value, players: Sequence[str], pairs: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Contributions by draw, and the standard error of their means over pairs of orders."""
    n, shape = len(players), worth(frozenset()).shape
    parts = np.zeros((n, *shape))
    means = np.zeros((pairs, n, shape[1]))
    for pair in range(pairs):
        order = rng.permutation(n)
        for turn in (order, order[::-1]):
            names = [players[int(i)] for i in turn]
            joined = [frozenset(names[:k]) for k in range(n + 1)]
            for i, (before, after) in zip(turn, pairwise(joined), strict=True):
                step = worth(after) - worth(before)
                parts[i] += step / (2 * pairs)
                means[pair, i] += step.mean(axis=0) / 2
    return parts, means.std(axis=0, ddof=1) / np.sqrt(pairs)

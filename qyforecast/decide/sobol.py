"""Where the uncertainty comes from: Sobol indices of groups of inputs, on given draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qyforecast.errors import DataError

#: Resamples of the draws behind a standard error.
RESAMPLES = 200

Run = Callable[[Mapping[str, np.ndarray]], np.ndarray]


@dataclass(frozen=True)
class Index:
    """How much of a variance one group of inputs makes.

    Attributes
    ----------
    group : str
        Source of uncertainty.
    first, first_error : float
        Share of the variance that is gone on average when the group is known; standard
        error by bootstrap. [1]
    total, total_error : float
        Share that is left on average when everything else is known. [1]
    mixed_variance : float
        Variance of the runs that mix this group with others over that of the draws. Near
        1 where groups are independent, as the method supposes. [1]
    """

    group: str
    first: float
    first_error: float
    total: float
    total_error: float
    mixed_variance: float


def grouped_sobol(run: Run, groups: Sequence[str], *, draws: int, seed: int) -> list[Index]:
    """Estimate first-order and total indices by picking groups from other draws.

    Two samples are needed: the draws as they are, and the same draws in another order, in
    which no draw is its own partner. The second needs no run of its own. A group takes two
    runs: it alone from the second sample, and all but it.

    Parameters
    ----------
    run : callable
        Result by draw, ``(draw,)``, given for each group which draw it comes from.
    groups : sequence of str
        Groups of inputs, each independent of the others.
    draws : int
        Number of draws.
    seed : int
        Seed of the order and of the bootstrap.

    Returns
    -------
    list of Index
        In the order of the groups.

    Raises
    ------
    DataError
        If the result does not vary, or is missing somewhere.

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270 (first order);
    Jansen (1999), Computer Physics Communications 117, 35-43 (total).
    """
    rng = np.random.default_rng(seed)
    ring = rng.permutation(draws)
    own, other = np.arange(draws), np.empty(draws, int)
    other[ring] = np.roll(ring, 1)
    plain = run(dict.fromkeys(groups, own))
    if not np.isfinite(plain).all() or not plain.std() > 0:
        raise DataError("a variance is split only where there is one, of finite results")
    resamples = rng.integers(draws, size=(RESAMPLES, draws))
    found = []
    for group in groups:
        alone = run({name: other if name == group else own for name in groups})
        rest = run({name: own if name == group else other for name in groups})
        # Rows: the first sample, the second, the group from the second, all else from it.
        sample = np.stack([plain, plain[other], alone, rest])
        first, total = _indices(sample)
        again = np.array([_indices(sample[:, pick]) for pick in resamples])
        errors = again.std(axis=0, ddof=1).tolist()
        mixed = float((alone.var() + rest.var()) / 2 / plain.var())
        found.append(Index(group, first, errors[0], total, errors[1], mixed))
    return found


def _indices(sample: np.ndarray) -> tuple[float, float]:
    one, two, alone, rest = sample - sample[:2].mean()
    variance = (one.var() + two.var()) / 2
    # The group is common to (two, alone) and to (one, rest). Differences make a group that
    # does nothing count for nothing, however the two samples happen to be related.
    first = ((two * (alone - one)).mean() + (one * (rest - two)).mean()) / (2 * variance)
    total = (((one - alone) ** 2).mean() + ((two - rest) ** 2).mean()) / (4 * variance)
    return float(first), float(total)

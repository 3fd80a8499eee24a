"""A simple method as a probability: its own past errors laid about its forecast."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qyforecast.judge.cells import Foretold
from qyforecast.judge.methods import Method, check_shares
from qyforecast.judge.scores import log_density_of_draws

#: Fewest past errors from which a distribution is made.
LEAST = 20
#: Most draws of a distribution; more errors are thinned by rank.
MOST = 1000

#: What the errors of a distribution are: as they were, or about the point, both signs alike.
SIGNED, SYMMETRIC = "baseline", "symmetric"


def foretell_simply(
    method: Method,
    shares: pd.DataFrame,
    origins: Sequence[int],
    horizons: Sequence[int],
    *,
    kinds: Sequence[str] = (SIGNED,),
    income: pd.DataFrame | None = None,
) -> list[Foretold]:
    """Foretell by a method, with its errors at earlier origins as distribution.

    The errors are those of the method at the same horizon, of all regions together, whose
    outcome was known at the origin. Signed, they carry what the method lacks: persistence
    becomes the pooled drift of the past. Symmetric, each error counts with either sign: a
    forecaster who trusts the point. Where there are fewer than `LEAST`, those of the
    longest shorter horizon that has as many are taken, in proportion to the horizon, as an
    error of pace grows; where that fails too, there is no distribution and only the point.

    Parameters
    ----------
    method : Method
        The method.
    shares : DataFrame
        A row for each year, a column for each region. [1]
    origins, horizons : sequence of int
        Last years known; years ahead. Outcomes after the last row are left out.
    kinds : sequence of {"baseline", "symmetric"}
        Distributions wanted; a symmetric one adds its kind to the name.
    income : DataFrame, optional
        Real income per person, for methods that need it.

    Returns
    -------
    list of Foretold
        One for each origin, horizon and kind.

    Raises
    ------
    DataError
        If a share is not between 0 and 1 or years repeat.
    """
    check_shares(shares)
    years = shares.index.to_numpy(int)
    first, last = int(years[0]), int(years[-1])
    ladder = np.arange(1, max(horizons) + 1)
    scaled = method.scaled(shares.reindex(range(first, last + 1)).to_numpy(float))
    levels = {
        origin: method.foretell(shares, origin, ladder, income)
        for origin in range(first, max(origins) + 1)
    }
    errors = {origin: _errors(level, scaled, origin - first) for origin, level in levels.items()}
    found = []
    for origin in origins:
        for horizon in horizons:
            if origin + horizon <= last:
                point = levels[origin][horizon - 1]
                past = _known_errors(errors, origin, horizon)
                outcome = scaled[origin + horizon - first]
                found += [
                    _foretold(method, kind, (origin, horizon), point, past, outcome)
                    for kind in kinds
                ]
    return found


def _errors(level: np.ndarray, scaled: np.ndarray, place: int) -> np.ndarray:
    """What came less what was foretold, by horizon and region; missing after the last year."""
    out = np.full(level.shape, np.nan)
    came = scaled[place + 1 : place + 1 + len(level)]
    out[: len(came)] = came - level[: len(came)]
    return out


def _known_errors(errors: dict[int, np.ndarray], origin: int, horizon: int) -> np.ndarray:
    """Errors known at an origin, sorted, for a horizon or scaled to it; empty if too few."""
    for shorter in range(horizon, 0, -1):
        rows = [table[shorter - 1] for at, table in errors.items() if at + shorter <= origin]
        known = np.concatenate(rows) if rows else np.empty(0)
        known = np.sort(known[np.isfinite(known)])
        if len(known) >= LEAST:
            return known * horizon / shorter
    return np.empty(0)


def _foretold(
    method: Method,
    kind: str,
    when: tuple[int, int],
    point: np.ndarray,
    errors: np.ndarray,
    outcome: np.ndarray,
) -> Foretold:
    share, name = method.share(point), named(method.name, kind)
    if not len(errors):
        nothing = np.full((1, len(point)), np.nan)
        return Foretold(name, kind, *when, share, nothing, nothing[0])
    kept = errors if kind == SIGNED else np.sort(np.concatenate([errors, -errors]))
    if len(kept) > MOST:
        kept = kept[((np.arange(MOST) + 0.5) * len(kept) / MOST).astype(int)]
    draws = point + kept[:, None]
    density = log_density_of_draws(draws, outcome)
    if not method.log_odds:
        density = density + np.log(outcome * (1 - outcome))
    return Foretold(name, kind, *when, share, method.share(draws), density)


def named(method: str, kind: str) -> str:
    """Name a method with a kind of distribution.

    Parameters
    ----------
    method : str
        The method.
    kind : {"baseline", "symmetric"}
        The distribution.

    Returns
    -------
    str
        The method's name, with the kind where it is not the signed one.
    """
    return method if kind == SIGNED else f"{method}, {kind}"

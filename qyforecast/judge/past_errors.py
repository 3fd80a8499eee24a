"""A simple method as a probability: its own past errors laid about its forecast."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qyforecast.judge.cells import Foretold
from qyforecast.judge.methods import Method, check_shares
from qyforecast.judge.scores import log_density

#: Fewest past errors from which a distribution is made.
LEAST = 20
#: Most draws of a distribution; more errors are thinned by rank.
MOST = 1000
#: Narrowest kernel, on the method's scale: shares are published to a hundredth of a point.
NARROWEST = 1e-4


def foretell_simply(
    method: Method, shares: pd.DataFrame, origins: Sequence[int], horizons: Sequence[int]
) -> list[Foretold]:
    """Foretell by a method, with its errors at earlier origins as distribution.

    The errors are those of the method at the same horizon, of all regions together, whose
    outcome was known at the origin; they are not centred. Where there are fewer than
    `LEAST`, those of the longest shorter horizon that has as many are taken, in proportion
    to the horizon, as an error of pace grows; where that fails too, there is no
    distribution and only the point is given.

    Parameters
    ----------
    method : Method
        The method.
    shares : DataFrame
        A row for each year, a column for each region. [1]
    origins, horizons : sequence of int
        Last years known; years ahead. Outcomes after the last row are left out.

    Returns
    -------
    list of Foretold
        One for each origin and horizon.

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
        origin: method.foretell(shares, origin, ladder) for origin in range(first, max(origins) + 1)
    }
    errors = {origin: _errors(level, scaled, origin - first) for origin, level in levels.items()}
    found = []
    for origin in origins:
        for horizon in horizons:
            if origin + horizon <= last:
                point = levels[origin][horizon - 1]
                past = _known_errors(errors, origin, horizon)
                outcome = scaled[origin + horizon - first]
                found.append(_foretold(method, (origin, horizon), point, past, outcome))
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
    when: tuple[int, int],
    point: np.ndarray,
    errors: np.ndarray,
    outcome: np.ndarray,
) -> Foretold:
    share = method.share(point)
    if not len(errors):
        nothing = np.full((1, len(point)), np.nan)
        return Foretold(method.name, "baseline", *when, share, nothing, nothing[0])
    kept = errors
    if len(errors) > MOST:
        kept = errors[((np.arange(MOST) + 0.5) * len(errors) / MOST).astype(int)]
    draws = point + kept[:, None]
    low, high = np.quantile(kept, [0.25, 0.75])
    spread = min(kept.std(), (high - low) / 1.34)
    # Silverman (1986), Density Estimation, equation 3.31.
    width = np.array(max(0.9 * spread * len(kept) ** -0.2, NARROWEST))
    density = log_density(outcome, draws, width, np.inf)
    if not method.log_odds:
        density = density + np.log(outcome * (1 - outcome))
    return Foretold(method.name, "baseline", *when, share, method.share(draws), density)

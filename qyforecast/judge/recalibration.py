"""Forecasts mended by their own past errors, and what the mending is worth out of sample."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import logit

from qyforecast.judge.cells import Foretold
from qyforecast.judge.mending import AFFINE, MENDS, Past, mended, middle_and_spread

#: Fewest past forecasts, and fewest origins of theirs, from which anything is mended.
LEAST, ORIGINS = 20, 2
#: Kinds of rows: errors known at the origin, or all origins but the one mended.
KNOWN, LEFT_OUT = "recalibrated", "recalibrated, left out"
#: Draws that an estimate looks at.
_THIN = 100


def measure(one: Foretold, shares: pd.DataFrame) -> Past:
    """Measure one set of forecasts against what came.

    Parameters
    ----------
    one : Foretold
        Forecasts of the columns of `shares`.
    shares : DataFrame
        What came. [1]

    Returns
    -------
    Past
        Of the regions that have a forecast and an outcome.
    """
    came = shares.loc[one.origin + one.horizon].to_numpy(float)
    known = np.isfinite(came) & np.isfinite(one.draws).all(axis=0)
    draws = logit(one.draws[:, known])
    middle, spread = middle_and_spread(draws)
    deviations = np.quantile((draws - middle) / spread, (np.arange(_THIN) + 0.5) / _THIN, axis=0)
    return Past(deviations, (logit(came[known]) - middle) / spread, spread)


def learnt(foretold: Sequence[Foretold], shares: pd.DataFrame) -> pd.DataFrame:
    """Say what all known errors of one method ask for today.

    Parameters
    ----------
    foretold : sequence of Foretold
        As in `recalibrate`.
    shares : DataFrame
        As in `recalibrate`.

    Returns
    -------
    DataFrame
        ``method, horizon, shift`` [spread] and ``factor`` [1], for each of `AFFINE`.
    """
    rows = []
    for horizon in sorted({one.horizon for one in foretold}):
        mine = [one for one in foretold if one.horizon == horizon]
        past = pool([measure(one, shares) for one in mine])
        for name, mend in AFFINE.items():
            if past is None:
                continue
            found = mend(past)
            rows.append((f"{mine[0].method}, {name}", horizon, found.shift, found.factor))
    return pd.DataFrame(rows, columns=["method", "horizon", "shift", "factor"])


def recalibrate(foretold: Sequence[Foretold], shares: pd.DataFrame) -> list[Foretold]:
    """Mend the forecasts of one method by its own errors.

    Once by the errors of the same horizon known at each origin, or, where there are too
    few, of the longest shorter horizon that has enough (nothing is mended where none has);
    once by those of all other origins, which nobody could have known, for comparison.

    Parameters
    ----------
    foretold : sequence of Foretold
        Forecasts of one method, all origins and horizons.
    shares : DataFrame
        What came: a row for each year, a column for each region. [1]

    Returns
    -------
    list of Foretold
        For each forecast one of each of `MENDS` and of either kind.
    """
    past = {(one.origin, one.horizon): measure(one, shares) for one in foretold}
    found = []
    for one in foretold:
        others = [at for at in past if at[1] == one.horizon and at[0] != one.origin]
        for kind, keys in ((KNOWN, known_then(past, one)), (LEFT_OUT, others)):
            lesson = pool([past[key] for key in keys])
            found += [_mended(one, name, kind, lesson) for name in MENDS]
    return found


def known_then(past: Mapping[tuple[int, int], Past], one: Foretold) -> list[tuple[int, int]]:
    """Choose the past forecasts whose outcome was known when one was made.

    Parameters
    ----------
    past : mapping
        Origin and horizon to errors.
    one : Foretold
        The forecast to be mended.

    Returns
    -------
    list of tuple
        Origins and horizons; empty where there are too few.
    """
    horizons = sorted({at[1] for at in past if at[1] <= one.horizon}, reverse=True)
    for horizon in horizons:
        keys = [at for at in past if at[1] == horizon and sum(at) <= one.origin]
        if len(keys) >= ORIGINS and sum(len(past[at].error) for at in keys) >= LEAST:
            return keys
    return []


def pool(parts: Sequence[Past]) -> Past | None:
    """Put past forecasts together.

    Parameters
    ----------
    parts : sequence of Past
        By origin.

    Returns
    -------
    Past or None
        None where there are fewer than `LEAST` errors.
    """
    if sum(len(part.error) for part in parts) < LEAST:
        return None
    return Past(
        np.concatenate([part.draws for part in parts], axis=1),
        np.concatenate([part.error for part in parts]),
        np.concatenate([part.spread for part in parts]),
    )


def _mended(one: Foretold, name: str, kind: str, past: Past | None) -> Foretold:
    """Mend one set of forecasts; as it was where nothing is known of the past."""
    method = f"{one.method}, {name}" + (" (left out)" if kind == LEFT_OUT else "")
    draws = one.draws if past is None else mended(one.draws, MENDS[name](past))
    # The density of a mended forecast is not known where the outcome lies.
    density = np.full(draws.shape[1], np.nan)
    return Foretold(method, kind, one.origin, one.horizon, np.median(draws, axis=0), draws, density)

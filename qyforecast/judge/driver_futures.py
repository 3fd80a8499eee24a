"""The futures of employment and value added, drawn at past origins and laid beside what came."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from qyforecast.census.panel import DRIVERS, Panel
from qyforecast.inference.futures import draw_province_drivers
from qyforecast.inference.provinces import known_until
from qyforecast.judge.cells import Foretold, as_table, score_cells
from qyforecast.judge.methods import METHODS
from qyforecast.judge.past_errors import foretell_simply
from qyforecast.vocabulary import SECTORS

#: What the drawn futures are called.
NAME = "local trends"
#: Years ahead.
AHEAD = 5


def backtest_drivers(
    panel: Panel, origins: Sequence[int], *, draws: int, seed: int, say: Callable[[str], None]
) -> pd.DataFrame:
    """Score shares of sectors five years ahead, beside persistence with its past errors.

    Parameters
    ----------
    panel : Panel
        All that is known; a pseudo-vintage of it is drawn from.
    origins : sequence of int
        Last years known.
    draws : int
        Number of draws.
    seed : int
        Seed.
    say : callable
        Told what is done next.

    Returns
    -------
    DataFrame
        As `score_cells`, with the columns ``driver`` and ``sector``; log densities only of
        the simple method.

    Raises
    ------
    DataError
        If an origin leaves too few years to learn from.
    """
    years = panel.provinces["year"].values
    origins = [one for one in origins if one + AHEAD <= years[-1]]
    drawn = {}
    for origin in origins:
        say(f"drawing employment and value added from {origin} on")
        rng = np.random.default_rng([seed, origin, 71])
        known = known_until(panel, origin).provinces
        drawn[origin] = draw_province_drivers(known, years=AHEAD, draws=draws, rng=rng)[:, -1]
    persistence = METHODS[0]
    parts = []
    for d, driver in enumerate(DRIVERS):
        for s, sector in enumerate(SECTORS):
            shares = panel.provinces[driver].sel(sector=sector, drop=True)
            table = as_table(shares, "year", "province")
            foretold = foretell_simply(persistence, table, origins, [AHEAD])
            foretold += [
                _foretold(origin, paths[:, :, d, s], table) for origin, paths in drawn.items()
            ]
            cells = score_cells(foretold, table)
            parts.append(cells.assign(driver=driver, sector=sector))
    return _by_both(pd.concat(parts, ignore_index=True))


def _by_both(cells: pd.DataFrame) -> pd.DataFrame:
    """Keep what both methods foretold: persistence also goes on from older figures."""
    both = cells.groupby(["driver", "sector", "origin", "region"])["method"].transform("size") == 2
    return cells[both].reset_index(drop=True)


def _foretold(origin: int, draws: np.ndarray, table: pd.DataFrame) -> Foretold:
    """Leave out provinces not known at the origin, which are drawn as the mean of the others."""
    known = table.loc[origin].notna().to_numpy()
    draws = np.where(known, draws, np.nan)
    nothing = np.full(draws.shape[1], np.nan)
    return Foretold(NAME, "futures", origin, AHEAD, np.median(draws, axis=0), draws, nothing)

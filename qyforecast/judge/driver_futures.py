"""The futures of employment and value added, drawn at past origins and laid beside what came."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from qyforecast.census.panel import DRIVERS, Panel
from qyforecast.inference.futures import draw_province_drivers
from qyforecast.inference.provinces import known_until
from qyforecast.judge.cells import Foretold, as_table, score_cells
from qyforecast.judge.methods import METHODS
from qyforecast.judge.past_errors import foretell_simply
from qyforecast.vocabulary import SECTORS

#: What the drawn futures are called, and what of them a forecast hears.
NAME, HEARD = "local trends", "local trends, less the mean province"


def backtest_drivers(
    panel: Panel,
    when: tuple[Sequence[int], Sequence[int]],
    *,
    draws: int,
    seed: int,
    say: Callable[[str], None],
) -> pd.DataFrame:
    """Score shares of sectors some years ahead, beside persistence with its past errors.

    Parameters
    ----------
    panel : Panel
        All that is known; a pseudo-vintage of it is drawn from.
    when : tuple of sequences of int
        Origins, the last years known; horizons, the years ahead. Outcomes after the
        panel's last year are left out.
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
        the simple method. Beside whole shares those less the mean province's are scored,
        as the regression takes them: what the nation does cancels in them.

    Raises
    ------
    DataError
        If an origin leaves too few years to learn from.
    """
    last = int(panel.provinces["year"].values[-1])
    horizons = [one for one in when[1] if one + min(when[0]) <= last]
    origins = [one for one in when[0] if horizons and one + min(horizons) <= last]
    drawn = {}
    for origin in origins:
        say(f"drawing employment and value added from {origin} on")
        rng = np.random.default_rng([seed, origin, 71])
        known = known_until(panel, origin).provinces
        paths = draw_province_drivers(known, years=max(horizons), draws=draws, rng=rng)
        drawn |= {(origin, h): paths[:, h] for h in horizons if origin + h <= last}
    parts = [
        _cells(panel, (driver, sector), {k: v[:, :, d, s] for k, v in drawn.items()})
        for d, driver in enumerate(DRIVERS)
        for s, sector in enumerate(SECTORS)
        if drawn
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _cells(
    panel: Panel, which: tuple[str, str], drawn: Mapping[tuple[int, int], np.ndarray]
) -> pd.DataFrame:
    """Score one sector's share of one driver, by origin and horizon."""
    driver, sector = which
    table = as_table(panel.provinces[driver].sel(sector=sector, drop=True), "year", "province")
    origins, horizons = (sorted(set(one)) for one in zip(*drawn, strict=True))
    foretold = foretell_simply(METHODS[0], table, origins, horizons)
    foretold += [_foretold(NAME, key, paths, table) for key, paths in drawn.items()]
    # Without the provinces that are not always known, the mean is one and the same.
    always = table.notna().all().to_numpy()
    whole = table.loc[:, always]
    apart = [
        _foretold(HEARD, k, v[:, always] - v[:, always].mean(axis=1, keepdims=True), whole)
        for k, v in drawn.items()
    ]
    scored = [_by_both(score_cells(foretold, table))]
    scored.append(score_cells(apart, whole.sub(whole.mean(axis=1), axis=0)))
    return pd.concat(scored, ignore_index=True).assign(driver=driver, sector=sector)


def _by_both(cells: pd.DataFrame) -> pd.DataFrame:
    """Keep what both methods foretold: persistence also goes on from older figures."""
    both = cells.groupby(["origin", "horizon", "region"])["method"].transform("size") == 2
    return cells[both].reset_index(drop=True)


def _foretold(name: str, when: tuple[int, int], draws: np.ndarray, table: pd.DataFrame) -> Foretold:
    """Leave out provinces not known at the origin, which are drawn as the mean of the others."""
    known = table.loc[when[0]].notna().to_numpy()
    draws = np.where(known, draws, np.nan)
    nothing = np.full(draws.shape[1], np.nan)
    return Foretold(name, "futures", *when, np.median(draws, axis=0), draws, nothing)

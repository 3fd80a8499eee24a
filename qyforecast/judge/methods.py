"""Simple methods on any table of shares by year and region: what others would draw.

A method sees what was known and says a level for each region and horizon. A new one
is a function and an entry of `METHODS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from qyforecast.errors import DataError

#: Years over which a method looks back for a region's own pace.
WINDOW = 5
#: Years after which the United Nations' growth difference has reached its norm.
FADING = 25
#: Latest consecutive figures that the grey model takes.
GREY = 10


@dataclass(frozen=True)
class Known:
    """What a method sees, on its own scale.

    Attributes
    ----------
    years : ndarray
        Years of the rows, up to the origin, ``(Y,)``.
    level : ndarray
        Shares, or their log odds, ``(Y, P)``; missing where not known.
    """

    years: np.ndarray
    level: np.ndarray

    def last(self) -> tuple[np.ndarray, np.ndarray]:
        """Find the last figure of each region.

        Returns
        -------
        tuple of ndarray
            Place of its year, and the level, ``(P,)``; missing where there is none.
        """
        known = np.isfinite(self.level)
        place = len(self.years) - 1 - known[::-1].argmax(axis=0)
        return place, np.where(known.any(axis=0), _at(self.level, place), np.nan)

    def pace(self) -> np.ndarray:
        """Yearly change of each region over the last `WINDOW` years, or as near as is known.

        Returns
        -------
        ndarray
            ``(P,)``; missing where a region has one figure or none.
        """
        place, level = self.last()
        last = self.years[place]
        off = np.abs(self.years[:, None] - (last - WINDOW)).astype(float)
        off[~np.isfinite(self.level) | (self.years[:, None] >= last)] = np.inf
        first = off.argmin(axis=0)
        found = np.isfinite(off).any(axis=0)
        span = np.where(found, last - self.years[first], 1)
        return np.where(found, (level - _at(self.level, first)) / span, np.nan)


Levels = Callable[[Known, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Method:
    """A simple method.

    Attributes
    ----------
    name : str
        What it is called.
    log_odds : bool
        Whether it works on log odds, or on shares.
    levels : callable
        From what is known and years since each region's last figure, ``(H, P)``, to levels.
    """

    name: str
    log_odds: bool
    levels: Levels

    def foretell(self, shares: pd.DataFrame, origin: int, horizons: np.ndarray) -> np.ndarray:
        """Foretell levels on the method's scale.

        Parameters
        ----------
        shares : DataFrame
            A row for each year, a column for each region; later years are not looked at. [1]
        origin : int
            Last year known.
        horizons : ndarray
            Years ahead, ``(H,)``.

        Returns
        -------
        ndarray
            ``(H, P)``; missing where the method needs more than is known. [1 or log odds]
        """
        known = shares.loc[:origin]
        years = known.index.to_numpy(int)
        past = Known(years, self.scaled(known.to_numpy(float)))
        place, _ = past.last()
        return self.levels(past, horizons[:, None] + (origin - years[place])[None, :])

    def scaled(self, share: np.ndarray) -> np.ndarray:
        """Put shares on the method's scale.

        Parameters
        ----------
        share : ndarray
            Shares. [1]

        Returns
        -------
        ndarray
            Log odds, or the shares.
        """
        return logit(share) if self.log_odds else share

    def share(self, level: np.ndarray) -> np.ndarray:
        """Turn levels into shares; the inverse of `scaled`.

        Parameters
        ----------
        level : ndarray
            Log odds, or shares.

        Returns
        -------
        ndarray
            Shares; a straight line of shares may leave 0 to 1, and is scored as it is. [1]
        """
        return expit(level) if self.log_odds else level


def check_shares(shares: pd.DataFrame) -> None:
    """Refuse a table of shares that is not one.

    Parameters
    ----------
    shares : DataFrame
        A row for each year, a column for each region. [1]

    Raises
    ------
    DataError
        Names the first cell outside 0 to 1, or years that repeat or are out of order.
    """
    years = shares.index.to_numpy(int)
    if (np.diff(years) <= 0).any():
        raise DataError(
            "years of a panel repeat or are out of order",
            found=str(int(years[1:][np.diff(years) <= 0][0])),
        )
    values = shares.to_numpy(float)
    bad = np.argwhere((values <= 0) | (values >= 1))
    if len(bad):
        row, column = bad[0]
        raise DataError(
            "a share of the panel is not between 0 and 1",
            where=f"{shares.columns[column]}, {years[row]}",
            found=f"{values[row, column]:g}",
            cure="shares are fractions: divide percentages by 100",
        )


def _at(table: np.ndarray, place: np.ndarray) -> np.ndarray:
    return np.take_along_axis(table, place[None, :], axis=0)[0]


def _persistence(known: Known, ahead: np.ndarray) -> np.ndarray:
    return known.last()[1] + 0.0 * ahead


def _straight(known: Known, ahead: np.ndarray) -> np.ndarray:
    return known.last()[1] + known.pace() * ahead


def _half_way(known: Known, ahead: np.ndarray) -> np.ndarray:
    """Go half way from a region's own pace to the mean pace."""
    own = known.pace()
    seen = own[np.isfinite(own)]
    pooled = seen.mean() if len(seen) else np.nan
    return known.last()[1] + (own + pooled) / 2 * ahead


def _to_norm(known: Known, ahead: np.ndarray) -> np.ndarray:
    """Let the own pace go over to the norm of the level along a line of 25 years.

    The norm is a regression of paces on shares over all regions and years known.
    """
    _, level = known.last()
    own = known.pace()
    slope, intercept = _norm(known)
    norm = intercept + slope * expit(level)
    steps = np.arange(1, int(ahead.max()) + 1)
    weight = np.cumsum(np.minimum(steps / FADING, 1.0))
    faded = np.concatenate([[0.0], weight])[ahead]
    return level + own * (ahead - faded) + norm * faded


def _norm(known: Known) -> tuple[float, float]:
    """Slope and intercept of paces on shares over all spells of `WINDOW` years known."""
    later = np.searchsorted(known.years, known.years + WINDOW)
    kept = np.flatnonzero(later < len(known.years))
    kept = kept[known.years[later[kept]] == known.years[kept] + WINDOW]
    start = known.level[kept]
    pace = (known.level[later[kept]] - start) / WINDOW
    seen = np.isfinite(pace)
    if seen.sum() < 3:
        return np.nan, np.nan
    slope, intercept = np.polyfit(expit(start[seen]), pace[seen], 1)
    return float(slope), float(intercept)


def _grey(known: Known, ahead: np.ndarray) -> np.ndarray:
    """Grey model GM(1,1) of the latest consecutive figures, at most `GREY`, at least four."""
    place, _ = known.last()
    out = np.full(ahead.shape, np.nan)
    for region, last in enumerate(place):
        series = _latest_run(known, region, int(last))
        if len(series) < 4:
            continue
        total = np.cumsum(series)
        middle = (total[1:] + total[:-1]) / 2
        rate, level = np.polyfit(middle, series[1:], 1)  # x(k) = -a z(k) + b
        time = len(series) - 1 + ahead[:, region]
        # The sum grows by rate and level; a year's figure is its difference.
        if abs(rate) < 1e-9:
            out[:, region] = level
            continue
        start = series[0] + level / rate
        out[:, region] = start * (1 - np.exp(-rate)) * np.exp(rate * time)
    return out


def _latest_run(known: Known, region: int, last: int) -> np.ndarray:
    first = last
    while (
        first > max(0, last - GREY + 1)
        and known.years[first] - known.years[first - 1] == 1
        and np.isfinite(known.level[first - 1, region])
    ):
        first -= 1
    series = known.level[first : last + 1, region]
    return series[np.isfinite(series)]


METHODS = (
    Method("persistence", True, _persistence),
    Method("linear in points", False, _straight),
    Method("constant growth difference", True, _straight),
    Method("UN growth difference to norm", True, _to_norm),
    Method("half-way shrink", True, _half_way),
    Method("grey model GM(1,1)", False, _grey),
)

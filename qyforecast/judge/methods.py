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
from qyforecast.judge.known import WINDOW, Known
from qyforecast.judge.time_series import autoregression, damped_trend

#: Years after which the United Nations' growth difference has reached its norm.
FADING = 25
#: Latest consecutive figures that the grey model takes.
GREY = 10


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
    by_income : bool
        Whether it needs real income per person.
    """

    name: str
    log_odds: bool
    levels: Levels
    by_income: bool = False

    def foretell(
        self,
        shares: pd.DataFrame,
        origin: int,
        horizons: np.ndarray,
        income: pd.DataFrame | None = None,
    ) -> np.ndarray:
        """Foretell levels on the method's scale.

        Parameters
        ----------
        shares : DataFrame
            A row for each year, a column for each region; later years are not looked at. [1]
        origin : int
            Last year known.
        horizons : ndarray
            Years ahead, ``(H,)``.
        income : DataFrame, optional
            Real income per person of the same regions, to any base; later years are not
            looked at.

        Returns
        -------
        ndarray
            ``(H, P)``; missing where the method needs more than is known. [1 or log odds]
        """
        known = shares.loc[:origin]
        years = known.index.to_numpy(int)
        rich = None
        if income is not None:
            rich = np.log(income.reindex(known.index)[known.columns].to_numpy(float))
        past = Known(years, self.scaled(known.to_numpy(float)), rich)
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


def _by_income(known: Known, ahead: np.ndarray) -> np.ndarray:
    """Let income go on at its own pace, and the level follow it.

    The response is a regression of levels on log income over all regions and years known,
    each region with its own constant and more than `WINDOW` years; the last residual stays.
    """
    if known.income is None:
        return np.full(ahead.shape, np.nan)
    both = np.isfinite(known.income) & np.isfinite(known.level)
    both &= both.sum(axis=0) > WINDOW
    rich, level = (
        np.where(both, values, 0.0)
        - np.where(both, values, 0.0).sum(0) / np.maximum(both.sum(0), 1)
        for values in (known.income, known.level)
    )
    spread = (both * rich**2).sum()
    slope = (both * rich * level).sum() / spread if spread > 0 else np.nan
    pace = Known(known.years, known.income).pace()
    return known.last()[1] + slope * pace * ahead


def _or_straight(method: Levels) -> Levels:
    """Go on at the own pace where a method has too few figures."""

    def levels(known: Known, ahead: np.ndarray) -> np.ndarray:
        found = method(known, ahead)
        return np.where(np.isfinite(found), found, _straight(known, ahead))

    return levels


METHODS = (
    Method("persistence", True, _persistence),
    Method("linear in points", False, _straight),
    Method("constant growth difference", True, _straight),
    Method("UN growth difference to norm", True, _to_norm),
    Method("half-way shrink", True, _half_way),
    Method("grey model GM(1,1)", False, _grey),
    Method("ETS, damped trend", True, _or_straight(damped_trend)),
    Method("ARIMA(p,1,0) with drift", True, _or_straight(autoregression)),
    Method("log-income regression", True, _by_income, by_income=True),
)

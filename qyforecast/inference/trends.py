"""Local trends of sector shares: learnt from the provinces, walked forward by any place.

Shares enter as log ratios to the primary sector, so that they sum to one. The
drift of a place over the next years is regressed, across provinces, on its
drift over the years before; about that it walks. Drifts and yearly steps of
the four ratios (secondary and tertiary, of employment and of value added) are
correlated as they were seen to be, and so are the steps of different places.
What all places' drift does from one spell to the next, no comparison of places
shows: that the nation may turn is learnt from how it turned, and from how much
places differ.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.census.panel import DRIVERS
from qyforecast.errors import DataError

#: Years of drift that are looked back on and ahead, at most.
SPAN = 20
#: Observations that places' own spread counts for in how much the nation may turn: as many as
#: there are ratios whose turn is seen once.
AS_PLACES = 4


@dataclass(frozen=True)
class Trends:
    """What the provinces teach of drifts and yearly steps; K log ratios.

    Attributes
    ----------
    intercept, slope : ndarray
        Of a place's drift on its drift before, ``(D, K)``. [1 / year; 1]
    spread : ndarray
        Standard deviation of places' own lasting drifts about the line, ``(D, K)``. [1 / year]
    turn : ndarray
        Standard deviation of what all places' drifts do together, ``(D,)``. [1 / year]
    drift_correlation, step_correlation : ndarray
        Of the ratios' drifts and yearly steps, ``(K, K)``. [1]
    step : ndarray
        Standard deviation of one year's own change, ``(K,)``. [1]
    common : float
        Share of the variance of yearly steps that places have in common. [1]
    """

    intercept: np.ndarray
    slope: np.ndarray
    spread: np.ndarray
    turn: np.ndarray
    drift_correlation: np.ndarray
    step_correlation: np.ndarray
    step: np.ndarray
    common: float

    def walk(self, past: np.ndarray, years: int, rng: np.random.Generator) -> np.ndarray:
        """Walk places forward together.

        Parameters
        ----------
        past : ndarray
            Yearly drift of each place before, ``(place, K)``. [1 / year]
        years : int
            Number of years.
        rng : Generator
            Random numbers.

        Returns
        -------
        ndarray
            Cumulated change of the log ratios, ``(D, years, place, K)``.
        """
        draws, places = len(self.slope), len(past)
        mean = self.intercept[:, None] + self.slope[:, None] * past
        root = np.linalg.cholesky(self.drift_correlation)
        apart, together = self._normal(rng, draws, places), self._normal(rng, draws, 1)
        mean += self.spread[:, None] * (apart @ root.T)
        mean += self.turn[:, None, None] * (together @ root.T)
        root = np.linalg.cholesky(self.step_correlation)
        apart, together = (self._normal(rng, draws * years, count) for count in (places, 1))
        steps = np.sqrt(self.common) * together + np.sqrt(1 - self.common) * apart
        steps = steps @ root.T
        steps = self.step * steps.reshape(draws, years, places, -1) + mean[:, None]
        return np.cumsum(steps, axis=1)

    def _normal(self, rng: np.random.Generator, count: int, places: int) -> np.ndarray:
        return rng.standard_normal((count, places, len(self.step)))


def log_ratios(shares: np.ndarray) -> np.ndarray:
    """Log ratios of the secondary and tertiary to the primary share.

    Parameters
    ----------
    shares : ndarray
        Sectors last, in the order of `SECTORS`. [1]

    Returns
    -------
    ndarray
        One fewer along the last axis.
    """
    # A district without farms still has a garden or two: a tenth of a per cent.
    return np.log(np.maximum(shares[..., 1:], 1e-3)) - np.log(np.maximum(shares[..., :1], 1e-3))


def shares_of(ratios: np.ndarray) -> np.ndarray:
    """Shares from log ratios; the inverse of `log_ratios`.

    Parameters
    ----------
    ratios : ndarray
        Log ratios last.

    Returns
    -------
    ndarray
        Shares that sum to one along the last axis. [1]

    Examples
    --------
    >>> shares_of(log_ratios(np.array([0.5, 0.25, 0.25]))).round(12)
    array([0.5 , 0.25, 0.25])
    """
    weights = np.exp(np.concatenate([np.zeros_like(ratios[..., :1]), ratios], axis=-1))
    return weights / weights.sum(axis=-1, keepdims=True)


def province_ratios(provinces: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Log ratios of every province, employment before value added.

    Parameters
    ----------
    provinces : Dataset
        ``employment`` and ``value_added``, ``(year, province, sector)``. [1]

    Returns
    -------
    tuple of ndarray
        Years in which most provinces are known, ``(Y,)``, and ratios then,
        ``(Y, P, 4)``; missing where not known.

    Raises
    ------
    DataError
        If fewer than ten years are known.
    """
    tables = [provinces[name].transpose("year", "province", "sector").values for name in DRIVERS]
    ratios = np.concatenate([log_ratios(table) for table in tables], axis=-1)
    known = np.isfinite(ratios).all(axis=-1).mean(axis=1) > 0.5
    years = provinces["year"].values[known]
    if len(years) < 10:
        raise DataError(
            "too few years of employment and value added to learn drifts from",
            found=f"{len(years)} years known of most provinces, at least 10 are needed",
        )
    return years, ratios[known]


def learn_trends(provinces: xr.Dataset, draws: int, rng: np.random.Generator) -> Trends:
    """Regress the provinces' latest drifts on those before.

    Parameters
    ----------
    provinces : Dataset
        ``employment`` and ``value_added``, ``(year, province, sector)``. [1]
    draws : int
        Number of draws.
    rng : Generator
        Random numbers.

    Returns
    -------
    Trends
        Predictive draws.

    Raises
    ------
    DataError
        If fewer than five provinces are known over two spans.

    References
    ----------
    Gelman et al., *Bayesian Data Analysis* (3rd ed.), section 14.2, for the regression.
    """
    years, ratios = province_ratios(provinces)
    last = len(years) - 1
    first = max(0, last - SPAN)
    middle = (first + last) // 2
    before = (ratios[middle] - ratios[first]) / (years[middle] - years[first])
    after = (ratios[last] - ratios[middle]) / (years[last] - years[middle])
    whole = np.isfinite(before + after).all(axis=-1)
    if whole.sum() < 5:
        raise DataError(
            "too few provinces with two decades of sector shares to learn drifts from",
            found=f"{int(whole.sum())} between {years[first]} and {years[last]}, 5 are needed",
        )
    steps = np.diff(ratios, axis=0)
    step, step_correlation, common = _steps(steps)
    # Of the years' own changes only what places do not share scatters them.
    noise = (1 - common) * step**2 / (years[last] - years[middle])
    lines = [
        predict_drift(before[whole, k], after[whole, k], noise[k], draws, rng)
        for k in range(len(step))
    ]
    intercept, slope, spread = (np.hstack(parts) for parts in zip(*lines, strict=True))
    off = after[whole] - intercept.mean(axis=0) - slope.mean(axis=0) * before[whole]
    seen = (after[whole].mean(axis=0) - before[whole].mean(axis=0)) ** 2
    lengths = 1 / (years[middle] - years[first]) + 1 / (years[last] - years[middle])
    seen -= common * step**2 * lengths
    turn = draw_turn(seen, spread, rng)
    return Trends(intercept, slope, spread, turn, _correlation(off), step_correlation, step, common)


def draw_turn(seen: np.ndarray, spread: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw how much the drift of all places may turn from one spell to the next.

    Parameters
    ----------
    seen : ndarray
        Squared turn of each ratio between two spells, less what the years' common steps
        give it, ``(K,)``. [1 / year^2]
    spread : ndarray
        Standard deviation of places' own lasting drifts, ``(D, K)``. [1 / year]
    rng : Generator
        Random numbers.

    Returns
    -------
    ndarray
        Standard deviation of a turn, ``(D,)``. [1 / year]

    References
    ----------
    Gelman et al., *Bayesian Data Analysis* (3rd ed.), section 2.6: a normal variance under
    a scaled inverse chi-squared prior.
    """
    freedom = AS_PLACES + len(seen)
    total = AS_PLACES * (spread**2).mean(axis=1) + max(0.0, float(seen.sum()))
    return np.sqrt(total / rng.chisquare(freedom, len(spread)))


def _steps(steps: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Spread, correlation and common part of yearly steps, ``(Y, P, K)``.

    By ranks and medians, so that rebased years do not set them.
    """
    about = steps - np.nanmean(steps, axis=0)
    spread = 1.4826 * np.nanmedian(np.abs(about), axis=(0, 1))
    scaled = np.clip(about / spread, -3, 3)
    flat = scaled.reshape(-1, scaled.shape[-1])
    together = np.nanvar(np.nanmean(scaled, axis=1), axis=0) / np.nanvar(flat, axis=0)
    known = flat[np.isfinite(flat).all(axis=1)]
    return spread, _correlation(known), float(np.clip(together.mean(), 0.0, 0.95))


def _correlation(values: np.ndarray) -> np.ndarray:
    """Correlation of columns, shrunk a tenth of the way to none so that it has a root."""
    found = np.corrcoef(values, rowvar=False)
    return 0.9 * found + 0.1 * np.eye(len(found))


def predict_drift(
    x: np.ndarray, y: np.ndarray, noise: float, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior draws of a normal regression under the reference prior.

    Parameters
    ----------
    x, y : ndarray
        Drifts of the decade before and of the decade after, by place.
    noise : float
        Variance that the years' own changes give a decade's mean: it is in
        the residuals of `y`, and is taken out of the spread of lasting drifts,
        because the walk adds it again.
    draws : int
        Number of draws.
    rng : Generator
        Random numbers.

    Returns
    -------
    tuple of ndarray
        Intercept, slope and standard deviation of lasting drifts, ``(D, 1)``.

    References
    ----------
    Gelman et al., *Bayesian Data Analysis* (3rd ed.), section 14.2.
    """
    design = np.column_stack([np.ones_like(x), x])
    gram = np.linalg.inv(design.T @ design)
    centre = gram @ design.T @ y
    freedom = len(x) - 2
    square = float(((y - design @ centre) ** 2).sum())
    variance = square / rng.chisquare(freedom, draws)
    root = np.linalg.cholesky(gram)
    slopes = centre + np.sqrt(variance)[:, None] * (rng.standard_normal((draws, 2)) @ root.T)
    lasting = max(0.0, 1 - noise * freedom / square)
    return slopes[:, :1], slopes[:, 1:], np.sqrt(lasting * variance)[:, None]

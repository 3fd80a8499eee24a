"""Exponential smoothing and autoregression of log odds, all regions of a like series at once.

Written on arrays because past errors ask for a fit at every origin and region: thousands,
at a tenth of a second each by maximum likelihood. statsmodels is the oracle of their tests:
its smoother gives these forecasts at the same parameters, its `AutoReg` at the same order.
"""

from collections.abc import Iterator

import numpy as np

from qyforecast.judge.known import Known

#: Fewest equally spaced figures to which a series is fitted; most that are looked at.
FEWEST, LONGEST = 8, 40
#: Weights tried of a new error in level and trend, and dampings of the trend, as
#: statsmodels bounds them.
LEVEL = (0.1, 0.3, 0.5, 0.7, 0.9, 0.999)
TREND = (0.0, 0.1, 0.2, 0.4, 0.7, 0.999)
DAMPING = (0.8, 0.85, 0.9, 0.95, 0.98)
#: Highest order tried of the autoregression of differences.
ORDER = 2


def equal_runs(known: Known) -> Iterator[tuple[float, np.ndarray, np.ndarray]]:
    """Find each region's latest run of equally spaced figures.

    Parameters
    ----------
    known : Known
        What is known.

    Yields
    ------
    tuple
        Years between two figures, the figures ``(T, R)``, at least `FEWEST`, and the places
        of the regions that have them in those years, ``(R,)``.
    """
    alike: dict[tuple[int, ...], list[int]] = {}
    for region, finite in enumerate(np.isfinite(known.level).T):
        rows = np.flatnonzero(finite)[-LONGEST:]
        gaps = np.diff(known.years[rows])
        if len(gaps) >= FEWEST - 1:
            unlike = np.flatnonzero(gaps != gaps[-1])
            rows = rows[unlike[-1] + 1 :] if len(unlike) else rows
            if len(rows) >= FEWEST:
                alike.setdefault(tuple(rows.tolist()), []).append(region)
    for rows, regions in alike.items():
        step = float(known.years[rows[1]] - known.years[rows[0]])
        yield step, known.level[np.ix_(rows, regions)], np.array(regions)


def damped_trend(known: Known, ahead: np.ndarray) -> np.ndarray:
    """Smooth by level and damped trend with additive errors, ETS(A,Ad,N).

    Of the weights tried each region has those of the smallest sum of squared one-step
    errors, from its first figure and the mean change of its first four steps.

    Parameters
    ----------
    known : Known
        What is known.
    ahead : ndarray
        Years since each region's last figure, ``(H, P)``.

    Returns
    -------
    ndarray
        Levels, ``(H, P)``; missing where a region has fewer than `FEWEST` figures.

    References
    ----------
    Hyndman, Koehler, Ord and Snyder (2008), *Forecasting with Exponential Smoothing*,
    table 2.1.
    """
    out = np.full(ahead.shape, np.nan)
    tried = np.stack(np.meshgrid(LEVEL, TREND, DAMPING, indexing="ij")).reshape(3, -1, 1)
    for step, series, regions in equal_runs(known):
        level, trend, squares = smooth(series, tried)
        best = squares.argmin(axis=0), np.arange(len(regions))
        damping = tried[2, best[0], 0]
        steps = ahead[:, regions] / step
        run = damping * (1 - damping**steps) / (1 - damping)
        out[:, regions] = level[best] + run * trend[best]
    return out


def smooth(series: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run the damped-trend smoother through a series.

    Parameters
    ----------
    series : ndarray
        ``(T, R)``, at least five figures.
    weights : ndarray
        Of an error in the level, of a change of level in the trend, and the damping,
        ``(3, W, 1)``. [1]

    Returns
    -------
    tuple of ndarray
        Last level, last trend per step, and sum of squared one-step errors, ``(W, R)``.
    """
    of_level, of_trend, damping = weights
    level = np.broadcast_to(series[0], (weights.shape[1], series.shape[1]))
    trend = np.broadcast_to((series[4] - series[0]) / 4, level.shape)
    squares = np.zeros(level.shape)
    for figure in series[1:]:
        expected = level + damping * trend
        error = figure - expected
        squares = squares + error**2
        level = expected + of_level * error
        trend = damping * trend + of_level * of_trend * error
    return level, trend, squares


def autoregression(known: Known, ahead: np.ndarray) -> np.ndarray:
    """Carry differences on by an autoregression with a constant, ARIMA(p,1,0) with drift.

    Conditional least squares; of the stationary orders up to `ORDER` the one with the
    smallest corrected Akaike criterion over the same figures.

    Parameters
    ----------
    known : Known
        What is known.
    ahead : ndarray
        Years since each region's last figure, ``(H, P)``.

    Returns
    -------
    ndarray
        Levels, ``(H, P)``, between two steps along a line; missing where a region has
        fewer than `FEWEST` figures.

    References
    ----------
    Brockwell and Davis (2016), *Introduction to Time Series and Forecasting*, ch. 5-6.
    """
    out = np.full(ahead.shape, np.nan)
    for step, series, regions in equal_runs(known):
        change = np.diff(series, axis=0).T
        constant, lags = best_order(change)
        steps = ahead[:, regions] / step
        recent, path = change[:, ::-1][:, :ORDER], [series[-1]]
        for _ in range(int(np.ceil(steps.max()))):
            following = constant + (lags * recent).sum(axis=1)
            path.append(path[-1] + following)
            recent = np.column_stack([following, recent[:, :-1]])
        whole = np.arange(len(path))
        columns = zip(steps.T, np.array(path).T, strict=True)
        out[:, regions] = np.column_stack([np.interp(at, whole, way) for at, way in columns])
    return out


def best_order(change: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fit autoregressions of each order, and keep the best of each series.

    Parameters
    ----------
    change : ndarray
        Series of differences, ``(R, T)``.

    Returns
    -------
    tuple of ndarray
        Constant, ``(R,)``, and weights of the last differences, the newest first,
        ``(R, ORDER)``; zero beyond the order chosen.
    """
    came = change[:, ORDER:]
    count = came.shape[1]
    lagged = [change[:, ORDER - lag : change.shape[1] - lag] for lag in range(1, ORDER + 1)]
    fits = []
    for order in range(ORDER + 1):
        terms = np.stack([np.ones_like(came), *lagged[:order]], axis=-1)
        found = np.einsum("rkt,rt->rk", np.linalg.pinv(terms), came)
        squares = ((came - np.einsum("rtk,rk->rt", terms, found)) ** 2).mean(axis=1)
        size = order + 2
        left = count - size - 1
        fine = 2 * size * count / left if left > 0 else np.inf
        criterion = count * np.log(squares + 1e-12) + fine
        coefficients = np.pad(found, ((0, 0), (0, ORDER - order)))
        fits.append((np.where(_stationary(coefficients[:, 1:]), criterion, np.inf), coefficients))
    chosen = np.argmin([criterion for criterion, _ in fits], axis=0)
    best = np.stack([one for _, one in fits])[chosen, np.arange(len(change))]
    return best[:, 0], best[:, 1:]


def _stationary(lags: np.ndarray) -> np.ndarray:
    """Tell whether an autoregression of order two or less dies out (the triangle), ``(R,)``."""
    first, second = lags.T
    return (np.abs(second) < 1) & (np.abs(first) < 1 - second)

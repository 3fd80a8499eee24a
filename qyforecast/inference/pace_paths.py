"""Compiled: paths of level and pace given parameters and figures, a region at a time.

Forward a Kalman filter, backward a draw: each figure and each later state is one scalar
that is heard, so that no matrix is inverted.
"""

import numba as nb
import numpy as np

#: Smallest variance; keeps rounding from making one negative.
TINY = 1e-16


@nb.njit(cache=True)
def _hear(state: np.ndarray, by_level: float, by_pace: float, gap: float, noise: float) -> None:
    """Learn from ``by_level * level + by_pace * pace + noise``; `gap` is what it said more."""
    with_level = state[2] * by_level + state[4] * by_pace
    with_pace = state[4] * by_level + state[3] * by_pace
    total = by_level * with_level + by_pace * with_pace + noise
    state[0] += with_level * gap / total
    state[1] += with_pace * gap / total
    state[2] = max(state[2] - with_level * with_level / total, TINY)
    state[3] = max(state[3] - with_pace * with_pace / total, TINY)
    state[4] -= with_level * with_pace / total


@nb.njit(cache=True)
def _step(
    before: np.ndarray, state: np.ndarray, push: np.ndarray, keep: float, convergence: float
) -> None:
    """Foretell the state of the next year."""
    y, g, yy, gg, yg = before
    pushed, pace_noise, shift, level_noise = push
    g_next = keep * g - convergence * y + pushed
    gg_next = keep**2 * gg - 2 * keep * convergence * yg + convergence**2 * yy + pace_noise
    with_y = keep * yg - convergence * yy
    state[0], state[1] = y + g_next + shift, g_next
    state[2] = yy + 2 * with_y + gg_next + level_noise
    state[3], state[4] = gg_next, with_y + gg_next


@nb.njit(cache=True)
def draw_paths(
    figures: np.ndarray,
    push: np.ndarray,
    start: np.ndarray,
    turn: np.ndarray,
    normals: np.ndarray,
) -> np.ndarray:
    """Draw levels and paces of all years from their joint distribution.

    The pace of year t is ``keep * pace(t-1) - convergence * level(t-1)``, a push and a
    shock; the level of year t is that of the year before, the pace of year t, a shift and
    a shock.

    Parameters
    ----------
    figures : ndarray
        Published level and variance of its error, ``(P, T, 2)``; missing where there is none.
    push : ndarray
        Push of the pace and variance of its shock, shift of the level and variance of its
        shock, ``(P, T, 4)``.
    start : ndarray
        Place of a region's first figure, mean and variance of its pace then, ``(P, 3)``.
    turn : ndarray
        ``keep, convergence``.
    normals : ndarray
        Standard normal numbers, ``(P, T, 2)``.

    Returns
    -------
    ndarray
        Level and pace, ``(P, T, 2)``; 0 before a region's first figure.

    References
    ----------
    Carter and Kohn (1994), *Biometrika* 81, 541-553.
    """
    keep, convergence = turn
    places, years = figures.shape[0], figures.shape[1]
    out = np.zeros((places, years, 2))
    known = np.zeros((years, 5))  # means of level and pace, variances, covariance
    for p in range(places):
        first = int(start[p, 0])
        state = known[first]
        state[:] = (figures[p, first, 0], start[p, 1], figures[p, first, 1], start[p, 2], 0.0)
        for t in range(first + 1, years):
            state = known[t]
            _step(known[t - 1], state, push[p, t], keep, convergence)
            if not np.isnan(figures[p, t, 0]):
                _hear(state, 1.0, 0.0, figures[p, t, 0] - state[0], figures[p, t, 1])
        for t in range(years - 1, first - 1, -1):
            state = known[t]
            if t < years - 1:
                pushed, pace_noise, shift, level_noise = push[p, t + 1]
                y_next, g_next = out[p, t + 1]
                _hear(state, 1.0, 0.0, y_next - g_next - shift - state[0], level_noise)
                gap = g_next - pushed - keep * state[1] + convergence * state[0]
                _hear(state, -convergence, keep, gap, pace_noise)
            root = np.sqrt(state[2])
            tied = state[4] / root
            left = np.sqrt(max(state[3] - tied * tied, TINY))
            out[p, t, 0] = state[0] + root * normals[p, t, 0]
            out[p, t, 1] = state[1] + tied * normals[p, t, 0] + left * normals[p, t, 1]
    return out

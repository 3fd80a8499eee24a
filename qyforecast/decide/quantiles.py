"""Quantiles along draws: sorted once, read off as often as wanted."""

from collections.abc import Sequence

import numpy as np

from qyforecast.errors import DataError

#: Series sorted at a time: some megabytes, whatever the number of series.
BLOCK = 512


def draw_quantiles(values: np.ndarray, probabilities: Sequence[float]) -> np.ndarray:
    """Take quantiles along the first axis.

    Between order statistics the quantile is linear (definition 7 of Hyndman and Fan,
    the default of `numpy.quantile`). Values are sorted in the precision they have;
    float32 is sorted faster, and is enough for persons by age group.

    Parameters
    ----------
    values : ndarray
        ``(draw, ...)``.
    probabilities : sequence of float
        Each in 0 to 1.

    Returns
    -------
    ndarray of float64
        ``(probability, ...)``, units of `values`.

    Raises
    ------
    DataError
        If a value is missing or infinite.

    References
    ----------
    Hyndman and Fan (1996), Sample quantiles in statistical packages, *The American
    Statistician* 50.

    Examples
    --------
    >>> draw_quantiles(np.array([[3.0], [1.0], [2.0]]), [0, 0.25, 1]).ravel().tolist()
    [1.0, 1.5, 3.0]
    """
    series = values.reshape(len(values), -1)
    at = np.asarray(probabilities, dtype=float) * (len(values) - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(values) - 1)
    found = np.empty((len(at), series.shape[1]))
    for start in range(0, series.shape[1], BLOCK):
        block = np.sort(np.ascontiguousarray(series[:, start : start + BLOCK].T), axis=1)
        # Missing values sort to the end, infinite ones to either.
        if not np.isfinite(block[:, [0, -1]]).all():
            raise DataError("a quantile was asked of draws that are missing or infinite")
        below, above = block[:, low].astype(float), block[:, high].astype(float)
        found[:, start : start + BLOCK] = (below + (above - below) * (at - low)).T
    return found.reshape(len(at), *values.shape[1:])

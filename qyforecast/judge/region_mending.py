"""The spread of a forecast learnt from where earlier outcomes lay in earlier forecasts."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from qyforecast.judge.past_errors import LEAST
from qyforecast.judge.refits import Refit, Task
from qyforecast.judge.scores import pit

#: What follows the name of a rival whose spread is mended.
MENDED = ", recalibrated"


def past_places(
    refits: Mapping[Task, Refit], shares: pd.DataFrame, horizons: Sequence[int], rival: str
) -> dict[tuple[int, int], np.ndarray]:
    """Find where what came lay in what was foretold.

    Parameters
    ----------
    refits : mapping
        Origin and rival to what was foretold.
    shares : DataFrame
        What came. [1]
    horizons : sequence of int
        Years ahead, in the order of the refits.
    rival : str
        Name.

    Returns
    -------
    dict
        Origin and horizon to probability integral transforms of the regions known. [1]
    """
    found = {}
    for (origin, name), refit in refits.items():
        for place, horizon in enumerate(horizons):
            if name != rival or origin + horizon not in shares.index:
                continue
            came = shares.loc[origin + horizon].to_numpy(float)
            draws = refit.draws[:, place].astype(float)
            known = np.isfinite(came) & np.isfinite(draws).all(axis=0)
            found[origin, horizon] = pit(draws[:, known], came[known])
    return found


def known_places(
    places: Mapping[tuple[int, int], np.ndarray], origin: int, horizon: int
) -> np.ndarray:
    """Pool the places known at an origin, of the horizon or the longest shorter one.

    Parameters
    ----------
    places : mapping
        From `past_places`.
    origin, horizon : int
        When it is foretold, and how far.

    Returns
    -------
    ndarray
        Empty where there are fewer than `LEAST`.
    """
    for shorter in sorted({h for _, h in places if h <= horizon}, reverse=True):
        parts = [p for (at, h), p in places.items() if h == shorter and at + h <= origin]
        if sum(map(len, parts)) >= LEAST:
            return np.concatenate(parts)
    return np.empty(0)


def mend(draws: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Take the quantiles of a forecast at which outcomes lay, either side alike.

    Width and tails are learnt, not a shift: one or two past decades tell too little of that.

    Parameters
    ----------
    draws : ndarray
        ``(D, P)``. [1]
    places : ndarray
        Past probability integral transforms; none leaves the draws as they are. [1]

    Returns
    -------
    ndarray
        ``(D, P)``. [1]

    References
    ----------
    Kuleshov, Fenner and Ermon (2018), *Accurate uncertainties for deep learning using
    calibrated regression*, ICML.
    """
    if not len(places):
        return draws
    both = np.concatenate([places, 1 - places])
    even = (np.arange(len(draws)) + 0.5) / len(draws)
    return np.quantile(draws, np.quantile(both, even), axis=0)

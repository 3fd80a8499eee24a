"""Ways to mend a forecast by its past errors, on plain arrays.

An error is measured in spreads of its own forecast on the log odds, so errors of one horizon
can stand in for those of a longer one, of which no outcome was known yet.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, logit

from qyforecast.judge.scores import crps_ensemble, pit

#: Factors of the spread that are tried.
FACTORS = np.geomspace(0.4, 2.5, 43)
#: Normal quantiles 16 and 84 % are one spread from the middle.
_MIDDLE, _ONE = 0.5, (0.1587, 0.8413)


@dataclass(frozen=True)
class Past:
    """Past forecasts of which the outcome is known, in spreads of their own.

    Attributes
    ----------
    draws : ndarray
        Deviations from the median, ``(D, n)``. [spread]
    error : ndarray
        What came less the median, ``(n,)``. [spread]
    spread : ndarray
        Of each forecast, ``(n,)``. [log odds]
    """

    draws: np.ndarray
    error: np.ndarray
    spread: np.ndarray


Mend = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Affine:
    """Deviations moved and stretched alike.

    Attributes
    ----------
    shift : float
        What is added. [spread]
    factor : float
        What deviations are multiplied with. [1]
    """

    shift: float
    factor: float

    def __call__(self, deviations: np.ndarray) -> np.ndarray:
        """Mend deviations from the median. [spread]"""
        return self.shift + self.factor * deviations


def middle_and_spread(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find median and spread of draws; half the distance of the 16 and 84 % quantiles.

    Parameters
    ----------
    draws : ndarray
        ``(D, n)``. [log odds]

    Returns
    -------
    tuple of ndarray
        Each ``(n,)``. [log odds]
    """
    middle, low, high = np.quantile(draws, [_MIDDLE, *_ONE], axis=0)
    return middle, (high - low) / 2


def rescale(past: Past) -> Affine:
    """Widen or narrow by the factor under which past forecasts had the smallest CRPS.

    Parameters
    ----------
    past : Past
        Known errors.

    Returns
    -------
    Affine
        Without a shift.
    """
    # Half the mean distance between draws grows with the factor; only the other part is anew.
    within = np.abs(past.draws).mean(axis=0) - crps_ensemble(past.draws, 0 * past.error)
    scores = [
        (
            past.spread * (np.abs(factor * past.draws - past.error).mean(axis=0) - factor * within)
        ).mean()
        for factor in FACTORS
    ]
    return Affine(0.0, float(FACTORS[int(np.argmin(scores))]))


def shift_and_rescale(past: Past) -> Affine:
    """Move by the median past error, then widen or narrow.

    Parameters
    ----------
    past : Past
        Known errors.

    Returns
    -------
    Affine
        Shift and factor.
    """
    shift = float(np.median(past.error))
    return replace(rescale(replace(past, error=past.error - shift)), shift=shift)


def conform(past: Past) -> Mend:
    """Take the quantiles of the forecast at which past outcomes lay.

    Parameters
    ----------
    past : Past
        Known errors.

    Returns
    -------
    callable
        From deviations to one draw for each past outcome.

    References
    ----------
    Kuleshov, Fenner and Ermon (2018), *Accurate uncertainties for deep learning using
    calibrated regression*, ICML; Chernozhukov, Wüthrich and Zhu (2021), *PNAS* 118, for
    distributional conformal prediction.
    """
    places = np.sort(pit(past.draws, past.error))
    return lambda deviations: np.quantile(deviations, places, axis=0)


#: What a forecast's own draws can be mended by: each draw keeps its rank.
AFFINE: Mapping[str, Callable[[Past], Affine]] = {
    "rescaled": rescale,
    "shifted and rescaled": shift_and_rescale,
}
MENDS: Mapping[str, Callable[[Past], Mend]] = {**AFFINE, "conformal": conform}


def mended(draws: np.ndarray, mend: Mend) -> np.ndarray:
    """Mend draws of shares.

    Parameters
    ----------
    draws : ndarray
        ``(D, n)``. [1]
    mend : callable
        From deviations from the median to others. [spread]

    Returns
    -------
    ndarray
        Shares. [1]
    """
    levels = logit(draws)
    middle, spread = middle_and_spread(levels)
    return expit(middle + spread * mend((levels - middle) / spread))

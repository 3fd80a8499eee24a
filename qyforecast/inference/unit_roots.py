"""Do levels wander, and do drivers wander with them: unit roots and cointegration."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.tsa.stattools import adfuller, coint, kpss

from qyforecast.inference.design import Design, driver_names
from qyforecast.inference.spec import ModelSpec

#: Fewest years of a series that a test is given.
FEWEST = 15


def unit_root_tests(spec: ModelSpec, design: Design) -> pd.DataFrame:
    """Test the national pace, the provinces' levels and their drivers for unit roots.

    Parameters
    ----------
    spec : ModelSpec
        Names the drivers.
    design : Design
        Yearly series of provinces, less the mean place's.

    Returns
    -------
    DataFrame
        ``test, series, statistic, p, series_tested, says``. Over provinces, p values of
        one test are joined by Fisher's method, which takes provinces as independent; KPSS
        gives the share of provinces that it rejects at 5 %.

    References
    ----------
    Dickey and Fuller (1979); Kwiatkowski et al. (1992); Maddala and Wu (1999) for the
    pooling; Engle and Granger (1987) for cointegration.
    """
    seen = design.valid > 0
    known = seen.sum(axis=1) > 0
    pace = (design.change * seen).sum(axis=1)[known] / seen.sum(axis=1)[known]
    rows = _of_pace(pace)
    own = [np.flatnonzero(seen[:, p]) for p in range(seen.shape[1])]
    chosen = [(p, years) for p, years in enumerate(own) if len(years) >= FEWEST]
    names = driver_names(spec)
    tested = {"level less the nation's": [design.lag[years, p] for p, years in chosen]}
    for place, name in enumerate(names):
        tested[f"{name} less the nation's"] = [design.drivers[y, p, place] for p, y in chosen]
    for name, series in tested.items():
        rows += _over_provinces(name, series)
    first = len(spec.drivers["employment"])
    pairs = [(design.lag[y, p], design.drivers[y, p, :first]) for p, y in chosen]
    rows.append(_cointegration(pairs))
    columns = ["test", "series", "statistic", "p", "series_tested", "says"]
    return pd.DataFrame(rows, columns=columns)


def _of_pace(pace: np.ndarray) -> list[tuple]:
    adf, adf_p = _adf(pace)
    statistic, p = _kpss(pace)
    return [
        ("ADF", "national pace", adf, adf_p, 1, _adf_says(adf_p)),
        ("KPSS", "national pace", statistic, p, 1, _kpss_says(p)),
    ]


def _over_provinces(name: str, series: list[np.ndarray]) -> list[tuple]:
    p = np.array([_adf(one)[1] for one in series])
    statistic, joint = _fisher(p)
    rejected = float(np.mean([_kpss(one)[1] < 0.05 for one in series]))
    says = f"{rejected:.0%} of provinces are not stationary"
    return [
        ("ADF, Fisher", name, statistic, joint, len(p), _adf_says(joint)),
        ("KPSS, share rejected", name, rejected, np.nan, len(p), says),
    ]


def _cointegration(pairs: list[tuple[np.ndarray, np.ndarray]]) -> tuple:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # series that are almost collinear
        p = [coint(level, drivers, maxlag=1, autolag=None)[1] for level, drivers in pairs]
    statistic, joint = _fisher(np.array(p))
    bound = joint < 0.05
    says = "bound together in some provinces" if bound else "not shown to be bound together"
    name = "level with employment, less the nation's"
    return ("Engle-Granger, Fisher", name, statistic, joint, len(p), says)


def _fisher(p: np.ndarray) -> tuple[float, float]:
    statistic = float(-2 * np.log(np.maximum(p, 1e-12)).sum())
    return statistic, float(stats.chi2.sf(statistic, 2 * len(p)))


def _adf(series: np.ndarray) -> tuple[float, float]:
    # Its annotations know neither a fixed lag nor the object that is asked for.
    test: Any = adfuller
    found = test(series, maxlag=1, regression="c", autolag=None, result_object=True)
    return float(found.statistic), float(found.pvalue)


def _kpss(series: np.ndarray) -> tuple[float, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # p values beyond the printed table are its ends
        found = kpss(series, regression="c", nlags="auto")
    return float(found[0]), float(found[1])


def _adf_says(p: float) -> str:
    return "a unit root is rejected" if p < 0.05 else "a unit root is not rejected"


def _kpss_says(p: float) -> str:
    return "not stationary" if p < 0.05 else "stationarity is not rejected"

"""Smoothing and autoregression give what statsmodels gives, and fall back where they must."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from statsmodels.tsa.ar_model import AutoReg
from statsmodels.tsa.holtwinters import Holt

from qyforecast.judge.known import Known
from qyforecast.judge.methods import METHODS
from qyforecast.judge.time_series import (
    DAMPING,
    FEWEST,
    LEVEL,
    TREND,
    autoregression,
    best_order,
    damped_trend,
    smooth,
)

BY_NAME = {method.name: method for method in METHODS}
ETS, ARIMA = BY_NAME["ETS, damped trend"], BY_NAME["ARIMA(p,1,0) with drift"]
AHEAD = np.arange(1, 11)


def walks(years: int = 20, regions: int = 3, seed: int = 3) -> np.ndarray:
    """Levels whose yearly changes lean on the year before."""
    rng = np.random.default_rng(seed)
    change = np.zeros((years, regions))
    for year in range(1, years):
        change[year] = 0.02 + 0.6 * change[year - 1] + 0.01 * rng.standard_normal(regions)
    return -1 + np.cumsum(change, axis=0)


def known(level: np.ndarray, step: int = 1) -> Known:
    return Known(2000 + step * np.arange(len(level)), level)


@pytest.mark.parametrize("weights", [(0.3, 0.2, 0.9), (0.9, 0.7, 0.8), (0.5, 0.0, 0.98)])
def test_the_smoother_is_that_of_statsmodels(weights: tuple[float, float, float]) -> None:
    """statsmodels' Holt at the same weights and first states gives the same forecast."""
    level = walks()
    last, trend, squares = smooth(level, np.array(weights).reshape(3, 1, 1))
    for region, series in enumerate(level.T):
        # Its recursion begins one step before its first figure, ours at the first.
        oracle = Holt(
            series[1:],
            damped_trend=True,
            initialization_method="known",
            initial_level=series[0],
            initial_trend=(series[4] - series[0]) / 4,
        ).fit(
            smoothing_level=weights[0],
            smoothing_trend=weights[1],
            damping_trend=weights[2],
            optimized=False,
        )
        run = np.cumsum(weights[2] ** AHEAD)
        assert last[0, region] + trend[0, region] * run == pytest.approx(oracle.forecast(10))
        assert squares[0, region] == pytest.approx(oracle.sse)


def test_the_weights_tried_come_near_the_best_there_are() -> None:
    """Squared errors at statsmodels' optimum are at most a tenth smaller."""
    level = walks(30)
    tried = np.stack(np.meshgrid(LEVEL, TREND, DAMPING, indexing="ij")).reshape(3, -1, 1)
    ours = smooth(level, tried)[2].min(axis=0)
    for region, series in enumerate(level.T):
        best = Holt(
            series[1:],
            damped_trend=True,
            initialization_method="known",
            initial_level=series[0],
            initial_trend=(series[4] - series[0]) / 4,
        ).fit()
        assert ours[region] < 1.1 * best.sse


def test_autoregressions_are_those_of_statsmodels() -> None:
    """Least squares of each order over the same figures; forecasts of the one chosen."""
    level = walks(25)
    found = autoregression(known(level), np.broadcast_to(AHEAD[:, None], (10, 3)))
    orders = (best_order(np.diff(level, axis=0).T)[1] != 0).sum(axis=1)
    for region, series in enumerate(level.T):
        order = int(orders[region])
        change = np.diff(series)
        fit = AutoReg(change, order, trend="c", hold_back=2).fit()
        oracle = series[-1] + np.cumsum(fit.forecast(10))
        assert found[:, region] == pytest.approx(oracle)
    assert orders.max() >= 1


@pytest.mark.parametrize("method", [damped_trend, autoregression])
def test_a_straight_line_goes_on_or_fades(method) -> None:
    level = -1 + 0.05 * np.arange(12.0)[:, None]
    found = method(known(level), AHEAD[:, None])[:, 0]
    straight = level[-1, 0] + 0.05 * AHEAD
    if method is autoregression:
        assert found == pytest.approx(straight)
    else:
        assert (np.diff(found) > 0).all()
        assert (found < straight).all()


@pytest.mark.parametrize("method", [damped_trend, autoregression])
def test_figures_every_five_years_are_steps_of_five(method) -> None:
    level = walks(10)
    ahead = np.broadcast_to(AHEAD[:4, None], (4, 3))
    yearly = method(known(level), ahead)
    assert method(known(level, step=5), 5 * ahead) == pytest.approx(yearly)


@pytest.mark.parametrize("method", [ETS, ARIMA])
def test_too_few_figures_go_on_at_their_own_pace(method) -> None:
    shares = pd.DataFrame(
        expit(-1 + 0.05 * np.arange(FEWEST - 1)[:, None]), index=range(2000, 1999 + FEWEST)
    )
    last = int(shares.index[-1])
    found = method.foretell(shares, last, AHEAD)
    assert found[:, 0] == pytest.approx(logit(shares.iloc[-1, 0]) + 0.05 * AHEAD)


def test_income_that_share_follows_carries_it_on() -> None:
    """Log odds that are 0.8 of log income and a constant of each region go on with income."""
    years = np.arange(12)
    growth = np.array([0.02, 0.05, 0.08])
    income = pd.DataFrame(np.exp(growth * years[:, None] + [0, 3, 5]), index=2000 + years)
    shares = pd.DataFrame(expit(0.8 * np.log(income) + [-1.0, -3.4, -4.5]), index=2000 + years)
    method = BY_NAME["log-income regression"]
    found = method.foretell(shares, 2011, AHEAD, income)
    expected = logit(shares.loc[2011].to_numpy()) + 0.8 * growth * AHEAD[:, None]
    assert found == pytest.approx(expected)
    assert np.isnan(method.foretell(shares, 2011, AHEAD)).all()

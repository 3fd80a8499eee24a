"""Simple methods give their closed forms, on any panel; their errors are those of the past."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, logit

from qyforecast.errors import DataError
from qyforecast.judge.methods import METHODS, check_shares
from qyforecast.judge.past_errors import LEAST, foretell_simply

BY_NAME = {method.name: method for method in METHODS}
OF_SHARES = [method.name for method in METHODS if not method.by_income]
AHEAD = np.array([1, 5, 10])
PACES = np.array([0.02, 0.05, 0.08])


def panel(years: range = range(2000, 2021)) -> pd.DataFrame:
    """Three regions on straight lines of the log odds."""
    time = np.arange(len(years))[:, None]
    values = expit(np.array([-1.0, 0.0, 0.5]) + PACES * time)
    return pd.DataFrame(values, index=list(years), columns=["Aland", "Bland", "Cland"])


def foretold(name: str, shares: pd.DataFrame, origin: int = 2015) -> np.ndarray:
    method = BY_NAME[name]
    return method.share(method.foretell(shares, origin, AHEAD))


def test_straight_lines_of_the_log_odds_go_on() -> None:
    found = foretold("constant growth difference", panel())
    came = expit(logit(panel().loc[2015].to_numpy()) + PACES * AHEAD[:, None])
    assert found == pytest.approx(came, abs=1e-12)


def test_persistence_stays() -> None:
    assert foretold("persistence", panel()) == pytest.approx(panel().loc[[2015] * 3].to_numpy())


def test_linear_adds_the_last_five_years_points() -> None:
    shares = panel()
    step = (shares.loc[2015] - shares.loc[2010]).to_numpy() / 5
    expected = shares.loc[2015].to_numpy() + step * AHEAD[:, None]
    assert foretold("linear in points", shares) == pytest.approx(expected)


def test_half_way_shrinks_paces_to_their_mean() -> None:
    expected = logit(panel().loc[2015].to_numpy()) + (PACES + PACES.mean()) / 2 * AHEAD[:, None]
    assert logit(foretold("half-way shrink", panel())) == pytest.approx(expected)


def test_un_method_reaches_its_norm_after_25_years() -> None:
    """The pace of year k is own (1 - k/25) + norm k/25; after 25 years it is the norm."""
    method, shares = BY_NAME["UN growth difference to norm"], panel()
    levels = method.foretell(shares, 2015, np.arange(1, 41))
    steps = np.diff(levels, axis=0)
    assert steps[24:] == pytest.approx(np.broadcast_to(steps[-1], steps[24:].shape))
    first = levels[0] - logit(shares.loc[2015].to_numpy())
    assert first == pytest.approx(PACES * 24 / 25 + steps[-1] / 25)
    # The norm falls on a line of the share: fitted to all five-year spells until 2015.
    start = shares.loc[2000:2010].to_numpy().ravel()
    pace = np.broadcast_to(PACES, (11, 3)).ravel()
    slope, intercept = np.polyfit(start, pace, 1)
    assert steps[-1] == pytest.approx(intercept + slope * shares.loc[2015].to_numpy())


def test_grey_model_of_a_geometric_series_goes_on_growing() -> None:
    """GM(1,1) fits growth by 2 % a year to within its own discretisation."""
    shares = pd.DataFrame({"x": 0.2 * 1.02 ** np.arange(16)}, index=range(2000, 2016))
    expected = 0.2 * 1.02 ** (15 + AHEAD)
    assert foretold("grey model GM(1,1)", shares)[:, 0] == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("name", OF_SHARES)
@given(later=st.floats(0.05, 0.95), seed=st.integers(0, 99))
def test_no_method_looks_ahead(name: str, later: float, seed: int) -> None:
    shares = panel() + np.random.default_rng(seed).uniform(-0.01, 0.01, (21, 3))
    changed = shares.copy()
    changed.loc[2016:] = later
    assert np.array_equal(foretold(name, shares), foretold(name, changed))


@pytest.mark.parametrize("name", OF_SHARES)
def test_the_order_of_regions_changes_nothing(name: str) -> None:
    shares = panel() + np.random.default_rng(1).uniform(-0.01, 0.01, (21, 3))
    turned = foretold(name, shares[["Cland", "Aland", "Bland"]])
    assert turned == pytest.approx(foretold(name, shares)[:, [2, 0, 1]], abs=1e-12)


def test_a_region_whose_last_figure_is_old_is_carried_from_there() -> None:
    shares = panel()
    shares.loc[2014:2015, "Bland"] = np.nan
    found = foretold("constant growth difference", shares)
    assert found == pytest.approx(foretold("constant growth difference", panel()), abs=1e-12)


def test_figures_every_five_years_do() -> None:
    shares = panel().loc[[2000, 2005, 2010, 2015, 2020]]
    for name in ("constant growth difference", "UN growth difference to norm", "half-way shrink"):
        assert foretold(name, shares) == pytest.approx(foretold(name, panel()), abs=0.02)


def test_past_errors_are_those_known_at_the_origin() -> None:
    """Log odds that gain 0.03 a year: persistence was 0.03 h too low, every time."""
    shares = pd.DataFrame(
        expit(-1 + 0.03 * np.arange(41)[:, None] + np.linspace(0, 1, 4)), index=range(1980, 2021)
    )
    one, five = foretell_simply(BY_NAME["persistence"], shares, [2010], [1, 5])
    for found, horizon in ((one, 1), (five, 5)):
        off = logit(found.draws) - logit(found.point)
        assert off == pytest.approx(np.full(off.shape, 0.03 * horizon))
        # Origins 1980 to 2010 - h of four regions.
        assert len(off) == 4 * (31 - horizon)


def test_symmetric_errors_are_those_of_either_sign() -> None:
    """Whoever trusts the point of persistence says that a fall is as likely as a rise."""
    shares = pd.DataFrame(
        expit(-1 + 0.03 * np.arange(41)[:, None] + np.linspace(0, 1, 4)), index=range(1980, 2021)
    )
    both = foretell_simply(
        BY_NAME["persistence"], shares, [2010], [5], kinds=("baseline", "symmetric")
    )
    signed, symmetric = both
    assert (signed.method, symmetric.method) == ("persistence", "persistence, symmetric")
    off = logit(symmetric.draws) - logit(symmetric.point)
    assert off == pytest.approx(-off[::-1])
    assert np.unique(off.round(6)).tolist() == [-0.15, 0.15]
    assert (logit(signed.draws) - logit(signed.point) > 0).all()


def test_too_few_errors_are_those_of_a_shorter_horizon_in_proportion() -> None:
    """Six years known of four regions: 20 errors of one year ahead, 16 of two."""
    shares = pd.DataFrame(
        expit(0.03 * np.arange(12)[:, None] + np.linspace(0, 1, 4)), index=range(2000, 2012)
    )
    one, three = foretell_simply(BY_NAME["persistence"], shares, [2005], [1, 3])
    assert len(one.draws) == len(three.draws) == LEAST
    assert logit(three.draws) - logit(three.point) == pytest.approx(np.full((20, 4), 0.09))


def test_without_past_errors_there_is_a_point_and_no_distribution() -> None:
    shares = panel(range(2000, 2010))
    (found,) = foretell_simply(BY_NAME["persistence"], shares, [2002], [3])
    assert np.isfinite(found.point).all()
    assert np.isnan(found.draws).all()
    assert np.isnan(found.log_density).all()


def test_a_density_is_that_of_the_draws() -> None:
    """Mass of the kernels over the log odds is one, on either scale."""
    rng = np.random.default_rng(2)
    walk = np.cumsum(rng.normal(0.03, 0.02, (30, 5)), axis=0) - 1
    shares = pd.DataFrame(expit(walk), index=range(1990, 2020))
    grid = np.linspace(-3, 3, 241)
    for name in ("persistence", "linear in points"):
        mass = 0.0
        for level in grid:
            shares.loc[2019, 0] = expit(level)
            (found,) = foretell_simply(BY_NAME[name], shares, [2014], [5])
            mass += np.exp(found.log_density[0]) * (grid[1] - grid[0])
        assert mass == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        (pd.DataFrame({"x": [0.5, 60.0]}, index=[2000, 2001]), r"(?s)x, 2001.*60.*divide"),
        (pd.DataFrame({"x": [0.5, 0.6]}, index=[2000, 2000]), r"(?s)repeat.*2000"),
    ],
)
def test_a_table_that_is_none_is_refused(shares: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_shares(shares)

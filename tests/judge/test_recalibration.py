"""Mending finds the spread and the shift that are missing, and never looks ahead."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from qyforecast.judge.cells import Foretold, score_cells, scorecard
from qyforecast.judge.mending import AFFINE, MENDS, Affine, mended
from qyforecast.judge.recalibration import KNOWN, LEFT_OUT, learnt, recalibrate

ORIGINS, PLACES = range(2000, 2012), 60
GRID = norm.ppf((np.arange(200) + 0.5) / 200)[:, None]


def world(*, factor: float, shift: float = 0.0, seed: int = 5):
    """Forecasters whose spread is a factor of the right one, and whose median is off.

    Parameters
    ----------
    factor : float
        Spread said, of that which is.
    shift : float
        What came less the median, in true spreads of 0.1 log odds.
    seed : int
        Seed.

    Returns
    -------
    tuple
        Forecasts one and two years ahead, and what came.
    """
    rng = np.random.default_rng(seed)
    years = range(min(ORIGINS), max(ORIGINS) + 3)
    came = pd.DataFrame(rng.normal(-0.3, 0.2, (len(years), PLACES)), index=years)
    foretold = []
    for origin in ORIGINS:
        for horizon in (1, 2):
            error = 0.1 * (shift + rng.standard_normal(PLACES))
            middle = came.loc[origin + horizon].to_numpy() - error
            draws = expit(middle + 0.1 * factor * GRID)
            nothing = np.full(PLACES, np.nan)
            foretold.append(
                Foretold("m", "mixture", origin, horizon, expit(middle), draws, nothing)
            )
    return foretold, expit(came)


def card(foretold, shares):
    found = score_cells([*foretold, *recalibrate(foretold, shares)], shares)
    later = found[found["origin"] >= 2006]
    return scorecard(later[later["horizon"] == 2]).set_index("method").to_dict("index")


@pytest.mark.parametrize("factor", [0.4, 2.0])
def test_a_wrong_spread_is_mended(factor: float) -> None:
    foretold, shares = world(factor=factor)
    scores = card(foretold, shares)
    assert abs(scores["m"]["coverage80"] - 0.8) > 0.15
    for name in MENDS:
        for suffix in ("", " (left out)"):
            row = scores[f"m, {name}{suffix}"]
            assert row["coverage80"] == pytest.approx(0.8, abs=0.06), name
            assert row["crps"] < scores["m"]["crps"] or name == "conformal"
    assert scores["m, rescaled"]["crps"] < 0.99 * scores["m"]["crps"]


def test_a_lasting_shift_is_mended_where_shifts_are() -> None:
    foretold, shares = world(factor=1.0, shift=1.5)
    scores = card(foretold, shares)
    assert abs(scores["m"]["bias"]) > 0.02
    assert abs(scores["m, shifted and rescaled"]["bias"]) < 0.005
    assert abs(scores["m, conformal"]["bias"]) < 0.005
    assert scores["m, rescaled"]["bias"] == pytest.approx(scores["m"]["bias"], abs=1e-3)
    assert scores["m, shifted and rescaled"]["crps"] < 0.7 * scores["m"]["crps"]


def test_a_calibrated_forecast_gains_nothing_by_mending() -> None:
    foretold, shares = world(factor=1.0)
    scores = card(foretold, shares)
    assert scores["m, rescaled"]["crps"] == pytest.approx(scores["m"]["crps"], rel=0.02)


def test_what_all_errors_ask_for_is_what_was_planted() -> None:
    foretold, shares = world(factor=0.5, shift=1.0)
    table = learnt(foretold, shares).set_index(["method", "horizon"])
    assert list(table.index.unique("method")) == [f"m, {name}" for name in AFFINE]
    row = table.to_dict("index")["m, shifted and rescaled", 2]
    # A shift of one true spread is two of those said.
    assert (row["shift"], row["factor"]) == (pytest.approx(2, abs=0.3), pytest.approx(2, abs=0.2))


def test_only_what_was_known_at_the_origin_mends() -> None:
    """Outcomes after the origin are changed: the vintage-true row stays, the left-out does not."""
    foretold, shares = world(factor=0.5)
    changed = shares.copy()
    changed.loc[2007:] = changed.loc[2007:] * 0.9
    names = {KNOWN: "m, rescaled", LEFT_OUT: "m, rescaled (left out)"}
    found = {
        (kind, table is shares): next(
            one.draws
            for one in recalibrate(foretold, table)
            if (one.method, one.origin, one.horizon) == (name, 2006, 2)
        )
        for kind, name in names.items()
        for table in (shares, changed)
    }
    assert np.array_equal(found[KNOWN, True], found[KNOWN, False])
    assert not np.array_equal(found[LEFT_OUT, True], found[LEFT_OUT, False])


def test_without_a_past_the_forecast_is_as_it_was() -> None:
    foretold, shares = world(factor=0.5)
    first = [one for one in foretold if one.origin <= 2001]
    for one in recalibrate(first, shares):
        if one.kind == KNOWN and one.origin == 2001:
            (raw,) = [r for r in first if (r.origin, r.horizon) == (2001, one.horizon)]
            assert np.array_equal(one.draws, raw.draws)


def test_a_longer_horizon_borrows_from_a_shorter_one() -> None:
    """Two origins' errors of one year are known in 2002, of two years only one's."""
    foretold, shares = world(factor=0.5)
    found = {
        (one.origin, one.horizon): one.draws
        for one in recalibrate(foretold, shares)
        if one.method == "m, rescaled"
    }
    raw = {(one.origin, one.horizon): one.draws for one in foretold}
    wider = [
        np.ptp(logit(found[2002, horizon]), axis=0) / np.ptp(logit(raw[2002, horizon]), axis=0)
        for horizon in (1, 2)
    ]
    assert wider[0] == pytest.approx(wider[1])
    assert wider[0].mean() == pytest.approx(2, abs=0.4)


def test_doing_nothing_changes_nothing_and_ranks_are_kept() -> None:
    draws = np.random.default_rng(1).uniform(0.3, 0.5, (50, 2))
    assert mended(draws, Affine(0.0, 1.0)) == pytest.approx(draws)
    moved = mended(draws, Affine(0.7, 1.8))
    assert np.array_equal(moved.argsort(axis=0), draws.argsort(axis=0))


def test_places_not_foretold_stay_missing() -> None:
    foretold, shares = world(factor=0.5)
    holed = []
    for one in foretold:
        draws, point = one.draws.copy(), one.point.copy()
        draws[:, 3] = point[3] = np.nan
        holed.append(replace(one, draws=draws, point=point))
    last = recalibrate(holed, shares)[-1]
    assert np.isnan(last.draws[:, 3]).all()
    assert np.isfinite(np.delete(last.draws, 3, axis=1)).all()

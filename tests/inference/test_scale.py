"""The scale of the regression: a level for every share below the limit, and back."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.inference.design import make_design
from qyforecast.inference.scale import level_of, share_of, slope_of
from qyforecast.inference.spec import ModelSpec, read_spec
from tests.conftest import ROOT

SPEC = read_spec(ROOT / "models" / "urbanization" / "spec.yaml")
LIMITS = st.floats(0.5, 1.0)


def limited(limit: float) -> ModelSpec:
    return replace(SPEC, upper_limit=limit)


@given(LIMITS, st.floats(1e-4, 1 - 1e-4))
def test_shares_come_back(limit: float, part: float) -> None:
    share = part * limit
    back = share_of(level_of(share, limited(limit)), limited(limit))
    assert float(back) == pytest.approx(share, rel=1e-10)


@given(LIMITS, st.floats(-30, 30), st.floats(0.01, 5))
def test_no_level_passes_the_limit_and_a_higher_one_is_more(
    limit: float, level: float, step: float
) -> None:
    low, high = share_of(np.array([level, level + step]), limited(limit))
    assert 0 < low <= high <= limit
    if abs(level) < 15:
        assert low < high < limit


@given(LIMITS, st.floats(0.01, 0.99))
def test_slope_is_the_derivative(limit: float, part: float) -> None:
    spec, share = limited(limit), part * limit
    level = level_of(share, spec)
    rise = (share_of(level + 1e-5, spec) - share_of(level - 1e-5, spec)) / 2e-5
    assert float(slope_of(share, spec)) == pytest.approx(float(rise), rel=1e-6)


def test_without_a_limit_it_is_the_log_odds_about_the_reference() -> None:
    assert float(level_of(0.45, limited(1.0))) == 0
    assert float(level_of(0.6, limited(1.0))) == pytest.approx(np.log(1.5 / (0.45 / 0.55)))
    assert float(level_of(0.45, limited(0.8))) == 0


def test_missing_shares_stay_missing() -> None:
    got = level_of(np.array([np.nan, 0.45]), SPEC)
    assert np.isnan(got[0])
    assert got[1] == 0


@pytest.mark.parametrize(
    ("share", "limit", "words"),
    [
        (0.0, 1.0, ["between 0 and the upper limit", "0, limit 1"]),
        (-0.1, 1.0, ["-0.1, limit 1"]),
        (1.0, 1.0, ["1, limit 1", "raise upper_limit"]),
        (41.89, 1.0, ["41.89, limit 1"]),
        (0.82, 0.8, ["0.82, limit 0.8", "raise upper_limit"]),
        (0.8, 0.8, ["0.8, limit 0.8"]),
    ],
)
def test_a_share_outside_is_refused(share: float, limit: float, words: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        level_of(np.array([0.3, share]), limited(limit))
    for word in words:
        assert word in str(caught.value)


def test_a_limit_below_a_published_share_is_refused(panel: Panel) -> None:
    highest = float(panel.provinces["urban_share"].max())
    with pytest.raises(DataError, match="raise upper_limit"):
        make_design(limited(highest - 0.01), panel)

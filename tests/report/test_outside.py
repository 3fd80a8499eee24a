"""The outside view in words, on a panel made by hand."""

import numpy as np
import pytest

from qyforecast.decide.targets import Target
from qyforecast.report.outside import outside_lines
from tests.judge.test_baselines import make_panel


def target(year: int, share: float) -> Target:
    return Target("promise", "621000", year, share)


def test_the_sentence_counts_places_as_far_behind() -> None:
    """Spells like the city's are those of province a, and as far behind began the later ones."""
    panel = make_panel(("621000", 2022, 0.31, "bulletin"))
    levels = panel.provinces["urban_share"]
    mean = levels.mean("province")
    behind = (mean - levels.sel(province="a")).sel(year=slice(2010, 2015)).values
    mine = float(mean.sel(year=2020)) - 0.31
    spells = int((np.abs(behind - mine) <= 0.05).sum())
    assert 0 < spells < 6
    first, gap = outside_lines(panel, [(target(2027, 0.32), 0.8)])
    assert "for 32.0 % in 2027 6 of 6 5-year spells of provinces" in first
    assert f"began {100 * behind.mean():.1f} points below the mean province on average" in gap
    assert f"the city stands {100 * mine:.1f} below" in gap
    assert f"of {spells} spells that began within 5 points of as far below, {spells} (100 %)" in gap
    assert "overlapping spells of only 1 province." in gap
    assert "the model's 80 % rests on its regression" in gap


def test_a_city_like_none_is_told_so() -> None:
    panel = make_panel(("621000", 2022, 0.02, "bulletin"))
    _, gap = outside_lines(panel, [(target(2027, 0.03), 0.5)])
    assert "no province began near that share" in gap
    assert "no spell of a province began as far below" in gap
    assert "nan" not in gap


def test_years_already_told_are_left_out() -> None:
    panel = make_panel(("621000", 2022, 0.27, "bulletin"))
    assert outside_lines(panel, [(target(2022, 0.3), 0.8)]) == []
    assert len(outside_lines(panel, [(target(2021, 0.3), 0.8), (target(2030, 0.4), 0.1)])) == 2


@pytest.mark.parametrize("chance", [0.0, 0.35, 1.0])
def test_the_models_probability_stands_in_the_sentence(chance: float) -> None:
    panel = make_panel(("621000", 2022, 0.27, "bulletin"))
    gap = outside_lines(panel, [(target(2027, 0.30), chance)])[1]
    assert f"{100 * chance:.0f}" in gap.split("Beyond these cases the model's")[1]
    assert np.isfinite(chance)

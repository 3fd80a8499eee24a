"""The mixture: draws shared out by weight, each rival on its own draws of everything."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qyforecast.census.panel import Panel
from qyforecast.inference.course import urban_path
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.mixture import Mixture, alone, apportion, interleave, mix_course
from qyforecast.inference.path import draw_course
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker

FIRST, SECOND = 6, 10


@given(st.lists(st.floats(0.01, 1), min_size=1, max_size=6), st.integers(1, 5000))
def test_draws_shared_out_sum_and_are_no_draw_off(parts: list[float], draws: int) -> None:
    weights = {f"r{i}": part / sum(parts) for i, part in enumerate(parts)}
    counts = apportion(weights, draws)
    assert list(counts) == list(weights)
    assert sum(counts.values()) == draws
    for name, count in counts.items():
        assert abs(count - weights[name] * draws) < 1


@pytest.fixture
def mixture(by_hand: Maker, panel: Panel) -> Mixture:
    """Give six draws of the full model and ten of one that hears no drivers."""
    parts = (by_hand(panel, FIRST), by_hand(panel, SECOND, rival="no-drivers", county_offset=0.02))
    return Mixture(parts, {"full": 0.375, "no-drivers": 0.625})


def test_each_rival_reads_its_own_draws_of_the_drivers(
    census, mixture: Mixture, panel: Panel, spec: ModelSpec
) -> None:
    """Draw i of the mixture uses draw i of the drivers: changing one draw changes one path."""
    drivers = draw_drivers(census, panel, to=2030, draws=mixture.size, seed=3)
    no_readings = replace(panel, readings=panel.readings.iloc[:0])
    course = mix_course(mixture, spec, no_readings, drivers, seed=6)
    share = urban_path(course, drivers, spec).share.values
    assert share.shape[0] == mixture.size == FIRST + SECOND
    for part, (own, chosen) in enumerate(
        (own, np.flatnonzero(interleave([FIRST, SECOND]) == place))
        for place, own in enumerate(mixture.parts)
    ):
        cut = replace(
            drivers,
            **{
                n: getattr(drivers, n).isel(draw=chosen)
                for n in ("employment", "value_added", "pace")
            },
            nation=drivers.nation.isel(draw=chosen),
        )
        one = draw_course(own, spec, no_readings, cut, seed=6 + part)
        np.testing.assert_array_equal(urban_path(one, cut, spec).share.values, share[chosen])
    moved = drivers.pace.copy(deep=True)
    moved.loc[{"draw": 2}] = 0.01
    again = urban_path(course, replace(drivers, pace=moved), spec).share.values
    differs = (again != share).any(axis=(1, 2))
    assert np.flatnonzero(differs).tolist() == [2]


def test_readings_condition_each_draw_on_its_own_drivers(
    census, mixture: Mixture, panel: Panel, spec: ModelSpec
) -> None:
    """With readings heard: other drivers of draw 2 give another course of draw 2 alone."""
    drivers = draw_drivers(census, panel, to=2030, draws=mixture.size, seed=3)
    course = mix_course(mixture, spec, panel, drivers, seed=6)
    moved = drivers.pace.copy(deep=True)
    moved.loc[{"draw": 2}] = 0.05
    again = mix_course(mixture, spec, panel, replace(drivers, pace=moved), seed=6)
    differs = (np.abs(again.shocks - course.shocks) > 1e-12).any(axis=(1, 2))
    assert np.flatnonzero(differs).tolist() == [2]


def test_a_rival_without_drivers_does_not_hear_them(
    census, mixture: Mixture, panel: Panel, spec: ModelSpec
) -> None:
    drivers = draw_drivers(census, panel, to=2030, draws=mixture.size, seed=3)
    course = mix_course(mixture, spec, panel, drivers, seed=6)
    share = urban_path(course, drivers, spec).share.values
    rich = drivers.employment.values[..., [2, 1, 0]]
    turned = replace(drivers, employment=drivers.employment.copy(data=rich))
    again = urban_path(course, turned, spec).share.values
    hears = interleave([FIRST, SECOND]) == 0
    np.testing.assert_array_equal(again[~hears], share[~hears])
    assert np.abs(again[hears] - share[hears]).max() > 1e-3


def test_one_rival_alone_is_itself(census, by_hand: Maker, panel: Panel, spec: ModelSpec) -> None:
    posterior = by_hand(panel, FIRST)
    drivers = draw_drivers(census, panel, to=2030, draws=FIRST, seed=3)
    one = draw_course(posterior, spec, panel, drivers, seed=6)
    mixed = mix_course(alone(posterior), spec, panel, drivers, seed=6)
    np.testing.assert_array_equal(mixed.pace, one.pace)
    assert alone(posterior).weights == {"full": 1.0}
    assert (alone(posterior).size, alone(posterior).as_of) == (FIRST, 2025)

"""Counties of any province: the recursion in plain loops, and deviations by brute force."""

import numpy as np
import pytest

from qyforecast.census.panel import Panel
from qyforecast.inference.county_levels import (
    CountyFigures,
    CountyModel,
    county_model,
    draw_county_levels,
)
from qyforecast.inference.design import make_design
from qyforecast.inference.mixture import alone
from qyforecast.inference.recursion import county_residual
from qyforecast.inference.scale import level_of
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker

D, Y, P, K, N = 3, 4, 2, 2, 3


@pytest.fixture
def model() -> CountyModel:
    rng = np.random.default_rng(4)
    return CountyModel(
        level=rng.normal(0, 0.3, (D, Y + 1, P)),
        keep=rng.uniform(0.95, 0.99, (D, P)),
        fade=rng.uniform(0.5, 1, (D, Y)),
        offset=rng.normal(0, 0.01, (D, 1)),
        expected=rng.normal(0.4, 0.1, (D, P)),
        response=rng.normal(0, 0.05, (D, P, K)),
        change_response=rng.normal(0, 0.1, (D, K)),
        push=rng.normal(0, 0.01, (D, P)),
        persistence=rng.uniform(0.3, 0.7, (D, 1)),
        prefecture_scale=rng.uniform(0.08, 0.1, (D, 1)),
        county_scale=rng.uniform(0.1, 0.2, (D, 1)),
    )


@pytest.fixture
def figures() -> CountyFigures:
    rng = np.random.default_rng(5)
    return CountyFigures(
        province=np.array([0, 0, 1]),
        start=rng.normal(-0.5, 0.3, N),
        end=rng.normal(0, 0.3, N),
        heard=np.array([True, True, False]),
        past=rng.normal(0, 0.1, (N, K)),
        now=rng.normal(0, 0.1, (N, K)),
        moved=rng.normal(0, 0.05, (N, K)),
    )


def left_over(model: CountyModel, figures: CountyFigures, d: int, n: int) -> float:
    """What a county's decade leaves unexplained."""
    p = figures.province[n]
    keep = model.keep[d, p]
    drift = model.response[d, p] @ figures.past[n]
    drift += model.change_response[d] @ figures.moved[n] / 10
    decade = sum(keep**k for k in range(10)) * drift + model.expected[d, p]
    return figures.end[n] - keep**10 * figures.start[n] - decade


def test_levels_are_those_of_a_plain_loop(model: CountyModel, figures: CountyFigures) -> None:
    rng = np.random.default_rng(6)
    whole, own = rng.standard_normal((Y + 2, D)), rng.standard_normal((N, 2, D))
    yearly = rng.standard_normal((N, Y, D))
    found = draw_county_levels(model, figures, (whole, own, yearly))
    for d in range(D):
        a, b = model.prefecture_scale[d, 0], model.county_scale[d, 0]
        lasts = model.persistence[d, 0]
        # Two counties heard: their common part given both, by conditioning a plain Gaussian.
        off = [left_over(model, figures, d, n) for n in range(2)]
        cover = np.full((2, 2), a**2) + np.eye(2) * b**2
        gain = np.full(2, a**2) @ np.linalg.inv(cover)
        effect = gain @ off + np.sqrt(a**2 - gain.sum() * a**2) * whole[0, d]
        for n in range(N):
            p = figures.province[n]
            keep = model.keep[d, p]
            mine = off[n] - effect if n < 2 else b * own[n, 0, d]
            pace = lasts * effect + np.sqrt(lasts * (1 - lasts)) * a * whole[1, d]
            pace += lasts * mine + np.sqrt(lasts * (1 - lasts)) * b * own[n, 1, d]
            pace /= sum(keep**k for k in range(10))
            size = np.sqrt((1 - lasts) / sum(keep ** (2 * k) for k in range(10)))
            level = figures.end[n]
            for year in range(Y):
                before, after = model.level[d, year : year + 2, p]
                level += after - before - (1 - keep) * (level - before)
                level += model.fade[d, year] * (pace + model.offset[d, 0])
                level += model.response[d, p] @ figures.now[n] - model.push[d, p]
                level += size * (a * whole[2 + year, d] + b * yearly[n, year, d])
                assert found[year, n, d] == pytest.approx(level, abs=1e-12)


def test_published_years_of_provinces_are_as_published(
    by_hand: Maker, spec: ModelSpec, panel: Panel
) -> None:
    model = county_model(alone(by_hand(panel, 40)), spec, panel, to=2026, seed=3)
    shares = panel.provinces["urban_share"].sel(year=[2020, 2021, 2022, 2023])
    told = level_of(shares.transpose("year", "province").values, spec)
    assert np.array_equal(model.level[:, :4], np.broadcast_to(told, model.level[:, :4].shape))
    assert (model.level[:, 4].std(axis=0) > 0).all()
    assert model.level.shape[:2] == (40, 7)


def test_decades_are_those_of_the_fit(by_hand: Maker, spec: ModelSpec, panel: Panel) -> None:
    """What is left of a county's decade is what the likelihood of the fit sees."""
    rng = np.random.default_rng(7)
    years = panel.provinces.sizes["year"] - 1
    posterior = by_hand(panel, 4, year_pace=rng.normal(0.05, 0.01, years))
    design = make_design(spec, panel)
    residual = county_residual(posterior.values(spec, design), design.arrays())
    model = county_model(alone(posterior), spec, panel, to=2024, seed=3)
    figures = CountyFigures(
        design.county_province, design.start, design.end, np.ones(len(design.end), dtype=bool),
        design.county_drivers, design.county_drivers, design.county_driver_changes,
    )  # fmt: skip
    for n in (0, 5, len(design.end) - 1):
        assert left_over(model, figures, 1, n) == pytest.approx(residual[1, n], abs=1e-12)

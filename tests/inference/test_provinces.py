"""The provinces' own future: the formula in a plain loop, and shocks as they were fitted."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.special import logit

from qyforecast.census.panel import Panel
from qyforecast.inference import provinces
from qyforecast.inference.design import make_design
from qyforecast.inference.priors import Prior
from qyforecast.inference.provinces import draw_provinces, known_until
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker
from tests.inference.plain import One, national_years, province_change, response_of, speed

#: Nothing is drawn: no shocks of provinces or of the nation.
CERTAIN = {"shock_scale": 0.0, "year_scale": 0.0}


def straight_drivers(panel: Panel, origin: int, years: int) -> np.ndarray:
    """Shares that move by a hundredth a year from agriculture to services, ``(Y + 1, P, 2, 3)``."""
    now = np.stack(
        [
            panel.provinces[name].sel(year=origin).transpose("province", "sector").values
            for name in ("employment", "value_added")
        ],
        axis=1,
    )
    return now + np.arange(years + 1)[:, None, None, None] * np.linspace(-0.01, 0.01, 3)


def expected_levels(
    one: One, spec: ModelSpec, panel: Panel, drivers: np.ndarray, fading: float
) -> np.ndarray:
    """Levels of every province year by year, in loops, ``(Y, P)``."""
    origin, years = panel.as_of, len(drivers) - 1
    design = make_design(spec, panel)
    nation = national_years(one, panel, origin, years)
    levels = logit(panel.provinces["urban_share"].sel(year=origin).values) - logit(0.45)
    last, out = origin - 2001, np.empty((years, len(levels)))
    for place, start in enumerate(levels):
        level = start
        carried = design.change[last, place] - province_change(one, design, last, place)
        # What a break's year adds beside the expected is a jump, no shock.
        carried = 0.0 if origin in (2005, 2010) else carried
        for k in range(years):
            before, after = (drivers[j, place] - drivers[j].mean(axis=0) for j in (k, k + 1))
            now, moved = before[:, 1:].ravel(), (after - before)[:, 1:].ravel()
            mean, pace = nation[origin + 1 + k]
            carried *= 0.4
            change = pace + max(0.0, 1 - k / fading) * one["province_effect"][place] + carried
            change += speed(one, place) * (mean - level)
            change += now @ response_of(one, "province", place) + moved @ one["change_response"]
            level = level + change
            out[k, place] = level
    return out


@pytest.mark.parametrize("origin", [2010, 2016, 2020])
def test_without_chance_provinces_follow_the_formula(
    origin: int, panel: Panel, spec: ModelSpec, by_hand: Maker, monkeypatch
) -> None:
    known = known_until(panel, origin)
    drivers = straight_drivers(panel, origin, 8)
    monkeypatch.setattr(
        provinces, "draw_province_drivers", lambda *_, draws, **__: np.stack([drivers] * draws)
    )
    posterior = by_hand(known, 2, **CERTAIN)
    paths = draw_provinces(posterior, spec, known, origin=origin, years=8, seed=1)
    design = make_design(spec, known)
    one = {name: values[1] for name, values in posterior.values(spec, design).items()}
    want = expected_levels(one, spec, known, drivers, np.inf)
    np.testing.assert_allclose(paths.level[1], want, atol=1e-10)
    # Nothing is drawn, so every level is its own centre.
    np.testing.assert_allclose(paths.centre, paths.level, atol=1e-12)


def test_own_paces_of_the_growth_difference_fade(
    panel: Panel, spec: ModelSpec, by_hand: Maker, monkeypatch
) -> None:
    """To nothing after 6 years here; drivers say nothing, all converge at one speed."""
    fading = Prior("lognormal", {"median": 6.0, "sigma": 1e-9}, "no chance")
    spec = replace(spec, priors={**spec.priors, "fading": fading})
    known = known_until(panel, 2020)
    drivers = straight_drivers(panel, 2020, 10)
    monkeypatch.setattr(
        provinces, "draw_province_drivers", lambda *_, draws, **__: np.stack([drivers] * draws)
    )
    posterior = by_hand(known, 2, rival="growth-difference", **CERTAIN)
    paths = draw_provinces(posterior, spec, known, origin=2020, years=10, seed=1)
    design = make_design(spec, known)
    one = {name: values[1] for name, values in posterior.values(spec, design).items()}
    silent = ("province_response", "county_response", "change_response")
    one |= {name: 0 * one[name] for name in silent}
    one |= {"employment_province_spread": np.zeros(1), "convergence_spread": np.zeros(1)}
    want = expected_levels(one, spec, known, drivers, 6.0)
    np.testing.assert_allclose(paths.level[1], want, atol=1e-8)


def test_shocks_are_those_of_the_fit(panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    """Level less centre: Student-t of the fitted scale, independent from year to year."""
    known = known_until(panel, 2020)
    posterior = by_hand(known, 400, year_scale=0.0)
    paths = draw_provinces(posterior, spec, known, origin=2020, years=3, seed=1)
    new = (paths.level - paths.centre) / paths.scale[:, None]
    assert stats.kstest(new[:, 1].ravel(), stats.t(5.0).cdf).pvalue > 1e-3
    assert abs(np.corrcoef(new[:, 0].ravel(), new[:, 1].ravel())[0, 1]) < 0.04
    assert (paths.scale == 0.008).all()
    assert (paths.df == 5.0).all()


def test_what_comes_after_is_forgotten(panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    """Other figures after the origin give the same paths."""
    other = panel.provinces.where(panel.provinces["year"] <= 2016, panel.provinces * 0.9)
    paths = [
        draw_provinces(by_hand(known, 4), spec, known, origin=2016, years=5, seed=1).level
        for known in (known_until(panel, 2016), known_until(replace(panel, provinces=other), 2016))
    ]
    np.testing.assert_array_equal(paths[0], paths[1])
    assert not len(known_until(panel, 2016).readings)

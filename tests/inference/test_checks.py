"""Prior and posterior predictive checks: they pass what is right and see what is wrong."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from qyforecast.census.panel import Panel
from qyforecast.inference.checks import (
    posterior_predictive,
    predictive_places,
    prior_predictive,
)
from qyforecast.inference.design import make_design
from qyforecast.inference.priors import Prior, sample_prior
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker
from tests.inference.plain import decade_end, province_change

FAMILIES = [
    (Prior("normal", {"mean": 1.0, "sd": 2.0}, "r"), stats.norm(1, 2)),
    (Prior("lognormal", {"median": 0.1, "sigma": 0.5}, "r"), stats.lognorm(0.5, scale=0.1)),
    (Prior("halfnormal", {"sd": 0.3}, "r"), stats.halfnorm(scale=0.3)),
    (Prior("beta", {"a": 4.0, "b": 2.0}, "r"), stats.beta(4, 2)),
    (Prior("gamma", {"shape": 2.0, "rate": 0.1}, "r"), stats.gamma(2, scale=10)),
]


@pytest.mark.parametrize(("prior", "law"), FAMILIES, ids=[p.distribution for p, _ in FAMILIES])
def test_priors_are_drawn_from(prior: Prior, law) -> None:
    drawn = sample_prior(prior, 4000, np.random.default_rng(5))
    assert stats.kstest(drawn, law.cdf).pvalue > 1e-3


def test_priors_hold_places_that_exist(panel: Panel, spec: ModelSpec) -> None:
    """A decade of a middling county: neither emptied nor filled, and not known beforehand.

    Chinese counties 2010 to 2020: most gained 5 to 25 points, few lost any.
    """
    drawn = prior_predictive(spec, panel, draws=4000, seed=2)
    low, middle, high = np.quantile(drawn["change"], [0.05, 0.5, 0.95])
    assert -0.10 < low < 0.05
    assert 0.05 < middle < 0.20
    assert 0.20 < high < 0.40
    assert np.quantile(drawn["urban_share"], 0.99) < 0.95


def test_absurd_priors_are_seen(panel: Panel, spec: ModelSpec) -> None:
    wide = Prior("normal", {"mean": 0.05, "sd": 0.5}, "too wide")
    drawn = prior_predictive(
        replace(spec, priors={**spec.priors, "pace": wide}), panel, draws=2000, seed=2
    )
    low, high = np.quantile(drawn["change"], [0.05, 0.95])
    assert low < -0.2
    assert high > 0.5


def test_places_are_those_of_the_students_t(panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    """With one and the same draw the PIT is the distribution function itself."""
    posterior = by_hand(panel, 4, county_df=4.0)
    places = predictive_places(posterior, spec, panel)
    design = make_design(spec, panel)
    theta = {name: values[0] for name, values in posterior.values(spec, design).items()}
    county = 17
    mean = decade_end(theta, design, county)
    mean += 0.09 * theta["prefecture_z"][design.county_prefecture[county]]
    want = stats.t.cdf(design.end[county] - mean, 4.0, scale=0.15)
    assert places["counties, decade change"][county] == pytest.approx(want, abs=1e-9)
    province = 6
    flat = np.cumsum(design.valid.ravel()).astype(int).reshape(design.valid.shape)
    # A year like others; a break and the year after it, which carry nothing on.
    for year, carried, scale, df in (
        (2013, 0.4, 0.008, 5.0),
        (2008, 0.4, 0.02, 5.0),
        (2005, 0.0, np.hypot(0.02, 0.03), 100.0),
        (2011, 0.0, 0.008, 5.0),
    ):
        before, now = (
            design.change[at, province] - province_change(theta, design, at, province)
            for at in (year - 2002, year - 2001)
        )
        want = stats.t.cdf(now - carried * before, df, scale=scale)
        got = places["provinces, yearly change"][flat[year - 2001, province] - 1]
        assert got == pytest.approx(want, abs=1e-9), year


@pytest.mark.parametrize(
    ("change", "level"),
    [
        ({"county_scale": 0.5}, "counties, decade change"),
        ({"county_scale": 0.01}, "counties, decade change"),
        ({"shock_scale": 0.04, "shock_scale_early": 0.1}, "provinces, yearly change"),
    ],
)
def test_wrong_scales_are_seen(
    change: dict, level: str, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    table = posterior_predictive(by_hand(panel, 4, **change), spec, panel)
    row = table.set_index("level").loc[level].to_dict()
    assert not 0.7 < row["coverage80"] < 0.9
    assert row["pit_distance"] > 0.1


def test_leaving_out_widens_what_an_observation_vouched_for() -> None:
    """One observation, a flat prior, known scale: its own posterior hides it; left out, not."""
    from qyforecast.inference.checks import _left_out

    rng = np.random.default_rng(6)
    others = 0.0
    seen = 2.0
    # Posterior of a mean from one earlier and one present observation, normal with scale 1.
    mean = (others + seen) / 2 + np.sqrt(0.5) * rng.standard_normal((200_000, 1))
    pit = _left_out(seen - mean, np.ones((200_000, 1)), np.full((200_000, 1), 1e8))
    # Left out: normal about 0 with variance 1 + 1.
    assert pit[0] == pytest.approx(stats.norm(0, np.sqrt(2)).cdf(2.0), abs=0.02)
    kept = stats.norm.cdf(seen - mean).mean()
    assert pit[0] - kept > 0.05

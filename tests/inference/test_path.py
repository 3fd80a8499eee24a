"""The urban share draw by draw: recursion, conditioning on readings, scenarios."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from scipy.special import expit, logit

from qyforecast.census.drivers import Drivers
from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.inference.course import urban_path
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.nation import draw_nation, fading
from qyforecast.inference.path import draw_course
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import horizon_sums
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker
from tests.inference.plain import GANSU, HOME, One, decade_end, national_years, response_of
from tests.recovery.simulated import OWN

KEEP = 1 - HOME

DRAWS = 6000


def still(census: SimpleNamespace, panel: Panel, draws: int, to: int = 2030) -> Drivers:
    """Drivers that never move, so that only shocks do."""
    one = draw_drivers(census, panel, to=to, draws=1, seed=1)
    base = {
        name: getattr(one, name).sel(year=2020).isel(draw=0).drop_vars(["year", "draw"])
        for name in ("employment", "value_added")
    }
    axes = {"draw": np.arange(draws), "year": list(one.years)}
    shape = {name: values.expand_dims(axes) for name, values in base.items()}
    pace = xr.zeros_like(shape["employment"].isel(sector=0, drop=True))
    assert one.nation is not None
    first = one.nation.isel(draw=0).sel(year=2020).drop_vars(["year", "draw"])
    nation = first.expand_dims(axes).transpose("draw", "year", "sector")
    return replace(one, **shape, pace=pace, nation=nation)


def course_levels(
    posterior: Posterior, spec: ModelSpec, panel: Panel, drivers: Drivers
) -> np.ndarray:
    course = draw_course(posterior, spec, panel, drivers, seed=6)
    return logit(urban_path(course, drivers, spec).share.values)


def exact(spec: ModelSpec, kinds: Sequence[str]) -> ModelSpec:
    """Count these kinds of source as all but exact."""
    nearly = dict.fromkeys(kinds, (1e-07, 0.0))
    return replace(spec, measurement={**spec.measurement, **nearly})


def without_readings(panel: Panel) -> Panel:
    return replace(panel, readings=panel.readings.iloc[:0])


def test_recursion_year_by_year(census, panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    """No shocks: a loop written from the model's formula gives the same shares."""
    posterior = by_hand(panel, 2, prefecture_scale=1e-9, county_scale=1e-9)
    panel = without_readings(panel)
    drivers = draw_drivers(census, panel, to=2030, draws=2, seed=3)
    path = urban_path(draw_course(posterior, spec, panel, drivers, seed=6), drivers, spec).share
    design = make_design(spec, panel)
    theta = {name: values[0] for name, values in posterior.values(spec, design).items()}
    nation = national_years(theta, panel, 2020, 10)
    response = response_of(theta, "county", GANSU)
    for code in (OWN[0], OWN[5]):
        share = panel.counties["urban_share"].sel(county=code, census=2020)
        level = logit(float(share)) - logit(0.45)
        for year in range(2021, 2031):
            x = [relative(drivers, y, code) for y in (year - 1, year)]
            mean, pace = nation[year]
            change = pace + theta["province_effect"][GANSU] + theta["county_offset"][0]
            change += HOME * (mean - level) + x[0] @ response
            change += (x[1] - x[0]) @ theta["change_response"]
            change += lasting(theta, design)[OWN.index(code)]
            level = level + change
            got = float(path.sel(draw=1, year=year, region=code))
            assert got == pytest.approx(float(expit(level + logit(0.45))), abs=1e-8)


def relative(drivers: Drivers, year: int, code: str) -> np.ndarray:
    """Secondary and tertiary shares of a county less the mean place's, in the second draw."""
    assert drivers.nation is not None
    at = {"draw": 1, "year": year}
    return np.concatenate(
        [
            (
                getattr(drivers, name).sel(at | {"region": code}) - drivers.nation[name].sel(at)
            ).values[1:]
            for name in ("employment", "value_added")
        ]
    )


def lasting(theta: One, design: Design) -> np.ndarray:
    """Half of each county's decade residual lasts (persistence 0.5), per year."""
    gaps = [design.end[county] - decade_end(theta, design, county) for county in design.own]
    return 0.5 * np.array(gaps) / sum((1 - HOME) ** k for k in range(10))


def test_path_starts_from_the_census_share(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """With nothing moving it, a county keeps the share that was counted."""
    nothing = dict.fromkeys(
        (
            *("pace", "national_convergence", "county_offset", "city_z", "persistence"),
            *("employment_level_spread", "employment_province_spread"),
        ),
        0.0,
    )
    flat = {
        "year_pace": np.zeros(panel.provinces.sizes["year"] - 1),
        "province_effect": np.zeros(panel.provinces.sizes["province"]),
        **{
            f"{d}_{k}": [0.0, 0.0]
            for d in ("employment", "value_added")
            for k in ("response", "change")
        },
    }
    tiny = {"convergence": 1e-9, "prefecture_scale": 1e-12, "county_scale": 1e-12}
    posterior = by_hand(panel, 2, **nothing, **flat, **tiny)
    drivers = draw_drivers(census, panel, to=2030, draws=2, seed=3)
    course = draw_course(posterior, spec, without_readings(panel), drivers, seed=6)
    share = urban_path(course, drivers, spec).share
    for code in OWN:
        counted = float(panel.counties["urban_share"].sel(county=code, census=2020))
        assert share.sel(region=code).values == pytest.approx(np.full((2, 10), counted), abs=1e-7)


def shocks_reach(years: int) -> np.ndarray:
    """Level of each county and year by each shock: the city's, then each county's, by year."""
    counties = len(OWN)
    reach = np.zeros((years, counties, years * (1 + counties)))
    for year in range(years):
        for county in range(counties):
            for then in range(year + 1):
                reach[year, county, then] = KEEP ** (year - then)
                reach[year, county, years + then * counties + county] = KEEP ** (year - then)
    return reach


def test_conditioning_is_gaussian_conditioning(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """Against brute force: all shocks stacked in one vector, one formula.

    Mean and covariance of every level of five years, by the conditional of a
    joint normal distribution (e.g. Eaton 1983, proposition 3.13).
    """
    posterior, years = by_hand(panel, DRAWS), 5
    drivers = still(census, panel, DRAWS, to=2020 + years)
    drawn = course_levels(posterior, spec, panel, drivers).reshape(DRAWS, -1)
    free = course_levels(posterior, spec, without_readings(panel), drivers).mean(axis=0)
    yearly = 0.5 / sum(KEEP ** (2 * k) for k in range(10))
    variances = np.repeat([0.09**2, 0.15**2], [years, years * len(OWN)]) * yearly
    reach = shocks_reach(years)
    design = make_design(spec, panel)
    heard = design.readings_after(years)
    when, weights = heard["reading_years"].astype(int) - 1, heard["reading_weights"]
    rows = np.einsum("rc,rcs->rs", weights, reach[when])
    start = design.end[design.own] + logit(0.45)
    expected = (weights * (free[when] - start)).sum(axis=1)
    errors = [spec.measurement[kind][0] for kind in ("bulletin", "compilation")]
    joint = rows * variances @ rows.T + np.diag(np.square(errors))
    flat = reach.reshape(years * len(OWN), -1)
    gain = (flat * variances) @ rows.T @ np.linalg.inv(joint)
    mean = free.ravel() + gain @ (heard["reading"] - expected)
    before = (flat * variances) @ flat.T
    after = before - gain @ (rows * variances) @ flat.T
    # `free` is a mean of as many draws: the noise of both.
    noise = np.sqrt(np.diag(before) / DRAWS) + np.sqrt(np.diag(after) / DRAWS)
    np.testing.assert_array_less(np.abs(drawn.mean(axis=0) - mean), 4.5 * noise)
    close = 5 * np.diag(after).max() * np.sqrt(2 / DRAWS)
    np.testing.assert_allclose(np.cov(drawn.T), after, atol=close)
    # The test can fail: unconditional levels are far wider and elsewhere.
    assert np.diag(before)[8] - np.diag(after)[8] > 2 * close
    assert np.abs(mean - free.ravel()).max() > 10 * noise.max()


def test_exact_readings_are_met(census, panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    spec = exact(spec, ["bulletin", "compilation"])
    posterior = by_hand(panel, 20, county_df=5.0)
    drivers = draw_drivers(census, panel, to=2030, draws=20, seed=3)
    levels = course_levels(posterior, spec, panel, drivers)
    heard = make_design(spec, panel).readings_after(10)
    start = logit(panel.counties["urban_share"].sel(county=OWN, census=2020).values)
    for slot, years in enumerate(heard["reading_years"].astype(int)):
        moved = (levels[:, years - 1] - start) @ heard["reading_weights"][slot]
        np.testing.assert_allclose(moved, heard["reading"][slot], atol=1e-5)
    own = panel.readings.set_index(["region", "year"])["urban_share"][OWN[0], 2023]
    np.testing.assert_allclose(expit(levels[:, 2, 0]), own, atol=1e-5)
    assert levels[:, 0].std(axis=0).min() > 1e-3


def test_exact_readings_of_the_city_hold_for_its_people(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """With residents given, not only to first order."""
    spec = exact(spec, ["bulletin", "compilation"])
    posterior = by_hand(panel, 20)
    drivers = draw_drivers(census, panel, to=2030, draws=20, seed=3)
    persons = panel.residence.sel(year=2020).sum("residence").values
    growth = np.linspace(0.98, 1.02, len(OWN)) ** np.arange(1, 11)[:, None]
    residents = xr.DataArray(
        np.broadcast_to(persons * growth, (20, 10, len(OWN))),
        dims=("draw", "year", "region"),
        coords={"draw": np.arange(20), "year": range(2021, 2031), "region": OWN},
    )
    course = draw_course(posterior, spec, panel, drivers, seed=6, residents=residents)
    share = urban_path(course, drivers, spec).share.sel(year=2022).values
    people = residents.sel(year=2022).values
    city = (share * people).sum(axis=1) / people.sum(axis=1)
    published = panel.readings.set_index(["region", "year"])["urban_share"]["621000", 2022]
    np.testing.assert_allclose(city, published, atol=2e-4)


def test_without_readings_shocks_have_their_own_variance(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """After n years: (city + county variance) of a year times the sum of keep^2k."""
    posterior = by_hand(panel, DRAWS)
    levels = course_levels(posterior, spec, without_readings(panel), still(census, panel, DRAWS))
    _, decade = horizon_sums(KEEP, 10)
    for years in (1, 5, 10):
        _, spread = horizon_sums(KEEP, years)
        want = (0.09**2 + 0.15**2) * 0.5 * spread / decade
        got = levels[:, years - 1].var(axis=0)
        assert got == pytest.approx(np.full(8, want), rel=0.08)
    shared = np.corrcoef(levels[:, 9].T)[0, 1]
    assert shared == pytest.approx(0.09**2 / (0.09**2 + 0.15**2), abs=0.05)


def test_readings_before_the_base_year_move_nothing(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    posterior = by_hand(panel, 10)
    drivers = draw_drivers(census, panel, to=2030, draws=10, seed=3)
    early = replace(panel, readings=panel.readings[panel.readings["year"] < 2020])
    assert len(early.readings) == 1
    one = course_levels(posterior, spec, early, drivers)
    np.testing.assert_array_equal(
        one, course_levels(posterior, spec, without_readings(panel), drivers)
    )


def test_readings_beyond_the_last_year_are_left_out(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """A course to 2022 does not know the county reading of 2023."""
    posterior = by_hand(panel, 10)
    drivers = draw_drivers(census, panel, to=2022, draws=10, seed=3)
    fewer = replace(panel, readings=panel.readings[panel.readings["year"] <= 2022])
    np.testing.assert_array_equal(
        course_levels(posterior, spec, panel, drivers),
        course_levels(posterior, spec, fewer, drivers),
    )


def test_scenarios_share_one_course(census, panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    """A change of nothing gives bit-identical paths; an added pace what the recursion says."""
    posterior = by_hand(panel, 50, county_df=4.0, year_scale=0.006)
    drivers = draw_drivers(census, panel, to=2035, draws=50, seed=3)
    course = draw_course(posterior, spec, panel, drivers, seed=6)
    base = urban_path(course, drivers, spec).share
    nothing = replace(drivers, pace=drivers.pace + 0.0, employment=drivers.employment * 1.0)
    np.testing.assert_array_equal(urban_path(course, nothing, spec).share.values, base.values)
    added = xr.where(drivers.pace["year"] > 2020, 0.01, 0.0) + drivers.pace.transpose(
        "draw", "year", "region"
    )
    faster = replace(drivers, pace=added.transpose("draw", "year", "region"))
    gain = logit(urban_path(course, faster, spec).share.values) - logit(base.values)
    for years in (1, 5, 15):
        want = 0.01 * horizon_sums(KEEP, years)[0]
        np.testing.assert_allclose(gain[:, years - 1], want, rtol=1e-9)


def test_same_seed_same_course(census, panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    posterior = by_hand(panel, 10)
    drivers = draw_drivers(census, panel, to=2030, draws=10, seed=3)
    one, two, other = (draw_course(posterior, spec, panel, drivers, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.pace, two.pace)
    np.testing.assert_array_equal(one.shocks, two.shocks)
    assert np.abs(one.shocks - other.shocks).min() > 0


def test_draws_of_drivers_and_posterior_must_agree(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    drivers = draw_drivers(census, panel, to=2030, draws=6, seed=3)
    with pytest.raises(DataError, match="differ in their number of draws") as caught:
        draw_course(by_hand(panel, 10), spec, panel, drivers, seed=1)
    assert "6 and 10" in str(caught.value)


def test_unknown_years_follow_the_autoregression(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """Known years as known; from 2024 on the spread of a first-order autoregression.

    The mean is 0.05 + 0.7^k (last - 0.05), the nation's level not pulling here.
    """
    quiet = {"prefecture_scale": 1e-9, "county_scale": 1e-9, "national_convergence": 0.0}
    posterior = by_hand(panel, DRAWS, year_scale=0.006, **quiet)
    design = make_design(spec, panel)
    theta = posterior.values(spec, design)
    pace, level = draw_nation(theta, 10, 20, np.random.default_rng(6))
    known = np.linspace(0.06, 0.04, 23)
    np.testing.assert_allclose(pace[:, :3], np.broadcast_to(known[20:], (DRAWS, 3)), atol=1e-12)
    np.testing.assert_allclose(level[:, 0], design.nation[20])
    np.testing.assert_allclose(np.diff(level, axis=1), pace, atol=1e-12)
    for ahead in (1, 4, 7):
        drawn = pace[:, 2 + ahead]
        spread = 0.006 * np.sqrt((1 - 0.7 ** (2 * ahead)) / (1 - 0.49))
        assert drawn.std() == pytest.approx(spread, rel=0.04)
        mean = 0.05 + 0.7**ahead * (known[-1] - 0.05)
        assert drawn.mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(DRAWS))


def test_the_nations_pace_declines_with_its_level(
    panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """Without shocks and memory the level closes on pace / national_convergence."""
    posterior = by_hand(panel, 2, national_convergence=0.02, year_persistence=0.0)
    theta = posterior.values(spec, make_design(spec, panel))
    pace, level = draw_nation(theta, 400, 23, np.random.default_rng(6))
    np.testing.assert_allclose(pace, 0.05 - 0.02 * level[:, :-1], atol=1e-12)
    assert (np.diff(pace, axis=1) < 0).all()
    np.testing.assert_allclose(level[:, -1], 0.05 / 0.02, atol=1e-3)


def test_an_own_pace_that_was_taken_as_seen_fades(
    panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """Along a line to nothing, after 25 years in the median; a pooled one lasts."""
    rng = np.random.default_rng(2)
    pooled = fading(by_hand(panel, 2000), spec, 60, rng)
    assert (pooled == 1).all()
    left = fading(by_hand(panel, 2000, rival="growth-difference"), spec, 60, rng)
    assert (left[:, 0] == 1).all()
    assert left.min() == 0
    steps = np.diff(left, axis=1)
    assert (steps <= 0).all()
    whole = -1 / steps[:, 0]
    assert np.median(whole) == pytest.approx(25, rel=0.03)
    assert np.log(whole).std() == pytest.approx(0.3, rel=0.06)
    np.testing.assert_allclose(left[:, 10], np.maximum(0, 1 - 10 / whole), atol=1e-9)


def test_drivers_without_a_mean_place_are_refused(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    drivers = replace(draw_drivers(census, panel, to=2022, draws=2, seed=3), nation=None)
    with pytest.raises(DataError, match="without a mean place"):
        draw_course(by_hand(panel, 2), spec, panel, drivers, seed=1)

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
from qyforecast.inference.design import make_design
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.path import draw_course, urban_path
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import horizon_sums
from qyforecast.inference.spec import ModelSpec
from tests.inference.conftest import Maker
from tests.recovery.simulated import OWN

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
    return replace(one, **shape, pace=pace)


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
    theta = {name: values[0] for name, values in posterior.values(spec).items()}
    gansu = panel.provinces["province"].values.tolist().index("620000")
    centres = np.array([0.20, 0.35, 0.43, 0.45])
    for code in (OWN[0], OWN[5]):
        share = panel.counties["urban_share"].sel(county=code, census=2020)
        level = logit(float(share)) - logit(0.45)
        # A county that deviates has no lasting pace here: its share of variance is of nothing.
        for year in range(2021, 2031):
            known = theta["year_pace"][year - 2001] if year < 2024 else None
            if known is None:
                pace = 0.05 + 0.7 ** (year - 2023) * (theta["year_pace"][-1] - 0.05)
            else:
                pace = known
            x = [
                np.concatenate(
                    [
                        getattr(drivers, name).sel(draw=1, year=y, region=code).values[1:]
                        for name in ("employment", "value_added")
                    ]
                )
                for y in (year - 1, year)
            ]
            change = pace + theta["province_effect"][gansu] + theta["county_offset"][0]
            change += (x[0] - centres) @ theta["county_response"]
            change += (x[1] - x[0]) @ theta["change_response"]
            change += lasting(posterior, spec, panel)[OWN.index(code)]
            level = level - theta["convergence"][0] * level + change
            got = float(path.sel(draw=1, year=year, region=code))
            assert got == pytest.approx(float(expit(level + logit(0.45))), abs=1e-8)


def lasting(posterior: Posterior, spec: ModelSpec, panel: Panel) -> np.ndarray:
    """Half of each county's decade residual lasts (persistence 0.5), per year."""
    theta = {name: values[0] for name, values in posterior.values(spec).items()}
    design = make_design(spec, panel)
    out = []
    for county in design.own:
        level = design.start[county]
        for year in design.decade:
            level = 0.97 * level + theta["year_pace"][year] + theta["county_offset"][0]
            level += theta["province_effect"][design.county_province[county]]
            level += design.county_drivers[county] @ theta["county_response"]
            level += design.county_driver_changes[county] @ theta["change_response"] / 10
        out.append(0.5 * (design.end[county] - level) / horizon_sums(0.97, 10)[0])
    return np.array(out)


def test_path_starts_from_the_census_share(
    census, panel: Panel, spec: ModelSpec, by_hand: Maker
) -> None:
    """With nothing moving it, a county keeps the share that was counted."""
    nothing = dict.fromkeys(
        ("pace", "county_offset", "city_z", "employment_level_spread", "persistence"), 0.0
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
                reach[year, county, then] = 0.97 ** (year - then)
                reach[year, county, years + then * counties + county] = 0.97 ** (year - then)
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
    yearly = 0.5 / sum(0.97 ** (2 * k) for k in range(10))
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
    _, decade = horizon_sums(0.97, 10)
    for years in (1, 5, 10):
        _, spread = horizon_sums(0.97, years)
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
        want = 0.01 * horizon_sums(0.97, years)[0]
        np.testing.assert_allclose(gain[:, years - 1], want, rtol=1e-9)


def test_same_seed_same_course(census, panel: Panel, spec: ModelSpec, by_hand: Maker) -> None:
    posterior = by_hand(panel, 10)
    drivers = draw_drivers(census, panel, to=2030, draws=10, seed=3)
    one, two, other = (draw_course(posterior, spec, panel, drivers, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.pace, two.pace)
    assert np.abs(one.pace - other.pace).min() > 0


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
    """Years 2024 on: mean 0.05 + 0.7^k (last - 0.05), spread of a first-order autoregression."""
    posterior = by_hand(panel, DRAWS, year_scale=0.006, prefecture_scale=1e-9, county_scale=1e-9)
    drivers = still(census, panel, DRAWS, to=2030)
    course = draw_course(posterior, spec, without_readings(panel), drivers, seed=6)
    pace = course.pace[:, :, 0] - course.pace[0, 0, 0] + 0.06 - 20 * (0.02 / 22)
    known = np.linspace(0.06, 0.04, 23)
    np.testing.assert_allclose(pace[:, :3], np.broadcast_to(known[20:], (DRAWS, 3)), atol=1e-7)
    for ahead in (1, 4, 7):
        drawn = pace[:, 2 + ahead]
        spread = 0.006 * np.sqrt((1 - 0.7 ** (2 * ahead)) / (1 - 0.49))
        assert drawn.std() == pytest.approx(spread, rel=0.04)
        mean = 0.05 + 0.7**ahead * (known[-1] - 0.05)
        assert drawn.mean() == pytest.approx(mean, abs=4 * spread / np.sqrt(DRAWS))

"""Draws of rates: reproducible, independent by use, and true to what is known."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.central_path import run_central_path
from qyforecast.demography.estimates import Autoregression
from qyforecast.demography.paths import condition_gaussian, draw_rates, stream
from qyforecast.errors import RateError
from qyforecast.projection.project import project
from tests.demography.rates_world import YEARS, fertility, migration, mortality, world

SCALES = ("arrivals_scale", "departure_scale")


def test_same_seed_same_draws_another_seed_others():
    one, two, other = (draw_rates(world(), years=YEARS, draws=20, seed=s) for s in (5, 5, 6))
    for noun, field in (
        ("vital", "mortality_level"),
        ("vital", "fertility_scale"),
        ("migration", "departure_scale"),
        ("mobility", "leaving_scale"),
        ("mobility", "return_scale"),
    ):
        values = [getattr(getattr(r, noun), field).values for r in (one, two, other)]
        np.testing.assert_array_equal(values[0], values[1])
        assert not np.allclose(values[0], values[2])


def test_a_change_in_one_use_leaves_the_draws_of_the_others():
    plain = draw_rates(world(), years=YEARS, draws=20, seed=5)
    course = Autoregression(level=0.1, level_sd=0.3, sd=0.3, persistence=0.5)
    changed = world(fertility=replace(fertility(), course=course))
    other = draw_rates(changed, years=YEARS, draws=20, seed=5)
    assert plain.mobility
    assert other.mobility
    xr.testing.assert_identical(plain.vital.mortality_level, other.vital.mortality_level)
    xr.testing.assert_identical(plain.mobility.return_scale, other.mobility.return_scale)
    assert not np.allclose(plain.vital.fertility_scale, other.vital.fertility_scale)


def test_fewer_years_are_the_start_of_more_for_mortality():
    short = draw_rates(world(), years=YEARS[:1], draws=50, seed=1).vital.mortality_level
    assert short is not None
    assert 0.25 < float(short.min()) < float(short.max()) < 0.6


def staying(mobility):
    """Nobody moves between village and town, as is right where no urban path asks for it."""
    return replace(
        mobility, moving_propensity=None, family_propensity=None, return_rate=None,
        return_scale=None,
    )  # fmt: skip


def totals_of(base, draws=200, seed=3, years=5):
    rates = draw_rates(base, years=YEARS[:years], draws=draws, seed=seed)
    rates = replace(rates, mobility=staying(rates.mobility))
    projection = project(base.population, rates, to=2020 + years)
    return projection.totals.sum(("area", "sex"))


def central_totals():
    base = world()
    level = base.mortality.weight_of(base.mortality.median_gain.sel(year=YEARS))
    path = run_central_path(base, level, xr.ones_like(level))
    return path.residents.sum("area")


def test_published_totals_are_met_within_their_error_and_then_set_free():
    """With an error of 1 in 100,000 the accounts pass through the published totals.

    Not exactly: the births and deaths of those who come or go are of second order.
    """
    expected = central_totals()
    known = {2021: float(expected.sel(year=2021)) - 700, 2022: float(expected.sel(year=2022)) + 100}
    found = totals_of(world(migration=migration(known, known_sd=1e-5)))
    for year, total in known.items():
        assert float(np.abs(found.sel(year=year) / total - 1).max()) < 1e-3
    assert float(found.sel(year=2024).std()) > 20 * float(found.sel(year=2021).std())


def test_an_error_of_measurement_leaves_room_about_a_total():
    total = float(central_totals().sel(year=2021)) - 500
    vague, exact = (
        totals_of(world(migration=migration({2021: total}, known_sd=sd))).sel(year=2021)
        for sd in (0.002, 1e-5)
    )
    assert float(vague.std()) > 3 * float(exact.std())


def test_scales_are_positive_and_undo_each_other():
    moves = draw_rates(world(), years=YEARS, draws=100, seed=2).migration
    assert moves
    inward, outward = (getattr(moves, name) for name in SCALES)
    assert inward is not None
    assert outward is not None
    assert float(outward.min()) > 0
    np.testing.assert_allclose(inward * outward, 1.0, rtol=1e-12)


def test_known_fertility_is_followed_and_then_the_long_run():
    scale = draw_rates(world(), years=YEARS, draws=2000, seed=4).vital.fertility_scale
    assert scale is not None
    middle = np.log(scale).mean("region").mean("draw")
    assert float(middle.sel(year=2021)) == pytest.approx(-0.1, abs=0.01)
    spread = np.log(scale).mean("region").std("draw")
    assert float(spread.sel(year=2030)) > 1.5 * float(spread.sel(year=2021))


def test_conditioning_gives_the_textbook_posterior():
    """Prior N(0, 4), reading 3 with error variance 1: posterior N(2.4, 0.8)."""
    rng = np.random.default_rng(1)
    prior = 2 * rng.standard_normal((200_000, 1))
    observed = 3 + rng.standard_normal((200_000, 1))
    found = condition_gaussian(
        prior, np.array([[4.0]]), np.array([[1.0]]), observed, np.array([1.0])
    )
    assert found.mean() == pytest.approx(2.4, abs=0.01)
    assert found.var() == pytest.approx(0.8, abs=0.01)


def test_central_path_is_the_projection_at_the_same_rates():
    """Nearly: arrivals of the two halves of a year differ in the twin, not in the accounts."""
    base = world()
    rates = draw_rates(base, years=YEARS, draws=1, seed=1)
    ones = xr.ones_like(rates.vital.fertility_scale)
    weight = base.mortality.weight_of(base.mortality.median_gain.sel(year=YEARS))
    central = run_central_path(base, weight, ones.isel(draw=0, region=0, drop=True))
    still = replace(
        rates,
        vital=replace(rates.vital, fertility_scale=ones, mortality_level=weight),
        migration=replace(rates.migration, arrivals=central.arrivals,
                          arrivals_scale=ones, departure_scale=ones),
        mobility=replace(staying(rates.mobility), leaving_scale=None),
    )  # fmt: skip
    projection = project(base.population, still, to=YEARS[-1])
    totals = projection.totals.isel(draw=0).sum("sex").sel(year=YEARS)
    np.testing.assert_allclose(totals.transpose("year", "area"), central.residents, rtol=1e-6)
    births = projection.flows["births"].isel(draw=0).sum(("area", "sex"))
    np.testing.assert_allclose(births, central.births, rtol=1e-5)


def test_streams_differ_by_name():
    assert stream(1, "a").integers(2**60) != stream(1, "b").integers(2**60)


@pytest.mark.parametrize(("years", "draws"), [([2022, 2023], 5), ([2021, 2023], 5), (YEARS, 0)])
def test_years_with_gaps_and_no_draws_are_refused(years, draws):
    with pytest.raises(RateError, match="follow the base year"):
        draw_rates(world(), years=years, draws=draws, seed=1)


def test_life_expectancy_beyond_its_levels_is_refused():
    wide = world(mortality=replace(mortality(), level_sd=30.0))
    with pytest.raises(RateError, match="between the two mortality levels"):
        draw_rates(wide, years=YEARS, draws=50, seed=1)

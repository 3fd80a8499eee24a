"""Futures of the drivers: shares that add up, known years as known, spreads as regressed."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.inference.futures import draw_drivers, draw_province_drivers
from qyforecast.inference.trends import (
    Trends,
    draw_turn,
    learn_trends,
    log_ratios,
    predict_drift,
    province_ratios,
    shares_of,
)
from tests.recovery.simulated import CITY


@given(st.lists(st.floats(0.002, 1.0), min_size=3, max_size=3))
def test_log_ratios_and_shares_are_inverse(weights: list[float]) -> None:
    shares = np.array(weights) / sum(weights)
    if shares.min() > 1e-3:
        np.testing.assert_allclose(shares_of(log_ratios(shares)), shares, rtol=1e-12)
    ratios = log_ratios(shares)
    np.testing.assert_allclose(log_ratios(shares_of(ratios)), ratios, atol=1e-3)


def test_shares_sum_to_one_and_known_years_stand(census: SimpleNamespace, panel: Panel) -> None:
    drivers = draw_drivers(census, panel, to=2035, draws=200, seed=4)
    assert drivers.years == tuple(range(2020, 2036))
    for shares in (drivers.employment, drivers.value_added):
        np.testing.assert_allclose(shares.sum("sector").values, 1, atol=1e-12)
    counted = panel.counties["employment"].sel(census=2020, county=panel.own_counties)
    base = drivers.employment.sel(year=2020)
    wanted = counted.transpose("county", "sector").values
    np.testing.assert_allclose(base.values, np.broadcast_to(wanted, base.shape), rtol=1e-12)
    for year in (2020, 2021, 2022, 2023):
        mix = drivers.value_added.sel(year=year).transpose("draw", "region", "sector").values
        wanted = panel.city_mix.sel(year=year).values
        np.testing.assert_allclose(mix, np.broadcast_to(wanted, mix.shape), rtol=1e-12)
    assert drivers.value_added.sel(year=2024).values.std(axis=0).min() > 1e-4
    assert drivers.employment.sel(year=2021).values.std(axis=0).min() > 1e-4
    assert not drivers.pace.values.any()
    assert drivers.employed.values == pytest.approx(10 * 1000 * np.ones(8))


def test_earlier_vintage_does_not_know_later_value_added(census: SimpleNamespace) -> None:
    panel = Panel.from_census(census, as_of=2021)
    mix = draw_drivers(census, panel, to=2024, draws=50, seed=4).value_added
    assert mix.sel(year=2020).values.std(axis=0).max() < 1e-12
    assert mix.sel(year=2021).values.std(axis=0).min() > 1e-4


def test_same_seed_same_draws(census: SimpleNamespace, panel: Panel) -> None:
    one, two, other = (draw_drivers(census, panel, to=2030, draws=20, seed=s) for s in (4, 4, 5))
    np.testing.assert_array_equal(one.employment.values, two.employment.values)
    np.testing.assert_array_equal(one.value_added.values, two.value_added.values)
    assert not np.array_equal(one.employment.values, other.employment.values)


def test_predictive_regression_in_closed_form() -> None:
    """Reference prior: mean the least-squares line, spread the t predictive (BDA3, 14.2)."""
    rng = np.random.default_rng(7)
    x = rng.normal(0.05, 0.03, 31)
    y = 0.02 + 0.4 * x + rng.normal(0, 0.03, 31)
    line = stats.linregress(x, y)
    intercept, slope, spread = predict_drift(x, y, 0.0, 200_000, rng)
    at = 0.15
    drawn = (intercept + slope * at + spread * rng.standard_normal(spread.shape))[:, 0]
    freedom = len(x) - 2
    variance = ((y - line.intercept - line.slope * x) ** 2).sum() / freedom
    leverage = 1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    want = stats.t(freedom, line.intercept + line.slope * at, np.sqrt(variance * (1 + leverage)))
    for level in (0.025, 0.1, 0.5, 0.9, 0.975):
        assert np.quantile(drawn, level) == pytest.approx(want.ppf(level), abs=0.03 * want.std())


def test_yearly_noise_is_not_counted_twice() -> None:
    """Drift plus ten years of noise, averaged, has the spread the residuals had."""
    rng = np.random.default_rng(9)
    yearly, lasting, places = 0.06, 0.02, 4000
    x = rng.normal(0, 0.03, places)
    y = 0.3 * x + rng.normal(0, lasting, places) + rng.normal(0, yearly / np.sqrt(10), places)
    _, _, spread = predict_drift(x, y, yearly**2 / 10, 1000, rng)
    assert spread.mean() == pytest.approx(lasting, rel=0.05)
    _, _, none = predict_drift(x, y, 1.0, 10, rng)
    assert not none.any()


def test_gap_in_the_citys_value_added(census: SimpleNamespace) -> None:
    rows = census.series
    gone = (rows["region_code"] == CITY) & (rows["year"] == 2021)
    census.series = rows[~(gone & rows["variable"].str.startswith("value_added"))]
    with pytest.raises(DataError, match="has a gap") as caught:
        draw_drivers(census, Panel.from_census(census, as_of=2025), to=2030, draws=4, seed=1)
    assert "nothing for 2021" in str(caught.value)


def test_no_value_added_at_the_base_year(census: SimpleNamespace) -> None:
    rows = census.series
    late = rows["variable"].str.startswith("value_added") & (rows["year"] > 2017)
    census.series = rows[~late]
    with pytest.raises(DataError, match="not known at the base year") as caught:
        draw_drivers(census, Panel.from_census(census, as_of=2025), to=2030, draws=4, seed=1)
    assert CITY in str(caught.value)


def test_too_few_provinces_for_drifts(census: SimpleNamespace) -> None:
    rows = census.provinces
    census.provinces = rows[rows["region_code"].isin(["610000", "620000", "640000"])]
    with pytest.raises(DataError, match="too few provinces"):
        draw_drivers(census, Panel.from_census(census, as_of=2025), to=2030, draws=4, seed=1)


def trends(draws: int, **changes: object) -> Trends:
    """Trends made by hand: two ratios, no drift, yearly steps of 0.04 and 0.02."""
    values = {
        "intercept": np.zeros((draws, 2)),
        "slope": np.zeros((draws, 2)),
        "spread": np.zeros((draws, 2)),
        "turn": np.zeros(draws),
        "drift_correlation": np.eye(2),
        "step_correlation": np.eye(2),
        "step": np.array([0.04, 0.02]),
        "common": 0.0,
    }
    return Trends(**(values | changes))  # pyright: ignore[reportArgumentType]


def test_a_walk_without_chance_is_its_drift() -> None:
    """Intercept plus slope times the drift before, every year."""
    straight = trends(
        3, intercept=np.full((3, 2), 0.01), slope=np.full((3, 2), 0.5), step=np.zeros(2)
    )
    past = np.array([[0.02, 0.04], [-0.06, 0.0]])
    walk = straight.walk(past, 5, np.random.default_rng(1))
    yearly = np.array([[0.02, 0.03], [-0.02, 0.01]])
    for year in range(5):
        np.testing.assert_allclose(walk[:, year], np.broadcast_to((year + 1) * yearly, (3, 2, 2)))


def test_places_and_ratios_walk_together_as_told() -> None:
    """Steps correlate between ratios and, by their common part, between places."""
    correlation = np.array([[1.0, 0.6], [0.6, 1.0]])
    walk = trends(20_000, step_correlation=correlation, common=0.3).walk(
        np.zeros((3, 2)), 4, np.random.default_rng(1)
    )
    steps = np.diff(walk, axis=1).reshape(-1, 3, 2)
    np.testing.assert_allclose(steps.std(axis=0), [[0.04, 0.02]] * 3, rtol=0.02)
    found = np.corrcoef(steps.reshape(-1, 6).T)
    assert found[0, 1] == pytest.approx(0.6, abs=0.02)
    assert found[0, 2] == pytest.approx(0.3, abs=0.02)
    assert found[0, 3] == pytest.approx(0.18, abs=0.02)
    assert walk[:, 3, 0, 0].std() == pytest.approx(0.04 * 2, rel=0.03)


def test_lasting_drifts_correlate_as_told() -> None:
    correlation = np.array([[1.0, -0.5], [-0.5, 1.0]])
    walk = trends(
        20_000, spread=np.full((20_000, 2), 0.01), drift_correlation=correlation, step=np.zeros(2)
    ).walk(np.zeros((2, 2)), 10, np.random.default_rng(1))
    assert walk[:, 9, 0].std(axis=0) == pytest.approx(np.array([0.1, 0.1]), rel=0.03)
    assert np.corrcoef(walk[:, 9, 0].T)[0, 1] == pytest.approx(-0.5, abs=0.03)
    assert abs(np.corrcoef(walk[:, 9, 0, 0], walk[:, 9, 1, 0])[0, 1]) < 0.03


def test_a_turn_of_the_nation_moves_all_places_alike() -> None:
    walk = trends(20_000, turn=np.full(20_000, 0.02), step=np.zeros(2), common=0.4).walk(
        np.zeros((3, 2)), 10, np.random.default_rng(1)
    )
    assert walk[:, 9].std(axis=0) == pytest.approx(np.full((3, 2), 0.2), rel=0.03)
    np.testing.assert_allclose(walk[:, :, 0], walk[:, :, 2])


def test_turns_are_learnt_from_what_was_seen_and_how_places_differ() -> None:
    """Scaled inverse chi-squared (BDA3, 2.6): mean of the variance is total / (freedom - 2)."""
    spread = np.full((200_000, 4), 0.03)
    for seen, total in (
        (np.zeros(4), 4 * 0.03**2),
        (np.full(4, 0.05**2), 4 * 0.03**2 + 4 * 0.05**2),
        (np.full(4, -1.0), 4 * 0.03**2),  # noise alone would have given more
    ):
        turn = draw_turn(seen, spread, np.random.default_rng(3))
        assert (turn**2).mean() == pytest.approx(total / (8 - 2), rel=0.02)


def test_places_own_drifts_are_not_narrowed_by_what_they_share(panel: Panel) -> None:
    """Places drift apart by 0.05 a year; steps they all take scatter no comparison of them."""
    rng = np.random.default_rng(8)
    apart = rng.normal(0, 0.05, (1, 31, 2)) * np.maximum(np.arange(24) - 11, 0)[:, None, None]
    shared = rng.normal(0, 0.15, (24, 1, 2)).cumsum(axis=0)
    found = []
    for moved in (apart, apart + shared):
        table = panel.provinces.copy(deep=True)
        for name in ("employment", "value_added"):
            ratios = log_ratios(table[name].transpose("year", "province", "sector").values)
            table[name] = (("year", "province", "sector"), shares_of(ratios + moved))
        found.append(learn_trends(table, 2000, np.random.default_rng(3)))
    one, other = found
    assert other.common > 0.5
    assert one.spread.mean(axis=0) == pytest.approx(np.full(4, 0.05), rel=0.3)
    assert other.spread.mean(axis=0) == pytest.approx(one.spread.mean(axis=0), rel=0.2)


def test_trends_are_learnt_from_what_was_simulated(panel: Panel) -> None:
    """Simulated ratios step by 0.04 a year, independently between places."""
    found = learn_trends(panel.provinces, 500, np.random.default_rng(3))
    assert found.step == pytest.approx(np.full(4, 0.04), rel=0.15)
    assert found.common < 0.1
    off = found.step_correlation - np.eye(4)
    assert np.abs(off).max() < 0.15
    # Drifts of places last wholly in the simulation, so the slope is that of a noisy reading:
    # variance 0.03^2 of drifts to that and 0.04^2 / 11 of noise, 0.86.
    assert found.slope.mean() == pytest.approx(0.86, abs=0.15)


def test_provinces_drivers_start_where_they_were_last_known(panel: Panel) -> None:
    paths = draw_province_drivers(panel.provinces, years=5, draws=50, rng=np.random.default_rng(2))
    assert paths.shape == (50, 6, 31, 2, 3)
    np.testing.assert_allclose(paths.sum(axis=-1), 1, atol=1e-12)
    for place, name in enumerate(("employment", "value_added")):
        last = panel.provinces[name].sel(year=2023).transpose("province", "sector").values
        np.testing.assert_allclose(paths[:, 0, :, place], np.broadcast_to(last, (50, 31, 3)))
    assert paths[:, 1].std(axis=0).min() > 1e-4


def test_nation_of_the_drivers_is_the_mean_province(census: SimpleNamespace, panel: Panel) -> None:
    """At the base year as counted or published; employment on the counties' own definition."""
    drivers = draw_drivers(census, panel, to=2030, draws=400, seed=4)
    assert drivers.nation is not None
    nation = drivers.nation
    counties = panel.counties["employment"].sel(census=2020).mean("county").values
    base = nation["employment"].sel(year=2020).values
    np.testing.assert_allclose(base, np.broadcast_to(counties, base.shape), atol=1e-12)
    for name in ("employment", "value_added"):
        np.testing.assert_allclose(nation[name].sum("sector").values, 1, atol=1e-12)
        assert nation[name].sel(year=2030).values.std(axis=0).min() > 1e-4
        # The mean of thirty-one walks moves less than one of them, though all may turn.
        own = getattr(drivers, name).sel(year=2030).isel(region=0)
        assert float(nation[name].sel(year=2030).std("draw").mean()) < 0.8 * float(
            own.std("draw").mean()
        )


def test_too_few_years_for_drifts(panel: Panel) -> None:
    early = panel.provinces.where(panel.provinces["year"] < 2009)
    with pytest.raises(DataError, match="too few years of employment") as caught:
        province_ratios(early)
    assert "9 years known" in str(caught.value)

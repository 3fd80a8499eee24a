"""Base rates of the shipped census: against published figures, and by vintage."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qyforecast.census.assumptions import REASONS, Assumptions
from qyforecast.census.census import read_census
from qyforecast.census.cohort_decade import cohort_decade, national_survival
from qyforecast.census.estimate_notes import evidence_table
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.fertility_estimates import children_and_expected, total_fertility_of_nation
from qyforecast.census.mortality_estimates import (
    national_life_expectancy,
    published_life_expectancy,
    registration_factor,
    residence_types,
)
from qyforecast.census.move_estimates import (
    destination_weights,
    inter_county_net,
    known_totals,
    residence_tilt,
)
from qyforecast.census.rate_checks import checks_table
from qyforecast.demography.net_rates import cohort_exposure, net_rates
from qyforecast.demography.paths import draw_rates
from qyforecast.projection.project import project

PUBLISHED = {2021: 2_159_400, 2022: 2_158_400, 2023: 2_132_500, 2024: 2_125_400}


@pytest.fixture(scope="module")
def census():
    return read_census()


@pytest.fixture(scope="module")
def early(census):
    return estimate_rates(census, as_of=2021)


@pytest.fixture(scope="module")
def newest(census):
    return estimate_rates(census, as_of=2026)


def totals(base, draws=1000, to=2024):
    rates = draw_rates(base, years=range(2021, to + 1), draws=draws, seed=11)
    # Without an urban path nobody is to move between village and town.
    still = replace(
        rates.mobility, moving_propensity=None, family_propensity=None, return_rate=None,
        return_scale=None,
    )  # fmt: skip
    rates = replace(rates, mobility=still)
    return project(base.population, rates, to=to).totals.sum(("area", "sex"))


def test_census_deaths_are_too_few(census):
    """Raw e0 of the 2020 census is 4 years above the published 77.93 (NHC, bulletin 2021)."""
    raw = national_life_expectancy(census, 2020, None)
    published = published_life_expectancy(census, 2020)
    assert (raw - published > 3).all()
    boys = 1.11 / 2.11
    assert boys * published[0] + (1 - boys) * published[1] == pytest.approx(77.93)


def test_factor_lies_between_life_expectancy_and_the_death_rate(census):
    by_e0, half, by_rate = (registration_factor(census, 2020, w) for w in (0.0, 0.5, 1.0))
    assert (by_rate < half).all()
    assert (half < by_e0).all()
    np.testing.assert_allclose(half, np.sqrt(by_e0 * by_rate))


def test_townspeople_live_longer(newest):
    live = newest.mortality.in_base_year(newest.mortality.survivorship)
    sixty = live.sel(age=slice(60, 84)).prod("age")
    urban, rural = (sixty.where(sixty.residence == r, drop=True) for r in ("urban", "rural"))
    assert (urban.groupby("region").mean() > rural.groupby("region").mean()).all()


def test_births_of_2010_as_published(census, newest):
    """The 2010 census printed a birth rate of 12.19 per mille for the city."""
    people = census.population(2010)
    found, _ = children_and_expected(people, newest.mortality, newest.fertility.rates, range(1))
    assert 1000 * float(found.sum()) / people.total == pytest.approx(12.19, rel=0.03)


def test_fertility_makes_the_children_found_in_2020(census, newest):
    """Children aged 0 in 2020: 23,598 in the city, brought back to births."""
    found, made = children_and_expected(
        newest.population, newest.mortality, newest.fertility.rates, range(1)
    )
    assert float(made.sum()) == pytest.approx(float(found.sum()), rel=1e-9)
    assert float(found.sum()) == pytest.approx(23_598, rel=0.02)


def test_total_fertility_is_that_of_the_province_not_of_a_metropolis(census, newest):
    """The long form of 2020 gives the nation 1.3; Gansu's counties lie above it."""
    assert total_fertility_of_nation(census, 2020) == pytest.approx(1.29, abs=0.03)
    children = newest.total_fertility()
    assert ((children > 1.0) & (children < 2.5)).all()
    rural = children.where(children.residence == "rural", drop=True).groupby("region").mean()
    urban = children.where(children.residence == "urban", drop=True).groupby("region").mean()
    assert (rural > urban).all()


def test_rates_of_the_decade_give_every_cohort_its_residual(census, newest):
    people = [census.population(year) for year in (2010, 2020)]
    decade = cohort_decade(census, people, newest.mortality, Assumptions())
    rates = net_rates(decade.before, decade.after, decade.survivorship, decade.residual)
    groups = decade.residual["age"].values
    for region in ("621002", "621026", "621027"):
        for sex in ("male", "female"):
            here = {"region": region, "sex": sex}
            before, after, live, rate = (
                table.sel(here).values
                for table in (decade.before, decade.after, decade.survivorship, rates)
            )
            made = cohort_exposure(before, after, live, groups, rate) @ rate
            gap = np.abs(made - decade.residual.sel(here).values)
            assert (gap < 0.05 * np.add.reduceat(after, groups)).all()
            assert gap.sum() < 0.02 * after.sum()


def test_the_city_lost_twenty_thousand_a_year(newest):
    """Residual 2010-2020: young adults leave, Xifeng alone gains."""
    lines = {(e.place, e.rate): e.value for e in newest.evidence}
    decade = {
        place: float(value.split()[0])
        for (place, rate), value in lines.items()
        if rate.startswith("net migration of the decade")
    }
    assert -24_000 < sum(decade.values()) < -17_000
    assert [place for place, value in decade.items() if value > 0] == ["621002"]


def test_the_nation_is_closed(census):
    live = national_survival(census, 2020)
    assert ((live > 0) & (live < 1)).all()


def test_moves_inside_the_city_cancel(newest):
    net = inter_county_net(newest.population, newest.mobility)
    np.testing.assert_allclose(net.sum("region"), 0, atol=1e-9)
    assert float(net.sel(region="621002").sum()) > 0


def test_destinations_receive_what_they_should():
    places = {"dims": "region", "coords": {"region": ["a", "b", "c"]}}
    leavers = xr.DataArray([100.0, 200.0, 50.0], **places)
    arrivals = xr.DataArray([150.0, 120.0, 80.0], **places)
    weights = destination_weights(leavers, arrivals).values
    share = weights[None, :] / (1 - weights[:, None])
    np.fill_diagonal(share, 0)
    np.testing.assert_allclose(leavers.values @ share, arrivals.values, rtol=1e-6)


@pytest.mark.parametrize("arriving", [[0.0, 48.0, 32.0], [0.0, 0.0, 0.0]])
def test_a_region_where_nobody_arrives_still_has_a_weight(arriving):
    """Zhangjiachuan in Tianshui has fewer residents from elsewhere in 2020 than in 2010."""
    places = {"dims": "region", "coords": {"region": ["a", "b", "c"]}}
    leavers = xr.DataArray([50.0, 20.0, 10.0], **places)
    weights = destination_weights(leavers, xr.DataArray(arriving, **places)).values
    assert (weights > 0).all()
    np.testing.assert_allclose(weights.sum(), 1)
    if any(arriving):
        assert weights[0] < 1e-5
        share = weights[None, :] / (1 - weights[:, None])
        np.fill_diagonal(share, 0)
        np.testing.assert_allclose(leavers.values @ share, arriving, atol=1e-2)


def test_a_region_alone_keeps_its_people():
    alone = xr.DataArray([0.0], dims="region", coords={"region": ["a"]})
    assert destination_weights(alone, alone).values.tolist() == [1.0]


def test_tilt_keeps_the_flow_of_every_county(newest):
    people = newest.population
    tilt = residence_tilt(people, 1.5)
    np.testing.assert_allclose(
        (people.persons * tilt).groupby("region").sum(),
        people.persons.groupby("region").sum(),
        rtol=1e-12,
    )
    pair = tilt.where(tilt.region == "621021", drop=True)
    rural, urban = (pair.where(pair.residence == r, drop=True).values for r in ("rural", "urban"))
    np.testing.assert_allclose(rural / urban, 1.5)


def test_only_figures_published_in_time_are_known(early, newest):
    assert early.migration.known.size == 0
    assert early.fertility.known["year"].values.tolist() == [2020]
    assert newest.migration.known.to_series().to_dict() == PUBLISHED
    assert newest.fertility.known["year"].values.tolist() == [2020, 2021, 2022, 2023, 2024]
    assert float(newest.fertility.known.sel(year=2023)) < -0.05


def test_totals_of_a_year_by_date_of_publication():
    rows = pd.DataFrame(
        [("9", 2021, "population", 5.0, 2022), ("9", 2021, "population", 6.0, 2024),
         ("9", 2020, "population", 4.0, 2021), ("8", 2021, "population", 1.0, 2022)],
        columns=["region_code", "year", "variable", "value", "published"],
    )  # fmt: skip
    at = [known_totals(rows, "9", after=2020, as_of=y).values.tolist() for y in (2021, 2022, 2024)]
    assert at == [[], [5.0], [6.0]]


def test_known_totals_are_followed_within_their_error(newest):
    middle = totals(newest).median("draw")
    for year, total in PUBLISHED.items():
        assert float(middle.sel(year=year)) == pytest.approx(total, rel=0.005)


def test_knowing_more_narrows_the_future(early, newest):
    spread = [totals(base, draws=400).std("draw").sel(year=2024) for base in (early, newest)]
    assert float(spread[1]) < 0.5 * float(spread[0])


def test_every_number_says_what_it_rests_on(newest):
    table = evidence_table(newest.evidence)
    assert (table[["value", "source"]] != "").all(axis=None)
    judged = set(table.loc[table["grade"] == "judgement", "rate"])
    assert judged == set(REASONS)
    assert set(REASONS) == set(vars(Assumptions()))


def test_births_of_2010_stand_beside_the_printed_rate_of_every_county(census, newest):
    """Printed: 12.19 per mille in the city, from 10.11 (Qingcheng) to 15.34 (Zhengning)."""
    table = checks_table(newest.checks)
    births = table[(table["what"] == "birth rate from children aged 0") & (table["year"] == 2010)]
    printed = births.set_index("place")["published"]
    assert set(printed.index) == {census.city, *census.regions}
    assert printed["621000"] == pytest.approx(12.19)
    assert (printed.min(), printed.max()) == pytest.approx((10.11, 15.34))
    assert births["ratio"].between(0.95, 1.05).all()


def test_what_differs_by_more_than_stated_says_why(newest):
    for check in newest.checks:
        gap = abs(check.estimated / check.published - 1)
        assert check.verdict.startswith("within") == (gap <= check.tolerance)
        assert "unexplained" not in check.verdict
    deaths = [c for c in newest.checks if c.what.startswith("death rate") and c.year == 2010]
    assert any("% more than published" in check.verdict for check in deaths)


def test_later_bulletins_are_near_the_central_path(newest):
    table = checks_table(newest.checks)
    later = table[table["what"].str.contains("central path")]
    assert set(later["year"]) == {2021, 2022, 2024}
    assert later["ratio"].between(0.9, 1.15).all()


def test_an_assumption_can_be_changed(census, newest):
    other = estimate_rates(census, as_of=2026, assumed=replace(Assumptions(), rural_departure=1.0))
    rate = other.migration.departure_rate
    pair = rate.where(rate.region == "621021", drop=True).values
    np.testing.assert_allclose(pair[0], pair[1])
    flow = [
        float((b.population.persons * b.migration.departure_rate).sum()) for b in (newest, other)
    ]
    assert flow[0] == pytest.approx(flow[1], rel=1e-9)


def test_districts_are_like_cities_and_counties_like_towns():
    types = residence_types(["621002", "621021"])
    assert types["621002", "urban"] == ["city", "town"]
    assert types["621021", "urban"] == ["town"]
    assert types["621021", "rural"] == ["rural"]


def test_every_draw_stays_between_the_mortality_levels_to_2040(newest):
    level = draw_rates(newest, years=range(2021, 2041), draws=4000, seed=9).vital.mortality_level
    assert level is not None
    assert 0 < float(level.min()) < 0.5 < float(level.max()) < 1

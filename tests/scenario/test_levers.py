"""Laws that every lever keeps, then what each one does, worked by hand."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
import xarray as xr

from qyforecast.errors import ScenarioError
from qyforecast.provenance import Evidence
from qyforecast.scenario.effect import Effect, Timing
from qyforecast.scenario.housing import Homes
from qyforecast.scenario.interventions import Family, Return
from qyforecast.scenario.levers import LEVERS
from qyforecast.scenario.people import Coming, Leaving, Mortality

JUDGED = Evidence("judgement", "a test", 2022)
#: All but the limit, which needs something to limit: its laws stand in test_housing.
ADDING = [kind for kind in LEVERS if kind != "homes_cap"]
SIZES = {
    "jobs": (3000, 1000, 9000),
    "reclassification": (900, 100, 4000),
    "homes": (600, 100, 900),
    "mortality": (0.02, -0.01, 0.06),
}


def made(kind, size=None, *, places=("621002",), **timing):
    """Make a lever of a kind, by default one that comes in over two years from 2021."""
    median, low, high = size or SIZES.get(kind, (0.1, -0.02, 0.3))
    where = None if kind == "mortality" or places is None else dict.fromkeys(places, 1.0)
    when = Timing(**({"start": 2021, "ramp": 2} | timing))
    return LEVERS[kind](f"a {kind}", Effect(median, low, high, JUDGED), when, where)


def pull(lever, drivers, rates, seed=3):
    return lever.act(drivers, rates, lever.strength(drivers, seed=seed))


def arrays(noun, path=""):
    """List every array of nested nouns, None as None."""
    if is_dataclass(noun):
        for field in fields(noun):
            yield from arrays(getattr(noun, field.name), f"{path}.{field.name}")
    elif isinstance(noun, xr.DataArray):
        yield path, noun


def largest_gap(one, two):
    """Compare all arrays by labels; where only one is there, it must be neutral."""
    first, second = dict(arrays(one)), dict(arrays(two))
    gaps = [0.0]
    for path in first.keys() | second.keys():
        a, b = (side.get(path, xr.DataArray(float("scale" in path))) for side in (first, second))
        scale = float(np.abs(b).max()) or 1.0
        gaps.append(float(np.abs(a - b).max()) / max(scale, 1.0))
    return max(gaps)


@pytest.mark.parametrize("kind", ADDING)
def test_a_lever_does_something(kind, drivers, rates):
    changed = pull(made(kind), drivers, rates)
    assert max(map(largest_gap, (drivers, rates), changed)) > 1e-3


@pytest.mark.parametrize("kind", ADDING)
def test_a_lever_and_its_inverse_cancel(kind, drivers, rates):
    lever = made(kind)
    there = pull(lever, drivers, rates)
    back = pull(lever.scaled(-1), *there)
    assert largest_gap(back[0], drivers) < 1e-12
    assert largest_gap(back[1], rates) < 1e-12


@pytest.mark.parametrize("kind", ADDING)
def test_zero_strength_changes_no_bit(kind, drivers, rates):
    lever = made(kind).scaled(0)
    changed = pull(lever, drivers, rates)
    assert largest_gap(changed[0], drivers) == 0
    assert largest_gap(changed[1], rates) == 0


@pytest.mark.parametrize("kind", ADDING)
def test_draws_without_strength_are_left_as_they_are(kind, drivers, rates):
    lever = made(kind)
    strength = lever.strength(drivers, seed=3)
    only_last = strength.where(strength["draw"] == 2, 0.0)
    changed = lever.act(drivers, rates, only_last)
    for before, after in zip((drivers, rates), changed, strict=True):
        first, second = dict(arrays(before)), dict(arrays(after))
        for path, array in second.items():
            if "draw" in array.dims:
                neutral = float("scale" in path)
                gap = array.isel(draw=[0, 1]) - first.get(path, neutral)
                assert float(np.abs(gap).max()) == 0, path


@pytest.mark.parametrize("kind", sorted(set(ADDING) - {"mortality"}))
def test_a_lever_acts_only_in_its_place_and_from_its_start(kind, drivers, rates):
    changed = pull(made(kind, start=2022), drivers, rates)
    for before, after in zip((drivers, rates), changed, strict=True):
        first, second = dict(arrays(before)), dict(arrays(after))
        for path, array in second.items():
            if array.dims[:3] == ("draw", "year", "region"):
                gap = abs(array - first.get(path, float("scale" in path)))
                assert float(gap.sel(region="621021").max()) == 0, path
                assert float(gap.sel(year=2021).max()) == 0, path


@pytest.mark.parametrize("kind", ADDING)
def test_labels_decide_not_order(kind, drivers, rates):
    turned = replace(
        drivers,
        **{
            name: getattr(drivers, name).isel(region=[1, 0])
            for name in ("employment", "value_added", "employed", "pace")
        },
    )
    straight = pull(made(kind, places=("621021",)), drivers, rates)
    around = pull(made(kind, places=("621021",)), turned, rates)
    assert largest_gap(straight[0], around[0]) < 1e-15
    assert largest_gap(straight[1], around[1]) < 1e-15


def test_the_same_name_gives_the_same_draws_whatever_the_size(drivers):
    one, two = made("pace", (0.1, 0.0, 0.2)), made("pace", (0.2, 0.0, 0.4))
    np.testing.assert_allclose(
        2 * one.strength(drivers, seed=5), two.strength(drivers, seed=5), rtol=1e-12
    )


def test_another_seed_or_name_gives_other_draws(drivers):
    lever = made("pace")
    drawn = lever.strength(drivers, seed=5)
    assert not np.isclose(drawn, lever.strength(drivers, seed=6)).any()
    assert not np.isclose(drawn, replace(lever, name="b").strength(drivers, seed=5)).any()


def test_jobs_worked_by_hand(drivers, rates):
    """3,600 jobs among 180,000 employed, half of them wanted from farming.

    Farming's first number of people F0 loses the share 1 - exp(-1800 / F0).
    """
    lever = made("jobs", (3600, 3600, 3600), ramp=1)
    before, after = drivers, pull(lever, drivers, rates)[0]
    at = {"draw": 1, "region": "621002"}
    farmers_base = 180_000 * float(before.employment.sel(year=2020, sector="primary", **at))
    persons = 180_000 * before.employment.sel(year=2023, **at)
    farming, industry, services = persons.values.tolist()
    left = farming * (1 - np.exp(-0.5 * 3600 / farmers_base))
    total = 180_000 + 3600 - left
    expected = np.array([farming - left, industry + 3600, services]) / total
    np.testing.assert_allclose(after.employment.sel(year=2023, **at), expected, rtol=1e-13)
    assert float(after.employed.sel(year=2023, **at)) == pytest.approx(total)
    assert float(after.employed.sel(year=2020, **at)) == 180_000


def test_the_order_of_jobs_does_not_matter(drivers, rates):
    park = made("jobs")
    centre = replace(made("jobs", (500, 100, 900)), name="centre", sector="tertiary")
    one = pull(centre, *pull(park, drivers, rates))[0]
    two = pull(park, *pull(centre, drivers, rates))[0]
    assert largest_gap(one, two) < 1e-13


def test_many_jobs_never_leave_fewer_than_no_farmers(drivers, rates):
    huge = made("jobs", (170_000, 170_000, 170_000), ramp=1)
    farmers = pull(huge, drivers, rates)[0].employment.sel(sector="primary", region="621002")
    assert (farmers > 0).all()


def test_jobs_in_ten_thousands_of_persons_mistaken_for_persons_are_refused(drivers, rates):
    with pytest.raises(ScenarioError, match="more jobs than the county has workers") as raised:
        pull(made("jobs", (3e7, 3e7, 3e7)), drivers, rates)
    assert "region 621002" in str(raised.value)


def test_ending_more_jobs_than_there_are_is_refused(drivers, rates):
    with pytest.raises(ScenarioError, match="ends more jobs than there are in the sector"):
        pull(made("jobs", (-175_000, -175_000, -175_000)), drivers, rates)


def test_a_shift_of_value_added_moves_the_log_odds(drivers, rates):
    after = pull(made("value_added", (0.4, 0.4, 0.4), ramp=1), drivers, rates)[0].value_added
    before = drivers.value_added

    def log_odds(shares):
        own = shares.sel(year=2022, region="621002", sector="secondary").values
        return np.log(own / (1 - own))

    np.testing.assert_allclose(log_odds(after) - log_odds(before), 0.4, rtol=1e-12)
    others = {"year": 2022, "region": "621002", "sector": ["primary", "tertiary"]}
    kept = after.sel(others) / before.sel(others)
    np.testing.assert_allclose(kept.isel(sector=0), kept.isel(sector=1), rtol=1e-12)


@pytest.mark.parametrize(
    ("kind", "field"), [("reclassification", "reclassified"), ("homes", "extra_movers")]
)
def test_people_come_in_equal_parts_over_the_ramp_and_no_more(kind, field, drivers, rates):
    lever = replace(made(kind, (900, 900, 900)), places={"621002": 2.0, "621021": 0.5})
    flow = getattr(pull(lever, drivers, rates)[1].interventions, field)
    assert flow.sel(draw=0, region="621002").values.tolist() == [900, 900, 0]
    assert flow.sel(draw=0, region="621021").values.tolist() == [225, 225, 0]


def test_what_was_done_by_the_base_year_is_not_done_again(drivers, rates):
    later = replace(drivers, base_year=2021)
    towns = made("reclassification", (900, 900, 900), ramp=3)
    flow = pull(towns, later, rates)[1].interventions.reclassified
    assert flow["year"].values.tolist() == [2022, 2023]
    np.testing.assert_allclose(flow.sel(draw=0, region="621002"), [300, 300], rtol=1e-12)
    faster = made("pace", (0.3, 0.3, 0.3), ramp=3, end=2022)
    pace = pull(faster, later, rates)[0].pace.sel(draw=0, region="621002")
    np.testing.assert_allclose(pace, [0, 0, 0.1, -0.1], atol=1e-15)


def test_people_who_stay_for_good_have_no_end():
    with pytest.raises(ScenarioError, match="has no end"):
        Homes("h", Effect(1, 1, 1, JUDGED), Timing(2021, 1, end=2022))


def test_scales_multiply_what_is_there(drivers, rates):
    halved = made("fertility", (np.log(0.5),) * 3, places=None, ramp=1)
    after = pull(halved, drivers, rates)[1].vital.fertility_scale
    assert after is not None
    np.testing.assert_allclose(after, 0.5 * rates.vital.fertility_scale, rtol=1e-14)


def test_two_levers_on_one_quantity_add(drivers, rates):
    one = made("family", (0.1, 0.1, 0.1), ramp=1)
    two = replace(made("family", (0.2, 0.2, 0.2), ramp=1), name="b")
    interventions = pull(two, *pull(one, drivers, rates))[1].interventions
    after = interventions and interventions.followers
    assert after is not None
    np.testing.assert_allclose(after.sel(region="621002"), 0.3, rtol=1e-14)
    assert not after.sel(region="621021").any()


def test_more_than_all_returners_cannot_stay(drivers, rates):
    with pytest.raises(ScenarioError, match="retained would be more than 1") as raised:
        pull(made("return", (1.2, 1.2, 1.2)), drivers, rates)
    assert "year 2022, region 621002" in str(raised.value)


def test_mortality_beyond_its_tables_is_refused(drivers, rates):
    with pytest.raises(ScenarioError, match="outside 0 to 1"):
        pull(made("mortality", (0.9, 0.9, 0.9)), drivers, rates)


def test_mortality_of_one_county_is_refused():
    with pytest.raises(ScenarioError, match="whole city"):
        Mortality("m", Effect(0, 0, 0, JUDGED), Timing(2021), {"621002": 1.0})


@pytest.mark.parametrize("cls", [Return, Family, Homes, Leaving, Coming, Mortality])
def test_a_lever_with_nothing_to_act_on_is_refused(cls, drivers, rates):
    vital = replace(
        rates.vital,
        mortality_level=None,
        survivorship=rates.vital.survivorship.sel(level="low", drop=True),
        birth_survivorship=rates.vital.birth_survivorship.sel(level="low", drop=True),
    )
    bare = replace(rates, vital=vital, migration=None, mobility=None)
    with pytest.raises(ScenarioError, match="nothing to act on"):
        pull(cls("x", Effect(0.01, 0.01, 0.01, JUDGED), Timing(2021)), drivers, bare)


def test_net_migrants_are_not_scaled_as_if_they_were_arrivals(drivers, rates):
    net = replace(rates.migration, arrivals=-rates.migration.arrivals)
    with pytest.raises(ScenarioError, match="nothing to act on"):
        pull(made("coming"), drivers, replace(rates, migration=net))


def test_a_place_that_the_data_do_not_have_is_refused(drivers, rates):
    with pytest.raises(ScenarioError, match="region that the data do not have"):
        pull(made("pace", places=("999999",)), drivers, rates)

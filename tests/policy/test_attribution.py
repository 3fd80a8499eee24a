"""Gains shared out, judged effects held, goals sought: on the city's own accounts."""

from dataclasses import replace

import numpy as np
import pytest

from qyforecast.decide.targets import assess
from qyforecast.errors import OutOfReach, ScenarioError
from qyforecast.policy.attribution import players_of, rest_on_judgement, share_out, share_reached
from qyforecast.policy.comparison import compare_scenarios
from qyforecast.policy.glance import glance
from qyforecast.policy.seeking import pull_together, seek_mix, seek_strength
from qyforecast.report.iamc import LABELS, iamc_table
from tests.policy.conftest import DRAWS, SEED


def test_shares_of_a_gain_sum_to_it(future, library, by_2035):
    scenario = library["key-towns"]
    found = share_out(future, scenario, by_2035, seed=SEED, draws=DRAWS)
    runs = [
        share_reached(future, one, by_2035, seed=SEED)
        for one in (scenario, replace(scenario, levers=()))
    ]
    gain = [float((r >= by_2035.bar).mean()) for r in runs]
    assert found.values[:, 0].sum() == pytest.approx(gain[0] - gain[1], abs=1e-9)
    points = 100 * (runs[0].mean() - runs[1].mean())
    assert found.values[:, 1].sum() == pytest.approx(points, abs=1e-9)
    assert points > 0.5
    assert (found.values[:, 1] > 0).all()


def test_a_lever_of_no_strength_gets_nothing_and_halves_of_one_the_same(future, library, by_2035):
    (whole, *_) = library["key-towns"].levers
    flat = replace(whole, effect=replace(whole.effect, low=1200, high=1200))
    idle = replace(flat, name="idle").scaled(0.0)
    levers = (replace(flat, name="one"), idle, replace(flat, name="two"))
    scenario = replace(library["key-towns"], levers=levers, origins={})
    found = share_out(future, scenario, by_2035, seed=SEED, draws=40)
    one, none, two = found.values[:, 1]
    assert none == 0
    assert one == pytest.approx(two, abs=1e-9)
    assert one > 0.1


def test_a_bundle_is_shared_out_by_the_scenarios_it_inherits(library):
    players = players_of(library["all-of-it"])
    assert len(players) <= 10
    assert sum(map(len, players.values())) == len(library["all-of-it"].levers)
    assert set(players_of(library["settling-in"])) == {"return-to-village", "families-follow"}


def test_judged_effects_held_at_their_ends_lie_in_order(future, library, by_2035):
    (found,) = rest_on_judgement(future, library["key-towns"], [by_2035], seed=SEED)
    chances = [found.without, found.low, found.median, found.high]
    values = [chance.value for chance in chances]
    assert values == sorted(values)
    assert values[3] > values[0]
    base = share_reached(future, library["baseline"], by_2035, seed=SEED)
    assert values[0] == (base >= by_2035.bar).mean()
    assert (found.judged, found.levers) == (4, 4)


def test_tables_agree_with_the_runs_they_come_from(future, library, targets, by_2035):
    chosen = [library[name] for name in ("baseline", "key-towns")]
    found = compare_scenarios(future, chosen, targets, seed=SEED)
    rows = found.chances.set_index(["scenario", "region_code", "target"])
    row = rows.loc[("key-towns", by_2035.region, by_2035.name)]
    one, two = (glance(future, s, years=(2035,), seed=SEED) for s in chosen[::-1])
    told = assess(one.urban_share, by_2035)
    assert row["probability"] == told.probability
    assert row["shortfall_points"] == pytest.approx(told.shortfall)
    gained = one.persons(by_2035) - two.persons(by_2035)
    assert row["gain_persons"] == pytest.approx(np.median(gained))
    assert 10_000 < row["gain_persons"] < 60_000
    counties = rows.xs("key-towns").query("target == @by_2035.name")["gain_persons"]
    assert (counties > 0).all()
    own = rows.loc[("baseline", by_2035.region, by_2035.name)]
    assert (own["difference"], own["difference_error"], own["gain_persons"]) == (0, 0, 0)
    first = found.first_year.groupby(["scenario", "region_code", "target"])["probability"].sum()
    np.testing.assert_allclose(first, 1, atol=1e-12)
    both = found.together.set_index(["scenario", "region_code"])["probability"]
    assert both[("key-towns", by_2035.region)] <= row["probability"]
    pair = found.pairs.set_index(["year", "scenario", "other"])
    forth, back = (
        pair.loc[(2035, "key-towns", "baseline")],
        pair.loc[(2035, "baseline", "key-towns")],
    )
    assert forth["beats"] + back["beats"] + forth["ties"] == pytest.approx(1)
    assert forth["beats"] == row["beats"]


def test_growth_adds_up_in_every_table(future, library, targets):
    found = compare_scenarios(future, [library["baseline"], library["layout"]], targets, seed=SEED)
    by_part = found.growth.pivot_table(
        index=["scenario", "region_code", "year"], columns="component", values="mean"
    )
    whole = by_part.pop("all")
    np.testing.assert_allclose(by_part.sum(axis=1), whole, atol=1e-6)
    assert (by_part["reclassification"].xs("baseline") == 0).all()
    assert (by_part["reclassification"].xs("layout") > 0).all()


def test_the_iamc_layout_has_a_row_for_each_variable(future, library, targets, census):
    found = compare_scenarios(future, [library["baseline"]], targets, seed=SEED)
    table = iamc_table(found, {code: name[1] for code, name in census.names.items()})
    assert list(table.columns[:5]) == LABELS
    assert list(table.columns[5:]) == ["2025", "2035"]
    assert not table.duplicated(LABELS).any()
    row = table[
        (table["region"] == census.names[census.city][1])
        & (table["variable"] == "Probability|2035-at-least-65")
    ].iloc[0]
    chances = found.chances.query("target == '2035-at-least-65' and region_code == @census.city")
    assert row["2035"] == pytest.approx(100 * chances.iloc[0]["probability"])
    assert np.isnan(row["2025"])
    assert row["model"].endswith("as of 2021")


def test_a_scenario_is_compared_with_one_that_is_run(future, library, targets):
    with pytest.raises(ScenarioError, match="not run"):
        compare_scenarios(future, [library["layout"]], targets, seed=SEED)


def test_a_strength_is_sought_and_found_on_the_accounts(future, library, by_2035):
    pulled = pull_together(library, ["key-towns"])
    before = (share_reached(future, library["baseline"], by_2035, seed=SEED) >= by_2035.bar).mean()
    wanted = float(before) + 0.1
    found = seek_strength(future, pulled, by_2035, wanted, most=3, seed=SEED)
    assert 0 < found.strength < 3
    assert found.probability.value >= wanted
    softer = [lever.scaled(0.9 * found.strength) for lever in pulled.levers]
    less = share_reached(future, replace(pulled, levers=tuple(softer)), by_2035, seed=SEED)
    assert (less >= by_2035.bar).mean() < wanted


def test_what_no_training_can_do_is_refused(future, library, by_2035):
    with pytest.raises(OutOfReach, match="no strength up to 2 times"):
        seek_strength(future, pull_together(library, ["skills"]), by_2035, 0.99, most=2, seed=SEED)


def test_the_cheaper_of_two_like_levers_is_taken(future, library, by_2035):
    pulled = pull_together(library, ["key-towns-first-class", "key-towns-second-class"])
    terms = {"key-towns-first-class": (1.0, 4.0), "key-towns-second-class": (50.0, 4.0)}
    before = (share_reached(future, library["baseline"], by_2035, seed=SEED) >= by_2035.bar).mean()
    found = seek_mix(future, pulled, by_2035, float(before) + 0.05, terms=terms, seed=SEED)
    assert found.strengths[0] > 10 * found.strengths[1]
    assert found.probability.value >= before + 0.05


def test_a_misspelt_lever_is_named(library):
    with pytest.raises(ScenarioError, match="no such lever") as raised:
        pull_together(library, ["key-town"])
    assert "key-towns" in raised.value.cure

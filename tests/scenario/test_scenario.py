from dataclasses import replace

import numpy as np
import pytest

from qyforecast.errors import ScenarioError
from qyforecast.provenance import Evidence
from qyforecast.scenario.economy import Jobs, Pace
from qyforecast.scenario.effect import Effect, Timing
from qyforecast.scenario.interventions import Reclassification, Return
from qyforecast.scenario.scenario import Scenario

JUDGED = Evidence("judgement", "a test", 2022)
PACE = Pace("faster", Effect(0.02, 0.0, 0.05, JUDGED), Timing(2021, 2))
STAY = Return("stay", Effect(0.1, 0.0, 0.2, JUDGED), Timing(2021, 2))


def scenario(*levers, name="a"):
    return Scenario(name, "What if?", "五", "baseline", (), levers)


def test_nothing_done_is_nothing_changed(drivers, rates):
    after = scenario().apply(drivers, rates, seed=1)
    assert after[0] is drivers
    assert after[1] is rates


def test_levers_of_no_strength_are_nothing_changed(drivers, rates):
    after = scenario(PACE.scaled(0), STAY.scaled(0)).apply(drivers, rates, seed=1)
    assert after[0] is drivers
    assert after[1] is rates


def test_a_lever_has_the_same_draws_in_every_scenario(drivers, rates):
    alone = scenario(PACE).apply(drivers, rates, seed=1)
    bundle = scenario(STAY, PACE, name="b").apply(drivers, rates, seed=1)
    np.testing.assert_array_equal(alone[0].pace, bundle[0].pace)
    assert bundle[1].interventions is not None
    assert alone[1] is rates


def test_the_same_seed_gives_the_same_futures(drivers, rates):
    one, two, other = (scenario(PACE).apply(drivers, rates, seed=s)[0] for s in (1, 1, 2))
    np.testing.assert_array_equal(one.pace, two.pace)
    assert not np.array_equal(one.pace, other.pace)


def test_the_arguments_stay_as_they_were(drivers, rates):
    scenario(PACE).apply(drivers, rates, seed=1)
    assert not drivers.pace.values.any()
    assert rates.interventions is None


def test_two_levers_of_one_name_are_refused():
    with pytest.raises(ScenarioError, match="one name"):
        scenario(PACE, replace(STAY, name="faster"))


def test_levers_that_contradict_are_refused():
    slower = replace(PACE, name="slower", effect=Effect(-0.01, -0.02, 0.0, JUDGED))
    with pytest.raises(ScenarioError, match="faster and slower"):
        scenario(PACE, slower)


def test_opposite_levers_elsewhere_or_at_another_time_do_not_contradict():
    down = Effect(-0.01, -0.02, 0.0, JUDGED)
    here = replace(PACE, places={"621002": 1.0}, timing=Timing(2021, 1, end=2022))
    later = replace(here, name="later", effect=down, timing=Timing(2023, 1))
    there = replace(here, name="there", effect=down, places={"621021": 1.0})
    assert len(scenario(here, later, there).levers) == 3


def test_opposite_jobs_in_two_sectors_do_not_contradict():
    up, down = Effect(900, 500, 1000, JUDGED), Effect(-900, -1000, -500, JUDGED)
    parks = Jobs("parks", up, Timing(2021))
    shops = Jobs("shops", down, Timing(2021), sector="tertiary")
    assert len(scenario(parks, shops).levers) == 2


def test_a_scenario_is_not_its_own_baseline():
    with pytest.raises(ScenarioError, match="own baseline"):
        scenario(name="baseline")


def test_years_of_drivers_and_rates_must_agree(drivers, rates):
    towns = Reclassification("towns", Effect(900, 500, 1000, JUDGED), Timing(2021))
    once = scenario(towns).apply(drivers, rates, seed=1)
    short = replace(
        drivers,
        **{
            name: getattr(drivers, name).sel(year=[2020, 2021])
            for name in ("employment", "value_added", "pace")
        },
    )
    with pytest.raises(ScenarioError, match="different years"):
        scenario(towns).apply(short, once[1], seed=1)

"""What is written is read back."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qyforecast.census.census import read_census
from qyforecast.errors import ScenarioError
from qyforecast.provenance import shipped_folder
from qyforecast.scenario.effect import Effect, Timing
from qyforecast.scenario.files import read_scenario, read_scenarios
from qyforecast.scenario.housing import HomesCap
from qyforecast.scenario.scenario import Scenario
from qyforecast.scenario.writing import scenario_text


@pytest.fixture(scope="module")
def regions():
    return read_census().regions


@pytest.fixture(scope="module")
def library(regions):
    return read_scenarios(shipped_folder("scenarios"), regions=regions)


def again(scenario: Scenario, folder, regions) -> Scenario:
    path = folder / f"{scenario.name}.yaml"
    path.write_text(scenario_text(scenario, "two\nlines"), encoding="utf-8")
    return read_scenario(path, regions=regions)


def test_every_scenario_of_the_library_comes_back(library, regions, tmp_path):
    assert len(library) > 10
    for one in library.values():
        assert again(one, tmp_path, regions) == replace(one, origins={})


def test_strength_goes_into_the_effect_and_the_stream_stays(library, regions, tmp_path):
    one = library["settling-in"]
    hard = replace(one, levers=tuple(lever.scaled(1.5) for lever in one.levers), origins={})
    back = again(hard, tmp_path, regions)
    for lever, read in zip(hard.levers, back.levers, strict=True):
        assert (read.name, read.factor) == (lever.name, 1.0)
        assert read.effect.median == pytest.approx(lever.dose * lever.effect.median, rel=1e-15)
        assert read.effect.high == pytest.approx(lever.dose * lever.effect.high, rel=1e-15)


def test_a_limit_comes_back_in_full_and_not_in_part(library, regions, tmp_path):
    like = library["services-homes"].levers[0]
    effect = Effect(500.0, 200.0, 900.0, like.effect.evidence, "split-lognormal")
    cap = HomesCap("cap", effect, Timing(2025, 3), {"621002": 0.25}, movers=2000.0)
    one = replace(library["settling-in"], levers=(cap,), origins={})
    assert again(one, tmp_path, regions) == one
    with pytest.raises(ScenarioError, match="limit in part"):
        scenario_text(replace(one, levers=(cap.scaled(0.5),)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(words=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1))
def test_words_come_back_as_they_are(words, library, regions, tmp_path):
    if not words.strip():
        return
    one = replace(library["settling-in"], question=words, omissions=(words,), origins={})
    back = again(one, tmp_path, regions)
    assert back.question == words.strip()
    assert back.omissions == (words,)

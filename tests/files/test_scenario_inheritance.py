"""Scenarios that inherit, and effects held against the people there are."""

import pytest

from qyforecast.errors import ScenarioError
from qyforecast.scenario.files import read_scenario, read_scenarios
from qyforecast.scenario.ground import Ground
from tests.files.test_scenario_files import COUNTIES, GOOD, write

GROUND = Ground(
    COUNTIES, 2020, dict.fromkeys(COUNTIES, 100_000.0), dict.fromkeys(COUNTIES, 80_000.0)
)
HEIR = """\
name: heir
question: What if both?
chapter: 五
baseline: null
inherits: [example]
omissions: []
levers: []
"""
TOWN = """\
  - {name: town, lever: reclassification, unit: person, places: [621002], start: 2022, ramp: 1,
     effect: {median: 900, low: 100, high: 4000},
     evidence: {grade: judgement, source: a guess, year: 2022}}
"""


def test_levers_are_inherited_and_know_where_they_stand(tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path, HEIR.replace("levers: []", "levers:\n" + TOWN), "heir")
    heir = read_scenario(tmp_path / "heir.yaml", regions=COUNTIES)
    assert [lever.name for lever in heir.levers] == ["park", "town"]
    assert heir.origins == {"park": "example", "town": "heir"}


def test_a_lever_that_comes_by_two_ways_is_one_lever(tmp_path):
    write(tmp_path, GOOD.replace("baseline: baseline", "baseline: null"))
    write(tmp_path, HEIR, "heir")
    write(tmp_path, HEIR.replace("heir", "both").replace("[example]", "[example, heir]"), "both")
    both = read_scenarios(tmp_path, regions=COUNTIES)["both"]
    assert [lever.name for lever in both.levers] == ["park"]


@pytest.mark.parametrize(
    ("files", "words", "found"),
    [
        ({"heir": HEIR.replace("example", "heir")}, "inherits from itself", "heir -> heir"),
        (
            {
                "heir": HEIR.replace("[example]", "[other]"),
                "other": HEIR.replace("heir", "other").replace("example", "heir"),
            },
            "inherits from itself",
            "heir -> other -> heir",
        ),
        ({"heir": HEIR.replace("[example]", "[../secret]")}, "not in its folder", "../secret"),
        ({"heir": HEIR.replace("[example]", "[exampel]")}, "not in its folder", "exampel"),
        ({"heir": HEIR.replace("[example]", "example")}, "a list is wanted", "'example'"),
    ],
)
def test_what_cannot_be_inherited_is_named_with_file_line_and_key(files, words, found, tmp_path):
    write(tmp_path, GOOD)
    write(tmp_path.parent, GOOD, "secret")
    for name, text in files.items():
        write(tmp_path, text, name)
    with pytest.raises(ScenarioError, match=words) as raised:
        read_scenario(tmp_path / "heir.yaml", regions=COUNTIES)
    assert "line 5, key inherits" in raised.value.where
    assert raised.value.found == found


def test_a_file_that_leads_out_of_the_folder_is_not_inherited(tmp_path):
    outside = write(tmp_path, GOOD)
    folder = tmp_path / "scenarios"
    folder.mkdir()
    write(folder, HEIR, "heir")
    (folder / "example.yaml").symlink_to(outside)
    with pytest.raises(ScenarioError, match="outside its folder"):
        read_scenario(folder / "heir.yaml", regions=COUNTIES)


def test_a_contradiction_between_parents_is_put_down_to_inherits(tmp_path):
    stay = TOWN.replace("reclassification", "pace").replace(
        "unit: person", "unit: log odds per year"
    )
    for name, sign in (("up", ""), ("down", "-")):
        effect = f"{{median: {sign}0.01, low: {sign}0.01, high: {sign}0.01}}"
        lever = stay.replace("{median: 900, low: 100, high: 4000}", effect).replace("town", name)
        text = HEIR.replace("heir", name).replace("inherits: [example]\n", "")
        write(tmp_path, text.replace("levers: []", "levers:\n" + lever), name)
    write(tmp_path, HEIR.replace("[example]", "[up, down]"), "heir")
    with pytest.raises(ScenarioError, match="contradict") as raised:
        read_scenario(tmp_path / "heir.yaml", regions=COUNTIES)
    assert "key inherits" in raised.value.where


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("high: 4000", "high: 90000", "more jobs than people of working age"),
        ("ramp: 5", "ramp: 5\n    saturation: 0.5", "more than 1"),
        ("ramp: 5", "ramp: 5\n    ages: [20, 34]", "felt at all ages"),
        ("ramp: 5", "ramp: 5\n    ages: [20]", "two ages"),
    ],
)
def test_what_the_people_do_not_allow_is_refused_with_line_and_key(old, new, words, tmp_path):
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ScenarioError, match=words) as raised:
        read_scenario(path, regions=COUNTIES, ground=GROUND)
    assert f"{path}, line " in raised.value.where
    assert "key levers[1]" in raised.value.where


def test_more_people_are_not_reclassified_than_live_there(tmp_path):
    text = GOOD[: GOOD.index("  - name: park")] + TOWN
    assert len(read_scenario(write(tmp_path, text), regions=COUNTIES, ground=GROUND).levers) == 1
    path = write(tmp_path, text.replace("high: 4000", "high: 140000"))
    with pytest.raises(ScenarioError, match="more people than live there") as raised:
        read_scenario(path, regions=COUNTIES, ground=GROUND)
    assert "line 9, key levers[1].effect" in raised.value.where
    assert "140,000 of 100,000" in raised.value.found

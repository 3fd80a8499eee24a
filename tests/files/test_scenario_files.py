"""Every shipped scenario is read, and every fault in one is named with its line and cure."""

from pathlib import Path

import pytest

from qyforecast.decide.target_files import read_targets
from qyforecast.documents import LARGEST
from qyforecast.errors import ScenarioError
from qyforecast.scenario.files import read_document, read_scenario, read_scenarios
from qyforecast.scenario.interventions import Reclassification

CITY = "621000"
COUNTIES = ("621002", *(f"6210{number}" for number in range(21, 28)))
GOOD = """\
name: example
question: What if?
chapter: 五(三)
baseline: baseline
omissions:
  - Much.
levers:
  - name: park
    lever: jobs
    unit: person
    sector: secondary
    from_primary: 0.5
    places: [621002]
    start: 2022
    ramp: 5
    end: 2030
    effect: {median: 1500, low: 500, high: 4000, shape: split-lognormal}
    evidence: {grade: judgement, source: a guess, year: 2022}
"""
EVIDENCE = "    evidence: {grade: judgement, source: a guess, year: 2022}\n"
STAYING = """\
  - {name: NAME, lever: return, unit: share of returners who stay, places: all, start: 2022,
     ramp: 1, effect: {median: SIZE, low: -1, high: 1},
     evidence: {grade: judgement, source: a guess, year: 2022}}
"""

# What is replaced, by what; then what the message must say: line, key, fault, cure.
FAULTS = {
    "unknown key": ("question:", "qestion:", 2, "qestion", "unknown key", "'question'"),
    "unknown key of a lever": ("ramp:", "rampe:", 15, "levers[1].rampe", "unknown key", "'ramp'"),
    "key of another lever": (
        "lever: jobs",
        "lever: pace",
        11,
        "levers[1].sector",
        "unknown key",
        "known: ",
    ),
    "unknown key of an effect": (
        "low:",
        "lo:",
        17,
        "levers[1].effect.lo",
        "unknown key",
        "'low'",
    ),
    "unknown key of evidence": (
        "source:",
        "sources:",
        18,
        "levers[1].evidence.sources",
        "unknown key",
        "'source'",
    ),
    "missing key": ("chapter: 五(三)\n", "", 1, "chapter", "missing", "add 'chapter:'"),
    "key twice": ("question: What if?", "name: example", 2, "name", "stands twice", "keep one"),
    "name of another file": (
        "name: example",
        "name: other",
        1,
        "name",
        "named as its file",
        "example",
    ),
    "no evidence": (EVIDENCE, "", 8, "levers[1].evidence", "without evidence", "judgement"),
    "no source": (
        "source: a guess",
        "source: ''",
        18,
        "levers[1].evidence.source",
        "words",
        "quote",
    ),
    "unknown grade": (
        "judgement",
        "guessed",
        18,
        "levers[1].evidence.grade",
        "unknown word",
        "judgement",
    ),
    "unknown lever": ("lever: jobs", "lever: job", 9, "levers[1].lever", "unknown word", "'jobs'"),
    "unknown sector": (
        "sector: secondary",
        "sector: second",
        11,
        "levers[1].sector",
        "unknown word",
        "'secondary'",
    ),
    "jobs in farming": (
        "sector: secondary",
        "sector: primary",
        12,
        "levers[1].from_primary",
        "secondary or tertiary",
        "",
    ),
    "share of two": (
        "from_primary: 0.5",
        "from_primary: 2",
        12,
        "levers[1].from_primary",
        "between 0 and 1",
        "",
    ),
    "ten thousands": (
        "unit: person",
        "unit: 10 thousand persons",
        10,
        "levers[1].unit",
        "another unit",
        "convert to 'person'",
    ),
    "no such county": (
        "621002",
        "621003",
        13,
        "levers[1].places",
        "does not exist",
        "did you mean '621",
    ),
    "county twice": (
        "[621002]",
        "[621002, 621002]",
        13,
        "levers[1].places",
        "named twice",
        "once",
    ),
    "nowhere": ("[621002]", "[]", 13, "levers[1].places", "places are wanted", "all"),
    "before the base year": (
        "start: 2022",
        "start: 2020",
        14,
        "levers[1].start",
        "later than 2020",
        "2021",
    ),
    "end before start": ("end: 2030", "end: 2021", 16, "levers[1].end", "before it starts", ""),
    "a date for a year": (
        "start: 2022",
        "start: 2022-04-29",
        14,
        "levers[1].start",
        "whole number",
        "digits",
    ),
    "half a ramp": ("ramp: 5", "ramp: 2.5", 15, "levers[1].ramp", "whole number", "digits"),
    "median outside": (
        "median: 1500",
        "median: 150",
        17,
        "levers[1].effect.median",
        "does not contain the median",
        "low <= median",
    ),
    "words for a number": (
        "median: 1500",
        "median: many",
        17,
        "levers[1].effect.median",
        "number is wanted",
        "digits",
    ),
    "not a number": (
        "median: 1500",
        "median: .nan",
        17,
        "levers[1].effect.median",
        "number is wanted",
        "digits",
    ),
    "yes for a number": (
        "median: 1500",
        "median: yes",
        17,
        "levers[1].effect.median",
        "number is wanted",
        "digits",
    ),
    "lognormal about zero": (
        "low: 500",
        "low: 0",
        17,
        "levers[1].effect.median",
        "one sign",
        "split-normal",
    ),
    "levers that are no list": (
        GOOD[GOOD.index("levers:") :],
        "levers: none",
        7,
        "levers",
        "list is wanted",
        "[]",
    ),
    "its own baseline": (
        "baseline: baseline",
        "baseline: example",
        4,
        "baseline",
        "own baseline",
        "",
    ),
    "one name for two levers": (
        EVIDENCE,
        EVIDENCE + STAYING.replace("NAME", "park").replace("SIZE", "0.1"),
        19,
        "levers[2]",
        "one name",
        "own name",
    ),
    "levers that contradict": (
        EVIDENCE,
        EVIDENCE
        + STAYING.replace("NAME", "stay").replace("SIZE", "0.1")
        + STAYING.replace("NAME", "go").replace("SIZE", "-0.1"),
        22,
        "levers[3]",
        "contradict",
        "net effect",
    ),
    "an alias": (
        "question: What if?",
        "question: &a What if?\nchapter: *a",
        2,
        "",
        "aliases are refused",
        "write the values out",
    ),
    "a tag": (
        "question: What if?",
        "question: !!python/object/apply:os.system [ls]",
        2,
        "",
        "tags are refused",
        "plainly",
    ),
    "deep nesting": (
        "question: What if?",
        "question: " + 12 * "[" + 12 * "]",
        2,
        "",
        "deep",
        "plainly",
    ),
    "broken YAML": ("question: What if?", "question: [", 4, "", "not YAML", "quotes"),
}


def write(folder: Path, text: str, name: str = "example") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_good(tmp_path):
    scenario = read_scenario(write(tmp_path, GOOD), regions=COUNTIES)
    (park,) = scenario.levers
    assert park.effect.evidence.grade == "judgement"
    assert park.places == {"621002": 1.0}
    assert (park.timing.start, park.timing.ramp, park.timing.end) == (2022, 5, 2030)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_line_key_and_cure(fault, tmp_path):
    old, new, line, key, words, cure = FAULTS[fault]
    assert GOOD.count(old) >= 1
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ScenarioError) as raised:
        read_scenario(path, regions=COUNTIES)
    error = raised.value
    place = f"{path}, line {line}" + (f", key {key}" if key else "")
    assert error.where == place
    assert words in error.what
    assert cure in error.cure


def test_a_large_file_is_refused_unread(tmp_path):
    with pytest.raises(ScenarioError, match="too large"):
        read_document(write(tmp_path, GOOD + "#" * LARGEST))


@pytest.mark.parametrize(
    ("content", "words"), [(b"name: \xff", "UTF-8"), (b"- a\n", "holds keys"), (b"\x00", "YAML")]
)
def test_what_is_no_text_with_keys_is_refused(content, words, tmp_path):
    (tmp_path / "a.yaml").write_bytes(content)
    with pytest.raises(ScenarioError, match=words):
        read_document(tmp_path / "a.yaml")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_document(tmp_path / "a.yaml")


def test_a_folder_without_scenarios_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="no scenarios"):
        read_scenarios(tmp_path, regions=COUNTIES)


def test_a_baseline_that_does_not_exist_is_refused(tmp_path):
    write(tmp_path, GOOD)
    with pytest.raises(ScenarioError, match="does not exist") as raised:
        read_scenarios(tmp_path, regions=COUNTIES)
    assert raised.value.found == "baseline"


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    inside = tmp_path / "scenarios"
    inside.mkdir()
    (inside / "example.yaml").symlink_to(write(tmp_path, GOOD))
    with pytest.raises(ScenarioError, match="outside its folder"):
        read_scenarios(inside, regions=COUNTIES)


def test_shipped_scenarios_come_with_a_question_and_what_they_omit(checkout):
    scenarios = read_scenarios(checkout / "scenarios", regions=COUNTIES)
    assert next(iter(scenarios)) == "baseline"
    assert set(scenarios) >= {"baseline", "industry-jobs", "settling-in", "key-towns"}
    assert not scenarios["baseline"].levers
    for scenario in scenarios.values():
        assert scenario.question.endswith("?")
        assert scenario.omissions
        for lever in scenario.levers:
            grade, source = lever.effect.evidence.grade, lever.effect.evidence.source
            # The plan gives no effect: what it does not say is nobody's measurement.
            assert grade in ("judgement", "estimated"), lever.name
            assert len(source) > 80, lever.name


def test_the_key_towns_are_the_thirty_of_box_1(checkout):
    """8 + 15 + 7 towns, the plan, chapter 3(1), box 1."""
    path = checkout / "scenarios" / "key-towns.yaml"
    levers = read_scenario(path, regions=COUNTIES).levers
    assert all(isinstance(lever, Reclassification) for lever in levers)
    towns = [sum((lever.places or {}).values()) for lever in levers]
    assert towns[:3] == [8, 15, 7]
    assert towns[3] == pytest.approx(1)


def test_shipped_targets_are_the_plan_s(checkout):
    """50 % or more in 2025, about 65 % in 2035: the plan, chapter 2(4)."""
    path = checkout / "scenarios" / "targets.yaml"
    targets = read_targets(path, regions=(CITY, *COUNTIES))
    city = {(t.name, t.year, t.threshold, t.bar) for t in targets if t.region == CITY}
    assert city == {
        ("2025-at-least-50", 2025, 0.50, 0.50),
        ("2035-at-least-65", 2035, 0.65, 0.65),
        ("2035-about-65", 2035, 0.65, 0.64),
    }
    assert len(targets) == 3 * 9
    assert all(target.evidence is not None for target in targets)


TARGETS = """\
targets:
  - name: half
    year: 2025
    threshold: 0.5
    reading: strict
    places: all
    evidence: {grade: published, source: the plan, year: 2022}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("threshold: 0.5", "threshold: 50", 4, "share between 0 and 1"),
        ("year: 2025", "year: 2020", 3, "later than 2020"),
        ("reading: strict", "reading: stric", 5, "unknown word"),
        ("reading: strict", "reading: about", 4, "states one"),
        ("places: all", "places: [621099]", 6, "does not exist"),
        ("year: 2025", "yeer: 2025", 3, "unknown key"),
        (TARGETS[TARGETS.index("    evidence") :], "", 2, "without evidence"),
        ("targets:\n", "targets:\n" + TARGETS[TARGETS.index("  - ") :], 8, "one name"),
        (TARGETS[TARGETS.index("\n") :], " []", 1, "no targets"),
    ],
)
def test_a_fault_in_a_target_is_named_with_its_line(old, new, line, words, tmp_path):
    path = write(tmp_path, TARGETS.replace(old, new, 1), "targets")
    with pytest.raises(ScenarioError, match=words) as raised:
        read_targets(path, regions=(CITY, *COUNTIES))
    assert f"{path}, line {line}, key targets" in raised.value.where

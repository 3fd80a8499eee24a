"""A scenario written as a file that `read_scenario` reads back."""

import json
from collections.abc import Mapping

from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario

#: Keys that only some kinds of lever have.
_OWN = ("sector", "from_primary", "movers")


def scenario_text(scenario: Scenario, comment: str = "") -> str:
    """Write a scenario as YAML, all its levers in the one file.

    How hard a lever is pulled goes into its effect; random streams hang on names, so the
    file gives the same draws.

    Parameters
    ----------
    scenario : Scenario
        What is done.
    comment : str
        Said in the first lines.

    Returns
    -------
    str
        Content of the file ``NAME.yaml``.

    Raises
    ------
    ScenarioError
        If a lever that acts through a limit is pulled in part: no file can say that.
    """
    lines = [f"# {line}" for line in comment.splitlines()]
    lines += [f"{key}: {_quoted(getattr(scenario, key))}" for key in ("name", "question")]
    lines += [f"chapter: {_quoted(scenario.chapter)}"]
    base = "null" if scenario.baseline is None else _quoted(scenario.baseline)
    lines += [f"baseline: {base}", "omissions:"]
    lines += [f"  - {_quoted(words)}" for words in scenario.omissions] or ["  []"]
    lines += ["levers:"]
    lines += [line for lever in scenario.levers for line in _lever_lines(lever)] or ["  []"]
    return "\n".join(lines) + "\n"


def _lever_lines(lever: Lever) -> list[str]:
    effect, timing, evidence = lever.effect, lever.timing, lever.effect.evidence
    dose = 1.0 if lever.factor == 1 else lever.dose
    if dose != 1 and lever.kind == "homes_cap":
        raise ScenarioError(
            "a limit in part cannot be written into a file",
            where=f"lever {lever.name}",
            found=f"{lever.factor:g} times",
            cure="pull it in full or leave it out",
        )
    low, high = sorted((dose * effect.low, dose * effect.high))
    values = f"median: {dose * effect.median!r}, low: {low!r}, high: {high!r}"
    places = "all" if lever.places is None else _places(lever.places)
    lines = [
        f"  - name: {_quoted(lever.name)}",
        f"    lever: {lever.kind}",
        f"    unit: {_quoted(lever.unit)}",
        f"    places: {places}",
        f"    start: {timing.start}",
        f"    ramp: {timing.ramp}",
        f"    effect: {{{values}, shape: {effect.shape}}}",
        "    evidence:",
        f"      grade: {evidence.grade}",
        f"      source: {_quoted(evidence.source)}",
        f"      year: {evidence.year}",
    ]
    lines += [] if timing.end is None else [f"    end: {timing.end}"]
    lines += [] if lever.ages is None else [f"    ages: [{lever.ages[0]}, {lever.ages[1]}]"]
    if lever.saturation is not None and dose == 1:
        lines.append(f"    saturation: {lever.saturation!r}")
    own = {key: getattr(lever, key) for key in _OWN if hasattr(lever, key)}
    return lines + [f"    {key}: {value}" for key, value in own.items()]


def _places(parts: Mapping[str, float]) -> str:
    return "{" + ", ".join(f"{_quoted(code)}: {part!r}" for code, part in parts.items()) + "}"


def _quoted(words: str) -> str:
    """Quote words as YAML does, which knows every escape of JSON's."""
    return json.dumps(words, ensure_ascii=False)

"""The library of scenarios as people read it: one page, one scenario, a new file."""

import re
from collections.abc import Mapping
from pathlib import Path

from qyforecast.census.census import Census
from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TEMPLATE = """\
# What the plan says and in which numbers; what the effects below rest on.
name: {name}
question: What if ...?
chapter: none
baseline: baseline
omissions:
  - Say what the scenario leaves out.
levers: []
# A lever looks like this; take out the [] above and the marks before it.
#  - name: {name}-homes
#    lever: homes           # jobs, value_added, pace, return, family, leaving, coming,
#    unit: person           #   reclassification, homes, homes_cap, fertility, mortality
#    places: all            # all, a list of region codes, or code: part of the effect
#    start: 2027
#    ramp: 3                # years until fully in force
#    effect: {{median: 1000, low: 300, high: 3000, shape: split-lognormal}}   # 90 % range
#    evidence:
#      grade: judgement     # measured, published, estimated or judgement
#      source: Where the numbers come from, or how you came to think so.
#      year: 2026
"""


def new_scenario(folder: Path, name: str) -> Path:
    """Write a scenario file that is good as it stands, to be filled in.

    Parameters
    ----------
    folder : Path
        Folder of scenarios.
    name : str
        Small letters, digits and hyphens.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ScenarioError
        If the name will not do, is taken, or the file cannot be written.
    """
    path = folder / f"{name}.yaml"
    if not NAME.fullmatch(name):
        raise ScenarioError(
            "a scenario is named in small letters, digits and hyphens",
            found=name,
            cure="like more-homes",
        )
    try:
        with path.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE.format(name=name))
    except FileExistsError as error:
        raise ScenarioError(
            "a scenario of that name is there", where=str(path), cure="choose another name"
        ) from error
    except OSError as error:
        raise ScenarioError(
            "a scenario file cannot be written", where=str(path), found=str(error.strerror)
        ) from error
    return path


def library_page(scenarios: Mapping[str, Scenario], census: Census) -> str:
    """Describe every scenario with the evidence of its effects.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        The library.
    census : Census
        Names of places.

    Returns
    -------
    str
        Markdown.
    """
    grades = [one.effect.evidence.grade for s in scenarios.values() for one in s.levers]
    lines = [
        "# The scenarios",
        "",
        "Made by `qyforecast scenario show --page`; do not edit. The plan of the city gives no "
        "effect of any of its means. Every effect here is an assumption with a median and a 90 % "
        "range, graded by what it rests on: *measured*, *published*, *estimated*, or *judgement*, "
        "which is an opinion and no measurement.",
        "",
        "| scenario | question | chapter | levers | judged |",
        "|---|---|---|---|---|",
        *(
            f"| [{s.name}](#{s.name}) | {s.question} | {s.chapter} | {len(s.levers)} "
            f"| {len(s.judged)} |"
            for s in scenarios.values()
        ),
        "",
        f"Levers that are measured: {grades.count('measured')}.",
    ]
    for scenario in scenarios.values():
        lines += ["", f"## {scenario.name}", "", *scenario_lines(scenario, census)[1:]]
    return "\n".join(lines) + "\n"


def scenario_lines(scenario: Scenario, census: Census) -> list[str]:
    """Describe one scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    census : Census
        Names of places.

    Returns
    -------
    list of str
        Lines of markdown, its name first.
    """
    lines = [
        scenario.name,
        f"**{scenario.question}**",
        "",
        f"Chapter of the plan: {scenario.chapter}. "
        f"Compared with: {scenario.baseline or 'nothing'}.",
        "",
        "It leaves out:",
        "",
        *(f"- {' '.join(words.split())}" for words in scenario.omissions),
    ]
    own = [one for one in scenario.levers if scenario.origins[one.name] == scenario.name]
    others = dict.fromkeys(o for o in scenario.origins.values() if o != scenario.name)
    if others:
        lines += ["", "All levers of: " + ", ".join(f"[{o}](#{o})" for o in others) + "."]
    if own:
        lines += ["", "Levers:", "", *(_lever_line(lever, census) for lever in own)]
    return lines


def _lever_line(lever: Lever, census: Census) -> str:
    effect, timing = lever.effect, lever.timing
    where = "everywhere"
    if lever.places is not None:
        where = ", ".join(census.names[code][1] for code in lever.places)
    when = f"from {timing.start}" + (
        f", in force after {timing.ramp} years" if timing.ramp > 1 else ""
    )
    when += f", until {timing.end}" if timing.end else ""
    when += f", ages {lever.ages[0]} to {lever.ages[1]}" if lever.ages else ""
    when += f", at most {lever.saturation:g} times" if lever.saturation else ""
    kind = (
        f"{lever.kind} in the {sector} sector"
        if (sector := getattr(lever, "sector", ""))
        else lever.kind
    )
    return (
        f"- **{lever.name}** ({kind}): {effect.median:g} ({effect.low:g} to {effect.high:g}) "
        f"{lever.unit}, {when}; {where}. *{effect.evidence.grade.capitalize()}* "
        f"({effect.evidence.year}): {' '.join(effect.evidence.source.split())}"
    )

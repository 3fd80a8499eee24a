"""Scenario files that come from outside: sent in, or lying in the folder for saving."""

import logging
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from qyforecast.census.census import Census
from qyforecast.documents import LARGEST
from qyforecast.errors import QyforecastError, ScenarioError
from qyforecast.report.library import NAME
from qyforecast.report.request import Request
from qyforecast.scenario.files import read_scenario, scenario_paths
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario
from qyforecast.scenario.writing import scenario_text

LOG = logging.getLogger(__name__)
#: Files sent in that are kept; the oldest goes first.
MOST = 24
GRADES = ("measured", "published", "estimated", "judgement")


class Received:
    """Scenarios that were sent in while the app runs; nothing of them is written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scenarios: dict[str, Scenario] = {}

    def all(self) -> dict[str, Scenario]:
        """Give all of them, by name."""
        with self._lock:
            return dict(self._scenarios)

    def add(self, scenario: Scenario) -> None:
        """Keep one more; of one name the newer is kept.

        Parameters
        ----------
        scenario : Scenario
            As it was read.
        """
        with self._lock:
            self._scenarios.pop(scenario.name, None)
            self._scenarios[scenario.name] = scenario
            while len(self._scenarios) > MOST:
                del self._scenarios[next(iter(self._scenarios))]


def read_sent(name: str, content: bytes, request: Request, census: Census) -> Scenario:
    """Read a scenario file that was sent in, by the same checks as one of the library.

    Parameters
    ----------
    name : str
        Name of the file.
    content : bytes
        What it holds.
    request : Request
        Folder of the library, whose scenarios it may inherit from.
    census : Census
        Places and people.

    Returns
    -------
    Scenario
        Of a name that the library does not have.

    Raises
    ------
    ScenarioError
        What is wrong with the file; names line and key.
    """
    stem, _, ending = name.rpartition(".")
    if ending not in ("yaml", "yml"):
        raise ScenarioError(
            "a scenario file ends in .yaml", found=name[:80], cure="send a YAML file"
        )
    _check_name(stem, request)
    if len(content) > LARGEST:
        raise ScenarioError("a file is too large", found=f"more than {LARGEST // 1000} kB")
    with TemporaryDirectory(prefix="qyforecast-") as folder:
        for path in scenario_paths(request.scenario_folder):
            shutil.copyfile(path, Path(folder) / path.name)
        return _read(Path(folder), stem, content, census)


def _check_name(name: str, request: Request) -> None:
    if len(name) > 60 or not NAME.fullmatch(name):
        raise ScenarioError(
            "a scenario is named in small letters, digits and hyphens",
            found=name[:80],
            cure="like more-homes",
        )
    if name == "what-if" or (request.scenario_folder / f"{name}.yaml").exists():
        raise ScenarioError(
            "a scenario of that name is in the library", found=name, cure="choose another name"
        )


def _read(folder: Path, name: str, content: bytes, census: Census) -> Scenario:
    path = folder / f"{name}.yaml"
    path.write_bytes(content)
    try:
        return read_scenario(path, regions=census.regions, ground=Ground.of(census))
    except QyforecastError as error:
        # Where the file lay for a moment is nobody's business.
        where, found = (re.sub(rf"{re.escape(str(folder))}[/\\]*", "", word)
                        for word in (error.where, error.found))  # fmt: skip
        raise ScenarioError(error.what, where=where, found=found, cure=error.cure) from error


@dataclass(frozen=True)
class Filled:
    """What a form says of a scenario that is to be saved.

    Attributes
    ----------
    name, question : str
        Of the scenario.
    evidence : mapping of str to tuple
        Lever to grade, source and year of its evidence, as they were filled in.
    """

    name: str
    question: str
    evidence: Mapping[str, tuple[str, str, str]]


def save_scenario(
    folder: Path, filled: Filled, scenario: Scenario, request: Request, census: Census
) -> Scenario:
    """Write a scenario into a folder, read it back, and keep it only if it is good.

    Parameters
    ----------
    folder : Path
        Folder for saving.
    filled : Filled
        Name, question and evidence.
    scenario : Scenario
        Its levers, moved.
    request : Request
        Folder of the library.
    census : Census
        Places and people.

    Returns
    -------
    Scenario
        As it was read back.

    Raises
    ------
    ScenarioError
        If a name will not do or is taken, evidence is wanting, or the file is not good.
    """
    _check_name(filled.name, request)
    path = folder / f"{filled.name}.yaml"
    levers = tuple(_with_evidence(lever, filled) for lever in scenario.levers)
    named = replace(
        scenario, name=filled.name, question=filled.question or scenario.question, levers=levers,
        origins={},
    )  # fmt: skip
    content = scenario_text(named, "Saved from the app of qyforecast.").encode()
    with TemporaryDirectory(prefix="qyforecast-") as draft:
        good = _read(Path(draft), filled.name, content, census)
    try:
        with path.open("xb") as stream:
            stream.write(content)
    except FileExistsError as error:
        raise ScenarioError(
            "a scenario of that name is there", found=path.name, cure="choose another name"
        ) from error
    except OSError as error:
        raise ScenarioError(
            "a scenario file cannot be written", where=path.name, found=str(error.strerror)
        ) from error
    return good


def _with_evidence(lever: Lever, filled: Filled) -> Lever:
    grade, source, year = filled.evidence.get(lever.name, ("", "", ""))
    evidence = lever.effect.evidence
    if not source.strip() or grade not in GRADES or not year.isdecimal():
        raise ScenarioError(
            "a number without evidence",
            where=f"lever {lever.name}",
            found=f"grade {grade[:20]!r}, year {year[:8]!r}",
            cure="fill in grade, source and year; grade judgement if it is your own opinion",
        )
    if lever.factor != 1 and " ".join(source.split()) == " ".join(evidence.source.split()):
        raise ScenarioError(
            "a changed effect still has the evidence of the old one",
            where=f"lever {lever.name}",
            cure="say what the new strength rests on",
        )
    chosen: Any = grade
    told = replace(evidence, grade=chosen, source=source.strip(), year=int(year))
    return replace(lever, effect=replace(lever.effect, evidence=told))


def saved_scenarios(files: Sequence[Path], request: Request, census: Census) -> dict[str, Scenario]:
    """Read the scenarios of the folder for saving; what is wrong with others goes to the log.

    Parameters
    ----------
    files : sequence of Path
        Files of the folder for saving.
    request : Request
        Folder of the library, whose names are taken.
    census : Census
        Places and people.

    Returns
    -------
    dict of str to Scenario
        Good ones by name.
    """
    found: dict[str, Scenario] = {}
    ground = Ground.of(census)
    for path in files:
        try:
            _check_name(path.stem, request)
            found[path.stem] = read_scenario(path, regions=census.regions, ground=ground)
        except QyforecastError as error:
            LOG.warning("left out: %s", error)
    return found

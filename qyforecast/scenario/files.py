"""Scenario files: data in YAML, read safely, every number with its evidence."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from qyforecast.documents import Node, read_yaml
from qyforecast.errors import ScenarioError
from qyforecast.scenario.document import Block
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.scenario import Scenario
from qyforecast.scenario.schema import scenario_from
from qyforecast.vocabulary import nearest

#: The one file of the folder that is not a scenario.
TARGETS = "targets.yaml"


def read_scenario(
    path: Path | str,
    *,
    regions: Sequence[str],
    base_year: int = 2020,
    ground: Ground | None = None,
) -> Scenario:
    """Read one scenario, and those of its folder whose levers it inherits.

    Parameters
    ----------
    path : path
        A YAML file named after its scenario.
    regions : sequence of str
        Region codes that may be named.
    base_year : int
        Last year before the future; levers start later.
    ground : Ground, optional
        Regions, base year and people in one; then effects that ask for more people than
        there are are refused too.

    Returns
    -------
    Scenario
        Ready to be applied.

    Raises
    ------
    ScenarioError
        Names file, line and key.
    """
    return _read(Path(path), ground or Ground(tuple(regions), base_year), ())


def _read(path: Path, ground: Ground, heirs: tuple[str, ...]) -> Scenario:
    """Read a scenario that is inherited by `heirs`, the first of them asked for."""
    block = read_document(path)
    parents = block.nodes("inherits") if "inherits" in block.entries else ()
    inherited: list[Scenario] = []
    for node in parents:
        name, line = str(node.value), Block(block.file, "inherits", node.line, {})
        beside = sorted(one.stem for one in path.parent.glob("*.yaml") if one.name != TARGETS)
        if name in (*heirs, path.stem):
            raise line.error(
                "a scenario inherits from itself",
                found=" -> ".join((*heirs, path.stem, name)),
                cure="take one of them out of inherits",
            )
        if name not in beside:
            raise line.error(
                "a scenario inherits from one that is not in its folder",
                found=name,
                cure=nearest(name, beside),
            )
        _check_inside(path.parent, path.parent / f"{name}.yaml")
        inherited.append(_read(path.parent / f"{name}.yaml", ground, (*heirs, path.stem)))
    scenario = scenario_from(block, ground, inherited)
    if scenario.name != path.stem:
        raise block.error(
            "a scenario is named as its file",
            "name",
            found=scenario.name,
            cure=f"write name: {path.stem}, or rename the file",
        )
    return scenario


def read_scenarios(
    folder: Path | str,
    *,
    regions: Sequence[str],
    base_year: int = 2020,
    ground: Ground | None = None,
) -> Mapping[str, Scenario]:
    """Read every scenario of a folder.

    Parameters
    ----------
    folder : path
        Holds one YAML file per scenario, and `targets.yaml`.
    regions : sequence of str
        Region codes that may be named.
    base_year : int
        Last year before the future.
    ground : Ground, optional
        As in `read_scenario`.

    Returns
    -------
    dict of str to Scenario
        By name, baselines first, then in alphabetical order.

    Raises
    ------
    ScenarioError
        Names file, line and key.
    """
    folder, ground = Path(folder), ground or Ground(tuple(regions), base_year)
    paths = scenario_paths(folder)
    scenarios = [_read(path, ground, ()) for path in paths]
    scenarios.sort(key=lambda scenario: (scenario.baseline is not None, scenario.name))
    names = {scenario.name: scenario for scenario in scenarios}
    for scenario in scenarios:
        if scenario.baseline is not None and scenario.baseline not in names:
            raise ScenarioError(
                "a scenario is compared with one that does not exist",
                where=f"{folder / scenario.name}.yaml, key baseline",
                found=scenario.baseline,
                cure=f"known: {', '.join(names)}",
            )
    return names


def scenario_paths(folder: Path) -> list[Path]:
    """List the scenario files of a folder.

    Parameters
    ----------
    folder : Path
        Holds one YAML file per scenario, and `targets.yaml`.

    Returns
    -------
    list of Path
        In alphabetical order; at least one.

    Raises
    ------
    ScenarioError
        If there is none, or one is a link that leads out of the folder.
    """
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != TARGETS)
    if not paths:
        raise ScenarioError("there are no scenarios", where=str(folder), cure="name a folder")
    for path in paths:
        _check_inside(folder, path)
    return paths


def _check_inside(folder: Path, path: Path) -> None:
    if path.resolve().parent != folder.resolve():
        raise ScenarioError("a scenario file reaches outside its folder", where=str(path))


def read_document(path: Path | str) -> Block:
    """Read a YAML file as keys that know their line.

    Parameters
    ----------
    path : path
        File of at most 256 kB, in UTF-8.

    Returns
    -------
    Block
        Its outermost keys.

    Raises
    ------
    ScenarioError
        If it cannot be read, or holds more than plain data.
    """
    root = read_yaml(Path(path), ScenarioError)
    return Block(str(path), "", 1, cast(Mapping[str, Node], root.value))

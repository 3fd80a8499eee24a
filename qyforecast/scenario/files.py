"""Scenario files: data in YAML, read safely, every number with its evidence.

A file cannot execute, include or repeat anything: explicit tags, anchors and
aliases are refused, as are large and deep files.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

from qyforecast.errors import ScenarioError
from qyforecast.scenario.document import Block, Node
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.scenario import Scenario
from qyforecast.scenario.schema import scenario_from
from qyforecast.vocabulary import nearest

LARGEST = 256_000
DEEPEST = 10

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
    text = _text(Path(path))
    try:
        _check_plain(text, path)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        problem = error.problem or "not YAML"
        raise ScenarioError(
            "a file is not YAML", where=where, found=problem, cure="look at indents and quotes"
        ) from error
    except yaml.YAMLError as error:
        raise ScenarioError("a file is not YAML", where=str(path), found=str(error)) from error
    root = _node(tree, path) if tree is not None else Node(1, {})
    if not isinstance(root.value, dict):
        raise ScenarioError("a file holds keys", where=f"{path}, line 1", found=root.described)
    return Block(str(path), "", 1, root.value)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ScenarioError(
                "a file is too large",
                where=str(path),
                found=f"more than {LARGEST // 1000} kB",
                cure="split it",
            )
        return content.decode("utf-8-sig")
    except OSError as error:
        raise ScenarioError(
            "a file cannot be read", where=str(path), found=error.strerror or "", cure="check it"
        ) from error
    except UnicodeDecodeError as error:
        raise ScenarioError(
            "a file is not in UTF-8", where=str(path), cure="save it as UTF-8"
        ) from error


def _check_plain(text: str, path: Path | str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        what = ""
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            what = "anchors and aliases are refused"
        elif getattr(event, "tag", None):
            what = "tags are refused"
        elif depth > DEEPEST:
            what = f"keys are nested more than {DEEPEST} deep"
        if what:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise ScenarioError(
                what, where=f"{path}, line {line}", cure="write the values out, plainly"
            )


def _node(tree: yaml.Node, path: Path | str) -> Node:
    line = tree.start_mark.line + 1 if tree.start_mark else 1
    if isinstance(tree, yaml.SequenceNode):
        return Node(line, tuple(_node(item, path) for item in tree.value))
    if isinstance(tree, yaml.ScalarNode):
        return Node(line, _scalar(tree), tree.value)
    entries: dict[str, Node] = {}
    for key, value in tree.value:
        name, at = str(key.value), f"{path}, line {key.start_mark.line + 1}"
        if name in entries:
            raise ScenarioError("a key stands twice", where=f"{at}, key {name}", cure="keep one")
        below = _node(value, path)
        entries[name] = Node(key.start_mark.line + 1, below.value, below.raw)
    return Node(line, entries)


def _scalar(tree: yaml.ScalarNode) -> object:
    """Read whole numbers, numbers, yes/no and nothing; everything else is words."""
    kind = tree.tag.rsplit(":", 1)[-1]
    try:
        if kind in ("int", "float"):
            return int(tree.value) if kind == "int" else float(tree.value)
    except ValueError:
        return tree.value
    if kind == "bool":
        return tree.value.lower() in ("yes", "true", "on")
    return None if kind == "null" else tree.value

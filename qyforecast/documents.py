"""Documents that people write, in YAML and JSON, read as plain data within limits.

A document cannot execute, include or repeat anything: explicit tags, anchors and aliases
are refused, as are large and deep files.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qyforecast.errors import QyforecastError

#: Most that is read of a YAML document and of a JSON document. [byte]
LARGEST, LARGEST_JSON = 256_000, 4_000_000
#: Levels of keys and lists inside one another.
DEEPEST = 10

Fault = type[QyforecastError]


@dataclass(frozen=True)
class Node:
    """A value in a file.

    Attributes
    ----------
    line : int
        Line of the file, from 1.
    value : str, int, float, bool, None, tuple of Node or mapping of str to Node
        What stands there.
    raw : str
        How a single value is written.
    """

    line: int
    value: object
    raw: str = ""

    @property
    def described(self) -> str:
        """Say what it is, for a message."""
        kinds = {tuple: "a list", dict: "keys", type(None): "nothing"}
        return kinds.get(type(self.value), repr(self.raw))

    @property
    def plain(self) -> Any:
        """The value without its lines: mappings, lists, numbers and words."""
        if isinstance(self.value, dict):
            return {key: below.plain for key, below in self.value.items()}
        if isinstance(self.value, tuple):
            return [below.plain for below in self.value]
        return self.value


def read_yaml(path: Path, fault: Fault) -> Node:
    """Read a YAML document of at most 256 kB in UTF-8.

    Parameters
    ----------
    path : Path
        The file.
    fault : type of QyforecastError
        Which error a bad document is.

    Returns
    -------
    Node
        Its outermost keys; none where the document is empty.

    Raises
    ------
    QyforecastError
        Of the kind asked for, if it cannot be read or holds more than plain data.
    """
    text = _text(path, LARGEST, fault)
    try:
        _check_plain(text, path, fault)
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}, line {mark.line + 1}" if mark else str(path)
        problem = error.problem or "not YAML"
        raise fault(
            "a file is not YAML", where=where, found=problem, cure="look at indents and quotes"
        ) from error
    except yaml.YAMLError as error:
        raise fault("a file is not YAML", where=str(path), found=str(error)) from error
    root = _node(tree, path, fault) if tree is not None else Node(1, {})
    if not isinstance(root.value, dict):
        raise fault("a file holds keys", where=f"{path}, line 1", found=root.described)
    return root


def read_json(path: Path, fault: Fault) -> dict[str, Any]:
    """Read a JSON document of at most 4 MB in UTF-8.

    Parameters
    ----------
    path : Path
        The file.
    fault : type of QyforecastError
        Which error a bad document is.

    Returns
    -------
    dict
        Its outermost keys.

    Raises
    ------
    QyforecastError
        Of the kind asked for, if it cannot be read or holds no keys.
    """
    text, where = _text(path, LARGEST_JSON, fault), str(path)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise fault(
            "a file is not JSON in UTF-8",
            where=f"{path}, line {error.lineno}",
            found=str(error),
            cure="mend the text there; a comma or quote is the usual culprit",
        ) from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, or brackets in brackets.
        raise fault("a file is not JSON that can be read", where=where, found=str(error)) from error
    if not isinstance(content, dict):
        raise fault("a file holds keys", where=where, found=type(content).__name__)
    return content


def _text(path: Path, largest: int, fault: Fault) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
    except (OSError, ValueError) as error:
        found = getattr(error, "strerror", None) or str(error)
        raise fault(
            "a file cannot be read", where=str(path), found=found, cure="check it"
        ) from error
    if len(content) > largest:
        raise fault(
            "a file is too large",
            where=str(path),
            found=f"more than {largest // 1000} kB",
            cure="split it",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fault("a file is not in UTF-8", where=str(path), cure="save it as UTF-8") from error


def _check_plain(text: str, path: Path, fault: Fault) -> None:
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
            raise fault(what, where=f"{path}, line {line}", cure="write the values out, plainly")


def _node(tree: yaml.Node, path: Path, fault: Fault) -> Node:
    line = tree.start_mark.line + 1 if tree.start_mark else 1
    if isinstance(tree, yaml.SequenceNode):
        return Node(line, tuple(_node(item, path, fault) for item in tree.value))
    if isinstance(tree, yaml.ScalarNode):
        return Node(line, _scalar(tree), tree.value)
    entries: dict[str, Node] = {}
    for key, value in tree.value:
        name, at = str(key.value), f"{path}, line {key.start_mark.line + 1}"
        if name in entries:
            raise fault("a key stands twice", where=f"{at}, key {name}", cure="keep one")
        below = _node(value, path, fault)
        entries[name] = Node(key.start_mark.line + 1, below.value, below.raw)
    return Node(line, entries)


def _scalar(tree: yaml.ScalarNode) -> object:
    """Read whole numbers, numbers, yes/no and nothing; everything else is words."""
    kind = tree.tag.rsplit(":", 1)[-1]
    try:
        if kind in ("int", "float"):
            number = int(tree.value) if kind == "int" else float(tree.value)
            # What no computer word holds, or no number is, stays a word, to be refused as such.
            return number if abs(number) < 2**63 else tree.value
    except ValueError:
        return tree.value
    if kind == "bool":
        return tree.value.lower() in ("yes", "true", "on")
    return None if kind == "null" else tree.value

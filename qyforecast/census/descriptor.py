"""The descriptor of a census folder: which tables, columns, units, sources and hashes.

A folder is a Frictionless tabular data package: ``datapackage.json`` and one
CSV per table. A field may carry ``unit``; a source carries ``publisher``,
``route`` and ``tier``.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qyforecast.errors import DataError
from qyforecast.provenance import Source, file_sha256

NAME = "datapackage.json"


@dataclass(frozen=True)
class Field:
    """A column of a table.

    Attributes
    ----------
    name : str
        Heading of the column.
    type : {"string", "integer", "number", "boolean"}
        What its cells hold.
    unit : str
        Published unit of its figures, or empty.
    required : bool
        Whether a cell may not be empty.
    minimum, maximum : float
        Closed range of its figures, in the published unit.
    words : tuple of str
        The only words allowed, or empty.
    pattern : str
        Regular expression its words match wholly, or empty.
    """

    name: str
    type: str
    unit: str
    required: bool
    minimum: float
    maximum: float
    words: tuple[str, ...]
    pattern: str


@dataclass(frozen=True)
class Resource:
    """A table of the folder.

    Attributes
    ----------
    name : str
        Name of the table.
    path : Path
        Its file.
    fields : tuple of Field
        Its columns in order.
    key : tuple of str
        Columns that together tell its rows apart.
    sha256 : str
        Hash of the file as described.
    """

    name: str
    path: Path
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    sha256: str


@dataclass(frozen=True)
class Descriptor:
    """What a folder says of itself.

    Attributes
    ----------
    folder : Path
        The folder.
    resources : mapping of str to Resource
        Tables by name.
    sources : mapping of str to Source
        Publications by key.
    stand_ins : tuple of str
        What was estimated or borrowed because it was not counted.
    uncounted : tuple of int
        Censuses whose figures of the city are estimated.
    """

    folder: Path
    resources: Mapping[str, Resource]
    sources: Mapping[str, Source]
    stand_ins: tuple[str, ...]
    uncounted: tuple[int, ...]


def read_descriptor(folder: Path) -> Descriptor:
    """Read ``datapackage.json``.

    Parameters
    ----------
    folder : Path
        A census folder.

    Returns
    -------
    Descriptor
        Tables and sources.

    Raises
    ------
    DataError
        If the file is absent, is no JSON, or lacks a key.
    """
    path, content = folder / NAME, _load(folder)
    try:
        resources = [_resource(folder, item) for item in content["resources"]]
        sources = [
            Source(s["name"], s["publisher"], s["route"], s["tier"]) for s in content["sources"]
        ]
        stand_ins = tuple(str(one["english"]) for one in content.get("stand_ins", ()))
        uncounted = tuple(int(year) for year in content.get("uncounted", ()))
    except KeyError as error:
        raise DataError(
            "the descriptor lacks a key",
            where=str(path),
            found=f"no {error} in one of its resources, fields or sources",
            cure="add it; the descriptor shipped with the package shows the form",
        ) from error
    return Descriptor(
        folder, {r.name: r for r in resources}, {s.key: s for s in sources}, stand_ins, uncounted
    )


def update_descriptor(folder: Path | str) -> list[str]:
    """Write the sizes and hashes of the tables as they now are.

    Parameters
    ----------
    folder : Path or str
        A census folder whose tables were changed on purpose.

    Returns
    -------
    list of str
        Files whose hash changed.

    Raises
    ------
    DataError
        If the descriptor or a table it names is absent.
    """
    folder = Path(folder)
    content = _load(folder)
    changed = []
    for item in content["resources"]:
        path = folder / item["path"]
        if not path.is_file():
            raise missing_file(path)
        told = f"sha256:{file_sha256(path)}"
        if item.get("hash") != told:
            changed.append(item["path"])
        item |= {"bytes": path.stat().st_size, "hash": told}
    if changed:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (folder / NAME).write_text(text, encoding="utf-8")
    return changed


def missing_file(path: Path) -> DataError:
    """Make the error of a table that is not there.

    Parameters
    ----------
    path : Path
        Where it should be.

    Returns
    -------
    DataError
        To raise or collect.
    """
    return DataError(
        "a table named in the descriptor is not there",
        where=str(path),
        cure=f"put the file back, or take it out of {NAME}",
    )


def _load(folder: Path) -> dict[str, Any]:
    path = folder / NAME
    if not path.is_file():
        raise DataError(
            "a census folder has no descriptor",
            where=str(path),
            cure="name a folder with a datapackage.json, or leave --data out for the shipped one",
        )
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        raise DataError(
            "the descriptor is not JSON in UTF-8",
            where=f"{path}, line {line.group(1)}" if line else str(path),
            found=str(error),
            cure="mend the text there; a comma or quote is the usual culprit",
        ) from error


def _resource(folder: Path, item: Mapping[str, Any]) -> Resource:
    schema = item["schema"]
    return Resource(
        name=item["name"],
        path=folder / item["path"],
        fields=tuple(_field(f) for f in schema["fields"]),
        key=tuple(schema["primaryKey"]),
        sha256=str(item["hash"]).removeprefix("sha256:"),
    )


def _field(item: Mapping[str, Any]) -> Field:
    rules = item.get("constraints", {})
    return Field(
        name=item["name"],
        type=item["type"],
        unit=item.get("unit", ""),
        required=bool(rules.get("required", False)),
        minimum=float(rules.get("minimum", float("-inf"))),
        maximum=float(rules.get("maximum", float("inf"))),
        words=tuple(rules.get("enum", ())),
        pattern=rules.get("pattern", ""),
    )

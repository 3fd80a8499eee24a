"""The descriptor of a census folder: which tables, columns, units, sources and hashes.

A folder is a Frictionless tabular data package: ``datapackage.json`` and one
CSV per table. A field may carry ``unit``; a source carries ``publisher``,
``route`` and ``tier``.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qyforecast.census.descriptor_fields import form, inside, number, taken, words, wrong
from qyforecast.documents import read_json
from qyforecast.errors import DataError
from qyforecast.filing import whole_file
from qyforecast.provenance import Source, file_sha256

NAME = "datapackage.json"
TYPES = ("string", "integer", "number", "boolean")


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
    """

    folder: Path
    resources: Mapping[str, Resource]
    sources: Mapping[str, Source]


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
        resources = [_resource(folder, item) for item in taken(content, "resources", list)]
        sources = [
            Source(*(taken(source, key, str) for key in ("name", "publisher", "route", "tier")))
            for source in taken(content, "sources", list)
        ]
    except KeyError as error:
        raise _lacking(path, error) from error
    names = [resource.name for resource in resources]
    if twice := [name for name in names if names.count(name) > 1]:
        raise DataError("two tables have one name", where=str(path), found=twice[0])
    return Descriptor(folder, {r.name: r for r in resources}, {s.key: s for s in sources})


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
    try:
        paths = [inside(folder, item) for item in taken(content, "resources", list)]
    except KeyError as error:
        raise _lacking(folder / NAME, error) from error
    for item, path in zip(content["resources"], paths, strict=True):
        if not path.is_file():
            raise missing_file(path)
        told = f"sha256:{file_sha256(path)}"
        if item.get("hash") != told:
            changed.append(item["path"])
        item |= {"bytes": path.stat().st_size, "hash": told}
    if changed:
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        with whole_file(folder / NAME) as part:
            part.write_text(text, encoding="utf-8")
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


def _lacking(path: Path, error: KeyError) -> DataError:
    return DataError(
        "the descriptor lacks a key",
        where=str(path),
        found=f"no {error} in one of its resources, fields or sources",
        cure="add it; the descriptor shipped with the package shows the form",
    )


def _load(folder: Path) -> dict[str, Any]:
    path = folder / NAME
    if not path.is_file():
        raise DataError(
            "a census folder has no descriptor",
            where=str(path),
            cure="name a folder with a datapackage.json, or leave --data out for the shipped one",
        )
    return read_json(path, DataError)


def _resource(folder: Path, item: Mapping[str, Any]) -> Resource:
    name, schema = taken(item, "name", str), taken(item, "schema", dict)
    fields = tuple(_field(one) for one in taken(schema, "fields", list))
    key = words(schema, "primaryKey")
    if not key or not set(key) <= {field.name for field in fields}:
        raise wrong(f"primaryKey of {name}", "the names of some of its fields", key)
    return Resource(
        name=name,
        path=inside(folder, item),
        fields=fields,
        key=key,
        sha256=taken(item, "hash", str).removeprefix("sha256:"),
    )


def _field(item: Mapping[str, Any]) -> Field:
    name, kind = taken(item, "name", str), taken(item, "type", str)
    if kind not in TYPES:
        raise wrong(f"type of {name}", "one of " + ", ".join(TYPES), kind)
    rules = taken(item, "constraints", dict, {})
    return Field(
        name=name,
        type=kind,
        unit=taken(item, "unit", str, ""),
        required=taken(rules, "required", bool, False),
        minimum=number(rules, "minimum", float("-inf")),
        maximum=number(rules, "maximum", float("inf")),
        words=words(rules, "enum", []),
        pattern=form(rules),
    )

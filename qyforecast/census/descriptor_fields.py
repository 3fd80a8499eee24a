"""Keys of a descriptor, taken with their kind: what a user wrote is not trusted to be right."""

import math
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, cast

from qyforecast.errors import DataError

#: A form of words: characters, digits and sets of them, each once or a fixed number of times.
#: More (`*`, `+`, groups) can be so written that trying it takes for ever.
_FORM = re.compile(r"((\\[dw]|[A-Za-z0-9_ .-]|\[[A-Za-z0-9_ .-]+\])(\{\d{1,2}\})?){1,40}")
_NAME = re.compile(r"[^\\/:\x00-\x1f]{1,100}(/[^\\/:\x00-\x1f]{1,100}){0,5}")
_KINDS: Mapping[type, str] = {str: "text", list: "a list", dict: "keys", bool: "true or false"}


def taken[T](item: Mapping[str, Any], key: str, kind: type[T], default: T | None = None) -> T:
    """Take a key of the kind it must have.

    Parameters
    ----------
    item : mapping
        Part of a descriptor.
    key : str
        What is wanted.
    kind : type
        ``str``, ``list``, ``dict`` or ``bool``.
    default : object, optional
        What stands for a key that is not there; None where the key is needed.

    Returns
    -------
    object
        What stands there.

    Raises
    ------
    KeyError
        If a needed key is not there.
    DataError
        If something of another kind stands there.
    """
    if not isinstance(item, Mapping):
        raise wrong("a resource, field or source", "keys", item)
    value = item[key] if default is None else item.get(key, default)
    if not isinstance(value, kind):
        raise wrong(key, _KINDS[kind], value)
    return value


def number(item: Mapping[str, Any], key: str, default: float) -> float:
    """Take a bound of a range.

    Parameters
    ----------
    item : mapping
        Constraints of a field.
    key : str
        ``minimum`` or ``maximum``.
    default : float
        Where there is none.

    Returns
    -------
    float
        The bound.

    Raises
    ------
    DataError
        If it is no number.
    """
    value = item.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise wrong(key, "a number", value)
    try:
        return float(value)
    except OverflowError as error:
        raise wrong(key, "a number", value) from error


def words(item: Mapping[str, Any], key: str, default: list | None = None) -> tuple[str, ...]:
    """Take a list of words.

    Parameters
    ----------
    item : mapping
        Part of a descriptor.
    key : str
        What is wanted.
    default : list, optional
        What stands for a key that is not there; None where the key is needed.

    Returns
    -------
    tuple of str
        The words.

    Raises
    ------
    DataError
        If it is no list, or holds anything else.
    """
    found = taken(item, key, list, default)
    for word in found:
        if not isinstance(word, str):
            raise wrong(key, "words", word)
    return tuple(cast(list[str], found))


def form(item: Mapping[str, Any]) -> str:
    r"""Take a pattern that can be tried on any text in no time.

    Parameters
    ----------
    item : mapping
        Constraints of a field.

    Returns
    -------
    str
        A regular expression, or nothing.

    Raises
    ------
    DataError
        If it is more than characters, ``\d``, ``\w`` and ``[...]``, with counts like ``{6}``.
    """
    pattern = taken(item, "pattern", str, "")
    try:
        plain = not pattern or (_FORM.fullmatch(pattern) and re.compile(pattern))
    except re.error:
        plain = False
    if not plain:
        raise wrong("pattern", r"characters, \d, \w or [...] with counts like {6}", pattern)
    return pattern


def inside(folder: Path, item: Mapping[str, Any]) -> Path:
    """Take the path of a table, which lies in its folder and nowhere else.

    Parameters
    ----------
    folder : Path
        The census folder.
    item : mapping
        A resource.

    Returns
    -------
    Path
        Its file, there or not.

    Raises
    ------
    DataError
        If it leads out of the folder, by ``..``, from the root, or through a link.
    """
    name = taken(item, "path", str)
    plain = bool(_NAME.fullmatch(name)) and ".." not in PurePosixPath(name).parts
    path = folder / name if plain else folder
    if not plain or not path.resolve().is_relative_to(folder.resolve()):
        raise DataError(
            "a table lies outside the folder that describes it",
            where=f"{folder / 'datapackage.json'}, key path",
            found=name[:200],
            cure="put the file into the folder and write its name alone",
        )
    return path


def wrong(key: str, wanted: str, found: object) -> DataError:
    """Make the error of a key that holds what it cannot.

    Parameters
    ----------
    key : str
        The key.
    wanted : str
        What it should hold.
    found : object
        What stands there.

    Returns
    -------
    DataError
        To be raised.
    """
    return DataError(
        f"the descriptor's {key} is not {wanted}",
        where=f"datapackage.json, key {key}",
        found=repr(found)[:200],
        cure="the descriptor shipped with the package shows the form",
    )

"""Where a number comes from, and fingerprints that tell when it has changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from qyforecast.errors import DataError

#: Folders that the wheel carries, and where a checkout keeps them.
SHIPPED = {"census": "data/census", "models": "models", "scenarios": "scenarios"}

Grade = Literal["measured", "published", "estimated", "judgement"]


@dataclass(frozen=True)
class Source:
    """A publication.

    Attributes
    ----------
    key : str
        Short name used in tables.
    publisher : str
        Who published it.
    route : str
        How it came here (official table, digitised copy, press report).
    tier : str
        ``A`` transcription of an official table, ``B`` secondary.
    """

    key: str
    publisher: str
    route: str
    tier: str


@dataclass(frozen=True)
class Evidence:
    """What a number in a scenario rests on.

    Attributes
    ----------
    grade : {"measured", "published", "estimated", "judgement"}
        Strength; *judgement* is the authors' opinion and is called that.
    source : str
        Publication with place in it; for a judgement, the reasoning.
    year : int, optional
        Year the evidence speaks of.
    """

    grade: Grade
    source: str
    year: int | None = None


def file_sha256(path: Path) -> str:
    """Hash a file.

    Parameters
    ----------
    path : Path
        File to read.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fingerprint(content: Mapping[str, Any]) -> str:
    """Hash a nested mapping of plain values, whatever the order of its keys.

    Parameters
    ----------
    content : mapping
        Strings, numbers, lists and mappings.

    Returns
    -------
    str
        First 16 hexadecimal digits of a SHA-256.

    Examples
    --------
    >>> fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def shipped_folder(kind: str) -> Path:
    """Find a folder that comes with the package: the checkout's own, else the wheel's.

    Parameters
    ----------
    kind : {"census", "models", "scenarios"}
        Which folder.

    Returns
    -------
    Path
        ``data/census``, ``models`` or ``scenarios`` beside ``pyproject.toml``
        if the package lies in a checkout, else the copy inside the package.

    Raises
    ------
    DataError
        If neither is there.
    """
    package = Path(str(files("qyforecast")))
    checkout, inside = package.parent / SHIPPED[kind], package / "shipped" / kind
    if (package.parent / "pyproject.toml").is_file() and checkout.is_dir():
        return checkout
    if not inside.is_dir():
        raise DataError(
            f"the package carries no {kind}",
            where=str(inside),
            cure="install qyforecast again, or name a folder",
        )
    return inside

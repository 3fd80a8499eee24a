"""A worked case: what others found, and how far the package is from it."""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A worked case.

    Attributes
    ----------
    folder : str
        Where its figures lie.
    name : str
        What is reproduced.
    source : str
        Who published or computed it.
    measure : str
        What the difference is: relative, or in a unit.
    tolerance : float
        Largest difference allowed.
    difference : callable
        Folder of all cases to the largest difference found.
    """

    folder: str
    name: str
    source: str
    measure: str
    tolerance: float
    difference: Callable[[Path], float]

    @property
    def label(self) -> str:
        """What a test calls it."""
        return f"{self.folder}: {self.name}"


def relative(found: ArrayLike, wanted: ArrayLike) -> float:
    """Give the largest relative difference; the shapes must be the same."""
    one, other = np.asarray(found, float), np.asarray(wanted, float)
    assert one.shape == other.shape, f"{one.shape} against {other.shape}"
    assert np.isfinite(one).all(), "a number is missing"
    gap = np.abs(one - other)
    return float(np.where(other != 0, gap / np.where(other != 0, np.abs(other), 1.0), gap).max())


def absolute(found: ArrayLike, wanted: ArrayLike) -> float:
    """Give the largest difference; the shapes must be the same."""
    one, other = np.asarray(found, float), np.asarray(wanted, float)
    assert one.shape == other.shape, f"{one.shape} against {other.shape}"
    assert np.isfinite(one).all(), "a number is missing"
    return float(np.abs(one - other).max())


def columns(file: Path) -> dict[str, list[str]]:
    """Read a table: column to texts."""
    text = file.read_bytes()
    lines = (gzip.decompress(text) if file.suffix == ".gz" else text).decode().splitlines()
    rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in rows[0]}


def numbers(texts: list[str]) -> Floats:
    """Read a column as numbers."""
    return np.array([float(text) for text in texts])


def by_age(
    file: Path, keys: tuple[str, ...], *, age: str, value: str
) -> dict[tuple[str, ...], Floats]:
    """Read a long table: labels to values in the order of ages; no age counts as 0."""
    table = columns(file)
    cells: dict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
    for i, text in enumerate(table[value]):
        place = table[age][i] if age in table else ""
        at = 0.0 if place in ("", "NA") else float(place)
        cells[tuple(table[key][i] for key in keys)].append((at, float(text)))
    return {key: np.array([v for _, v in sorted(rows)]) for key, rows in cells.items()}

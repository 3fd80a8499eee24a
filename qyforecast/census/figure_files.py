"""Newly published figures as a user writes them: in words, or in a file."""

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import pandas as pd

from qyforecast.census.layout import VARIABLES
from qyforecast.errors import DataError
from qyforecast.guard import without_guard
from qyforecast.vocabulary import nearest

#: What is said of every figure; the other keys are figures.
ABOUT = ("year", "source", "kind", "region", "published")
#: Short name of what is asked for most.
URBAN = "urban"


@dataclass(frozen=True)
class Figure:
    """A published figure.

    Attributes
    ----------
    region : str
        Code; the city's own where empty.
    year : int
        At the end of this year, or over it.
    variable : str
        A variable of the yearly series.
    value : float
        In persons, yuan, or as a share or rate.
    kind : str
        Kind of source.
    source : str
        Where it stands.
    published : int
        Year of publication; 0 where it is not said.
    where : str
        Where the user wrote it.
    """

    region: str
    year: int
    variable: str
    value: float
    kind: str
    source: str
    published: int
    where: str = ""


def parse_figures(words: Mapping[str, str], where: str) -> list[Figure]:
    """Turn keys and values as written into figures.

    Parameters
    ----------
    words : mapping of str to str
        ``year``, ``source``, and one figure or more (``urban``, or a variable of the yearly
        series); ``kind`` (bulletin), ``region`` (the city) and ``published`` may be said.
    where : str
        Where it is written.

    Returns
    -------
    list of Figure
        One for each figure.

    Raises
    ------
    DataError
        If a key is not known or lacks, or a number is none.
    """
    said = {key: text.strip() for key, text in words.items() if text.strip()}
    named = [*ABOUT, URBAN, *VARIABLES]
    if strange := [key for key in said if key not in named]:
        cure = nearest(strange[0], named)
        raise DataError("an unknown key of a figure", where=where, found=strange[0], cure=cure)
    told = [key for key in said if key not in ABOUT]
    for key, lacking in (
        ("year", "year" not in said),
        ("source", "source" not in said),
        ("urban", not told),
    ):
        if lacking:
            raise DataError(
                f"an added figure has no {key}",
                where=where,
                found=" ".join(said) or "nothing",
                cure='write year=2024 urban=0.478 source="where it is printed"',
            )
    about = {
        "region": said.get("region", ""),
        "year": _whole(said["year"], "year", where),
        "kind": said.get("kind", "bulletin"),
        "source": said["source"],
        "published": _whole(said.get("published", "0"), "published", where),
        "where": where,
    }
    return [
        Figure(
            variable="urban_share" if key == URBAN else key,
            value=_number(said[key], key, where),
            **about,
        )
        for key in told
    ]


def read_figures(path: Path) -> list[Figure]:
    """Read figures from a CSV file, a row each or several in a row.

    Parameters
    ----------
    path : Path
        Headings are the keys of `parse_figures`, or ``variable`` and ``value``.

    Returns
    -------
    list of Figure
        In the order of the file.

    Raises
    ------
    DataError
        If the file cannot be read, or a row is wrong; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DataError(
            "a file of figures cannot be read", where=str(path), found=str(error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        cure = "save it from the spreadsheet as 'CSV UTF-8'"
        raise DataError("a file of figures is no UTF-8 text", where=str(path), cure=cure) from error
    try:
        rows = list(_rows(text))
    except csv.Error as error:
        raise DataError("a file of figures is no CSV", where=str(path), found=str(error)) from error
    return [figure for line, row in rows for figure in _row(row, f"{path}, line {line}")]


def _rows(text: str) -> Iterator[tuple[int, dict[str | None, str | list[str] | None]]]:
    reader = csv.DictReader(text.splitlines())
    for row in reader:
        yield reader.line_num, dict(row)


def _row(row: Mapping, where: str) -> list[Figure]:
    if None in row or None in row.values():
        raise DataError(
            "a row has more or fewer cells than the heading",
            where=where,
            cure="quote cells that hold commas, and give every column a cell",
        )
    words = {str(key).strip(): without_guard(str(cell)) for key, cell in row.items()}
    variable, value = words.pop("variable", ""), words.pop("value", "")
    return parse_figures(words | ({variable: value} if variable else {}), where)


def _whole(text: str, key: str, where: str) -> int:
    if not (text.isdecimal() and len(text) <= 4):
        cure = "write a year like 2024"
        raise DataError(f"{key} is no year", where=where, found=text, cure=cure)
    return int(text)


def _number(text: str, key: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        cure = "write a plain number: 0.478 for 47.8 %, 2158400 for 215.84 万"
        raise DataError(f"{key} is no number", where=where, found=text, cure=cure)
    return value


def figure_table(figures: Sequence[Figure], city: str) -> pd.DataFrame:
    """Lay figures out as a file that `read_figures` reads.

    Parameters
    ----------
    figures : sequence of Figure
        As added.
    city : str
        Code of the city.

    Returns
    -------
    DataFrame
        A row for each figure; `published` empty where it was not said.
    """
    names = [field.name for field in fields(Figure) if field.name != "where"]
    rows = [{name: getattr(figure, name) for name in names} for figure in figures]
    table = pd.DataFrame(rows, columns=names)
    table["region"] = table["region"].replace("", city)
    table["published"] = table["published"].astype(str).replace("0", "")
    return table

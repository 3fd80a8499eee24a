"""Open county-census files of a user: CSV or Excel, UTF-8 or GB 18030, persons or 万."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.census.open_layout import (
    AGE_COLUMNS,
    COUNTED,
    NEEDED,
    RATIOS,
    SAMPLED,
    UNITS,
    recognise,
)
from qyforecast.census.xlsx import read_cells
from qyforecast.errors import DataError
from qyforecast.vocabulary import nearest

#: Rows above the heading, for titles.
_TITLES = 10
_EMPTY = ("", "-", "--", "—", "…", "...", "na", "nan", "null", "none")

Heading = dict[str, tuple[int, float | None]]


@dataclass(frozen=True)
class _Sheet:
    """Rows under a heading: column to its place and unit, numbers of the lines, cells."""

    path: Path
    heading: Heading
    lines: list[int]
    cells: list[list[str]]


def read_open_files(files: Sequence[Path], unit: str = "") -> pd.DataFrame:
    """Read county censuses.

    Parameters
    ----------
    files : sequence of Path
        One census or more each, CSV or .xlsx, with the headings of `open_layout`.
    unit : str
        Unit of the persons where neither heading nor column says one: a key of `UNITS`;
        persons where empty.

    Returns
    -------
    DataFrame
        A row for each place with a code: ``code, name, year, where`` and the figures, in
        persons, per cent and per mille as the files have them; missing where a file has none.

    Raises
    ------
    DataError
        If a file cannot be read, lacks a column, holds what is no number, or has a place twice.
    """
    if unit and unit not in UNITS:
        raise DataError("an unknown unit", where="--unit", found=unit, cure=nearest(unit, [*UNITS]))
    worth = UNITS[unit] if unit else 1.0
    rows = pd.concat([_table(_sheet(path), worth) for path in files], ignore_index=True)
    twice = rows[rows.duplicated(["code", "year"])]
    if len(twice):
        row = twice.iloc[0]
        raise DataError(
            "a place is there twice",
            where=f"{row['where']}, code {row['code']}, year {row['year']}",
            found=str(row["name"]),
            cure="keep one row for each code and census",
        )
    return rows


def _sheet(path: Path) -> _Sheet:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError(
            "this county file cannot be read", where=str(path), found=str(error.strerror)
        ) from error
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls") or raw[:2] == b"PK":
        rows = list(read_cells(raw, path))
    else:
        reader = csv.reader(io.StringIO(_decoded(raw, path)))
        rows = [(reader.line_num, cells) for cells in reader]
    rows = [(line, [cell.strip() for cell in cells]) for line, cells in rows if any(cells)]
    for place, (_, cells) in enumerate(rows[:_TITLES]):
        heading = _heading(cells)
        if "code" in heading and "population" in heading:
            _check_heading(path, rows[place], heading)
            below = rows[place + 1 :]
            return _Sheet(path, heading, [n for n, _ in below], [c for _, c in below])
    first = ", ".join(rows[0][1][:8]) if rows else "nothing"
    raise DataError(
        "a county file has no heading with a code and residents",
        where=str(path),
        found=first,
        cure="give the columns their names: code or 行政区划代码, pop or 常住人口, ...",
    )


def _decoded(raw: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        "a county file is neither UTF-8 nor GB 18030 text",
        where=str(path),
        cure="save it from the spreadsheet as 'CSV UTF-8' or .xlsx",
    )


def _heading(cells: list[str]) -> Heading:
    found: Heading = {}
    for place, cell in enumerate(cells):
        name, unit = recognise(cell)
        if name and name not in found:
            found[name] = (place, unit)
    return found


def _check_heading(path: Path, row: tuple[int, list[str]], heading: Heading) -> None:
    lacking = [name for name in (*NEEDED, *AGE_COLUMNS) if name not in heading]
    if lacking:
        strange = [cell for cell in row[1] if cell and not recognise(cell)[0]]
        raise DataError(
            "a county file lacks a column",
            where=f"{path}, line {row[0]}",
            found=f"no {', '.join(lacking[:4])}" + (" ..." if lacking[4:] else ""),
            cure="not understood: " + (", ".join(strange[:8]) or "no other heading"),
        )


def _table(sheet: _Sheet, worth: float) -> pd.DataFrame:
    width = max(place for place, _ in sheet.heading.values()) + 1
    cells = [row[:width] + [""] * (width - len(row)) for row in sheet.cells]
    texts = pd.DataFrame(cells, dtype=str, columns=range(width))
    column = {name: texts[place] for name, (place, _) in sheet.heading.items()}
    codes = column["code"].str.replace(r"\.0$", "", regex=True)
    codes = codes.str.replace(r"^(\d{6})0{6}$", r"\1", regex=True)
    rows = codes.str.fullmatch(r"\d{6}").to_numpy()
    table = {
        "code": codes,
        "name": column["name"],
        "year": _years(sheet, column),
        "where": [f"{sheet.path}, line {line}" for line in sheet.lines],
    }
    units = _row_units(sheet, column, worth)
    for name in (*COUNTED, *SAMPLED, *RATIOS):
        if name not in column:
            table[name] = np.nan
            continue
        values = _numbers(sheet, name, column[name], rows)
        own = sheet.heading[name][1]
        table[name] = values * (own if own is not None else units) if name in COUNTED else values
    return pd.DataFrame(table)[rows]


def _numbers(sheet: _Sheet, name: str, texts: pd.Series, rows: np.ndarray) -> np.ndarray:
    plain = texts.str.replace(",", "").where(~texts.str.casefold().isin(_EMPTY), "nan")
    values = pd.to_numeric(plain, errors="coerce").to_numpy(float)
    bad = rows & ((~np.isfinite(values) & (plain != "nan").to_numpy()) | (values < 0))
    if bad.any():
        place = int(bad.argmax())
        raise DataError(
            f"{name} of a county is no number, or a negative one",
            where=f"{sheet.path}, line {sheet.lines[place]}, column {name}",
            found=repr(texts[place]),
            cure="write plain digits, or leave the cell empty",
        )
    return values


def _years(sheet: _Sheet, column: dict[str, pd.Series]) -> pd.Series | int:
    if "year" in column:
        return pd.to_numeric(column["year"], errors="coerce").fillna(0).astype(int)
    named = re.findall(r"(?<!\d)(20[0-4]\d)(?!\d)", sheet.path.stem)
    if len(set(named)) != 1:
        raise DataError(
            "a county file does not say its census",
            where=str(sheet.path),
            cure="add a column year (年份), or name the file with the year, as counties2020.csv",
        )
    return int(named[0])


def _row_units(sheet: _Sheet, column: dict[str, pd.Series], worth: float) -> np.ndarray | float:
    if "unit" not in column:
        return worth
    words = column["unit"].replace("", "人")
    strange = ~words.isin(list(UNITS))
    if strange.any():
        word = str(words[strange].iloc[0])
        raise DataError(
            "an unknown unit",
            where=f"{sheet.path}, line {sheet.lines[int(strange.to_numpy().argmax())]}",
            found=word,
            cure=nearest(word, [*UNITS]),
        )
    return words.map(UNITS).to_numpy(float)

"""The saved tables as an Excel workbook: one tidy sheet each, with notes and units."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from qyforecast.report.columns import UNIT_NAMES, label_of, units_of
from qyforecast.report.document import Document, Grid, Paragraph
from qyforecast.report.figures.saved import COMMANDS, Saved
from qyforecast.report.naming import name_columns
from qyforecast.report.sheet_texts import SHEETS
from qyforecast.report.wording import say

#: Of tables with more rows than this the workbook has the city's alone.
MOST_ROWS = 10_000
#: Unit to the format of its numbers.
FORMATS = {
    "share": "0.0%",
    "person": "#,##0",
    "point": "0.00",
    "log odds": "0.0000",
    "score": "0.0000",
}
#: The same results give the same bytes.
DATE = datetime.datetime(2000, 1, 1)
#: Options under which nothing written is ever a formula or a link.
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True)
class Sheet:
    """A saved table on its way into a sheet.

    Attributes
    ----------
    name : str
        Of the sheet.
    need : str
        The table, as ``latest/targets``.
    table : DataFrame
        Its rows; none where it is not there.
    state : str
        What became of it.
    count : int
        Rows of the file.
    """

    name: str
    need: str
    table: pd.DataFrame
    state: str
    count: int


def write_xlsx(document: Document, saved: Saved, target: Path) -> None:
    """Write saved tables as a workbook.

    Parameters
    ----------
    document : Document
        What is said of them: title, answer and remarks for the notes.
    saved : Saved
        Where the tables lie.
    target : Path
        File to make; its folder is there.
    """
    lang = document.lang
    sheets = [_sheet(saved, need, lang) for need in SHEETS]
    with Workbook(str(target), PLAIN) as book:
        book.set_properties({"title": document.title, "author": "qyforecast", "created": DATE})
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        formats = {unit: book.add_format({"num_format": code}) for unit, code in FORMATS.items()}
        _write(book.add_worksheet(say("sheet_notes", lang)), _notes(document), head, {})
        _write(book.add_worksheet(say("sheet_list", lang)), _listed(sheets, lang), head, {})
        _write(book.add_worksheet(say("sheet_columns", lang)), _columns(sheets, lang), head, {})
        for sheet in (one for one in sheets if len(one.table)):
            table = name_columns(sheet.table, saved.census.names, lang)
            units = units_of(sheet.need.partition("/")[2], sheet.table, lang)
            chosen = {column: formats.get(_key(unit)) for column, unit in units.items()}
            named = table.rename(columns=lambda column: label_of(str(column), lang))
            shown = {label_of(column, lang): found for column, found in chosen.items()}
            _write(book.add_worksheet(sheet.name), named, head, shown)


def _key(unit: str) -> str:
    return next(key for key, names in UNIT_NAMES.items() if unit in names)


def _sheet(saved: Saved, need: str, lang: str) -> Sheet:
    name = SHEETS[need][1 if lang == "zh" else 0]
    if not saved.there([need]):
        command = COMMANDS[need.partition("/")[0]]
        return Sheet(name, need, pd.DataFrame(), say("state_absent", lang, {"command": command}), 0)
    table = saved.table(need, saved.census.city)
    if len(table) > MOST_ROWS and "region_code" in table:
        mine = table[table["region_code"] == saved.census.city].reset_index(drop=True)
        return Sheet(name, need, mine, say("state_city", lang), len(table))
    return Sheet(name, need, table, say("state_whole", lang), len(table))


def _notes(document: Document) -> pd.DataFrame:
    """Say what a reader needs to know, a remark in a row."""
    lang = document.lang
    texts = [document.title]
    texts += [b.text for b in document.part("answer").blocks if isinstance(b, Paragraph)]
    texts.append(say("notes_values", lang))
    texts += [b.text for b in document.part("left-out").blocks if isinstance(b, Paragraph)]
    texts += [note for b in document.blocks() if isinstance(b, Grid) for note in b.shown.notes]
    return pd.DataFrame({say("column_text", lang): list(dict.fromkeys(texts))})


def _listed(sheets: list[Sheet], lang: str) -> pd.DataFrame:
    rows = [(one.name, f"{one.need}.csv", one.count, one.state) for one in sheets]
    heads = ("sheet", "file", "rows", "state")
    return pd.DataFrame(rows, columns=[say(f"column_{head}", lang) for head in heads])


def _columns(sheets: list[Sheet], lang: str) -> pd.DataFrame:
    """Say what each column is called in the file, and its unit."""
    text = UNIT_NAMES["text"][1 if lang == "zh" else 0]
    rows = []
    for one in sheets:
        units = units_of(one.need.partition("/")[2], one.table, lang)
        rows += [
            (one.name, label_of(column, lang), column, units.get(column, text))
            for column in map(str, one.table.columns)
        ]
    heads = ("sheet", "name", "code", "unit")
    return pd.DataFrame(rows, columns=[say(f"column_{head}", lang) for head in heads])


def _write(
    sheet: Worksheet, table: pd.DataFrame, head: Format, formats: Mapping[str, Format | None]
) -> None:
    """Write a table under a head that stays; a hole is an empty cell."""
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(map(str, table.columns)):
        values = table[column]
        sheet.write_string(0, place, column, head)
        width = max([len(column.encode("gbk", "replace")), *_widest(values)])
        sheet.set_column(place, place, min(width + 2, 90), formats.get(column))
        write = _writer(sheet, values)
        for row, value in enumerate(values.tolist(), start=1):
            if value == value and value is not None:  # noqa: PLR0124
                write(row, place, value)
    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)


def _writer(sheet: Worksheet, values: pd.Series) -> Callable[[int, int, Any], object]:
    """Write text as text, whatever it begins with."""
    numeric = pd.api.types.is_numeric_dtype(values)
    truth = pd.api.types.is_bool_dtype(values)

    def write(row: int, place: int, value: Any) -> None:
        if truth:
            sheet.write_boolean(row, place, value)
        elif numeric:
            sheet.write_number(row, place, value)
        else:
            sheet.write_string(row, place, str(value))

    return write


def _widest(values: pd.Series) -> list[int]:
    if pd.api.types.is_numeric_dtype(values):
        return [8]
    return [len(str(value).encode("gbk", "replace")) for value in values.unique()[:200]]

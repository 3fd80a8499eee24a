"""Cells of the first sheet of an Excel workbook: text only, nothing evaluated, nothing written."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from qyforecast.errors import DataError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: Bytes that a workbook may unpack to: the whole country takes some 30 million.
_LARGEST = 400_000_000


def read_cells(raw: bytes, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Read the rows of the first sheet.

    Parameters
    ----------
    raw : bytes
        The workbook.
    path : Path
        Where it lies, for errors.

    Yields
    ------
    tuple of int and list of str
        Number of the row, and its cells as text; cells that are not there are empty.

    Raises
    ------
    DataError
        If it is no workbook of Excel 2007 or later.

    References
    ----------
    ECMA-376, part 1, section 18.3.1 (worksheets) and 18.4 (shared strings).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            if sum(part.file_size for part in book.infolist()) > _LARGEST:
                raise DataError(
                    "a workbook is too large", where=str(path), cure="save its sheet as CSV"
                )
            words = _shared(book)
            yield from _rows(book.read(_first_sheet(book)), words)
    except (zipfile.BadZipFile, ElementTree.ParseError, KeyError, IndexError, ValueError) as error:
        raise DataError(
            "this is no Excel workbook that can be read",
            where=str(path),
            found=f"{raw[:4]!r}... {error}",
            cure="open it in the spreadsheet and save it as .xlsx, or as CSV",
        ) from error


def _first_sheet(book: zipfile.ZipFile) -> str:
    sheets = [name for name in book.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    if not sheets:
        raise KeyError("no sheet in it")
    # sheet10 comes after sheet2; a workbook of one sheet may call it anything.
    return min(sheets, key=lambda name: (len(name), name))


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    tree = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return [_text(item) for item in tree.iter(f"{_MAIN}si")]


def _text(item: ElementTree.Element) -> str:
    """Join the runs of a text, without its phonetic reading."""
    runs = [item, *item.findall(f"{_MAIN}r")]
    return "".join(part.findtext(f"{_MAIN}t") or "" for part in runs)


def _rows(sheet: bytes, words: list[str]) -> Iterator[tuple[int, list[str]]]:
    number = 0
    for _, row in ElementTree.iterparse(io.BytesIO(sheet)):
        if row.tag != f"{_MAIN}row":
            continue
        number = int(row.get("r") or number + 1)
        cells: list[str] = []
        for cell in row.iter(f"{_MAIN}c"):
            place = _column(cell.get("r") or "") if cell.get("r") else len(cells)
            cells += [""] * (place - len(cells))
            cells.append(_value(cell, words))
        yield number, cells
        row.clear()


def _column(reference: str) -> int:
    """Turn the letters of a reference like AB12 into a place from 0."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = 26 * place + ord(letter) - 64
    return place - 1


def _value(cell: ElementTree.Element, words: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        inside = cell.find(f"{_MAIN}is")
        return "" if inside is None else _text(inside)
    text = cell.findtext(f"{_MAIN}v") or ""
    if cell.get("t") == "s" and text:
        return words[int(text)]
    return text

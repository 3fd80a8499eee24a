"""The published coefficients that the package carries, row by row."""

import csv
from collections.abc import Sequence
from pathlib import Path

from qyforecast.errors import DataError
from qyforecast.provenance import shipped_folder


def read_coefficients(
    path: Path | str | None, name: str, columns: Sequence[str]
) -> tuple[Path, list[dict[str, str]]]:
    """Read a table of coefficients as text.

    Parameters
    ----------
    path : Path or str or None
        A CSV file; None for the shipped one.
    name : str
        Name of the shipped file; ``datapackage.json`` beside it says its source.
    columns : sequence of str
        Columns it must have.

    Returns
    -------
    file : Path
        The file read.
    rows : list of dict
        Column to text.

    Raises
    ------
    DataError
        If the file or a column is missing.
    """
    file = shipped_folder("census") / name if path is None else Path(path)
    if not file.is_file():
        raise DataError("a table of coefficients is not there", where=str(file))
    with file.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    missing = [c for c in columns if not rows or c not in rows[0]]
    if missing:
        raise DataError(f"column {missing[0]} is missing", where=str(file))
    return file, rows

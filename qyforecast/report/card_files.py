"""Tables that other commands leave beside a specification, and how they are shown."""

from pathlib import Path

import pandas as pd

from qyforecast.errors import DataError
from qyforecast.filing import whole_file
from qyforecast.report.overview import TextTable
from qyforecast.report.writing import SHARE_FORMAT, write_table

#: What past origins say of the rivals, held-out counties, and the drivers' futures.
RECORD, COUNTIES, FUTURES = "record.csv", "counties.csv", "drivers.csv"
#: Their columns of scores; the others may hold words.
NUMBERS = (
    *("horizon", "observations", "mae", "bias", "crps", "coverage80", "coverage95"),
    *("first_origin", "last_origin", "log_score", "shift", "factor"),
)
#: Where truths drawn from the prior lay in their posteriors.
CALIBRATION = "calibration.csv"


def table_beside(model_file: Path, name: str) -> pd.DataFrame | None:
    """Read a table beside a specification.

    Parameters
    ----------
    model_file : Path
        The specification.
    name : str
        File name, as ``record.csv``.

    Returns
    -------
    DataFrame or None
        None where there is no such file.

    Raises
    ------
    DataError
        If it is no table.
    """
    path = model_file.with_name(name)
    if not path.exists():
        return None
    try:
        table = pd.read_csv(path, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise DataError(
            "this table cannot be read",
            where=str(path),
            found=str(error),
            cure="make it again, or delete it",
        ) from error
    if table.empty:
        raise DataError("this table has no rows", where=str(path), cure="make it again")
    for column in table.columns.intersection(list(NUMBERS)):
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise DataError(
                f"column '{column}' of this table holds what is no number",
                where=str(path),
                cure="make it again, or delete it",
            )
    return table


def write_beside(model_file: Path, name: str, table: pd.DataFrame) -> Path:
    """Write a table beside a specification, whole or not at all.

    Parameters
    ----------
    model_file : Path
        The specification.
    name : str
        File name, as ``record.csv``.
    table : DataFrame
        What `table_beside` gives back.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    target = model_file.with_name(name)
    with whole_file(target) as part:
        write_table(table, part, SHARE_FORMAT)
    return target


def frame_table(title: str, table: pd.DataFrame, notes: tuple[str, ...] = ()) -> TextTable:
    """Show a data frame as it is, numbers to three significant digits.

    Parameters
    ----------
    title : str
        What it answers.
    table : DataFrame
        Any table.
    notes : tuple of str
        Units.

    Returns
    -------
    TextTable
        A cell for each; a dash where a value is missing.
    """
    rows = tuple(tuple(map(_cell, row)) for row in table.itertuples(index=False))
    columns = tuple(str(name).replace("_", " ") for name in table.columns)
    return TextTable(title, columns, rows, notes)


def _cell(value: object) -> str:
    if isinstance(value, float):
        if pd.isna(value):
            return "–"
        return f"{value:.0f}" if value.is_integer() and abs(value) >= 1 else f"{value:.3g}"
    return "yes" if value is True else "no" if value is False else str(value)

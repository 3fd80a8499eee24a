"""How an identity that fails is reported."""

from collections.abc import Mapping

import pandas as pd

from qyforecast.census.tables import Table
from qyforecast.errors import DataError


def sum_fault(
    table: Table, rows: pd.DataFrame, column: str, sides: tuple[float, float], what: str
) -> DataError:
    """Report two figures that should be equal, and suspect the unit first.

    Parameters
    ----------
    table : Table
        Where one of them stands.
    rows : DataFrame
        Its rows.
    column : str
        Its column.
    sides : tuple of float
        What was found, and what it should equal.
    what : str
        The identity, in words.

    Returns
    -------
    DataError
        To collect.
    """
    found, told = sides
    ratio = found / told if told else float("inf")
    units = [f for f in (1e-4, 1e-3, 1e3, 1e4) if 0.9 < ratio / f < 1.1]
    cure = "correct the figures against the printed table"
    if units:
        cure = (
            f"one side is {max(units[0], 1 / units[0]):,.0f} times the other: figures in 万 or "
            "thousands? write persons, or declare the unit '10 thousand persons' in "
            "datapackage.json"
        )
    return DataError(
        what,
        where=table.where(rows, column),
        found=f"{found:,.10g} against {told:,.10g}",
        cure=cure,
    )


def matching(table: Table, labels: Mapping[str, object]) -> pd.DataFrame:
    """Select the rows that carry given labels.

    Parameters
    ----------
    table : Table
        A table.
    labels : mapping
        Label by column.

    Returns
    -------
    DataFrame
        Its rows with all of them.
    """
    mask = pd.Series(True, index=table.rows.index)
    for column, label in labels.items():
        mask &= table.rows[column] == label
    return table.rows[mask]

"""The rows of a saved table that a chart shows."""

from __future__ import annotations

import pandas as pd

from qyforecast.errors import OutputError
from qyforecast.report.figures.chart import Setting


def of_place(table: pd.DataFrame, setting: Setting) -> pd.DataFrame:
    """Take the rows of the charts' region.

    Parameters
    ----------
    table : DataFrame
        With a column ``region_code``.
    setting : Setting
        Its region.

    Returns
    -------
    DataFrame
        At least one row.

    Raises
    ------
    OutputError
        If the region was not run.
    """
    return rows_of(table, {"region_code": setting.region})


def newest_rows(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Take the rows of the newest vintage.

    Parameters
    ----------
    table : DataFrame
        With a column ``as_of``.

    Returns
    -------
    tuple of DataFrame and int
        Rows, and the vintage.
    """
    as_of = int(table["as_of"].max())
    return table[table["as_of"] == as_of], as_of


def first_scenario(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Take the rows of the scenario that was run first: the one compared with.

    Parameters
    ----------
    table : DataFrame
        With a column ``scenario``.

    Returns
    -------
    tuple of DataFrame and str
        Rows, and the scenario.
    """
    scenario = str(table["scenario"].iloc[0])
    return table[table["scenario"] == scenario], scenario


def rows_of(table: pd.DataFrame, labels: dict[str, object]) -> pd.DataFrame:
    """Take the rows that carry labels.

    Parameters
    ----------
    table : DataFrame
        A saved table.
    labels : dict
        Column to value.

    Returns
    -------
    DataFrame
        At least one row.

    Raises
    ------
    OutputError
        If no row carries them.
    """
    for column, value in labels.items():
        found = table[table[column] == value]
        if found.empty:
            known = ", ".join(map(str, pd.unique(table[column])[:12]))
            raise OutputError(
                "the results have no rows for a chart",
                where=f"column {column}",
                found=f"{value}; there are {known}",
                cure="choose one of these, or run the results again with it",
            )
        table = found
    return table


def targets_of(table: pd.DataFrame) -> pd.DataFrame:
    """Take one target for each year: the highest bar, which is the promise read strictly.

    Parameters
    ----------
    table : DataFrame
        With columns ``year`` and ``threshold``.

    Returns
    -------
    DataFrame
        Rows of the highest bar of each year, by year.
    """
    top = table.groupby("year")["threshold"].transform("max")
    return table[table["threshold"] == top].sort_values("year", kind="stable")

"""Tables whose rows carry their own unit: yearly series and life expectancy."""

from collections.abc import Iterator, Mapping

import pandas as pd

from qyforecast.census.layout import UNITS, VARIABLES, factor
from qyforecast.census.tables import Table
from qyforecast.errors import DataError
from qyforecast.provenance import Source
from qyforecast.vocabulary import UNIT_FACTORS, nearest

#: Closed range of shares and of yearly rates per resident.
_RANGES = {"share": (0.0, 1.0), "rate": (0.0, 0.2), "ratio": (0.3, 3.0)}


def convert_series(table: Table) -> pd.DataFrame:
    """Turn published units into the package's, row by row.

    Parameters
    ----------
    table : Table
        A table with ``variable``, ``value`` and ``unit`` whose words are known.

    Returns
    -------
    DataFrame
        The same rows; ``unit`` is person, yuan or 1.
    """
    rows = table.rows.copy()
    rows["value"] = rows["value"] * rows["unit"].map(factor)
    rows["unit"] = rows["variable"].map({name: UNITS[kind][0] for name, kind in VARIABLES.items()})
    return rows.reset_index(drop=True)


def series_faults(table: Table, sources: Mapping[str, Source]) -> Iterator[DataError]:
    """Find unknown variables, units and sources, and figures outside their range.

    Parameters
    ----------
    table : Table
        A yearly series as read.
    sources : mapping of str to Source
        Sources of the descriptor.

    Yields
    ------
    DataError
        One for each kind of fault.
    """
    rows = table.rows
    yield from _unknown(table, "variable", list(VARIABLES))
    yield from _unknown(table, "unit", list(UNIT_FACTORS))
    yield from source_faults(table, sources)
    allowed = pd.MultiIndex.from_tuples(
        [(name, unit) for name, kind in VARIABLES.items() for unit in UNITS[kind]]
    )
    pairs = pd.MultiIndex.from_frame(rows[["variable", "unit"]])
    wrong = rows[rows["variable"].isin(list(VARIABLES)).to_numpy() & ~pairs.isin(allowed)]
    if len(wrong):
        name = str(wrong["variable"].iloc[0])
        yield DataError(
            f"{name} has a unit that it cannot have",
            where=table.where(wrong.iloc[:1], "unit"),
            found=str(wrong["unit"].iloc[0]),
            cure="write one of: " + ", ".join(UNITS[VARIABLES[name]]),
        )
    elif rows["variable"].isin(list(VARIABLES)).all() and rows["unit"].isin(UNIT_FACTORS).all():
        yield from _range_faults(table)


def source_faults(table: Table, sources: Mapping[str, Source]) -> Iterator[DataError]:
    """Find rows whose source the descriptor does not describe.

    Parameters
    ----------
    table : Table
        A table with the column ``source``.
    sources : mapping of str to Source
        Sources of the descriptor.

    Yields
    ------
    DataError
        One, if there is such a row.
    """
    yield from _unknown(table, "source", list(sources))


def _unknown(table: Table, column: str, known: list[str]) -> Iterator[DataError]:
    strange = table.rows[~table.rows[column].isin(known)]
    if len(strange):
        word = str(strange[column].iloc[0])
        yield DataError(
            f"an unknown {column}",
            where=table.where(strange.iloc[:1], column),
            found=word,
            cure=nearest(word, known),
        )


def _range_faults(table: Table) -> Iterator[DataError]:
    rows = table.rows
    values = rows["value"] * rows["unit"].map(factor)
    kinds = rows["variable"].map(VARIABLES)
    low = kinds.map({kind: bounds[0] for kind, bounds in _RANGES.items()}).fillna(0.0)
    high = kinds.map({kind: bounds[1] for kind, bounds in _RANGES.items()}).fillna(float("inf"))
    bad = rows[(values < low) | (values > high)]
    if len(bad):
        yield DataError(
            f"{bad['variable'].iloc[0]} is outside its range",
            where=table.where(bad.iloc[:1], "value"),
            found=f"{bad['value'].iloc[0]:g} {bad['unit'].iloc[0]}",
            cure="look at the unit first",
        )
    early = rows[rows["published"] < rows["year"]]
    if len(early):
        yield DataError(
            "a figure is published before the year it speaks of",
            where=table.where(early.iloc[:1], "published"),
            found=str(early["published"].iloc[0]),
            cure="write the year of publication; reference year + 1 where it is unknown",
        )
    yield from _unit_jumps(table, values)


def _unit_jumps(table: Table, values: pd.Series) -> Iterator[DataError]:
    """Counts of people hardly change: a factor of five from the region's median is a unit."""
    rows = table.rows
    stocks = rows["variable"].isin(("population", "urban_population", "registered_population"))
    chosen = rows.assign(value=values)[stocks]
    median = chosen.groupby(["region_code", "variable"])["value"].transform("median")
    ratio = chosen["value"] / median
    odd = rows.loc[ratio.index[(ratio < 0.2) | (ratio > 5)]]
    if len(odd):
        yield DataError(
            f"{odd['variable'].iloc[0]} is {ratio[odd.index[0]]:.3g} times the other years' median",
            where=table.where(odd.iloc[:1], "value"),
            found=f"{odd['value'].iloc[0]:g} {odd['unit'].iloc[0]}",
            cure="look at the unit: persons, or 10 thousand persons (万)?",
        )

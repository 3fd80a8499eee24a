"""Which regions there are: the city forecast, its counties, and their names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from qyforecast.census.tables import Table
from qyforecast.errors import DataError


@dataclass(frozen=True)
class Regions:
    """The regions of a census folder.

    Attributes
    ----------
    city : str
        Code of the city forecast.
    counties : tuple of str
        Codes of its counties, in order.
    names : mapping of str to tuple
        Chinese and English name of every region.
    """

    city: str
    counties: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]


def read_regions(table: Table) -> Regions:
    """Find the city and its counties.

    Parameters
    ----------
    table : Table
        The table ``regions``.

    Returns
    -------
    Regions
        Codes and names.

    Raises
    ------
    DataError
        If there is not one city, or it has no county.
    """
    rows = table.rows
    cities = rows.loc[rows["level"] == "city", "region_code"].tolist()
    if len(cities) != 1:
        raise DataError(
            "a census folder is about one city",
            where=table.where(column="level"),
            found=f"{len(cities)} rows of level city: {', '.join(cities) or 'none'}",
            cure="give exactly one row the level city",
        )
    counties = rows.loc[
        (rows["level"] == "county") & (rows["parent"] == cities[0]), "region_code"
    ].tolist()
    if not counties:
        raise DataError(
            "the city has no counties",
            where=table.where(column="parent"),
            cure=f"list its counties with level county and parent {cities[0]}",
        )
    names = {
        str(row.region_code): (str(row.name_zh), str(row.name_en))
        for row in rows.rename(columns={"name": "name_zh"}).itertuples(index=False)
    }
    return Regions(cities[0], tuple(sorted(counties)), names)


def region_faults(table: Table, regions: Regions, wanted: set[str]) -> Iterator[DataError]:
    """Find regions that are unknown or missing.

    Parameters
    ----------
    table : Table
        A table with the column ``region_code``.
    regions : Regions
        The known regions.
    wanted : set of str
        Codes that must be there.

    Yields
    ------
    DataError
        One for all unknown and one for all missing codes.
    """
    codes = table.rows["region_code"]
    strange = table.rows[~codes.isin(list(regions.names))]
    if len(strange):
        yield DataError(
            "an unknown region",
            where=table.where(strange.iloc[:1], "region_code"),
            found=str(strange["region_code"].iloc[0]),
            cure="correct the code, or add the region to regions.csv",
        )
    missing = sorted(wanted - set(codes))
    if missing:
        yield DataError(
            "a region is missing",
            where=table.where(column="region_code"),
            found="no rows of " + ", ".join(_called(code, regions) for code in missing),
            cure="add its rows, or take it out of regions.csv",
        )


def completeness_faults(table: Table, labels: Mapping[str, list], figure: str) -> list[DataError]:
    """Find combinations of labels that have no row.

    Parameters
    ----------
    table : Table
        A table without duplicate rows.
    labels : mapping of str to list
        Labels wanted by column.
    figure : str
        Column whose cells would be holes.

    Returns
    -------
    list of DataError
        One naming the first missing combination, or none.
    """
    full = pd.MultiIndex.from_product(list(labels.values()), names=list(labels))
    there = pd.MultiIndex.from_frame(table.rows[list(labels)])
    holes = full.difference(there, sort=False)
    strange = there.difference(full, sort=False)
    faults = []
    if len(holes):
        at = ", ".join(f"{k} {v}" for k, v in zip(labels, holes[0], strict=True))
        faults.append(
            DataError(
                "a row is missing",
                where=f"{table.resource.path}, column {figure}",
                found=f"nothing for {at} ({len(holes)} such rows)",
                cure="add it: every combination of " + ", ".join(labels) + " needs one row",
            )
        )
    if len(strange):
        line = table.rows[there.isin(strange[:1])]
        column = next(k for k, v in zip(labels, strange[0], strict=True) if v not in labels[k])
        faults.append(
            DataError(
                f"an unexpected {column}",
                where=table.where(line.iloc[:1], column),
                found=str(line[column].iloc[0]),
                cure="known: " + ", ".join(str(v) for v in labels[column]),
            )
        )
    return faults


def _called(code: str, regions: Regions) -> str:
    return " ".join((code, *regions.names.get(code, ())))

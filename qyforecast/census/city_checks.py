"""Identities within the census tables of the city and its counties."""

from collections.abc import Iterator, Mapping

import pandas as pd

from qyforecast.census.boundaries import Regions, completeness_faults, region_faults
from qyforecast.census.layout import FIGURES, UNITS, factor
from qyforecast.census.sums import matching, sum_fault
from qyforecast.census.tables import Table
from qyforecast.errors import DataError
from qyforecast.vocabulary import CENSUS_AGES, SEXES

#: Tables about the city and its counties, with the labels of their rows besides region and year.
CITY_TABLES: Mapping[str, tuple[str, ...]] = {
    "residence": (),
    "age_sex": ("sex", "age"),
    "employment": ("industry",),
    "migrants": (),
    "schooling": ("sex", "level"),
}


def city_faults(tables: Mapping[str, Table], regions: Regions) -> Iterator[DataError]:
    """Find what does not add up in the tables of the city and its counties.

    Parameters
    ----------
    tables : mapping of str to Table
        Tables that were read without fault.
    regions : Regions
        The city and its counties.

    Yields
    ------
    DataError
        One for each identity that fails; those that rest on a failed one are not tried.
    """
    residence = tables.get("residence")
    if residence is None:
        return
    years = sorted(int(year) for year in residence.rows["year"].unique())
    for name in CITY_TABLES:
        if name in tables:
            faults = _complete(tables[name], regions, years)
            yield from faults or _city_sums(tables[name], regions)
    yield from _totals(residence)
    if "age_sex" in tables:
        yield from _by_sex(residence, tables["age_sex"], (1.0, 1.0), "ages do not add up to")
    if "schooling" in tables:
        yield from _by_sex(
            residence, tables["schooling"], (0.5, 1.0),
            "levels of schooling count more people than, or fewer than half of,",
        )  # fmt: skip
    if "employment" in tables:
        yield from _sample(residence, tables["employment"])
    if "city_series" in tables:
        yield from _series_level(residence, tables["city_series"])


def _complete(table: Table, regions: Regions, years: list[int]) -> list[DataError]:
    own = [regions.city, *regions.counties]
    if faults := list(region_faults(table, regions, set(own))):
        return faults
    labels: dict[str, list] = {"region_code": own, "year": years}
    for label in CITY_TABLES[table.resource.name]:
        fixed = {"sex": list(SEXES), "age": list(CENSUS_AGES)}.get(label)
        labels[label] = fixed or list(dict.fromkeys(table.rows[label]))
    return completeness_faults(table, labels, next(iter(FIGURES[table.resource.name])))


def _city_sums(table: Table, regions: Regions) -> Iterator[DataError]:
    name = table.resource.name
    rows, figures, keys = table.rows, list(FIGURES[name]), ["year", *CITY_TABLES[name]]
    whole = rows["region_code"] == regions.city
    inside = rows[rows["region_code"].isin(regions.counties)].groupby(keys)[figures].sum()
    for line, city in rows[whole].iterrows():
        label = tuple(city[key] for key in keys)
        parts = inside.loc[label if len(keys) > 1 else label[0]]
        for figure in figures:
            # A figure that one census lacks (registered population) is empty for the city too.
            if pd.notna(city[figure]) and parts[figure] != city[figure]:
                yield sum_fault(
                    table, rows.loc[[line]], figure, (float(parts[figure]), float(city[figure])),
                    "the counties do not add up to the city",
                )  # fmt: skip
                return


def _totals(table: Table) -> Iterator[DataError]:
    rows = table.rows
    for one, other in (("male", "female"), ("urban", "rural")):
        bad = rows[rows[one] + rows[other] != rows["total"]]
        if len(bad):
            first = bad.iloc[0]
            yield sum_fault(
                table, bad.iloc[:1], f"{one} and {other}",
                (float(first[one] + first[other]), float(first["total"])),
                f"{one} + {other} is not the total",
            )  # fmt: skip


def _by_sex(
    residence: Table, table: Table, bounds: tuple[float, float], what: str
) -> Iterator[DataError]:
    """Sums by sex lie between two multiples of the men and women of ``residence``."""
    sums = table.rows.groupby(["region_code", "year", "sex"])["persons"].sum()
    for line, row in residence.rows.iterrows():
        for sex in SEXES:
            key = (row["region_code"], row["year"], sex)
            if key in sums.index and not bounds[0] * row[sex] <= sums[key] <= bounds[1] * row[sex]:
                labels = {"region_code": row["region_code"], "year": row["year"], "sex": sex}
                yield sum_fault(
                    table, matching(table, labels), "persons",
                    (float(sums[key]), float(row[sex])),
                    f"{what} column {sex} of {residence.resource.path.name}, line {line}",
                )  # fmt: skip
                return


def _sample(residence: Table, table: Table) -> Iterator[DataError]:
    """A tenth of the half who work is near a twentieth of the residents, never a seventh."""
    sums = table.rows.groupby(["region_code", "year"])["sampled"].sum()
    for row in residence.rows.to_dict("records"):
        key = (row["region_code"], row["year"])
        if key in sums.index and not 0.005 <= sums[key] / row["total"] <= 0.15:
            yield DataError(
                "employment is no 10 % sample of the residents",
                where=table.where(
                    matching(table, {"region_code": key[0], "year": key[1]}), "sampled"
                ),
                found=f"{int(sums[key])} employed in the sample, {int(row['total'])} residents",
                cure="write the counts of the long form as printed, not grossed up, in persons",
            )
            return


def _series_level(residence: Table, table: Table) -> Iterator[DataError]:
    """The census against the yearly series: a unit is off by 10 or 10,000."""
    counted = residence.rows.set_index(["region_code", "year"])["total"]
    rows = table.rows[table.rows["variable"] == "population"]
    for line, row in rows[rows["unit"].isin(UNITS["persons"])].iterrows():
        key, persons = (row["region_code"], row["year"]), row["value"] * factor(row["unit"])
        if key in counted.index and not 0.8 < counted[key] / persons < 1.25:
            yield sum_fault(
                residence, matching(residence, {"region_code": key[0], "year": key[1]}), "total",
                (float(counted[key]), float(persons)),
                f"the census is far from the residents of {table.resource.path.name}, line {line}",
            )  # fmt: skip
            return

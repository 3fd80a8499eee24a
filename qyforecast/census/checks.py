"""Identities between all tables of a census folder."""

from collections.abc import Iterator, Mapping

import pandas as pd

from qyforecast.census.boundaries import Regions, completeness_faults, region_faults
from qyforecast.census.city_checks import city_faults
from qyforecast.census.layout import FIGURES
from qyforecast.census.series import series_faults, source_faults
from qyforecast.census.sums import matching, sum_fault
from qyforecast.census.tables import Table
from qyforecast.errors import DataError
from qyforecast.provenance import Source
from qyforecast.vocabulary import SECTORS, SEXES

NATION = "000000"
#: Kinds of place in which the census tabulates residence; city and town are urban.
PLACES = ("city", "town", "rural")
#: Tables by residence, with the labels of their rows besides region and year.
RESIDENCE_TABLES: Mapping[str, tuple[str, ...]] = {
    "age_residence": ("residence", "sex", "age"),
    "births": ("residence", "mother_age"),
    "births_by_sex": ("residence", "sex"),
}


def folder_faults(
    tables: Mapping[str, Table], regions: Regions, sources: Mapping[str, Source]
) -> Iterator[DataError]:
    """Find what does not add up in and between sound tables.

    Parameters
    ----------
    tables : mapping of str to Table
        The tables that were read without fault.
    regions : Regions
        The city and its counties.
    sources : mapping of str to Source
        Sources of the descriptor.

    Yields
    ------
    DataError
        One for each identity that fails.
    """
    yield from city_faults(tables, regions)
    for name in RESIDENCE_TABLES:
        if name in tables:
            yield from _complete(tables[name], regions)
    between = (
        (("age_residence",), _deaths),
        (("county_panel",), _panel),
        (("county_panel", "county_panel_left_out", "province_census"), _panel_sums),
        (("county_panel", "residence"), _panel_counties),
        (("age_residence", "province_census"), _residence_totals),
        (("births", "births_by_sex"), _births),
    )
    for needed, check in between:
        if all(name in tables for name in needed):
            yield from check(*(tables[name] for name in needed))
    for name in ("city_series", "provinces"):
        if name in tables:
            yield from region_faults(tables[name], regions, set())
            yield from series_faults(tables[name], sources)
    if "life_expectancy" in tables:
        yield from source_faults(tables["life_expectancy"], sources)


def _complete(table: Table, regions: Regions) -> Iterator[DataError]:
    labels = {
        label: list(dict.fromkeys(table.rows[label]))
        for label in ("region_code", "year", *RESIDENCE_TABLES[table.resource.name])
    }
    wanted = {"residence": list(PLACES), "sex": list(SEXES)}
    labels |= {k: v for k, v in wanted.items() if k in labels}
    yield from region_faults(table, regions, {NATION})
    yield from completeness_faults(table, labels, next(iter(FIGURES[table.resource.name])))


def _deaths(table: Table) -> Iterator[DataError]:
    over = table.rows[table.rows["deaths"] > table.rows["population"]]
    if len(over):
        yield DataError(
            "more people died than lived",
            where=table.where(over.iloc[:1], "deaths"),
            found=f"{over['deaths'].iloc[0]} deaths, {over['population'].iloc[0]} residents",
            cure="correct the row, or its unit",
        )


def _panel(table: Table) -> Iterator[DataError]:
    rows = table.rows
    bad = rows[rows["urban"] + rows["rural"] != rows["population"]]
    if len(bad):
        first = bad.iloc[0]
        yield sum_fault(
            table, bad.iloc[:1], "urban and rural",
            (float(first["urban"] + first["rural"]), float(first["population"])),
            "urban + rural is not the population",
        )  # fmt: skip
    shares = rows[[f"employed_{sector}_share" for sector in SECTORS]].sum(axis=1)
    if len(odd := rows[(shares - 1).abs() > 1e-4]):
        yield DataError(
            "employment shares of a county do not add up to one",
            where=table.where(odd.iloc[:1], "employed_primary_share"),
            found=f"{shares[odd.index[0]]:.6g}",
            cure="correct the shares; their unit is said in datapackage.json",
        )


def _panel_sums(table: Table, left_out: Table, totals: Table) -> Iterator[DataError]:
    figures = list(FIGURES["province_census"])
    both = pd.concat([table.rows, left_out.rows]).groupby(["province", "year"])[figures].sum()
    for line, row in totals.rows.iterrows():
        for figure in figures:
            found = float(both[figure].get((row["region_code"], row["year"]), 0))
            if found != row[figure]:
                yield sum_fault(
                    totals, totals.rows.loc[[line]], figure, (found, float(row[figure])),
                    f"the counties of {table.resource.path.name} and "
                    f"{left_out.resource.path.name} do not add up to the province",
                )  # fmt: skip
                return


def _panel_counties(table: Table, residence: Table) -> Iterator[DataError]:
    counted = residence.rows.set_index(["region_code", "year"])
    for line, row in table.rows[table.rows["code"].isin(residence.rows["region_code"])].iterrows():
        key = (row["code"], row["year"])
        for figure, told in (("population", "total"), ("urban", "urban")):
            if key in counted.index and row[figure] != counted[told][key]:
                yield sum_fault(
                    table, table.rows.loc[[line]], figure,
                    (float(row[figure]), float(counted[told][key])),
                    f"a county differs from {residence.resource.path.name}",
                )  # fmt: skip
                return


def _residence_totals(table: Table, totals: Table) -> Iterator[DataError]:
    for line, row in totals.rows.iterrows():
        its = matching(table, {"region_code": row["region_code"], "year": row["year"]})
        for figure, places in (("urban", PLACES[:2]), ("rural", PLACES[2:])):
            part = its[its["residence"].isin(places)]
            if len(its) and part["population"].sum() != row[figure]:
                yield sum_fault(
                    table, part, "population",
                    (float(part["population"].sum()), float(row[figure])),
                    f"ages do not add up to column {figure} of {totals.resource.path.name}, "
                    f"line {line}",
                )  # fmt: skip
                return


def _births(table: Table, by_sex: Table) -> Iterator[DataError]:
    """In 2010 one table counts mothers, the other children: a few percent apart."""
    key = ["region_code", "year", "residence"]
    one, other = (t.rows.groupby(key)["births"].sum() for t in (table, by_sex))
    for label in one.index.intersection(other.index):
        if not 0.95 * other[label] <= one[label] <= 1.05 * other[label]:
            its = matching(table, dict(zip(key, label, strict=True)))
            yield sum_fault(
                table, its, "births", (float(one[label]), float(other[label])),
                f"births by mother's age are far from {by_sex.resource.path.name}",
            )  # fmt: skip
            return

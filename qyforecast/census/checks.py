"""Identities between the tables of a census folder."""

from collections.abc import Callable, Iterator, Mapping

import pandas as pd

from qyforecast.census.boundaries import Regions, completeness_faults, region_faults
from qyforecast.census.layout import FIGURES, UNITS, VARIABLES, factor
from qyforecast.census.series import series_faults, source_faults
from qyforecast.census.tables import Table
from qyforecast.errors import DataError
from qyforecast.provenance import Source
from qyforecast.vocabulary import CENSUS_AGES, SEXES

NATION = "000000"
#: Tables about the city and its counties, with the labels of their rows besides region and year.
CITY_TABLES: Mapping[str, tuple[str, ...]] = {
    "residence": (),
    "age_sex": ("sex", "age"),
    "employment": ("industry",),
    "migrants": (),
    "schooling": ("sex", "level"),
}
RESIDENCE_TABLES: Mapping[str, tuple[str, ...]] = {
    "age_residence": ("residence", "sex", "age"),
    "births": ("residence", "mother_age"),
    "births_by_sex": ("residence", "sex"),
}
_PARTS = ("city", "town", "rural")
Tables = Mapping[str, Table]


def folder_faults(
    tables: Tables, regions: Regions, sources: Mapping[str, Source]
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
    checks: list[tuple[tuple[str, ...], Callable[..., Iterator[DataError]]]] = [
        (("residence", *((name,) if name != "residence" else ())), _city_table(name))
        for name in CITY_TABLES
    ]
    checks += [
        (("residence",), _residence),
        (("residence", "age_sex"), _ages),
        (("residence", "employment"), _sample),
        (("residence", "schooling"), _schooled),
        (("residence", "city_series"), _series_level),
        (("county_panel", "county_panel_left_out", "province_census"), _panel),
        (("county_panel", "residence"), _panel_counties),
        (("age_residence", "province_census"), _residence_totals),
        (("births", "births_by_sex"), _births),
    ]
    checks += [((name,), _residence_table(name)) for name in RESIDENCE_TABLES]
    for needed, check in checks:
        if all(name in tables for name in needed):
            yield from check(*(tables[name] for name in needed), regions=regions)
    for name in ("city_series", "provinces"):
        if name in tables:
            yield from region_faults(tables[name], regions, set())
            yield from series_faults(tables[name], sources)
    if "life_expectancy" in tables:
        yield from source_faults(tables["life_expectancy"], sources)


def _city_table(name: str) -> Callable[..., Iterator[DataError]]:
    def check(residence: Table, table: Table | None = None, *, regions: Regions):
        table = table or residence
        own = [regions.city, *regions.counties]
        yield from (faults := list(region_faults(table, regions, set(own))))
        rows = table.rows
        years = sorted(set(residence.rows["year"]))
        labels = {"region_code": own, "year": years}
        for label in CITY_TABLES[name]:
            fixed = {"sex": list(SEXES), "age": list(CENSUS_AGES)}.get(label)
            labels[label] = fixed or list(dict.fromkeys(rows[label]))
        if not faults:
            figure = next(iter(FIGURES[name]))
            yield from (faults := completeness_faults(table, labels, figure))
        if not faults:
            yield from _city_sums(table, regions, [k for k in labels if k != "region_code"])

    return check


def _city_sums(table: Table, regions: Regions, keys: list[str]) -> Iterator[DataError]:
    rows, figures = table.rows, list(FIGURES[table.resource.name])
    city = rows[rows["region_code"] == regions.city].set_index(keys)[figures]
    inside = rows[rows["region_code"].isin(regions.counties)].groupby(keys)[figures].sum()
    # A column left empty for the city (registered population of one census) is left out.
    difference = (inside - city).where(city.notna(), 0.0)
    for figure in figures:
        bad = difference[figure].to_numpy() != 0
        if bad.any():
            label = difference.index[bad][0]
            at = rows.index[rows["region_code"] == regions.city][
                city.index.get_loc(label)  # pyright: ignore[reportArgumentType]
            ]
            yield _sum_fault(
                table, rows.loc[[at]], figure, float(inside[figure][label]),
                float(city[figure][label]), "the counties do not add up to the city",
            )  # fmt: skip
            return


def _residence(table: Table, *, regions: Regions) -> Iterator[DataError]:
    rows = table.rows
    for one, other in (("male", "female"), ("urban", "rural")):
        bad = rows[rows[one] + rows[other] != rows["total"]]
        if len(bad):
            first = bad.iloc[0]
            yield _sum_fault(
                table, bad.iloc[:1], f"{one} and {other}", float(first[one] + first[other]),
                float(first["total"]), f"{one} + {other} is not the total",
            )  # fmt: skip


def _ages(residence: Table, table: Table, *, regions: Regions) -> Iterator[DataError]:
    sums = table.rows.groupby(["region_code", "year", "sex"])["persons"].sum()
    for row in residence.rows.itertuples():
        for sex in SEXES:
            key, told = (row.region_code, row.year, sex), float(getattr(row, sex))
            if key in sums.index and sums[key] != told:
                rows = table.rows
                its = rows[
                    (rows["region_code"] == key[0]) & (rows["year"] == key[1]) & (rows["sex"] == sex)
                ]
                yield _sum_fault(
                    table, its, "persons", float(sums[key]), told,
                    f"ages do not add up to column {sex} of residence.csv, line {row.Index}",
                )  # fmt: skip
                return


def _sample(residence: Table, table: Table, *, regions: Regions) -> Iterator[DataError]:
    """A sample of a tenth of half the people is near a twentieth, never a fifth, of them."""
    sums = table.rows.groupby(["region_code", "year"])["sampled"].sum()
    for row in residence.rows.itertuples():
        key = (row.region_code, row.year)
        if key not in sums.index:
            continue
        share = sums[key] / float(row.total)  # pyright: ignore[reportArgumentType]
        if not 0.005 <= share <= 0.15:
            rows = table.rows
            its = rows[(rows["region_code"] == key[0]) & (rows["year"] == key[1])]
            yield DataError(
                "employment is no 10 % sample of the residents",
                where=table.where(its, "sampled"),
                found=f"{int(sums[key])} employed in the sample of {int(row.total)} residents",  # pyright: ignore[reportArgumentType]
                cure="write the counts of the long form as printed, not grossed up, in persons",
            )
            return


def _schooled(residence: Table, table: Table, *, regions: Regions) -> Iterator[DataError]:
    sums = table.rows.groupby(["region_code", "year", "sex"])["persons"].sum()
    for row in residence.rows.itertuples():
        for sex in SEXES:
            key, all_of_them = (row.region_code, row.year, sex), float(getattr(row, sex))
            if key in sums.index and not 0.5 * all_of_them < sums[key] <= all_of_them:
                rows = table.rows
                its = rows[
                    (rows["region_code"] == key[0]) & (rows["year"] == key[1]) & (rows["sex"] == sex)
                ]
                yield _sum_fault(
                    table, its, "persons", float(sums[key]), all_of_them,
                    "schooling counts more people than live there, or fewer than half of them",
                )  # fmt: skip
                return


def _series_level(residence: Table, table: Table, *, regions: Regions) -> Iterator[DataError]:
    """The counts of the census against the yearly series: a unit is off by 10 or 10,000."""
    counted = residence.rows.set_index(["region_code", "year"])["total"]
    rows = table.rows[table.rows["variable"] == "population"]
    rows = rows[rows["unit"].isin(UNITS[VARIABLES["population"]])]
    persons = rows["value"] * rows["unit"].map(factor)
    for line, row in rows.iterrows():
        key = (row["region_code"], row["year"])
        if key in counted.index and not 0.8 < counted[key] / persons[line] < 1.25:
            at = residence.rows[
                (residence.rows["region_code"] == key[0]) & (residence.rows["year"] == key[1])
            ]
            yield _sum_fault(
                residence, at, "total", float(counted[key]), float(persons[line]),
                f"the census is far from the residents of {table.resource.path.name}, line {line}",
            )  # fmt: skip
            return


def _panel(
    table: Table, left_out: Table, totals: Table, *, regions: Regions
) -> Iterator[DataError]:
    rows = table.rows
    bad = rows[rows["urban"] + rows["rural"] != rows["population"]]
    if len(bad):
        first = bad.iloc[0]
        yield _sum_fault(
            table, bad.iloc[:1], "urban and rural", float(first["urban"] + first["rural"]),
            float(first["population"]), "urban + rural is not the population",
        )  # fmt: skip
    shares = rows.filter(like="employed_").filter(like="_share").sum(axis=1)
    if len(odd := rows[(shares - 1).abs() > 1e-4]):
        yield DataError(
            "employment shares of a county do not add up to one",
            where=table.where(odd.iloc[:1], "employed_primary_share"),
            found=f"{shares[odd.index[0]]:.6g}",
            cure="correct the shares; their unit is said in datapackage.json",
        )
    figures = list(FIGURES["province_census"])
    both = pd.concat([rows, left_out.rows]).groupby(["province", "year"])[figures].sum()
    for row in totals.rows.itertuples():
        for figure in figures:
            found, told = both[figure].get((row.region_code, row.year), 0), getattr(row, figure)
            if found != told:
                yield _sum_fault(
                    totals, totals.rows.loc[[row.Index]], figure, float(found), float(told),
                    "the counties of county_panel.csv and county_panel_left_out.csv do not add up "
                    "to the province",
                )  # fmt: skip
                return


def _panel_counties(table: Table, residence: Table, *, regions: Regions) -> Iterator[DataError]:
    counted = residence.rows.set_index(["region_code", "year"])
    own = table.rows[table.rows["code"].isin(regions.counties)]
    for line, row in own.iterrows():
        key = (row["code"], row["year"])
        for figure, told in (("population", "total"), ("urban", "urban")):
            if key in counted.index and row[figure] != counted[told][key]:
                yield _sum_fault(
                    table, own.loc[[line]], figure, float(row[figure]), float(counted[told][key]),
                    "a county differs from residence.csv",
                )  # fmt: skip
                return


def _residence_table(name: str) -> Callable[..., Iterator[DataError]]:
    def check(table: Table, *, regions: Regions) -> Iterator[DataError]:
        labels = {
            label: list(dict.fromkeys(table.rows[label]))
            for label in ("region_code", "year", *RESIDENCE_TABLES[name])
        }
        wanted = {"residence": list(_PARTS), "sex": list(SEXES)}
        labels |= {k: v for k, v in wanted.items() if k in labels}
        yield from region_faults(table, regions, {NATION})
        yield from completeness_faults(table, labels, next(iter(FIGURES[name])))
        if "deaths" in table.rows:
            over = table.rows[table.rows["deaths"] > table.rows["population"]]
            if len(over):
                yield DataError(
                    "more people died than lived",
                    where=table.where(over.iloc[:1], "deaths"),
                    found=f"{over['deaths'].iloc[0]} deaths, {over['population'].iloc[0]} residents",
                    cure="correct the row, or its unit",
                )

    return check


def _residence_totals(table: Table, totals: Table, *, regions: Regions) -> Iterator[DataError]:
    rows = table.rows
    urban = rows["residence"] != "rural"
    for row in totals.rows.itertuples():
        its = (rows["region_code"] == row.region_code) & (rows["year"] == row.year)
        for part, told in ((urban, row.urban), (~urban, row.rural)):
            found = rows.loc[its & part, "population"].sum()
            if its.any() and found != told:
                yield _sum_fault(
                    table, rows[its & part], "population", float(found),
                    float(told),  # pyright: ignore[reportArgumentType]
                    f"ages do not add up to province_census.csv, line {row.Index}",
                )  # fmt: skip
                return


def _births(table: Table, by_sex: Table, *, regions: Regions) -> Iterator[DataError]:
    """In 2010 one table counts mothers, the other children: a few percent apart."""
    key = ["region_code", "year", "residence"]
    one, other = (t.rows.groupby(key)["births"].sum() for t in (table, by_sex))
    for label in one.index.intersection(other.index):
        if not 0.95 * other[label] <= one[label] <= other[label]:
            its = table.rows[(table.rows[key] == label).all(axis=1)]
            yield _sum_fault(
                table, its, "births", float(one[label]), float(other[label]),
                "births by mother's age are far from births_by_sex.csv",
            )  # fmt: skip
            return


def _sum_fault(
    table: Table, rows: pd.DataFrame, column: str, found: float, told: float, what: str
) -> DataError:
    ratio = found / told if told else float("inf")
    units = [f for f in (1e-4, 1e-3, 1e3, 1e4) if 0.9 < ratio / f < 1.1]
    cure = "correct the figures against the printed table"
    if units:
        cure = (
            f"one side is {units[0] if units[0] > 1 else 1 / units[0]:,.0f} times the other: "
            "figures in 万 or thousands? write persons, or declare the unit "
            "'10 thousand persons' in datapackage.json"
        )
    return DataError(
        what, where=table.where(rows, column), found=f"{found:,.10g} against {told:,.10g}", cure=cure
    )

"""The tables of a census folder for one prefecture out of open county files."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from qyforecast.census.open_counts import INDUSTRIES
from qyforecast.census.open_layout import age_column
from qyforecast.census.prefecture import Prefecture
from qyforecast.vocabulary import CENSUS_AGES, SECTORS, SEXES

#: Tables that are about the city; the others of the shipped folder serve every city.
OWN = ("regions", "age_sex", "residence", "employment", "migrants", "city_series")
#: Tables about the shipped city only, which a new folder leaves out.
NOT_OURS = ("county_grid", "county_codes", "schooling")
_CENSUS_SOURCE = {2010: ("census2010-county", 2012), 2020: ("census2020-county", 2021)}


def city_tables(city: Prefecture, regions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Lay out the tables that are about the city, its places and their sum.

    Parameters
    ----------
    city : Prefecture
        Its counts at both censuses.
    regions : DataFrame
        Table ``regions`` of the shipped folder, whose nation and provinces stay.

    Returns
    -------
    dict of str to DataFrame
        Tables `OWN`, as the descriptor describes them.
    """
    counts = _with_city(city)
    wider = regions[regions["level"].isin(["nation", "province"])]
    own = [(city.code, city.name, city.name, "city", city.province)]
    own += [(code, name, name, "county", city.code) for code, name in city.places.items()]
    people = counts[["population", "male", "female", "urban", "rural", "registered"]]
    return {
        "regions": pd.concat([wider, pd.DataFrame(own, columns=list(regions.columns))]),
        "age_sex": _ages(counts),
        "residence": _whole(people.rename(columns={"population": "total"})),
        "employment": _employment(counts),
        "migrants": _whole(counts[["own_county", "same_province", "other_province"]]),
        "city_series": _series(counts),
    }


def county_rows(city: Prefecture) -> pd.DataFrame:
    """Lay out the city's places as rows of table ``county_panel``.

    Parameters
    ----------
    city : Prefecture
        Its counts at both censuses.

    Returns
    -------
    DataFrame
        A row for each place and census; shares in per cent.
    """
    tables = []
    for year, table in city.counts.items():
        jobs = table[list(INDUSTRIES)].sum(axis=1)
        rows = pd.DataFrame(
            {
                "code": table.index,
                "name": [city.places[code] for code in table.index],
                "prefecture": city.code,
                "province": city.province,
                "year": year,
            },
            index=table.index,
        )
        for name in ("population", "urban", "rural"):
            rows[name] = table[name].astype(int)
        rows["employed_sample"] = jobs.astype(int)
        for sector in SECTORS:
            names = [name for name, its in INDUSTRIES.items() if its == sector]
            rows[f"employed_{sector}_share"] = 100 * table[names].sum(axis=1) / jobs
        rows["schooling_years"] = (table["schooling"] / table["population"]).round(2)
        tables.append(rows)
    return pd.concat(tables, ignore_index=True).sort_values(["code", "year"])


def _with_city(city: Prefecture) -> pd.DataFrame:
    """Counts indexed by code and year, the city first."""
    tables: Mapping[int, pd.DataFrame] = {
        year: pd.concat([table.sum(min_count=len(table)).to_frame(city.code).T, table])
        for year, table in city.counts.items()
    }
    return pd.concat(tables, names=["year", "region_code"]).swaplevel()


def _whole(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.round().astype("Int64").reset_index()


def _ages(counts: pd.DataFrame) -> pd.DataFrame:
    columns = {age_column(sex, age): (sex, age) for sex in SEXES for age in CENSUS_AGES}
    wide = counts[list(columns)].astype(int)
    wide.columns = pd.MultiIndex.from_tuples(list(columns.values()), names=["sex", "age"])
    return wide.melt(ignore_index=False, value_name="persons").reset_index()


def _employment(counts: pd.DataFrame) -> pd.DataFrame:
    wide = counts[list(INDUSTRIES)].astype(int)
    rows = wide.melt(var_name="industry", value_name="sampled", ignore_index=False).reset_index()
    return rows.assign(sector=rows["industry"].map(INDUSTRIES))


def _series(counts: pd.DataFrame) -> pd.DataFrame:
    """What the files tell by year: residents, and birth and death rates where there are any."""
    rows = []
    for (code, year), row in counts.iterrows():  # pyright: ignore[reportGeneralTypeIssues]
        figures = [("population", float(row["population"]), "person")]
        for name, flow in (("birth_rate", "births"), ("death_rate", "deaths")):
            if np.isfinite(row[flow]):
                figures.append((name, 1000 * row[flow] / row["population"], "per mille"))
        source, published = _CENSUS_SOURCE.get(int(year), ("census2020-county", int(year) + 1))
        rows += [
            (code, year, name, f"{value:.10g}", unit, "census", source, published, "false", "")
            for name, value, unit in figures
        ]
    return pd.DataFrame(
        rows,
        columns=["region_code", "year", "variable", "value", "unit", "kind", "source",
                 "published", "published_assumed", "note"],
    )  # fmt: skip

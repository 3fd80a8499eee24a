"""From long tables to labelled arrays; labels are complete and unique by then."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.checks import NATION, PLACES
from qyforecast.census.city_checks import CITY_TABLES
from qyforecast.census.layout import FIGURES
from qyforecast.vocabulary import CENSUS_AGES, RESIDENCES, SEXES


def cube(
    rows: pd.DataFrame, dims: Mapping[str, Sequence | None], figure: str, *, sample: bool = False
) -> xr.DataArray:
    """Lay a long table out.

    Parameters
    ----------
    rows : DataFrame
        One row for each combination of labels.
    dims : mapping of str to sequence or None
        Columns that become dimensions, each with its labels in order; None
        for those of the column, rising.
    figure : str
        Column of the figures.
    sample : bool
        Whether they count a sample that was not grossed up.

    Returns
    -------
    DataArray
        Read-only, dimensions in the order given.
    """
    laid = rows.set_index(list(dims))[figure].astype(float).to_xarray()
    orders = {dim: list(labels) for dim, labels in dims.items() if labels is not None}
    laid = laid.sel(orders).transpose(*dims).rename(None)
    laid.attrs = {"sample": sample}
    laid.values.setflags(write=False)
    return laid


def melt(rows: pd.DataFrame, columns: Sequence[str], dim: str) -> xr.DataArray:
    """Make an array of a table that has one column for each label of a dimension.

    Parameters
    ----------
    rows : DataFrame
        Columns ``year``, ``region`` and `columns`.
    columns : sequence of str
        Labels of the new dimension.
    dim : str
        Its name.

    Returns
    -------
    DataArray
        ``(year, region, dim)``, read-only.
    """
    long = rows.melt(["year", "region"], list(columns), dim, "figure")
    return cube(long, {"year": None, "region": None, dim: columns}, "figure")


def employment(rows: pd.DataFrame) -> xr.DataArray:
    """Lay employment out, with the sector of each industry.

    Parameters
    ----------
    rows : DataFrame
        Columns ``year, region, industry, sector, sampled``.

    Returns
    -------
    DataArray
        ``(year, region, industry)`` with coordinate ``sector``. [person in the sample]
    """
    sectors = rows.drop_duplicates("industry").set_index("industry")["sector"]
    dims = {"year": None, "region": None, "industry": list(sectors.index)}
    counts = cube(rows, dims, "sampled", sample=True)
    return counts.assign_coords(sector=("industry", sectors.tolist()))


def city_arrays(rows: Mapping[str, pd.DataFrame], regions: Sequence[str]) -> dict[str, Any]:
    """Lay out the census tables of the city's counties.

    Parameters
    ----------
    rows : mapping of str to DataFrame
        Tables with their codes in the column ``region``.
    regions : sequence of str
        Codes of the counties.

    Returns
    -------
    dict
        Census years and arrays by their name in `Census`.
    """
    own = {
        name: table[table["region"].isin(regions)]
        for name, table in rows.items()
        if name in CITY_TABLES
    }
    places: dict[str, Sequence | None] = {"year": None, "region": None}
    people = own["residence"]
    registered = people.dropna(subset="registered")
    last = int((registered if len(registered) else people)["year"].max())
    return {
        "years": tuple(sorted(int(year) for year in people["year"].unique())),
        "age_sex": cube(own["age_sex"], {**places, "sex": SEXES, "age": CENSUS_AGES}, "persons"),
        "residence": melt(people, RESIDENCES, "residence"),
        "registered": cube(
            registered[registered["year"] == last], {"region": None}, "registered"
        ).assign_coords(year=last),
        "employment": employment(own["employment"]),
        "migrants": melt(own["migrants"], list(FIGURES["migrants"]), "origin"),
        "schooling": _schooling(own.get("schooling"), people, places),
    }


def _schooling(
    rows: pd.DataFrame | None, people: pd.DataFrame, places: Mapping[str, Sequence | None]
) -> xr.DataArray:
    """Lay schooling out; no level at all where the folder has no such table."""
    if rows is None:
        labels = {
            "year": sorted(set(people["year"])), "region": sorted(set(people["region"])),
            "sex": list(SEXES), "level": np.empty(0, str),
        }  # fmt: skip
        return xr.DataArray(np.empty([len(v) for v in labels.values()]), labels, tuple(labels))
    levels = list(dict.fromkeys(rows["level"]))
    return cube(rows, {**places, "sex": SEXES, "level": levels}, "persons")


def wider_arrays(rows: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Lay out the tables of nation and province.

    Parameters
    ----------
    rows : mapping of str to DataFrame
        Tables with their codes in the column ``region``.

    Returns
    -------
    dict
        Arrays by their name in `Census`.
    """
    dims: dict[str, Sequence | None] = {"region": None, "year": None, "residence": PLACES}
    by_age = {**dims, "sex": SEXES, "age": None}
    by_mother = {"year": None, "residence": PLACES, "mother_age": None}
    nation = {
        name: rows[name][rows[name]["region"] == NATION] for name in ("births", "fertility_printed")
    }
    return {
        "age_residence": cube(rows["age_residence"], by_age, "population"),
        "deaths": cube(rows["age_residence"], by_age, "deaths"),
        "births": cube(nation["births"], by_mother, "births", sample=True),
        "births_by_sex": cube(rows["births_by_sex"], {**dims, "sex": SEXES}, "births", sample=True),
        "fertility_printed": cube(nation["fertility_printed"], by_mother, "rate"),
    }

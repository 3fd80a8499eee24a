"""County censuses from files of the user's: the whole country, or another set of provinces."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from qyforecast.census.census import Census
from qyforecast.errors import DataError
from qyforecast.vocabulary import SECTORS, nearest

#: Column of the open county-census files to the panel's name of it.
OPEN = {
    "pop": "population",
    "emp_agr_pct": "employed_primary_share",
    "emp_ind_pct": "employed_secondary_share",
    "emp_srv_pct": "employed_tertiary_share",
}
NEEDED = ("code", "year", "population", "urban", *(f"employed_{s}_share" for s in SECTORS))


def with_counties(census: Census, files: Sequence[Path]) -> Census:
    """Put counties of files in the place of those shipped; the city's own stay.

    Provinces, prefectures and districts taken together are left out; a county that lacks a
    figure, or stands in one census only, is among `Panel.dropped`.

    Parameters
    ----------
    census : Census
        What was read.
    files : sequence of Path
        CSV files, one or more censuses each, either with the columns of ``county_panel``
        or with those of the open county-census files (``pop``, ``emp_agr_pct`` ...).
        Shares of sectors in per cent, persons as persons.

    Returns
    -------
    Census
        With another county panel.

    Raises
    ------
    DataError
        If a file cannot be read, lacks a column, has no county, or shares of
        sectors that do not sum to 100 %.
    """
    if not files:
        return census
    rows = pd.concat([_read(path) for path in files], ignore_index=True)
    own = census.county_panel["code"].astype(str).isin(census.regions)
    others = rows[~rows["code"].isin(census.regions) & rows["code"].map(_is_county).astype(bool)]
    others = others[others["year"].isin(census.years)]
    if others.empty:
        raise DataError(
            "no county of these files can be used",
            where=", ".join(map(str, files)),
            found=f"years {sorted(set(rows['year']))}",
            cure=f"give files of the censuses of {census.years[0]} and {census.years[-1]}",
        )
    both = pd.concat([census.county_panel[own], others], ignore_index=True)
    return replace(census, county_panel=both)


def _is_county(code: str) -> bool:
    return len(code) == 6 and not code.endswith("00")


def _numbers(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Take every column but the code as numbers."""
    columns = {"code": table["code"]}
    for column in NEEDED[1:]:
        columns[column] = pd.to_numeric(table[column], errors="coerce").astype(float)
        odd = table.loc[table[column].notna() & ~(columns[column].abs() < 2.0**53), column]
        if len(odd):
            raise DataError(
                f"column '{column}' of a county file holds what is no number",
                where=f"{path}, line {int(str(odd.index[0])) + 2}",
                found=repr(odd.iloc[0]),
                cure="write plain digits: no separators, no units",
            )
    return pd.DataFrame(columns)


def _read(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype={"code": str}, encoding="utf-8").rename(columns=OPEN)
    except (OSError, ValueError) as error:
        raise DataError(
            "this county file cannot be read", where=str(path), found=str(error)
        ) from error
    for column in NEEDED:
        if column not in table:
            raise DataError(
                "a county file lacks a column",
                where=str(path),
                found=f"no '{column}'",
                cure=nearest(column, [str(name) for name in table.columns]),
            )
    # A county without a figure is later listed as known in one census only.
    table = _numbers(table[list(NEEDED)], path).dropna().astype({"year": int})
    shares = [f"employed_{sector}_share" for sector in SECTORS]
    whole = table[shares].sum(axis=1)
    bad = table[(whole - 100).abs() > 0.5]
    if len(bad):
        row = bad.iloc[0]
        raise DataError(
            "shares of sectors do not sum to 100 %",
            where=f"{path}: code {row['code']}, year {row['year']}",
            found=", ".join(f"{name} {row[name]}" for name in NEEDED[2:]),
            cure="mend the row or leave it out; shares are in per cent here",
        )
    table[shares] = table[shares].div(table[shares].sum(axis=1), axis=0)
    return table

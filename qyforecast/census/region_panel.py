"""A user's panel of urban shares: any regions, any years, from one CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pandas as pd

from qyforecast.census.region_checks import (
    NEEDED,
    Remark,
    as_fractions,
    as_numbers,
    check_years,
    drop_repeated,
    near_bounds,
    remark,
)
from qyforecast.errors import DataError
from qyforecast.vocabulary import nearest

#: Tried in turn; GB18030 holds what older Chinese tables are written in.
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class RegionPanel:
    """Urban shares of regions by year, and what was left out or read otherwise.

    Attributes
    ----------
    shares : DataFrame
        A row for each year from first to last, a column for each region, at the end of the
        year; missing where not known. [1]
    drivers : mapping of str to DataFrame
        Other numbers of the file, laid out alike.
    remarks : DataFrame
        ``region, years, what, done``.
    """

    shares: pd.DataFrame
    drivers: Mapping[str, pd.DataFrame]
    remarks: pd.DataFrame


def read_region_panel(path: Path, *, percent: bool = False) -> RegionPanel:
    """Read ``region, year, urban_share`` and any further columns, which are drivers.

    Parameters
    ----------
    path : Path
        CSV file, UTF-8 or GB18030.
    percent : bool
        Whether shares are in per cent.

    Returns
    -------
    RegionPanel
        What can be used, with a remark for whatever cannot.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, holds text where numbers belong, shares
        out of range or in the other unit, or two figures for one region and year.
    """
    table = _read(path)
    remarks: list[Remark] = []
    # The header is line 1 of the file.
    table.index = pd.RangeIndex(2, len(table) + 2)
    nameless = table["region"] == ""
    remarks += [
        remark("", row.year, f"line {row.Index} names no region", "left out")
        for row in table[nameless].itertuples()
    ]
    table = table[~nameless]
    table["year"] = check_years(as_numbers(table["year"], path), path)
    table["urban_share"] = as_fractions(as_numbers(table["urban_share"], path), path, percent)
    table = drop_repeated(table, path, remarks)
    drivers = _drivers(table, remarks)
    table["urban_share"] = near_bounds(table, remarks)
    shares = _lay_out(table, "urban_share")
    empty = shares.columns[shares.isna().all()]
    remarks += [remark(region, "", "no urban share in any year", "left out") for region in empty]
    shares = shares.drop(columns=empty)
    if shares.empty:
        raise DataError("the panel holds no urban share", where=str(path))
    told = shares.index[shares.notna().any(axis=1)]
    shares = shares.reindex(range(told[0], told[-1] + 1))
    remarks += _holes(shares)
    laid = {name: _lay_out(table, name).reindex_like(shares) for name in drivers}
    columns = ["region", "years", "what", "done"]
    return RegionPanel(shares, laid, pd.DataFrame(remarks, columns=pd.Index(columns)))


def _read(path: Path) -> pd.DataFrame:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DataError("the panel cannot be read", where=str(path), found=str(error)) from error
    text = _decoded(raw, path)
    try:
        table = pd.read_csv(StringIO(text), dtype=str, keep_default_na=False, index_col=False)
    except ValueError as error:
        raise DataError("the panel is no CSV table", where=str(path), found=str(error)) from error
    table.columns = [str(name).strip().lower() for name in table.columns]
    for name in NEEDED:
        if name not in table.columns:
            raise DataError(
                f"the panel lacks the column '{name}'",
                where=str(path),
                found=", ".join(table.columns),
                cure=f"{nearest(name, list(table.columns))}; name it {name}",
            )
    if table.columns.has_duplicates:
        twice = table.columns[table.columns.duplicated()][0]
        raise DataError("two columns of the panel have one name", where=str(path), found=twice)
    if table.empty:
        raise DataError("the panel has no rows", where=str(path))
    return table.map(str.strip)


def _decoded(raw: bytes, path: Path) -> str:
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        "the panel is in neither UTF-8 nor GB18030", where=str(path), cure="save it as UTF-8"
    )


def _lay_out(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table.pivot(index="year", columns="region", values=name).sort_index()


def _drivers(table: pd.DataFrame, remarks: list[Remark]) -> list[str]:
    """Turn further columns into numbers; those that are none are left out, and said so."""
    found = []
    for name in [column for column in table.columns if column not in NEEDED]:
        try:
            table[name] = as_numbers(table[name], Path(name))
        except DataError as error:
            remarks.append(
                remark("", "", f"column '{name}' is no number ({error.found})", "not used")
            )
            continue
        if table[name].nunique() < 2:
            remarks.append(remark("", "", f"column '{name}' does not vary", "not used"))
            continue
        if table[name].isna().any():
            count = int(table[name].isna().sum())
            what = f"column '{name}' is missing in {count} rows"
            done = "the nearest earlier figure of the region, else a later one, else the mean"
            remarks.append(remark("", "", what, done))
        found.append(name)
    return found


def _holes(shares: pd.DataFrame) -> list[Remark]:
    """Say which regions begin late, end early, or are missing years of most regions."""
    usual = shares.index[shares.notna().mean(axis=1) >= 0.5]
    found = []
    for region in shares.columns:
        known = shares.index[shares[region].notna()]
        gaps = [str(year) for year in usual if year not in known]
        if gaps:
            shown = ", ".join(gaps[:3]) + (f" and {len(gaps) - 3} more" if len(gaps) > 3 else "")
            what = "no figure in years that most regions have"
            found.append(remark(region, shown, what, "bridged; not scored then"))
        if len(known) <= 3:
            what = f"{len(known)} figures only"
            found.append(remark(region, "", what, "its pace is mostly that of its like"))
        elif shares[region].nunique() == 1:
            done = "foretold as a region that hardly moves"
            found.append(remark(region, "", "the share never changes", done))
    return found

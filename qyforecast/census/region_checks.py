"""Checks of a user's panel, each with the rows at fault."""

import re
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.errors import DataError

NEEDED = ("region", "year", "urban_share")
#: What stands for a figure that is not known.
UNKNOWN = {"", ".", "..", "...", "-", "--", "–", "—", "…", "na", "n/a", "nan", "null", "none"}
#: Nearest to 0 or 1 that a share is read: no census places a share better.
NEAREST = 5e-5
#: Years that can be meant.
YEARS = (1500, 2200)
#: Most rows that a message lists.
SHOWN = 5

Remark = tuple[str, str, str, str]


def remark(region: object, years: object, what: str, done: str) -> Remark:
    """Put a remark in order.

    Parameters
    ----------
    region, years : object
        Whom it concerns, and when; empty for all.
    what, done : str
        What was found, and what was done about it.

    Returns
    -------
    tuple of str
        ``region, years, what, done``.
    """
    return str(region), str(years), what, done


def as_numbers(column: pd.Series, path: Path) -> pd.Series:
    """Turn text into numbers; signs of 'not known' become missing.

    Parameters
    ----------
    column : Series
        Text, indexed by line of the file.
    path : Path
        File, for messages.

    Returns
    -------
    Series
        Numbers.

    Raises
    ------
    DataError
        Lists the first lines that hold other text.
    """
    text = column.str.replace(r"\s*[%％]$", "", regex=True)
    unknown = text.str.lower().isin(UNKNOWN)
    numbers = pd.to_numeric(text.where(~unknown), errors="coerce").astype(float)
    bad = (numbers.isna() & ~unknown) | np.isinf(numbers)
    if bad.any():
        comma = any(re.search(r"\d,\d", word) for word in column[bad])
        hint = "write a decimal point, not a comma" if comma else "leave cells empty where unknown"
        _refuse(f"'{column.name}' is not a number", column[bad], path, hint)
    return numbers


def check_years(years: pd.Series, path: Path) -> pd.Series:
    """Refuse years that are missing, not whole, or not of our time.

    Parameters
    ----------
    years : Series
        Numbers.
    path : Path
        File, for messages.

    Returns
    -------
    Series
        Whole numbers.

    Raises
    ------
    DataError
        Lists the lines.
    """
    bad = ~((years >= YEARS[0]) & (years <= YEARS[1]) & (years % 1 == 0))
    if bad.any():
        _refuse("a year is missing or is no year", years[bad], path, "write years as 1995")
    return years.astype(int)


def as_fractions(shares: pd.Series, path: Path, percent: bool) -> pd.Series:
    """Turn shares into fractions; they must be in the unit declared.

    Parameters
    ----------
    shares : Series
        Fractions, or per cent.
    path : Path
        File, for messages.
    percent : bool
        Whether per cent is declared.

    Returns
    -------
    Series
        Fractions. [1]

    Raises
    ------
    DataError
        If they look like the other unit, or some lie outside 0 to 1.
    """
    top = shares.max()
    if not percent and 1 < top <= 100 and (shares > 1).mean() > 0.5:
        cure = "say --percent if they are, or divide them by 100"
        raise DataError(
            "urban shares look like per cent, fractions are expected", where=str(path),
            found=f"values up to {top:g}", cure=cure,
        )  # fmt: skip
    if percent and top <= 1:
        raise DataError(
            "per cent is declared, but urban shares look like fractions", where=str(path),
            found=f"values up to {top:g}", cure="leave --percent out",
        )  # fmt: skip
    scaled = shares / 100 if percent else shares
    bad = (scaled < 0) | (scaled > 1)
    if bad.any():
        _refuse("an urban share is outside 0 to 1", shares[bad], path, "mend these rows")
    return scaled


def drop_repeated(table: pd.DataFrame, path: Path, remarks: list[Remark]) -> pd.DataFrame:
    """Keep one of rows that say the same; refuse two figures for one region and year.

    Parameters
    ----------
    table : DataFrame
        Rows, indexed by line of the file.
    path : Path
        File, for messages.
    remarks : list
        A remark is added for each row left out.

    Returns
    -------
    DataFrame
        One row for each region and year.

    Raises
    ------
    DataError
        Lists the lines.
    """
    same = table.duplicated()
    remarks += [
        remark(row.region, row.year, f"line {row.Index} repeats another", "counted once")
        for row in table[same].itertuples()
    ]
    table = table[~same].copy()
    twice = table.duplicated(["region", "year"], keep=False)
    if twice.any():
        rows = table[twice]
        told = rows["region"] + " " + rows["year"].astype(str) + ": "
        told += rows["urban_share"].map("{:g}".format)
        _refuse("a region has two rows for one year", told, path, "keep one of each")
    return table


def near_bounds(table: pd.DataFrame, remarks: list[Remark]) -> pd.Series:
    """Read shares of 0 or 1, as of city states, as the nearest that has odds.

    Parameters
    ----------
    table : DataFrame
        Rows.
    remarks : list
        A remark is added for each region concerned.

    Returns
    -------
    Series
        Shares, at least `NEAREST` from 0 and 1. [1]
    """
    shares = table["urban_share"]
    close = (shares < NEAREST) | (shares > 1 - NEAREST)
    for region, rows in table[close].groupby("region"):
        years = f"{rows['year'].min()} to {rows['year'].max()}"
        what = f"a share of {rows['urban_share'].iloc[-1]:g} has no odds ({len(rows)} years)"
        done = f"read as {NEAREST:g} from the bound, also where it is scored"
        remarks.append(remark(region, years, what, done))
    return shares.where(~close, np.where(shares < 0.5, NEAREST, 1 - NEAREST))


def _refuse(what: str, rows: pd.Series, path: Path, cure: str) -> None:
    shown = [f"line {line}: {value}" for line, value in rows.head(SHOWN).items()]
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    raise DataError(what, where=str(path), found="; ".join(shown) + more, cure=cure)

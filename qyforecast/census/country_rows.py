"""Rows of the open county-census files, in their public layout."""

from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.census.region_panel import ENCODINGS
from qyforecast.errors import DataError
from qyforecast.vocabulary import CENSUS_AGES, SECTORS, SEXES, nearest

#: Column of the files for each sector, in the order of `SECTORS`.
SHARES = dict(zip(SECTORS, ("emp_agr_pct", "emp_ind_pct", "emp_srv_pct"), strict=True))


def _age_columns() -> list[str]:
    bounds = [*CENSUS_AGES, None]
    names = ["0", "1-4", *(f"{low}-{low + 4}" for low in bounds[2:-2] if low is not None), "85+"]
    return [f"{sex[0].upper()}_{name}" for sex in SEXES for name in names]


AGES = _age_columns()
NEEDED = ("year", "code", "area", "pop", "urban", *SHARES.values(), *AGES)


def no_rows() -> pd.DataFrame:
    """Make a table without rows.

    Returns
    -------
    DataFrame
        The columns needed.
    """
    return pd.DataFrame(columns=pd.Index(NEEDED))


def read_rows(path: Path) -> pd.DataFrame:
    """Read a file, CSV in UTF-8 or GB18030.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    DataFrame
        Its rows with figures as numbers, an empty cell being nobody; ``wrong`` where figures of
        a row do not add up, ``line`` where it stands.

    Raises
    ------
    DataError
        If it cannot be read or lacks a column.
    """
    text = {"code": str, "area": str, "province": str, "prefecture": str}
    for encoding in ENCODINGS:
        try:
            table = pd.read_csv(path, dtype=text, encoding=encoding)
            break
        except UnicodeDecodeError:
            continue
        except (OSError, ValueError) as error:
            raise DataError(
                "this county file cannot be read", where=str(path), found=str(error)
            ) from error
    else:
        raise DataError(
            "a county file is neither UTF-8 nor GB18030",
            where=str(path),
            cure="save it from the spreadsheet as 'CSV UTF-8'",
        )
    for column in NEEDED:
        if column not in table:
            raise DataError(
                "a county file lacks a column",
                where=str(path),
                found=f"no '{column}'",
                cure=nearest(column, [str(name) for name in table.columns]),
            )
    return _checked(table, path)


def _checked(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Make numbers of the figures, an empty cell being nobody, and hold them to their totals."""
    counts = ["pop", "urban", *AGES]
    table = table.assign(
        **{name: table[name].fillna("").str.strip() for name in ("code", "area")},
        **{
            name: pd.to_numeric(table[name], errors="coerce") for name in ("year", *SHARES.values())
        },
        **{name: pd.to_numeric(table[name], errors="coerce").fillna(0.0) for name in counts},
    )
    table = table[(table["code"] != "") | (table["area"] != "")]  # empty lines of a sheet
    wrong = (table[counts] < 0).any(axis=1) | (table["urban"] > table["pop"]) | (table["pop"] <= 0)
    wrong |= (table[AGES].sum(axis=1) - table["pop"]).abs() > 0.5
    wrong |= ~np.isfinite(table[counts]).all(axis=1) | table["year"].isna()
    line = [f"{path}: line {at + 2}" for at in table.index]
    return table.assign(wrong=wrong, line=line).reset_index(drop=True)


def refuse_wrong(rows: pd.DataFrame) -> None:
    """Refuse rows that do not add up.

    Parameters
    ----------
    rows : DataFrame
        From `read_rows`.

    Raises
    ------
    DataError
        Names file, line and place.
    """
    wrong = rows[rows["wrong"]]
    if len(wrong):
        row = wrong.iloc[0]
        raise DataError(
            "the figures of a place do not add up",
            where=f"{row['line']}, {row['code']} {row['area']}",
            found=f"population {row['pop']:.0f}, by age {row[AGES].sum():.0f}, "
            f"urban {row['urban']:.0f}, year {row['year']}",
            cure="mend the row: ages add up to the population, and urban is a part of it",
        )


def refuse_repeated(rows: pd.DataFrame) -> None:
    """Refuse a code that stands twice.

    Parameters
    ----------
    rows : DataFrame
        Of one census.

    Raises
    ------
    DataError
        Names the code.
    """
    twice = rows[(rows["code"] != "") & rows["code"].duplicated()]
    if len(twice):
        raise DataError(
            "a code stands twice in a census",
            where=f"code {twice['code'].iloc[0]}, year {twice['year'].iloc[0]:.0f}",
            cure="keep one row, and give each file once",
        )

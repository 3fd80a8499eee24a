"""Rows of open county files as whole persons that can be added: every sum checked and exact."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from qyforecast.census.open_layout import AGE_COLUMNS, PERSONS, age_column
from qyforecast.census.stand_in import StandIn
from qyforecast.errors import DataError
from qyforecast.vocabulary import CENSUS_AGES, SECTORS

#: Industries that the files tell apart, with their sector.
INDUSTRIES: Mapping[str, str] = {
    "agriculture": "primary",
    "mining": "secondary",
    "manufacturing": "secondary",
    "construction": "secondary",
    "other_secondary": "secondary",
    "services": "tertiary",
}
#: Columns that can be added over places.
ADDITIVE = (*PERSONS, *AGE_COLUMNS, *INDUSTRIES, "births", "deaths", "schooling")
_NAMED = ("mining", "manufacturing", "construction")
_MIGRANTS = ("own_county", "same_province", "other_province")
_PARTS: Mapping[str, tuple[str, ...]] = {
    "population": ("male", "female"),
    **{s: tuple(age_column(s, age) for age in CENSUS_AGES) for s in ("male", "female")},
}
#: Largest gap between parts and their sum that is put down to rounding or a misprint. [1]
_ROUNDING = 0.005
#: Residents of a prefecture or province lie between these; outside, a unit is off. [person]
_RANGE = (10_000, 200_000_000)
#: Where employment was not told: one resident in twenty is in the long form and employed.
_EMPLOYED = 0.05


def additive_counts(
    rows: pd.DataFrame, above: Sequence[pd.Series], jobs: Mapping[str, float] | None
) -> tuple[pd.DataFrame, list[StandIn]]:
    """Turn rows of one census into whole persons.

    What a place lacks has per resident what its prefecture has, else its province; where
    no employment was told at all, sectors have their shares in the province's yearbook.

    Parameters
    ----------
    rows : DataFrame
        Places of one census, indexed by code, from `read_open_files`.
    above : sequence of Series
        The rows of prefecture and province that stand in, as far as there are any.
    jobs : mapping of str to float, optional
        Shares of sectors in the province's yearbook. [1]

    Returns
    -------
    tuple of DataFrame and list of StandIn
        Columns `ADDITIVE`, persons; ``registered``, ``births`` and ``deaths`` missing where
        not told; ``schooling`` in person-years. And what was filled in.

    Raises
    ------
    DataError
        If parts are far from their sum, a unit is off, or a figure is nowhere told.
    """
    counts, gap = people_counts(rows)
    table, notes = _filled(rows, above, jobs)
    if gap > 1e-9:
        notes.append(
            StandIn(
                f"parts missed their sum by at most {100 * gap:.2g} % in the files and are "
                "fitted to it",
                f"原表分项与合计最多相差 {100 * gap:.2g} %,已按合计调整",
            )
        )
    for name in ("registered", *_MIGRANTS):
        counts[name] = table[name].round()
    counts[list(INDUSTRIES)] = _industries(table)
    for name, rate in (("births", "birth_rate"), ("deaths", "death_rate")):
        counts[name] = table["population"] * table[rate] / 1000
    counts["schooling"] = table["population"] * table["schooling_years"]
    return counts[list(ADDITIVE)], notes


def people_counts(rows: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Turn the residents of rows into whole persons whose parts add up.

    Parameters
    ----------
    rows : DataFrame
        Places of one census, indexed by code, from `read_open_files`.

    Returns
    -------
    tuple of DataFrame and float
        Residents, by sex, by sex and age, and by residence [person]; and the largest gap
        between parts and their sum in the file. [1]

    Raises
    ------
    DataError
        If parts are far from their sum, or a unit is off.
    """
    _check_size(rows)
    table = rows.copy()
    table["rural"] = table["rural"].fillna(table["population"] - table["urban"])
    table[list(AGE_COLUMNS)] = table[list(AGE_COLUMNS)].fillna(0.0)
    counts = pd.DataFrame(index=table.index)
    counts["population"] = table["population"].round()
    gap = 0.0
    for whole, parts in (*_PARTS.items(), ("population", ("urban", "rural"))):
        gap = max(gap, _check_parts(table, whole, parts))
        counts[list(parts)] = shared_out(table[list(parts)].to_numpy(), counts[whole].to_numpy())
    return counts, gap


def shared_out(parts: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Scale rows to whole totals and round them so that they add up exactly.

    Parameters
    ----------
    parts : ndarray
        Not negative, ``(row, part)``.
    totals : ndarray
        Whole numbers, ``(row,)``.

    Returns
    -------
    ndarray
        Whole numbers, each within one of its part; the largest remainders are rounded up.

    Examples
    --------
    >>> shared_out(np.array([[1.0, 1.0, 1.0]]), np.array([10.0])).tolist()
    [[4.0, 3.0, 3.0]]
    """
    sums = parts.sum(axis=1, keepdims=True)
    exact = parts * np.divide(totals[:, None], sums, out=np.zeros_like(sums), where=sums > 0)
    floor = np.floor(exact + 1e-9)
    missing = totals - floor.sum(axis=1)
    order = np.argsort(np.argsort(-(exact - floor), axis=1, kind="stable"), axis=1)
    return floor + (order < missing[:, None])


def _check_size(rows: pd.DataFrame) -> None:
    total = rows["population"].max()
    if _RANGE[0] <= total <= _RANGE[1]:
        return
    unit = "the figures look like 万: say so with --unit 万, a column 单位, or in the heading"
    if not total < _RANGE[0]:
        unit = "the figures look like persons: take 万 out of --unit, the column or the heading"
    first = rows.iloc[0]
    raise DataError(
        "a place has too few or too many residents",
        where=f"{first['where']}, {first.name} {first['name']}, population",
        found=f"{total:g} persons",
        cure=unit,
    )


def _filled(
    rows: pd.DataFrame, above: Sequence[pd.Series], jobs: Mapping[str, float] | None
) -> tuple[pd.DataFrame, list[StandIn]]:
    table, notes = rows.copy(), []
    # Shares that miss 100 % are a misprint somewhere among them: none of them is told.
    off = (table[list(SECTORS)].sum(axis=1, skipna=False) - 100).abs() > 0.5
    table.loc[off, [*SECTORS, *_NAMED]] = np.nan
    per_head = {*_MIGRANTS, "employed"}
    for name in (*_MIGRANTS, "employed", *SECTORS, "schooling_years"):
        holes = table[name].isna()
        if not holes.any():
            continue
        stands = next((row for row in above if np.isfinite(row[name])), None)
        if stands is not None:
            by = str(stands["name"]).strip()
            rate = stands[name] / (stands["population"] if name in per_head else 1.0)
        elif jobs and name in ("employed", *SECTORS):
            by, rate = "yearbook 年鉴", _EMPLOYED if name == "employed" else 100 * jobs[name]
        else:
            raise DataError(
                f"{name} is told of no place of the prefecture, nor of its province",
                where=str(table["where"].iloc[0]),
                cure="add the column, or the row of the province",
            )
        size = table.loc[holes, "population"] if name in per_head else 1.0
        table.loc[holes, name] = rate * size
        places = ", ".join(str(n).strip() for n in table.loc[holes, "name"])
        year = int(table["year"].iloc[0])
        notes.append(
            StandIn(
                f"{name} of {places} in {year} is not told, or misses its sum: that of {by} "
                "stands in",
                f"{year} 年{places}缺 {name} 或其合计不符,以{by}代替",
            )
        )
    return table, notes


def _check_parts(table: pd.DataFrame, whole: str, parts: tuple[str, ...]) -> float:
    """Find the largest relative gap; refuse one that is no rounding."""
    sums, totals = table[list(parts)].sum(axis=1), table[whole]
    gap = (sums - totals).abs() / totals.where(totals > 0, 1.0)
    worst = str(gap.idxmax())
    if not gap[worst] <= _ROUNDING:
        row = table.loc[worst]
        ratio = float(sums[worst]) / float(totals[worst]) if totals[worst] else np.inf
        unit = any(abs(np.log10(max(ratio, 1e-9)) - power) < 0.01 for power in (-4, -3, 3, 4))
        cure = "correct the row: the parts must add up"
        if unit:
            cure = "one is in 万 or thousands: write （万人） behind its heading, or use one unit"
        raise DataError(
            f"{parts[0]} to {parts[-1]} do not add up to {whole}",
            where=f"{row['where']}, {worst} {str(row['name']).strip()}",
            found=f"{sums[worst]:g} against {totals[worst]:g}, a ratio of {ratio:.4g}",
            cure=cure,
        )
    return float(gap.max())


def _industries(table: pd.DataFrame) -> np.ndarray:
    """Employed of the sample by industry; what the files do not name is other secondary."""
    told = table[list(_NAMED)].fillna(0.0)
    shares = pd.concat([table["primary"], told, table["tertiary"]], axis=1)
    rest = table["secondary"] - told.sum(axis=1)
    bad = rest < -0.05
    if bad.any():
        row = table[bad].iloc[0]
        raise DataError(
            "industries of the secondary sector exceed it",
            where=f"{row['where']}, {row.name} {str(row['name']).strip()}",
            found=", ".join(f"{name} {row[name]:g}" for name in (*SECTORS, *_NAMED)),
            cure="mend the row; shares are in per cent",
        )
    shares.insert(4, "other_secondary", rest.clip(lower=0.0))
    return shared_out(shares.to_numpy(float), table["employed"].round().to_numpy(float))

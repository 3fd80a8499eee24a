"""The open county-census files read as a whole country: every place once, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qyforecast.census.country_rows import (
    AGES,
    SHARES,
    no_rows,
    read_rows,
    refuse_repeated,
    refuse_wrong,
)
from qyforecast.errors import DataError

NATION = "000000"
#: Names of rows that add up other rows.
AGGREGATES = ("市辖区", "县", "市", "全国")


@dataclass(frozen=True)
class Country:
    """Every place of the country once, at the last census and where possible the one before.

    Attributes
    ----------
    years : tuple of int
        The two censuses.
    places : DataFrame
        By code: ``name, prefecture, prefecture_name, province, population, urban`` [person],
        ``primary, secondary, tertiary`` (shares of the employed [1], missing where not known).
    before : DataFrame
        The same figures of the places whose code stands in both censuses.
    provinces : DataFrame
        By code: ``name, population, urban`` of the provinces' own rows.
    pyramids : mapping of int to DataFrame
        Census year to residents by code (places and provinces) and column of `AGES`. [person]
    differences : DataFrame
        ``region_code, name, figure, places, own_row``: sums of places that differ from the own
        row of a prefecture, a province or the nation. [person]
    left_out : DataFrame
        ``name, population, urban, reason``: rows that are no place.
    nation : Series or None
        ``population, urban`` of the nation's own row.
    """

    years: tuple[int, int]
    places: pd.DataFrame
    before: pd.DataFrame
    provinces: pd.DataFrame
    pyramids: dict[int, pd.DataFrame]
    differences: pd.DataFrame
    left_out: pd.DataFrame
    nation: pd.Series | None


def read_country(files: Sequence[Path], years: tuple[int, int]) -> Country:
    """Read the county files of two censuses, CSV in the public layout.

    A county is a place, and so is a prefecture without counties (Dongguan), and a development
    zone without a code of its own whose prefecture has one: its people are in no county.
    Districts or counties taken together, provinces and parts of a place are left out.

    Parameters
    ----------
    files : sequence of Path
        Files that hold both censuses.
    years : tuple of int
        The two censuses.

    Returns
    -------
    Country
        Places in the order of their codes.

    Raises
    ------
    DataError
        If a file cannot be read or lacks a column, a census is missing, a code stands twice,
        or totals of a row do not add up; names file and place.
    """
    rows = pd.concat([read_rows(path) for path in files], ignore_index=True) if files else no_rows()
    now, then = (rows[rows["year"] == year] for year in reversed(years))
    for year, found in zip(years, (then, now), strict=True):
        if found.empty:
            raise DataError(
                f"there is no county census of {year} among the files",
                where=", ".join(map(str, files)),
                found=f"years {sorted({int(y) for y in rows['year']})}",
                cure=f"give the files of {years[0]} and {years[1]}",
            )
        refuse_repeated(found)
    refuse_wrong(now)
    garbled, then = then[then["wrong"]], then[~then["wrong"]]
    named = _with_prefectures(now)
    inside, reasons = _choose_places(named)
    places = _numbered(named[inside]).set_index("code").sort_index()
    provinces = now[now["code"].str.endswith("0000") & (now["code"] != NATION)].set_index("code")
    coded = then.set_index("code")
    before = coded.loc[[code for code in places.index if code in coded.index]]
    _check_provinces(places, provinces, coded)
    nation = now[(now["area"] == "全国") | (now["code"] == NATION)]
    left = pd.concat(
        [
            named[~inside].assign(reason=reasons[~inside]),
            garbled.assign(reason=f"row of {years[0]} does not add up: taken as not known then"),
        ]
    )
    return Country(
        years,
        _figures(places).join(places[["prefecture", "prefecture_name", "province"]]),
        _figures(before),
        _figures(provinces),
        {
            years[0]: pd.concat([before, coded.loc[provinces.index]])[AGES],
            years[1]: pd.concat([places, provinces])[AGES],
        },
        _differences(places, named, provinces, nation),
        _figures(left)[["name", "population", "urban"]].assign(reason=left["reason"]),
        None if nation.empty else _figures(nation).iloc[0][["population", "urban"]],
    )


def _with_prefectures(rows: pd.DataFrame) -> pd.DataFrame:
    """Add each row's prefecture: by its code, failing that by the name it gives."""
    heads = rows[rows["code"].str.endswith("00") & ~rows["code"].str.endswith("0000")]
    names = rows.get("prefecture", pd.Series("", rows.index)).fillna("").str.strip()
    homes = rows.get("province", pd.Series("", rows.index)).fillna("").str.strip()
    known = {
        (homes[i], heads["area"][i]): heads["code"][i] for i in heads.index if homes[i] or names[i]
    }
    codes = rows["code"].str[:4] + "00"
    by_name = pd.Series(
        [known.get(pair, "") for pair in zip(homes, names, strict=True)], rows.index
    )
    # A code that belongs to no prefecture may be misprinted; the names then say where it is.
    lost = (rows["code"] == "") | (~codes.isin(heads["code"]) & (by_name != ""))
    prefecture = codes.where(~lost, by_name)
    heading = dict(zip(heads["code"], heads["area"], strict=True))
    called = [heading.get(*pair) for pair in zip(prefecture, names, strict=True)]
    return rows.assign(
        prefecture=prefecture,
        prefecture_name=called,
        province=prefecture.str[:2] + "0000",
    )


def _choose_places(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Say which rows are places, and of the others why not."""
    code = rows["code"]
    county = (code != "") & ~code.str.endswith("00")
    with_counties = set(rows.loc[county, "prefecture"])
    whole = code.str.endswith("00") & ~code.str.endswith("0000")
    alone = whole & ~rows["prefecture"].isin(with_counties)
    together = rows["area"].isin(AGGREGATES)
    zone = (code == "") & ~together & rows["prefecture"].isin(with_counties)
    reasons = pd.Series("part of a place that has a row, or names no prefecture", rows.index)
    reasons[whole] = "prefecture: the sum of its counties"
    reasons[together & (code == "")] = "districts or counties taken together"
    reasons[code.str.endswith("0000") | (rows["area"] == "全国")] = "province or nation"
    return ((county & ~together) | alone | zone), reasons


def _numbered(rows: pd.DataFrame) -> pd.DataFrame:
    """Give places without a code one of their prefecture: its four digits, Z and a number."""
    nameless = rows["code"] == ""
    number = rows[nameless].groupby("prefecture").cumcount() + 1
    made = rows.loc[nameless, "prefecture"].str[:4] + "Z" + number.astype(str)
    return rows.assign(code=rows["code"].where(~nameless, made))


def _figures(rows: pd.DataFrame) -> pd.DataFrame:
    """Rename, and make shares of per cents; shares that are not whole are not known."""
    percent = rows[list(SHARES.values())]
    total = percent.sum(axis=1)
    shares = percent.fillna(0.0).div(total, axis=0).where((total - 100).abs() <= 0.5)
    shares.columns = pd.Index(SHARES)
    figures = rows[["area", "pop", "urban"]]
    return figures.rename(columns={"area": "name", "pop": "population"}).join(shares)


def _check_provinces(places: pd.DataFrame, now: pd.DataFrame, then: pd.DataFrame) -> None:
    if places.empty:
        raise DataError(
            "the county files hold no place",
            cure="give the rows of counties, with their codes of six digits",
        )
    for code in places["province"].unique():
        if code not in now.index or code not in then.index:
            raise DataError(
                "a province has no row of its own in both censuses",
                where=f"code {code}",
                cure="keep the provinces' rows: their cohorts stand in for places without two "
                "censuses",
            )


def _differences(
    places: pd.DataFrame, rows: pd.DataFrame, provinces: pd.DataFrame, nation: pd.DataFrame
) -> pd.DataFrame:
    """List where places do not add up to the row of the whole."""
    heads = rows[rows["code"].str.endswith("00") & ~rows["code"].str.endswith("0000")]
    wholes = [
        (heads.set_index("code"), places.groupby("prefecture")),
        (provinces, places.groupby("province")),
        (nation.assign(code=NATION).set_index("code"), places.groupby(lambda _: NATION)),
    ]
    found = []
    for own, parts in wholes:
        for column, figure in (("pop", "population"), ("urban", "urban")):
            sums = parts[column].sum().reindex(own.index)
            off = own[sums != own[column]]
            found += [
                (code, row["area"], figure, sums[code], row[column]) for code, row in off.iterrows()
            ]
    columns = ("region_code", "name", "figure", "places", "own_row")
    return pd.DataFrame(found, columns=pd.Index(columns))

"""From rows of published figures to the tables of a panel: one figure each, as known then."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.census.layout import KINDS
from qyforecast.errors import DataError
from qyforecast.vocabulary import SECTORS

NATION = "000000"
#: A place whose population halved, or grew by more than four fifths, within a
#: decade had its boundary moved rather than its people.
STABLE = (0.5, 1.8)
#: Log odds of a share outside these hang on a handful of people.
MIDDLING = (0.02, 0.99)


def known_rows(rows: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Keep what was published by the end of a year.

    Parameters
    ----------
    rows : DataFrame
        Long table with a column ``published``.
    as_of : int
        Year of knowledge.

    Returns
    -------
    DataFrame
        Some of the rows.

    Raises
    ------
    DataError
        If nothing was published by then.
    """
    known = rows[rows["published"] <= as_of]
    if known.empty:
        raise DataError(
            f"nothing was published by the end of {as_of}",
            found=f"first publication {int(rows['published'].min())}",
            cure="choose a later --as-of year",
        )
    return known


def latest_rows(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Keep the newest print of every figure, of those of a year the one nearest its origin.

    Parameters
    ----------
    rows : DataFrame
        Long table with a column ``published``.
    keys : sequence of str
        Columns that name a figure.

    Returns
    -------
    DataFrame
        One row per figure.

    Raises
    ------
    DataError
        Names region, year and variable of a figure that one kind of source
        printed twice in a year.
    """
    rank = rows["kind"].map({kind: place for place, kind in enumerate(reversed(KINDS))})
    rows = rows.assign(rank=rank).sort_values(["published", "rank"], kind="stable")
    twice = rows[rows.duplicated([*keys, "published", "rank"], keep=False)]
    if len(twice):
        first = twice.iloc[0]
        raise DataError(
            "a figure stands twice in the panel",
            where=f"region {first['region_code']}, year {first['year']}, {first['variable']}",
            found=f"{len(twice)} repeated rows, the first with {first['value']}",
            cure="keep one row; a revision has a later year in `published`",
        )
    return rows.drop_duplicates(list(keys), keep="last").drop(columns="rank")


def province_tables(
    known: pd.DataFrame, years: Sequence[int], regions: Sequence[str]
) -> xr.Dataset:
    """Arrange the provinces' figures by year.

    Parameters
    ----------
    known : DataFrame
        Rows ``region_code, year, variable, value, published``.
    years : sequence of int
        All years of the model, known or not, so that one compiled model serves
        every vintage.
    regions : sequence of str
        Codes of the provinces.

    Returns
    -------
    Dataset
        ``urban_share`` ``(year, province)``, ``employment`` and ``value_added``
        ``(year, province, sector)``; missing where nothing was known. [1]
    """
    rows = latest_rows(known, ("region_code", "year", "variable"))
    dims = ("year", "province", "sector")
    return xr.Dataset(
        {
            "urban_share": (dims[:2], _wide(rows, "urban_share", years, regions)),
            "employment": (dims, _shares("employed", rows, years, regions)),
            "value_added": (dims, _shares("value_added", rows, years, regions)),
        },
        coords={"year": list(years), "province": list(regions), "sector": list(SECTORS)},
    )


def _wide(
    rows: pd.DataFrame, variable: str, years: Sequence[int], regions: Sequence[str]
) -> np.ndarray:
    one = rows[rows["variable"] == variable]
    table = one.pivot(index="year", columns="region_code", values="value")
    return table.reindex(index=list(years), columns=list(regions)).to_numpy(float)


def _shares(
    stem: str, rows: pd.DataFrame, years: Sequence[int], regions: Sequence[str]
) -> np.ndarray:
    """Sector shares ``(year, region, sector)`` of quantities named ``stem_sector``."""
    parts = np.stack([_wide(rows, f"{stem}_{s}", years, regions) for s in SECTORS], axis=-1)
    return parts / parts.sum(axis=-1, keepdims=True)


def city_mix(series: pd.DataFrame, city: str) -> pd.DataFrame:
    """Value-added shares of the city by year.

    Parameters
    ----------
    series : DataFrame
        Rows of the city and its counties.
    city : str
        Code of the city.

    Returns
    -------
    DataFrame
        One row per year, columns the sectors. [1]
    """
    names = [f"value_added_{s}" for s in SECTORS]
    own = series[(series["region_code"] == city) & series["variable"].isin(names)]
    rows = latest_rows(own, ("region_code", "year", "variable"))
    table = rows.pivot(index="year", columns="variable", values="value")
    table = table.reindex(columns=names).astype(float).dropna()
    return table.div(table.sum(axis=1), axis=0)


def province_mix(provinces: xr.Dataset, province: str) -> pd.DataFrame:
    """Value-added shares of a province by year, in the place of a city's own.

    Parameters
    ----------
    provinces : Dataset
        From `province_tables`.
    province : str
        Its code.

    Returns
    -------
    DataFrame
        One row per year known, columns the sectors. [1]
    """
    known = provinces["value_added"].sel(province=province, drop=True)
    years = known["year"].values.astype(int)
    names = [f"value_added_{sector}" for sector in SECTORS]
    rows = known.transpose("year", "sector").sel(sector=list(SECTORS)).values
    return pd.DataFrame(rows, index=years, columns=names).dropna()


def county_tables(
    census: Census, provinces: xr.Dataset, own_mix: pd.DataFrame
) -> tuple[xr.Dataset, tuple[str, ...]]:
    """Arrange the counties' two censuses, leaving out what cannot be compared.

    Parameters
    ----------
    census : Census
        Its county panel.
    provinces : Dataset
        From `province_tables`: stands in for the value added of counties.
    own_mix : DataFrame
        From `city_mix`.

    Returns
    -------
    tuple of Dataset and tuple of str
        Table by county, and what was dropped with the reason.

    Raises
    ------
    DataError
        If a county stands twice in a census.
    """
    panel = census.county_panel
    _refuse_repeated(panel)
    whole = _census_table(panel.assign(share=panel["urban"] / panel["population"]), "share", census)
    residents = _census_table(panel, "population", census)
    dropped = _unfit(whole, residents)
    codes = [str(code) for code in sorted(set(whole.index) - set(dropped))]
    employment = np.stack(
        [_census_table(panel, f"employed_{s}_share", census).loc[codes] for s in SECTORS], axis=-1
    )
    data = xr.Dataset(
        {
            "urban_share": (("county", "census"), whole.loc[codes].to_numpy(float)),
            "employment": (("county", "census", "sector"), employment.astype(float)),
            "value_added": (("county", "sector"), _county_mix(codes, census, provinces, own_mix)),
        },
        coords={
            "county": codes,
            "census": [census.years[0], census.years[-1]],
            "sector": list(SECTORS),
            "province": ("county", [c[:2] + "0000" for c in codes]),
            "prefecture": ("county", [c[:4] + "00" for c in codes]),
        },
    )
    return data, tuple(f"county {code}: {reason}" for code, reason in sorted(dropped.items()))


def _refuse_repeated(panel: pd.DataFrame) -> None:
    twice = panel[panel.duplicated(["code", "year"])]
    if len(twice):
        row = twice.iloc[0]
        raise DataError(
            "a county stands twice in a census of the county panel",
            where=f"region {row['code']}, year {row['year']}, urban_share",
            cure="keep one row",
        )


def _census_table(panel: pd.DataFrame, column: str, census: Census) -> pd.DataFrame:
    table = panel.pivot(index="code", columns="year", values=column)
    return table.reindex(columns=[census.years[0], census.years[-1]])


def _unfit(whole: pd.DataFrame, residents: pd.DataFrame) -> dict[str, str]:
    """Counties to leave out, with the reason."""
    growth = residents.iloc[:, 1] / residents.iloc[:, 0]
    inside = ((whole > MIDDLING[0]) & (whole < MIDDLING[1])).all(axis=1)
    stable = (growth > STABLE[0]) & (growth < STABLE[1])
    reasons = {str(code): "boundary change" for code in whole.index[~stable]}
    reasons |= {str(code): "urban share near 0 or 1" for code in whole.index[~inside]}
    return reasons | {
        str(code): "in one census only" for code in whole.index[whole.isna().any(axis=1)]
    }


def _county_mix(
    codes: Sequence[str], census: Census, provinces: xr.Dataset, own_mix: pd.DataFrame
) -> np.ndarray:
    """Value added of the decade: the city's own, other counties' of their province."""
    first, last = census.years[0], census.years[-1]
    homes = [code[:2] + "0000" for code in codes]
    unknown = sorted(set(homes) - {str(p) for p in provinces["province"].values})
    if unknown:
        raise DataError(
            "counties of a province without a yearly series", where=f"region {unknown[0]}"
        )
    decade = slice(first, last - 1)
    mix = provinces["value_added"].sel(year=decade).mean("year", skipna=True)
    value_added = mix.sel(province=homes).values.copy()
    own = own_mix.loc[(own_mix.index >= first) & (own_mix.index < last)]
    if len(own):
        value_added[[code[:4] == census.city[:4] for code in codes]] = own.mean().to_numpy()
    return value_added


def reading_rows(series: pd.DataFrame, census: Census) -> pd.DataFrame:
    """List published urban shares of the city and its counties outside censuses.

    Parameters
    ----------
    series : DataFrame
        Rows of the city and its counties.
    census : Census
        Its years are the censuses.

    Returns
    -------
    DataFrame
        ``region, year, urban_share, kind``; a figure that two kinds of source
        print is two readings.
    """
    rows = series[(series["variable"] == "urban_share") & (series["kind"] != "census")]
    rows = rows[(rows["year"] > census.years[0]) & ~rows["year"].isin(census.years)]
    rows = latest_rows(rows, ("region_code", "year", "variable", "kind"))
    chosen = rows[["region_code", "year", "value", "kind"]].astype({"region_code": str})
    readings = chosen.rename(columns={"region_code": "region", "value": "urban_share"})
    return readings.sort_values(["region", "year", "kind"]).reset_index(drop=True)

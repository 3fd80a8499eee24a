"""Counties around a city, as rows of the county panel: shipped ones, and its province's."""

from collections.abc import Sequence

import pandas as pd

from qyforecast.vocabulary import SECTORS

_SHARES = [f"employed_{sector}_share" for sector in SECTORS]


def surrounding_rows(
    rows: pd.DataFrame, shipped: pd.DataFrame, city: str, years: Sequence[int]
) -> tuple[pd.DataFrame, int]:
    """Gather the counties that the regression learns from beside the city's own.

    Parameters
    ----------
    rows : DataFrame
        From `read_open_files`.
    shipped : DataFrame
        Table ``county_panel`` of the shipped folder; shares in per cent.
    city : str
        Code of the prefecture, whose own counties are left out here.
    years : sequence of int
        Census years.

    Returns
    -------
    tuple of DataFrame and int
        Rows of ``county_panel``; and how many counties of the files were added: those of
        the city's province, where the shipped panel has none of it.
    """
    kept = shipped[~shipped["code"].str.startswith(city[:4])]
    province = city[:2] + "0000"
    if (kept["province"] == province).any():
        return kept, 0
    inside = rows["code"].str.startswith(city[:2]) & ~rows["code"].str.endswith("00")
    others = rows[inside & ~rows["code"].str.startswith(city[:4]) & rows["year"].isin(years)]
    figures = ["population", "urban", "employed", "schooling_years", *SECTORS]
    whole = others[list(SECTORS)].sum(axis=1, skipna=False)
    others = others[others[figures].notna().all(axis=1) & ((whole - 100).abs() <= 0.5)]
    both = others.groupby("code")["year"].transform("nunique") == len(years)
    added = _as_panel(others[both], province)
    return pd.concat([kept, added], ignore_index=True), added["code"].nunique()


def _as_panel(rows: pd.DataFrame, province: str) -> pd.DataFrame:
    persons = rows[["population", "urban", "employed"]].round().astype(int)
    shares = rows[list(SECTORS)].div(rows[list(SECTORS)].sum(axis=1), axis=0) * 100
    table = pd.DataFrame(
        {
            "code": rows["code"],
            "name": rows["name"].str.strip(),
            "prefecture": rows["code"].str[:4] + "00",
            "province": province,
            "year": rows["year"],
            "population": persons["population"],
            "urban": persons["urban"],
            "rural": persons["population"] - persons["urban"],
            "employed_sample": persons["employed"],
            **dict(zip(_SHARES, (shares[s] for s in SECTORS), strict=True)),
            "schooling_years": rows["schooling_years"],
        }
    )
    return table[table["rural"] >= 0].sort_values(["code", "year"])

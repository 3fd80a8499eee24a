"""What the census says about urbanization and its drivers, as known in a year."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.errors import DataError
from qyforecast.provenance import fingerprint
from qyforecast.vocabulary import SECTORS

NATION = "000000"
DRIVERS = ("employment", "value_added")


@dataclass(frozen=True)
class Panel:
    """Urban shares and their drivers at three levels, as published by a year.

    Attributes
    ----------
    as_of : int
        Only figures published by the end of this year are in it.
    city, province : str
        Codes of the city forecast and of its province.
    provinces : Dataset
        ``urban_share`` ``(year, province)``, ``employment`` and
        ``value_added`` ``(year, province, sector)`` [1]; missing where nothing
        was published.
    counties : Dataset
        Two censuses: ``urban_share`` ``(census, county)``, ``employment``
        ``(census, county, sector)``, ``value_added`` ``(county, sector)``
        (mean of the decade, of the prefecture where known, else of the
        province) [1]; coordinates ``prefecture``, ``province``.
    readings : DataFrame
        Published urban shares of the city and its counties outside censuses:
        ``region, year, urban_share, kind``.
    residents : DataArray
        Residents of the city's counties at the base census, ``(county,)``.
        [person]
    city_mix : DataArray
        Share of each sector in the city's value added, ``(year, sector)``. [1]
    dropped : tuple of str
        What was left out, with the reason.
    """

    as_of: int
    city: str
    province: str
    provinces: xr.Dataset
    counties: xr.Dataset
    readings: pd.DataFrame
    residents: xr.DataArray
    city_mix: xr.DataArray
    dropped: tuple[str, ...] = field(default=())

    @classmethod
    def from_census(cls, census: Census, *, as_of: int) -> "Panel":
        """Collect what a census folder knew at the end of a year.

        Parameters
        ----------
        census : Census
            All that was read.
        as_of : int
            Year of knowledge.

        Returns
        -------
        Panel
            The panel.

        Raises
        ------
        DataError
            If nothing was published by then, or shares leave the range 0 to 1.
        """
        province = census.city[:2] + "0000"
        series = _known(census.series, as_of)
        known = _known(census.provinces, as_of)
        provinces = _province_dataset(known, all_rows=census.provinces)
        mix = _city_mix(series, census.city)
        counties, dropped = _county_dataset(census, provinces, mix)
        panel = cls(
            as_of=as_of,
            city=census.city,
            province=province,
            provinces=provinces,
            counties=counties,
            readings=_readings(series, census),
            residents=census.residence.sel(year=census.years[-1]).sum("residence"),
            city_mix=xr.DataArray(
                mix.to_numpy(),
                dims=("year", "sector"),
                coords={"year": mix.index.to_numpy(int), "sector": list(SECTORS)},
            ),
            dropped=dropped,
        )
        _check(panel)
        return panel

    @property
    def base_year(self) -> int:
        """Year of the last census."""
        return int(self.counties["census"].values[-1])

    @property
    def own_counties(self) -> list[str]:
        """Codes of the city's counties, in order."""
        return [str(c) for c in self.residents["region"].values]

    @property
    def fingerprint(self) -> str:
        """Hash of everything a fit sees."""
        content: Mapping[str, object] = {
            "as_of": self.as_of,
            "city": self.city,
            "provinces": _plain(self.provinces),
            "counties": _plain(self.counties),
            "readings": self.readings.to_dict("list"),
            "residents": self.residents.values.tolist(),
            "city_mix": self.city_mix.values.tolist(),
        }
        return fingerprint(content)


def _known(rows: pd.DataFrame, as_of: int) -> pd.DataFrame:
    known = rows[rows["published"] <= as_of]
    if known.empty:
        raise DataError(
            f"nothing was published by the end of {as_of}",
            found=f"first publication {int(rows['published'].min())}",
            cure="choose a later --as-of year",
        )
    return known


def _wide(rows: pd.DataFrame, variable: str, years: list[int], regions: list[str]) -> np.ndarray:
    one = rows[rows["variable"] == variable]
    table = one.pivot(index="year", columns="region_code", values="value")
    return table.reindex(index=years, columns=regions).to_numpy(float)


def _shares(stem: str, rows: pd.DataFrame, years: list[int], regions: list[str]) -> np.ndarray:
    """Sector shares ``(year, region, sector)`` of quantities named ``stem_sector``."""
    parts = np.stack([_wide(rows, f"{stem}_{s}", years, regions) for s in SECTORS], axis=-1)
    return parts / parts.sum(axis=-1, keepdims=True)


def _province_dataset(known: pd.DataFrame, all_rows: pd.DataFrame) -> xr.Dataset:
    # Years run to the last in the data whatever the vintage, so that the compiled
    # model serves every vintage; what was not known is missing.
    urban = all_rows[all_rows["variable"] == "urban_share"]
    years = list(range(2000, int(urban["year"].max()) + 1))
    regions = sorted(set(urban["region_code"].astype(str)) - {NATION})
    coords = {"year": years, "province": regions, "sector": list(SECTORS)}
    return xr.Dataset(
        {
            "urban_share": (("year", "province"), _wide(known, "urban_share", years, regions)),
            "employment": (("year", "province", "sector"), _shares("employed", known, years, regions)),
            "value_added": (
                ("year", "province", "sector"),
                _shares("value_added", known, years, regions),
            ),
        },
        coords=coords,
    )


def _city_mix(series: pd.DataFrame, city: str) -> pd.DataFrame:
    """Value-added shares of the city by year, columns the sectors."""
    own = series[(series["region_code"] == city)]
    parts = own[own["variable"].isin([f"value_added_{s}" for s in SECTORS])]
    table = parts.pivot_table(index="year", columns="variable", values="value", aggfunc="last")
    table = table.reindex(columns=[f"value_added_{s}" for s in SECTORS]).dropna()
    return table.div(table.sum(axis=1), axis=0)


def _county_dataset(
    census: Census, provinces: xr.Dataset, own_mix: pd.DataFrame
) -> tuple[xr.Dataset, tuple[str, ...]]:
    first, last = census.years[0], census.years[-1]
    panel = census.county_panel
    share = (panel["urban"] / panel["population"]).to_numpy(float)
    whole = panel.assign(share=share).pivot(index="code", columns="year", values="share")
    growth = panel.pivot(index="code", columns="year", values="population")
    change = growth[last] / growth[first]
    inside = ((whole > 0.02) & (whole < 0.99)).all(axis=1)
    stable = (change > 0.5) & (change < 1.8)
    keep = whole.index[inside & stable]
    dropped = tuple(
        f"county {code}: " + ("urban share near 0 or 1" if not inside[code] else "boundary change")
        for code in whole.index.difference(keep)
    )
    rows = panel[panel["code"].isin(keep)].sort_values(["code", "year"])
    codes = [str(c) for c in sorted(keep)]
    employment = np.stack(
        [
            rows.pivot(index="code", columns="year", values=f"employed_{s}_share")
            .reindex(index=codes, columns=[first, last])
            .to_numpy(float)
            for s in SECTORS
        ],
        axis=-1,
    )
    decade = slice(first, last - 1)
    mix = provinces["value_added"].sel(year=decade).mean("year", skipna=True)
    value_added = mix.sel(province=[c[:2] + "0000" for c in codes]).values.copy()
    own = own_mix.loc[(own_mix.index >= first) & (own_mix.index < last)]
    if len(own):
        value_added[[c[:4] == census.city[:4] for c in codes]] = own.mean().to_numpy()
    data = xr.Dataset(
        {
            "urban_share": (("county", "census"), whole.loc[codes, [first, last]].to_numpy()),
            "employment": (("county", "census", "sector"), employment),
            "value_added": (("county", "sector"), value_added),
        },
        coords={
            "county": codes,
            "census": [first, last],
            "sector": list(SECTORS),
            "province": ("county", [c[:2] + "0000" for c in codes]),
            "prefecture": ("county", [c[:4] + "00" for c in codes]),
        },
    )
    return data, dropped


def _readings(series: pd.DataFrame, census: Census) -> pd.DataFrame:
    rows = series[(series["variable"] == "urban_share") & (series["kind"] != "census")]
    rows = rows[(rows["year"] > census.years[0]) & ~rows["year"].isin(census.years)]
    chosen = rows[["region_code", "year", "value", "kind"]].astype({"region_code": str})
    readings = chosen.rename(columns={"region_code": "region", "value": "urban_share"})
    return readings.sort_values(["region", "year"]).reset_index(drop=True)


def _check(panel: Panel) -> None:
    for where, data in (("provinces", panel.provinces), ("counties", panel.counties)):
        for name in ("urban_share", *DRIVERS):
            values = data[name].values
            bad = np.isfinite(values) & ((values < 0) | (values > 1))
            if bad.any():
                raise DataError(
                    f"{name} of {where} is outside 0 to 1",
                    found=f"{values[bad][0]:g}",
                    cure="shares are fractions here; declare % in the unit column",
                )
    if not np.isfinite(panel.counties["employment"].values).all():
        raise DataError("a county of the panel has no employment by sector")


def _plain(data: xr.Dataset) -> dict[str, object]:
    return {str(k): np.round(v.values.astype(float), 12).tolist() for k, v in data.items()}

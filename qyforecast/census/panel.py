"""What the census says about urbanization and its drivers, as known in a year."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.census.panel_tables import (
    NATION,
    city_mix,
    county_tables,
    known_rows,
    province_mix,
    province_tables,
    reading_rows,
)
from qyforecast.errors import DataError
from qyforecast.provenance import fingerprint
from qyforecast.vocabulary import SECTORS, describe_place

#: First year of the provinces' series.
FIRST_YEAR = 2000
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
    residence : DataArray
        Residents of the city's counties at the censuses, ``(year, region,
        residence)``. [person]
    city_mix : DataArray
        Share of each sector in the city's value added, ``(year, sector)``; the province's
        where nothing was published of the city. [1]
    dropped : tuple of str
        What was left out, with the reason.
    unheard : tuple of str
        Counties whose first census is estimated: the likelihood does not hear their decade.
    """

    as_of: int
    city: str
    province: str
    provinces: xr.Dataset
    counties: xr.Dataset
    readings: pd.DataFrame
    residence: xr.DataArray
    city_mix: xr.DataArray
    dropped: tuple[str, ...] = field(default=())
    unheard: tuple[str, ...] = field(default=())

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
            If the last census or everything else was not published by then, a
            figure stands twice, shares leave the range 0 to 1, or a county of
            the city is not among the counties.
        """
        _refuse_early(census, as_of)
        province = census.city[:2] + "0000"
        series = known_rows(census.series, as_of)
        known = known_rows(census.provinces, as_of)
        regions = sorted(set(census.provinces["region_code"].astype(str)) - {NATION})
        provinces = province_tables(known, _years(census), regions)
        mix = city_mix(series, census.city)
        if mix.empty:
            mix = province_mix(provinces, province)
        counties, dropped = county_tables(census, provinces, mix)
        panel = cls(
            as_of=as_of,
            city=census.city,
            province=province,
            provinces=provinces,
            counties=counties,
            readings=reading_rows(series, census),
            residence=census.residence.transpose("year", "region", "residence"),
            city_mix=xr.DataArray(
                mix.to_numpy(),
                dims=("year", "sector"),
                coords={"year": mix.index.to_numpy(int), "sector": list(SECTORS)},
            ),
            dropped=dropped,
            unheard=census.regions if census.uncounted else (),
        )
        _check(panel)
        return panel

    @property
    def base_year(self) -> int:
        """Year of the last census."""
        return int(self.counties["census"].values[-1])

    @property
    def city_share(self) -> dict[int, float]:
        """Urban share of the city at each census, from its counties' counts. [1]"""
        persons = self.residence.sum("region")
        share = persons.sel(residence="urban") / persons.sum("residence")
        return {int(year): float(share.sel(year=year)) for year in share["year"].values}

    @property
    def last_reading(self) -> int:
        """Year of the newest urban share published; the base year if none is newer."""
        return max([self.base_year, *self.readings["year"].tolist()])

    @property
    def own_counties(self) -> list[str]:
        """Codes of the city's counties, in order."""
        return [str(c) for c in self.residence["region"].values]

    @property
    def fingerprint(self) -> str:
        """Hash of everything a fit sees."""
        content: Mapping[str, object] = {
            "as_of": self.as_of,
            "city": self.city,
            "provinces": _plain(self.provinces),
            "counties": _plain(self.counties),
            "readings": self.readings.to_dict("list"),
            "residence": self.residence.values.tolist(),
            "city_mix": self.city_mix.values.tolist(),
            **({"unheard": self.unheard} if self.unheard else {}),
        }
        return fingerprint(content)


def _refuse_early(census: Census, as_of: int) -> None:
    last = census.years[-1]
    if as_of <= last:
        raise DataError(
            f"the census of {last} was not published by the end of {as_of}",
            cure=f"choose --as-of {last + 1} or later: its totals were public then",
        )


def _years(census: Census) -> list[int]:
    """Years of the model, the same whatever the vintage: to the last figure in the data."""
    urban = census.provinces[census.provinces["variable"] == "urban_share"]
    own = census.series[census.series["variable"] == "urban_share"]
    # A reading beyond the provinces' last year needs that year's national pace.
    last = max(int(urban["year"].max()), int(own["year"].max()) if len(own) else 0)
    return list(range(FIRST_YEAR, last + 1))


def _check(panel: Panel) -> None:
    for where, data in (("provinces", panel.provinces), ("counties", panel.counties)):
        for name in ("urban_share", *DRIVERS):
            _check_shares(data[name], f"{name} of {where}", strictly=name == "urban_share")
    readings = panel.readings.set_index(["region", "year"])["urban_share"]
    _check_shares(xr.DataArray(readings), "urban_share of a reading", strictly=True)
    for name in DRIVERS:
        holes = panel.counties[name].isnull().any("sector")
        if holes.any():
            place = _first(holes)
            raise DataError(f"a county of the panel has no {name} by sector", where=place)
    _check_city(panel)


def _first(bad: xr.DataArray) -> str:
    """Name the first cell that is true."""
    return describe_place(bad, [int(axis[0]) for axis in np.nonzero(bad.values)])


def _check_shares(values: xr.DataArray, what: str, *, strictly: bool) -> None:
    """Refuse shares outside 0 to 1; log odds need them strictly inside."""
    found = values.values.astype(float)
    bad = (found <= 0) | (found >= 1) if strictly else (found < 0) | (found > 1)
    if bad.any():
        raise DataError(
            f"{what} is outside 0 to 1",
            where=_first(values.copy(data=bad)),
            found=f"{found[bad][0]:g}",
            cure="shares are fractions here; declare % in the unit column",
        )


def _check_city(panel: Panel) -> None:
    """Refuse a city whose counties are not all among the counties to learn from."""
    inside = {str(code) for code in panel.counties["county"].values}
    missing = [code for code in panel.own_counties if code not in inside]
    if missing:
        reasons = [entry for entry in panel.dropped if any(code in entry for code in missing)]
        raise DataError(
            f"{'no' if len(missing) == len(panel.own_counties) else 'not every'} county of the"
            f" city {panel.city} is in the county panel",
            where=f"region {', '.join(missing)}",
            found="; ".join(reasons) or "no row",
            cure="add the county's row of both censuses to the county panel",
        )


def _plain(data: xr.Dataset) -> dict[str, object]:
    figures = {str(k): np.round(v.values.astype(float), 12).tolist() for k, v in data.items()}
    labels = {f"label {k}": v.values.astype(str).tolist() for k, v in data.coords.items()}
    return {**figures, **labels}

"""The census noun: everything that was counted, checked, in one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from qyforecast.census.additions import with_kept
from qyforecast.census.arrays import city_arrays, wider_arrays
from qyforecast.census.boundaries import read_regions
from qyforecast.census.descriptor import Descriptor
from qyforecast.census.folder import examine
from qyforecast.census.pyramids import residents_by_age
from qyforecast.census.series import convert_series
from qyforecast.census.tables import Table
from qyforecast.demography.population import Population, area_coordinates
from qyforecast.errors import DataError
from qyforecast.provenance import Source
from qyforecast.vocabulary import RESIDENCES, SECTORS


@dataclass(frozen=True)
class Census:
    """What was counted and published about a city and its surroundings.

    Regions in arrays are the city's counties; the city is their sum, exactly.
    Census years stand for the end of the year (1 November is taken for it).

    Attributes
    ----------
    city : str
        Code of the city.
    regions : tuple of str
        Codes of its counties, in order.
    names : mapping of str to tuple
        Chinese and English name by code.
    years : tuple of int
        Census years.
    age_sex : DataArray
        Residents, ``(year, region, sex, age)``. [person]
    residence : DataArray
        Residents, ``(year, region, residence)``. [person]
    registered : DataArray
        Registered population, ``(region,)``, coordinate ``year``. [person]
    employment : DataArray
        Employed, ``(year, region, industry)``, coordinate ``sector`` along
        ``industry``; a sample of nearly 10 %, never grossed up. [person in the sample]
    migrants : DataArray
        Residents registered elsewhere, ``(year, region, origin)``. [person]
    schooling : DataArray
        Residents by level, ``(year, region, sex, level)``; from age 6 in
        2010, from age 3 in 2020. [person]
    series, provinces : DataFrame
        Yearly figures in persons, yuan, shares and rates per year:
        ``region_code, year, variable, value, unit, kind, source, published,
        published_assumed, note``. Provinces have one value per figure; the
        city's series may have several sources for one.
    county_panel : DataFrame
        Counties of the neighbourhood at both censuses; shares as fractions.
    age_residence, deaths : DataArray
        Residents and deaths of the census year (under-registered) of nation
        and province, ``(region, year, residence, sex, age)`` with residence
        city, town, rural. [person]
    births : DataArray
        Births of the census year in the nation, ``(year, residence,
        mother_age)``; a 10 % sample. [person in the sample]
    births_by_sex : DataArray
        The same births by sex, nation and province, ``(region, year,
        residence, sex)``. [person in the sample]
    fertility_printed : DataArray
        Age-specific fertility as printed, ``(year, residence, mother_age)``. [1 / year]
    life_expectancy : DataFrame
        ``region_code, year, sex, e0, source, published``; sex ``both``, ``male``,
        ``female``, or ``gap`` (female less male). [year]
    sources : mapping of str to Source
        Publications by key.
    folder : Path
        Where it was read.
    sha256 : mapping of str to str
        Hash of each file.
    """

    city: str
    regions: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]
    years: tuple[int, ...]
    age_sex: xr.DataArray
    residence: xr.DataArray
    registered: xr.DataArray
    employment: xr.DataArray
    migrants: xr.DataArray
    schooling: xr.DataArray
    series: pd.DataFrame
    provinces: pd.DataFrame
    county_panel: pd.DataFrame
    age_residence: xr.DataArray
    deaths: xr.DataArray
    births: xr.DataArray
    births_by_sex: xr.DataArray
    fertility_printed: xr.DataArray
    life_expectancy: pd.DataFrame
    sources: Mapping[str, Source]
    folder: Path
    sha256: Mapping[str, str]

    def sectors(self) -> xr.DataArray:
        """Share of each sector in the employed of the sample.

        Returns
        -------
        DataArray
            ``(year, region, sector)``. [1]
        """
        counts = self.employment.groupby("sector").sum("industry").sel(sector=list(SECTORS))
        return counts / counts.sum("sector")

    def urban_share(self) -> xr.DataArray:
        """Urban residents over all residents of the city at each census.

        Returns
        -------
        DataArray
            ``(year,)``. [1]
        """
        totals = self.residence.sum("region")
        return totals.sel(residence="urban", drop=True) / totals.sum("residence")

    def population(self, year: int) -> Population:
        """Residents by county, residence, sex and single age at a census.

        County pyramids are split between urban and rural by raking the
        province's table, then graduated; counties' totals by residence and by
        five-year age are kept exactly, the rest is estimated.

        Parameters
        ----------
        year : int
            A census year.

        Returns
        -------
        Population
            Ages 0 to 100+, areas in the order of `regions`.

        Raises
        ------
        DataError
            If there was no census in that year.
        """
        if year not in self.years:
            raise DataError(
                f"there was no census in {year}", cure=f"choose one of {list(self.years)}"
            )
        pyramid = self.age_sex.sel(year=year, drop=True)
        table = self.age_residence.sel(region=self.city[:2] + "0000", year=year, drop=True)
        residence = self.residence.sel(year=year, drop=True)
        single = residents_by_age(pyramid, residence, table)
        persons = single.stack(area=("region", "residence")).transpose("area", "sex", "age")
        coords = area_coordinates(list(self.regions), RESIDENCES)
        pairs = list(zip(coords["region"][1], coords["residence"][1], strict=True))
        persons = persons.sel(area=pairs).drop_vars(["area", "region", "residence"])
        return Population(persons.assign_coords(coords), year)


def read_census(folder: Path | str | None = None) -> Census:
    """Read and check a census folder.

    Parameters
    ----------
    folder : Path or str, optional
        A folder with ``datapackage.json``; the shipped one if left out.

    Returns
    -------
    Census
        Everything in it, in persons, yuan, shares and years; figures that the user keeps
        there in ``additions.csv`` among the series.

    Raises
    ------
    DataError
        The first thing wrong, with file, line and column; `check_census`
        lists all of them.
    """
    found = examine(folder)
    if found.faults:
        raise found.faults[0]
    return with_kept(_build(found.descriptor, found.tables))


def _build(descriptor: Descriptor, tables: Mapping[str, Table]) -> Census:
    regions = read_regions(tables["regions"])
    rows = {name: t.rows.rename(columns={"region_code": "region"}) for name, t in tables.items()}
    return Census(
        city=regions.city,
        regions=regions.counties,
        names=regions.names,
        series=convert_series(tables["city_series"]),
        provinces=convert_series(tables["provinces"]),
        county_panel=rows["county_panel"].reset_index(drop=True),
        life_expectancy=tables["life_expectancy"].rows.reset_index(drop=True),
        sources=descriptor.sources,
        folder=descriptor.folder,
        sha256={t.resource.path.name: t.sha256 for t in tables.values()},
        **city_arrays(rows, regions.counties),
        **wider_arrays(rows),
    )

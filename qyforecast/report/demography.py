"""The demography from files to files: estimate, check, draw, write."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census, read_census
from qyforecast.census.cohort_decade import cohort_decade, national_survival
from qyforecast.census.counted_notes import resident_and_registered
from qyforecast.census.estimate_notes import evidence_table
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.mortality_estimates import registration_factor
from qyforecast.census.rate_checks import checks_table
from qyforecast.demography.estimates import BaseRates
from qyforecast.errors import QyforecastError
from qyforecast.judge.hindcast import hindcast
from qyforecast.judge.resident_totals import totals_in_band
from qyforecast.report.demography_figures import childbearing, deaths, residual_migration
from qyforecast.report.demography_frame import Subject
from qyforecast.report.demography_screen import (
    checks_beside,
    hindcast_table,
    known_table,
    registered_table,
    schedules_text,
    totals_table,
)
from qyforecast.report.demography_tables import (
    Flow,
    migration_flows,
    rates_table,
    residual_table,
    schedules_table,
)
from qyforecast.report.folder import occupying, replacing
from qyforecast.report.overview import TextTable
from qyforecast.report.pyramids import pyramids
from qyforecast.report.request import Request, choose_vintages
from qyforecast.report.style import save_figure
from qyforecast.report.writing import SHARE_FORMAT, write_manifest, write_table
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Portrait:
    """The demography of a census as known in a year.

    Attributes
    ----------
    census : Census
        What was counted.
    base : BaseRates
        What was estimated.
    region : str
        Whom the pictures of people and migration show.
    tables : mapping of str to DataFrame
        What is written, by name of the file.
    flows : tuple of Flow
        Departures and arrivals with their schedules.
    draws : int
        Draws of the band of totals.
    """

    census: Census
    base: BaseRates
    region: str
    tables: Mapping[str, pd.DataFrame]
    flows: tuple[Flow, ...]
    draws: int

    def screen(self) -> tuple[TextTable, ...]:
        """Lay out what is printed.

        Returns
        -------
        tuple of TextTable
            Evidence, checks, the two totals, schedules, hindcast, later totals.
        """
        census, tables = self.census, self.tables
        names = {code: english for code, (_, english) in census.names.items()}
        years = (census.years[0], census.years[-1])
        return (
            known_table(tables["evidence"], names),
            checks_beside(tables["checks"], names),
            registered_table(tables["residents"], names, int(census.registered["year"])),
            schedules_text(tables["schedules"], names),
            hindcast_table(tables["hindcast_errors"], years),
            totals_table(tables["totals"], years[1] + 1, self.draws),
        )


def produce_demography(
    request: Request, region: str | None, say: Callable[[str], None]
) -> Portrait:
    """Read, estimate, check, draw and write.

    Parameters
    ----------
    request : Request
        Where to write, the census folder, one year of knowledge, draws and seed.
    region : str or None
        Code of the city or a county for the pictures; the city if None.
    say : callable
        Called with what is done next.

    Returns
    -------
    Portrait
        What was written, for printing.

    Raises
    ------
    QyforecastError
        If the files, the year or the region are wrong, or the folder cannot be written.
    """
    with occupying(request.out, say):
        return _produce(request, region, say)


def _produce(request: Request, region: str | None, say: Callable[[str], None]) -> Portrait:
    started = time.perf_counter()
    say("reading the census")
    census = read_census(request.data)
    (as_of,) = choose_vintages(request, census)
    region = _choose_region(region, census)
    say("estimating the rates")
    base = estimate_rates(census, as_of=as_of)
    portrait = _portray(census, base, region, (request, say))
    say("drawing and writing")
    pictures = figures(portrait)
    manifest = {
        "as_of": as_of,
        "base_year": base.population.year,
        "region": region,
        "seed": request.seed,
        "draws": request.draws,
        "versions": {name: version(name) for name in ("qyforecast", "numpy", "scipy", "xarray")},
        "hashes": {"data": dict(census.sha256)},
        "seconds": {"all": round(time.perf_counter() - started, 3)},
    }
    with replacing(request.out) as folder:
        _write(folder, portrait, pictures)
        write_manifest(folder, manifest)
    return portrait


def _choose_region(region: str | None, census: Census) -> str:
    known = (census.city, *census.regions)
    if region is not None and region not in known:
        raise QyforecastError(
            "no such region in the census", where="--region", found=region,
            cure=nearest(region, known),
        )  # fmt: skip
    return region or census.city


def _portray(
    census: Census,
    base: BaseRates,
    region: str,
    asked: tuple[Request, Callable[[str], None]],
) -> Portrait:
    request, say = asked
    populations = [census.population(year) for year in census.years]
    decade = cohort_decade(census, populations, base.mortality, Assumptions())
    say("fitting migration schedules")
    flows = tuple(migration_flows(base, census.city))
    say("projecting the last decade")
    past = hindcast(decade, base)
    say("forecasting the years since")
    totals = totals_in_band(census, draws=request.draws, seed=request.seed)
    tables = {
        "evidence": evidence_table(base.evidence),
        "checks": checks_table(base.checks),
        "rates": rates_table(base),
        "residual_migration": residual_table(decade),
        "schedules": schedules_table(list(flows)),
        "residents": resident_and_registered(census),
        "hindcast": past.cells,
        "hindcast_errors": past.errors,
        "totals": totals,
    }
    return Portrait(census, base, region, tables, flows, request.draws)


def figures(portrait: Portrait) -> dict[str, Figure]:
    """Draw every picture.

    Parameters
    ----------
    portrait : Portrait
        What to draw.

    Returns
    -------
    dict of str to Figure
        By file name.
    """
    census, base = portrait.census, portrait.base
    names = {code: english for code, (_, english) in census.names.items()}
    place, city = names[portrait.region], names[census.city]
    people = {year: _by_region(census, year) for year in census.years}
    last = census.years[-1]
    raked = "Ages of urban and rural residents are estimated from county ages and county totals "
    raked += "by raking; their sums are exact."

    def about(where: str, note: str) -> Subject:
        return Subject(where, base.as_of, note)

    both = {str(year): _chosen(table, portrait.region) for year, table in people.items()}
    each = {names[code]: _chosen(people[last], code) for code in census.regions}
    weight = Assumptions().deaths_weight
    nation = {
        "nation, census deaths scaled up": national_survival(census, last, weight),
        "nation, census deaths as counted": national_survival(census, last, None),
    }
    residual = portrait.tables["residual_migration"]
    if portrait.region != census.city:
        residual = residual[residual["region_code"] == portrait.region]
    residual = residual.groupby(["sex", "age"], as_index=False)[["residual", "fitted"]].sum()
    flows = [flow for flow in portrait.flows if flow.region == portrait.region]
    return {
        "pyramids.png": pyramids(both, about(place, raked)),
        "pyramids_counties.png": pyramids(
            each, about(f"counties of {city}, {last}", raked), shares=True
        ),
        "migration.png": residual_migration(residual, flows, about(place, _MIGRATION)),
        "deaths.png": deaths(base, nation, about(city, _deaths_note(census))),
        "childbearing.png": childbearing(base, names, about(city, _CHILDBEARING)),
    }


_MIGRATION = (
    "Left: surviving net migrants between the censuses, moves inside the city among them. Right: "
    "net losses (below zero) and gains by age of counties to and from outside the city, summed: "
    "moves inside the city are taken out. Dashed: more than 10 % of the flow is misplaced by age."
)
_CHILDBEARING = (
    "Level from children aged 0-4 by county and 0 in the city; ages and the difference between "
    "town and village from the nation's long form."
)


def _deaths_note(census: Census) -> str:
    by_e0, by_rate = (
        float(registration_factor(census, census.years[-1], weight).mean()) for weight in (0, 1)
    )
    return (
        "Deaths of the province's like residences in the census, scaled for under-registration by "
        f"a factor half way (on the log scale) from what published life expectancy asks for "
        f"({by_e0:.2f}) to what the published death rate does ({by_rate:.2f}). Counties share the "
        "curves of their kind of place."
    )


def _by_region(census: Census, year: int) -> xr.DataArray:
    persons = census.population(year).persons
    return persons.set_index(area=["region", "residence"]).unstack("area")


def _chosen(table: xr.DataArray, region: str) -> xr.DataArray:
    known = table["region"].values.tolist()
    return table.sel(region=region) if region in known else table.sum("region")


def _write(folder: Path, portrait: Portrait, pictures: Mapping[str, Figure]) -> None:
    for name, table in portrait.tables.items():
        write_table(table, folder / f"{name}.csv", SHARE_FORMAT)
    for name, figure in pictures.items():
        save_figure(figure, folder / name)

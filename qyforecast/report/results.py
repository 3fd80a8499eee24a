"""All runs of a forecast together: what is written, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.decide.targets import Target
from qyforecast.errors import OutputError
from qyforecast.report.tables import (
    city_code,
    flows_table,
    population_table,
    targets_table,
    urban_share_table,
)
from qyforecast.report.wording import say

if TYPE_CHECKING:
    from qyforecast.forecast import Run


@dataclass(frozen=True)
class Results:
    """What a forecast says.

    Attributes
    ----------
    targets, urban_share, population, flows : DataFrame
        As `targets_table`, `urban_share_table`, `population_table` and `flows_table`
        make them, run after run.
    draws : Dataset
        ``urban_share`` [1] and ``population`` [person], ``(as_of, scenario, draw, year,
        region)``, float32, the city first.
    city : str
        Code of the city.
    """

    targets: pd.DataFrame
    urban_share: pd.DataFrame
    population: pd.DataFrame
    flows: pd.DataFrame
    draws: xr.Dataset
    city: str


def collect(runs: Iterable[Run], targets: Sequence[Target]) -> Results:
    """Summarise run after run; a run is let go before the next one is made.

    Parameters
    ----------
    runs : iterable of Run
        Every scenario at every vintage, in the order in which they shall be shown.
    targets : sequence of Target
        For the city and its counties.

    Returns
    -------
    Results
        Tables and draws.

    Raises
    ------
    OutputError
        If there is no run, or a scenario was not run at every vintage just once.
    """
    parts: list[tuple[pd.DataFrame, ...]] = []
    draws: dict[tuple[int, str], xr.Dataset] = {}
    city = ""
    for run in runs:
        key = (int(run.as_of), run.scenario.name)
        if key in draws:
            raise OutputError("a scenario was run twice", found=f"{key[1]} as of {key[0]}")
        draws[key], city = _draws_of(run), city_code(run)
        parts.append(
            (
                targets_table(run, targets),
                urban_share_table(run),
                population_table(run),
                flows_table(run),
            )
        )
        # The loop would hold on to it until the next one is there.
        del run
    tables = [pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True)]
    if not tables:
        raise OutputError("there is no run to write down", cure="name a scenario and a year")
    return Results(*tables, draws=_stack(draws), city=city)


def _draws_of(run: Run) -> xr.Dataset:
    """Take the urban share and the residents of the city and its counties."""
    persons = run.projection.totals.transpose("draw", "year", "area", "sex").values.sum(axis=-1)
    places = run.projection.totals["region"].values
    city = city_code(run)
    shares = run.urban_share.transpose("draw", "year", "region")
    residents = [
        persons[..., (places == code) | (code == city)].sum(axis=-1)
        for code in shares["region"].values
    ]
    population = shares.copy(data=np.stack(residents, axis=-1))
    return xr.Dataset({"urban_share": shares, "population": population}).astype(np.float32)


def _stack(draws: dict[tuple[int, str], xr.Dataset]) -> xr.Dataset:
    """Join runs along vintage and scenario; refuse a cross with holes."""
    vintages = list(dict.fromkeys(as_of for as_of, _ in draws))
    scenarios = list(dict.fromkeys(name for _, name in draws))
    missing = [f"{n} as of {y}" for y in vintages for n in scenarios if (y, n) not in draws]
    if missing:
        raise OutputError("a scenario was not run at every vintage", found=", ".join(missing))
    rows = [
        xr.concat([draws[as_of, name] for name in scenarios], "scenario", join="exact")
        for as_of in vintages
    ]
    whole = xr.concat(rows, "as_of", join="exact").assign_coords(as_of=vintages, scenario=scenarios)
    whole = whole.transpose("as_of", "scenario", "draw", "year", "region")
    whole["urban_share"].attrs = {"units": "1", "long_name": "urban residents over residents"}
    whole["population"].attrs = {"units": "person", "long_name": "residents"}
    whole["year"].attrs = {"long_name": "end of this year"}
    whole["as_of"].attrs = {"long_name": "last year of knowledge"}
    whole["region"].attrs = {"long_name": "GB/T 2260 code, the city first"}
    notes = {"as_of_means": say("pseudo_vintage", "en"), "leaves_out": say("leaves_out", "en")}
    return whole.assign_attrs(notes | {"Conventions": "CF-1.11"})

"""The forecast of a whole country from files to files, block by block."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import qyforecast
from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import Census, read_census
from qyforecast.census.country_files import Country, read_country
from qyforecast.census.country_rates import estimate_country
from qyforecast.census.panel import Panel
from qyforecast.country.gather import Gathered, gather
from qyforecast.country.ground import Ground, lay_ground
from qyforecast.country.runners import Runner, run_blocks
from qyforecast.country.shelf import finished, has_ground, load_ground, open_shelf, save_ground
from qyforecast.errors import QyforecastError
from qyforecast.inference.county_levels import county_model
from qyforecast.inference.mixture import Mixture
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import read_weights
from qyforecast.inference.store import Store
from qyforecast.provenance import file_sha256, fingerprint
from qyforecast.report.country_tables import country_tables
from qyforecast.report.folder import prepare_folder, replacing
from qyforecast.report.request import Request, choose_vintages
from qyforecast.report.writing import SHARE_FORMAT, write_manifest, write_table

Say = Callable[[str], None]
#: Folders of code that the numbers of a block depend on.
_CODE = ("country", "projection", "inference", "demography", "census")


@dataclass(frozen=True)
class CountryRequest:
    """What is asked.

    Attributes
    ----------
    files : tuple of Path
        County-census files of two censuses.
    forecast : Request
        Folders, vintage, last year, draws and seed, as for a city; one vintage.
    runner : Runner
        How blocks are run.
    precision : {"float32", "float64"}
        Of the accounts.
    """

    files: tuple[Path, ...]
    forecast: Request
    runner: Runner = field(default_factory=Runner)
    precision: str = "float32"

    @property
    def shelf(self) -> Path:
        """Folder of the blocks, beside the results."""
        out = self.forecast.out
        return out.with_name(f"{out.name}-blocks")


@dataclass(frozen=True)
class CountryOutcome:
    """What came out.

    Attributes
    ----------
    country : Country
        What was read.
    gathered : Gathered
        Sums and quantiles.
    tables : dict of str to DataFrame
        What was written, by name of the file.
    manifest : dict
        As written.
    notes : tuple of str
        What earlier runs had left.
    """

    country: Country
    gathered: Gathered
    tables: dict[str, pd.DataFrame]
    manifest: dict[str, Any]
    notes: tuple[str, ...]


def produce_country(
    request: CountryRequest, say: Say = lambda _: None, learned: Mixture | None = None
) -> CountryOutcome:
    """Project every place of the country, add up in every draw, and write.

    Blocks lie beside the results, in ``NAME-blocks``: an interrupted run goes on where it
    stopped.

    Parameters
    ----------
    request : CountryRequest
        What is asked.
    say : callable
        Told what is being done.
    learned : Mixture, optional
        A posterior at hand; loaded or fitted as for a city's forecast where left out.

    Returns
    -------
    CountryOutcome
        What was written.

    Raises
    ------
    QyforecastError
        Any fault of files, fit, cluster or folder.
    """
    began = time.perf_counter()
    ask, shelf = request.forecast, request.shelf
    notes = prepare_folder(ask.out)
    say("reading the census and the county files")
    census, spec = read_census(ask.data), read_spec(ask.model_file)
    _check_request(ask, census)
    steps = ask.to - census.years[-1]
    at_once = request.runner.at_once(ask.draws, steps, request.precision)
    country = read_country(request.files, (census.years[0], census.years[-1]))
    panel = Panel.from_census(census, as_of=choose_vintages(ask, census)[0])
    mixture = learned or _learn(ask, spec, panel, say)
    mark = _mark(request, census, spec, mixture)
    notes += open_shelf(shelf, mark)
    ground = _lay(request, (census, country), (mixture, spec, panel), say)
    done = set(finished(shelf))
    todo = [block for block in ground.blocks if block not in done]
    prepared = time.perf_counter()
    say(f"projecting {len(ground.labels['codes'])} places of {len(ground.blocks)} prefectures")
    for _ in run_blocks(shelf, todo, request.runner, at_once, request.precision):
        pass
    say("adding up in every draw, and writing")
    gathered = gather(shelf, ground)
    tables = country_tables(country, ground, gathered)
    manifest = _manifest(request, census, (mixture, spec, panel), (country, ground, gathered))
    manifest |= {"mark": mark, "blocks_run": len(todo)}
    manifest["seconds"] = {
        "prepare": round(prepared - began, 3),
        "project": round(time.perf_counter() - prepared, 3),
    }
    with replacing(ask.out) as folder:
        for name, table in tables.items():
            write_table(table, folder / f"{name}.csv", SHARE_FORMAT)
        write_manifest(folder, manifest)
    return CountryOutcome(country, gathered, tables, manifest, notes)


def _check_request(ask: Request, census: Census) -> None:
    if len(ask.as_of) != 1:
        raise QyforecastError("a country is forecast as of one year", found=", ".join(ask.as_of))
    if ask.to <= census.years[-1]:
        raise QyforecastError(
            "the last year is not after the last census",
            where="--to",
            found=str(ask.to),
            cure=f"choose {census.years[-1] + 1} or later",
        )


def _learn(ask: Request, spec: ModelSpec, panel: Panel, say: Say) -> Mixture:
    store = Store(ask.out.parent / "posteriors", ask.seed, ask.draws, ask.may_fit)
    return store.obtain(spec, read_weights(ask.model_file, spec), [panel], say)[0]


def _lay(
    request: CountryRequest,
    counted: tuple[Census, Country],
    learned: tuple[Mixture, ModelSpec, Panel],
    say: Say,
) -> Ground:
    """Prepare what blocks share, or take what an earlier run of the same plan prepared."""
    if has_ground(request.shelf):
        return load_ground(request.shelf)
    (census, country), (mixture, spec, panel) = counted, learned
    ask, assumed = request.forecast, Assumptions()
    say("estimating the rates of every place")
    rates = estimate_country(census, country, as_of=panel.as_of, to=ask.to, assumed=assumed)
    say("drawing the provinces' urban shares")
    model = county_model(mixture, spec, panel, to=ask.to, seed=ask.seed)
    ground = lay_ground(
        country,
        rates,
        (model, spec, panel),
        seed=ask.seed,
        deviations={
            "fertility_sd": assumed.fertility_county_sd,
            "migration_sd": assumed.county_migration_sd,
            "rural_departure": assumed.rural_departure,
            "urban_arrival": assumed.urban_arrival,
        },
    )
    ground.labels["substitutions"] = rates.substitutions.to_numpy().tolist()
    save_ground(request.shelf, ground)
    return ground


def _mark(request: CountryRequest, census: Census, spec: ModelSpec, mixture: Mixture) -> str:
    """Fingerprint of all that the numbers depend on."""
    package = Path(qyforecast.__file__).parent
    code = {
        str(path.relative_to(package)): file_sha256(path)
        for folder in _CODE
        for path in sorted((package / folder).glob("*.py"))
    }
    ask = request.forecast
    return fingerprint(
        {
            "files": sorted(file_sha256(path) for path in request.files),
            "data": dict(census.sha256),
            "specification": spec.sha256,
            "posteriors": [_sum_of(mixture)],
            "plan": [mixture.as_of, ask.to, mixture.size, ask.seed, request.precision],
            "code": code,
        }
    )


def _sum_of(mixture: Mixture) -> list[Any]:
    """A posterior told apart from others by what it is and by its numbers."""
    return [
        [part.rival, part.panel, part.seed, *(float(v.sum()) for v in part.draws.values())]
        for part in mixture.parts
    ]


def _manifest(
    request: CountryRequest,
    census: Census,
    learned: tuple[Mixture, ModelSpec, Panel],
    found: tuple[Country, Ground, Gathered],
) -> dict[str, Any]:
    (mixture, spec, panel), (country, ground, gathered) = learned, found
    urban = float(country.places["urban"].sum())
    nation = gathered.sums["000000"]
    own = country.nation
    persons = nation[0].mean(axis=1)
    return {
        "seed": request.forecast.seed,
        "draws": ground.draws,
        "as_of": panel.as_of,
        "to": request.forecast.to,
        "precision": request.precision,
        "places": len(country.places),
        "blocks": len(ground.blocks),
        "urban_population_of_places": urban,
        "urban_population_of_own_row": None if own is None else float(own["urban"]),
        "net_migration_share": {
            str(year): float(nation[2, at + 1].mean() / persons[at])
            for at, year in enumerate(ground.years)
        },
        "off_scale_places": int((~ground.arrays["on_scale"]).sum()),
        "draws_without_moves": {
            code: count for code, count in gathered.still.items() if count < ground.draws
        },
        "largest_difference_of_start": float(
            np.abs(nation[0, 0] - country.places["population"].sum()).max()
        ),
        "rivals": dict(mixture.weights),
        "versions": {name: version(name) for name in ("qyforecast", "numpy", "numba", "zarr")},
        "hashes": {
            "files": {path.name: file_sha256(path) for path in request.files},
            "data": dict(census.sha256),
            "specification": spec.sha256,
        },
    }

"""One forecast from files to files: read, learn, run, summarise, write."""

import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from qyforecast.census.census import Census, read_census
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.errors import QyforecastError
from qyforecast.forecast import Run, draw_future, forecast
from qyforecast.inference.checks import posterior_predictive
from qyforecast.inference.mixture import Mixture
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.posterior_checks import content_sha256
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import FILE as WEIGHTS
from qyforecast.inference.stacking import read_weights
from qyforecast.inference.store import Store
from qyforecast.provenance import file_sha256
from qyforecast.report.card_files import RECORD, table_beside
from qyforecast.report.figures.registry import draw_chart
from qyforecast.report.figures.saved import setting_of
from qyforecast.report.folder import occupying
from qyforecast.report.headline import headline_table
from qyforecast.report.installed import PACKAGES
from qyforecast.report.record import voice
from qyforecast.report.request import Request, choose_scenarios, choose_targets, choose_vintages
from qyforecast.report.results import Results, collect
from qyforecast.report.tables import observed_table
from qyforecast.report.writing import write_results
from qyforecast.scenario.scenario import Scenario

Say = Callable[[str], None]

#: Largest gap in any account, as a share of its cell, that is put down to rounding.
LARGEST_IMBALANCE = 1e-9


@dataclass(frozen=True)
class Outcome:
    """What came out.

    Attributes
    ----------
    request : Request
        What was asked for.
    census : Census
        What was read.
    panels : tuple of Panel
        What was known at each vintage.
    scenarios : tuple of Scenario
        What was run.
    targets : tuple of Target
        What was promised.
    results : Results
        What was written.
    manifest : mapping
        As written.
    notes : tuple of str
        What a killed run had left, and what was done about it.
    headline : DataFrame
        Who speaks for each promise, see `headline_table`.
    """

    request: Request
    census: Census
    panels: tuple[Panel, ...]
    scenarios: tuple[Scenario, ...]
    targets: tuple[Target, ...]
    results: Results
    manifest: Mapping[str, Any]
    notes: tuple[str, ...]
    headline: pd.DataFrame


@dataclass
class _Clock:
    """Wall time by stage. [second]"""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        spent = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.seconds[name] = round(spent, 3)


def produce(request: Request, say: Say = lambda _: None) -> Outcome:
    """Make a forecast and write it.

    Parameters
    ----------
    request : Request
        What is asked for.
    say : callable
        Told what is being done.

    Returns
    -------
    Outcome
        What was written, for printing.

    Raises
    ------
    QyforecastError
        Any fault of the files, the fit, or the folder; nothing is then written.
    """
    with occupying(request.out) as notes:
        return _produce(request, say, notes)


def _produce(request: Request, say: Say, notes: tuple[str, ...]) -> Outcome:
    clock = _Clock()
    with clock.stage("read"):
        say("reading the census")
        census = read_census(request.data)
        spec = read_spec(request.model_file)
        scenarios = choose_scenarios(request, census)
        targets = choose_targets(request, census)
        vintages = choose_vintages(request, census)
        panels = [Panel.from_census(census, as_of=year) for year in vintages]
    with clock.stage("learn"):
        saved = request.out.parent / "posteriors"
        store = Store(saved, request.seed, request.draws, request.may_fit)
        weights = read_weights(request.model_file, spec)
        posteriors = store.obtain(spec, weights, panels, say)
        held = _held(spec, panels, posteriors)
    balance: list[float] = []
    line = _Line(census, spec, scenarios, request, clock, say, balance)
    with clock.stage("run and summarise"):
        results = collect(line.runs(panels, posteriors), targets)
    _check_balance(max(balance))
    manifest = _manifest(request, census, spec, posteriors, [one.name for one in scenarios])
    manifest |= {"largest_imbalance": max(balance), "posterior_predictive": held}
    with clock.stage("draw the fan"):
        say("drawing the fan, and writing")
        figure = _fan(results, census, posteriors[0].size)
    said = _headline(request, results, (panels, posteriors), targets)
    manifest["seconds"] = clock.seconds
    write_results(results, request.out, manifest=manifest, figures={"fan.png": figure}, tables=said)
    return Outcome(
        request,
        census,
        tuple(panels),
        tuple(scenarios),
        tuple(targets),
        results,
        manifest,
        notes,
        said.get("headline", pd.DataFrame()),
    )


@dataclass(frozen=True)
class _Line:
    """Every scenario at every vintage, one after the other."""

    census: Census
    spec: ModelSpec
    scenarios: Sequence[Scenario]
    request: Request
    clock: _Clock
    say: Say
    balance: list[float]

    def runs(self, panels: Sequence[Panel], posteriors: Sequence[Mixture]) -> Iterator[Run]:
        to, seed = self.request.to, self.request.seed
        for panel, posterior in zip(panels, posteriors, strict=True):
            self.say(f"drawing futures as of {panel.as_of}")
            with self.clock.stage("futures"):
                future = draw_future(self.census, panel, self.spec, posterior, to=to, seed=seed)
            runs = forecast(future, self.scenarios, seed=seed)
            for scenario in self.scenarios:
                self.say(f"projecting {scenario.name} as of {panel.as_of}")
                with self.clock.stage("project"):
                    run = next(runs)
                    self.balance.append(run.projection.imbalance())
                yield run
                del run


def _headline(
    request: Request,
    results: Results,
    vintages: tuple[Sequence[Panel], Sequence[Mixture]],
    targets: Sequence[Target],
) -> dict[str, pd.DataFrame]:
    """Say who speaks for each promise; nothing where none is still to fall due."""
    panels, posteriors = vintages
    speaking = {one.as_of: voice(one.weights) for one in posteriors}
    record = table_beside(request.model_file, RECORD)
    table = headline_table(results, panels, targets, speaking, record)
    return {"headline": table} if len(table) else {}


def _held(
    spec: ModelSpec, panels: Sequence[Panel], posteriors: Sequence[Mixture]
) -> dict[str, list]:
    """How often the fit's own intervals held what was observed, by vintage and level."""
    return {
        str(panel.as_of): posterior_predictive(_heaviest(mixture), spec, panel).to_dict("records")
        for panel, mixture in zip(panels, posteriors, strict=True)
    }


def _heaviest(mixture: Mixture) -> Posterior:
    return max(mixture.parts, key=lambda part: mixture.weights[part.rival])


def _check_balance(largest: float) -> None:
    if not largest <= LARGEST_IMBALANCE:
        raise QyforecastError(
            "the accounts do not add up",
            found=f"largest imbalance {largest:.3g} of a cell's population",
            cure="this is a fault of the program: please report it with the manifest",
        )


def _fan(results: Results, census: Census, draws: int) -> Figure:
    tables = {
        "urban_share": results.urban_share,
        "targets": results.targets,
        "observed": observed_table(census, census.city),
    }
    return draw_chart("fan", tables, setting_of(census, "en", census.city, draws=draws)).figure


def input_hashes(request: Request, census: Census, spec: ModelSpec) -> dict[str, Any]:
    """Hash every file that a forecast is made from.

    Parameters
    ----------
    request : Request
        Where the files are.
    census : Census
        As read.
    spec : ModelSpec
        As read.

    Returns
    -------
    dict
        SHA-256 by part, by name where a part has several files; None where there is no file.
    """
    beside = {
        name.partition(".")[0]: request.model_file.with_name(name) for name in (WEIGHTS, RECORD)
    }
    return {
        "data": dict(census.sha256),
        "specification": spec.sha256,
        "scenarios": {
            path.name: file_sha256(path) for path in sorted(request.scenario_folder.glob("*.yaml"))
        },
        **{name: file_sha256(path) if path.is_file() else None for name, path in beside.items()},
    }


def _manifest(
    request: Request,
    census: Census,
    spec: ModelSpec,
    posteriors: Sequence[Mixture],
    scenarios: Sequence[str],
) -> dict[str, Any]:
    persons = census.residence.sel(year=census.years[-1]).sum("region")
    return {
        "command": "forecast",
        "asked": {"draws": request.draws, "scenarios": list(scenarios)},
        "seed": request.seed,
        "draws": posteriors[0].size,
        "to": request.to,
        "as_of": [posterior.as_of for posterior in posteriors],
        "city": census.city,
        "base_year": census.years[-1],
        "urban_share_of_base_year": float(persons.sel(residence="urban") / persons.sum()),
        "versions": {name: version(name) for name in PACKAGES}
        | {"python": platform.python_version()},
        "hashes": {
            **input_hashes(request, census, spec),
            "panels": {str(p.as_of): p.parts[0].panel for p in posteriors},
            "posteriors": {
                str(p.as_of): {part.rival: content_sha256(part.draws) for part in p.parts}
                for p in posteriors
            },
        },
        "rivals": {str(p.as_of): dict(p.weights) for p in posteriors},
        "sampler_health": {
            str(p.as_of): {part.rival: dict(part.health) for part in p.parts} for p in posteriors
        },
    }

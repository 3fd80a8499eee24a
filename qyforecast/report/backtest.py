"""The backtest from files to files: fit at every origin, score, write."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from qyforecast.census.census import Census, read_census
from qyforecast.census.panel import DRIVERS, Panel
from qyforecast.errors import QyforecastError
from qyforecast.filing import whole_files
from qyforecast.forecast import newest
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import write_weights
from qyforecast.judge.backtest import IN_SAMPLE, MIXTURE, Plan, backtest_provinces
from qyforecast.judge.cells import KEYS, scorecard
from qyforecast.judge.driver_futures import backtest_drivers
from qyforecast.judge.held_out import compare_drivers, hold_out_counties
from qyforecast.judge.province_series import province_income, residents
from qyforecast.judge.recalibration import LEFT_OUT
from qyforecast.judge.refits import quick
from qyforecast.judge.summary import judged_tables
from qyforecast.report.card_files import COUNTIES, FUTURES, RECORD, write_beside
from qyforecast.report.folder import occupying, replacing
from qyforecast.report.overview import TextTable
from qyforecast.report.record import verdict_lines
from qyforecast.report.request import Request
from qyforecast.report.scorecard import (
    counties_text,
    coverage_table,
    drivers_table,
    error_table,
    skill_table,
    targets_table,
)
from qyforecast.report.writing import SHARE_FORMAT, write_manifest, write_table
from qyforecast.vocabulary import SECTORS

#: Columns of the record kept beside the specification.
COLUMNS = (
    *(*KEYS, "observations", "mae", "bias", "crps"),
    *("coverage80", "coverage95", "log_score", "first_origin", "last_origin", "as_of"),
)
VINTAGE = "pseudo: figures of today, years known then"


@dataclass(frozen=True)
class Wanted:
    """What of a backtest is wanted.

    Attributes
    ----------
    plan : Plan
        Origins, horizons, seed, workers.
    weigh : bool
        Whether weights of the rivals and the record are put beside the specification.
    counties : bool
        Whether counties are held out by province too.
    whole : bool
        Whether each refit is as long as the specification's own fit.
    """

    plan: Plan
    weigh: bool = False
    counties: bool = False
    whole: bool = False


@dataclass(frozen=True)
class Judgement:
    """What was found.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        What is written, by name of the file.
    headline : str
        The method that skill is told of.
    """

    tables: Mapping[str, pd.DataFrame]
    headline: str

    def screen(self) -> tuple[TextTable, ...]:
        """Lay out what is printed.

        Returns
        -------
        tuple of TextTable
            Errors, coverage, skill, targets, drivers and counties.
        """
        card = self.tables["scorecard"]
        shown = [error_table(card), coverage_table(card), skill_table(self.tables["skill"])]
        shown.append(targets_table(self.tables["target_scores"]))
        if "drivers" in self.tables:
            shown.append(drivers_table(self.tables["drivers"]))
        if "counties" in self.tables:
            shown.append(counties_text(self.tables["counties"]))
        return tuple(shown)

    def verdict(self) -> list[str]:
        """Say who speaks.

        Returns
        -------
        list of str
            Sentences, see `verdict_lines`.
        """
        return verdict_lines(self.tables["record"], self.headline)


def parse_years(text: str, where: str) -> tuple[int, ...]:
    """Read years or horizons such as ``2010-2018`` or ``1,3,5``.

    Parameters
    ----------
    text : str
        Numbers and ranges between commas.
    where : str
        Option, for messages.

    Returns
    -------
    tuple of int
        In order, each once.

    Raises
    ------
    QyforecastError
        If it is something else.

    Examples
    --------
    >>> parse_years("2010-2012,2015", "--origins")
    (2010, 2011, 2012, 2015)
    """
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:-(\d+))?\s*", part)
        last = int(match[2] or match[1]) if match else 0
        if not match or not 0 < int(match[1]) <= last:
            raise QyforecastError(
                "these are no numbers or ranges", where=where, found=text,
                cure="write 2010-2018 or 1,3,5",
            )  # fmt: skip
        found.update(range(int(match[1]), last + 1))
    return tuple(sorted(found))


def produce_backtest(request: Request, wanted: Wanted, say: Callable[[str], None]) -> Judgement:
    """Read, fit at every origin, score and write.

    Refits are kept beside the folder of results, in ``NAME-refits``, and taken again as
    long as model, data, code and settings are the same.

    Parameters
    ----------
    request : Request
        Where to write, the census folder, the specification.
    wanted : Wanted
        What is wanted.
    say : callable
        Called with what is done next.

    Returns
    -------
    Judgement
        What was written, for printing.

    Raises
    ------
    QyforecastError
        If the files or the plan are wrong, a fit does not converge, or something cannot be
        written.
    """
    with occupying(request.out, say):
        return _produce(request, wanted, say)


def _produce(request: Request, wanted: Wanted, say: Callable[[str], None]) -> Judgement:
    started = time.perf_counter()
    say("reading the census and the specification")
    census, spec = read_census(request.data), read_spec(request.model_file)
    panel = Panel.from_census(census, as_of=newest(census))
    used = spec if wanted.whole else quick(spec)
    tables = _judge(used, (census, panel), wanted, request.out, say)
    if wanted.weigh:
        _keep_beside(request.model_file, spec, tables)
    manifest = {
        "as_of": panel.as_of,
        "vintage": VINTAGE,
        "origins": wanted.plan.origins,
        "horizons": wanted.plan.horizons,
        "seed": wanted.plan.seed,
        "sampler": used.sampler,
        "gate": used.gate,
        "versions": {name: version(name) for name in ("qyforecast", "numpy", "pymc", "nutpie")},
        "hashes": {"data": dict(census.sha256), "specification": spec.sha256},
        "seconds": {"all": round(time.perf_counter() - started, 3)},
    }
    with replacing(request.out) as folder:
        for name, table in tables.items():
            write_table(table, folder / f"{name}.csv", SHARE_FORMAT)
        write_manifest(folder, manifest)
    return Judgement(tables, MIXTURE if len(spec.rivals) > 1 else spec.full)


def _judge(
    spec: ModelSpec,
    known: tuple[Census, Panel],
    wanted: Wanted,
    out: Path,
    say: Callable[[str], None],
) -> dict[str, pd.DataFrame]:
    plan, (census, panel) = wanted.plan, known
    folder, income = out.with_name(f"{out.name}-refits"), province_income(census, panel)
    found = backtest_provinces(spec, panel, plan, folder, say, income)
    card = scorecard(found.cells).assign(vintage="pseudo")
    headline = MIXTURE if len(spec.rivals) > 1 else spec.full
    judged = judged_tables(found.cells, headline, residents=residents(census), seed=plan.seed)
    tables = judged | {
        "scorecard": card,
        "record": _record(card.assign(as_of=panel.as_of), found.mends),
        "cells": found.cells,
        "densities": found.densities,
        "weights": pd.DataFrame([{"as_of": k, **row} for k, row in found.weights.items()]),
    }
    draws = int(spec.sampler["chains"]) * int(spec.sampler["draws"])
    when = plan.origins, plan.horizons
    drivers = backtest_drivers(panel, when, draws=draws, seed=plan.seed, say=say)
    if len(drivers):
        tables["drivers"] = _by_sector(drivers)
    if wanted.counties:
        without, with_drivers = _by_drivers(spec)
        rivals = [*with_drivers, without]
        cells = hold_out_counties(spec, panel, rivals, seed=plan.seed, say=say)
        tables["county_scorecard"] = scorecard(cells)
        tables["counties"] = compare_drivers(cells, with_drivers, without)
    return tables


def _by_drivers(spec: ModelSpec) -> tuple[str, list[str]]:
    """Name the rival without drivers, and those with, among those whose own paces are pooled."""
    pooled = [rival for rival in spec.rivals.values() if rival.own_pace == "pooled"]
    without = [rival.name for rival in pooled if not (rival.levels or rival.changes)]
    if not without:
        raise QyforecastError(
            "no rival of the specification does without drivers, so none can be compared",
            where="rivals",
            cure="leave --counties out, or add a rival with levels: false and changes: false",
        )
    return without[0], [rival.name for rival in pooled if rival.name not in without]


def _record(card: pd.DataFrame, mends: pd.DataFrame) -> pd.DataFrame:
    """Keep what a forecast is told of: what could have been made then, and how to mend it."""
    record = card.loc[~card["method"].eq(IN_SAMPLE) & ~card["kind"].eq(LEFT_OUT), list(COLUMNS)]
    return record if mends.empty else record.merge(mends, "left", on=["method", "horizon"])


def _by_sector(cells: pd.DataFrame) -> pd.DataFrame:
    parts = [
        scorecard(cells[(cells["driver"] == driver) & (cells["sector"] == sector)]).assign(
            driver=driver, sector=sector
        )
        for driver in DRIVERS
        for sector in SECTORS
    ]
    return pd.concat(parts, ignore_index=True)


def _keep_beside(model: Path, spec: ModelSpec, tables: Mapping[str, pd.DataFrame]) -> None:
    """Put weights and record, and what held-out counties say, beside the specification."""
    if tables["weights"].empty:
        raise QyforecastError("one rival only: there is nothing to weigh", where=str(model))
    by_year = tables["weights"].astype({"as_of": int}).set_index("as_of").T.to_dict()
    with whole_files(model.parent) as part:
        beside = part / model.name
        write_weights(beside, spec, by_year)  # pyright: ignore[reportArgumentType]
        for file in (RECORD, COUNTIES, FUTURES):
            name = file.removesuffix(".csv")
            if name in tables:
                write_beside(beside, file, tables[name])

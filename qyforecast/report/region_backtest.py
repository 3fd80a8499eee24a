"""The backtest of a user's panel from file to files: read, fit at every origin, score, write."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.census.region_panel import RegionPanel, read_region_panel
from qyforecast.judge.backtest import Plan
from qyforecast.judge.cells import scorecard
from qyforecast.judge.region_backtest import backtest_regions
from qyforecast.judge.region_forecaster import PACES, WITH_DRIVERS
from qyforecast.judge.region_mending import MENDED
from qyforecast.judge.skill import skill
from qyforecast.provenance import file_sha256
from qyforecast.report.folder import prepare_folder, replacing
from qyforecast.report.overview import TextTable
from qyforecast.report.scorecard import coverage_table, error_table, skill_table
from qyforecast.report.writing import SHARE_FORMAT, write_manifest, write_table

#: Simple methods that bars are set against.
BARS = (
    "persistence", "linear in points", "constant growth difference",
    "UN growth difference to norm",
)  # fmt: skip
#: A mean CRPS below this is none: regions that never move leave persistence without an error.
EXACT = 1e-9
#: Most remarks shown; all are in the file.
SHOWN = 12
NOTES = (
    "Smaller is better. At each origin the years known then, in the figures of the file. Paces: a "
    "growth difference that persists and reverts to a norm learnt from all regions. Recalibrated: "
    "its spread by where outcomes known at the origin lay in its own earlier forecasts. A simple "
    "method's distribution is made of its past errors, of all regions at the same horizon.",
)


@dataclass(frozen=True)
class RegionRequest:
    """What is asked.

    Attributes
    ----------
    panel : Path
        CSV of the user.
    out : Path
        Folder for the results.
    plan : Plan
        No origins: every five years of the last 25 that have ten years before them.
    percent : bool
        Whether shares are in per cent.
    """

    panel: Path
    out: Path
    plan: Plan
    percent: bool = False


@dataclass(frozen=True)
class RegionJudgement:
    """What was found.

    Attributes
    ----------
    tables : mapping of str to DataFrame
        What is written, by name of the file.
    headline : str
        The rival, raw or recalibrated, of the lowest CRPS.
    """

    tables: Mapping[str, pd.DataFrame]
    headline: str

    def screen(self) -> tuple[TextTable, ...]:
        """Lay out what is printed.

        Returns
        -------
        tuple of TextTable
            Errors, coverage, skill, the verdict, and what was left out.
        """
        card = self.tables["scorecard"]
        shown = [replace(error_table(card), notes=NOTES), coverage_table(card)]
        if len(self.tables["skill"]):
            shown.append(skill_table(self.tables["skill"]))
        verdict = tuple((line,) for line in verdict_lines(card, self.headline))
        shown.append(TextTable("Who speaks", ("by this record",), verdict, ()))
        return (*shown, _remarks_table(self.tables["left_out"]))

    def verdict(self) -> list[str]:
        """Say who speaks; the screen has said it.

        Returns
        -------
        list of str
            Nothing more.
        """
        return []


def produce_region_backtest(request: RegionRequest, say: Callable[[str], None]) -> RegionJudgement:
    """Read, fit at every origin, score and write.

    Refits are kept beside the folder of results, in ``NAME-refits``; an interrupted run
    goes on where it stopped.

    Parameters
    ----------
    request : RegionRequest
        What is asked.
    say : callable
        Called with what is done next.

    Returns
    -------
    RegionJudgement
        What was written, for printing.

    Raises
    ------
    QyforecastError
        If the panel or the plan is wrong, a fit does not converge, or something cannot be
        written.
    """
    started = time.perf_counter()
    say("reading the panel")
    prepare_folder(request.out)
    panel = read_region_panel(request.panel, percent=request.percent)
    plan = request.plan if request.plan.origins else replace(request.plan, origins=usual(panel))
    folder = request.out.with_name(f"{request.out.name}-refits")
    found = backtest_regions(panel, plan, folder, say)
    card = scorecard(found.cells)
    headline = choose(card)
    tables = {
        "scorecard": card,
        "skill": _skill(found.cells, headline, plan.seed),
        "cells": found.cells,
        "left_out": found.remarks,
    }
    manifest = {
        "panel": {"regions": panel.shares.shape[1], "sha256": file_sha256(request.panel)},
        "origins": plan.origins,
        "horizons": plan.horizons,
        "seed": plan.seed,
        "headline": headline,
        "versions": {name: version(name) for name in ("qyforecast", "numpy", "numba")},
        "seconds": {"all": round(time.perf_counter() - started, 3)},
    }
    with replacing(request.out) as place:
        for name, table in tables.items():
            write_table(table, place / f"{name}.csv", SHARE_FORMAT)
        write_manifest(place, manifest)
    return RegionJudgement(tables, headline)


def usual(panel: RegionPanel) -> tuple[int, ...]:
    """Choose origins: every five years of the last 25, with ten years before if there are.

    Parameters
    ----------
    panel : RegionPanel
        What is known.

    Returns
    -------
    tuple of int
        At least one.
    """
    first, last = int(panel.shares.index[0]), int(panel.shares.index[-1])
    origins = tuple(year for year in range(last - 25, last, 5) if year >= first + 10)
    return origins or (max(last - 5, first),)


def choose(card: pd.DataFrame) -> str:
    """Choose the rival of the lowest CRPS, all horizons counted alike.

    Parameters
    ----------
    card : DataFrame
        From `scorecard`.

    Returns
    -------
    str
        Its name, with `MENDED` where the recalibrated one scored better.
    """
    mine = card[card["kind"].isin(["rival", "recalibrated"])]
    return str(_mean_log(mine).idxmin())


def verdict_lines(card: pd.DataFrame, headline: str) -> list[str]:
    """Say what the record says of the headline, of drivers, and of simple methods.

    Parameters
    ----------
    card : DataFrame
        From `scorecard`.
    headline : str
        The rival judged.

    Returns
    -------
    list of str
        A sentence for each horizon, and one for drivers.
    """
    lines = []
    scored = card[card["method"].isin(BARS) & np.isfinite(card["crps"])]
    for row in card[card["method"] == headline].to_dict("records"):
        years = f"{row['horizon']} years ahead, {row['observations']} forecasts"
        held = f"80 and 95 % intervals held {row['coverage80']:.0%} and {row['coverage95']:.0%}"
        beside = scored[scored["horizon"] == row["horizon"]]
        if beside.empty:
            lines.append(f"{years}: {headline}, {held}; no simple method has a distribution.")
            continue
        best = beside.loc[beside["crps"].idxmin()]
        if best["crps"] < EXACT:
            lines.append(f"{years}: {best['method']} made no error and speaks. {headline}: {held}.")
            continue
        gain = 1 - row["crps"] / best["crps"]
        speaks = headline if gain > 0 else str(best["method"])
        than = (
            f"CRPS {abs(gain):.0%} {'below' if gain > 0 else 'above'} {best['method']}, the best "
        )
        lines.append(f"{years}: {speaks} speaks. {headline}: {than}simple method; {held}.")
    mean = _mean_log(card)
    if WITH_DRIVERS in mean.index:
        gain = 1 - np.exp(mean[WITH_DRIVERS] - mean[PACES])
        use = "they are used" if headline in (WITH_DRIVERS, WITH_DRIVERS + MENDED) else "not used"
        lines.append(f"Drivers lower the CRPS by {gain:.1%} out of sample: {use}.")
    return lines


def _mean_log(card: pd.DataFrame) -> pd.Series:
    """Mean over horizons of the log CRPS of each method."""
    logs = np.log(np.maximum(card["crps"], np.finfo(float).tiny))
    return card.assign(log=logs).groupby("method")["log"].mean()


def _skill(cells: pd.DataFrame, headline: str, seed: int) -> pd.DataFrame:
    scored = cells[(cells["kind"] == "baseline") & cells["crps"].notna()]
    mean = scored.groupby("method", sort=False)["crps"].mean()
    names = mean.index[mean >= EXACT].tolist()
    if not names:
        return pd.DataFrame()
    parts = [skill(cells, headline, names, blocks=b, seed=seed) for b in ("region", "origin")]
    return pd.concat(parts, ignore_index=True).assign(grouping="all")


def _remarks_table(remarks: pd.DataFrame) -> TextTable:
    rows = tuple(tuple(map(str, row)) for row in remarks.head(SHOWN).to_numpy())
    more = len(remarks) - len(rows)
    notes = (f"{more} more in left_out.csv.",) if more else ()
    title = "What was left out or read otherwise"
    return TextTable(title, ("region", "years", "what", "what was done"), rows, notes)

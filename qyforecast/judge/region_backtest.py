"""Rolling origins on any panel: paces, raw and recalibrated, beside simple methods."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.census.region_checks import Remark, remark
from qyforecast.census.region_panel import RegionPanel
from qyforecast.errors import SpecificationError
from qyforecast.judge.backtest import Plan
from qyforecast.judge.cells import Foretold, score_cells
from qyforecast.judge.methods import METHODS
from qyforecast.judge.past_errors import LEAST, foretell_simply
from qyforecast.judge.refits import Refit, Shelf, Task, refit_all
from qyforecast.judge.region_forecaster import PACES, WITH_DRIVERS, RegionForecaster
from qyforecast.judge.region_mending import MENDED, known_places, mend, past_places

#: Years before an origin at which the model is fitted too, to learn from its own errors.
BEFORE = (5, 10, 15)
#: Fewest years of figures before a fit.
SHORTEST = 3


@dataclass(frozen=True)
class RegionBacktest:
    """What a backtest of a panel found.

    Attributes
    ----------
    cells : DataFrame
        Scores of every forecast, see `score_cells`.
    remarks : DataFrame
        ``region, years, what, done``: what was left out or read otherwise, and why.
    """

    cells: pd.DataFrame
    remarks: pd.DataFrame


def backtest_regions(
    panel: RegionPanel, plan: Plan, folder: Path, say: Callable[[str], None]
) -> RegionBacktest:
    """Fit at every origin to what was known, and score all methods on the years that came.

    The figures are those of the file, the years those of then: a pseudo-vintage unless the
    file holds figures as first printed.

    Parameters
    ----------
    panel : RegionPanel
        All that is known.
    plan : Plan
        Origins, horizons, seed, workers.
    folder : Path
        Where refits are kept.
    say : callable
        Told what is done next.

    Returns
    -------
    RegionBacktest
        Scores and remarks.

    Raises
    ------
    SpecificationError
        If no origin leaves something to learn from and to compare with.
    UnhealthyFit
        If a fit does not converge.
    OutputError
        If a refit cannot be kept.
    """
    origins, remarks = usable(panel.shares, plan)
    plan = Plan(origins, plan.horizons, plan.seed, plan.workers)
    rivals = [PACES, *([WITH_DRIVERS] if panel.drivers else [])]
    began = panel.shares.index[0]
    fits = {origin - back for origin in origins for back in (0, *BEFORE)}
    tasks = [(o, r) for o in sorted(fits) for r in rivals if o in origins or o - began >= SHORTEST]
    make = partial(RegionForecaster, panel, plan.horizons, plan.seed)
    refits = refit_all(tasks, make, Shelf(folder), workers=plan.workers, say=say)
    say("scoring")
    # One at a time: the draws of thousands of regions by every method are gigabytes.
    foretold = judge_regions(refits, panel.shares, plan, rivals)
    scored = [score_cells([one], panel.shares) for one in foretold]
    cells = pd.concat(scored, ignore_index=True)
    remarks += [*unscored(cells, panel.shares, plan), *_few(panel.shares)]
    columns = panel.remarks.columns
    told = [
        table for table in (panel.remarks, pd.DataFrame(remarks, columns=columns)) if len(table)
    ]
    return RegionBacktest(cells, pd.concat(told, ignore_index=True) if told else panel.remarks)


def usable(shares: pd.DataFrame, plan: Plan) -> tuple[tuple[int, ...], list[Remark]]:
    """Keep origins that have a past and a future.

    Parameters
    ----------
    shares : DataFrame
        A row for each year, a column for each region. [1]
    plan : Plan
        What is asked.

    Returns
    -------
    tuple
        Origins, and a remark for each that is left out and each horizon not reached.

    Raises
    ------
    SpecificationError
        If none is left.
    """
    told = shares.index[shares.notna().any(axis=1)]
    first, last = int(told[0]), int(told[-1])
    kept, remarks = [], []
    for origin in plan.origins:
        reached = [h for h in plan.horizons if origin + h in told]
        if origin < first or not reached:
            what = "no figure by then" if origin < first else "no figure at any horizon after it"
            remarks.append(remark("", origin, f"origin {origin}: {what}", "left out"))
            continue
        kept.append(origin)
        lost = [str(h) for h in plan.horizons if h not in reached]
        if lost:
            what = f"origin {origin}: no figure {', '.join(lost)} years later"
            remarks.append(remark("", origin, what, "these horizons are not scored"))
    if not kept:
        raise SpecificationError(
            "no origin has figures before it and at a horizon after it",
            where="--origins, --horizons",
            found=f"origins {_listed(plan.origins)}, horizons {_listed(plan.horizons)}; "
            f"figures of {first} to {last}",
            cure="choose earlier origins or horizons that the panel reaches",
        )
    return tuple(kept), remarks


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def judge_regions(
    refits: Mapping[Task, Refit], shares: pd.DataFrame, plan: Plan, rivals: Sequence[str]
) -> Iterator[Foretold]:
    """Lay rivals, raw and recalibrated, beside simple methods.

    Parameters
    ----------
    refits : mapping
        Origin and rival to what was foretold; origins before the plan's too.
    shares : DataFrame
        What came. [1]
    plan : Plan
        Origins and horizons.
    rivals : sequence of str
        Names.

    Yields
    ------
    Foretold
        Of horizons that the panel reaches.
    """
    told = set(shares.index[shares.notna().any(axis=1)])
    for rival in rivals:
        places = past_places(refits, shares, plan.horizons, rival)
        for origin in plan.origins:
            refit = refits[origin, rival]
            for place, horizon in enumerate(plan.horizons):
                if origin + horizon in told:
                    draws, when = refit.draws[:, place].astype(float), (origin, horizon)
                    middle, density = np.median(draws, axis=0), refit.log_density[place]
                    yield Foretold(rival, "rival", *when, middle, draws, density)
                    mended = mend(draws, known_places(places, *when))
                    density = np.full(len(middle), np.nan)
                    yield Foretold(rival + MENDED, "recalibrated", *when, middle, mended, density)
    for method in METHODS:
        if not getattr(method, "by_income", False):
            simple = foretell_simply(method, shares, plan.origins, plan.horizons)
            yield from (one for one in simple if one.origin + one.horizon in told)


def unscored(cells: pd.DataFrame, shares: pd.DataFrame, plan: Plan) -> list[Remark]:
    """Say which figures no forecast of the model was laid beside, and why.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.
    shares : DataFrame
        What came. [1]
    plan : Plan
        Origins and horizons.

    Returns
    -------
    list
        A remark for each origin and each region.
    """
    found = []
    for origin in plan.origins:
        known = shares.loc[:origin].notna().any()
        later = shares.reindex([origin + h for h in plan.horizons]).notna().any()
        for mask, what, done in (
            (~known & later, "no figure by this origin", "not foretold from it"),
            (known & ~later, "no figure at any horizon", "foretold, not scored"),
        ):
            found += [remark(region, origin, what, done) for region in shares.columns[mask]]
    silent = [m.name for m in METHODS if m.name not in set(cells["method"])]
    found += [remark("", "", f"{name}: too few figures", "no forecast") for name in silent]
    bare = cells[(cells["kind"] == "baseline") & cells["crps"].isna()]
    for (method, origin), rows in bare.groupby(["method", "origin"], sort=False):
        what = f"{method}: fewer than {LEAST} past errors ({len(rows)} forecasts)"
        found.append(remark("", origin, what, "its point is scored, it has no distribution"))
    return found


def _few(shares: pd.DataFrame) -> list[Remark]:
    if shares.shape[1] > 3:
        return []
    count = "one region" if shares.shape[1] == 1 else f"{shares.shape[1]} regions"
    what = f"{count}: nothing can be learnt of shocks that regions share"
    return [remark("", "", what, "norm, persistence and spreads rest on priors and own years")]

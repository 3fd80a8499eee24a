"""Rolling origins on the provinces: rivals, their mixture and simple methods, scored alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from qyforecast.census.panel import Panel
from qyforecast.errors import SpecificationError
from qyforecast.inference.mixture import apportion
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.stacking import settle, weights_by_year
from qyforecast.judge.cells import Foretold, score_cells
from qyforecast.judge.methods import METHODS, check_shares
from qyforecast.judge.past_errors import SIGNED, SYMMETRIC, foretell_simply
from qyforecast.judge.provinces import ProvinceForecaster, province_shares, reached
from qyforecast.judge.recalibration import learnt, recalibrate
from qyforecast.judge.refits import Refit, Shelf, Task, refit_all

#: The mixture as it could have been made then, and as it is made now.
MIXTURE, IN_SAMPLE = "mixture", "mixture, final weights (in-sample)"


@dataclass(frozen=True)
class Plan:
    """What is asked of a backtest.

    Attributes
    ----------
    origins, horizons : tuple of int
        Last years known; years ahead.
    seed : int
        Seed of everything random.
    workers : int
        Processes; the result does not depend on them.
    """

    origins: tuple[int, ...] = tuple(range(2010, 2019))
    horizons: tuple[int, ...] = (1, 3, 5, 8, 10)
    seed: int = 2022
    workers: int = 1


@dataclass(frozen=True)
class Backtest:
    """What a backtest found.

    Attributes
    ----------
    cells : DataFrame
        Scores of every forecast, see `score_cells`.
    densities : DataFrame
        ``rival, origin, horizon, place, log_density`` of rivals, as `weights_by_year`
        takes them.
    weights : mapping
        Year of knowledge to rival to weight, from the first year that could look back.
    mends : DataFrame
        What all errors of the headline ask for today, see `learnt`.
    """

    cells: pd.DataFrame
    densities: pd.DataFrame
    weights: Mapping[int, Mapping[str, float]]
    mends: pd.DataFrame = field(default_factory=pd.DataFrame)


def backtest_provinces(
    spec: ModelSpec,
    panel: Panel,
    plan: Plan,
    folder: Path,
    say: Callable[[str], None],
    income: pd.DataFrame | None = None,
) -> Backtest:
    """Fit every rival at every origin, and score all methods on the years that came.

    The figures are those of today, the years those of then: a pseudo-vintage, since
    provinces' shares after 2010 are at hand only as revised on the census of 2020.

    Parameters
    ----------
    spec : ModelSpec
        The model, with the sampler to be used.
    panel : Panel
        All that is known.
    plan : Plan
        Origins, horizons, seed, workers.
    folder : Path
        Where refits are kept.
    say : callable
        Told what is done next.
    income : DataFrame, optional
        Real income per person of the provinces by year, for the regression on it.

    Returns
    -------
    Backtest
        Scores, densities, weights.

    Raises
    ------
    SpecificationError
        If an origin leaves nothing to learn from or nothing to compare with.
    UnhealthyFit
        If a fit does not converge.
    OutputError
        If a refit cannot be kept.
    """
    shares = province_shares(panel)
    check_shares(shares)
    check_plan(plan, panel)
    tasks = [(origin, rival) for origin in plan.origins for rival in spec.rivals]
    make = partial(ProvinceForecaster, spec, panel, plan.horizons, plan.seed)
    refits = refit_all(tasks, make, Shelf(folder), workers=plan.workers, say=say)
    say("scoring")
    return judge(refits, shares, plan, list(spec.rivals), income)


def check_plan(plan: Plan, panel: Panel) -> None:
    """Refuse origins without a future or without a past.

    Parameters
    ----------
    plan : Plan
        What is asked.
    panel : Panel
        All that is known.

    Raises
    ------
    SpecificationError
        Names the origin.
    """
    for origin in plan.origins:
        if not reached(panel, origin, plan.horizons):
            raise SpecificationError(
                "nothing is known after an origin to compare with",
                where="--origins, --horizons",
                found=f"{origin} and {min(plan.horizons)} years",
                cure="choose an earlier origin or a shorter horizon",
            )


def judge(
    refits: Mapping[Task, Refit],
    shares: pd.DataFrame,
    plan: Plan,
    rivals: Sequence[str],
    income: pd.DataFrame | None = None,
) -> Backtest:
    """Score rivals, mixtures, the headline mended by its past errors, and simple methods.

    Parameters
    ----------
    refits : mapping
        Origin and rival to what was foretold.
    shares : DataFrame
        What came: a row for each year, a column for each region. [1]
    plan : Plan
        Origins and horizons.
    rivals : sequence of str
        Names.
    income : DataFrame, optional
        Real income per person, for the regression on it.

    Returns
    -------
    Backtest
        Scores, densities, weights.
    """
    densities = _densities(refits, shares, plan.horizons)
    first = min(plan.origins) + min(plan.horizons) + 1
    weights = weights_by_year(densities, rivals, first) if len(rivals) > 1 else {}
    foretold = [
        one
        for (origin, rival), refit in refits.items()
        for one in _foretold(rival, "rival", origin, refit, plan.horizons)
    ]
    mixed = _mixtures(refits, weights, plan, rivals) if weights else []
    raw = [one for one in mixed if one.method == MIXTURE] or foretold
    foretold += [*mixed, *recalibrate(raw, shares)]
    foretold += simply(shares, plan, income)
    return Backtest(score_cells(foretold, shares), densities, weights, learnt(raw, shares))


def simply(shares: pd.DataFrame, plan: Plan, income: pd.DataFrame | None) -> list[Foretold]:
    """Foretell by every simple method, with its errors as they were and with either sign.

    Parameters
    ----------
    shares : DataFrame
        A row for each year, a column for each region. [1]
    plan : Plan
        Origins and horizons.
    income : DataFrame, optional
        Real income per person; methods that need it are left out without.

    Returns
    -------
    list of Foretold
        Of the kinds ``baseline`` and ``symmetric``.
    """
    return [
        one
        for method in METHODS
        if income is not None or not method.by_income
        for one in foretell_simply(
            method, shares, plan.origins, plan.horizons, kinds=(SIGNED, SYMMETRIC), income=income
        )
    ]


def _mixtures(
    refits: Mapping[Task, Refit],
    weights: Mapping[int, Mapping[str, float]],
    plan: Plan,
    rivals: Sequence[str],
) -> list[Foretold]:
    """Mix rivals as they could have been at each origin, and as they are now."""
    final, found = settle(weights[max(weights)]), []
    for origin in plan.origins:
        parts = {rival: refits[origin, rival] for rival in rivals}
        # Outcomes of the origin's own year are known at its end: the weights of the next.
        then = weights.get(origin + 1)
        now = settle(then) if then else dict.fromkeys(rivals, 1 / len(rivals))
        for name, shares in ((MIXTURE, now), (IN_SAMPLE, final)):
            found += _foretold(name, "mixture", origin, mix(parts, shares), plan.horizons)
    return found


def _foretold(
    name: str, kind: str, origin: int, refit: Refit, horizons: Sequence[int]
) -> list[Foretold]:
    """Horizons whose outcome cannot be known are missing at the end of a refit."""
    draws = refit.draws.astype(float)
    point = np.median(draws, axis=0)
    return [
        Foretold(name, kind, origin, horizon, point[h], draws[:, h], refit.log_density[h])
        for h, horizon in enumerate(sorted(horizons)[: draws.shape[1]])
    ]


def mix(parts: Mapping[str, Refit], weights: Mapping[str, float]) -> Refit:
    """Mix what rivals foretold.

    Parameters
    ----------
    parts : mapping
        Rival to what it foretold, all of one origin.
    weights : mapping
        Rival to weight, summing to one.

    Returns
    -------
    Refit
        As many draws as a rival has, each rival's in proportion to its weight, taken at
        equal distances; the log of the mixed density.
    """
    count = min(len(parts[name].draws) for name in weights)
    draws = [
        parts[name].draws[np.arange(share) * len(parts[name].draws) // max(share, 1)]
        for name, share in apportion(weights, count).items()
    ]
    logs = np.stack([parts[name].log_density + np.log(one) for name, one in weights.items()])
    return Refit(np.concatenate(draws), np.asarray(logsumexp(logs, axis=0)))


def _densities(
    refits: Mapping[Task, Refit], shares: pd.DataFrame, horizons: Sequence[int]
) -> pd.DataFrame:
    rows = []
    for (origin, rival), refit in refits.items():
        for horizon, density in zip(sorted(horizons), refit.log_density, strict=False):
            rows.append(
                pd.DataFrame(
                    {
                        "rival": rival,
                        "origin": origin,
                        "horizon": horizon,
                        "place": shares.columns,
                        "log_density": density,
                    }
                ).dropna()
            )
    return pd.concat(rows, ignore_index=True)

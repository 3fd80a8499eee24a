"""Scenarios side by side on the same draws, as tidy tables."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from qyforecast.decide.compare import difference
from qyforecast.decide.draws import count
from qyforecast.decide.targets import Target
from qyforecast.errors import ScenarioError, UnbalancedAccount
from qyforecast.forecast import Future
from qyforecast.policy.first_years import first_year_rows
from qyforecast.policy.glance import Glance, glance
from qyforecast.policy.growth_rows import MIDDLE_90, growth_rows
from qyforecast.scenario.scenario import Scenario

#: Scenarios run at a time; results do not depend on it.
THREADS = 2


@dataclass(frozen=True)
class Comparison:
    """What scenarios add, one table for each question.

    Attributes
    ----------
    chances : DataFrame
        A row for scenario, vintage, region and target: probability [1] and its error, the
        difference from the scenario compared with and its error (paired), median and 90 %
        interval of the gain [percentage point] and of the urban residents gained [person],
        mean shortfall where missed [percentage point, person].
    pairs : DataFrame
        That one scenario's share is above another's, for the city and each strict target.
    together : DataFrame
        That all strict targets are met, for each region.
    first_year : DataFrame
        When a bar is first reached: probability by year, of by then with its error, and of
        not by the last.
    growth : DataFrame
        Growth of the urban population since the base year by component: mean (they add
        up) and quantiles. [person]
    refused : DataFrame
        Scenarios that the accounts refuse at a vintage, and why: a scenario may move more
        people than live there. The others are compared without them.
    """

    chances: pd.DataFrame
    pairs: pd.DataFrame
    together: pd.DataFrame
    first_year: pd.DataFrame
    growth: pd.DataFrame
    refused: pd.DataFrame


def compare_scenarios(
    future: Future,
    scenarios: Sequence[Scenario],
    targets: Sequence[Target],
    *,
    seed: int,
    say: Callable[[str], None] = lambda _: None,
) -> Comparison:
    """Run scenarios on the same draws and compare each with its baseline.

    Parameters
    ----------
    future : Future
        The baseline's draws at one vintage.
    scenarios : sequence of Scenario
        Among them every scenario that another is compared with.
    targets : sequence of Target
        For the city and its regions.
    seed : int
        Seed of the levers' effects.
    say : callable
        Told what is being done.

    Returns
    -------
    Comparison
        Tables of one vintage.

    Raises
    ------
    ScenarioError
        If a scenario's baseline is not among the scenarios.
    """
    names = [scenario.name for scenario in scenarios]
    for scenario in scenarios:
        if scenario.baseline is not None and scenario.baseline not in names:
            raise ScenarioError(
                "a scenario is compared with one that is not run",
                where=f"scenario {scenario.name}",
                found=scenario.baseline,
                cure=f"name {scenario.baseline} too",
            )
    years = tuple(sorted({target.year for target in targets}))
    seen, refused = _run_all(future, scenarios, years, seed, say)
    return replace(compare_glances(seen, targets, city=future.city), refused=refused)


def compare_glances(
    seen: Mapping[str, Glance], targets: Sequence[Target], *, city: str
) -> Comparison:
    """Compare scenarios that have been run on the same draws.

    Parameters
    ----------
    seen : mapping of str to Glance
        Scenario to its run at one vintage; among them that of each one's baseline.
    targets : sequence of Target
        For the city and its regions.
    city : str
        Code of the city, for which scenarios are compared in pairs.

    Returns
    -------
    Comparison
        As `compare_scenarios` makes it of the same runs; none is refused.
    """
    strict = [target for target in targets if target.reading == "strict"]
    return Comparison(
        chances=_rows(
            seen,
            lambda one: _chances(one, seen[one.scenario.baseline or one.scenario.name], targets),
        ),
        pairs=_pairs(seen, [target for target in strict if target.region == city]),
        together=_rows(seen, lambda one: _together(one, strict)),
        first_year=_rows(seen, lambda one: first_year_rows(one, strict)),
        growth=_rows(seen, growth_rows),
        refused=pd.DataFrame(columns=["scenario", "as_of", "why"]),
    )


def _run_all(
    future: Future,
    scenarios: Sequence[Scenario],
    years: tuple[int, ...],
    seed: int,
    say: Callable[[str], None],
) -> tuple[dict[str, Glance], pd.DataFrame]:
    """Run scenario after scenario; those that the accounts refuse are told apart."""
    compared_with = {scenario.baseline for scenario in scenarios} | {scenarios[0].name}

    say(f"running {len(scenarios)} scenarios as of {future.as_of}")

    def one(scenario: Scenario) -> Glance | UnbalancedAccount:
        try:
            return glance(future, scenario, years=years, seed=seed)
        except UnbalancedAccount as error:
            if scenario.name in compared_with:
                raise
            return error

    # While one scenario pulls its levers another is projected.
    with ThreadPoolExecutor(THREADS) as pool:
        found = dict(zip([s.name for s in scenarios], pool.map(one, scenarios), strict=True))
    refused = [
        {"scenario": name, "as_of": future.as_of, "why": f"{error.what} ({error.where})"}
        for name, error in found.items()
        if isinstance(error, UnbalancedAccount)
    ]
    seen = {name: run for name, run in found.items() if isinstance(run, Glance)}
    return seen, pd.DataFrame(refused, columns=["scenario", "as_of", "why"])


def joined(comparisons: Sequence[Comparison]) -> Comparison:
    """Put the tables of several vintages under one another.

    Parameters
    ----------
    comparisons : sequence of Comparison
        One for each vintage.

    Returns
    -------
    Comparison
        All of them.
    """
    names = [field.name for field in fields(Comparison)]
    return Comparison(
        **{n: pd.concat([getattr(c, n) for c in comparisons], ignore_index=True) for n in names}
    )


def _rows(
    seen: Mapping[str, Glance], rows_of: Callable[[Glance], list[dict[str, Any]]]
) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"scenario": one.scenario.name, "as_of": one.as_of} | row
            for one in seen.values()
            for row in rows_of(one)
        ]
    )


def _chances(one: Glance, other: Glance, targets: Sequence[Target]) -> list[dict[str, Any]]:
    rows = []
    for target in targets:
        shares = one.shares(target)
        urban = one.persons(target)
        met = count(shares >= target.bar)
        gain = difference(shares, other.shares(target), target.bar)
        spread = np.quantile(shares, MIDDLE_90).tolist()
        more = np.quantile(urban - other.persons(target), MIDDLE_90).tolist()
        missing = np.maximum(target.bar - shares, 0.0)
        lacking = missing > 0
        residents = urban / shares
        row = {
            "region_code": target.region,
            "target": target.name,
            "year": target.year,
            "threshold": target.bar,
            "probability": met.value,
            "standard_error": met.standard_error,
            "compared_with": other.scenario.name,
            "difference": gain.probability,
            "difference_error": gain.standard_error,
            "beats": gain.beats.value,
            "beats_error": gain.beats.standard_error,
            "ties": gain.ties,
            "gain_points": gain.gain,
            "gain_points_lower90": gain.gain_lower90,
            "gain_points_upper90": gain.gain_upper90,
            "shortfall_points": 100 * _mean(missing[lacking]),
            "shortfall_persons": _mean((missing * residents)[lacking]),
        }
        row |= dict(zip(("lower90", "median", "upper90"), spread, strict=True))
        names = ("gain_persons_lower90", "gain_persons", "gain_persons_upper90")
        rows.append(row | dict(zip(names, more, strict=True)))
    return rows


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0


def _pairs(seen: Mapping[str, Glance], targets: Sequence[Target]) -> pd.DataFrame:
    rows = []
    for target in targets:
        shares = {name: one.shares(target) for name, one in seen.items()}
        for first, second in combinations(seen, 2):
            for one, two in ((first, second), (second, first)):
                above = count(shares[one] > shares[two])
                rows.append(
                    {
                        "as_of": seen[one].as_of,
                        "region_code": target.region,
                        "year": target.year,
                        "scenario": one,
                        "other": two,
                        "beats": above.value,
                        "beats_error": above.standard_error,
                        "ties": float((shares[one] == shares[two]).mean()),
                    }
                )
    columns = ["as_of", "region_code", "year", "scenario", "other", "beats", "beats_error", "ties"]
    return pd.DataFrame(rows, columns=columns)


def _together(one: Glance, targets: Sequence[Target]) -> list[dict[str, Any]]:
    rows = []
    for region in dict.fromkeys(target.region for target in targets):
        mine = [target for target in targets if target.region == region]
        both = count(np.logical_and.reduce([one.shares(t) >= t.bar for t in mine]))
        rows.append(
            {
                "region_code": region,
                "targets": " and ".join(target.name for target in mine),
                "probability": both.value,
                "standard_error": both.standard_error,
            }
        )
    return rows

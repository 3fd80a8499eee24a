"""A bundle's gain by lever, and a forecast's spread by source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from qyforecast.decide.draws import Probability, count
from qyforecast.decide.shapley import Attribution, shapley
from qyforecast.decide.sobol import Index, grouped_sobol
from qyforecast.decide.targets import Target, reached_share
from qyforecast.errors import ScenarioError, UnbalancedAccount
from qyforecast.forecast import Future
from qyforecast.policy.glance import run, shares_of
from qyforecast.policy.sources import GROUPS, LEVERS, mix, some_draws, spread_draws
from qyforecast.scenario.effect import Effect
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario

#: Where judged effects are held: left out, at their 5 %, 50 % and 95 % values.
ENDS = ("without", "low", "median", "high")


def share_reached(
    future: Future,
    scenario: Scenario,
    target: Target,
    *,
    seed: int,
    order: np.ndarray | None = None,
) -> np.ndarray:
    """Run a scenario up to a target's year and take the share that it speaks of.

    Parameters
    ----------
    future : Future
        The baseline's draws, or some of them.
    scenario : Scenario
        What is done.
    target : Target
        Region and year.
    seed : int
        Seed of the levers' effects.
    order : ndarray of int, optional
        Which draw of the run each draw is.

    Returns
    -------
    ndarray
        Urban share by draw. [1]
    """
    projection = run(future, scenario, seed=seed, to=target.year, order=order)
    return reached_share(shares_of(projection, future.city)[0], target)


def players_of(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Choose who shares a gain: levers, or in a bundle the scenarios that they come from.

    Parameters
    ----------
    scenario : Scenario
        With levers.

    Returns
    -------
    dict of str to tuple of str
        Player to its levers.
    """
    origins = set(scenario.origins.values())
    if len(origins) == 1:
        return {lever.name: (lever.name,) for lever in scenario.levers}
    groups: dict[str, tuple[str, ...]] = {}
    for lever, origin in scenario.origins.items():
        groups[origin] = (*groups.get(origin, ()), lever)
    return groups


def share_out(
    future: Future,
    scenario: Scenario,
    target: Target,
    *,
    seed: int,
    draws: int,
    players: Mapping[str, tuple[str, ...]] | None = None,
) -> Attribution:
    """Share out a scenario's gain over its levers by Shapley's rule.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    scenario : Scenario
        The bundle.
    target : Target
        What it helps to reach.
    seed : int
        Seed of the levers' effects.
    draws : int
        Draws to use, at equal distances among the future's: every coalition is run.
    players : mapping of str to tuple of str, optional
        Player to its levers; as `players_of` where None.

    Returns
    -------
    Attribution
        Two quantities: probability of the target [1] and urban share [percentage point].
    """
    chosen = spread_draws(future.drivers.draws, draws)
    fewer = some_draws(future, chosen)
    groups = dict(players or players_of(scenario))

    def value(coalition: frozenset[str]) -> np.ndarray:
        kept = {name for player in coalition for name in groups[player]}
        levers = tuple(lever for lever in scenario.levers if lever.name in kept)
        shares = share_reached(
            fewer, replace(scenario, levers=levers), target, seed=seed, order=chosen
        )
        return np.column_stack([shares >= target.bar, 100 * shares])

    return shapley(value, tuple(groups), seed=seed)


def split_variance(
    future: Future, scenario: Scenario, target: Target, *, seed: int, draws: int
) -> list[Index]:
    """Split the variance of the urban share in a target's year over its sources.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    scenario : Scenario
        What is done.
    target : Target
        Region and year.
    seed : int
        Seed of the levers' effects and of the mixing.
    draws : int
        Draws to use.

    Returns
    -------
    list of Index
        One for each of `GROUPS`; lever effects only where the scenario has levers.
    """
    chosen = spread_draws(future.drivers.draws, draws)
    groups = [group for group in GROUPS if group != LEVERS or scenario.levers]

    def mixed(picks: Mapping[str, np.ndarray]) -> np.ndarray:
        taken = {group: chosen[picks[group]] for group in groups}
        order = taken.get(LEVERS, chosen)
        return share_reached(mix(future, taken), scenario, target, seed=seed, order=order)

    return grouped_sobol(mixed, groups, draws=len(chosen), seed=seed)


@dataclass(frozen=True)
class OnJudgement:
    """How far a probability rests on judged effects.

    Attributes
    ----------
    judged, levers : int
        Levers whose effect is a judgement, of all levers.
    without, low, median, high : Probability
        Of the target with all judged effects at nothing, and all together at their 5 %,
        50 % and 95 % values; None where the accounts refuse so much at once.
    """

    judged: int
    levers: int
    without: Probability | None
    low: Probability | None
    median: Probability | None
    high: Probability | None


def rest_on_judgement(
    future: Future,
    scenario: Scenario,
    targets: Sequence[Target],
    *,
    seed: int,
    order: np.ndarray | None = None,
) -> list[OnJudgement]:
    """Run a scenario with its judged effects at fixed values.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    scenario : Scenario
        What is done.
    targets : sequence of Target
        What was promised.
    seed : int
        Seed of the other effects.
    order : ndarray of int, optional
        Which draw of the run each draw is.

    Returns
    -------
    list of OnJudgement
        Four probabilities for each target.
    """
    last = max(target.year for target in targets)

    def at(end: str) -> list[Probability] | list[None]:
        told = replace(scenario, levers=_told(scenario, end))
        try:
            projection = run(future, told, seed=seed, to=last, order=order)
        except (UnbalancedAccount, ScenarioError):
            return [None] * len(targets)
        shares = shares_of(projection, future.city)[0]
        return [count(reached_share(shares, target) >= target.bar) for target in targets]

    ends = {end: at(end) for end in ENDS}
    return [
        OnJudgement(
            len(scenario.judged), len(scenario.levers), **{end: ends[end][i] for end in ENDS}
        )
        for i in range(len(targets))
    ]


def _told(scenario: Scenario, end: str) -> tuple[Lever, ...]:
    """Levers with the judged effects at one end of their ranges, or left out."""
    levers: list[Lever] = []
    for lever in scenario.levers:
        if lever.name not in scenario.judged:
            levers.append(lever)
        elif end != "without":
            fixed = getattr(lever.effect, end)
            effect = Effect(fixed, fixed, fixed, lever.effect.evidence)
            levers.append(replace(lever, effect=effect))
    return tuple(levers)

"""Goal seek on a city's futures: what would it take?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from qyforecast.decide.mix import Mix, cheapest_mix
from qyforecast.decide.seek import Found, least_strength
from qyforecast.decide.targets import Target
from qyforecast.errors import ScenarioError
from qyforecast.forecast import Future
from qyforecast.policy.attribution import share_reached
from qyforecast.scenario.scenario import Scenario
from qyforecast.vocabulary import nearest


def pull_together(scenarios: Mapping[str, Scenario], words: Sequence[str]) -> Scenario:
    """Make one scenario of the levers that are named, singly or by their scenario.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
        The library.
    words : sequence of str
        Names of levers, or of scenarios for all their levers.

    Returns
    -------
    Scenario
        Its `origins` say which word brought each lever.

    Raises
    ------
    ScenarioError
        If there is no such lever or scenario, or one without levers.
    """
    levers = {lever.name: lever for one in scenarios.values() for lever in one.levers}
    chosen: dict[str, str] = {}
    for word in words:
        if word not in levers and word not in scenarios:
            known = (*levers, *(name for name, one in scenarios.items() if one.levers))
            raise ScenarioError(
                "there is no such lever or scenario",
                where="--lever",
                found=word,
                cure=nearest(word, known),
            )
        names = [word] if word in levers else [lever.name for lever in scenarios[word].levers]
        if not names:
            raise ScenarioError("a scenario has no lever to pull", where="--lever", found=word)
        for name in names:
            chosen.setdefault(name, word)
    base = next(name for name, one in scenarios.items() if one.baseline is None)
    return Scenario(
        name=" + ".join(words),
        question="How hard must these levers be pulled?",
        chapter="",
        baseline=base,
        omissions=(),
        levers=tuple(levers[name] for name in chosen),
        origins=chosen,
    )


def seek_strength(
    future: Future, pulled: Scenario, target: Target, probability: float, *, most: float, seed: int
) -> Found:
    """Find how hard all levers of a scenario must be pulled together.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    pulled : Scenario
        The levers.
    target : Target
        What is to be reached.
    probability : float
        With which probability. [1]
    most : float
        The most that may be asked, as a multiple of the stated effects.
    seed : int
        Seed of the levers' effects.

    Returns
    -------
    Found
        The least multiple.

    Raises
    ------
    OutOfReach
        If there is none; states the best that can be reached.
    """

    def met(strength: float) -> np.ndarray:
        return _at(future, pulled, target, [strength] * len(pulled.levers), seed) >= target.bar

    return least_strength(met, probability, most=most)


def seek_mix(
    future: Future,
    pulled: Scenario,
    target: Target,
    probability: float,
    *,
    terms: Mapping[str, tuple[float, float]],
    seed: int,
) -> Mix:
    """Find the cheapest mix of levers.

    Parameters
    ----------
    future : Future
        The baseline's draws.
    pulled : Scenario
        The levers; those of one word are pulled alike.
    target : Target
        What is to be reached.
    probability : float
        With which probability. [1]
    terms : mapping of str to tuple of float
        Word to its cost at the stated effect, and the most it may be pulled.
    seed : int
        Seed of the levers' effects.

    Returns
    -------
    Mix
        Strengths in the order of `terms`.

    Raises
    ------
    OutOfReach
        If all of them at their most do not reach it.
    """
    words = list(terms)

    def shares(strengths: np.ndarray) -> np.ndarray:
        by_word = dict(zip(words, strengths.tolist(), strict=True))
        pulls = [by_word[pulled.origins[lever.name]] for lever in pulled.levers]
        return _at(future, pulled, target, pulls, seed)

    costs, bounds = (np.array([terms[word][k] for word in words]) for k in (0, 1))
    return cheapest_mix(shares, target.bar, probability, costs=costs, bounds=bounds)


def _at(
    future: Future, pulled: Scenario, target: Target, strengths: Sequence[float], seed: int
) -> np.ndarray:
    """Urban share by draw with each lever pulled so hard."""
    levers = tuple(
        lever.scaled(strength)
        for lever, strength in zip(pulled.levers, strengths, strict=True)
        if strength != 0
    )
    return share_reached(future, replace(pulled, levers=levers), target, seed=seed)

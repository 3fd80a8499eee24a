"""Why a probability moved between two vintages: its change shared out over what is newer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from qyforecast.decide.draws import Probability, batch_error, count
from qyforecast.decide.shapley import Attribution, shapley
from qyforecast.decide.targets import Target, reached_share
from qyforecast.errors import DataError
from qyforecast.forecast import Future
from qyforecast.inference.course import course_levels, driver_terms
from qyforecast.policy.glance import run, shares_of
from qyforecast.policy.sources import some_draws, spread_draws
from qyforecast.scenario.scenario import Scenario

LEVEL, PACE, COVARIATES, POPULATION = "level", "pace", "covariates", "population"

#: What a newer vintage can know better, in the order in which it is shown.
PARTS = (LEVEL, PACE, COVARIATES, POPULATION)


@dataclass(frozen=True)
class Move:
    """How far one target moved between two vintages, and by what.

    Attributes
    ----------
    target : Target
        What was promised.
    before, after : Probability
        That it is met. [1]
    change_error : float
        Monte Carlo standard error of their difference. [1]
    parts, part_errors : dict of str to float
        Of the change of the probability, by `PARTS`; the parts add up to it exactly. [1]
    points, point_errors : dict of str to float
        Of the change of the mean urban share in the target's year, likewise. [percentage point]
    """

    target: Target
    before: Probability
    after: Probability
    change_error: float
    parts: dict[str, float]
    part_errors: dict[str, float]
    points: dict[str, float]
    point_errors: dict[str, float]


def blend(before: Future, after: Future, newer: frozenset[str], *, seen: int) -> Future:
    """Take some parts of a future from a newer vintage and the others from an older one.

    *Level* is the course of the counties up to the last year seen; *pace* all that moves
    them after it but the drivers (coefficients, lasting paces, shocks); *covariates* the
    drivers after it; *population* the people and what happens to them, which weigh the
    counties. Draw *i* of one vintage goes with draw *i* of the other.

    Parameters
    ----------
    before, after : Future
        Two vintages, with the same base year and equally many draws.
    newer : frozenset of str
        Of `PARTS`: what is taken from `after`.
    seen : int
        Last year whose urban share the newer vintage was told.

    Returns
    -------
    Future
        One of the two, where all parts come from it.

    Raises
    ------
    DataError
        If the vintages do not fit together, or there is no such part.
    """
    _check_pair(before, after, newer)
    if not newer:
        return before
    if newer == frozenset(PARTS):
        return after
    level, pace, drivers, people = (after if part in newer else before for part in PARTS)
    known = seen - before.drivers.base_year
    course = replace(pace.course, start=level.course.start)
    if known > 0:
        held = course_levels(level.course, level.drivers, level.spec)[:, :known]
        last = np.concatenate(
            [np.broadcast_to(course.start, held[:, :1].shape), held[:, :-1]], axis=1
        )
        moved = course.pace[:, :known] + driver_terms(course, drivers.drivers, pace.spec)[:, :known]
        shocks = course.shocks.copy()
        shocks[:, :known] = held - course.keep[:, None] * last - moved
        course = replace(course, shocks=shocks)
    return replace(
        pace, base=people.base, rates=people.rates, drivers=drivers.drivers, course=course
    )


def _check_pair(before: Future, after: Future, newer: frozenset[str]) -> None:
    one, other = before.drivers, after.drivers
    for what, pair in {
        "base years": (one.base_year, other.base_year),
        "draws": (one.draws, other.draws),
        "last years": (one.years[-1], other.years[-1]),
        "regions": (list(one.regions), list(other.regions)),
    }.items():
        if pair[0] != pair[1]:
            raise DataError(f"two vintages differ in their {what}", found=f"{pair[0]}, {pair[1]}")
    if strange := newer - set(PARTS):
        raise DataError("no such part of a vintage", found=", ".join(sorted(strange)))


def explain_move(
    before: Future,
    after: Future,
    scenario: Scenario,
    targets: Sequence[Target],
    *,
    seen: int,
    seed: int,
) -> tuple[Move, ...]:
    """Share out the change of every target's probability over what the newer vintage knows.

    By Shapley's rule: the mean, over all orders in which the parts can be replaced, of
    what each replacement changes. So no order is preferred, and the parts add up.

    Parameters
    ----------
    before, after : Future
        Two vintages.
    scenario : Scenario
        The one in which nothing is done: with levers the vintages would differ in these too.
    targets : sequence of Target
        What was promised.
    seen : int
        As in `blend`.
    seed : int
        Seed of the runs.

    Returns
    -------
    tuple of Move
        One for each target.

    Raises
    ------
    DataError
        As in `blend`, or if the scenario has levers.

    References
    ----------
    Shapley (1953); Shorrocks (2013), Decomposition procedures for distributional analysis,
    *Journal of Economic Inequality* 11.
    """
    if scenario.levers:
        cure = "explain the scenario in which nothing is done"
        raise DataError("a scenario with levers is not explained", found=scenario.name, cure=cure)
    last = max(target.year for target in targets)

    def value(newer: frozenset[str]) -> np.ndarray:
        future = blend(before, after, newer, seen=seen)
        projection = run(future, scenario, seed=seed, to=last)
        shares = reached_shares(shares_of(projection, future.city)[0], targets)
        return np.hstack([shares >= [target.bar for target in targets], 100 * shares])

    ends = [value(frozenset(newer))[:, : len(targets)] for newer in ((), PARTS)]
    found = shapley(value, PARTS, seed=seed)
    return tuple(_move(target, place, ends, found) for place, target in enumerate(targets))


def reached_shares(urban_share: xr.DataArray, targets: Sequence[Target]) -> np.ndarray:
    """Select the share that each target speaks of.

    Parameters
    ----------
    urban_share : DataArray
        ``(draw, year, region)``. [1]
    targets : sequence of Target
        Regions and years.

    Returns
    -------
    ndarray
        ``(draw, target)``. [1]
    """
    return np.column_stack([reached_share(urban_share, target) for target in targets])


def _move(target: Target, place: int, ends: Sequence[np.ndarray], found: Attribution) -> Move:
    one, other = (end[:, place] for end in ends)
    points = len(found.values[0]) // 2 + place

    def by_part(table: np.ndarray, column: int) -> dict[str, float]:
        return dict(zip(found.players, table[:, column].tolist(), strict=True))

    return Move(
        target,
        count(one > 0),
        count(other > 0),
        batch_error(other - one),
        by_part(found.values, place),
        by_part(found.errors, place),
        by_part(found.values, points),
        by_part(found.errors, points),
    )


def as_many_draws(future: Future, wanted: int) -> Future:
    """Keep so many draws of a future, evenly along its chains.

    Parameters
    ----------
    future : Future
        The draws.
    wanted : int
        At most as many as there are.

    Returns
    -------
    Future
        The very argument where it has no more.
    """
    draws = future.drivers.draws
    if draws == wanted:
        return future
    return some_draws(future, spread_draws(draws, wanted))

"""Sources of uncertainty: which array of a future belongs to which, and how to mix draws.

This is the one place that says it. What is named nowhere counts as coefficients,
for it comes from the posterior.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import xarray as xr

from qyforecast.forecast import Future

COEFFICIENTS, SHOCKS, COVARIATES = "coefficients", "shocks", "covariate paths"
FERTILITY, MORTALITY, MIGRATION = "fertility", "mortality", "migration"
LEVERS = "lever effects"

#: All sources, in the order in which they are shown.
GROUPS = (COEFFICIENTS, SHOCKS, COVARIATES, FERTILITY, MORTALITY, MIGRATION, LEVERS)

#: Field of a course to its source; shocks of years already known were drawn to meet the
#: readings published.
COURSE: Mapping[str, str] = {"shocks": SHOCKS}

#: Field of the rates to its source.
RATES: Mapping[str, str] = {
    "fertility_scale": FERTILITY,
    "mortality_level": MORTALITY,
    "arrivals_scale": MIGRATION,
    "departure_scale": MIGRATION,
    "leaving_scale": MIGRATION,
    "return_scale": MIGRATION,
    "moving_scale": MIGRATION,
}


def mix(future: Future, picks: Mapping[str, np.ndarray]) -> Future:
    """Take every source of uncertainty from draws of its own.

    Parameters
    ----------
    future : Future
        The draws.
    picks : mapping of str to ndarray of int
        Source to the draw taken for each draw; all of one length. Lever effects are no
        part of a future: they are picked where a scenario is applied.

    Returns
    -------
    Future
        As many draws as were picked.
    """
    draws = future.drivers.draws
    return replace(
        future,
        drivers=_taken(future.drivers, picks[COVARIATES], draws),
        rates=_by_field(future.rates, RATES, picks, draws),
        course=_mixed_course(future, picks),
    )


def some_draws(future: Future, chosen: np.ndarray) -> Future:
    """Keep some draws of a future, whole.

    Parameters
    ----------
    future : Future
        The draws.
    chosen : ndarray of int
        Draws to keep.

    Returns
    -------
    Future
        With these draws, numbered anew.
    """
    return mix(future, dict.fromkeys(GROUPS, chosen))


def spread_draws(draws: int, wanted: int) -> np.ndarray:
    """Choose draws at equal distances.

    Parameters
    ----------
    draws : int
        How many there are.
    wanted : int
        How many are wanted.

    Returns
    -------
    ndarray of int
        `wanted` draws, or all if they are fewer.
    """
    wanted = min(draws, wanted)
    return np.arange(wanted) * draws // wanted


def _mixed_course(future: Future, picks: Mapping[str, np.ndarray]) -> Any:
    course, draws = future.course, future.drivers.draws
    changed = {
        field.name: _taken(
            getattr(course, field.name), picks[COURSE.get(field.name, COEFFICIENTS)], draws
        )
        for field in fields(course)
    }
    return replace(course, **changed)


def _by_field(
    noun: Any, sources: Mapping[str, str], picks: Mapping[str, np.ndarray], draws: int
) -> Any:
    """Take each field of nested nouns from the draws of its source."""
    changed: dict[str, Any] = {}
    for field in fields(noun):
        value = getattr(noun, field.name)
        if is_dataclass(value):
            changed[field.name] = _by_field(value, sources, picks, draws)
        elif sources.get(field.name):
            changed[field.name] = _taken(value, picks[sources[field.name]], draws)
    return replace(noun, **changed)


def _taken(value: Any, pick: np.ndarray, draws: int) -> Any:
    """Take draws of an array, or of every array of a noun; others are as they are."""
    if isinstance(value, (xr.DataArray, xr.Dataset)) and "draw" in value.dims:
        taken = value.isel(draw=pick)
        return taken.assign_coords(draw=np.arange(len(pick)))
    if isinstance(value, np.ndarray) and value.ndim and len(value) == draws:
        return value[pick]
    if is_dataclass(value) and not isinstance(value, type):
        inner: Sequence = fields(value)
        return replace(
            value, **{f.name: _taken(getattr(value, f.name), pick, draws) for f in inner}
        )
    return value

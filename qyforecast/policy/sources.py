"""Sources of uncertainty: which array of a future belongs to which, and how to mix draws.

This is the one place that says it. A course of another type may say it for itself, by a
class attribute ``SOURCES`` like `COURSE`; what is named nowhere counts as coefficients,
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

#: Field of a course to its source. Where there are two, the shocks of single years after the
#: vintage (`yearly_part`) are the second's, and all else the first's: also years already
#: known, since shocks of those were drawn to meet the readings published.
COURSE: Mapping[str, tuple[str, ...]] = {"pace": (COEFFICIENTS, SHOCKS)}

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
    declared = getattr(type(course), "SOURCES", COURSE)
    changed: dict[str, Any] = {}
    for field in fields(course):
        before = getattr(course, field.name)
        sources = declared.get(field.name, (COEFFICIENTS,))
        sources = (sources,) if isinstance(sources, str) else sources
        if len(sources) == 1:
            changed[field.name] = _taken(before, picks[sources[0]], draws)
            continue
        later = np.asarray(future.drivers.years[1:]) > future.as_of
        yearly = np.zeros_like(before)
        if later.sum() > 2:
            yearly[:, later] = yearly_part(before[:, later])
        changed[field.name] = (before - yearly)[picks[sources[0]]] + yearly[picks[sources[1]]]
    return replace(course, **changed)


def yearly_part(pace: np.ndarray) -> np.ndarray:
    """Take the shocks of single years out of paces that hold a lasting part too.

    What a year adds to the mean of its draw is known; how much of that mean is itself a
    mean of shocks is not. Its variance is: that of a year's shock over the number of
    years, more where shocks persist. So the mean of the shocks is drawn given the mean of
    the paces, all taken for normal: the two parts are then independent and have their own
    variances, and their sum is the pace.

    Parameters
    ----------
    pace : ndarray
        ``(draw, year, region)``. [log odds / year]

    Returns
    -------
    ndarray
        The shocks, same shape; always the same for the same paces.
    """
    draws, years, regions = pace.shape
    mean = pace.mean(axis=1)
    beside = pace - mean[:, None]
    flat = beside.reshape(-1, regions)
    shock = flat.T @ flat / (draws * (years - 1))
    persist = (beside[:, 1:] * beside[:, :-1]).mean() / (beside**2).mean()
    # Deviations from a mean of few years look less persistent than shocks are.
    persist = min(max((years * persist + 1) / (years - 3), 0.0), 0.9)
    of_mean = shock / years * (1 + persist) / (1 - persist)
    whole = np.cov(mean, rowvar=False).reshape(regions, regions)
    gain = np.linalg.solve(whole + 1e-12 * np.eye(regions), of_mean).T
    left = of_mean - gain @ of_mean
    values, vectors = np.linalg.eigh((left + left.T) / 2)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    noise = np.random.default_rng(0).standard_normal((draws, regions)) @ root.T
    return beside + ((mean - mean.mean(axis=0)) @ gain.T + noise)[:, None]


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
    if isinstance(value, xr.DataArray) and "draw" in value.dims:
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

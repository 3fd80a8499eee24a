"""Lee-Carter mortality for two sexes, coherent and rotated, along a path of life expectancy."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from qyforecast.demography.death_rates import check_ages
from qyforecast.demography.labelled import by_labels
from qyforecast.demography.level_search import EXACT, Gauge, solve_level, step_down
from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError
from qyforecast.vocabulary import SEXES

#: Years of life expectancy over which Lee-Carter patterns rotate (Li, Lee and Gerland).
ROTATION = (80.0, 102.0)


@dataclass(frozen=True)
class LeeCarter:
    """A coherent Lee-Carter fit, ``log m = a + b k``.

    Attributes
    ----------
    a : DataArray
        Mean log rates, ``(sex, age)``. [log 1 / year]
    b : DataArray
        Pattern shared by the sexes, ``(age)``, sum 1. [1]
    ultimate_b : DataArray
        The pattern at very high life expectancy, ``(age)``, sum 1. [1]
    k : DataArray
        Level by period, ``(sex, period)``. [1]
    """

    a: xr.DataArray
    b: xr.DataArray
    ultimate_b: xr.DataArray
    k: xr.DataArray


def fit_lee_carter(mx: xr.DataArray) -> LeeCarter:
    """Fit a Lee-Carter model whose sexes share the pattern of ages.

    Parameters
    ----------
    mx : DataArray
        Observed rates, ``(sex, period, age)``, abridged. [1 / year]

    Returns
    -------
    LeeCarter
        The level of a period is the sum of its log rates less their mean, the
        pattern the regression on it; the sexes' patterns are averaged.

    Raises
    ------
    RateError
        If a rate is not above 0 or there are fewer than two periods.

    References
    ----------
    Lee and Carter (1992), JASA 87, 659-671; Li and Lee (2005), Demography 42, 575-594; Li, Lee
    and Gerland (2013), Demography 50, 2037-2051.
    """
    ordered = by_labels("death rates", mx, ("sex", "period", "age"), SEXES)
    check_ages(ordered["age"].values)
    if ordered.sizes["period"] < 2 or not bool((ordered.values > 0).all()):
        raise RateError("a Lee-Carter fit needs rates above 0 in two or more periods")
    log_rates = ordered.copy(data=np.log(ordered.values))
    a = log_rates.mean("period")
    k = (log_rates - a).sum("age")
    slopes = ((log_rates - a) * k).sum("period") / (k**2).sum("period")
    patterns = [_positive(slopes.sel(sex=sex).values) for sex in ordered["sex"].values]
    b = xr.DataArray(np.mean(patterns, axis=0), dims="age", coords={"age": ordered["age"]})
    return LeeCarter(a, b, _ultimate(b), k)


def project_lee_carter(
    fit: LeeCarter,
    e0: xr.DataArray,
    *,
    rotation: tuple[float, float] | None = ROTATION,
    infant: str = "andreev-kingkade",
    tolerance: float = EXACT,
) -> xr.DataArray:
    """Give the death rates of a Lee-Carter fit along a path of life expectancy.

    Above age 100 male rates are not below female ones where women live longer.

    Parameters
    ----------
    fit : LeeCarter
        The fit.
    e0 : DataArray
        Life expectancy, ``(..., period, sex)`` with sexes male, female. [year]
    rotation : tuple of float, optional
        Mean life expectancy of the sexes at which the pattern starts and ends to turn
        towards the ultimate one; None keeps it. [year]
    infant : str
        Rule of `infant_separation`.
    tolerance : float
        How near is near enough, see `Gauge`. [year]

    Returns
    -------
    DataArray
        Death rates, ``(..., period, sex, age)``. [1 / year]

    Raises
    ------
    RateError
        If a life expectancy cannot be reached.

    References
    ----------
    Li, Lee and Gerland (2013), Demography 50, 2037-2051; Sevcikova, Li, Kantorova, Gerland and
    Raftery (2016), in *Dynamic Demographic Analysis*, algorithm 2.
    """
    a = fit.a.sel(sex=["female", "male"]).transpose("sex", "age")
    targets = by_labels("life expectancy", e0, ("period", "sex"), ("female", "male"))
    b = _rotated(fit, targets.mean("sex").values, rotation)
    lowest = np.where(b > 0, b, np.inf).min(-1)
    floor, results = None, []
    for s, sex in enumerate(("female", "male")):
        own = a.values[s]
        gauge = Gauge(fit.a["age"].values, sex, infant, tolerance)
        level = _level_of(own, b, floor, fit.a["age"].values)
        wanted = targets.values[..., s]
        # Bounds of the search: a rate of 1 at the oldest age, of exp(-12) at the safest.
        first = -own.max() / b.max(-1)
        extra = step_down(lambda k, at=level, k0=first: at(k0 - k), gauge, wanted)
        ends = (first - extra, (-12.0 - own.min()) / lowest)
        results.append(solve_level(level, gauge, wanted, ends)[1])
        women_live_longer = targets.values[..., 0] > targets.values[..., 1]
        floor = np.where(women_live_longer[..., None], results[0], 0.0)
    coords = {**targets.coords, "age": fit.a["age"].values}
    dims = (*targets.dims, "age")
    return xr.DataArray(np.stack(results, axis=-2), coords, dims).sel(sex=e0["sex"])


def _level_of(
    a: Floats, b: Floats, floor: Floats | None, ages: NDArray[np.int_]
) -> Callable[[Floats], Floats]:
    def rates_at(level: Floats) -> Floats:
        rates = np.exp(a + b * level[..., None])
        return rates if floor is None else np.where(ages > 100, np.maximum(rates, floor), rates)

    return rates_at


def _rotated(fit: LeeCarter, e0: Floats, rotation: tuple[float, float] | None) -> Floats:
    b, ultimate = fit.b.values, fit.ultimate_b.values
    if rotation is None:
        return np.broadcast_to(b, (*e0.shape, b.size))
    way = np.clip((e0 - rotation[0]) / (rotation[1] - rotation[0]), 0.0, 1.0)
    weight = np.sqrt(0.5 * (1 + np.sin(np.pi / 2 * (2 * way - 1))))[..., None]
    return (1 - weight) * b + weight * ultimate


def _positive(slopes: Floats) -> Floats:
    """Replace slopes that are not above 0 by half the one before; scale to sum 1."""
    b = slopes.copy()
    b[0] = max(b[0], 0.0)
    for i in range(1, b.size):
        if b[i] <= 0:
            b[i] = 0.5 * b[i - 1]
    return b / b.sum()


def _ultimate(b: xr.DataArray) -> xr.DataArray:
    """Make the pattern even below 65 and keep its shape above, joined at 65."""
    middle = float(b.sel(age=slice(15, 64)).mean())
    old = b * (middle / float(b.sel(age=65)))
    joined = xr.where(b["age"] < 65, middle, old)
    return joined / joined.sum()

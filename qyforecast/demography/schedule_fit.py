"""Rogers-Castro schedules fitted to observed rates."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import least_squares

from qyforecast.demography.schedules import (
    FAMILIES,
    FUNDAMENTAL,
    MigrationSchedule,
    evaluate_schedule,
)
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

#: Where parameters are looked for.
_BOUNDS = {
    **{f"a{i}": (0.0, np.inf) for i in (1, 2, 3, 4)},
    "alpha1": (0.0, 2.0),
    "alpha2": (0.005, 2.0),
    "alpha3": (-0.2, 2.0),
    "mu2": (10.0, 45.0),
    "mu3": (45.0, 90.0),
    "lambda2": (0.01, 3.0),
    "lambda3": (0.01, 3.0),
    "lambda4": (-0.2, 0.2),
    "c": (0.0, np.inf),
}


def fit_schedule(
    ages: ArrayLike,
    rates: ArrayLike,
    *,
    start: MigrationSchedule | int = FUNDAMENTAL,
    weights: ArrayLike | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    tolerance: float = 1e-14,
) -> MigrationSchedule:
    """Fit a schedule to observed rates by weighted least squares.

    Parameters
    ----------
    ages : array_like
        Ages observed (middles of groups). [year]
    rates : array_like
        Rates observed, non-negative. [1 / year]
    start : MigrationSchedule or int
        Family and first guess, whose level is rescaled to the rates; or the number of
        parameters, 7, 9, 11 or 13: the best fit from the fundamental schedule and, if there
        is a retirement bell, from several positions of it.
    weights : array_like, optional
        Weight of each age, e.g. persons; equal by default.
    bounds : mapping, optional
        Narrower ranges of named parameters.
    tolerance : float
        Relative change of the sum of squares and of the parameters at which to stop.

    Returns
    -------
    MigrationSchedule
        The fitted schedule, of the family of `start`.

    Raises
    ------
    RateError
        If rates are negative or missing, all zero, or fewer than parameters; or ages,
        weights or bounds do not go with them.

    References
    ----------
    Rogers and Castro (1981), *Model Migration Schedules*, IIASA RR-81-30.
    """
    x, y = np.asarray(ages, float), np.asarray(rates, float)
    starts = _starts(start) if isinstance(start, int) else (start,)
    names = tuple(starts[0].parameters)
    if not (np.isfinite(y) & (y >= 0)).all() or not y.any() or y.size < len(names):
        raise RateError(
            "a migration schedule is fitted to finite, non-negative rates, not all of them zero",
            found=f"{y.size} rates" + (f" from {y.min():g} to {y.max():g}" if y.size else ""),
            cure=f"give at least {len(names)} rates; fit net losses and gains apart",
        )
    weight = np.ones_like(y) if weights is None else np.asarray(weights, float)
    if not x.shape == y.shape == weight.shape or not np.isfinite(x).all():
        raise RateError("one age and one weight for each rate", found=f"{x.shape}, {weight.shape}")
    if not (np.isfinite(weight) & (weight >= 0)).all() or not weight.any():
        raise RateError("weights are non-negative, not all of them zero")
    for name in set(bounds or {}) - set(names):
        raise RateError("a bound on no parameter of the schedule", cure=nearest(name, names))
    root = np.sqrt(weight / weight.mean())
    observed = (x, y / y.mean(), root)
    fits = [_fit_from(first, observed, bounds or {}, tolerance) for first in starts]
    found = dict(zip(names, min(fits)[1], strict=True))
    levels = {k: v * y.mean() for k, v in found.items() if _is_level(k)}
    return MigrationSchedule(**{**found, **levels})


def _starts(parameters: int) -> tuple[MigrationSchedule, ...]:
    """Give first guesses of a family, told by its number of parameters."""
    if parameters not in FAMILIES:
        raise RateError("schedules have 7, 9, 11 or 13 parameters", found=str(parameters))
    more = {9: {"a3": 0.001, "alpha3": 0.02}}.get(parameters, {})
    if parameters == 13:
        more = {"a4": 0.001, "lambda4": 0.01}
    positions = (60, 65, 70) if parameters > 9 else (None,)
    bell = {"a3": 0.01, "alpha3": 0.3, "lambda3": 0.4}
    return tuple(
        replace(FUNDAMENTAL, **more, **(bell | {"mu3": mu3} if mu3 else {})) for mu3 in positions
    )


def _fit_from(
    start: MigrationSchedule,
    observed: tuple[np.ndarray, np.ndarray, np.ndarray],
    bounds: Mapping[str, tuple[float, float]],
    tolerance: float,
) -> tuple[float, list[float]]:
    """Fit ages, rates of mean one and roots of weights from one first guess: cost, parameters."""
    ages, rates, root = observed
    names = tuple(start.parameters)
    first, low, high = _starting_point(start, ages, bounds)

    def residuals(values: np.ndarray) -> np.ndarray:
        return root * (evaluate_schedule(dict(zip(names, values, strict=True)), ages) - rates)

    fit = least_squares(
        residuals, first, bounds=(low, high), x_scale=np.maximum(np.abs(first), 1e-2),
        xtol=tolerance, ftol=tolerance, gtol=tolerance, max_nfev=4000,
    )  # fmt: skip
    return float(fit.cost), fit.x.tolist()


def _is_level(name: str) -> bool:
    return name == "c" or (name.startswith("a") and not name.startswith("alpha"))


def _starting_point(
    start: MigrationSchedule, ages: np.ndarray, bounds: Mapping[str, tuple[float, float]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """First guess scaled to a mean rate of one, strictly inside its bounds."""
    level = start.rates(ages).mean()
    first = {k: v / level if _is_level(k) else v for k, v in start.parameters.items()}
    ranges = {k: bounds.get(k, _BOUNDS[k]) for k in first}
    low = np.array([r[0] for r in ranges.values()])
    high = np.array([r[1] for r in ranges.values()])
    margin = 1e-6 * np.minimum(high - low, 1.0)
    return np.clip(list(first.values()), low + margin, high - margin), low, high

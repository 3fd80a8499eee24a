"""Model migration schedules of Rogers and Castro: their values and their fit."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import least_squares

from qyforecast.errors import RateError

#: Parameters of each complete schedule, by number of parameters.
FAMILIES = {
    7: ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "c"),
    9: ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "a3", "alpha3", "c"),
    11: ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "a3", "alpha3", "mu3", "lambda3", "c"),
    13: (
        *("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "a3", "alpha3", "mu3", "lambda3"),
        *("a4", "lambda4", "c"),
    ),
}
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


@dataclass(frozen=True)
class MigrationSchedule:
    """A Rogers-Castro schedule of migration rates by age.

    Sum of a falling curve of children who move with their parents, a skewed
    bell of the labour force, optionally a bell (or a rising tail) at
    retirement and a post-retirement exponential, and a constant.

    Attributes
    ----------
    a1, alpha1 : float
        Level and fall of the children's curve.
    a2, alpha2, mu2, lambda2 : float
        Level, fall, position [year of age] and rise of the labour-force bell.
    c : float
        Constant.
    a3, alpha3, mu3, lambda3 : float, optional
        The retirement bell; with ``mu3`` and ``lambda3`` absent an upward
        slope ``a3 exp(alpha3 x)`` (the nine-parameter schedule).
    a4, lambda4 : float, optional
        Post-retirement exponential ``a4 exp(lambda4 x)``.

    References
    ----------
    Rogers and Castro (1981), *Model Migration Schedules*, IIASA RR-81-30;
    Rogers and Watkins (1987), Research on Aging 9, 483-510.
    """

    a1: float
    alpha1: float
    a2: float
    alpha2: float
    mu2: float
    lambda2: float
    c: float = 0.0
    a3: float | None = None
    alpha3: float | None = None
    mu3: float | None = None
    lambda3: float | None = None
    a4: float | None = None
    lambda4: float | None = None

    def __post_init__(self) -> None:
        given = {f.name for f in fields(self) if getattr(self, f.name) is not None}
        if given not in [set(names) for names in FAMILIES.values()]:
            raise RateError(
                "these parameters make none of the schedules with 7, 9, 11 or 13",
                where="migration schedule",
                found=", ".join(sorted(given)),
                cure="; ".join(f"{n}: {', '.join(names)}" for n, names in FAMILIES.items()),
            )

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters that are set, by name."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: float(value) for name, value in values.items() if value is not None}

    def rates(self, ages: np.ndarray) -> np.ndarray:
        """Evaluate the schedule.

        Parameters
        ----------
        ages : ndarray
            Ages. [year]

        Returns
        -------
        ndarray
            Rate at each age, same shape. [1 / year]
        """
        return _evaluate(self.parameters, np.asarray(ages, float))


_NAMES = FAMILIES[7]
#: Fundamental schedule of Rogers and Castro (1981).
FUNDAMENTAL = MigrationSchedule(
    **dict(zip(_NAMES, (0.02, 0.1, 0.06, 0.1, 20, 0.4, 0.003), strict=True))
)
#: The "Western standard" of UN (1992), *Preparing Migration Data for Subnational Population
#: Projections*.
WESTERN = {
    sex: MigrationSchedule(**dict(zip(_NAMES, values, strict=True)))
    for sex, values in {
        "male": (0.0215, 0.105, 0.0694, 0.112, 20.04, 0.391, 0.0028),
        "female": (0.0233, 0.107, 0.0766, 0.1436, 20.632, 0.4003, 0.0036),
    }.items()
}


def fit_schedule(
    ages: np.ndarray,
    rates: np.ndarray,
    *,
    start: MigrationSchedule = FUNDAMENTAL,
    weights: np.ndarray | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    tolerance: float = 1e-14,
) -> MigrationSchedule:
    """Fit a schedule to observed rates by weighted least squares.

    Parameters
    ----------
    ages : ndarray
        Ages observed (middles of groups). [year]
    rates : ndarray
        Rates observed, non-negative. [1 / year]
    start : MigrationSchedule
        Family and first guess; its level is rescaled to the rates.
    weights : ndarray, optional
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
        If rates are negative or missing, all zero, or fewer than parameters.
    """
    ages, rates = np.asarray(ages, float), np.asarray(rates, float)
    names = tuple(start.parameters)
    if not (np.isfinite(rates) & (rates >= 0)).all() or not rates.any() or rates.size < len(names):
        raise RateError(
            "a migration schedule is fitted to finite, non-negative rates, not all of them zero",
            found=f"{rates.size} rates from {rates.min():g} to {rates.max():g}",
            cure=f"give at least {len(names)} rates; fit net losses and gains apart",
        )
    scale = rates.mean()
    weight = np.ones_like(rates) if weights is None else np.asarray(weights, float)
    weight = np.sqrt(weight / weight.mean())
    first, low, high = _starting_point(start, ages, bounds or {})

    def residuals(values: np.ndarray) -> np.ndarray:
        fitted = _evaluate(dict(zip(names, values, strict=True)), ages)
        return weight * (fitted - rates / scale)

    fit = least_squares(
        residuals, first, bounds=(low, high), x_scale=np.maximum(np.abs(first), 1e-2),
        xtol=tolerance, ftol=tolerance, gtol=tolerance, max_nfev=4000,
    )  # fmt: skip
    found = dict(zip(names, fit.x.tolist(), strict=True))
    levels = {k: v * scale for k, v in found.items() if _is_level(k)}
    return MigrationSchedule(**{**found, **levels})


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


def _evaluate(p: Mapping[str, float], x: np.ndarray) -> np.ndarray:
    rate = p["a1"] * np.exp(-p["alpha1"] * x) + p["c"]
    rate = rate + p["a2"] * _bell(x, p["alpha2"], p["mu2"], p["lambda2"])
    if "mu3" in p:
        rate = rate + p["a3"] * _bell(x, p["alpha3"], p["mu3"], p["lambda3"])
    elif "a3" in p:
        rate = rate + p["a3"] * np.exp(p["alpha3"] * x)
    if "a4" in p:
        rate = rate + p["a4"] * np.exp(p["lambda4"] * x)
    return rate


def _bell(x: np.ndarray, fall: float, position: float, rise: float) -> np.ndarray:
    # Far below the position the inner exponential overflows; the bell is zero there anyway.
    inner = np.minimum(-rise * (x - position), 700.0)
    return np.exp(np.clip(-fall * (x - position) - np.exp(inner), -745.0, 700.0))

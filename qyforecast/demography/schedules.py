"""Model migration schedules of Rogers and Castro."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from qyforecast.demography.coefficients import read_coefficients
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
        _check_family({f.name for f in fields(self) if getattr(self, f.name) is not None})

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
        return evaluate_schedule(self.parameters, np.asarray(ages, float))


def _check_family(given: set[str], where: str = "migration schedule") -> None:
    """Refuse parameters that make no complete schedule."""
    if given not in [set(names) for names in FAMILIES.values()]:
        raise RateError(
            "these parameters make none of the schedules with 7, 9, 11 or 13",
            where=where,
            found=", ".join(sorted(given)),
            cure="; ".join(f"{n}: {', '.join(names)}" for n, names in FAMILIES.items()),
        )


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


def read_schedules(path: Path | str | None = None) -> dict[tuple[str, str], MigrationSchedule]:
    """Read published parameters of migration schedules.

    Parameters
    ----------
    path : Path or str, optional
        CSV with columns schedule_abb, sex, param, value; the shipped table if left out.

    Returns
    -------
    dict
        By short name and sex: ``("fund", "both")``, the fundamental schedule of Rogers and
        Castro, and for ``male`` and ``female`` the model schedules of the UN ``ws`` (Western
        standard), ``hd`` (high dependency), ``ld`` (low dependency), ``ldllfe`` (the same
        with low labour force entry), ``olfe`` and ``ylfe`` (old and young labour force
        entry).

    Raises
    ------
    DataError
        If the file or a column is missing.
    RateError
        If the parameters of a schedule are none of the families.

    References
    ----------
    Rogers and Castro (1981), *Model Migration Schedules*, IIASA RR-81-30; UN (1992),
    *Preparing Migration Data for Subnational Population Projections*.
    """
    found: dict[tuple[str, str], dict[str, float]] = {}
    columns = ("schedule_abb", "sex", "param", "value")
    for row in read_coefficients(path, "rogers_castro.csv", columns)[1]:
        found.setdefault((row["schedule_abb"], row["sex"]), {})[row["param"]] = float(row["value"])
    for (name, sex), parameters in found.items():
        _check_family(set(parameters), f"schedule {name}, {sex}")
    return {key: MigrationSchedule(**parameters) for key, parameters in found.items()}


def evaluate_schedule(p: Mapping[str, float], x: np.ndarray) -> np.ndarray:
    """Evaluate a schedule given by its parameters.

    Parameters
    ----------
    p : mapping of str to float
        Parameters of one of the `FAMILIES`, not checked.
    x : ndarray
        Ages. [year]

    Returns
    -------
    ndarray
        Rate at each age. [1 / year]
    """
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

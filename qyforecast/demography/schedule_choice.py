"""The Rogers-Castro family that describes observed rates best for its number of parameters."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qyforecast.demography.schedule_fit import fit_schedule
from qyforecast.demography.schedules import FAMILIES, FUNDAMENTAL, MigrationSchedule
from qyforecast.errors import RateError

Floats = NDArray[np.float64]
#: A schedule fits if no more than this share of its flow lies at other ages than observed.
FITS = 0.10
#: Observations there must be beyond parameters: with fewer the criterion cannot choose.
_FREE = 6
#: Closer than any observed rate deserves, and soon reached.
_TOLERANCE = 1e-4
_OLD: Mapping[int, Mapping[str, float]] = {
    7: {},
    9: {"a3": 0.001, "alpha3": 0.02},
    11: {"a3": 0.01, "alpha3": 0.15, "mu3": 62.0, "lambda3": 0.3},
    13: {"a3": 0.01, "alpha3": 0.15, "mu3": 62.0, "lambda3": 0.3, "a4": 0.0005, "lambda4": 0.01},
}


@dataclass(frozen=True)
class ChosenSchedule:
    """A fitted schedule and how well it does.

    Attributes
    ----------
    schedule : MigrationSchedule
        Of the family with the lowest criterion.
    criteria : mapping of int to float
        Corrected Akaike criterion by number of parameters, of the families with at least six
        parameters fewer than observations.
    misplaced : float
        Share of the flow that the schedule puts at other ages, or at none: half the sum of
        absolute differences over the flow. [1]
    """

    schedule: MigrationSchedule
    criteria: Mapping[int, float]
    misplaced: float

    @property
    def family(self) -> int:
        """Number of parameters of the schedule."""
        return len(self.schedule.parameters)

    @property
    def fits(self) -> bool:
        """Whether the misplaced share is within `FITS`."""
        return self.misplaced <= FITS


def choose_schedule(
    ages: Floats, rates: Floats, persons: Floats, *, observations: int
) -> ChosenSchedule:
    """Fit the families of 7, 9, 11 and 13 parameters that the data allow; take the best.

    Parameters
    ----------
    ages : ndarray
        Ages. [year]
    rates : ndarray
        Rates at these ages. [1 / year]
    persons : ndarray
        People exposed, who weight the fit. [person]
    observations : int
        Independent numbers that the rates rest on: the age groups that were counted where
        a smooth curve has more ages than those.

    Returns
    -------
    ChosenSchedule
        With the lowest ``n log(s) + 2 k + 2 k (k + 1) / (n - k - 1)``: s the mean square
        of the errors weighted by persons, n the observations, k one more than the
        parameters.

    Raises
    ------
    RateError
        If there are fewer than thirteen observations, or the rates cannot be fitted.

    References
    ----------
    Hurvich and Tsai (1989), Biometrika 76, 297-307.
    """
    count = observations
    families = [family for family in FAMILIES if count - family >= _FREE]
    if not families:
        raise RateError(
            "too few observations to fit a migration schedule",
            found=f"{count} age groups",
            cure=f"give at least {min(FAMILIES) + _FREE}",
        )
    fits: dict[int, MigrationSchedule] = {}
    criteria: dict[int, float] = {}
    for family in families:
        start = MigrationSchedule(**{**FUNDAMENTAL.parameters, **_OLD[family]})
        fits[family] = fit_schedule(ages, rates, start=start, weights=persons, tolerance=_TOLERANCE)
        apart = persons / persons.sum() * (fits[family].rates(ages) - rates) ** 2
        k = family + 1
        # A schedule observed without error would have a criterion of minus infinity.
        criteria[family] = float(
            count * np.log(max(apart.sum(), 1e-30)) + 2 * k + 2 * k * (k + 1) / (count - k - 1)
        )
    best = fits[min(criteria, key=lambda family: criteria[family])]
    gap = np.abs(best.rates(ages) - rates) * persons
    return ChosenSchedule(best, criteria, float(gap.sum() / (2 * (rates * persons).sum())))

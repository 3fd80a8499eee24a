"""The course of the urban share, drawn from the posterior given all that was published."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.inference.course import Course, course_levels
from qyforecast.inference.design import Design, make_design
from qyforecast.inference.nation import draw_nation, fading
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import (
    county_residual,
    lasting_paces,
    measurement_error,
    own_part,
    reading_covariance,
    silent_drift,
    yearly_variance,
)
from qyforecast.inference.scale import level_of, share_of
from qyforecast.inference.spec import ModelSpec


def draw_course(
    posterior: Posterior,
    spec: ModelSpec,
    panel: Panel,
    drivers: Drivers,
    *,
    seed: int,
    residents: xr.DataArray | None = None,
) -> Course:
    """Draw the shocks of every year, given all that was known of the city.

    Years after the panel's last follow the national pace's autoregression.
    Shocks of years with published readings are drawn conditionally on them
    (Matheron's rule), with the baseline's drivers.

    Parameters
    ----------
    posterior : Posterior
        Parameters.
    spec : ModelSpec
        References.
    panel : Panel
        What was known.
    drivers : Drivers
        The baseline's drivers; draws equal the posterior's in number.
    seed : int
        Seed of the shocks.
    residents : DataArray, optional
        Residents of the city's counties at year ends, ``(draw, year, region)``.
        A reading of the city then holds for the sum of its counties as they
        grow; without it, for their weights of the base year. [person]

    Returns
    -------
    Course
        One draw for every draw of the posterior.

    Raises
    ------
    DataError
        If drivers and posterior have different numbers of draws.

    References
    ----------
    Journel and Huijbregts (1978) for conditioning by kriging.
    """
    if drivers.draws != posterior.size:
        raise DataError(
            "drivers and posterior differ in their number of draws",
            found=f"{drivers.draws} and {posterior.size}",
            cure="draw the drivers with draws=posterior.size",
        )
    rng = np.random.default_rng([seed, 41])
    design = make_design(spec, panel)
    theta = posterior.values(spec, design)
    years = len(drivers.years) - 1
    lasting = fading(posterior, spec, years, rng)
    shocks = _Shocks.draw(theta, years, len(design.own), rng)
    course = _unheard_course(theta, design, lasting, shocks, rng)
    heard = design.readings_after(years)
    if not heard["reading"].size:
        return course
    error = measurement_error(theta["measurement_z"], spec)[:, heard["reading_kind"]]
    gaps = _straight_gaps(course, course_levels(course, drivers, spec), heard)
    gaps -= error * rng.standard_normal(error.shape)

    def corrected(beside: np.ndarray | float) -> Course:
        more = shocks.given(gaps + beside, error, theta, heard)
        return replace(course, shocks=course.shocks + more)

    if residents is None:
        return corrected(0.0)

    def bent(given: Course) -> np.ndarray:
        now = course_levels(given, drivers, spec)
        return _bent_gaps(spec, now, heard, residents) - _straight_gaps(course, now, heard)

    # The city's share is not quite linear in its counties' levels: two rounds of
    # Newton's method from the unconditional draw.
    return corrected(bent(corrected(bent(course))))


def _unheard_course(
    theta: Mapping[str, np.ndarray],
    design: Design,
    fade: np.ndarray,
    shocks: "_Shocks",
    rng: np.random.Generator,
) -> Course:
    """Draw the course before any reading after the last census is heard."""
    mine = own_part(design.arrays())
    lasting = silent_drift(theta, mine)
    lasting = lasting + sum(lasting_paces(theta, mine, county_residual(theta, mine)))
    keep = 1 - theta["home_convergence"]
    span = (int(design.decade[-1]) + 1, fade.shape[1])
    expected, pull = (_pull(theta, keep, span, source) for source in (None, rng))
    return Course(
        start=design.end[design.own],
        keep=keep,
        pace=expected[:, :, None] + fade[:, :, None] * lasting[:, None, :],
        shocks=(pull - expected)[:, :, None] + shocks.total(),
        response=_home_response(theta, mine),
        change_response=theta["change_response"],
    )


def _pull(
    theta: Mapping[str, np.ndarray],
    keep: np.ndarray,
    span: tuple[int, int],
    rng: np.random.Generator | None,
) -> np.ndarray:
    """What the nation adds to a place: its pace, and the pull of its level, ``(D, Y)``.

    The span is the place of the first year among the years of change, and the number of years.
    """
    pace, level = draw_nation(theta, span[1], span[0], rng)
    return pace + (1 - keep) * level[:, :-1]


def _home_response(theta: Mapping[str, np.ndarray], mine: Mapping[str, np.ndarray]) -> np.ndarray:
    """Response of the pace to drivers in the city's province, ``(D, K)``."""
    response = theta["county_response"].copy()
    apart = theta["response_z"][:, mine["county_province"][0]]
    response[:, : apart.shape[-1]] += theta["employment_province_spread"] * apart
    return response


@dataclass(frozen=True)
class _Shocks:
    """Yearly shocks of the city and, beside it, of its counties."""

    city: np.ndarray  # (D, Y)
    county: np.ndarray  # (D, Y, C)
    city_sd: np.ndarray  # (D, 1)
    county_sd: np.ndarray  # (D, C)

    @classmethod
    def draw(
        cls, theta: dict[str, np.ndarray], years: int, counties: int, rng: np.random.Generator
    ) -> "_Shocks":
        draws = len(theta["convergence"])
        yearly = np.sqrt(yearly_variance(theta))
        # The heavy tail of counties' decades comes from changed boundaries and towns
        # declared by decree, which the forecast leaves out: shocks are normal.
        city_sd = theta["prefecture_scale"] * yearly
        county_sd = np.tile(theta["county_scale"] * yearly, counties)
        return cls(
            city_sd * rng.standard_normal((draws, years)),
            county_sd[:, None, :] * rng.standard_normal((draws, years, counties)),
            city_sd,
            county_sd,
        )

    def total(self) -> np.ndarray:
        return self.city[:, :, None] + self.county

    def given(
        self,
        missed: np.ndarray,
        error: np.ndarray,
        theta: Mapping[str, np.ndarray],
        heard: Mapping[str, np.ndarray],
    ) -> np.ndarray:
        """Correct the shocks so that readings hold, ``(D, Y, C)``."""
        weights, years = heard["reading_weights"], heard["reading_years"].astype(int)
        # The variance of a year times what `reading_covariance` makes of it is
        # the county's own; in units of a decade, as there.
        decade = self.county_sd**2 / yearly_variance(theta)
        covariance = reading_covariance(theta, heard, decade)
        covariance += np.eye(len(years)) * (error**2)[:, :, None]
        solved = np.linalg.solve(covariance, missed[:, :, None])[:, :, 0]
        lead = np.zeros((len(missed), len(years), self.city.shape[1]))
        for r, n in enumerate(years):
            lead[:, r, :n] = (1 - theta["home_convergence"]) ** np.arange(n - 1, -1, -1)
        city = self.city_sd**2 * np.einsum("dry,r,dr->dy", lead, weights.sum(axis=1), solved)
        county = np.einsum("dry,rc,dr->dyc", lead, weights, solved, optimize=True)
        return city[:, :, None] + self.county_sd[:, None, :] ** 2 * county


def _straight_gaps(
    course: Course, levels: np.ndarray, heard: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Published readings less what the draws say, linear in the levels, ``(D, R)``."""
    years = heard["reading_years"].astype(int)
    moved = levels[:, years - 1] - course.start
    return heard["reading"] - np.einsum("drc,rc->dr", moved, heard["reading_weights"])


def _bent_gaps(
    spec: ModelSpec, levels: np.ndarray, heard: Mapping[str, np.ndarray], residents: xr.DataArray
) -> np.ndarray:
    """Published readings less the shares of counties, or of all their residents, ``(D, R)``."""
    years = heard["reading_years"].astype(int)
    shares = share_of(levels[:, years - 1], spec)
    persons = residents.transpose("draw", "year", "region").values[:, years - 1]
    of_one = heard["reading_weights"][None] * np.ones_like(persons)
    weights = np.where(heard["reading_city"][None, :, None] > 0, persons, of_one)
    return heard["reading_level"] - level_of((weights * shares).sum(-1) / weights.sum(-1), spec)

"""The urban share that the regression gives, draw by draw."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from qyforecast.census.drivers import Drivers
from qyforecast.census.panel import Panel
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import DataError
from qyforecast.inference.design import make_design
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


@dataclass(frozen=True)
class Course:
    """What moves a city's counties besides their drivers; the same for every scenario.

    Attributes
    ----------
    start : ndarray
        Level of each county at the base year, ``(C,)``. [log odds less reference]
    keep : ndarray
        Share of a gap that remains after a year, ``(D, 1)``.
    pace : ndarray
        What the nation is expected to add, and lasting paces of city and county,
        ``(D, Y, C)``. [log odds / year]
    shocks : ndarray
        Yearly shocks of nation, city and county, same dimensions. [log odds]
    response, change_response : ndarray
        Of the pace to drivers, of the level to their changes, ``(D, K)``.
    """

    start: np.ndarray
    keep: np.ndarray
    pace: np.ndarray
    shocks: np.ndarray
    response: np.ndarray
    change_response: np.ndarray


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
    mine = own_part(design.arrays())
    city, own = lasting_paces(theta, mine, county_residual(theta, mine))
    lasting = silent_drift(theta, mine) + city + own
    keep = 1 - theta["home_convergence"]
    first = int(design.decade[-1]) + 1
    expected, pull = (_pull(theta, keep, years, first, source) for source in (None, rng))
    fade = fading(posterior, spec, years, rng)
    shocks = _Shocks.draw(theta, years, len(design.own), rng)
    course = Course(
        start=design.end[design.own],
        keep=keep,
        pace=expected[:, :, None] + fade[:, :, None] * lasting[:, None, :],
        shocks=(pull - expected)[:, :, None] + shocks.total(),
        response=_home_response(theta, mine),
        change_response=theta["change_response"],
    )
    heard = design.readings_after(years)
    if not heard["reading"].size:
        return course
    error = measurement_error(theta["measurement_z"], spec)[:, heard["reading_kind"]]
    gaps = _straight_gaps(course, _levels(course, drivers, spec), heard)
    gaps -= error * rng.standard_normal(error.shape)
    given = course
    # The city's share is not quite linear in its counties' levels: two rounds of
    # Newton's method from the unconditional draw.
    for _ in range(1 if residents is None else 2):
        now = _levels(given, drivers, spec)
        bent = _bent_gaps(spec, now, heard, residents) if residents is not None else 0.0
        beside = bent - _straight_gaps(course, now, heard) if residents is not None else 0.0
        corrected = course.shocks + shocks.given(gaps + beside, error, theta, heard)
        given = replace(course, shocks=corrected)
    return given


def urban_path(course: Course, drivers: Drivers, spec: ModelSpec) -> UrbanPath:
    """Run the recursion under a scenario's drivers.

    Parameters
    ----------
    course : Course
        What moves the counties besides their drivers.
    drivers : Drivers
        Employment, value added and added pace, base year included.
    spec : ModelSpec
        References.

    Returns
    -------
    UrbanPath
        ``share`` ``(draw, year, region)`` of the years after the base. [1]
    """
    levels = _levels(course, drivers, spec)
    years = list(drivers.years[1:])
    return UrbanPath(
        share=xr.DataArray(
            share_of(levels, spec),
            dims=("draw", "year", "region"),
            coords={
                "draw": np.arange(levels.shape[0]),
                "year": years,
                "region": list(drivers.regions),
            },
        )
    )


def _pull(
    theta: Mapping[str, np.ndarray],
    keep: np.ndarray,
    years: int,
    first: int,
    rng: np.random.Generator | None,
) -> np.ndarray:
    """What the nation adds to a place: its pace, and the pull of its level, ``(D, Y)``."""
    pace, level = draw_nation(theta, years, first, rng)
    return pace + (1 - keep) * level[:, :-1]


def _home_response(theta: Mapping[str, np.ndarray], mine: Mapping[str, np.ndarray]) -> np.ndarray:
    """Response of the pace to drivers in the city's province, ``(D, K)``."""
    response = theta["county_response"].copy()
    apart = theta["response_z"][:, mine["county_province"][0]]
    response[:, : apart.shape[-1]] += theta["employment_province_spread"] * apart
    return response


def _driver_terms(course: Course, drivers: Drivers, spec: ModelSpec) -> np.ndarray:
    """What drivers add to each year's change, ``(D, Y, C)``. [log odds / year]"""
    if drivers.nation is None:
        raise DataError(
            "drivers without a mean place cannot be read by the regression",
            where="Drivers.nation",
            cure="draw them with draw_drivers()",
        )
    parts = []
    for name, sectors in spec.drivers.items():
        apart = getattr(drivers, name) - drivers.nation[name]
        chosen = apart.sel(sector=list(sectors))
        parts.append(chosen.transpose("draw", "year", "region", "sector").values)
    values = np.concatenate(parts, axis=-1)
    before, moves = values[:, :-1], np.diff(values, axis=1)
    terms = np.einsum("dyck,dk->dyc", before, course.response, optimize=True)
    terms += np.einsum("dyck,dk->dyc", moves, course.change_response, optimize=True)
    added = drivers.pace.transpose("draw", "year", "region").values[:, 1:]
    return terms + added


def _levels(course: Course, drivers: Drivers, spec: ModelSpec) -> np.ndarray:
    change = course.pace + course.shocks + _driver_terms(course, drivers, spec)
    level = np.broadcast_to(course.start, change[:, 0].shape)
    out = np.empty_like(change)
    for year in range(change.shape[1]):
        level = course.keep * level + change[:, year]
        out[:, year] = level
    return out


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

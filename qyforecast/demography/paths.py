"""Draws of the rates: shared schedules, moved by a few scalars in every draw."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from qyforecast.demography.central_path import CentralPath, run_central_path
from qyforecast.demography.estimates import Autoregression, BaseRates
from qyforecast.demography.rates import Migration, Mobility, Rates, Vital
from qyforecast.errors import RateError

Floats = NDArray[np.float64]


def stream(seed: int, name: str) -> np.random.Generator:
    """Open the random stream of one use, the same whatever else is drawn.

    Parameters
    ----------
    seed : int
        Seed of the run.
    name : str
        What the stream is for.

    Returns
    -------
    Generator
        A generator of its own.
    """
    return np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(name.encode())]))


def draw_rates(base: BaseRates, *, years: Sequence[int], draws: int, seed: int) -> Rates:
    """Draw the rates of the accounts.

    Parameters
    ----------
    base : BaseRates
        What is known of them.
    years : sequence of int
        Years the flows fall in: every year after the base year, in order.
    draws : int
        Number of draws.
    seed : int
        Seed of the run; each use has its own stream.

    Returns
    -------
    Rates
        Schedules shared by all draws; ``mortality_level`` (draw, year) common to
        all counties, ``fertility_scale`` (draw, year, region), scales of arrivals,
        departures, leaving and return. A year whose total was published before
        the base rates' `as_of` is met within its measurement error.

    Raises
    ------
    RateError
        If the years do not follow the base year, or life expectancy leaves the
        range between the two mortality levels.
    """
    frame = _Frame.of(base, years, draws)
    vital = draw_vital(base, years=years, draws=draws, seed=seed)
    level, scale = vital.mortality_level, vital.fertility_scale
    assert level is not None
    assert scale is not None
    central = run_central_path(
        base,
        base.mortality.weight_of(base.mortality.median_gain.sel(year=frame.years)),
        scale.mean("draw").mean("region"),
    )
    migration = _migration(base, frame, central, (level, scale, stream(seed, "migration")))
    return Rates(vital, migration, _mobility(base, frame, seed))


def draw_vital(base: BaseRates, *, years: Sequence[int], draws: int, seed: int) -> Vital:
    """Draw survival and childbearing alone.

    Parameters
    ----------
    base : BaseRates
        What is known of them; migration and mobility are not looked at.
    years : sequence of int
        Every year after the base year, in order.
    draws : int
        Number of draws.
    seed : int
        Seed of the run; each use has its own stream.

    Returns
    -------
    Vital
        As `draw_rates` has it.

    Raises
    ------
    RateError
        As `draw_rates`.
    """
    frame = _Frame.of(base, years, draws)
    return Vital(
        survivorship=base.mortality.survivorship,
        birth_survivorship=base.mortality.birth_survivorship,
        fertility=base.fertility.rates,
        sex_ratio_at_birth=base.fertility.sex_ratio_at_birth,
        mortality_level=_mortality_level(base, frame, stream(seed, "mortality")),
        fertility_scale=_fertility_scale(base, frame, stream(seed, "fertility")),
    )


@dataclass(frozen=True)
class _Frame:
    years: NDArray[np.int_]
    regions: list[str]
    draws: int

    @classmethod
    def of(cls, base: BaseRates, years: Sequence[int], draws: int) -> "_Frame":
        first = base.population.year + 1
        wanted = np.asarray(list(years), int)
        if draws < 1 or not np.array_equal(wanted, np.arange(first, first + wanted.size)):
            raise RateError(
                "years must follow the base year without gaps, and draws be at least one",
                found=f"years {list(years)}, {draws} draws",
                cure=f"start at {first}",
            )
        regions = list(dict.fromkeys(base.population.persons["region"].values.tolist()))
        return cls(wanted, regions, draws)

    def label(self, values: Floats, *dims: str) -> xr.DataArray:
        coords = {"draw": np.arange(self.draws), "year": self.years, "region": self.regions}
        return xr.DataArray(values, dims=dims, coords={d: coords[d] for d in dims})


def condition_gaussian(
    prior: Floats, covariance: Floats, reading: Floats, observed: Floats, error: Floats
) -> Floats:
    """Correct draws from a Gaussian prior so that they follow the posterior.

    Parameters
    ----------
    prior : ndarray
        Draws of the prior, ``(draw, n)``.
    covariance : ndarray
        Its covariance, ``(n, n)``.
    reading : ndarray
        What is observed is ``reading @ x``, ``(m, n)``.
    observed : ndarray
        Observations, each draw's with its own draw of the error added,
        ``(draw, m)``.
    error : ndarray
        Variance of the errors, ``(m,)``.

    Returns
    -------
    ndarray
        Draws of the posterior, ``(draw, n)``.

    References
    ----------
    Hoffman and Ribak (1991), Astrophysical Journal 380, L5-L8 (Matheron's rule).
    """
    if not observed.shape[-1]:
        return prior
    spread = reading @ covariance @ reading.T + np.diag(error)
    gain = np.linalg.solve(spread, reading @ covariance).T
    return prior + (observed - prior @ reading.T) @ gain.T


def _draw_course(
    course: Autoregression, years: NDArray[np.int_], draws: int, rng: np.random.Generator
) -> Floats:
    root = np.linalg.cholesky(course.covariance(years) + 1e-12 * np.eye(years.size))
    return course.level + rng.standard_normal((draws, years.size)) @ root.T


def _mortality_level(base: BaseRates, frame: _Frame, rng: np.random.Generator) -> xr.DataArray:
    """Level by draw: the median path, an error of the base year and a random walk."""
    mortality = base.mortality
    start = mortality.level_sd * rng.standard_normal((frame.draws, 1))
    walk = rng.standard_normal((frame.draws, frame.years.size)).cumsum(1) * mortality.yearly_sd
    median = mortality.median_gain.sel(year=frame.years).values
    return mortality.weight_of(frame.label(median + start + walk, "draw", "year"))


def _fertility_scale(base: BaseRates, frame: _Frame, rng: np.random.Generator) -> xr.DataArray:
    """AR(1) of the city, conditioned on the years known, and lasting county deviations."""
    fertility = base.fertility
    years = np.concatenate([[base.population.year], frame.years])
    prior = _draw_course(fertility.course, years, frame.draws, rng)
    known = fertility.known.sel(year=[y for y in fertility.known["year"].values if y in years])
    reading = (years[None, :] == known["year"].values[:, None]).astype(float)
    error = np.full(known.size, fertility.known_sd**2)
    observed = known.values + rng.standard_normal((frame.draws, known.size)) * fertility.known_sd
    city = condition_gaussian(prior, fertility.course.covariance(years), reading, observed, error)
    county = rng.standard_normal((frame.draws, 1, len(frame.regions))) * fertility.county_sd
    return frame.label(np.exp(city[:, 1:, None] + county), "draw", "year", "region")


def _migration(
    base: BaseRates,
    frame: _Frame,
    central: CentralPath,
    drawn: tuple[xr.DataArray, xr.DataArray, np.random.Generator],
) -> Migration:
    """Scale departures by y and arrivals by 1/y so that each year has its net total."""
    level, scale, rng = drawn
    region = base.population.persons["region"].values
    by_region = [central.arrivals.sum(("sex", "age")), central.departures]
    gains, losses = (
        np.stack([flow.values[:, region == code].sum(1) for code in frame.regions], axis=1)
        for flow in by_region
    )
    net = _net_totals(base, frame, central, (level, scale, rng))
    county = base.migration.county_sd * rng.standard_normal((frame.draws, 1, len(frame.regions)))
    inward = (gains * np.exp(-county)).sum(2)
    outward = (losses * np.exp(county)).sum(2)
    # losses y - gains / y = -net has one positive root: no scale is ever negative.
    root = (-net + np.sqrt(net**2 + 4 * outward * inward)) / (2 * outward)
    departure = root[:, :, None] * np.exp(county)
    return Migration(
        arrivals=central.arrivals,
        departure_rate=base.migration.departure_rate,
        arrivals_scale=frame.label(1 / departure, "draw", "year", "region"),
        departure_scale=frame.label(departure, "draw", "year", "region"),
    )


def _net_totals(
    base: BaseRates,
    frame: _Frame,
    central: CentralPath,
    drawn: tuple[xr.DataArray, xr.DataArray, np.random.Generator],
) -> Floats:
    """City's net external migrants by draw and year, meeting the totals published."""
    level, scale, rng = drawn
    migration = base.migration
    expected = (
        central.arrivals.sum(("area", "sex", "age")) - central.departures.sum("area")
    ).values
    prior = _draw_course(migration.course, frame.years, frame.draws, rng)
    known = migration.known.sel(
        year=[y for y in migration.known["year"].values if y in frame.years]
    )
    births = central.births.values * scale.mean("region").values
    low, high = central.deaths_low.values, central.deaths_high.values
    natural = births - ((1 - level.values) * low + level.values * high)
    so_far = (natural + expected).cumsum(1)
    at = np.searchsorted(frame.years, known["year"].values)
    reading = (frame.years[None, :] <= known["year"].values[:, None]).astype(float)
    sd = migration.known_sd * known.values
    start = base.population.total
    observed = known.values - start - so_far[:, at] + rng.standard_normal(so_far[:, at].shape) * sd
    covariance = migration.course.covariance(frame.years)
    return expected + condition_gaussian(prior, covariance, reading, observed, sd**2)


def _mobility(base: BaseRates, frame: _Frame, seed: int) -> Mobility:
    mobility = base.mobility
    size = (frame.draws, 1)
    leaving = np.exp(mobility.leaving_sd * stream(seed, "leaving").standard_normal(size))
    back = np.exp(mobility.return_sd * stream(seed, "return").standard_normal(size))
    shape = (frame.draws, frame.years.size, len(frame.regions))
    return Mobility(
        leaving_rate=mobility.leaving_rate,
        destination=mobility.destination,
        moving_propensity=mobility.moving_propensity,
        return_rate=mobility.return_rate,
        family_propensity=mobility.family_propensity,
        leaving_scale=frame.label(np.broadcast_to(leaving, shape[:2]), "draw", "year"),
        return_scale=frame.label(
            np.broadcast_to(back[:, :, None], shape), "draw", "year", "region"
        ),
    )

"""How employment and value added may go: joint paths of log ratios.

The drift of a place's log ratios over the next years is regressed, across
provinces, on its drift over the ten years before; the regression's predictive
distribution carries the city forward, and a random walk adds yearly change.
Shares of sectors therefore always sum to one.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.census.drivers import Drivers
from qyforecast.census.panel import DRIVERS, Panel
from qyforecast.errors import DataError
from qyforecast.vocabulary import SECTORS

#: Share of the variance of drifts and yearly changes that counties of a city
#: have in common. Judgement: no yearly county employment is published.
COMMON = 0.5
#: Long-form employment counts one person in ten.
SAMPLE = 10.0


@dataclass(frozen=True)
class _Drift:
    """Predictive regression of one log ratio's drift on the decade before."""

    intercept: np.ndarray  # (D, 1)
    slope: np.ndarray  # (D, 1)
    spread: np.ndarray  # (D, 1), of lasting drifts about the line
    yearly: float  # standard deviation of one year's own change


def draw_drivers(census: Census, panel: Panel, *, to: int, draws: int, seed: int) -> Drivers:
    """Draw joint paths of employment and value-added shares of the city's counties.

    Years that the panel knows (value added of the city) are taken as known.

    Parameters
    ----------
    census : Census
        Employment of the counties at two censuses, value added of the city.
    panel : Panel
        What was known, and the provinces to learn from.
    to : int
        Last year.
    draws : int
        Number of draws.
    seed : int
        Seed.

    Returns
    -------
    Drivers
        Base year to ``to``; added pace is zero.

    Raises
    ------
    DataError
        If the city has no value added by sector at that vintage.
    """
    rng = np.random.default_rng([seed, 43])
    base = panel.base_year
    years = list(range(base, to + 1))
    drifts = {name: _learn(panel, name, draws, rng) for name in DRIVERS}
    coords = {
        "draw": np.arange(draws),
        "year": years,
        "region": panel.own_counties,
        "sector": list(SECTORS),
    }
    dims = ("draw", "year", "region", "sector")
    employment = _employment_paths(panel, drifts["employment"], years, rng)
    mix = _mix_paths(census, panel, drifts["value_added"], years, rng)
    value_added = np.repeat(mix[:, :, None, :], len(panel.own_counties), axis=2)
    counts = census.employment.sel(year=base, region=panel.own_counties).sum("industry")
    return Drivers(
        employment=xr.DataArray(employment, dims=dims, coords=coords),
        value_added=xr.DataArray(value_added, dims=dims, coords=coords),
        employed=xr.DataArray(
            counts.values * SAMPLE, dims=("region",), coords={"region": panel.own_counties}
        ),
        pace=xr.DataArray(
            np.zeros((draws, len(years), len(panel.own_counties))),
            dims=dims[:3],
            coords={k: coords[k] for k in dims[:3]},
        ),
        base_year=base,
    )


def log_ratios(shares: np.ndarray) -> np.ndarray:
    """Log ratios of the secondary and tertiary to the primary share.

    Parameters
    ----------
    shares : ndarray
        Sectors last, in the order of `SECTORS`. [1]

    Returns
    -------
    ndarray
        One fewer along the last axis.
    """
    # A district without farms still has a garden or two: a tenth of a per cent.
    return np.log(np.maximum(shares[..., 1:], 1e-3)) - np.log(np.maximum(shares[..., :1], 1e-3))


def shares_of(ratios: np.ndarray) -> np.ndarray:
    """Shares from log ratios; the inverse of `log_ratios`.

    Parameters
    ----------
    ratios : ndarray
        Log ratios last.

    Returns
    -------
    ndarray
        Shares that sum to one along the last axis. [1]

    Examples
    --------
    >>> shares_of(log_ratios(np.array([0.5, 0.25, 0.25]))).round(12)
    array([0.5 , 0.25, 0.25])
    """
    weights = np.exp(np.concatenate([np.zeros_like(ratios[..., :1]), ratios], axis=-1))
    return weights / weights.sum(axis=-1, keepdims=True)


def _learn(panel: Panel, name: str, draws: int, rng: np.random.Generator) -> list[_Drift]:
    """Regress the provinces' last decade of drift on the one before, by log ratio."""
    table = panel.provinces[name].transpose("year", "province", "sector")
    years = table["year"].values
    ratios = log_ratios(table.values)
    known = np.isfinite(ratios).all(axis=-1).mean(axis=1) > 0.5
    last = int(years[known][-1])
    first = max(int(years[known][0]), last - 20)
    middle = (first + last) // 2
    at = {year: ratios[int(year - years[0])] for year in (first, middle, last)}
    before = (at[middle] - at[first]) / (middle - first)
    after = (at[last] - at[middle]) / (last - middle)
    whole = np.isfinite(before + after).all(axis=-1)
    if whole.sum() < 5:
        raise DataError(
            f"too few provinces with two decades of {name} to learn drifts from",
            found=f"{int(whole.sum())} between {first} and {last}, at least 5 are needed",
        )
    drifts = []
    for k in range(ratios.shape[-1]):
        yearly = _typical(np.diff(ratios[..., k], axis=0))
        noise = yearly**2 / (last - middle)
        line = predict_drift(before[whole, k], after[whole, k], noise, draws, rng)
        drifts.append(_Drift(*line, yearly))
    return drifts


def _typical(changes: np.ndarray) -> float:
    """Standard deviation of yearly changes about each place's mean.

    By the median absolute deviation, so that rebased years do not set it.
    """
    about = changes - np.nanmean(changes, axis=0)
    return float(1.4826 * np.nanmedian(np.abs(about)))


def predict_drift(
    x: np.ndarray, y: np.ndarray, noise: float, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior draws of a normal regression under the reference prior.

    Parameters
    ----------
    x, y : ndarray
        Drifts of the decade before and of the decade after, by place.
    noise : float
        Variance that the years' own changes give a decade's mean: it is in
        the residuals of `y`, and is taken out of the spread of lasting drifts,
        because the walk adds it again.
    draws : int
        Number of draws.
    rng : Generator
        Random numbers.

    Returns
    -------
    tuple of ndarray
        Intercept, slope and standard deviation of lasting drifts, ``(D, 1)``.

    References
    ----------
    Gelman et al., *Bayesian Data Analysis* (3rd ed.), section 14.2.
    """
    design = np.column_stack([np.ones_like(x), x])
    gram = np.linalg.inv(design.T @ design)
    centre = gram @ design.T @ y
    freedom = len(x) - 2
    square = float(((y - design @ centre) ** 2).sum())
    variance = square / rng.chisquare(freedom, draws)
    root = np.linalg.cholesky(gram)
    slopes = centre + np.sqrt(variance)[:, None] * (rng.standard_normal((draws, 2)) @ root.T)
    lasting = max(0.0, 1 - noise * freedom / square)
    return slopes[:, :1], slopes[:, 1:], np.sqrt(lasting * variance)[:, None]


def _walk(drift: _Drift, past: np.ndarray, years: int, rng: np.random.Generator) -> np.ndarray:
    """Cumulated change of one log ratio, ``(D, years, places)``."""
    draws, places = len(drift.slope), len(past)

    def shocks(*shape: int) -> np.ndarray:
        """Standard normal over places, partly common to them."""
        common = rng.standard_normal((draws, *shape, 1))
        return np.sqrt(COMMON) * common + np.sqrt(1 - COMMON) * rng.standard_normal(
            (draws, *shape, places)
        )

    mean = drift.intercept + drift.slope * past + drift.spread * shocks()
    yearly = mean[:, None, :] + drift.yearly * shocks(years)
    return np.cumsum(yearly, axis=1)


def _employment_paths(
    panel: Panel, drifts: list[_Drift], years: list[int], rng: np.random.Generator
) -> np.ndarray:
    table = panel.counties["employment"].sel(county=panel.own_counties)
    ratios = log_ratios(table.transpose("census", "county", "sector").values)
    span = float(np.diff(panel.counties["census"].values)[0])
    past = (ratios[1] - ratios[0]) / span
    paths = [
        ratios[1][:, k] + _from_base(_walk(drift, past[:, k], len(years) - 1, rng))
        for k, drift in enumerate(drifts)
    ]
    return shares_of(np.stack(paths, axis=-1))


def _from_base(walk: np.ndarray) -> np.ndarray:
    """Put the base year, without change, in front."""
    return np.concatenate([np.zeros_like(walk[:, :1]), walk], axis=1)


def _mix_paths(
    census: Census, panel: Panel, drifts: list[_Drift], years: list[int], rng: np.random.Generator
) -> np.ndarray:
    """Value-added shares of the city, ``(D, year, sector)``."""
    mix = panel.city_mix
    if mix.sizes["year"] < 2 or int(mix["year"][-1]) < years[0]:
        raise DataError(
            "value added of the city by sector is not known at the base year",
            where=f"{census.folder}: series of {panel.city}",
            found=f"years {mix['year'].values.tolist()}",
            cure=f"add value_added_primary, _secondary, _tertiary of {years[0]}",
        )
    at = {
        int(year): log_ratios(row) for year, row in zip(mix["year"].values, mix.values, strict=True)
    }
    last = min(max(at), years[-1])
    ten = max(min(at), last - 10)
    gaps = sorted({ten, *range(years[0], last + 1)} - set(at))
    if gaps:
        raise DataError(
            "value added of the city by sector has a gap",
            where=f"{census.folder}: series of {panel.city}",
            found=f"nothing for {', '.join(map(str, gaps))}",
            cure="add value_added_primary, _secondary, _tertiary of those years",
        )
    past = (at[last] - at[ten]) / (last - ten)
    ahead = years[-1] - last
    paths = []
    for k, drift in enumerate(drifts):
        walk = _walk(drift, past[k : k + 1], ahead, rng)[:, :, 0] + at[last][k]
        seen = [at[y][k] for y in range(years[0], last + 1)]
        paths.append(np.concatenate([np.tile(seen, (len(walk), 1)), walk], axis=1))
    return shares_of(np.stack(paths, axis=-1))

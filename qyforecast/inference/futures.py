"""How employment and value added may go: joint paths of the provinces, the city, its counties."""

import numpy as np
import xarray as xr

from qyforecast.census.census import Census
from qyforecast.census.drivers import Drivers
from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.inference.trends import learn_trends, log_ratios, province_ratios, shares_of
from qyforecast.vocabulary import SECTORS

#: Long-form employment counts one person in ten.
SAMPLE = 10.0
#: Years of drift that a place looks back on.
BACK = 10


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
        Base year to ``to``; added pace is zero; `nation` is the mean province, its
        employment put at the mean county of the last census.

    Raises
    ------
    DataError
        If the city has no value added by sector at that vintage.
    """
    rng = np.random.default_rng([seed, 43])
    base, years = panel.base_year, list(range(panel.base_year, to + 1))
    trends = learn_trends(panel.provinces, draws, rng)
    jobs, jobs_past = _county_jobs(panel)
    at, last, mix_past = _city_mix(census, panel, years)
    told, ratios = province_ratios(panel.provinces)
    start, past = _province_start(told, ratios)
    city = np.concatenate([jobs_past.mean(axis=0), mix_past])[None]
    counties = np.hstack([jobs_past, np.tile(mix_past, (len(jobs_past), 1))])
    # All walk together, so that what moves the nation moves the city.
    walk = trends.walk(np.vstack([past, city, counties]), len(years) - 1, rng)
    walk = np.concatenate([np.zeros_like(walk[:, :1]), walk], axis=1)
    ends = len(past)
    nation = start + walk[:, :, :ends]
    employment = shares_of(jobs + walk[:, :, ends + 1 :, :2])
    mix = _from_known(at, last, years, walk[:, :, ends, 2:])
    value_added = np.repeat(shares_of(mix)[:, :, None], len(jobs), axis=2)
    coords = {"draw": np.arange(draws), "year": years, "sector": list(SECTORS)}
    means = {
        "employment": _mean_county(panel, shares_of(nation[..., :2]).mean(axis=2)),
        "value_added": shares_of(nation[..., 2:]).mean(axis=2),
    }
    counts = census.employment.sel(year=base, region=panel.own_counties).sum("industry")
    of_places = {**coords, "region": panel.own_counties}
    dims = ("draw", "year", "region", "sector")
    return Drivers(
        employment=xr.DataArray(employment, of_places, dims),
        value_added=xr.DataArray(value_added, of_places, dims),
        employed=xr.DataArray(counts.values * SAMPLE, {"region": panel.own_counties}, ("region",)),
        pace=xr.zeros_like(
            xr.DataArray(employment[..., 0], {k: of_places[k] for k in dims[:3]}, dims[:3])
        ),
        base_year=base,
        nation=xr.Dataset({k: (("draw", "year", "sector"), v) for k, v in means.items()}, coords),
    )


def draw_province_drivers(
    provinces: xr.Dataset, *, years: int, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Draw joint paths of sector shares of all provinces from their last year on.

    Parameters
    ----------
    provinces : Dataset
        ``employment`` and ``value_added``, ``(year, province, sector)``, as known. [1]
    years : int
        Years ahead.
    draws : int
        Number of draws.
    rng : Generator
        Random numbers.

    Returns
    -------
    ndarray
        Shares, ``(D, years + 1, P, 2, sector)``, employment before value added, the last
        known year first. [1]
    """
    trends = learn_trends(provinces, draws, rng)
    told, ratios = province_ratios(provinces)
    start, past = _province_start(told, ratios)
    walk = trends.walk(past, years, rng)
    paths = start + np.concatenate([np.zeros_like(walk[:, :1]), walk], axis=1)
    return np.stack([shares_of(paths[..., :2]), shares_of(paths[..., 2:])], axis=-2)


def _province_start(years: np.ndarray, ratios: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Last known log ratios of every province and their yearly drift before, both ``(P, 4)``.

    A province that is not known then has the mean of the others.
    """
    back = max(0, len(years) - 1 - BACK)
    start, drift = ratios[-1], (ratios[-1] - ratios[back]) / (years[-1] - years[back])
    return (
        np.where(np.isfinite(start), start, np.nanmean(start, axis=0)),
        np.where(np.isfinite(drift), drift, np.nanmean(drift, axis=0)),
    )


def _mean_county(panel: Panel, provinces: np.ndarray) -> np.ndarray:
    """Employment of the mean county: as at the last census, and moved as the mean province."""
    counties = panel.counties["employment"].isel(census=-1).mean("county").values
    return counties + provinces - provinces[:, :1]


def _county_jobs(panel: Panel) -> tuple[np.ndarray, np.ndarray]:
    """Log ratios of employment of own counties at the last census, and their drift before."""
    table = panel.counties["employment"].sel(county=panel.own_counties)
    ratios = log_ratios(table.transpose("census", "county", "sector").values)
    span = float(np.diff(panel.counties["census"].values)[0])
    return ratios[1], (ratios[1] - ratios[0]) / span


def _city_mix(
    census: Census, panel: Panel, years: list[int]
) -> tuple[dict[int, np.ndarray], int, np.ndarray]:
    """Log ratios of the city's value added by year, its last known year, and its drift before."""
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
    ten = max(min(at), last - BACK)
    gaps = sorted({ten, *range(years[0], last + 1)} - set(at))
    if gaps:
        raise DataError(
            "value added of the city by sector has a gap",
            where=f"{census.folder}: series of {panel.city}",
            found=f"nothing for {', '.join(map(str, gaps))}",
            cure="add value_added_primary, _secondary, _tertiary of those years",
        )
    return at, last, (at[last] - at[ten]) / (last - ten)


def _from_known(
    at: dict[int, np.ndarray], last: int, years: list[int], walk: np.ndarray
) -> np.ndarray:
    """Take known years as they are, and walk on from the last, ``(D, Y, 2)``."""
    known = last - years[0]
    seen = np.stack([at[year] for year in years[: known + 1]])
    ahead = at[last] + walk[:, known + 1 :] - walk[:, known : known + 1]
    return np.concatenate([np.broadcast_to(seen, (len(walk), *seen.shape)), ahead], axis=1)

"""A country simulated year by year, in plain loops, from known parameters.

Written from the description of the model, not from the package's code, so that
a mistake in one is not repeated in the other.
"""

import math
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pandas as pd
import xarray as xr

CITY = "621000"
OWN = [f"62100{i}" for i in range(1, 9)]
YEARS = range(2000, 2024)
SECTORS = ("primary", "secondary", "tertiary")
REFERENCE = {"employment": (0.20, 0.35), "value_added": (0.43, 0.45)}
PROVINCES = [f"{code}0000" for code in (*range(11, 38), 61, 62, 63, 64)]


@dataclass(frozen=True)
class Truth:
    """Known parameters, by the names of the specification."""

    pace: float = 0.05
    convergence: float = 0.03
    province_scale: float = 0.01
    year_scale: float = 0.006
    year_persistence: float = 0.7
    employment_response: tuple[float, float] = (0.08, 0.05)
    value_added_response: tuple[float, float] = (0.02, -0.02)
    employment_change: tuple[float, float] = (0.15, 0.10)
    jump: tuple[float, float] = (0.03, 0.02)
    jump_scale: float = 0.03
    shock_scale_early: float = 0.02
    shock_scale: float = 0.008
    shock_persistence: float = 0.4
    shock_df: float = 5.0
    county_offset: float = -0.005
    prefecture_scale: float = 0.10
    county_scale: float = 0.14
    county_df: float = 6.0
    persistence: float = 0.5


@dataclass
class World:
    """What happened, and what of it was published."""

    truth: Truth
    paces: dict[int, float]
    census: SimpleNamespace
    levels: dict[str, dict[int, float]] = field(default_factory=dict)


def odds(share: float) -> float:
    return math.log(share / (1 - share))


def share_of(level: float) -> float:
    return 1 / (1 + math.exp(-level - odds(0.45)))


def simulate(truth: Truth, seed: int) -> World:
    """Run every place from 2000 (counties from 2010) to 2023 and publish it."""
    rng = np.random.default_rng(seed)
    paces = national_paces(truth, rng)
    effects = rng.normal(0, truth.province_scale, len(PROVINCES))
    effects = dict(zip(PROVINCES, effects - effects.mean(), strict=True))
    mixes = {
        name: {p: sector_paths(rng, name) for p in PROVINCES} for name in ("employment", "value")
    }
    levels = {
        p: province_path(truth, paces, effects[p], (mixes["employment"][p], mixes["value"][p]), rng)
        for p in PROVINCES
    }
    rows = []
    for p in PROVINCES:
        for year in YEARS:
            rows.append((p, year, "urban_share", share_of(levels[p][year])))
            for i, sector in enumerate(SECTORS):
                rows.append((p, year, f"employed_{sector}", 1e6 * mixes["employment"][p][year][i]))
                rows.append((p, year, f"value_added_{sector}", 1e9 * mixes["value"][p][year][i]))
    provinces = pd.DataFrame(rows, columns=["region_code", "year", "variable", "value"])
    counties = county_paths(truth, paces, effects, mixes["value"], rng)
    census = publish(
        provinces.assign(published=provinces["year"] + 1, kind="yearbook"), counties, mixes["value"]
    )
    return World(truth, paces, census, {code: c["level"] for code, c in counties.items()})


def national_paces(truth: Truth, rng: np.random.Generator) -> dict[int, float]:
    rho = truth.year_persistence
    effect = rng.normal(0, truth.year_scale / math.sqrt(1 - rho**2))
    paces = {}
    for year in list(YEARS)[1:]:
        paces[year] = truth.pace + effect
        effect = rho * effect + rng.normal(0, truth.year_scale)
    return paces


def sector_paths(rng: np.random.Generator, name: str) -> dict[int, list[float]]:
    """Random walks of log ratios with drift: shares of the three sectors by year."""
    start = (-0.6, -0.2) if name == "employment" else (0.9, 0.8)
    ratios = np.array(start) + rng.normal(0, 0.5, 2)
    drift = np.array([0.03, 0.05]) + rng.normal(0, 0.03, 2)
    paths = {}
    for year in YEARS:
        weights = [1.0, *np.exp(ratios)]
        paths[year] = [w / sum(weights) for w in weights]
        ratios = ratios + drift + rng.normal(0, 0.04, 2)
    return paths


def province_path(
    truth: Truth,
    paces: dict[int, float],
    effect: float,
    mixes: tuple[dict[int, list[float]], dict[int, list[float]]],
    rng: np.random.Generator,
) -> dict[int, float]:
    jobs, value = mixes
    level = odds(rng.uniform(0.25, 0.6)) - odds(0.45)
    path, before = {2000: level}, 0.0
    for year in list(YEARS)[1:]:
        mean = paces[year] + effect - truth.convergence * level
        for i in (0, 1):
            at = jobs[year - 1][i + 1] - REFERENCE["employment"][i]
            mean += truth.employment_response[i] * at
            mean += truth.employment_change[i] * (jobs[year][i + 1] - jobs[year - 1][i + 1])
            at = value[year - 1][i + 1] - REFERENCE["value_added"][i]
            mean += truth.value_added_response[i] * at
        scale = truth.shock_scale_early if year < 2010 else truth.shock_scale
        if year in (2005, 2010):
            jump = truth.jump[(2005, 2010).index(year)]
            scale = math.hypot(scale, truth.jump_scale)
            before = jump + scale * rng.standard_t(truth.shock_df)
            level = level + mean + before
            before = 0.0
        else:
            shock = scale * rng.standard_t(truth.shock_df)
            before = truth.shock_persistence * before + shock
            level = level + mean + before
        path[year] = level
    return path


def county_paths(
    truth: Truth,
    paces: dict[int, float],
    effects: dict[str, float],
    value: dict[str, dict[int, list[float]]],
    rng: np.random.Generator,
) -> dict[str, dict]:
    keep = 1 - truth.convergence
    total = sum(keep**k for k in range(10))
    spread = sum(keep ** (2 * k) for k in range(10))
    lasting, passing = truth.persistence / total**2, (1 - truth.persistence) / spread
    out = {}
    for prefecture, codes in prefectures().items():
        home = prefecture[:2] + "0000"
        city_pace = rng.normal(0, truth.prefecture_scale * math.sqrt(lasting))
        common = {y: rng.normal(0, truth.prefecture_scale * math.sqrt(passing)) for y in YEARS}
        for code in codes:
            erratic = truth.county_scale / math.sqrt(
                rng.gamma(truth.county_df / 2, 2 / truth.county_df)
            )
            own_pace = rng.normal(0, erratic * math.sqrt(lasting))
            jobs = county_jobs(rng)
            level = odds(rng.uniform(0.15, 0.45)) - odds(0.45)
            path = {2010: level}
            for year in range(2011, 2024):
                change = paces[year] + effects[home] + truth.county_offset + city_pace + own_pace
                change += common[year] + rng.normal(0, erratic * math.sqrt(passing))
                for i in (0, 1):
                    at, then = jobs[year - 1][i + 1], jobs[year][i + 1]
                    change += truth.employment_response[i] * (at - REFERENCE["employment"][i])
                    change += truth.employment_change[i] * (then - at)
                    mix = value[home][year - 1][i + 1] - REFERENCE["value_added"][i]
                    change += truth.value_added_response[i] * mix
                level = keep * level + change
                path[year] = level
            out[code] = {"level": path, "jobs": jobs, "people": round(rng.uniform(1e5, 6e5))}
    return out


def county_jobs(rng: np.random.Generator) -> dict[int, list[float]]:
    ratios = np.array([-1.8, -0.9]) + rng.normal(0, 0.6, 2)
    drift = np.array([0.08, 0.08]) + rng.normal(0, 0.03, 2)
    jobs = {}
    for year in range(2010, 2024):
        weights = [1.0, *np.exp(ratios)]
        jobs[year] = [w / sum(weights) for w in weights]
        ratios = ratios + drift * (year < 2020)
    return jobs


def prefectures() -> dict[str, list[str]]:
    """Eighteen prefectures of three provinces, some hundred counties."""
    names = [f"{p}{i:02d}00" for p, n in ((61, 8), (62, 6), (64, 4)) for i in range(1, n + 1)]
    places = {name: [f"{name[:4]}{i:02d}" for i in range(1, 7)] for name in names}
    return places | {CITY: OWN}


def publish(provinces: pd.DataFrame, counties: dict, value: dict) -> SimpleNamespace:
    """Give what the census and the yearbooks printed, as `read_census` arranges it."""
    rows = []
    for code, county in counties.items():
        for year in (2010, 2020):
            urban = county["people"] * share_of(county["level"][year])
            shares = county["jobs"][year]
            rows.append((code, year, county["people"], urban, *shares))
    columns = ["code", "year", "population", "urban", *(f"employed_{s}_share" for s in SECTORS)]
    panel = pd.DataFrame(rows, columns=columns)
    people = np.array([counties[code]["people"] for code in OWN], dtype=float)

    def city(year: int) -> float:
        shares = np.array([share_of(counties[code]["level"][year]) for code in OWN])
        return float((people * shares).sum() / people.sum())

    urban = [
        [people[i] * share_of(counties[c]["level"][y]) for i, c in enumerate(OWN)]
        for y in (2010, 2020)
    ]
    persons = np.stack([np.array(urban), people - np.array(urban)], axis=-1)
    series = [
        (CITY, 2018, "urban_share", city(2018), "press", 2019),
        (CITY, 2022, "urban_share", city(2022), "bulletin", 2023),
        (
            OWN[0],
            2023,
            "urban_share",
            share_of(counties[OWN[0]]["level"][2023]),
            "compilation",
            2024,
        ),
    ]
    for year in YEARS:
        for i, sector in enumerate(SECTORS):
            amount = 1e8 * value["620000"][year][i]
            series.append((CITY, year, f"value_added_{sector}", amount, "yearbook", year + 1))
    names = ["region_code", "year", "variable", "value", "kind", "published"]
    jobs = [[[1000 * s for s in counties[c]["jobs"][y]] for c in OWN] for y in (2010, 2020)]
    return SimpleNamespace(
        city=CITY,
        regions=tuple(OWN),
        years=(2010, 2020),
        provinces=provinces,
        series=pd.DataFrame(series, columns=names),
        county_panel=panel,
        residence=xr.DataArray(
            persons,
            dims=("year", "region", "residence"),
            coords={"year": [2010, 2020], "region": OWN, "residence": ["urban", "rural"]},
        ),
        employment=xr.DataArray(
            np.array(jobs),
            dims=("year", "region", "industry"),
            coords={"year": [2010, 2020], "region": OWN, "industry": list(SECTORS)},
        ),
        folder="simulated",
    )

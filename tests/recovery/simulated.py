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
PROVINCES = [f"{code}0000" for code in (*range(11, 38), 61, 62, 63, 64)]

Mixes = dict[str, dict[int, list[float]]]


@dataclass(frozen=True)
class Truth:
    """Known parameters, by the names of the specification."""

    pace: float = 0.05
    national_convergence: float = 0.003
    convergence: float = 0.03
    convergence_spread: float = 0.2
    province_scale: float = 0.01
    year_scale: float = 0.006
    year_persistence: float = 0.7
    employment_response: tuple[float, float] = (0.08, 0.05)
    employment_level_spread: float = 0.02
    employment_province_spread: float = 0.02
    value_added_response: tuple[float, float] = (0.02, -0.02)
    employment_change: tuple[float, float] = (0.15, 0.10)
    jump: tuple[float, float] = (0.03, 0.02)
    jump_scale: float = 0.03
    shock_scale_early: float = 0.02
    shock_scale: float = 0.008
    shock_persistence: float = 0.4
    shock_df: float = 30.0
    county_offset: float = -0.005
    prefecture_scale: float = 0.10
    county_scale: float = 0.14
    county_df: float = 6.0
    persistence: float = 0.5
    rebasing: float = -0.06


@dataclass
class Nation:
    """What moves every place: the pace of each year, and the mean province's level before it."""

    paces: dict[int, float] = field(default_factory=dict)
    levels: dict[int, float] = field(default_factory=dict)


@dataclass
class Province:
    """What is a province's own."""

    effect: float
    convergence: float
    apart: tuple[float, float]  # what its jobs do beside what jobs do
    level: dict[int, float] = field(default_factory=dict)


@dataclass
class World:
    """What happened, and what of it was published."""

    truth: Truth
    paces: dict[int, float]
    census: SimpleNamespace
    levels: dict[str, dict[int, float]] = field(default_factory=dict)
    provinces: dict[str, Province] = field(default_factory=dict)


def odds(share: float) -> float:
    return math.log(share / (1 - share))


def share_of(level: float) -> float:
    return 1 / (1 + math.exp(-level - odds(0.45)))


def simulate(truth: Truth, seed: int) -> World:
    """Run every place from 2000 (counties from 2010) to 2023 and publish it."""
    rng = np.random.default_rng(seed)
    effects = rng.normal(0, truth.province_scale, len(PROVINCES))
    effects = effects - effects.mean()
    apart = rng.normal(0, truth.employment_province_spread, (len(PROVINCES), 2))
    speeds = truth.convergence * np.exp(truth.convergence_spread * rng.standard_normal(31))
    provinces = {
        p: Province(float(effects[i]), float(speeds[i]), (float(apart[i, 0]), float(apart[i, 1])))
        for i, p in enumerate(PROVINCES)
    }
    jobs, value = (
        {p: sector_paths(rng, name) for p in PROVINCES} for name in ("employment", "value")
    )
    by_level = rng.normal(0, truth.employment_level_spread, (2, 2))
    of_provinces, of_counties = (
        [truth.employment_response[i] + float(row[i]) for i in (0, 1)] for row in by_level
    )
    nation = run_provinces(truth, provinces, (jobs, value), of_provinces, rng)
    rows = []
    for p in PROVINCES:
        for year in YEARS:
            rows.append((p, year, "urban_share", share_of(provinces[p].level[year])))
            for i, sector in enumerate(SECTORS):
                rows.append((p, year, f"employed_{sector}", 1e6 * jobs[p][year][i]))
                rows.append((p, year, f"value_added_{sector}", 1e9 * value[p][year][i]))
    table = pd.DataFrame(rows, columns=["region_code", "year", "variable", "value"])
    counties = run_counties(truth, nation, provinces, value, (of_counties, rng))
    table = table.assign(published=table["year"] + 1, kind="yearbook")
    census = publish(table, counties, value, truth, rng)
    levels = {code: county["level"] for code, county in counties.items()}
    return World(truth, nation.paces, census, levels, provinces)


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


def mean_of(mixes: Mixes, year: int, sector: int) -> float:
    """Share of a sector in the mean place."""
    return sum(mix[year][sector] for mix in mixes.values()) / len(mixes)


def catching_up(truth: Truth, year: int) -> float:
    """What rebasing adds to a year's published change.

    Until a break each year is printed too low by an equal part of the jump; the year of the
    break makes all of it good.
    """
    added = 0.0
    for (first, last), jump in zip(((2001, 2005), (2006, 2010)), truth.jump, strict=True):
        if first <= year <= last:
            added -= jump / (last - first + 1)
        if year == last:
            added += jump
    return added


def run_provinces(
    truth: Truth,
    provinces: dict[str, Province],
    mixes: tuple[Mixes, Mixes],
    response: list[float],
    rng: np.random.Generator,
) -> Nation:
    """Run all provinces together: each is pulled to where their mean stands."""
    nation = Nation()
    for one in provinces.values():
        one.level[2000] = odds(rng.uniform(0.25, 0.6)) - odds(0.45)
    rho = truth.year_persistence
    effect = rng.normal(0, truth.year_scale / math.sqrt(1 - rho**2))
    carried = dict.fromkeys(provinces, 0.0)
    for year in list(YEARS)[1:]:
        mean = sum(one.level[year - 1] for one in provinces.values()) / len(provinces)
        pace = truth.pace - truth.national_convergence * mean + effect
        nation.levels[year], nation.paces[year] = mean, pace
        effect = rho * effect + rng.normal(0, truth.year_scale)
        for code, one in provinces.items():
            change = pace + one.effect + one.convergence * (mean - one.level[year - 1])
            change += pushed(truth, code, year, mixes, [response[i] + one.apart[i] for i in (0, 1)])
            change += catching_up(truth, year)
            shock, carried[code] = province_shock(truth, year, carried[code], rng)
            one.level[year] = one.level[year - 1] + change + shock
    return nation


def pushed(
    truth: Truth, code: str, year: int, mixes: tuple[Mixes, Mixes], response: list[float]
) -> float:
    """What drivers less the mean place's, and their changes, add to a province's year."""
    jobs, value = mixes
    added = 0.0
    for i in (0, 1):
        before = jobs[code][year - 1][i + 1] - mean_of(jobs, year - 1, i + 1)
        now = jobs[code][year][i + 1] - mean_of(jobs, year, i + 1)
        added += response[i] * before + truth.employment_change[i] * (now - before)
        mix = value[code][year - 1][i + 1] - mean_of(value, year - 1, i + 1)
        added += truth.value_added_response[i] * mix
    return added


def province_shock(
    truth: Truth, year: int, before: float, rng: np.random.Generator
) -> tuple[float, float]:
    """One year's shock, and what of it the next year may carry on: nothing over a break."""
    scale = truth.shock_scale_early if year < 2010 else truth.shock_scale
    if year in (2005, 2010):
        return math.hypot(scale, truth.jump_scale) * rng.standard_t(100), 0.0
    shock = truth.shock_persistence * before + scale * rng.standard_t(truth.shock_df)
    return shock, shock


def run_counties(
    truth: Truth,
    nation: Nation,
    provinces: dict[str, Province],
    value: Mixes,
    jobs_and_chance: tuple[list[float], np.random.Generator],
) -> dict[str, dict]:
    """Run counties from 2010: paces of prefecture and county that last, shocks that do not."""
    response, rng = jobs_and_chance
    jobs = {code: county_jobs(rng) for codes in prefectures().values() for code in codes}
    out = {}
    for prefecture, codes in prefectures().items():
        home = provinces[prefecture[:2] + "0000"]
        keep = 1 - home.convergence
        total = sum(keep**k for k in range(10))
        spread = sum(keep ** (2 * k) for k in range(10))
        lasting, passing = truth.persistence / total**2, (1 - truth.persistence) / spread
        city_pace = rng.normal(0, truth.prefecture_scale * math.sqrt(lasting))
        common = {y: rng.normal(0, truth.prefecture_scale * math.sqrt(passing)) for y in YEARS}
        for code in codes:
            erratic = truth.county_scale / math.sqrt(
                rng.gamma(truth.county_df / 2, 2 / truth.county_df)
            )
            own_pace = rng.normal(0, erratic * math.sqrt(lasting))
            path = {2010: odds(rng.uniform(0.15, 0.45)) - odds(0.45)}
            for year in range(2011, 2024):
                change = nation.paces[year] + home.effect + truth.county_offset
                change += home.convergence * (nation.levels[year] - path[year - 1])
                change += city_pace + own_pace
                change += common[year] + rng.normal(0, erratic * math.sqrt(passing))
                for i in (0, 1):
                    at = jobs[code][year - 1][i + 1] - mean_of(jobs, year - 1, i + 1)
                    then = jobs[code][year][i + 1] - mean_of(jobs, year, i + 1)
                    change += (response[i] + home.apart[i]) * at
                    change += truth.employment_change[i] * (then - at)
                    mix = value[prefecture[:2] + "0000"][year - 1][i + 1]
                    change += truth.value_added_response[i] * (
                        mix - mean_of(value, year - 1, i + 1)
                    )
                path[year] = path[year - 1] + change
            out[code] = {"level": path, "jobs": jobs[code], "people": round(rng.uniform(1e5, 6e5))}
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


def publish(
    provinces: pd.DataFrame,
    counties: dict,
    value: dict,
    truth: Truth,
    rng: np.random.Generator,
) -> SimpleNamespace:
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

    def printed(share: float, error: float, off: float = 0.0) -> float:
        """A share as a source of that error prints it; before the census of 2020 it lay low."""
        return float(1 / (1 + math.exp(-odds(share) - off - rng.normal(0, error))))

    urban = [
        [people[i] * share_of(counties[c]["level"][y]) for i, c in enumerate(OWN)]
        for y in (2010, 2020)
    ]
    persons = np.stack([np.array(urban), people - np.array(urban)], axis=-1)
    series = [
        (CITY, 2018, "urban_share", printed(city(2018), 0.03, truth.rebasing), "press", 2019),
        (CITY, 2022, "urban_share", printed(city(2022), 0.008), "bulletin", 2023),
        (
            OWN[0],
            2023,
            "urban_share",
            printed(share_of(counties[OWN[0]]["level"][2023]), 0.02),
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
        uncounted=(),
        stand_ins=(),
    )

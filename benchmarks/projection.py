"""Time the accounts against the memory of the machine; prints one JSON line.

``python benchmarks/projection.py [--counties 2848]``. Three cases:

- eight counties by residence, single ages, 4,000 draws, 15 years, every kind of rate,
  totals and flows kept, against a STREAM-like triad over the state once a year;
- one country, one thread, in microseconds per trajectory;
- thousands of counties in blocks, seven quantiles of county totals kept.
"""

import argparse
import json
import resource
import time
from collections.abc import Callable

import numba as nb
import numpy as np
import xarray as xr

from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Migration, Mobility, Rates, Vital
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.projection.method import TIMINGS
from qyforecast.projection.step import allocate, fill, prepare, run_blocks
from qyforecast.projection.world import World, build_world

SEXES, AGES = ["male", "female"], list(range(101))
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def main() -> None:
    """Run the cases and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=2848)
    parser.add_argument("--draws", type=int, default=4000)
    chosen = parser.parse_args()
    nothing = np.zeros(0, dtype=np.int64)
    run_blocks(build_city(2, 10), nothing, "float64")  # Compile, or load what was compiled.
    city = build_city(8, chosen.draws)
    before = peak()
    everything = best(lambda: run_blocks(city, nothing, "float64"), 1)
    extra = peak() - before
    # The kernel alone: inputs brought into order, room for totals and flows made before.
    inputs, outputs = prepare(city, nothing), allocate(city, 0, "float64")
    kernel = best(lambda: fill(inputs, outputs))
    kernel_one = best(lambda: fill(inputs, outputs, threads=1))
    del inputs, outputs
    stream = stream_times(city)
    country = build_country(chosen.draws)
    inputs, outputs = prepare(country, nothing), allocate(country, 0, "float64")
    one = best(lambda: fill(inputs, outputs, threads=1))
    result = {
        "kernel_ms": kernel,
        "stream_ms": stream["triad"],
        "ratio": kernel / stream["triad"],
        "stream_in_place_ms": stream["in_place"],
        "kernel_one_thread_ms": kernel_one,
        "run_ms": everything,
        "us_per_trajectory": 1e3 * one / chosen.draws,
        "peak_rss_beyond_inputs_mb": extra,
    }
    if chosen.counties:
        start = time.perf_counter()
        run_counties(chosen.counties, chosen.draws)
        result |= {"counties": chosen.counties, "counties_s": time.perf_counter() - start}
    result["peak_rss_mb"] = peak()
    print(json.dumps({key: round(value, 3) for key, value in result.items()}))


def peak() -> float:
    """Peak resident memory so far. [MB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def best(run: Callable[[], object], times: int = 5) -> float:
    """Shortest of some runs, after one to warm up. [ms]"""
    run()
    spans = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        spans.append(time.perf_counter() - start)
    return 1e3 * min(spans)


@nb.njit(parallel=True)
def triad(a, b, c):
    """STREAM's triad."""
    for i in nb.prange(a.size):
        a[i] = b[i] + 1.5 * c[i]


@nb.njit(parallel=True)
def scale(a):
    """Read and write every number once."""
    for i in nb.prange(a.size):
        a[i] = 1.0001 * a[i]


def stream_times(world: World) -> dict[str, float]:
    """Time to stream the state once a year: by a triad, and in place. [ms]"""
    a, b, c = (np.ones(world.start.size) for _ in range(3))
    years = world.sizes[1]
    return {
        "triad": best(lambda: [triad(a, b, c) for _ in range(years)]),
        "in_place": best(lambda: [scale(a) for _ in range(years)]),
    }


def build_city(regions: int, draws: int, years: int = 15, seed: int = 1) -> World:
    """Make a city of counties by residence, every kind of rate in it."""
    rng = np.random.default_rng(seed)
    names = [f"62{i:04d}" for i in range(regions)]
    places = area_coordinates(names, ("urban", "rural"))
    scalars = {"draw": range(draws), "year": range(2021, 2021 + years), "region": names}

    def by_region(low: float, high: float) -> xr.DataArray:
        return uniform(rng, low, high, scalars, ("draw", "year", "region"))

    cells = places | {"sex": SEXES, "age": AGES}
    moves = {"sex": SEXES, "age": AGES}
    mobility = Mobility(
        uniform(rng, 0, 0.01, cells, ("area", "sex", "age")),
        xr.DataArray(np.full(regions, 1 / regions), {"region": names}, ("region",)),
        uniform(rng, 0.1, 1, moves, ("sex", "age")),
        uniform(rng, 0.001, 0.01, moves, ("sex", "age")),
        return_scale=by_region(0.5, 1.5),
    )
    path = UrbanPath(by_region(0.44, 0.46) + 0.008 * xr.DataArray(np.arange(years), dims="year"))
    rates = Rates(*vital_and_migration(rng, cells, scalars), mobility)
    population = Population(uniform(rng, 500, 2000, cells, ("area", "sex", "age")), 2020)
    return build_world(population, rates, path, 2020 + years, TIMINGS["even"])


def build_country(draws: int, years: int = 15, seed: int = 2) -> World:
    """Make one country, mortality, fertility and migration moved by draw."""
    rng = np.random.default_rng(seed)
    cells = area_coordinates(["000000"], ("all",)) | {"sex": SEXES, "age": AGES}
    scalars = {"draw": range(draws), "year": range(2021, 2021 + years), "region": ["000000"]}
    rates = Rates(*vital_and_migration(rng, cells, scalars))
    population = Population(uniform(rng, 5e6, 2e7, cells, ("area", "sex", "age")), 2020)
    return build_world(population, rates, None, 2020 + years, TIMINGS["even"])


def vital_and_migration(
    rng: np.random.Generator, cells: dict, scalars: dict
) -> tuple[Vital, Migration]:
    """Make survival between two levels, fertility and external migration."""
    levels = cells | {"level": ["low", "high"]}
    fertility = uniform(rng, 0, 0.1, cells, ("area", "age"))
    vital = Vital(
        uniform(rng, 0.97, 1, levels, ("level", "area", "sex", "age")),
        uniform(rng, 0.97, 1, levels, ("level", "area", "sex")),
        fertility.where((fertility["age"] > 14) & (fertility["age"] < 50), 0.0),
        mortality_level=uniform(rng, 0, 1, scalars, ("draw", "year")),
        fertility_scale=uniform(rng, 0.8, 1.2, scalars, ("draw", "year", "region")),
    )
    arrivals = uniform(rng, 0, 5, cells, ("area", "sex", "age"))
    scale = uniform(rng, 0, 2, scalars, ("draw", "year", "region"))
    return vital, Migration(arrivals, arrivals_scale=scale)


def uniform(
    rng: np.random.Generator, low: float, high: float, labels: dict, dims: tuple[str, ...]
) -> xr.DataArray:
    """Draw uniform numbers with labels."""
    sizes = [len(labels["area"][1] if dim == "area" else labels[dim]) for dim in dims]
    coords = {key: value for key, value in labels.items() if key in dims}
    if "area" in dims:
        coords |= {key: labels[key] for key in ("region", "residence")}
    return xr.DataArray(rng.uniform(low, high, sizes), coords, dims)


def run_counties(counties: int, draws: int, block: int = 16) -> np.ndarray:
    """Project many counties in blocks; keep seven quantiles of county totals, float32."""
    kept = np.empty((len(QUANTILES), 16, counties), dtype=np.float32)
    picks = np.rint(np.array(QUANTILES) * (draws - 1)).astype(int)
    for first in range(0, counties, block):
        last = min(first + block, counties)
        world = build_city(last - first, draws, seed=first)
        records, _ = run_blocks(world, np.zeros(0, dtype=np.int64), "float32")
        totals = records.totals.sum(axis=(3, 4)).astype(np.float32)
        kept[:, :, first:last] = np.sort(totals, axis=0)[picks]
    return kept


if __name__ == "__main__":
    main()

"""Time the accounts against the memory of the machine; prints one JSON line.

``python benchmarks/projection.py [--counties 2848]``. Three cases:

- eight counties by residence, single ages, 4,000 draws, 15 years, every kind of rate,
  totals and flows kept, against a STREAM-like triad over the state once a year;
- one country, one thread, in microseconds per trajectory;
- thousands of counties in blocks, in float32, seven quantiles of county totals kept.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

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
NOTHING = np.zeros(0, dtype=np.int64)
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def main() -> None:
    """Run the cases and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=2848, help="0 leaves that case out")
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--only-counties", action="store_true")
    chosen = parser.parse_args()
    # Compile, or load what was compiled.
    accounts = "float32" if chosen.only_counties else "float64"
    run_blocks(build_city(2, 10), NOTHING, "float64", accounts=accounts)
    if chosen.only_counties:
        result = time_counties(chosen.counties, chosen.draws)
    else:
        result = time_city(chosen.draws) | time_country(chosen.draws)
    if chosen.counties and not chosen.only_counties:
        # Peak memory is a process's own.
        command = [sys.executable, __file__, "--only-counties", f"--draws={chosen.draws}"]
        answer = subprocess.run(
            [*command, f"--counties={chosen.counties}"], check=True, capture_output=True
        )
        result |= json.loads(answer.stdout)
    print(json.dumps({key: round(value, 3) for key, value in result.items()}))


def time_city(draws: int) -> dict[str, float]:
    """Time a city against memory, and its largest need of memory beyond its inputs."""
    city = build_city(8, draws)
    before = peak()
    (whole,) = best(lambda: run_blocks(city, NOTHING, "float64"), times=1)
    extra = peak() - before
    # The kernel alone: inputs brought into order, room for totals and flows made before.
    inputs, outputs = prepare(city, NOTHING), allocate(city, 0, "float64")
    a, b, c = (np.ones(city.start.size) for _ in range(3))
    years = range(city.sizes[1])
    kernel, stream, in_place, one = best(
        lambda: fill(inputs, outputs),
        lambda: [triad(a, b, c) for _ in years],
        lambda: [scale(a) for _ in years],
        lambda: fill(inputs, outputs, threads=1),
    )
    return {
        "kernel_ms": kernel,
        "stream_ms": stream,
        "ratio": kernel / stream,
        "stream_in_place_ms": in_place,
        "kernel_one_thread_ms": one,
        "run_ms": whole,
        "peak_rss_beyond_inputs_mb": extra,
    }


def time_country(draws: int) -> dict[str, float]:
    """Time one country on one thread."""
    country = build_country(draws)
    inputs, outputs = prepare(country, NOTHING), allocate(country, 0, "float64")
    one, whole = best(
        lambda: fill(inputs, outputs, threads=1),
        lambda: fill(prepare(country, NOTHING), outputs, threads=1),
        times=50,
    )
    return {
        "us_per_trajectory": 1e3 * one / draws,
        "us_per_trajectory_with_inputs": 1e3 * whole / draws,
    }


def time_counties(counties: int, draws: int) -> dict[str, float]:
    """Time many counties in blocks, and their largest need of memory, all included."""
    start, work = time.perf_counter(), time.process_time()
    _, making = run_counties(counties, draws)
    return {
        "counties": counties,
        "counties_inputs_s": making,
        "counties_s": time.perf_counter() - start,
        "counties_processor_s": time.process_time() - work,
        "counties_peak_rss_mb": peak(),
    }


def peak() -> float:
    """Peak resident memory so far. [MB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def best(*runs: Callable[[], object], times: int = 7) -> tuple[float, ...]:
    """Shortest of some rounds of each, taken in turn so that all see the same machine. [ms]"""
    spans: list[list[float]] = [[] for _ in runs]
    for _ in range(times + 1):
        for run, span in zip(runs, spans, strict=True):
            start = time.perf_counter()
            run()
            span.append(1e3 * (time.perf_counter() - start))
    # The first round warms up.
    return tuple(min(span[1:]) for span in spans)


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


def run_counties(counties: int, draws: int, block: int = 8) -> tuple[np.ndarray, float]:
    """Project many counties in blocks; seven quantiles of county totals, and time of the inputs.

    Each processor has blocks of its own from inputs to quantiles: making inputs is numpy's
    work on one thread. Accounts are in float32. The time of the inputs is the sum over
    processors.
    """
    kept = np.empty((len(QUANTILES), 16, counties), dtype=np.float32)
    firsts = range(0, counties, block)
    workers = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(workers) as pool:
        shares = [(kept, firsts[i::workers], block, draws) for i in range(workers)]
        return kept, sum(pool.map(lambda share: run_share(*share), shares))


def run_share(kept: np.ndarray, firsts: range, block: int, draws: int) -> float:
    """Project some blocks of counties one after another; time of their inputs. [s]"""
    picks = np.rint(np.array(QUANTILES) * (draws - 1)).astype(int)
    making, outputs = 0.0, None
    for first in firsts:
        last = min(first + block, kept.shape[-1])
        start = time.perf_counter()
        world = build_city(last - first, draws, seed=first)
        world = replace(world, leaving=np.zeros_like(world.leaving))
        making += time.perf_counter() - start
        # Room is made once: fresh memory costs as much as what is written to it.
        if outputs is None or outputs.totals.shape[1] != last - first:
            outputs = allocate(world, 0, "float32", "float32")
        fill(prepare(world, NOTHING, "float32"), outputs, threads=1)
        # Draws lie together, so that one sort of each row gives all quantiles.
        totals = outputs.totals.sum(axis=(2, 3))[..., :draws]
        totals.sort(axis=-1)
        kept[:, :, first:last] = np.moveaxis(totals[..., picks], -1, 0)
    return making


if __name__ == "__main__":
    main()

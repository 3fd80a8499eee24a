"""Time a whole country, without the fit; prints one JSON line.

``python -m benchmarks.nation FILE FILE [--draws 4000] [--every 1]`` with the county-census
files of 2010 and 2020. One ground is laid (posterior made by hand: its numbers cost what a fitted
one's do), then all blocks are projected by one and by two threads, and by one and by two worker
processes of a LocalCluster; ``gather`` is adding up and quantiles of wholes. ``--every N``
takes every N-th prefecture only. On a shared machine CPU seconds say more than wall seconds.
"""

import argparse
import json
import resource
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from distributed import LocalCluster

from qyforecast.census.assumptions import Assumptions
from qyforecast.census.census import read_census
from qyforecast.census.country_files import read_country
from qyforecast.census.country_rates import estimate_country
from qyforecast.census.panel import Panel
from qyforecast.country.gather import gather
from qyforecast.country.ground import Ground, lay_ground
from qyforecast.country.runners import Runner, run_blocks
from qyforecast.country.shelf import load_ground, open_shelf, save_ground
from qyforecast.inference.county_levels import county_model
from qyforecast.inference.mixture import alone
from qyforecast.inference.spec import read_spec
from qyforecast.provenance import shipped_folder
from tests.inference.by_hand import make_posterior

#: The model's own spreads, so that paths are as those of a fit.
SPREADS = {"year_scale": 0.006}


def main() -> None:
    """Lay the ground once, run every case, and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--draws", type=int, default=4000)
    parser.add_argument("--to", type=int, default=2035)
    parser.add_argument("--every", type=int, default=1, help="take every N-th prefecture")
    parser.add_argument("--cases", default="threads1,threads2,workers1,workers2")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shelf = Path(folder) / "blocks"
        spent = lay(chosen, shelf)
        ground = load_ground(shelf)
        blocks = ground.blocks[:: chosen.every]
        # Compile, or load what was compiled.
        list(run_blocks(shelf, blocks[:1], Runner(1), 8, "float32"))
        for case in chosen.cases.split(","):
            spent |= time_case(case, shelf, blocks)
        if chosen.every == 1:
            spent |= timed("gather", lambda: gather(shelf, ground))
        spent["places"] = sum(len(ground.places_of(block)) for block in blocks)
    spent["peak_rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({key: round(value, 2) for key, value in spent.items()}))


def lay(chosen: argparse.Namespace, shelf: Path) -> dict[str, float]:
    """Read files, estimate rates, draw what is common, and write the ground."""

    def run() -> Ground:
        census, assumed = read_census(), Assumptions()
        spec = read_spec(shipped_folder("models") / "urbanization" / "spec.yaml")
        panel = Panel.from_census(census, as_of=2023)
        country = read_country(chosen.files, (census.years[0], census.years[-1]))
        rates = estimate_country(census, country, as_of=2023, to=chosen.to)
        learned = alone(make_posterior(spec, panel, chosen.draws, **SPREADS))
        model = county_model(learned, spec, panel, to=chosen.to, seed=1)
        return lay_ground(
            country, rates, (model, spec, panel), seed=1,
            deviations={
                "fertility_sd": assumed.fertility_county_sd,
                "migration_sd": assumed.county_migration_sd,
                "rural_departure": assumed.rural_departure,
                "urban_arrival": assumed.urban_arrival,
            },
        )  # fmt: skip

    open_shelf(shelf, "benchmark")
    return timed("ground", lambda: save_ground(shelf, run()))


def time_case(case: str, shelf: Path, blocks: list[str]) -> dict[str, float]:
    """Project all blocks in one way, from nothing."""
    for left in shelf.glob("block-*.zarr"):
        shutil.rmtree(left)
    count = int(case[-1])
    with ExitStack() as stack:
        runner = Runner(count)
        if case.startswith("workers"):
            cluster = stack.enter_context(
                LocalCluster(
                    n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None
                )
            )
            runner = Runner(scheduler=cluster.scheduler_address)
            # Every worker loads its packages and the ground before the clock runs.
            list(run_blocks(shelf, blocks[: 4 * count], runner, 8, "float32"))
        draws, years = load_ground(shelf).arrays["mortality_level"].shape
        at_once = runner.at_once(draws, years, "float32")
        return timed(case, lambda: list(run_blocks(shelf, blocks, runner, at_once, "float32")))


def timed(name: str, run) -> dict[str, float]:
    """Wall and CPU time of a run; the CPU time of worker processes is not in it. [s]"""
    wall, work = time.perf_counter(), time.process_time()
    run()
    return {f"{name}_s": time.perf_counter() - wall, f"{name}_cpu_s": time.process_time() - work}


if __name__ == "__main__":
    main()

"""Time a fit in processes of its own: compiling cold and warm, sampling; prints one JSON line.

``python benchmarks/fit.py [--as-of 2025] [--seed 2022]``. The cold process has empty caches of
compiled code, the warm one those that the cold one left. Effective draws per second are those
of the slowest quantity that the card reports.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import arviz as az

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.forecast import newest
from qyforecast.inference.fit import Fitter
from qyforecast.inference.sensitivity import reported_quantities
from qyforecast.inference.spec import read_spec
from qyforecast.provenance import shipped_folder


def main() -> None:
    """Run a cold and a warm process and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-of", type=int)
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--one", action="store_true", help="time this process alone")
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(time_fit(chosen.as_of, chosen.seed)))
        return
    with tempfile.TemporaryDirectory() as caches:
        settings = os.environ | {
            "NUMBA_CACHE_DIR": str(Path(caches) / "numba"),
            "PYTENSOR_FLAGS": f"base_compiledir={Path(caches) / 'pytensor'}",
        }
        command = [sys.executable, __file__, "--one", *sys.argv[1:]]
        cold, warm = (run(command, settings) for _ in range(2))
    print(json.dumps({"benchmark": "fit", "cold": cold, "warm": warm}))


def run(command: list[str], settings: dict[str, str]) -> dict:
    """Run a process and read the JSON line it prints, its wall time added."""
    start = time.perf_counter()
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
    spent = time.perf_counter() - start
    return json.loads(done.stdout.splitlines()[-1]) | {"whole_process_s": round(spent, 1)}


def time_fit(as_of: int | None, seed: int) -> dict:
    """Time the stages of one fit of the full model."""
    census = read_census()
    spec = read_spec(shipped_folder("models") / "urbanization" / "spec.yaml")
    panel = Panel.from_census(census, as_of=as_of or newest(census))
    start = time.perf_counter()
    fitter = Fitter(spec, panel)
    compiled = time.perf_counter()
    posterior = fitter.fit(panel, seed=seed)
    sampled = time.perf_counter()
    sizes = az.ess(reported_quantities(posterior, spec))
    slowest = min(sizes.data_vars, key=lambda name: float(sizes[name]))
    least, seconds = float(sizes[slowest]), sampled - compiled
    return {
        "as_of": panel.as_of,
        "counties": panel.counties.sizes["county"],
        "compile_s": round(compiled - start, 1),
        "sample_s": round(seconds, 1),
        "slowest": str(slowest),
        "effective_draws": round(least),
        "effective_draws_per_s": round(least / seconds, 1),
    }


if __name__ == "__main__":
    main()

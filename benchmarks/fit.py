"""Time fits in processes of their own: compiling cold and warm, sampling; prints one JSON line.

``python benchmarks/fit.py [--as-of 2021 --as-of 2025] [--rival full] [--seed 2022]``. The cold
process has empty caches of compiled code, the warm one those that the cold one left; it compiles
with one vintage and fits each. Effective draws per second are those of the slowest quantity that
the card reports. On a shared machine CPU seconds say more than wall seconds.
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
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.provenance import shipped_folder


def main() -> None:
    """Run a cold and a warm process and print what they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--as-of", type=int, action="append", help="2021 and the newest if none")
    parser.add_argument("--rival", default="full")
    parser.add_argument("--seed", type=int, default=2022)
    parser.add_argument("--stage", choices=("cold", "warm"), help="run this stage in this process")
    chosen = parser.parse_args()
    if chosen.stage:
        print(json.dumps(time_stage(chosen)))
        return
    with tempfile.TemporaryDirectory() as caches:
        settings = os.environ | {
            "NUMBA_CACHE_DIR": str(Path(caches) / "numba"),
            "PYTENSOR_FLAGS": f"base_compiledir={Path(caches) / 'pytensor'}",
        }
        command = [sys.executable, __file__, *sys.argv[1:]]
        stages = {stage: run([*command, "--stage", stage], settings) for stage in ("cold", "warm")}
    print(json.dumps({"benchmark": "fit", **stages}))


def run(command: list[str], settings: dict[str, str]) -> dict:
    """Run a process and read the JSON line it prints, its wall time added."""
    start = time.perf_counter()
    done = subprocess.run(command, env=settings, stdout=subprocess.PIPE, text=True, check=True)
    spent = time.perf_counter() - start
    return json.loads(done.stdout.splitlines()[-1]) | {"whole_process_s": round(spent, 1)}


def time_stage(chosen: argparse.Namespace) -> dict:
    """Compile and, in the warm stage, fit every vintage."""
    census = read_census()
    spec = read_spec(shipped_folder("models") / "urbanization" / "spec.yaml")
    years = chosen.as_of or [2021, newest(census)]
    panels = [Panel.from_census(census, as_of=year) for year in years]
    watch = Watch()
    fitter = Fitter(spec, panels[0])
    spent = {f"compile_{key}": seconds for key, seconds in watch.read().items()}
    heard = panels if chosen.stage == "warm" else []
    fits = [time_fit(fitter, spec, panel, chosen) for panel in heard]
    return spent | ({"fits": fits} if fits else {})


def time_fit(fitter: Fitter, spec: ModelSpec, panel: Panel, chosen: argparse.Namespace) -> dict:
    """Time one fit and measure what it gave."""
    watch = Watch()
    posterior = fitter.fit(panel, seed=chosen.seed, rival=chosen.rival)
    spent = watch.read()
    sizes = az.ess(reported_quantities(posterior, spec))
    slowest = min(sizes.data_vars, key=lambda name: float(sizes[name]))
    least = float(sizes[slowest])
    return {
        "as_of": panel.as_of,
        "rival": posterior.rival,
        "counties": panel.counties.sizes["county"],
        **{f"sample_{key}": seconds for key, seconds in spent.items()},
        "sampled_twice": "repeated_with_draws" in posterior.health,
        "rhat": round(posterior.health["rhat"], 4),
        "slowest": str(slowest),
        "effective_draws": round(least),
        "effective_draws_per_s": round(least / spent["s"], 1),
    }


class Watch:
    """Wall and CPU seconds since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> dict[str, float]:
        """Seconds of both kinds."""
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {"s": round(wall, 1), "cpu_s": round(cpu, 1)}


if __name__ == "__main__":
    main()

"""Time what decisions take, and print one line of JSON.

Needs a saved posterior: run ``qyforecast forecast`` once, then
``uv run python benchmarks/decide.py results/posteriors``. Wall and processor time are both
given: on a machine that is shared the second is the one to compare.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from qyforecast.policy.attribution import share_out
from qyforecast.policy.comparison import compare_scenarios
from qyforecast.policy.seeking import pull_together, seek_strength
from qyforecast.report.decisions import strict_city_targets
from qyforecast.report.gain_shares import COALITION_DRAWS
from qyforecast.report.opening import open_files
from qyforecast.report.request import Request

SCENARIOS, LEVERS, DRAWS = 12, 8, 4000
#: What each should take at most on two cores that are free. [second]
GOALS = {"compare": 8.0, "shapley": 20.0, "seek": 10.0}

spent: dict[str, dict[str, float]] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Add wall and processor time of what is inside."""
    wall, processor = time.perf_counter(), time.process_time()
    yield
    before = spent.setdefault(name, {"wall": 0.0, "processor": 0.0})
    before["wall"] = round(before["wall"] + time.perf_counter() - wall, 2)
    before["processor"] = round(before["processor"] + time.process_time() - processor, 2)


def main(posteriors: Path) -> None:
    """Compare twelve scenarios at two vintages, share out eight levers, seek one goal."""
    request = Request(posteriors.parent / "bench", draws=DRAWS, may_fit=False)
    opened = open_files(request, lambda _: None)
    scenarios = list(opened.library.values())[:SCENARIOS]
    target = next(t for t in strict_city_targets(opened) if t.year == 2035)
    for turn, future in enumerate(opened.futures(lambda _: None)):
        if turn == 0:
            # Compiled code is loaded first: the goals are for a warm program.
            compare_scenarios(future, scenarios[:2], opened.targets, seed=1)
        with timed("compare"):
            compare_scenarios(future, scenarios, opened.targets, seed=1)
    whole = opened.library["all-of-it"]
    bundle = replace(whole, levers=whole.levers[:LEVERS], origins={})
    with timed("shapley"):
        share_out(future, bundle, target, seed=1, draws=COALITION_DRAWS)
    with timed("seek"):
        seek_strength(
            future, pull_together(opened.library, ["all-of-it"]), target, 0.5, most=5, seed=1
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        json.dumps(
            {
                "scenarios": len(scenarios),
                "vintages": len(opened.panels),
                "draws": DRAWS,
                "levers": len(bundle.levers),
                "coalition_draws": COALITION_DRAWS,
                "seconds": spent,
                "goals": GOALS,
                "peak_gigabytes": round(peak, 2),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "results/posteriors"))

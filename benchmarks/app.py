"""Time the app from outside, and print one line of JSON.

Needs a saved posterior: run ``qyforecast forecast`` once, then
``uv run python benchmarks/app.py results``. Sessions speak the app's own transport, each moves
a lever every two seconds and waits for the probability that belongs to it.
"""

import asyncio
import json
import statistics
import subprocess
import sys
import time
import urllib.request

import psutil
from websockets.asyncio.client import connect

PORT, MOVES = 8951, 8
#: What each should take at most on two cores that are free. [second]
GOALS = {"first answer": 3.0, "one session p95": 0.7, "eight sessions p95": 2.0}
START = "page=whatif&lang=en&scenario=settling-in"


def main(results: str) -> None:
    """Start the app, ask it, and stop it."""
    command = [sys.executable, "-m", "qyforecast", "app", "--no-fit", "-q"]
    began = time.perf_counter()
    app = subprocess.Popen([*command, "--results", results, "--port", str(PORT)])
    try:
        _wait(app)
        asyncio.run(_session(0, 1))
        first = time.perf_counter() - began
        one = asyncio.run(_all(1))
        eight = asyncio.run(_all(8))
        process = psutil.Process(app.pid)
        processor = sum(process.cpu_times()[:2])
        memory = process.memory_info().rss / 1e6
    finally:
        app.terminate()
        app.wait(timeout=30)
    found = {"first answer": first, "one session p95": _p95(one), "eight sessions p95": _p95(eight)}
    median = {"one": statistics.median(one), "eight": statistics.median(eight)}
    print(
        json.dumps(
            {
                "seconds": {name: round(value, 2) for name, value in found.items()},
                "median": {name: round(value, 2) for name, value in median.items()},
                "goals": GOALS,
                "moves": MOVES,
                "processor_seconds": round(processor, 1),
                "megabytes": round(memory),
                "load": round(psutil.getloadavg()[0], 1),
            }
        )
    )


def _wait(app: subprocess.Popen) -> None:
    for _ in range(3000):
        if app.poll() is not None:
            raise SystemExit("the app did not start")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/assets/app.css", timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)


async def _all(sessions: int) -> list[float]:
    spent = await asyncio.gather(*(_session(one, MOVES) for one in range(sessions)))
    return [seconds for each in spent for seconds in each]


async def _session(which: int, moves: int) -> list[float]:
    """Move a lever again and again, to places where no session has been."""
    spent = []
    async with connect(f"ws://127.0.0.1:{PORT}/websocket/", max_size=None) as line:
        state = START
        hidden = {f".clientdata_output_{name}_hidden": False for name in ("answer", "figures")}
        await line.send(json.dumps({"method": "init", "data": {"state": state, **hidden}}))
        await _answer(line, state)
        for move in range(moves):
            await asyncio.sleep(2.0 if moves > 1 else 0.0)
            state = f"{START}&s.families-follow={50 + 5 * which + 0.01 * move + moves:g}"
            begun = time.perf_counter()
            await line.send(json.dumps({"method": "update", "data": {"state": state}}))
            await _answer(line, state)
            spent.append(time.perf_counter() - begun)
    return spent


async def _answer(line, state: str) -> None:
    mark = f'data-state="{state.replace("&", "&amp;")}"'
    async for message in line:
        answer = json.loads(message).get("values", {}).get("answer")
        if answer and mark in answer["html"]:
            if "data-target" not in answer["html"]:
                raise SystemExit(answer["html"])
            return


def _p95(spent: list[float]) -> float:
    return sorted(spent)[int(0.95 * (len(spent) - 1))]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "results")

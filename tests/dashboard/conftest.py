"""A small world of eighty draws, served on a port of this machine, and a browser for it."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from qyforecast.census.census import Census
from qyforecast.census.panel import Panel
from qyforecast.dashboard.serve import application
from qyforecast.dashboard.world import Spoken, World
from qyforecast.report.figures.saved import Saved
from qyforecast.report.request import Request
from tests.policy.conftest import census, future, library, targets  # noqa: F401
from tests.report.hand_made_results import write_hand_made

HEALTH = {"rhat": 1.003, "ess_bulk": 1200.0, "ess_tail": 900.0, "divergences": 0, "bfmi": 0.9}


@pytest.fixture(scope="session")
def saving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("saved-scenarios")


@pytest.fixture(scope="session")
def world(census, future, library, targets, saving, tmp_path_factory) -> World:  # noqa: F811
    """Give one vintage and results made by hand."""
    results = tmp_path_factory.mktemp("results")
    write_hand_made(results, results / "model", census)
    return make_world(census, future, library, targets, results, saving)


def make_world(census: Census, future, library, targets, results, saving) -> World:  # noqa: F811
    return World(
        Request(results / "app", seed=5),
        census,
        library,
        tuple(targets),
        {2021: future},
        {2021: Panel.from_census(census, as_of=2021)},
        {2021: Spoken("full", {"full": 1.0}, {"full": HEALTH})},
        Saved(results, results / "model", census),
        saving,
    )


class Served:
    """An app on a port of this machine."""

    def __init__(self, app) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        # The default of this uvicorn warns that it is on its way out.
        config = uvicorn.Config(app, port=self.port, log_level="error", ws="websockets-sansio")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> "Served":
        self._thread.start()
        for _ in range(400):
            if self._server.started:
                return self
            time.sleep(0.025)
        raise TimeoutError("the app did not start")

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=20)

    def url(self, query: str = "") -> str:
        return f"http://127.0.0.1:{self.port}/" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def served(world: World) -> Iterator[Served]:
    with Served(application(world)) as one:
        yield one


@pytest.fixture(scope="session")
def browser():
    """Give Debian's chromium, or skip where it is absent."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()

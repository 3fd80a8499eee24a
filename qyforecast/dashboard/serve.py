"""The app put together, and run."""

import logging
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import uvicorn
from shiny import App
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from qyforecast.dashboard.beginning import open_world
from qyforecast.dashboard.door import LOOPBACK, Guard
from qyforecast.dashboard.frame import inline_scripts, page
from qyforecast.dashboard.routes import routes
from qyforecast.dashboard.session import server_of
from qyforecast.dashboard.world import World
from qyforecast.errors import QyforecastError
from qyforecast.report.request import Request

#: Longest message of a page. [byte]
LONGEST_MESSAGE = 65_536
#: Shortest token that keeps anybody out.
SHORTEST_TOKEN = 16


def application(world: World, host: str = LOOPBACK[0], token: str = "") -> Guard:
    """Put the app together.

    Parameters
    ----------
    world : World
        What all sessions share.
    host : str
        Where it will listen.
    token : str
        What must be shown, if anything.

    Returns
    -------
    Guard
        An ASGI app.
    """
    pages = App(lambda request: page(world, request.url.query), server_of(world))
    assets = StaticFiles(directory=str(files("qyforecast.dashboard") / "assets"))
    whole = Starlette(
        routes=[*routes(world), Mount("/assets", assets), Mount("/", pages)],
    )
    return Guard(whole, host, token, inline_scripts(page(world, "")))


def check_door(host: str, token: str) -> None:
    """Refuse to open to a network without a token.

    Parameters
    ----------
    host : str
        Where to listen.
    token : str
        What must be shown.

    Raises
    ------
    QyforecastError
        If others could come in.
    """
    if host not in LOOPBACK and len(token) < SHORTEST_TOKEN:
        raise QyforecastError(
            "other machines could open the app without a token",
            where="--host",
            found=host,
            cure=f"add --token with at least {SHORTEST_TOKEN} characters, or leave --host out",
        )


def run_app(
    request: Request, save: Path | None, door: tuple[str, int, str], say: Callable[[str], None]
) -> None:
    """Serve until interrupted; nothing else is opened.

    Parameters
    ----------
    request : Request
        Files, vintages, draws and seed.
    save : Path, optional
        Folder for scenarios that are saved.
    door : tuple of str, int and str
        Host, port and token.
    say : callable
        Told what is being done.

    Raises
    ------
    QyforecastError
        Any fault of the files, the fit or the door.
    """
    host, port, token = door
    check_door(host, token)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    world = open_world(request, save, say)
    say(f"open http://{host}:{port}/{'?token=…' if token else ''} in a browser; stop with Ctrl-C")
    uvicorn.run(
        application(world, host, token),
        host=host,
        port=port,
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        server_header=False,
    )

"""A session: what its page asks last is answered; what it asked before is let go."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from htmltools import TagList
from shiny import Inputs, Outputs, Session, reactive, render

from qyforecast.dashboard.faults import fault_tag
from qyforecast.dashboard.pages import answered, drawn
from qyforecast.dashboard.parts import Part, shown
from qyforecast.dashboard.settings import Settings, read_settings
from qyforecast.dashboard.world import World

#: Runs at a time, for all sessions together: one projection already uses several cores.
QUICK, LONG = 2, 1
#: Charts are drawn of settings that have stood still, not of each on the way. [second]
PAUSE = 0.5

Make = Callable[[World, Settings], list[Part]]


def server_of(world: World) -> Callable[[Inputs, Outputs, Session], None]:
    """Make the function that serves each session.

    Parameters
    ----------
    world : World
        What all sessions share.

    Returns
    -------
    callable
        For `shiny.App`.
    """
    quick = ThreadPoolExecutor(QUICK, thread_name_prefix="answer")
    # Charts and goals wait in a line of their own, so that probabilities never do.
    long = ThreadPoolExecutor(LONG, thread_name_prefix="figures")

    def server(input: Inputs, output: Outputs, session: Session) -> None:  # noqa: A002
        _serve(world, input, session, "answer", _Work(quick, answered, 0.0))
        _serve(world, input, session, "figures", _Work(long, drawn, PAUSE))

    return server


@dataclass(frozen=True)
class _Work:
    """Where and how an answer is made, and how long the settings must have stood still. [second]"""

    pool: ThreadPoolExecutor
    make: Make
    pause: float


def _serve(world: World, asked: Inputs, session: Session, name: str, work: _Work) -> None:
    """Answer each change of the settings in one place of the page."""

    @reactive.extended_task
    async def task(text: str) -> TagList:
        await asyncio.sleep(work.pause)
        loop = asyncio.get_running_loop()
        # Cancelled before its turn comes, it never runs.
        return await loop.run_in_executor(work.pool, _block, world, text, work.make)

    @reactive.effect
    @reactive.event(asked.state)
    def _() -> None:
        task.cancel()
        task.invoke(str(asked.state()))

    def block() -> TagList:
        return task.result()

    # An output is known by the name of its function.
    block.__name__ = name
    render.ui(block)
    session.on_ended(task.cancel)


def _block(world: World, text: str, make: Make) -> TagList:
    settings = Settings(lang="en" if "lang=en" in text else "zh")
    try:
        settings = read_settings(text)
        return shown(make(world, settings), settings)
    except Exception as error:
        return shown([fault_tag(error, settings.lang)], settings)

"""From files to the world that all sessions share."""

from collections.abc import Callable
from pathlib import Path

from qyforecast.dashboard.world import Spoken, World
from qyforecast.errors import QyforecastError
from qyforecast.report.figures.saved import Saved
from qyforecast.report.opening import open_files
from qyforecast.report.record import voice
from qyforecast.report.request import Request


def open_world(request: Request, save: Path | None, say: Callable[[str], None]) -> World:
    """Read everything, and draw the futures; fits are let go once they have been drawn from.

    Parameters
    ----------
    request : Request
        Files, vintages, draws and seed.
    save : Path, optional
        Folder for scenarios that are saved.
    say : callable
        Told what is being done.

    Returns
    -------
    World
        Ready to be asked.

    Raises
    ------
    QyforecastError
        Any fault of the files or the fit.
    """
    if save is not None and not save.is_dir():
        raise QyforecastError(
            "there is no such folder", where="--save", found=str(save), cure="make it first"
        )
    opened = open_files(request, say)
    futures = sorted(opened.futures(say), key=lambda one: -one.as_of)
    spoken = {
        one.as_of: Spoken(
            voice(one.weights), one.weights, {part.rival: dict(part.health) for part in one.parts}
        )
        for one in opened.posteriors
    }
    return World(
        request,
        opened.census,
        opened.library,
        opened.targets,
        {one.as_of: one for one in futures},
        {panel.as_of: panel for panel in opened.panels},
        spoken,
        Saved(request.out.parent, request.model_file.parent, opened.census),
        save,
    )

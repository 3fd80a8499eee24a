"""The terminal: tables, and what is being done. rich is imported when something is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from qyforecast.report.overview import TextTable


def _console(*, stderr: bool = False) -> "Console":
    """Open the terminal. rich is imported here, since help does without it."""
    from rich.console import Console

    return Console(stderr=stderr)


def show(table: "TextTable", *, lines: bool = False) -> None:
    """Print a table.

    Parameters
    ----------
    table : TextTable
        Plain cells.
    lines : bool
        Whether rows are ruled.
    """
    from rich.table import Table

    grid = Table(*table.columns, title=table.title, title_justify="left", show_lines=lines)
    for row in table.rows:
        grid.add_row(*row)
    _console().print(grid)


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done and for how long; nothing when quiet.

    Parameters
    ----------
    quiet : bool
        Whether to show nothing.

    Yields
    ------
    callable
        To be told what is being done.
    """
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=_console(stderr=True), disable=quiet) as shown:
        current: list = []

        def say(text: str) -> None:
            if current:
                shown.stop_task(current[-1])
                shown.update(current[-1], total=1, completed=1)
            current.append(shown.add_task(text, total=None))

        yield say
        if current:
            shown.update(current[-1], total=1, completed=1)

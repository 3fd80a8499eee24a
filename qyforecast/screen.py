"""What commands show while they work, and how they lay out a table."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from qyforecast.report.overview import TextTable


def open_console(*, stderr: bool = False) -> "Console":
    """Open the terminal.

    Parameters
    ----------
    stderr : bool
        Whether it is for messages rather than results.

    Returns
    -------
    Console
        Of rich, which is imported here, since help does without it.
    """
    from rich.console import Console

    return Console(stderr=stderr)


def print_table(table: "TextTable", *, lines: bool = True) -> None:
    """Print a table.

    Parameters
    ----------
    table : TextTable
        What to show.
    lines : bool
        Whether there are lines between its rows.
    """
    from rich.table import Table

    grid = Table(*table.columns, title=table.title, title_justify="left", show_lines=lines)
    for row in table.rows:
        grid.add_row(*row)
    open_console().print(grid)


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
    with Progress(*columns, console=open_console(stderr=True), disable=quiet) as shown:
        current: list = []

        def say(text: str) -> None:
            if current:
                shown.stop_task(current[-1])
                shown.update(current[-1], total=1, completed=1)
            current.append(shown.add_task(text, total=None))

        yield say
        if current:
            shown.update(current[-1], total=1, completed=1)

"""Files that are written whole or not at all: one alone, or several together.

What is being written lies under a temporary name that holds the number of its process and
gets its own name by renaming. A killed run leaves at most a temporary name; the next run
that writes there removes it, unless that process still lives.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import shorten

from qyforecast.errors import OutputError

#: Files that are whole, and only wait to take their places.
READY = ".ready"
#: What NetCDF's library raises when a disk fails; it has no error number of its own.
FAILURES = (OSError, RuntimeError)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name for a file or folder, which takes the place of another when done.

    Parameters
    ----------
    path : Path
        File to make or replace, or folder to make; folders above it are made.

    Yields
    ------
    Path
        The temporary name, beside `path` and with its ending.

    Raises
    ------
    OutputError
        If it cannot be written; what was there is then as it was.
    """
    part = path.with_name(f".{path.stem}.part-{os.getpid()}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_dead(path.parent, f".{path.stem}.part-*{path.suffix}")
        remove(part)
        yield part
        part.replace(path)
    except FAILURES as error:
        raise explained(error, path) from error
    finally:
        with suppress(OSError):
            remove(part)


@contextmanager
def whole_files(folder: Path) -> Iterator[Path]:
    """Give a temporary folder whose files take the places of others, all of them or none.

    One renaming decides: before it nothing has happened, after it `finish` can finish what
    a killed run had begun. Other files of the folder stay.

    Parameters
    ----------
    folder : Path
        Where the files belong; made if need be.

    Yields
    ------
    Path
        The temporary folder, inside `folder`.

    Raises
    ------
    OutputError
        If they cannot be written.
    """
    part = folder / f".files.part-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        finish(folder)
        remove(part)
        part.mkdir()
        yield part
        part.rename(folder / READY)
        finish(folder)
    except FAILURES as error:
        raise explained(error, folder) from error
    finally:
        with suppress(OSError):
            remove(part)


def finish(folder: Path) -> tuple[str, ...]:
    """Finish what a run that was killed while files took their places had begun.

    Parameters
    ----------
    folder : Path
        As for `whole_files`; it need not exist.

    Returns
    -------
    tuple of str
        What was done, a sentence each.

    Raises
    ------
    OutputError
        If it cannot be done.
    """
    ready = folder / READY
    try:
        notes = remove_dead(folder, ".files.part-*") if os.access(folder, os.W_OK) else []
        if ready.is_dir():
            names = sorted(path.name for path in ready.iterdir())
            for name in names:
                (ready / name).replace(folder / name)
            ready.rmdir()
            notes.append(f"{', '.join(names)} were whole and are now in {folder.name}")
    except OSError as error:
        raise explained(error, folder) from error
    return tuple(notes)


def remove_dead(folder: Path, pattern: str) -> list[str]:
    """Remove what processes that are no more had not finished.

    Parameters
    ----------
    folder : Path
        Where to look.
    pattern : str
        Temporary names, the number of the process after ``part-``.

    Returns
    -------
    list of str
        What was removed, a sentence each.
    """
    notes = []
    for leftover in sorted(folder.glob(pattern)):
        process = leftover.name.rpartition("part-")[2].partition(".")[0]
        if not running(process):
            remove(leftover)
            notes.append(f"removed {leftover.name}, left by a killed run")
    return notes


def running(process: str) -> bool:
    """Tell whether a process is at work; one cannot ask everywhere, and then it is not.

    Parameters
    ----------
    process : str
        Number of a process.

    Returns
    -------
    bool
        False for this very process, and for what is no number.
    """
    if os.name != "posix" or not process.isdecimal() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there.

    Parameters
    ----------
    path : Path
        What to remove.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def explained(error: Exception, path: Path) -> OutputError:
    """Say what an error of the system means for what was to be written.

    Parameters
    ----------
    error : Exception
        Of the system, or of a library that passes one on.
    path : Path
        File or folder to be written.

    Returns
    -------
    OutputError
        To be raised.
    """
    number = error.errno if isinstance(error, OSError) else None
    # HDF5 passes the system's error on in its words only.
    full = number in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    if full:
        what, cure = "the disk is full", "make room, or name a folder on another disk with --out"
    elif number in (errno.EACCES, errno.EPERM, errno.EROFS):
        what, cure = "results cannot be written here", "name a folder you may write with --out"
    else:
        what, cure = "results could not be written", "name another folder with --out"
    # HDF5 adds lines of its own doings; the first words tell what happened.
    return OutputError(what, where=str(path), found=shorten(str(error), 240), cure=cure)

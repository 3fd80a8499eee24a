"""A folder of results, replaced whole or left as it was."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qyforecast.documents import read_json
from qyforecast.errors import OutputError
from qyforecast.filing import FAILURES, explained, remove_dead
from qyforecast.report.occupied import locked

MANIFEST = "manifest.json"


@contextmanager
def replacing(out: Path | str) -> Iterator[Path]:
    """Fill a temporary folder that takes the place of another when all went well.

    The temporary folder lies beside `out`. At the end two renames put the old folder
    aside and the new one in its place; a run killed between them leaves both whole, and
    `prepare_folder` puts the old one back.

    Parameters
    ----------
    out : path
        Folder to make or to replace.

    Yields
    ------
    Path
        The temporary folder.

    Raises
    ------
    OutputError
        If `out` cannot be written, or holds something that is not results. It is then
        as it was.
    """
    with occupying(out):
        folder = Path(out).resolve()
        part, old = _part(folder), _old(folder)
        try:
            part.mkdir()
            yield part
            if folder.exists():
                folder.rename(old)
            part.rename(folder)
        except FAILURES as error:
            raise explained(error, folder) from error
        finally:
            _tidy(folder, part, old)


@contextmanager
def occupying(
    out: Path | str, say: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[str, ...]]:
    """Keep a folder for one run, from before its first reading to after its last writing.

    Parameters
    ----------
    out : path
        Folder that results shall take.
    say : callable
        Told the same sentences.

    Yields
    ------
    tuple of str
        What a killed run had left and what was done about it, a sentence each.

    Raises
    ------
    OutputError
        If another run is at work there, or as `prepare_folder`.
    """
    with locked(Path(out).resolve()) as former:
        notes = (*former, *prepare_folder(out))
        for note in notes:
            say(note)
        yield notes


def prepare_folder(out: Path | str) -> tuple[str, ...]:
    """Find out before a long run whether its results can be written, and clear up.

    Parameters
    ----------
    out : path
        Folder that results shall take.

    Returns
    -------
    tuple of str
        What a killed run had left and what was done about it, a sentence each.

    Raises
    ------
    OutputError
        If the folder cannot be made or written, or holds something that is not results.
    """
    folder = Path(out).resolve()
    if Path.cwd().is_relative_to(folder):
        raise OutputError(
            "results would take the place of the folder you stand in",
            where=str(folder),
            cure="name a folder inside it with --out",
        )
    probe = _part(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        notes = _clear_leftovers(folder)
        _refuse_others(folder)
        probe.mkdir()
        probe.rmdir()
    except OSError as error:
        raise explained(error, folder) from error
    return notes


def _part(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.part-{os.getpid()}")


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _tidy(folder: Path, part: Path, old: Path) -> None:
    """Leave one folder: the new one, or the old one back in its place."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (part, old):
        shutil.rmtree(leftover, ignore_errors=True)


def _clear_leftovers(folder: Path) -> tuple[str, ...]:
    """Put back what a killed run had set aside, and remove what it had not finished."""
    notes = []
    old = _old(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
        notes.append(f"a killed run had set {folder.name} aside; it is back")
    elif old.exists():
        shutil.rmtree(old)
        notes.append(f"removed {old.name}, left by a killed run")
    notes += remove_dead(folder.parent, f".{folder.name}.part-*")
    return tuple(notes)


def _refuse_others(folder: Path) -> None:
    """Refuse to replace what is not results: a file, or a folder with other files in it."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(
            "results are a folder, and this is a file",
            where=str(folder),
            cure="name another folder with --out",
        )
    own = _own_files(folder / MANIFEST)
    others = sorted(path.name for path in folder.iterdir() if path.name not in own)
    # A file browser leaves hidden files of its own; they are nobody's work.
    others = [name for name in others if not name.startswith(".")]
    if others:
        raise OutputError(
            "the folder holds files that are not results, and replacing it would lose them",
            where=str(folder),
            found=", ".join(others[:3]) + (f" and {len(others) - 3} more" if others[3:] else ""),
            cure="move them away, or name another folder with --out",
        )


def _own_files(manifest: Path) -> set[str]:
    """Name the files that a manifest says were written with it; none without one."""
    try:
        return {MANIFEST, *read_json(manifest, OutputError)["files"]}
    except (OutputError, KeyError, TypeError):
        return set()

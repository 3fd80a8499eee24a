"""One run at a time in a folder of results: a lock that no killed run can leave shut.

The system itself holds the lock and lets go of it when the process ends, however it ends.
The file beside the folder says who holds it. Where the system has no such locks (Windows,
some network disks) two runs are not kept apart; each still leaves whole results.
"""

import errno
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from qyforecast.errors import OutputError
from qyforecast.filing import explained

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

#: Folders that the run at work here holds: what it calls may ask for them again.
_HELD: ContextVar[frozenset[Path]] = ContextVar("_HELD", default=frozenset())
_NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


@contextmanager
def locked(folder: Path) -> Iterator[tuple[str, ...]]:
    """Keep other runs away from a folder.

    Parameters
    ----------
    folder : Path
        Its full name; it need not exist, and the folders above it are made.

    Yields
    ------
    tuple of str
        A sentence about a run that held it and was killed; empty where there was none.

    Raises
    ------
    OutputError
        If another run is at work there, or the lock cannot be written.
    """
    if folder in _HELD.get():
        yield ()
        return
    path = folder.with_name(f".{folder.name}.lock")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        stream = _take(path)
        notes = _took_over(stream, path)
    except OSError as error:
        raise explained(error, folder) from error
    token = _HELD.set(_HELD.get() | {folder})
    try:
        yield notes
    finally:
        _HELD.reset(token)
        path.unlink(missing_ok=True)
        stream.close()


def _take(path: Path) -> IO[str]:
    """Open the lock and shut it behind us."""
    while True:
        stream = path.open("a+", encoding="utf-8")
        try:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Its last holder may have removed the file between the two lines above.
            if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                return stream
        except BlockingIOError:
            holder = _holder(stream)
            stream.close()
            raise OutputError(
                "another run is at work in this folder",
                where=str(path),
                found=_described(holder),
                cure="wait until it has ended, or name another folder with --out",
            ) from None
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return stream
            stream.close()
            raise
        stream.close()


def _took_over(stream: IO[str], path: Path) -> tuple[str, ...]:
    """Write who holds the lock now, and say who held it without giving it back."""
    former, here = _holder(stream), platform.node()
    if former.get("host", here) != here:
        stream.close()
        raise OutputError(
            "a run on another machine took this folder and has not given it back",
            where=str(path),
            found=_described(former),
            cure="if that run has ended, remove this file; or name another folder with --out",
        )
    now = datetime.now(UTC).isoformat(timespec="seconds")
    stream.seek(0)
    stream.truncate()
    stream.write(json.dumps({"process": os.getpid(), "host": here, "started": now}))
    stream.flush()
    return (f"the run before was killed: {_described(former)}",) if former else ()


def _holder(stream: IO[str]) -> dict[str, object]:
    stream.seek(0)
    try:
        content = json.loads(stream.read(1000))
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _described(holder: dict[str, object]) -> str:
    said = {"process": "process {}", "host": "on {}", "started": "since {}"}
    return " ".join(words.format(holder[key]) for key, words in said.items() if key in holder)

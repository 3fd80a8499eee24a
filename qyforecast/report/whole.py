"""Files written all or none; packed files with no clock in them."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from qyforecast.filing import explained

#: The earliest date that a packed file can bear.
EPOCH = (1980, 1, 1, 0, 0, 0)


@contextmanager
def replacing_files(out: Path) -> Iterator[Path]:
    """Fill a temporary folder whose files take their places in another when all went well.

    Parameters
    ----------
    out : Path
        Folder, made where it is not; other files in it stay.

    Yields
    ------
    Path
        The temporary folder, beside the files that are to be replaced.

    Raises
    ------
    OutputError
        If the folder or one of the files cannot be written. All files are then as they were.
    """
    folder = out.resolve()
    made = not folder.exists()
    part = folder / f".part-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        yield part
        _move([path for path in sorted(part.iterdir()) if path.is_file()], folder, part / "old")
    except OSError as error:
        where = error.filename2 or error.filename or folder
        raise explained(error, Path(os.fsdecode(where))) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if made and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _move(files: Sequence[Path], folder: Path, old: Path) -> None:
    """Put files in their places; where one cannot be, put all back as they were."""
    old.mkdir()
    done: list[Path] = []
    try:
        for path in files:
            target = folder / path.name
            if target.exists():
                target.rename(old / path.name)
            done.append(target)
            path.rename(target)
    except OSError:
        for target in done:
            target.unlink(missing_ok=True)
            if (old / target.name).exists():
                (old / target.name).rename(target)
        raise


def settle(path: Path) -> None:
    """Pack a packed file again with one date, so that the same content is the same bytes.

    Parameters
    ----------
    path : Path
        A ``docx`` file.
    """
    with zipfile.ZipFile(path) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)

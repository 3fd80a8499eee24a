"""What a run finds around it: versions, threads, caches of compiled code, saved posteriors."""

import os
import platform
import re
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import xarray as xr

from qyforecast.inference.posterior_checks import BROKEN
from qyforecast.report.installed import PACKAGES
from qyforecast.report.overview import TextTable

#: What numba leaves beside the code it has compiled.
_COMPILED = ("*.nbi", "*.nbc")
_THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def surroundings(results: Path) -> tuple[TextTable, ...]:
    """Describe what a run would find.

    Parameters
    ----------
    results : Path
        Folder of results; posteriors lie in its ``posteriors``.

    Returns
    -------
    tuple of TextTable
        Versions, threads, caches and posteriors; nothing is changed.
    """
    system = (("python", platform.python_version()), ("system", platform.platform()))
    versions = (*((name, version(name)) for name in PACKAGES), *system)
    asked = tuple((name, os.environ[name]) for name in _THREADS if name in os.environ)
    threads = (("processors", str(os.cpu_count() or 1)), *asked)
    caches = tuple((what, str(path), _megabytes(size)) for what, path, size in _caches())
    saved = tuple(map(_posterior, sorted((results / "posteriors").glob("*.nc"))))
    return (
        TextTable("Versions", ("package", "version"), versions, ()),
        TextTable("Threads", ("what", "number"), threads, ()),
        TextTable("Caches of compiled code", ("of", "folder", "MB"), caches, ()),
        TextTable(
            f"Posteriors in {results / 'posteriors'}",
            ("file", "as of", "rival", "draws", "seed", "MB"),
            saved,
            (),
        ),
    )


def _caches() -> Iterator[tuple[str, Path, int]]:
    package = Path(str(files("qyforecast")))
    numba = Path(os.environ.get("NUMBA_CACHE_DIR") or package)
    beside = [path for pattern in _COMPILED for path in numba.rglob(pattern)]
    yield "numba", numba, sum(path.stat().st_size for path in beside)
    named = re.search(r"(?:base_)?compiledir=([^,]+)", os.environ.get("PYTENSOR_FLAGS", ""))
    pytensor = Path(named[1] if named else "~/.pytensor").expanduser()
    yield "PyTensor", pytensor, _size(pytensor)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}"


def _posterior(path: Path) -> tuple[str, ...]:
    """A row of a file's own words; a broken file is named as that."""
    size = _megabytes(path.stat().st_size)
    try:
        with xr.open_dataset(path, engine="h5netcdf") as data:
            count = data.sizes["chain"] * data.sizes["draw"]
            said = (str(data.attrs["as_of"]), str(data.attrs["rival"]))
            return (path.name, *said, str(count), str(data.attrs["seed"]), size)
    except BROKEN:
        return (path.name, "broken", "–", "–", "–", size)

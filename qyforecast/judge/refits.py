"""The model fitted again at each origin to what was known then, each result kept on disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from qyforecast.errors import QyforecastError, UnhealthyFit
from qyforecast.filing import whole_file
from qyforecast.inference.spec import ModelSpec
from qyforecast.provenance import fingerprint

Say = Callable[[str], None]
Task = tuple[int, str]

#: A refit is shorter than the forecast's own fit, and its gate as much wider.
QUICK = {"chains": 2, "tune": 600, "draws": 700}
QUICK_GATE = {"rhat": 1.05, "ess": 70.0, "divergences": 7, "bfmi": 0.2}
#: How many times longer a fit is run when it came out unhealthy: some rivals mix slowly.
LONGER = (1, 3, 9)


#: What reading a torn or foreign archive ends in.
BROKEN = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, EOFError),
    *(MemoryError, OverflowError, zipfile.BadZipFile, zlib.error, struct.error),
)


@dataclass(frozen=True)
class Refit:
    """What one rival foretold at one origin.

    Attributes
    ----------
    draws : ndarray
        Shares, ``(D, H, P)``; missing where a region is not known at the origin. [1]
    log_density : ndarray
        Log density of what came on the log odds of the share, ``(H, P)``; missing where
        nothing came.
    """

    draws: np.ndarray
    log_density: np.ndarray


class Forecaster(Protocol):
    """Foretells by a rival at an origin, and says what its answers depend on."""

    def mark(self, task: Task) -> str:
        """Fingerprint what the answer depends on, see `ProvinceForecaster.mark`."""
        ...

    def __call__(self, task: Task) -> Refit:
        """Fit and foretell, see `ProvinceForecaster.mark`."""
        ...


def quick(spec: ModelSpec) -> ModelSpec:
    """Shorten the sampler's run, and widen its gate, for many refits.

    Parameters
    ----------
    spec : ModelSpec
        The model.

    Returns
    -------
    ModelSpec
        The same model, of the same fingerprint.
    """
    sampler, gate = {**spec.sampler, **QUICK}, {**spec.gate, **QUICK_GATE}
    return replace(spec, sampler=sampler, gate=gate)


def patient[Answer](attempt: Callable[[int], Answer], draws: int) -> Answer:
    """Run a fit longer where it came out unhealthy.

    Parameters
    ----------
    attempt : callable
        From a number of draws to the answer.
    draws : int
        Draws of the first attempt.

    Returns
    -------
    object
        The first healthy answer.

    Raises
    ------
    UnhealthyFit
        If the longest is unhealthy too.
    """
    for longer in LONGER[:-1]:
        try:
            return attempt(longer * draws)
        except UnhealthyFit:
            continue
    return attempt(LONGER[-1] * draws)


@dataclass(frozen=True)
class Shelf:
    """A folder of answers, each whole or not there.

    Attributes
    ----------
    folder : Path
        Holds ``ORIGIN-RIVAL.npz``.
    """

    folder: Path

    def load(self, task: Task, mark: str) -> Refit | None:
        """Load an answer if it is there and answers the same question.

        Parameters
        ----------
        task : tuple of int and str
            Origin and rival.
        mark : str
            Fingerprint it must carry.

        Returns
        -------
        Refit or None
            None where it must be made.
        """
        path = self._path(task)
        try:
            content = io.BytesIO(path.read_bytes())
            with np.load(content, allow_pickle=False) as saved:
                if str(saved["mark"]) == mark:
                    return Refit(saved["draws"], saved["log_density"])
        except BROKEN:
            return None
        return None

    def save(self, task: Task, mark: str, refit: Refit) -> None:
        """Write an answer, whole or not at all.

        Parameters
        ----------
        task : tuple of int and str
            Origin and rival.
        mark : str
            Fingerprint of its question.
        refit : Refit
            The answer.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        draws, density = refit.draws, refit.log_density
        with whole_file(self._path(task)) as part:
            np.savez(part, mark=np.array(mark), draws=draws, log_density=density)

    def _path(self, task: Task) -> Path:
        return self.folder / f"{task[0]}-{task[1]}.npz"


def refit_all(
    tasks: list[Task],
    make: Callable[[], Forecaster],
    shelf: Shelf,
    *,
    workers: int = 1,
    say: Say,
) -> dict[Task, Refit]:
    """Answer every task, those on the shelf without asking again.

    Each answer is put on the shelf as soon as it is there: an interrupted run goes on
    where it stopped. An answer depends on its task alone, so their number of workers does not
    matter to it.

    Parameters
    ----------
    tasks : list of (int, str)
        Origins and rivals.
    make : callable
        Makes a forecaster, once in each worker; must be picklable for several.
    shelf : Shelf
        Where answers are kept.
    workers : int
        Processes; 1 works in this one.
    say : callable
        Told what is done next.

    Returns
    -------
    dict
        Task to answer, in the order of `tasks`.

    Raises
    ------
    UnhealthyFit
        If a fit does not converge.
    OutputError
        If an answer cannot be kept.
    """
    forecaster = make()
    marks = {task: forecaster.mark(task) for task in tasks}
    found = {task: shelf.load(task, marks[task]) for task in tasks}
    missing = [task for task, refit in found.items() if refit is None]
    if len(missing) < len(tasks):
        say(f"{len(tasks) - len(missing)} of {len(tasks)} refits are at hand")
    answers = _here(missing, forecaster, say)
    if workers > 1 and len(missing) > 1:
        answers = _apart(missing, make, workers, say)
    for task, refit in answers:
        shelf.save(task, marks[task], refit)
        found[task] = refit
    return {task: refit for task, refit in found.items() if refit is not None}


def _here(tasks: list[Task], forecaster: Forecaster, say: Say) -> Any:
    for place, task in enumerate(tasks, 1):
        say(f"fitting {task[1]} to what was known in {task[0]} ({place} of {len(tasks)})")
        yield task, forecaster(task)


#: The forecaster of a worker process.
_WORKING: list[Forecaster] = []


def _start(make: Callable[[], Forecaster]) -> None:
    _WORKING[:] = [make()]


def _answer(task: Task) -> tuple[Task, Refit]:
    return task, _WORKING[0](task)


def _apart(tasks: list[Task], make: Callable[[], Forecaster], workers: int, say: Say) -> Any:
    pool = ProcessPoolExecutor(
        min(workers, len(tasks)), get_context("spawn"), initializer=_start, initargs=(make,)
    )
    try:
        waiting = [pool.submit(_answer, task) for task in tasks]
        say(f"fitting {len(tasks)} times in {workers} processes")
        for place, done in enumerate(as_completed(waiting), 1):
            task, refit = done.result()
            say(f"fitted {task[1]} to what was known in {task[0]} ({place} of {len(tasks)})")
            yield task, refit
    except BrokenProcessPool as error:
        raise QyforecastError(
            "a worker process vanished",
            where=f"one of {workers} that fit the model",
            found=str(error),
            cure="run again: it goes on with the refits at hand. If memory ran out (the system "
            "ends the largest process), use fewer --workers",
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def settings_mark(spec: ModelSpec, content: Mapping[str, Any]) -> str:
    """Fingerprint a question put to a model.

    Parameters
    ----------
    spec : ModelSpec
        The model; its file, sampler and gate count.
    content : mapping
        What else counts.

    Returns
    -------
    str
        Fingerprint.
    """
    model = {"specification": spec.sha256, "sampler": spec.sampler, "gate": spec.gate}
    return fingerprint({**content, **model})

"""Blocks run by threads of this machine, or by the workers of a dask cluster."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from qyforecast.country.blocks import project_block
from qyforecast.country.ground import Ground
from qyforecast.country.shelf import load_ground, save_block
from qyforecast.errors import OutputError, QyforecastError
from qyforecast.projection.step import processors

#: A process with its packages and the ground. [MB]
PROCESS = 650.0
#: One place and draw while it is projected, per year: totals, flows and scalars. [byte]
BYTES = {"float32": 4 * 60.0, "float64": 8 * 60.0}


@dataclass(frozen=True)
class Runner:
    """How blocks are run; the numbers do not depend on it.

    Attributes
    ----------
    workers : int
        Threads of this machine; of a cluster all workers are used.
    scheduler : str, optional
        Address of a running dask scheduler, whose workers see the same files.
    memory : float
        Most memory of a process. [MB]
    """

    workers: int = 0
    scheduler: str | None = None
    memory: float = 1500.0

    @property
    def threads(self) -> int:
        """Threads of this machine."""
        return self.workers or processors()

    def at_once(self, draws: int, years: int, precision: str) -> int:
        """Say how many places a thread may hold at a time.

        Parameters
        ----------
        draws, years : int
            Sizes of a projection.
        precision : str
            Of the accounts.

        Returns
        -------
        int
            At least 1, at most 8: more is no faster.

        Raises
        ------
        QyforecastError
            If not one place fits.
        """
        one = BYTES[precision] * draws * (years + 1) / 1e6
        # The paths of a prefecture of thirty places, and its sums.
        beside = 12 * one
        threads = 1 if self.scheduler else self.threads
        room = (self.memory - PROCESS) / threads - beside
        if room < one:
            raise QyforecastError(
                "there is not enough memory for one place",
                where="--memory",
                found=f"{self.memory:.0f} MB for {threads} threads",
                cure=f"give {PROCESS + threads * (beside + one):.0f} MB or more, or fewer "
                "--workers or --draws",
            )
        return min(8, int(room / one))


def run_blocks(
    folder: Path, blocks: Sequence[str], runner: Runner, at_once: int, precision: str
) -> Iterator[str]:
    """Project blocks whose ground lies in a folder, and leave them there.

    Interrupted, it waits for the blocks under way; what is finished stays.

    Parameters
    ----------
    folder : Path
        Of the run.
    blocks : sequence of str
        Codes of the blocks wanted.
    runner : Runner
        Threads or cluster.
    at_once : int
        How many places a thread holds at a time.
    precision : str
        Of the accounts.

    Yields
    ------
    str
        Code of each block when it is finished.

    Raises
    ------
    QyforecastError
        If a block cannot be projected or written, or the cluster is lost.
    """
    task = partial(run_block, str(folder.resolve()), at_once=at_once, precision=precision)
    with _open(runner) as pool:
        running = [pool.submit(task, block) for block in blocks]
        try:
            for one in as_completed(running):
                yield one.result()
        except QyforecastError:
            raise
        except (OSError, RuntimeError) as error:
            raise OutputError(
                "the workers were lost",
                found=f"{type(error).__name__}: {error}",
                cure="run again: what is finished is kept",
            ) from error
        finally:
            for one in running:
                one.cancel()


def run_block(folder: str, block: str, *, at_once: int, precision: str) -> str:
    """Project one block and write it; what a worker does.

    Parameters
    ----------
    folder : str
        Of the run.
    block : str
        Code.
    at_once : int
        How many places are in memory at a time.
    precision : str
        Of the accounts.

    Returns
    -------
    str
        The code.
    """
    ground = _ground(folder, precision)
    done = project_block(ground, block, at_once=at_once, precision=precision)
    save_block(Path(folder), block, done, precision)
    return block


@lru_cache(maxsize=1)
def _ground(folder: str, precision: str) -> Ground:
    """Read the ground once in a process, the model in the precision of the accounts."""
    ground = load_ground(Path(folder))
    model = {k: v.astype(precision) for k, v in ground.model.arrays().items()}
    return Ground(ground.labels, ground.arrays, type(ground.model)(**model), ground.figures)


@contextmanager
def _open(runner: Runner) -> Iterator[Executor]:
    if runner.scheduler is None:
        with ThreadPoolExecutor(runner.threads) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return
    with _client(runner.scheduler) as client:
        pool = client.get_executor(pure=False, retries=2)
        try:
            yield pool
        finally:
            pool.shutdown(wait=False)


def _client(address: str) -> Any:
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError as error:
        raise OutputError(
            "dask is not installed",
            where="--scheduler",
            cure="install qyforecast with its extra 'scale'",
        ) from error
    try:
        return Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise OutputError(
            "no dask scheduler answers",
            where="--scheduler",
            found=f"{address}: {error}",
            cure="start one with 'dask scheduler', and workers with 'dask worker', or leave "
            "--scheduler out",
        ) from error

"""Runs that are killed at a random moment while they write, and what they leave.

One process imports the package and forks a run for every kill, so that twenty kills take
seconds: ``python -m tests.weather.killed KIND FOLDER KILLS SEED``.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.filing import finish, whole_file, whole_files
from qyforecast.judge.refits import Refit, Shelf, refit_all
from qyforecast.provenance import file_sha256
from qyforecast.report.folder import occupying, replacing
from qyforecast.report.writing import write_draws, write_manifest, write_table

ROWS, DRAWS = 400, 4000


def table(generation: int) -> pd.DataFrame:
    """Give a table that says in every row which run wrote it."""
    return pd.DataFrame({"generation": generation, "row": np.arange(ROWS), "text": "=1"})


def write_folder(place: Path, generation: int) -> None:
    """Write a folder of results as the commands do."""
    with occupying(place / "latest"), replacing(place / "latest") as folder:
        for name in ("targets", "urban_share"):
            write_table(table(generation), folder / f"{name}.csv", "%.6f")
        draws = xr.Dataset({"share": ("draw", np.full(DRAWS, generation, "f4"))})
        write_draws(draws, folder / "draws.nc")
        write_manifest(folder, {"generation": generation})


def folder_found(place: Path) -> object:
    """Read the folder back: the run that wrote all of it, or None; torn files fail."""
    out = place / "latest"
    if not out.exists():
        return None
    manifest = json.loads((out / "manifest.json").read_text())
    for name, sha256 in manifest["files"].items():
        assert file_sha256(out / name) == sha256, f"{name} is torn"
    assert sorted(p.name for p in out.iterdir()) == sorted({"manifest.json", *manifest["files"]})
    with xr.open_dataset(out / "draws.nc", engine="h5netcdf") as data:
        assert set(np.unique(data["share"].values)) == {manifest["generation"]}
    return manifest["generation"]


def mend_folder(place: Path) -> list[str]:
    """Start the next run, and stop it before it does anything."""
    with occupying(place / "latest") as notes:
        return list(notes)


def write_set(place: Path, generation: int) -> None:
    """Write the files beside a model as `fit` and `backtest --weigh` do."""
    with whole_files(place / "model") as folder:
        for name in ("weights", "record", "counties"):
            write_table(table(generation), folder / f"{name}.csv", "%.6f")


def set_found(place: Path) -> object:
    """Read the set back; after mending all of its files are of one run."""
    files = sorted((place / "model").glob("*.csv"))
    assert len(files) in (0, 3), files
    found = [pd.read_csv(path) for path in files]
    assert all(len(one) == ROWS for one in found), "a file is torn"
    generations = {int(value) for one in found for value in one["generation"]}
    assert len(generations) <= 1, f"files of several runs: {generations}"
    return generations.pop() if generations else None


def mend_set(place: Path) -> list[str]:
    """Finish what was decided."""
    return list(finish(place / "model"))


def write_posterior(place: Path, generation: int) -> None:
    """Write one file of draws as a posterior is written."""
    with whole_file(place / "posteriors" / "as-of-2021-full.nc") as part:
        draws = xr.Dataset({"pace": (("chain", "draw"), np.full((4, DRAWS), float(generation)))})
        part.write_bytes(draws.to_netcdf(engine="h5netcdf"))


def posterior_found(place: Path) -> object:
    """Read the file back."""
    path = place / "posteriors" / "as-of-2021-full.nc"
    if not path.exists():
        return None
    with xr.open_dataset(path, engine="h5netcdf") as data:
        found = set(np.unique(data["pace"].values))
    assert len(found) == 1
    return found.pop()


def mend_posterior(place: Path) -> list[str]:
    """Write again, which clears up."""
    write_posterior(place, -1)
    return []


TASKS = [(year, rival) for year in range(2010, 2016) for rival in ("full", "plain")]


class Foreteller:
    """Answers that depend on their task alone, as refits do."""

    def mark(self, task: tuple[int, str]) -> str:
        """Name the question."""
        return f"{task}"

    def __call__(self, task: tuple[int, str]) -> Refit:
        """Answer after a moment."""
        time.sleep(0.002)
        rng = np.random.default_rng(task[0] + len(task[1]))
        return Refit(rng.random((50, 3, 4)), rng.random((3, 4)))


def write_refits(place: Path, generation: int) -> None:
    """Go on with the refits at hand."""
    refit_all(TASKS, Foreteller, Shelf(place / "refits"), say=lambda _: None)


def refits_found(place: Path) -> object:
    """Every refit that is there is whole and right."""
    shelf, right = Shelf(place / "refits"), Foreteller()
    for path in (place / "refits").glob("[!.]*.npz"):
        year, _, rival = path.stem.partition("-")
        found = shelf.load((int(year), rival), right.mark((int(year), rival)))
        assert found is not None, f"{path.name} is torn"
        np.testing.assert_array_equal(found.draws, right((int(year), rival)).draws)
    return None


def mend_refits(place: Path) -> list[str]:
    """Some are lost, as a killed run had not made them; the next run makes them."""
    for path in list((place / "refits").glob("[!.]*.npz"))[::3]:
        path.unlink()
    return []


Steps = tuple[Callable[[Path, int], None], Callable[[Path], object], Callable[[Path], list[str]]]
KINDS: dict[str, Steps] = {
    "folder": (write_folder, folder_found, mend_folder),
    "set": (write_set, set_found, mend_set),
    "posterior": (write_posterior, posterior_found, mend_posterior),
    "refits": (write_refits, refits_found, mend_refits),
}


def kill_one(kind: str, place: Path, generation: int, wait: float) -> None:
    """Fork a run that writes again and again, and kill it after a while."""
    child = os.fork()
    if not child:
        for number in range(generation, generation + 1000):
            KINDS[kind][0](place, number)
        os._exit(1)
    time.sleep(wait)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the run ended by itself: {status}"


def main(kind: str, place: Path, kills: int, seed: int) -> None:
    """Kill, look, mend, look again; at the end write undisturbed."""
    rng, said = Random(seed), 0
    write, found, mend = KINDS[kind]
    for number in range(kills):
        wait = rng.uniform(0.001, 0.12)
        if kind == "refits":
            wait = rng.uniform(0.001, 0.03)
        kill_one(kind, place, 1000 * number, wait)
        if kind != "set":
            found(place)
        said += len(mend(place))
        found(place)
    write(place, 7)
    left = [path for path in place.rglob(".*") if path.name != ".keep"]
    assert not left, f"left over: {left}"
    print(json.dumps({"kills": kills, "said": said, "at the end": str(found(place))}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))

"""Kills, two runs at once, a full disk, a folder for reading only, a vanished worker, Ctrl-C."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qyforecast import filing
from qyforecast.cli import main
from qyforecast.errors import OutputError, QyforecastError
from qyforecast.filing import finish, whole_file, whole_files
from qyforecast.judge.refits import Refit, Shelf, Task, refit_all
from qyforecast.report.folder import occupying
from tests.weather.killed import KINDS, TASKS, Foreteller, folder_found, write_folder

ROOT = Path(__file__).parents[2]


def python(*words: str) -> subprocess.CompletedProcess[str]:
    """Run Python on its own, as strict as the tests."""
    command = [sys.executable, "-W", "error", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.nightly)])
def test_no_kill_leaves_a_torn_file(kind: str, kills: int, tmp_path: Path) -> None:
    """After every kill what is there is whole; the run after it ends as if nothing had been."""
    done = python("-m", "tests.weather.killed", kind, str(tmp_path), str(kills), "1")
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["kills"] == kills
    if kind == "folder":
        assert said["said"] >= kills / 2, "the next run says what it found"


def test_writing_in_place_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a folder that was written half is seen."""
    write_folder(tmp_path, 3)
    assert folder_found(tmp_path) == 3
    path = tmp_path / "latest" / "targets.csv"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(AssertionError, match=r"targets\.csv is torn"):
        folder_found(tmp_path)


def test_a_decided_set_of_files_is_finished(tmp_path: Path, monkeypatch) -> None:
    """A run dies after the first of three files has taken its place."""
    for name in "abc":
        (tmp_path / name).write_text("old")
    replace = Path.replace
    moved: list[Path] = []

    def die(self: Path, target: Path) -> Path:
        if moved:
            raise KeyboardInterrupt
        moved.append(self)
        return replace(self, target)

    def write() -> None:
        with whole_files(tmp_path) as part:
            for name in "abc":
                (part / name).write_text("new")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", die)
        with pytest.raises(KeyboardInterrupt):
            write()
    assert [(tmp_path / name).read_text() for name in "abc"] == ["new", "old", "old"]
    (note,) = finish(tmp_path)
    assert note.startswith("b, c were whole")
    assert [(tmp_path / name).read_text() for name in "abc"] == ["new"] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]
    assert finish(tmp_path) == ()


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom qyforecast.report.folder import occupying\n"
        "from qyforecast.errors import OutputError\n"
        "try:\n    with occupying(sys.argv[1]): print('in')\n"
        "except OutputError as error: print(error)\n"
    )
    with occupying(tmp_path / "latest"):
        said = python("-c", code, str(tmp_path / "latest")).stdout
        assert "another run is at work in this folder" in said
        assert f"process {os.getpid()} on " in said
        assert python("-c", code, str(tmp_path / "other")).stdout == "in\n"
        with occupying(tmp_path / "latest") as notes:
            assert notes == ()
    assert python("-c", code, str(tmp_path / "latest")).stdout == "in\n"
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_a_dead_run_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom qyforecast.report.folder import occupying\n"
        "with occupying(sys.argv[1]): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert python("-c", code, str(tmp_path / "latest")).returncode < 0
    assert (tmp_path / ".latest.lock").exists()
    with occupying(tmp_path / "latest") as notes:
        (note,) = notes
    assert note.startswith("the run before was killed: process ")
    assert " since 20" in note
    assert list(tmp_path.iterdir()) == []


def test_the_lock_of_another_machine_is_respected(tmp_path: Path) -> None:
    lock = tmp_path / ".latest.lock"
    lock.write_text(json.dumps({"process": 7, "host": "elsewhere", "started": "2026-01-01"}))
    with pytest.raises(OutputError, match=r"(?s)another machine.*process 7 on elsewhere"):
        occupying(tmp_path / "latest").__enter__()
    assert "elsewhere" in lock.read_text()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"process": "x"}'])
def test_a_lock_that_says_nothing_is_no_obstacle(tmp_path: Path, content: str) -> None:
    (tmp_path / ".latest.lock").write_text(content)
    with occupying(tmp_path / "latest"):
        pass
    assert list(tmp_path.iterdir()) == []


LIMITED = """
import resource, signal, sys
from pathlib import Path
import tests.weather.killed as killed
from qyforecast.errors import OutputError
killed.DRAWS = 400_000
place = Path(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    killed.KINDS[sys.argv[1]][0](place, 2)
except OutputError as error:
    print(error)
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
@pytest.mark.parametrize("kind", ["folder", "set", "posterior"])
def test_a_disk_that_takes_no_more(kind: str, tmp_path: Path) -> None:
    """The system refuses to write on, in CSV, JSON and HDF5; what was there stays."""
    write, found, _ = KINDS[kind]
    write(tmp_path, 1)
    done = python("-c", LIMITED, kind, str(tmp_path), "2000")
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("results could not be written\n  where: ")
    assert found(tmp_path) == 1
    assert [path for path in tmp_path.rglob(".*") if path.name != ".latest.lock"] == []


def test_a_full_disk_is_called_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")

    def write() -> None:
        with whole_file(tmp_path / "a") as part:
            part.write_text("x")
            full.write_text("x" * 100)

    with pytest.raises(OutputError, match="the disk is full"):
        write()
    assert list(tmp_path.iterdir()) == []


class Vanishing(Foreteller):
    """A forecaster whose process is ended by the system at one task."""

    def __call__(self, task: Task) -> Refit:
        """Answer, or vanish."""
        if task == TASKS[3]:
            os._exit(9)
        return super().__call__(task)


def test_a_vanished_worker_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "refits")
    with pytest.raises(QyforecastError, match="a worker process vanished") as caught:
        refit_all(TASKS, Vanishing, shelf, workers=2, say=lambda _: None)
    assert "run again" in caught.value.cure
    found = refit_all(TASKS, Foreteller, shelf, say=lambda _: None)
    alone = refit_all(TASKS, Foreteller, Shelf(tmp_path / "fresh"), say=lambda _: None)
    for task in TASKS:
        np.testing.assert_array_equal(found[task].draws, alone[task].draws)


def test_ctrl_c_ends_with_one_clear_line(tmp_path: Path, monkeypatch, capsys) -> None:
    from qyforecast.report import pipeline

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "read_census", interrupt)
    out = tmp_path / "results" / "latest"
    monkeypatch.setattr(sys, "argv", ["qyforecast", "forecast", "--quiet", "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    said = capsys.readouterr().err.strip()
    assert said == "stopped: results are as they were, nothing is half-written"
    assert list((tmp_path / "results").iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(28, "No space left on device", "x.csv"), ["the disk is full", "x.csv"]),
        (PermissionError(13, "Permission denied", "y"), ["cannot be written here", "where: y"]),
        (MemoryError(), ["memory ran out", "--draws"]),
    ],
)
def test_what_the_system_refuses_anywhere_ends_with_2(
    fault: BaseException, words: list[str], tmp_path: Path, monkeypatch, capsys
) -> None:
    from qyforecast.report import pipeline

    def refuse(*_: object) -> None:
        raise fault

    monkeypatch.setattr(pipeline, "read_census", refuse)
    out = tmp_path / "results" / "latest"
    monkeypatch.setattr(sys, "argv", ["qyforecast", "forecast", "--quiet", "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("error:") == 1
    for word in words:
        assert word in said


def test_a_process_is_known_to_live_or_not() -> None:
    assert filing.running(str(os.getppid()))
    assert not filing.running(str(os.getpid())), "this very process has no leftovers of its own"
    assert not filing.running("99999999999999999999")
    assert not filing.running("x")


def test_draws_that_were_written_are_read(tmp_path: Path) -> None:
    """A temporary name in NetCDF and as a folder becomes the name asked for."""
    with whole_file(tmp_path / "a.nc") as part:
        assert part.suffix == ".nc"
        xr.Dataset({"x": ("draw", [1.0])}).to_netcdf(part, engine="h5netcdf")
    assert [path.name for path in tmp_path.iterdir()] == ["a.nc"]

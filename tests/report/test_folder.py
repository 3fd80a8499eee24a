import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qyforecast.errors import OutputError
from qyforecast.report.folder import occupying, prepare_folder, replacing


def put(folder: Path, text: str) -> None:
    """Write results of one file."""
    with replacing(folder) as part:
        (part / "targets.csv").write_text(text)
        (part / "manifest.json").write_text(json.dumps({"files": {"targets.csv": ""}}))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give a folder with old results."""
    folder = tmp_path / "results" / "latest"
    put(folder, "old")
    return folder


def test_new_results_take_the_place_of_old_ones(out):
    put(out, "new")
    assert (out / "targets.csv").read_text() == "new"
    assert names(out.parent) == ["latest"]


def test_old_results_stay_when_writing_fails_midway(out):
    def fail() -> None:
        with replacing(out) as part:
            (part / "targets.csv").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (out / "targets.csv").read_text() == "old"
    assert names(out.parent) == ["latest"]


def test_old_results_stay_when_the_swap_fails(out, monkeypatch):
    """The new folder cannot be renamed; the old one, already aside, comes back."""
    rename = Path.rename

    def refuse(self, target):
        if ".part-" in self.name:
            raise OSError(errno.EBUSY, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="could not be written"):
        put(out, "new")
    assert (out / "targets.csv").read_text() == "old"
    assert names(out.parent) == ["latest"]


def test_a_run_killed_between_the_renames_is_mended(out):
    finished = subprocess.run([sys.executable, "-c", ""], check=True)
    assert finished.returncode == 0
    out.rename(out.with_name(".latest.old"))
    (out.parent / ".latest.part-999999999").mkdir()
    notes = prepare_folder(out)
    assert (out / "targets.csv").read_text() == "old"
    assert names(out.parent) == ["latest"]
    assert "it is back" in notes[0]
    assert "removed .latest.part-999999999" in notes[1]


def test_a_killed_run_leaves_the_old_results_whole(out):
    """A process is killed while it writes; the next one clears up after it."""
    code = (
        "import os, signal, sys\n"
        "from qyforecast.report.folder import replacing\n"
        "with replacing(sys.argv[1]) as part:\n"
        "    (part / 'targets.csv').write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code, str(out)], cwd=root, check=False)
    assert done.returncode < 0
    assert (out / "targets.csv").read_text() == "old"
    assert len(names(out.parent)) == 3
    with occupying(out) as notes:
        assert "the run before was killed: process" in notes[0]
        assert "left by a killed run" in notes[1]
    assert names(out.parent) == ["latest"]


def test_the_folder_of_a_run_at_work_is_left_alone(out):
    at_work = out.parent / f".latest.part-{os.getppid()}"
    at_work.mkdir()
    assert prepare_folder(out) == ()
    assert at_work.exists()


def test_nothing_is_left_by_a_look(tmp_path):
    assert prepare_folder(tmp_path / "results" / "latest") == ()
    assert names(tmp_path / "results") == []


@pytest.mark.parametrize("manifest", [None, "{}", "not json", '{"files": 3}'])
def test_a_folder_that_is_not_results_is_refused(tmp_path, manifest):
    (tmp_path / "thesis.docx").write_text("years of work")
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(OutputError, match=r"(?s)not results.*thesis\.docx"):
        put(tmp_path, "new")
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


def test_a_note_beside_results_is_not_lost(out):
    (out / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"(?s)found: notes\.txt\n"):
        put(out, "new")
    assert (out / "notes.txt").read_text() == "mine"
    assert (out / "targets.csv").read_text() == "old"


def test_hidden_files_of_a_file_browser_do_not_count(out):
    (out / ".DS_Store").write_text("")
    put(out, "new")
    assert (out / "targets.csv").read_text() == "new"


def test_an_empty_folder_may_be_filled(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    put(folder, "new")
    assert (folder / "targets.csv").read_text() == "new"


def test_a_file_is_refused(tmp_path):
    (tmp_path / "latest").write_text("")
    with pytest.raises(OutputError, match="this is a file"):
        prepare_folder(tmp_path / "latest")
    with pytest.raises(OutputError, match="could not be written"):
        prepare_folder(tmp_path / "latest" / "deeper")


def test_the_folder_one_stands_in_is_refused(tmp_path, monkeypatch):
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    for place in (".", ".."):
        with pytest.raises(OutputError, match="you stand in"):
            prepare_folder(place)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "cannot be written here"),
        (errno.EROFS, "cannot be written here"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EIO, "could not be written"),
    ],
)
def test_what_the_system_refuses_is_said_at_the_start(out, monkeypatch, number, words):
    """Simulated, since a superuser may write everywhere."""

    def refuse(self, *args, **kwargs):
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match=words) as caught:
        prepare_folder(out)
    assert str(out) in str(caught.value)
    assert os.strerror(number) in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="may write everywhere")
def test_an_unwritable_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written here"):
        prepare_folder(tmp_path / "latest")

"""The page about a city of one's own, run as it stands: each command prints what it says."""

import os
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qyforecast.cli import app
from qyforecast.errors import QyforecastError

PAGE = Path(__file__).parents[1] / "docs" / "own-city.md"
_BLOCK = re.compile(r"```console\n\$ qyforecast (.*?)\n(.*?)```", re.DOTALL)
#: A sampler that is quick, and a gate that lets it pass; what it gives is no forecast.
_SHORT = (
    ("tune: 1000, draws: 1000", "tune: 200, draws: 100"),
    ("rhat: 1.01, ess: 400, divergences: 0, bfmi: 0.3",
     "rhat: 2.0, ess: 4, divergences: 400, bfmi: 0.01"),
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with the two county files, or skip where there are none."""
    cases = os.environ.get("QYFORECAST_CASES")
    data = Path(cases).parent / "data" if cases else tmp_path / "absent"
    for year in (2010, 2020):
        path = data / f"china_counties_census{year}.csv"
        if not path.is_file():
            pytest.skip("no folder data with county files lies beside QYFORECAST_CASES")
        (tmp_path / f"counties{year}.csv").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(command: str) -> str:
    """Run a command as the shell would, its error as `main` prints it."""
    done = CliRunner().invoke(app, shlex.split(command))
    if isinstance(done.exception, QyforecastError):
        return f"error: {done.exception}\n"
    assert done.exit_code == 0, done.output
    return done.output


def commands() -> list[tuple[str, str]]:
    found = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert [command.split()[0] for command, _ in found] == ["import", "import", "check", "forecast"]
    return found


def test_the_page_makes_and_checks_a_city(folder: Path) -> None:
    for command, said in commands()[:3]:
        assert printed(command) == said
    assert (folder / "tianshui" / "notes.md").is_file()


@pytest.mark.nightly
def test_the_page_forecasts_it(folder: Path) -> None:
    (make, _), *_, (command, said) = commands()
    printed(make)
    model = folder / "tianshui" / "models" / "urbanization"
    text = (model / "spec.yaml").read_text("utf-8")
    for old, new in _SHORT:
        assert old in text
        text = text.replace(old, new)
    (model / "spec.yaml").write_text(text, "utf-8")
    (model / "weights.json").unlink()
    found = printed(f"{command} --draws 400 --as-of newest --scenario baseline")
    assert found.endswith(said.removeprefix("...\n"))
    assert "Stands in for what is not there: no value added by sector of the city" in found
    targets = (folder / "tianshui" / "results" / "latest" / "targets.csv").read_text("utf-8")
    assert targets.count("2035-at-least-65") == 8

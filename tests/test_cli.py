"""The command line: quick help, and exit codes as a shell sees them."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qyforecast.cli import app, main
from tests.test_imports import loaded_after


def call(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the package as ``python -m`` does."""
    command = [sys.executable, "-m", "qyforecast", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


def test_help_names_the_commands_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['qyforecast', 'forecast', '--help']\n"
        "from qyforecast.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert ended.code == 0"
    )
    assert loaded_after(code) == frozenset()
    said = CliRunner().invoke(app, ["--help"]).output
    commands = ("forecast", "check", "demography", "backtest", "fit", "models", "warmup", "monitor")
    for command in (*commands, "init", "import"):
        assert command in said


def test_every_option_promised_is_there() -> None:
    said = CliRunner().invoke(app, ["forecast", "--help"], env={"COLUMNS": "200"}).output
    for option in ("--out", "--data", "--model", "--scenario", "--as-of", "--to", "--draws"):
        assert option in said
    for option in ("--seed", "--no-fit", "--quiet"):
        assert option in said


def test_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    done = CliRunner().invoke(app, ["--version"])
    assert done.exit_code == 0
    assert done.output.strip() == f"qyforecast {version('qyforecast')}"


def test_the_shipped_files_are_right(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["qyforecast", "check"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr()
    for part in ("data:", "model:", "scenarios:", "targets:"):
        assert part in said.out
    assert said.err == ""


def test_a_shell_sees_exit_code_2_and_one_message(tmp_path: Path) -> None:
    done = call("forecast", "--data", "nowhere", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("error:") == 1
    assert "datapackage.json" in done.stderr
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_unknown_command_ends_with_2() -> None:
    done = CliRunner().invoke(app, ["forcast"])
    assert done.exit_code == 2


def test_an_interrupted_run_says_so(monkeypatch: pytest.MonkeyPatch, capsys, tmp_path) -> None:
    from qyforecast.report import pipeline

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "read_census", interrupt)
    out = tmp_path / "results" / "latest"
    monkeypatch.setattr(sys, "argv", ["qyforecast", "forecast", "--quiet", "--out", str(out)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
    assert not out.exists()

"""The checks that read the code, run as tests: one command says whether all is well."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = sys.executable
MODULES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "qyforecast").rglob("*.py"))

CHECKS = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "--output-format=concise", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "pyright": [PYTHON, "-m", "pyright", "--pythonpath", PYTHON],
    "lint-imports": [str(Path(PYTHON).with_name("lint-imports")), "--no-logo"],
    "numpydoc": [PYTHON, "-m", "numpydoc", "lint", *MODULES],
}


@pytest.mark.parametrize("name", CHECKS)
def test_check_finds_nothing(name: str) -> None:
    command = CHECKS[name]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        shown = " ".join(Path(word).name if word == PYTHON else word for word in command[:5])
        pytest.fail(f"{name} found something ({shown} …)\n{done.stdout.strip()}", pytrace=False)


def test_docstring_without_parameters_is_found(tmp_path: Path) -> None:
    """The exclusions of the configuration leave ordinary public functions in."""
    planted = tmp_path / "planted.py"
    planted.write_text('"""Planted."""\n\n\ndef read_it(x):\n    """Read it."""\n    return x\n')
    done = subprocess.run(
        [*CHECKS["numpydoc"][:4], "--config", str(ROOT), str(planted)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "PR01" in done.stdout + done.stderr

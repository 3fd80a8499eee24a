"""What importing costs, and which names the package offers."""

import subprocess
import sys
from pathlib import Path

import pytest

import qyforecast

#: Packages that take 0.2 to 2 s to import; a user who asks for --help waits for none of them.
HEAVY = frozenset[str](
    ("arviz", "matplotlib", "numba", "nutpie", "pandas", "pymc", "pytensor", "statsmodels")
)

SNAPSHOT = Path(__file__).with_name("public_names.txt")


def loaded_after(code: str) -> frozenset[str]:
    """Run code in a fresh interpreter and list the heavy packages it loaded.

    Parameters
    ----------
    code : str
        Python statements.

    Returns
    -------
    frozenset of str
        Members of `HEAVY`.
    """
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return HEAVY.intersection(done.stdout.split())


def offered() -> list[str]:
    """List the names that the package offers.

    Returns
    -------
    list of str
        ``qyforecast.__all__``.
    """
    return list(getattr(qyforecast, "__all__", []))


@pytest.mark.parametrize("module", ["qyforecast", "qyforecast.errors", "qyforecast.cli"])
def test_import_is_light(module: str) -> None:
    assert loaded_after(f"import {module}") == frozenset()


def test_a_heavy_import_is_seen() -> None:
    assert "pandas" in loaded_after("import pandas")


def test_public_names_are_those_agreed_on() -> None:
    """A new public name is a promise; write it into the snapshot on purpose."""
    agreed = SNAPSHOT.read_text(encoding="utf-8").split()
    assert agreed, f"{SNAPSHOT.name} lists no names"
    assert sorted(offered()) == sorted(agreed)


def test_public_names_are_there() -> None:
    missing = [name for name in offered() if not hasattr(qyforecast, name)]
    assert not missing
    assert set(offered()) <= set(dir(qyforecast)), "notebooks complete names from dir()"

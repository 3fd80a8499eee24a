"""Every notebook runs, from the first cell to the last."""

import runpy
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.py"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(notebook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = runpy.run_path(str(notebook))
    assert names["projection"].imbalance() < 1e-9
    said = capsys.readouterr().out
    assert said.count("as of 2021") == len(names["targets"])


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS

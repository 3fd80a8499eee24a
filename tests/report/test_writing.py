import errno
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.figure import Figure

from qyforecast.errors import OutputError
from qyforecast.provenance import file_sha256
from qyforecast.report import writing
from qyforecast.report.results import Results, collect
from qyforecast.report.writing import write_results

FILES = ["draws.nc", "fan.png", "flows.csv", "manifest.json", "population.csv", "targets.csv"]


@pytest.fixture(scope="session")
def results(runs, targets) -> Results:
    """Give all runs together."""
    return collect(runs, targets)


@pytest.fixture
def out(tmp_path: Path, results: Results) -> Path:
    """Give a folder of results."""
    manifest = {"seed": 20, "health": {"rhat": np.float64(1.002), "energy": np.nan}}
    return write_results(
        results, tmp_path / "out", manifest=manifest, figures={"fan.png": Figure()}
    )


def test_every_file_is_there(out):
    assert sorted(path.name for path in out.iterdir()) == [*FILES, "urban_share.csv"]


@pytest.mark.parametrize(
    ("name", "half"),
    [("targets", 5e-7), ("urban_share", 5e-7), ("population", 0.05), ("flows", 0.05)],
)
def test_tables_read_back_as_they_were(out, results, name, half):
    whole = getattr(results, name)
    back = pd.read_csv(out / f"{name}.csv", dtype={"region_code": str})
    assert back.columns.tolist() == whole.columns.tolist()
    # A digit was rounded away, and no more.
    pd.testing.assert_frame_equal(
        back, whole, check_dtype=False, rtol=0, atol=1.001 * half, check_exact=False
    )


def test_tables_are_plain_text(out):
    data = (out / "targets.csv").read_bytes()
    assert data.startswith(b"scenario,as_of,region_code,target,")
    assert b"\r" not in data
    assert b"e-" not in data
    first = data.splitlines()[1].decode().split(",")
    assert first[:6] == ["baseline", "2021", "621000", "2022-at-least-55", "2022", "0.550000"]


def test_draws_read_back_as_they_were(out, results):
    with xr.open_dataset(out / "draws.nc", engine="h5netcdf") as back:
        xr.testing.assert_equal(back.load(), results.draws)
        assert back["urban_share"].dims == ("as_of", "scenario", "draw", "year", "region")
        assert back["urban_share"].encoding["zlib"]
        assert (back["urban_share"].attrs["units"], back["population"].attrs["units"]) == (
            "1",
            "person",
        )
        assert "Left out" in back.attrs["leaves_out"]


def test_manifest_knows_its_files(out):
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 20
    assert manifest["health"] == {"rhat": 1.002, "energy": None}
    assert manifest["files"] == {
        path.name: file_sha256(path) for path in out.iterdir() if path.name != "manifest.json"
    }


def test_same_results_same_bytes(out, results, tmp_path):
    again = write_results(
        results, tmp_path / "again", manifest={"seed": 20}, figures={"fan.png": Figure()}
    )
    for name in ("targets.csv", "urban_share.csv", "population.csv", "flows.csv", "fan.png"):
        assert (out / name).read_bytes() == (again / name).read_bytes()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        # How HDF5 says it: the number is in the words only.
        (
            OSError("file write failed: errno = 28, error message = 'No space left on device'"),
            "full",
        ),
        (PermissionError(errno.EACCES, "Permission denied"), "cannot be written here"),
    ],
)
def test_old_results_stay_when_one_file_fails(out, results, monkeypatch, error, words):
    def fail(draws, path):
        path.write_bytes(b"half a file")
        raise error

    before = {path.name: path.read_bytes() for path in out.iterdir()}
    monkeypatch.setattr(writing, "write_draws", fail)
    with pytest.raises(OutputError, match=words):
        write_results(results, out, manifest={"seed": 21})
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in out.parent.iterdir()] == ["out"]

"""Full trajectories on disk are those in memory, or nothing is there."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from qyforecast.demography.rates import Interventions
from qyforecast.errors import OutputError, UnbalancedAccount
from qyforecast.projection import store as stores
from qyforecast.projection.project import project
from qyforecast.projection.store import Store, project_to
from tests.projection.random_worlds import Plan, make

PLAN = Plan(seed=8, draws=7, years=3, regions=2, ages=12)
NAMES = ["all.nc", "all.zarr"]


def read(path: Path) -> xr.Dataset:
    if path.suffix == ".nc":
        return xr.load_dataset(path, engine="h5netcdf")
    return xr.open_zarr(path, chunks=None).load()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("draws", [1, 3, 7, 64])
def test_any_block_of_draws_gives_the_numbers_of_memory(tmp_path: Path, name: str, draws: int):
    population, rates, path = make(PLAN)
    kept = project(population, rates, path, to=2023, keep="ages")
    written = read(
        project_to(Store(tmp_path / "deep" / name, draws), population, rates, path, to=2023)
    )
    assert kept.ages is not None
    xr.testing.assert_equal(written["persons"], kept.ages)
    for kind, flow in kept.flows.items():
        xr.testing.assert_equal(written[kind].rename(step="year"), flow)
        assert written[kind].attrs["units"] == "person"
    assert written["persons"].attrs["units"] == "person"
    assert written["age"].attrs["units"] == "year"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_float32_is_the_rounded_account(tmp_path: Path, name: str):
    population, rates, path = make(PLAN)
    kept = project(population, rates, path, to=2023, keep="ages")
    store = Store(tmp_path / name, 4, "float32")
    written = read(project_to(store, population, rates, path, to=2023))
    assert kept.ages is not None
    assert written["persons"].dtype == np.float32
    xr.testing.assert_equal(written["persons"], kept.ages.astype(np.float32))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_an_interrupted_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, stop: type[BaseException]
):
    suffix = Path(name).suffix
    write, written = stores._WRITERS[suffix], []

    def write_once(dataset: xr.Dataset, path: Path, draws: int) -> None:
        if written:
            raise stop("no more")
        write(dataset, path, draws)
        written.append(path)

    monkeypatch.setitem(stores._WRITERS, suffix, write_once)
    with pytest.raises((KeyboardInterrupt, OutputError), match="no more"):
        project_to(Store(tmp_path / name, 2), *make(PLAN), to=2023)
    assert written
    assert list(tmp_path.iterdir()) == []


def test_a_broken_account_in_a_late_block_leaves_nothing(tmp_path: Path):
    population, rates, path = make(PLAN)
    assert path is not None
    many = 1e7 * (path.share["draw"] == 6) * xr.ones_like(path.share)
    rates = replace(rates, interventions=Interventions(reclassified=many))
    with pytest.raises(UnbalancedAccount, match="draw 6"):
        project_to(Store(tmp_path / "all.nc", 2), population, rates, path, to=2023)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_there_is_not_overwritten(tmp_path: Path, name: str):
    (tmp_path / name).write_text("precious")
    with pytest.raises(OutputError, match="something already"):
        project_to(Store(tmp_path / name), *make(PLAN), to=2023)
    assert (tmp_path / name).read_text() == "precious"


def test_without_zarr_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(OutputError, match="extra 'scale'"):
        project_to(Store(tmp_path / "all.zarr"), *make(PLAN), to=2023)


@pytest.mark.parametrize(
    ("name", "draws", "dtype", "named"),
    [
        ("all.csv", 64, "float64", ".nc or .zarr"),
        ("all.nc", 0, "float64", "0 draws"),
        ("all.nc", 64, "float16", "float16"),
    ],
)
def test_a_store_that_cannot_be_is_refused(name: str, draws: int, dtype: str, named: str):
    with pytest.raises(OutputError, match=named):
        Store(Path(name), draws, dtype)

"""Write full trajectories to a file, a block of draws at a time."""

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import h5netcdf
import numpy as np
import xarray as xr

from qyforecast.demography.population import Population
from qyforecast.demography.rates import Rates
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import OutputError
from qyforecast.filing import whole_file
from qyforecast.projection.method import KEEPS, Timing, timing_of
from qyforecast.projection.project import run_world
from qyforecast.projection.projection import Projection
from qyforecast.projection.records import label_records
from qyforecast.projection.world import build_world


@dataclass(frozen=True)
class Store:
    """Where full trajectories go, and how they are cut.

    Attributes
    ----------
    path : Path
        A file that ends in ``.nc`` (NetCDF) or a folder that ends in ``.zarr``; nothing
        may be there yet.
    draws : int
        How many draws are in memory at a time, and in a piece of the file.
    dtype : {"float32", "float64"}
        Of the numbers written. The accounts are computed in float64 either way.
    """

    path: Path
    draws: int = 64
    dtype: str = "float64"

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path))
        if self.draws < 1 or self.dtype not in ("float32", "float64"):
            raise OutputError(
                "a store takes one draw or more at a time, in float32 or float64",
                where=str(self.path),
                found=f"{self.draws} draws in {self.dtype}",
            )
        if self.path.suffix not in _WRITERS:
            raise OutputError(
                "trajectories are written as NetCDF or Zarr",
                where=str(self.path),
                cure="end the name in .nc or .zarr",
            )


def project_to(
    store: Store,
    population: Population,
    rates: Rates,
    path: UrbanPath | None = None,
    *,
    to: int,
    timing: str | Timing = "even",
) -> Path:
    """Project, and write every draw, year, area, sex and age instead of keeping it.

    The numbers are those of ``project(..., keep="ages")`` whatever the block of draws.
    Only one block is in memory; what is being written lies under a temporary name
    beside the store and gets its own name when it is whole.

    Parameters
    ----------
    store : Store
        Where to write.
    population : Population
        Who lives where at the start, as `qyforecast.project` takes it. [person]
    rates : Rates
        What happens to them.
    path : UrbanPath, optional
        Urban share of each region at each year end.
    to : int
        Last year wanted.
    timing : {"even", "end"} or Timing
        When external migrants join.

    Returns
    -------
    Path
        What was written, for `xarray.open_dataset` or `xarray.open_zarr`: ``persons``
        ``(draw, year, area, sex, age)`` at year ends and each flow over the step that
        ends in ``step``, ``(draw, step, area, sex)``. [person]

    Raises
    ------
    OutputError
        If something is there already, zarr is not installed, or writing fails; then
        nothing is left.
    UnbalancedAccount
        If a flow is larger than the stock it leaves; nothing is left either.
    RateError
        If labels do not match those of the population.
    """
    write = _WRITERS[store.path.suffix]
    if store.path.suffix == ".zarr" and importlib.util.find_spec("zarr") is None:
        raise OutputError(
            "zarr is not installed",
            where=str(store.path),
            cure="install qyforecast with its extra 'scale', or write NetCDF (.nc)",
        )
    world = build_world(population, rates, path, to, timing_of(timing))
    ages = KEEPS["ages"]
    areas = tuple(str(area) for area in population.persons["area"].values)
    with _whole_or_nothing(store.path) as unfinished:
        for first in range(0, len(world.frame.draws), store.draws):
            block = world.of_draws(slice(first, first + store.draws))
            projection = label_records(run_world(block, ages), block.frame, ages, areas)
            write(_dataset(projection, store.dtype), unfinished, store.draws)
    return store.path


def _dataset(projection: Projection, dtype: str) -> xr.Dataset:
    """Put ages and flows into one dataset; stocks and flows keep their own years."""
    assert projection.ages is not None
    flows = projection.flows.rename(year="step")
    flows["step"].attrs = {"long_name": "year in which the step ends"}
    dataset = flows.assign(persons=projection.ages).astype(dtype)
    for variable in dataset.data_vars.values():
        variable.attrs = {"units": "person"}
    dataset["persons"].attrs["long_name"] = "residents at the end of the year"
    dataset["year"].attrs = {"long_name": "year at whose end people are counted"}
    dataset["age"].attrs = {"units": "year", "long_name": "first age of the group, the last open"}
    return dataset.assign_attrs(title="Cohort-component trajectories", source="qyforecast")


def _write_netcdf(dataset: xr.Dataset, path: Path, draws: int) -> None:
    """Begin a NetCDF file with a block of draws, or add one to it."""
    if not path.exists():
        pieces = {name: _pieces(dataset[name], draws) for name in dataset.data_vars}
        encoding = {name: {"chunksizes": sizes} for name, sizes in pieces.items()}
        dataset.to_netcdf(path, engine="h5netcdf", unlimited_dims=["draw"], encoding=encoding)
        return
    with h5netcdf.File(path, "a") as file:
        first = file.dimensions["draw"].size
        file.resize_dimension("draw", first + dataset.sizes["draw"])
        for name in ("draw", *dataset.data_vars):
            file.variables[name][first:] = np.ascontiguousarray(dataset[name].values)


def _write_zarr(dataset: xr.Dataset, path: Path, draws: int) -> None:
    """Begin a Zarr store with a block of draws, or add one to it."""
    if path.exists():
        others = [name for name in dataset.coords if name != "draw"]
        dataset.drop_vars(others).to_zarr(path, append_dim="draw", consolidated=True)
        return
    pieces = {name: _pieces(dataset[name], draws) for name in dataset.data_vars}
    encoding = {name: {"chunks": sizes} for name, sizes in pieces.items()}
    dataset.to_zarr(path, mode="w", encoding=encoding, zarr_format=2, consolidated=True)


def _pieces(values: xr.DataArray, draws: int) -> tuple[int, ...]:
    """Size of the pieces of an array: a block of draws in one year."""
    return tuple(
        {"draw": min(draws, size), "year": 1}.get(str(dim), size)
        for dim, size in values.sizes.items()
    )


_WRITERS: dict[str, Callable[[xr.Dataset, Path, int], None]] = {
    ".nc": _write_netcdf,
    ".zarr": _write_zarr,
}


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[Path]:
    """Give a temporary name for what must not be there yet."""
    if path.exists():
        raise OutputError(
            "there is something already where trajectories are to be written",
            where=str(path),
            cure="choose another name, or remove it",
        )
    with whole_file(path) as unfinished:
        yield unfinished

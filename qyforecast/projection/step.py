"""Run the compiled accounts: arrays in, blocks of draws over threads, arrays out."""

import math
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from qyforecast.projection import kernel
from qyforecast.projection.lanes import (
    FEMALE,
    FLOW_IN,
    FLOW_OUT,
    FLOW_RELABELLED,
    FLOW_TO_TOWN,
    Inputs,
    Options,
    Outputs,
)
from qyforecast.projection.projection import FLOW_SIGNS
from qyforecast.projection.records import Records
from qyforecast.projection.vectors import LANES, LINE
from qyforecast.projection.world import World

#: Scalars of a world, in the order of their slots.
SCALARS = (
    "level",
    "fertility_scale",
    "arrivals_scale",
    "departure_scale",
    "leaving_scale",
    "moving_scale",
    "return_scale",
    "retained",
    "followers",
    "extra_movers",
    "reclassified",
    "path",
)


def run_blocks(
    world: World,
    bounds: np.ndarray,
    precision: str,
    threads: int | None = None,
    accounts: str = "float64",
) -> tuple[Records, np.ndarray]:
    """Project a world in blocks of draws.

    Parameters
    ----------
    world : World
        Population and rates.
    bounds : ndarray
        Position of the first age of each group; empty to keep no ages.
    precision : str
        Of the ages kept.
    threads : int, optional
        How many threads; as many as there are processors where not said. Results do
        not depend on it.
    accounts : str
        Precision of the accounts.

    Returns
    -------
    records : Records
        Totals, flows and groups of ages.
    broken : ndarray
        (D,), whether a flow of the draw is larger than the stock it leaves.
    """
    outputs = allocate(world, len(bounds), precision, accounts)
    fill(prepare(world, bounds, accounts), outputs, threads)
    by_age = outputs.by_age if precision == "float64" else outputs.by_age_32
    draws = world.sizes[0]
    totals, ages = (np.moveaxis(x[..., :draws], -1, 0) for x in (outputs.totals, by_age))
    flows = np.moveaxis(outputs.flows[..., :draws], -1, 1)
    return Records(totals, flows, ages), outputs.broken[:draws] > 0


def allocate(world: World, groups: int, precision: str, accounts: str = "float64") -> Outputs:
    """Make room for what a run leaves behind.

    Parameters
    ----------
    world : World
        Population and rates.
    groups : int
        How many groups of ages are kept.
    precision : str
        Of the ages kept.
    accounts : str
        Of totals and flows.

    Returns
    -------
    Outputs
        Not filled, but for flows that a run does not fill: they are zero.
    """
    draws, years, regions, places, _, _ = world.sizes
    cells = (regions, places, 2)
    whole = -(-draws // LANES) * LANES
    double = groups if precision == "float64" else 0
    flows = _lines((len(FLOW_SIGNS), years, *cells, whole), accounts)
    if not world.leaving.any():
        flows[FLOW_IN : FLOW_OUT + 1] = 0
    if places < 2:
        flows[FLOW_TO_TOWN:] = 0
    elif not _anything_done(world):
        flows[FLOW_RELABELLED] = 0
    return Outputs(
        _lines((years + 1, *cells, whole), accounts),
        flows,
        _lines((years + 1, *cells, double, whole), "float64"),
        _lines((years + 1, *cells, groups - double, whole), "float32"),
        np.zeros(whole),
    )


def _lines(shape: tuple[int, ...], dtype: str) -> np.ndarray:
    """Make room that begins where a line of the cache does, as `write` needs it."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    loose = np.empty(size + LINE, dtype=np.uint8)
    first = -loose.ctypes.data % LINE
    return loose[first : first + size].view(dtype).reshape(shape)


def fill(inputs: Inputs, outputs: Outputs, threads: int | None = None) -> None:
    """Run all blocks, in as many threads as there are processors.

    Parameters
    ----------
    inputs : Inputs
        What `prepare` makes of a world.
    outputs : Outputs
        Arrays to fill.
    threads : int, optional
        How many threads.
    """
    _, regions, _, _, draws = outputs.totals.shape
    together = regions if inputs.options.leaves else 1
    blocks = np.array(
        [
            (first, region, region + together)
            for first in range(0, draws, LANES)
            for region in range(0, regions, together)
        ]
    )
    cells = _by_cell(outputs)
    workers = min(threads or processors(), len(blocks))
    with ThreadPoolExecutor(workers) as pool:
        # A few calls per worker: a block takes microseconds, and so does a call from Python.
        shares = np.array_split(blocks, min(4 * workers, len(blocks)) if workers > 1 else 1)
        running = [pool.submit(kernel.run_blocks, inputs, cells, x, together) for x in shares]
        for share in running:
            share.result()


def _by_cell(outputs: Outputs) -> Outputs:
    """Number the cells, as the compiled accounts do: views of the same arrays."""
    cells, draws = outputs.totals[..., 0].size, outputs.totals.shape[-1]
    by_age, by_age_32 = (
        ages.reshape((cells, ages.shape[-2], draws)) for ages in (outputs.by_age, outputs.by_age_32)
    )
    return Outputs(
        outputs.totals.reshape((cells, draws)),
        outputs.flows.reshape((len(FLOW_SIGNS), -1, draws)),
        by_age,
        by_age_32,
        outputs.broken,
    )


def processors() -> int:
    """Count the processors that this process may use.

    Returns
    -------
    int
        At least 1.
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def prepare(world: World, bounds: np.ndarray, accounts: str = "float64") -> Inputs:
    """Bring a world into the form that the compiled accounts read.

    Parameters
    ----------
    world : World
        Population and rates.
    bounds : ndarray
        Position of the first age of each group.
    accounts : str
        Precision of schedules and scalars, and so of all that is computed from them.

    Returns
    -------
    Inputs
        Arrays that vary by draw only where the world's do.
    """
    scalars = {name: _compact(vars(world)[name]) for name in SCALARS if name != "path"}
    for name in ("level", "leaving_scale"):
        scalars[name] = scalars[name][:, :, None]
    scalars["path"] = _compact(world.path) if world.path is not None else np.full((1, 1, 1), 0.5)
    schedules, numbers = _tabulate(world)
    flat, steps = _lay_out([scalars[name] for name in SCALARS], accounts)
    return Inputs(
        sizes=(world.sizes[1], world.sizes[2], world.sizes[3]),
        start=_compact(world.start),
        schedules=schedules.reshape(-1, *schedules.shape[-2:]).astype(accounts),
        numbers=numbers.reshape(-1, numbers.shape[-1]),
        propensities=np.stack([world.moving, world.returning, world.family]).astype(accounts),
        pull=_compact(world.destination),
        scalars=flat,
        steps=steps,
        bounds=np.append(bounds, world.sizes[-1]) if len(bounds) else bounds,
        fertile=_fertile_span(world),
        options=Options(
            bearing=bool(world.timing.bearing),
            coupled=world.path is not None,
            departs=bool(world.departure.any()),
            leaves=bool(world.leaving.any()),
            yearly=len(schedules) > 1,
            hasty=float(world.leaving.max()) * float(world.leaving_scale.max()) > 1,
            done=_anything_done(world),
        ),
    )


def _anything_done(world: World) -> bool:
    """Whether there is any intervention in a world."""
    done = (world.retained, world.followers, world.extra_movers, world.reclassified)
    return any(bool(values.any()) for values in done)


def _fertile_span(world: World) -> tuple[int, int]:
    """Position of the first age at which anyone bears children, and one after the last."""
    (fertile,) = np.nonzero(world.fertility.any(axis=(0, 1, 2)))
    return (int(fertile[0]), int(fertile[-1]) + 1) if len(fertile) else (0, 0)


def _tabulate(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Put all schedules into one table, and all numbers by area and sex into another."""
    early, late = world.timing.at_start, 1 - world.timing.at_start
    low, high = world.survival[0], world.survival[-1]
    mothers = np.zeros((len(world.fertility), *world.sizes[2:]))
    mothers[:, :, :, FEMALE] = world.fertility
    arrivals, departure, leaving = world.arrivals, world.departure, world.leaving
    kinds = (low, high - low, early * arrivals, early * departure)
    kinds = (*kinds, late * arrivals, late * departure, leaving, mothers)
    births = world.birth_survival
    half = np.stack([world.boys, 1 - world.boys], axis=-1)[:, None, None] / 2
    going = float(world.departure_scale.max())
    risky = (arrivals < 0).any(axis=-1) | (departure * going > 1).any(axis=-1)
    older = late * arrivals[..., 1:].sum(axis=-1)
    bearing = (mothers * early * arrivals).sum(axis=-1)
    coming = early * arrivals.sum(axis=-1)
    numbers = (births[0], births[-1] - births[0], half, coming, older, bearing, risky)
    years = max(len(kind) for kind in (*kinds, *numbers))
    cells = (years, *world.sizes[2:5])
    table = np.stack([np.broadcast_to(x, (*cells, world.sizes[5])) for x in kinds], axis=-2)
    return table, np.stack([np.broadcast_to(x, cells) for x in numbers], axis=-1).astype(float)


def _lay_out(scalars: list[np.ndarray], precision: str) -> tuple[np.ndarray, np.ndarray]:
    """Put all scalars into one flat array, block after block of draws; see `Inputs.steps`."""
    shapes = [(-(-len(values) // LANES), *values.shape[1:], LANES) for values in scalars]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    flat = np.empty(ends[-1], dtype=precision)
    steps = np.zeros((len(scalars), 4), dtype=np.int64)
    pieces = np.split(flat, ends[:-1])
    steps[1:, 0] = ends[:-1]
    for values, shape, piece, step in zip(scalars, shapes, pieces, steps, strict=True):
        room, (draws, years, regions) = piece.reshape(shape), values.shape
        full = draws // LANES
        whole = values[: full * LANES].reshape((full, LANES, years, regions))
        room[:full] = np.moveaxis(whole, 1, -1)
        # The last block is filled up with its last draw.
        for lane in range(LANES) if full < len(room) else ():
            room[full, ..., lane] = values[min(full * LANES + lane, draws - 1)]
        far = np.array([years * regions, regions * LANES, LANES])
        step[1:] = far * (np.array(values.shape) > 1)
    return flat, steps


def _compact(values: np.ndarray) -> np.ndarray:
    """Undo broadcasting: length 1 for what does not vary. Writeable, for one compilation."""
    same = [step == 0 and size > 1 for step, size in zip(values.strides, values.shape, strict=True)]
    short = values[tuple(slice(0, 1) if s else slice(None) for s in same)]
    return np.require(short, dtype=np.float64, requirements=["C", "W"])

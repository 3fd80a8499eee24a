"""Run the compiled accounts: arrays in, blocks of draws over threads, arrays out."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from qyforecast.projection.kernel import SCALARS, run_share
from qyforecast.projection.lanes import LANES, Inputs, Options, Outputs
from qyforecast.projection.projection import FLOW_SIGNS
from qyforecast.projection.records import Records
from qyforecast.projection.world import World


def run_blocks(
    world: World, bounds: np.ndarray, precision: str, threads: int | None = None
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

    Returns
    -------
    records : Records
        Totals, flows and groups of ages.
    broken : ndarray
        (D,), whether a flow of the draw is larger than the stock it leaves.
    """
    outputs = allocate(world, bounds, precision)
    fill(prepare(world, bounds), outputs, threads)
    return Records(outputs.totals, outputs.flows, outputs.by_age), outputs.broken > 0


def allocate(world: World, bounds: np.ndarray, precision: str) -> Outputs:
    """Make room for what a run leaves behind.

    Parameters
    ----------
    world : World
        Population and rates.
    bounds : ndarray
        Position of the first age of each group.
    precision : str
        Of the ages kept.

    Returns
    -------
    Outputs
        Flows that a run need not fill are zero.
    """
    draws, years, regions, places, _, _ = world.sizes
    cells = (regions, places, 2)
    return Outputs(
        np.empty((draws, years + 1, *cells)),
        np.zeros((len(FLOW_SIGNS), draws, years, *cells)),
        np.empty((draws, years + 1, *cells, len(bounds)), dtype=precision),
        np.zeros(draws),
    )


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
    draws, _, regions, _, _ = outputs.totals.shape
    groups = [(0, regions)] if inputs.options.leaves else [(c, c + 1) for c in range(regions)]
    tasks = np.array([(first, *group) for first in range(0, draws, LANES) for group in groups])
    workers = min(threads or os.process_cpu_count() or 1, len(tasks))
    with ThreadPoolExecutor(workers) as pool:
        # One call per worker: a block takes microseconds, and so does a call from Python.
        shares = [np.ascontiguousarray(tasks[i::workers]) for i in range(workers)]
        for share in [pool.submit(run_share, inputs, outputs, share) for share in shares]:
            share.result()


def prepare(world: World, bounds: np.ndarray) -> Inputs:
    """Bring a world into the form that the compiled accounts read.

    Parameters
    ----------
    world : World
        Population and rates.
    bounds : ndarray
        Position of the first age of each group.

    Returns
    -------
    Inputs
        Arrays that vary by draw only where the world's do.
    """
    scalars = {name: _compact(vars(world)[name]) for name in SCALARS if name != "path"}
    for name in ("level", "leaving_scale"):
        scalars[name] = scalars[name][:, :, None]
    scalars["path"] = _compact(world.path) if world.path is not None else np.full((1, 1, 1), 0.5)
    arrivals, departure = _compact(world.arrivals), _compact(world.departure)
    going = float(scalars["departure_scale"].max())
    risky = (arrivals < 0).any(axis=(0, -1)) | (departure * going > 1).any(axis=(0, -1))
    done = ("retained", "followers", "extra_movers", "reclassified")
    return Inputs(
        start=_compact(world.start),
        survival=_compact(world.survival),
        birth_survival=_compact(world.birth_survival),
        fertility=_compact(world.fertility),
        boys=_compact(world.boys),
        arrivals=arrivals,
        departure=departure,
        leaving=_compact(world.leaving),
        destination=_compact(world.destination),
        moving=_compact(world.moving),
        returning=_compact(world.returning),
        family=_compact(world.family),
        scalars=tuple(scalars[name] for name in SCALARS),
        bounds=bounds,
        arriving=np.stack([arrivals.sum(axis=-1), arrivals[..., 1:].sum(axis=-1)], axis=-1),
        risky=risky,
        at_start=float(world.timing.at_start),
        options=Options(
            bearing=bool(world.timing.bearing),
            coupled=world.path is not None,
            departs=bool(departure.any()),
            leaves=bool(world.leaving.any()),
            hasty=float(world.leaving.max()) * float(world.leaving_scale.max()) > 1,
            done=any(bool(scalars[name].any()) for name in done),
        ),
    )


def _compact(values: np.ndarray) -> np.ndarray:
    """Undo broadcasting: length 1 for what does not vary. Writeable, for one compilation."""
    same = [step == 0 and size > 1 for step, size in zip(values.strides, values.shape, strict=True)]
    short = values[tuple(slice(0, 1) if s else slice(None) for s in same)]
    return np.require(short, dtype=np.float64, requirements=["C", "W"])

"""Ground and finished blocks on disk, as Zarr: each whole or not there."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from qyforecast.country.blocks import MEASURES, QUANTILES, SUMS, Block
from qyforecast.country.ground import Ground
from qyforecast.errors import OutputError
from qyforecast.inference.county_levels import CountyFigures, CountyModel

PLAN = "plan.json"
_GROUND = "ground.zarr"


def open_shelf(folder: Path, mark: str) -> tuple[str, ...]:
    """Make the folder of a run, or find what an earlier run of the same plan left.

    Parameters
    ----------
    folder : Path
        Where ground and blocks lie.
    mark : str
        Fingerprint of all that the numbers depend on.

    Returns
    -------
    tuple of str
        What was found and what was done about it, a sentence each.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something else.
    """
    notes: tuple[str, ...] = ()
    plan = folder / PLAN
    try:
        if folder.exists() and any(folder.iterdir()):
            if not plan.is_file():
                raise OutputError(
                    "the folder for blocks holds files of another sort",
                    where=str(folder),
                    cure="move them away, or name another folder with --out",
                )
            if json.loads(plan.read_text(encoding="utf-8")).get("mark") != mark:
                shutil.rmtree(folder)
                notes = ("blocks of another plan were there; they are removed",)
            else:
                done = len(finished(folder))
                notes = (f"{done} blocks were finished before; they are kept",) if done else ()
        for torn in folder.glob(".*.part-*"):
            shutil.rmtree(torn)
        folder.mkdir(parents=True, exist_ok=True)
        plan.write_text(json.dumps({"mark": mark}), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise OutputError(
            "the folder for blocks cannot be used", where=str(folder), found=str(error)
        ) from error
    return notes


def finished(folder: Path) -> list[str]:
    """List the blocks that are whole.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    list of str
        Codes.
    """
    return sorted(path.name.removeprefix("block-").removesuffix(".zarr")
                  for path in folder.glob("block-*.zarr"))  # fmt: skip


def save_ground(folder: Path, ground: Ground) -> None:
    """Write what blocks share.

    Parameters
    ----------
    folder : Path
        Of the run.
    ground : Ground
        Inputs of all blocks.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    arrays = {f"a.{name}": values for name, values in ground.arrays.items()}
    arrays |= {f"m.{name}": values for name, values in ground.model.arrays().items()}
    arrays |= {f"f.{name}": values for name, values in vars(ground.figures).items()}
    _write(folder / _GROUND, arrays, ground.labels)


def has_ground(folder: Path) -> bool:
    """Tell whether what blocks share is there.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    bool
        Whether it is.
    """
    return (folder / _GROUND).is_dir()


def load_ground(folder: Path) -> Ground:
    """Read what blocks share.

    Parameters
    ----------
    folder : Path
        Of the run.

    Returns
    -------
    Ground
        Inputs of all blocks.

    Raises
    ------
    OutputError
        If it is not there or not whole.
    """
    arrays, labels = _read(folder / _GROUND)
    parts: dict[str, dict[str, np.ndarray]] = {"a": {}, "m": {}, "f": {}}
    for name, values in arrays.items():
        parts[name[0]][name[2:]] = values
    return Ground(labels, parts["a"], CountyModel(**parts["m"]), CountyFigures(**parts["f"]))


def save_block(folder: Path, code: str, block: Block, precision: str) -> None:
    """Write a finished block.

    Parameters
    ----------
    folder : Path
        Of the run.
    code : str
        Of the block.
    block : Block
        Sums and quantiles.
    precision : str
        Of the sums written; quantiles are in float32.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    arrays = {
        "sums": block.sums.astype(precision),
        "quantiles": block.quantiles.astype(np.float32),
        "still": block.still,
    }
    labels = {"sums": list(SUMS), "measures": list(MEASURES), "quantiles": list(QUANTILES)}
    _write(folder / f"block-{code}.zarr", arrays, labels)


def load_block(folder: Path, code: str) -> Block:
    """Read a finished block.

    Parameters
    ----------
    folder : Path
        Of the run.
    code : str
        Of the block.

    Returns
    -------
    Block
        Sums in float64.

    Raises
    ------
    OutputError
        If it is not there or not whole.
    """
    path = folder / f"block-{code}.zarr"
    arrays, _ = _read(path)
    try:
        found = arrays["sums"].astype(float), arrays["quantiles"], arrays["still"]
    except KeyError as error:
        raise _torn(path, str(error)) from error
    if not all(np.isfinite(values).all() for values in found):
        raise _torn(path, "missing or infinite numbers")
    return Block(*found)


def _write(path: Path, arrays: dict[str, np.ndarray], labels: dict[str, Any]) -> None:
    """Write under a temporary name, and rename: a killed run leaves all or nothing."""
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        shutil.rmtree(part, ignore_errors=True)
        group = zarr.open_group(part, mode="w", attributes=labels)
        for name, values in arrays.items():
            # Numbers that differ in every digit do not pack, and packing costs seconds.
            group.create_array(name, data=np.ascontiguousarray(values), compressors=None)
        if path.exists():
            shutil.rmtree(path)
        part.rename(path)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise OutputError(
            "a block cannot be written", where=str(path), found=str(error),
            cure="make room, or name a folder on another disk with --out",
        ) from error  # fmt: skip


def _read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    try:
        group = zarr.open_group(path, mode="r")
        return {name: np.asarray(values[...]) for name, values in group.arrays()}, dict(group.attrs)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _torn(path, str(error)) from error


def _torn(path: Path, found: str) -> OutputError:
    return OutputError(
        "this is not a whole block of a country",
        where=str(path),
        found=found,
        cure="remove it and run again: what is finished is kept",
    )

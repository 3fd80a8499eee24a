"""Read the published numbers of mortality models into labelled arrays."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from qyforecast.errors import DataError


def read_model_life_tables(path: Path | str) -> xr.DataArray:
    """Read abridged model life tables.

    Parameters
    ----------
    path : Path or str
        CSV with columns type, sex, e0, age, mx.

    Returns
    -------
    DataArray
        Death rates, ``(family, sex, level, age)``. [1 / year]
    """
    rows = _rows(path, ("type", "sex", "e0", "age", "mx"))
    keys = [(r["type"], r["sex"], float(r["e0"]), int(r["age"])) for r in rows]
    return _labelled(keys, [float(r["mx"]) for r in rows], ("family", "sex", "level", "age"), path)


def read_log_quadratic(path: Path | str) -> xr.DataArray:
    """Read the coefficients of the log-quadratic model.

    Parameters
    ----------
    path : Path or str
        CSV with columns sex, age (``0``, ``1-4``, ..., ``110+``), ax, bx, cx, vx; blank at
        1-4, whose rate follows from 5q0.

    Returns
    -------
    DataArray
        ``(sex, age, coefficient)`` with coefficients a, b, c, v; the published *Total* is
        called ``both``. [1]
    """
    keys, values = [], []
    for r in _rows(path, ("sex", "age", "ax", "bx", "cx", "vx")):
        sex = r["sex"].lower().replace("total", "both")
        age = int(r["age"].rstrip("+").split("-")[0])
        for name in "abcv":
            keys.append((sex, age, name))
            values.append(float(r[f"{name}x"] or 0.0))
    return _labelled(keys, values, ("sex", "age", "coefficient"), path)


def read_patterns_of_decline(path: Path | str) -> xr.DataArray:
    """Read the patterns of mortality decline by level of life expectancy.

    Parameters
    ----------
    path : Path or str
        CSV with columns age, e0_mid (middle of a class 5 years wide), rho, sex.

    Returns
    -------
    DataArray
        Relative pace of decline, ``(sex, level, age)``. [1]
    """
    rows = _rows(path, ("age", "e0_mid", "rho", "sex"))
    keys = [(r["sex"], float(r["e0_mid"]), int(r["age"])) for r in rows]
    return _labelled(keys, [float(r["rho"]) for r in rows], ("sex", "level", "age"), path)


def _rows(path: Path | str, columns: Sequence[str]) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [c for c in columns if not rows or c not in rows[0]]
    if missing:
        raise DataError(f"column {missing[0]} is missing", where=str(path))
    return rows


def _labelled(
    keys: Sequence[tuple[str | int | float, ...]],
    values: Sequence[float],
    dims: Sequence[str],
    path: Path | str,
) -> xr.DataArray:
    """Lay rows out in a full array; a hole or a double row is an error."""
    labels = [
        sorted({key[i] for key in keys}, key=lambda v: (str(type(v)), v)) for i in range(len(dims))
    ]
    places = [{label: i for i, label in enumerate(names)} for names in labels]
    full = np.full([len(names) for names in labels], np.nan)
    for key, value in zip(keys, values, strict=True):
        full[tuple(place[label] for place, label in zip(places, key, strict=True))] = value
    if len(set(keys)) != len(keys) or np.isnan(full).any():
        raise DataError(
            "a table of coefficients has a row twice or not at all",
            where=str(path),
            found=f"{len(keys)} rows for {full.size} places",
        )
    return xr.DataArray(full, dims=dims, coords=dict(zip(dims, labels, strict=True)))

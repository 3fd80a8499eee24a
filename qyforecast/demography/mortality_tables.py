"""Read the published numbers of mortality models into labelled arrays.

The package carries them; ``datapackage.json`` beside the tables names their sources.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr

from qyforecast.demography.coefficients import read_coefficients
from qyforecast.errors import DataError


def read_model_life_tables(path: Path | str | None = None) -> xr.DataArray:
    """Read abridged model life tables.

    Parameters
    ----------
    path : Path or str, optional
        CSV with columns family, sex, e0, and m0, m1, m5, ..., the death rates of the age
        groups from 0, 1, 5, ...; the shipped table if left out.

    Returns
    -------
    DataArray
        Death rates, ``(family, sex, level, age)``; `level` is life expectancy. The shipped
        families are ``CD_East``, ``CD_North``, ``CD_South``, ``CD_West`` of Coale and
        Demeny and ``UN_Chilean``, ``UN_Far_Eastern``, ``UN_General``,
        ``UN_Latin_American``, ``UN_South_Asian``, from 20 to 115 years. [1 / year]

    Raises
    ------
    DataError
        If a column is missing, or a table stands there twice or not at all.

    References
    ----------
    Coale, Demeny and Vaughan (1983), *Regional Model Life Tables and Stable Populations*;
    United Nations (2010), *Extended Model Life Tables*.
    """
    file, rows = read_coefficients(path, "model_life_tables.csv", ("family", "sex", "e0", "m0"))
    ages = [int(name[1:]) for name in rows[0] if name[0] == "m" and name[1:].isdigit()]
    keys = [(r["family"], r["sex"], float(r["e0"]), age) for r in rows for age in ages]
    values = [float(r[f"m{age}"]) for r in rows for age in ages]
    return _labelled(keys, values, ("family", "sex", "level", "age"), file)


def read_log_quadratic(path: Path | str | None = None) -> xr.DataArray:
    """Read the coefficients of the log-quadratic model.

    Parameters
    ----------
    path : Path or str, optional
        CSV with columns sex, age (``0``, ``1-4``, ..., ``110+``), ax, bx, cx, vx; blank at
        1-4, whose rate follows from 5q0; the shipped table if left out.

    Returns
    -------
    DataArray
        ``(sex, age, coefficient)`` with coefficients a, b, c, v; the published *Total* is
        called ``both``. [1]

    References
    ----------
    Wilmoth, Zureick, Canudas-Romo, Inoue and Sawyer (2012), Population Studies 66, 1-28.
    """
    file, rows = read_coefficients(
        path, "log_quadratic.csv", ("sex", "age", "ax", "bx", "cx", "vx")
    )
    keys, values = [], []
    for r in rows:
        sex = r["sex"].lower().replace("total", "both")
        age = int(r["age"].rstrip("+").split("-")[0])
        for name in "abcv":
            keys.append((sex, age, name))
            values.append(float(r[f"{name}x"] or 0.0))
    return _labelled(keys, values, ("sex", "age", "coefficient"), file)


def read_patterns_of_decline(path: Path | str | None = None) -> xr.DataArray:
    """Read the patterns of mortality decline by level of life expectancy.

    Parameters
    ----------
    path : Path or str, optional
        CSV with columns age, e0_mid (middle of a class 5 years wide), rho, sex; the
        shipped table if left out.

    Returns
    -------
    DataArray
        Relative pace of decline, ``(sex, level, age)``. [1]

    References
    ----------
    Andreev, Gu and Gerland (2013), "Age patterns of mortality improvement by level of life
    expectancy at birth".
    """
    file, rows = read_coefficients(path, "mortality_decline.csv", ("age", "e0_mid", "rho", "sex"))
    keys = [(r["sex"], float(r["e0_mid"]), int(r["age"])) for r in rows]
    return _labelled(keys, [float(r["rho"]) for r in rows], ("sex", "level", "age"), file)


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

"""What a file of draws must be before it is believed: its layout first, then its numbers."""

import hashlib

import numpy as np
import xarray as xr

#: A file that declares more than this is none of ours, whatever little it holds. [byte]
LARGEST = 2_000_000_000
#: What reading a broken file ends in; HDF5's library has no error of its own.
BROKEN = (
    *(OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, IndexError),
    *(MemoryError, OverflowError, ArithmeticError, EOFError, ImportError),
)


def check_layout(data: xr.Dataset) -> None:
    """See that a file holds real numbers by chain and draw, and not too many, before reading.

    Parameters
    ----------
    data : Dataset
        As opened: nothing is in memory yet.

    Raises
    ------
    ValueError
        Says which variable is wrong, and how.
    """
    if not data.data_vars:
        raise ValueError("it holds no draws")
    for name, variable in data.variables.items():
        if name in data.data_vars and variable.dims[:2] != ("chain", "draw"):
            raise ValueError(f"{name} has dimensions {variable.dims}, not (chain, draw, ...)")
        if variable.dtype.kind not in ("f" if name in data.data_vars else "fiuUTO"):
            raise ValueError(f"{name} holds {variable.dtype}, not real numbers")
        if 0 in variable.shape:
            raise ValueError(f"{name} is empty: {dict(variable.sizes)}")
    if data.nbytes > LARGEST:
        raise ValueError(f"it declares {data.nbytes:.3g} bytes of draws")


def check_content(draws: xr.Dataset) -> None:
    """See that numbers are finite, and those that were written.

    Parameters
    ----------
    draws : Dataset
        As read, with its attributes; files of earlier versions carry no hash.

    Raises
    ------
    ValueError
        Says which variable is wrong, and how.
    """
    for name, variable in draws.data_vars.items():
        if not np.isfinite(variable.values).all():
            raise ValueError(f"{name} has a draw that is no number")
    told = draws.attrs.get("content")
    if told is not None and told != content_sha256(draws):
        raise ValueError("its draws are not those that were written")


def content_sha256(draws: xr.Dataset) -> str:
    """Hash names, shapes and numbers of draws, however they are packed.

    Parameters
    ----------
    draws : Dataset
        Parameters.

    Returns
    -------
    str
        Hexadecimal SHA-256.
    """
    hashed = hashlib.sha256()
    for name in sorted(map(str, draws.data_vars)):
        variable = draws[name]
        hashed.update(repr((name, variable.dims, variable.shape, variable.dtype.str)).encode())
        hashed.update(np.ascontiguousarray(variable.values).tobytes())
    return hashed.hexdigest()

"""Results as files: tables, draws, picture and manifest, all of them or none."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from qyforecast.guard import with_guard
from qyforecast.provenance import file_sha256
from qyforecast.report.folder import MANIFEST, replacing
from qyforecast.report.results import Results
from qyforecast.report.style import save_figure

#: Digits after the point: shares and probabilities, and persons.
SHARE_FORMAT = "%.6f"
PERSON_FORMAT = "%.1f"
TABLES = {
    "targets": SHARE_FORMAT,
    "urban_share": SHARE_FORMAT,
    "population": PERSON_FORMAT,
    "flows": PERSON_FORMAT,
}


def write_results(
    results: Results,
    out: Path | str,
    *,
    manifest: Mapping[str, Any],
    figures: Mapping[str, Figure] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write everything into a folder, whole or not at all.

    Parameters
    ----------
    results : Results
        Tables and draws.
    out : path
        Folder, made or replaced.
    manifest : mapping
        Seed, versions, hashes of data and specifications, health of the sampler, largest
        imbalance, wall times: plain values under plain keys. The SHA-256 of each file
        written is added under ``files``.
    figures : mapping, optional
        File name, as ``fan.png``, to figure.
    tables : mapping, optional
        Further tables of shares and probabilities, by name of the file.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If it cannot be written, or holds something that is not results; what was there
        is then as it was.
    """
    with replacing(out) as folder:
        for name, digits in TABLES.items():
            write_table(getattr(results, name), folder / f"{name}.csv", digits)
        for name, table in (tables or {}).items():
            write_table(table, folder / f"{name}.csv", SHARE_FORMAT)
        write_draws(results.draws, folder / "draws.nc")
        for name, figure in (figures or {}).items():
            save_figure(figure, folder / name)
        write_manifest(folder, manifest)
    return Path(out)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest beside files that are all there.

    Parameters
    ----------
    folder : Path
        Where they are.
    manifest : mapping
        Plain values under plain keys; the SHA-256 of each file is added under ``files``.
    """
    files = {path.name: file_sha256(path) for path in sorted(folder.iterdir())}
    text = json.dumps(_plain({**manifest, "files": files}), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def write_table(table: pd.DataFrame, path: Path, digits: str) -> None:
    """Write a table as plain UTF-8 CSV, the same bytes on every system.

    A spreadsheet runs none of its cells: see `qyforecast.guard`.

    Parameters
    ----------
    table : DataFrame
        Rows with a header; the index is left out.
    path : Path
        File to write.
    digits : str
        Format of the numbers that are not whole, as ``%.6f``.
    """
    table = guarded(table)
    table.to_csv(path, index=False, float_format=digits, encoding="utf-8", lineterminator="\n")


def guarded(table: pd.DataFrame) -> pd.DataFrame:
    """Guard headings and words of a table against being run as formulas.

    Parameters
    ----------
    table : DataFrame
        Any table that leaves the program, as CSV or as a spreadsheet.

    Returns
    -------
    DataFrame
        Numbers as they were.
    """

    def guard(cell: Any) -> Any:
        return with_guard(cell) if isinstance(cell, str) else cell

    columns = {
        guard(name): column if pd.api.types.is_numeric_dtype(column) else column.map(guard)
        for name, column in table.items()
    }
    return pd.DataFrame(columns, index=table.index) if columns else table


def write_draws(draws: xr.Dataset, path: Path) -> None:
    """Write draws as compressed NetCDF.

    Parameters
    ----------
    draws : Dataset
        Variables in float32.
    path : Path
        File to write.
    """
    # Bytes of like weight side by side pack better; harder packing costs seconds for little.
    packing = {"zlib": True, "complevel": 1, "shuffle": True}
    encoding = dict.fromkeys(draws.data_vars, packing)
    # Packed in memory first: on a full disk HDF5's library ends the process, Python does not.
    path.write_bytes(draws.to_netcdf(engine="h5netcdf", encoding=encoding))


def _plain(value: Any) -> Any:
    """Turn values into those that JSON knows; what is not a number becomes null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)

"""A census folder as found: its descriptor, its tables, and all that is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from qyforecast.census.additions import FILE
from qyforecast.census.boundaries import read_regions
from qyforecast.census.checks import folder_faults
from qyforecast.census.descriptor import NAME, Descriptor, missing_file, read_descriptor
from qyforecast.census.layout import LABELS, OPTIONAL
from qyforecast.census.tables import Table, read_tables
from qyforecast.errors import DataError
from qyforecast.provenance import shipped_folder


@dataclass(frozen=True)
class Examination:
    """What was found in a folder.

    Attributes
    ----------
    descriptor : Descriptor
        What the folder says of itself.
    tables : mapping of str to Table
        Its tables, those with faults among them.
    faults : tuple of DataError
        What is wrong: cells and headings first, then sums, then files that
        are not as described.
    """

    descriptor: Descriptor
    tables: Mapping[str, Table]
    faults: tuple[DataError, ...]


def check_census(folder: Path | str | None = None) -> list[DataError]:
    """List everything that is wrong with a census folder.

    Parameters
    ----------
    folder : Path or str, optional
        As for `read_census`.

    Returns
    -------
    list of DataError
        Empty if all is well. Identities are tried only where the tables they
        join could be read.
    """
    try:
        return list(examine(folder).faults)
    except DataError as fault:
        return [fault]


def examine(folder: Path | str | None = None) -> Examination:
    """Read a census folder and try everything that must hold.

    Parameters
    ----------
    folder : Path or str, optional
        A folder with ``datapackage.json``; the shipped one if left out.

    Returns
    -------
    Examination
        Tables and faults. Identities are tried only where the tables they
        join could be read.

    Raises
    ------
    DataError
        If the descriptor cannot be read.
    """
    place = shipped_folder("census") if folder is None else Path(folder)
    descriptor = read_descriptor(place)
    tables = read_tables(descriptor)
    needed = [name for name in LABELS if name not in OPTIONAL]
    faults = [missing_file(place / f"{name}.csv") for name in needed if name not in tables]
    faults += [fault for table in tables.values() for fault in table.faults]
    sound = {name: table for name, table in tables.items() if not table.faults}
    if "regions" in sound:
        try:
            faults += folder_faults(sound, read_regions(sound["regions"]), descriptor.sources)
        except DataError as fault:
            faults.append(fault)
    return Examination(descriptor, tables, (*faults, *_file_faults(place, tables)))


def _file_faults(place: Path, tables: dict[str, Table]) -> Iterator[DataError]:
    """Files that are not as described; told last, for what is wrong in them says more."""
    for table in tables.values():
        if table.sha256 and table.sha256 != table.resource.sha256:
            yield DataError(
                "a table is not the one described",
                where=str(table.resource.path),
                found=f"sha256 {table.sha256[:12]}…, described {table.resource.sha256[:12]}…",
                cure="if you changed it on purpose, run `qyforecast check --update`",
            )
    described = {table.resource.path.name for table in tables.values()}
    for path in sorted(place.glob("*.csv")):
        if path.name not in described | {FILE}:
            yield DataError(
                "a table is not described",
                where=str(path),
                cure=f"describe it in {NAME}, or take it out of the folder",
            )

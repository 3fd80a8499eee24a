"""One table: text to checked, converted columns. Every fault is named by file, line and column."""

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from qyforecast.census.descriptor import Descriptor, Field, Resource, missing_file
from qyforecast.census.layout import BY_ROW, FIGURES, KNOWN_UNITS, LABELS, UNITS, factor
from qyforecast.errors import DataError
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Table:
    """A table as read.

    Attributes
    ----------
    resource : Resource
        What the descriptor says of it.
    rows : DataFrame
        Its rows in the package's units, indexed by line of the file.
    sha256 : str
        Hash of the file as it is; empty where there is none.
    faults : tuple of DataError
        What is wrong with it; with any, `rows` are not to be used.
    """

    resource: Resource
    rows: pd.DataFrame
    sha256: str
    faults: tuple[DataError, ...]

    def where(self, rows: pd.DataFrame | None = None, column: str = "") -> str:
        """Say which file, lines and column an error concerns.

        Parameters
        ----------
        rows : DataFrame, optional
            The rows concerned; the first is spelt out.
        column : str
            The column concerned.

        Returns
        -------
        str
            File, line, key and column.
        """
        parts = [str(self.resource.path)]
        if rows is not None and len(rows):
            parts.append(f"line {rows.index[0]}" + (" and others" if len(rows) > 1 else ""))
            keys = [k for k in self.resource.key if k in rows and rows[k].nunique() == 1]
            parts += [f"{k} {rows[k].iloc[0]}" for k in keys]
        return ", ".join([*parts, f"column {column}"] if column else parts)


def read_tables(descriptor: Descriptor) -> dict[str, Table]:
    """Read all tables that a descriptor names.

    Parameters
    ----------
    descriptor : Descriptor
        What the folder says of itself.

    Returns
    -------
    dict of str to Table
        Tables by name, each with its faults.
    """
    return {name: read_table(resource) for name, resource in descriptor.resources.items()}


def read_table(resource: Resource) -> Table:
    """Read, check and convert one table.

    Parameters
    ----------
    resource : Resource
        What the descriptor says of it.

    Returns
    -------
    Table
        Its rows, or its faults.
    """
    empty = pd.DataFrame()
    if not resource.path.is_file():
        return Table(resource, empty, "", (missing_file(resource.path),))
    raw = resource.path.read_bytes()
    sha256 = hashlib.sha256(raw).hexdigest()
    try:
        texts = _texts(raw, resource)
    except DataError as fault:
        return Table(resource, empty, sha256, (fault,))
    faults = list(_header_faults(texts, resource))
    if not faults:
        faults = list(_cell_faults(texts, resource)) or list(_duplicates(texts, resource))
    rows = empty if faults else _converted(texts, resource)
    return Table(resource, rows, sha256, tuple(faults))


def _texts(raw: bytes, resource: Resource) -> pd.DataFrame:
    """Cells as text, indexed by line of the file."""
    reader = csv.reader(io.StringIO(_decoded(raw, resource)), strict=True)
    try:
        listed = [(reader.line_num, cells) for cells in reader]
    except csv.Error as error:
        raise DataError(
            "a table is not CSV",
            where=f"{resource.path}, line {reader.line_num}",
            found=str(error),
            cure="look at the quotes there; save it from the spreadsheet as 'CSV UTF-8'",
        ) from error
    heading = [cell.strip() for cell in listed[0][1]] if listed else []
    lines, rows = [], []
    for line, cells in listed[1:]:
        if not any(cells):
            continue
        if len(cells) != len(heading):
            raise DataError(
                "a row has more or fewer cells than the heading",
                where=f"{resource.path}, line {line}",
                found=f"{len(cells)} cells under {len(heading)} headings",
                cure="quote cells that hold commas, and give every column a cell",
            )
        lines.append(line)
        rows.append([cell.strip() for cell in cells])
    return pd.DataFrame(rows, index=lines, columns=heading, dtype=str)


def _decoded(raw: bytes, resource: Resource) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError(
        "a table is neither UTF-8 nor GB 18030 text",
        where=str(resource.path),
        cure="save it from the spreadsheet as 'CSV UTF-8'",
    )


def _header_faults(texts: pd.DataFrame, resource: Resource) -> Iterator[DataError]:
    told = [field.name for field in resource.fields]
    needed = [*LABELS.get(resource.name, ()), *FIGURES.get(resource.name, {})]
    for name in texts.columns:
        if name not in told:
            yield DataError(
                f"unknown column '{name}'",
                where=f"{resource.path}, line 1",
                cure=nearest(str(name), told) + "; or describe it in datapackage.json",
            )
    for name in dict.fromkeys([*told, *needed]):
        if name not in texts.columns:
            yield DataError(
                f"column '{name}' is missing",
                where=f"{resource.path}, line 1",
                found=", ".join(texts.columns),
                cure="add it with this heading",
            )
    if twice := texts.columns[texts.columns.duplicated()].tolist():
        yield DataError(
            f"column '{twice[0]}' is there twice", where=f"{resource.path}, line 1", cure="keep one"
        )
    if texts.empty:
        yield DataError("a table has no rows", where=str(resource.path), cure="put them back")
    yield from _unit_faults(resource)


def _unit_faults(resource: Resource) -> Iterator[DataError]:
    fields = {field.name: field for field in resource.fields}
    place = f"{resource.path.parent / 'datapackage.json'}, resource {resource.name}"
    figures = FIGURES.get(resource.name, {})
    for name, field in fields.items():
        if name not in figures and field.unit not in KNOWN_UNITS:
            yield DataError(
                f"column '{name}' has an unknown unit",
                where=f"{place}, field {name}, key unit",
                found=repr(field.unit),
                cure=nearest(field.unit, KNOWN_UNITS[1:]),
            )
    for name, kind in figures.items():
        if name in fields and fields[name].unit not in UNITS[kind]:
            unit = fields[name].unit
            mark = " The long form is a sample and is never grossed up." if kind == "sample" else ""
            yield DataError(
                f"column '{name}' has a unit that its figures cannot have",
                where=f"{place}, field {name}, key unit",
                found=repr(unit),
                cure="write " + " or ".join(f"'{u}'" for u in UNITS[kind]) + "." + mark,
            )


def _cell_faults(texts: pd.DataFrame, resource: Resource) -> Iterator[DataError]:
    for field in resource.fields:
        column = texts[field.name]
        empty = column.str.lower().isin(("", "nan", "na", "null", "none", "-"))
        if field.required and empty.any():
            yield _fault(
                resource, field, texts[empty], "has an empty or missing cell",
                "fill it in, or take the row out and say so in the description",
            )  # fmt: skip
        filled = column[~empty]
        if field.type in ("integer", "number"):
            yield from _number_faults(filled, texts, resource, field)
        else:
            yield from _word_faults(filled, texts, resource, field)


def _number_faults(
    column: pd.Series, texts: pd.DataFrame, resource: Resource, field: Field
) -> Iterator[DataError]:
    values = pd.to_numeric(column, errors="coerce").astype(float)
    # Whole numbers are exact up to 2^53, and nothing counted here is near it.
    bad = ~(values.abs() < 2.0**53)
    if bad.any():
        yield _fault(resource, field, texts.loc[column.index[bad]], "holds what is no number",
                     "write plain digits: no separators, no units")  # fmt: skip
        return
    outside = (values < field.minimum) | (values > field.maximum)
    if outside.any():
        low, high = field.minimum, field.maximum
        yield _fault(resource, field, texts.loc[column.index[outside]],
                     "holds a negative number" if low == 0 and (values < 0).any()
                     else f"is outside its range {low:g} to {high:g}",
                     f"correct the figure; it must lie in {low:g} to {high:g}")  # fmt: skip
    persons = values * (factor(field.unit) if field.unit else 1.0)
    broken = (persons - persons.round()).abs() > 1e-4
    if field.type == "integer" and broken.any():
        yield _fault(resource, field, texts.loc[column.index[broken]],
                     "holds a fraction where there are whole numbers only",
                     "figures in 万 or thousands? write whole persons, or declare the unit "
                     "'10 thousand persons' in datapackage.json")  # fmt: skip


def _word_faults(
    column: pd.Series, texts: pd.DataFrame, resource: Resource, field: Field
) -> Iterator[DataError]:
    known: Sequence[str] = ("true", "false") if field.type == "boolean" else field.words
    if known and (strange := ~column.isin(known)).any():
        yield _fault(resource, field, texts.loc[column.index[strange]], "holds an unknown word",
                     nearest(str(column[strange].iloc[0]), known))  # fmt: skip
    if field.pattern and (strange := ~column.str.fullmatch(field.pattern)).any():
        yield _fault(
            resource, field, texts.loc[column.index[strange]],
            "holds what has not its form", f"the form is {field.pattern}",
        )  # fmt: skip


def _fault(resource: Resource, field: Field, rows: pd.DataFrame, what: str, cure: str) -> DataError:
    more = f" ({len(rows)} such rows)" if len(rows) > 1 else ""
    return DataError(
        f"column '{field.name}' {what}",
        where=Table(resource, rows, "", ()).where(rows.iloc[:1], field.name),
        found=repr(rows[field.name].iloc[0]) + more,
        cure=cure,
    )


def _duplicates(texts: pd.DataFrame, resource: Resource) -> Iterator[DataError]:
    keys = pd.MultiIndex.from_frame(texts[list(resource.key)])
    twice = keys.duplicated()
    if twice.any():
        rows = texts[twice]
        first = texts.index[keys == keys[twice][0]][0]
        more = f" ({len(rows)} such rows)" if len(rows) > 1 else ""
        yield DataError(
            "a row is there twice",
            where=Table(resource, texts, "", ()).where(rows.iloc[:1]),
            found=f"the same {', '.join(resource.key)} as line {first}" + more,
            cure="take one of them out",
        )


def _converted(texts: pd.DataFrame, resource: Resource) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for field in resource.fields:
        column = texts[field.name]
        if field.type == "boolean":
            columns[field.name] = column == "true"
        elif field.type in ("integer", "number"):
            values = pd.to_numeric(column, errors="coerce").astype(float)
            if field.unit and field.unit != BY_ROW:
                values = values * factor(field.unit)
            whole = field.type == "integer" and bool(values.notna().all())
            columns[field.name] = values.round().astype("int64") if whole else values
        else:
            columns[field.name] = column
    return pd.DataFrame(columns, index=texts.index)

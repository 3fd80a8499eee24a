"""Newly published figures that a user brings, laid beside those of a census folder."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from qyforecast.census.addition_checks import check_figure
from qyforecast.census.figure_files import Figure, read_figures
from qyforecast.census.layout import VARIABLES
from qyforecast.errors import DataError
from qyforecast.provenance import Source, file_sha256

if TYPE_CHECKING:
    from qyforecast.census.census import Census

#: Figures that a user added to a census folder of their own; the shipped one has none.
FILE = "additions.csv"


def add_figures(census: "Census", figures: Sequence[Figure], *, today: int = 9999) -> "Census":
    """Lay figures beside those of a census folder.

    Parameters
    ----------
    census : Census
        As read.
    figures : sequence of Figure
        As written by the user.
    today : int
        The year it is: nothing can have been published after it.

    Returns
    -------
    Census
        The very argument where there is no figure; else with a longer `series`.

    Raises
    ------
    DataError
        If a figure has the wrong unit or year, stands there already, or contradicts one
        that does; names where the user wrote it.
    """
    for figure in figures:
        whole = replace(
            figure,
            region=figure.region or census.city,
            published=figure.published or min(figure.year + 1, max(today, figure.year)),
        )
        check_figure(census, whole, today)
        census = _with(census, whole, assumed=not figure.published)
    _check_mix(census, figures)
    return census


def _with(census: "Census", figure: Figure, *, assumed: bool) -> "Census":
    row = {"region_code": figure.region, "unit": census_unit(census, figure.variable)}
    row |= {key: getattr(figure, key) for key in ("year", "variable", "value", "kind", "source")}
    row |= {"published": figure.published, "published_assumed": assumed, "note": "added"}
    added = pd.DataFrame([row])[list(census.series.columns)].astype(census.series.dtypes.to_dict())
    source = Source(figure.source, figure.source, "added by the user", "B")
    return replace(
        census,
        series=pd.concat([census.series, added], ignore_index=True),
        sources={**census.sources, source.key: census.sources.get(source.key, source)},
    )


def census_unit(census: "Census", variable: str) -> str:
    """Name the unit that a variable has once read.

    Parameters
    ----------
    census : Census
        With rows of the variable, or without.
    variable : str
        A variable of the yearly series.

    Returns
    -------
    str
        ``person``, ``yuan`` or ``1``.
    """
    known = census.series.loc[census.series["variable"] == variable, "unit"]
    names = {"persons": "person", "money": "yuan"}
    return str(known.iloc[0]) if len(known) else names.get(VARIABLES[variable], "1")


def _check_mix(census: "Census", figures: Sequence[Figure]) -> None:
    """Value added is heard by share: a sector alone would be left out in silence."""
    names = [name for name in VARIABLES if name.startswith("value_added_")]
    for figure in figures:
        rows = census.series[
            (census.series["region_code"] == (figure.region or census.city))
            & (census.series["year"] == figure.year)
        ]
        lacking = [name for name in names if name not in set(rows["variable"])]
        if figure.variable in names and lacking:
            raise DataError(
                "value added of a year is told for some sectors only",
                where=figure.where,
                found=f"{figure.variable} of {figure.year}",
                cure=f"add {', '.join(lacking)} of {figure.year}",
            )


def with_kept(census: "Census") -> "Census":
    """Add the figures that a user keeps in the census folder.

    Parameters
    ----------
    census : Census
        As the folder's tables have it.

    Returns
    -------
    Census
        With the figures of `FILE`, and its hash; the very argument where there is no such file.

    Raises
    ------
    DataError
        As `add_figures`.
    """
    path = census.folder / FILE
    if not path.is_file():
        return census
    return replace(
        add_figures(census, read_figures(path)),
        sha256={**census.sha256, FILE: file_sha256(path)},
    )

"""What a figure brought by a user is held against before anything is forecast from it."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from qyforecast.census.layout import KINDS, VARIABLES
from qyforecast.errors import DataError
from qyforecast.vocabulary import nearest

if TYPE_CHECKING:
    from qyforecast.census.census import Census
    from qyforecast.census.figure_files import Figure

#: A count that is this many times its nearest year's, or its inverse, has another unit.
UNIT_JUMP = 3.0
#: Figures as near as this are one figure: shares in absolute terms, others relatively.
SAME = 0.0005


def check_figure(census: "Census", figure: "Figure", today: int) -> None:
    """Refuse a figure that cannot be right, or that is no news.

    Parameters
    ----------
    census : Census
        What is known.
    figure : Figure
        With region and year of publication.
    today : int
        The year it is.

    Raises
    ------
    DataError
        Says what is wrong, where the user wrote it, what was found, and the cure.
    """
    _check_words(census, figure)
    _check_years(census, figure, today)
    _check_size(census, figure)
    _check_known(census, figure)


def _check_words(census: "Census", figure: "Figure") -> None:
    places = (census.city, *census.regions)
    kinds = tuple(kind for kind in KINDS if kind != "census")
    for key, word, known in (("region", figure.region, places), ("kind", figure.kind, kinds)):
        if word not in known:
            raise DataError(
                f"an unknown {key} of an added figure",
                where=figure.where,
                found=word,
                cure=nearest(word, known),
            )


def _check_years(census: "Census", figure: "Figure", today: int) -> None:
    what, cure = "", ""
    if figure.year > today:
        what, cure = "a figure speaks of a year that is not over", f"choose {today} or earlier"
    elif figure.published > today:
        what, cure = "a figure is published in the future", f"published={today} or earlier"
    elif figure.published < figure.year:
        what = "a figure is published before the year it speaks of"
        cure = "write the year of publication; leave it out where it is unknown"
    elif figure.variable == "urban_share" and figure.year in census.years:
        what = "the census has counted this year, and no other figure of it is heard"
        cure = "leave it out"
    elif figure.variable == "urban_share" and figure.year < census.years[0]:
        what = "an urban share before the first census is not heard"
        cure = f"leave it out, or give a year after {census.years[0]}"
    if what:
        found = f"year {figure.year}, published {figure.published}"
        raise DataError(what, where=figure.where, found=found, cure=cure)


def _check_size(census: "Census", figure: "Figure") -> None:
    kind = VARIABLES[figure.variable]
    found = f"{figure.variable} {figure.value:g}"
    if kind == "share" and 1 < figure.value <= 100:
        raise DataError(
            "a share looks as if it were in percent",
            where=figure.where,
            found=found,
            cure=f"write {figure.value / 100:g} for {figure.value:g} %",
        )
    high = {"share": 1.0, "rate": 0.2}.get(kind, float("inf"))
    if not 0 < figure.value < high:
        cure = f"a number above 0 and below {high:g}" if kind != "persons" else "a number above 0"
        raise DataError("a figure is outside its range", where=figure.where, found=found, cure=cure)
    rows = _like(census, figure)
    if kind not in ("persons", "money") or rows.empty:
        return
    nearest_year = rows.loc[(rows["year"] - figure.year).abs().idxmin()].to_dict()
    ratio = figure.value / nearest_year["value"]
    if not 1 / UNIT_JUMP < ratio < UNIT_JUMP:
        raise DataError(
            f"{figure.variable} is {ratio:.3g} times that of {nearest_year['year']}",
            where=figure.where,
            found=f"{figure.value:g}, then {nearest_year['value']:g}",
            cure="look at the unit: persons and yuan, not 万 or 亿",
        )


def _like(census: "Census", figure: "Figure") -> pd.DataFrame:
    rows = census.series
    same = (rows["region_code"] == figure.region) & (rows["variable"] == figure.variable)
    return rows[same]


def _check_known(census: "Census", figure: "Figure") -> None:
    rows = _like(census, figure)
    for row in rows[rows["year"] == figure.year].to_dict("records"):
        _check_against(figure, row)


def _check_against(figure: "Figure", row: dict[Any, Any]) -> None:
    """A later print may differ, and another kind of source may repeat; nothing else may be."""
    share = VARIABLES[figure.variable] in ("share", "rate")
    apart = abs(figure.value - row["value"]) / (1.0 if share else row["value"])
    own, later = figure.kind == row["kind"], figure.published > row["published"]
    if apart <= SAME and own:
        what, cure = "a figure is there already", "leave it out"
    elif apart > SAME and not later:
        what = "a figure contradicts one that is there"
        cure = f"if it is a revision, say published=YEAR, later than {row['published']}"
    else:
        return
    raise DataError(
        what,
        where=figure.where,
        found=f"{figure.variable} of {figure.year}: {figure.value:g}, "
        f"{row['value']:g} by {row['kind']} published {row['published']} ({row['source']})",
        cure=cure,
    )

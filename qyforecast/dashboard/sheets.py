"""Tables: on the screen, and as files that hold the same numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import pandas as pd
from htmltools import Tag, tags

from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.texts import heading, phrase
from qyforecast.report.names import name_of
from qyforecast.report.writing import guarded

#: Rows shown; the file holds all.
MOST_SHOWN = 60
#: Columns whose words have names.
_NAMED = ("scenario", "component", "player", "other", "compared_with", "lever", "flow")


@dataclass(frozen=True)
class Sheet:
    """A table of a page.

    Attributes
    ----------
    name : str
        Name of its file.
    title : str
        What it holds.
    table : DataFrame
        Numbers, in the columns of the saved tables.
    persons : bool
        Whether all its numbers count people.
    """

    name: str
    title: str
    table: pd.DataFrame
    persons: bool = False


#: Columns of persons, and tables that are all of persons but for their words.
_PERSONS = ("gain_persons", "q10", "q50", "q90", "residual", "fitted")


def cell_text(value: object, *, persons: bool = False) -> str:
    """Write a cell: shares and points to four digits, persons whole.

    Parameters
    ----------
    value : object
        Of a table.
    persons : bool
        Whether it counts people.

    Returns
    -------
    str
        As on the screen.

    Examples
    --------
    >>> [cell_text(value) for value in (0.12345, -1234.56, 2035, "all")]
    ['0.1235', '-1,235', '2035', 'all']
    """
    if isinstance(value, float):
        if math.isnan(value):
            return "–"
        return f"{value:,.0f}" if persons or abs(value) >= 100 else f"{value:.4f}"
    return str(value)


def table_tag(sheet: Sheet, settings: Settings, *, opened: bool = False) -> Tag:
    """Show a table with its downloads.

    Parameters
    ----------
    sheet : Sheet
        The table.
    settings : Settings
        What it belongs to.
    opened : bool
        Whether it is open at first.

    Returns
    -------
    Tag
        A fold.
    """
    lang, table = settings.lang, sheet.table
    head = [tags.th(heading(str(column), lang), scope="col") for column in table.columns]
    rows = [
        tags.tr(
            *(
                tags.td(_word(str(column), value, lang, sheet.persons))
                for column, value in row.items()
            )
        )
        for row in table.head(MOST_SHOWN).to_dict("records")
    ]
    more = len(table) - MOST_SHOWN
    title = phrase("table_of", lang, {"title": sheet.title})
    return tags.details(
        tags.summary(title),
        tags.div(
            tags.table(tags.thead(tags.tr(*head)), tags.tbody(*rows)),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label=title,
        ),
        tags.p(phrase("rows_more", lang, {"count": more})) if more > 0 else None,
        tags.p(*_links(sheet.name, sheet.title, settings)),
        open="" if opened else None,
        data_sheet=sheet.name,
    )


def _word(column: str, value: object, lang: str, persons: bool) -> str:
    if column in _NAMED:
        return phrase("whole", lang) if value == "all" else name_of(str(value), lang)
    return cell_text(value, persons=persons or column in _PERSONS)


def _links(name: str, title: str, settings: Settings) -> list[Tag | str]:
    links: list[Tag | str] = []
    for kind in ("csv", "xlsx"):
        words = phrase("download", settings.lang, {"kind": kind})
        address = f"download/{name}.{kind}?{settings.text()}"
        link = tags.a(words, href=address, download="", aria_label=f"{words}: {title}")
        links += [link, " "]
    return links


def all_tag(settings: Settings) -> Tag:
    """Link to all tables of a page in one workbook.

    Parameters
    ----------
    settings : Settings
        What is asked.

    Returns
    -------
    Tag
        A paragraph.
    """
    label = phrase("download_all", settings.lang)
    return tags.p(tags.a(f"{label} (xlsx)", href=f"download/all.xlsx?{settings.text()}"))


def as_csv(sheet: Sheet) -> bytes:
    """Write a table as CSV that spreadsheets read as UTF-8.

    Parameters
    ----------
    sheet : Sheet
        The table.

    Returns
    -------
    bytes
        With a byte order mark.
    """
    text = guarded(sheet.table).to_csv(index=False, float_format="%.6f", lineterminator="\n")
    return text.encode("utf-8-sig")


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Write tables as a workbook; words stay words, whatever they begin with.

    Parameters
    ----------
    sheets : sequence of Sheet
        A sheet each.

    Returns
    -------
    bytes
        An xlsx file.
    """
    content = BytesIO()
    plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(content, engine="xlsxwriter", engine_kwargs=plain) as book:
        for sheet in sheets:
            guarded(sheet.table).to_excel(book, sheet_name=sheet.name[:31], index=False)
    return content.getvalue()

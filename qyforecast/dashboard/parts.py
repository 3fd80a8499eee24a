"""What pages are made of: words, tables and charts, in the order in which they are shown."""

from collections.abc import Sequence

from htmltools import Tag, TagList, tags

from qyforecast.dashboard.pictures import Picture, picture_tag
from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.sheets import Sheet, all_tag, table_tag

Part = Tag | Sheet | Picture


def shown(parts: Sequence[Part], settings: Settings) -> TagList:
    """Lay parts out.

    Parameters
    ----------
    parts : sequence of Tag, Sheet or Picture
        In order.
    settings : Settings
        What they belong to; written on the block, so that the page can tell old from new.

    Returns
    -------
    TagList
        One block.
    """
    found: list[Tag] = []
    for part in parts:
        if isinstance(part, Sheet):
            found.append(table_tag(part, settings, opened=True))
        else:
            found.append(picture_tag(part, settings) if isinstance(part, Picture) else part)
    if sheets_of(parts):
        found.append(all_tag(settings))
    return TagList(tags.div(*found, data_state=settings.text()))


def sheets_of(parts: Sequence[Part]) -> list[Sheet]:
    """List the tables of parts, those of charts too.

    Parameters
    ----------
    parts : sequence of Tag, Sheet or Picture
        Of a page.

    Returns
    -------
    list of Sheet
        In order.
    """
    sheets = [p.sheet if isinstance(p, Picture) else p for p in parts]
    return [sheet for sheet in sheets if isinstance(sheet, Sheet)]

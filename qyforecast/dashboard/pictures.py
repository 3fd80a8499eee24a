"""Charts of `report.figures`, from runs at hand and from saved results."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import pandas as pd
from htmltools import Tag, tags

from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.sheets import Sheet, table_tag
from qyforecast.dashboard.world import World
from qyforecast.policy.glance import Glance
from qyforecast.report.figures.registry import RECIPES, draw_chart
from qyforecast.report.figures.saved import setting_of
from qyforecast.report.style import figure_svg
from qyforecast.report.tables import observed_table, targets_table, urban_share_table

#: The drawing library keeps its style in one place for all threads.
_ONE_AT_A_TIME = Lock()
#: Charts of people.
_PERSONS = ("growth", "pyramid", "flows", "migration-age")


@dataclass(frozen=True)
class Picture:
    """A chart as it is shown.

    Attributes
    ----------
    name, title, alt : str
        Name, what it shows, and that in a sentence.
    svg : bytes
        The picture.
    sheet : Sheet
        Every number in it.
    """

    name: str
    title: str
    alt: str
    svg: bytes
    sheet: Sheet


def picture(
    world: World, name: str, tables: Mapping[str, pd.DataFrame], lang: str, region: str
) -> Picture:
    """Draw a chart.

    Parameters
    ----------
    world : World
        Names, places and draws.
    name : str
        A chart of `RECIPES`.
    tables : mapping of str to DataFrame
        What it needs.
    lang : {"en", "zh"}
        Language.
    region : str
        Place that it shows.

    Returns
    -------
    Picture
        With its table.
    """
    setting = setting_of(world.census, lang, region, draws=world.draws)
    with _ONE_AT_A_TIME:
        chart = draw_chart(name, tables, setting)
        svg = figure_svg(chart.figure)
    sheet = Sheet(name, chart.title, chart.table, persons=name in _PERSONS)
    return Picture(name, chart.title, chart.alt, svg, sheet)


def glance_tables(world: World, one: Glance, region: str) -> dict[str, pd.DataFrame]:
    """Lay a run out in the tables that charts of shares need.

    Parameters
    ----------
    world : World
        Targets, and what was observed.
    one : Glance
        The run.
    region : str
        Whose observed shares.

    Returns
    -------
    dict of str to DataFrame
        ``urban_share``, ``targets`` and ``observed``.
    """
    return {
        "urban_share": urban_share_table(one),
        "targets": targets_table(one, world.targets),
        "observed": observed_table(world.census, region),
    }


def saved_picture(world: World, name: str, lang: str, region: str) -> Picture:
    """Draw a chart from results that another command saved.

    Parameters
    ----------
    world : World
        Where they lie.
    name : str
        A chart of `RECIPES`.
    lang : {"en", "zh"}
        Language.
    region : str
        Place that it shows.

    Returns
    -------
    Picture
        With its table.

    Raises
    ------
    OutputError
        If the results are not there, or cannot be read.
    """
    needs = RECIPES[name].needs
    tables = {need.partition("/")[2]: world.saved.table(need, region) for need in needs}
    return picture(world, name, tables, lang, region)


def picture_tag(one: Picture, settings: Settings) -> Tag:
    """Show a chart, its table under it.

    Parameters
    ----------
    one : Picture
        The chart.
    settings : Settings
        What it belongs to.

    Returns
    -------
    Tag
        A figure.
    """
    source = "data:image/svg+xml;base64," + b64encode(one.svg).decode()
    return tags.figure(
        tags.div(
            tags.img(src=source, alt=one.alt),
            class_="scroll chart",
            tabindex="0",
            role="region",
            aria_label=one.title,
        ),
        tags.figcaption(one.alt),
        table_tag(one.sheet, settings),
    )

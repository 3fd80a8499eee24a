"""The fourth page: any county's answer, counties side by side, ages and moves."""

from htmltools import Tag, tags

from qyforecast.dashboard import forms
from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.pictures import glance_tables, picture, saved_picture
from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.statements import belongs, promises
from qyforecast.dashboard.tables import compared, counties_sheet
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.report.figures.registry import RECIPES
from qyforecast.report.figures.saved import COMMANDS

#: Charts of ages and moves, which only a whole forecast knows.
SAVED = ("pyramid", "flows")


def form(world: World, settings: Settings) -> list[Tag]:
    """Choose vintage, scenario and place.

    Parameters
    ----------
    world : World
        What all sessions share.
    settings : Settings
        What is asked.

    Returns
    -------
    list of Tag
        Elements of the form.
    """
    start = settings.one("scenario", next(iter(world.library)))
    return [
        forms.vintage(world, settings),
        forms.scenario(world, settings, start, reload=False),
        forms.place(world, settings),
    ]


def answer(world: World, settings: Settings) -> list[Part]:
    """State a place's answer, and that of each county.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        Scenario and place.

    Returns
    -------
    list of Part
        Statements and a table.
    """
    as_of, region = world.vintage(settings), world.region(settings)
    scenario = world.scenario(settings)
    seen = world.beside_baseline(as_of, scenario)
    return [
        tags.h2(world.place(region, settings.lang)),
        promises(world, settings, seen[scenario.name], region),
        belongs(world, settings, scenario),
        counties_sheet(world, compared(world, seen), settings, scenario.name),
    ]


def figures(world: World, settings: Settings) -> list[Part]:
    """Draw counties where they lie, the place's fan, and its ages and moves if saved.

    Parameters
    ----------
    world : World
        Draws and saved results.
    settings : Settings
        Scenario and place.

    Returns
    -------
    list of Part
        Charts, and what is not shown.
    """
    lang, as_of, region = settings.lang, world.vintage(settings), world.region(settings)
    one = world.glance(as_of, world.scenario(settings))
    city = world.census.city
    return [
        picture(world, "counties", glance_tables(world, one, city), lang, city),
        picture(world, "fan", glance_tables(world, one, region), lang, region),
        tags.p(phrase("from_saved", lang), class_="quiet"),
        *saved_parts(world, SAVED, lang, region),
    ]


def saved_parts(world: World, names: tuple[str, ...], lang: str, region: str) -> list[Part]:
    """Draw charts from saved results; of those that are not there say how to get them.

    Parameters
    ----------
    world : World
        Where results lie.
    names : tuple of str
        Charts.
    lang : {"en", "zh"}
        Language.
    region : str
        Place.

    Returns
    -------
    list of Part
        A chart or a sentence for each.
    """
    parts: list[Part] = []
    for name in names:
        needs = RECIPES[name].needs
        lacking = [need for need in needs if not world.saved.there([need])]
        if lacking:
            values = {"name": name, "command": COMMANDS[lacking[0].partition("/")[0]]}
            parts.append(tags.p(phrase("not_saved", lang, values)))
        else:
            parts.append(saved_picture(world, name, lang, region))
    return parts

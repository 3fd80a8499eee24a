"""The second page: levers are moved, and everything is run again on the same draws."""

from htmltools import Tag, tags

from qyforecast.dashboard import forms
from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.pictures import glance_tables, picture
from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.statements import belongs, first_years, gains, promises
from qyforecast.dashboard.tables import chances_sheet, compared, counties_sheet, growth_sheet
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.report.names import name_of


def form(world: World, settings: Settings) -> list[Tag]:
    """Choose where to start from, and move the levers.

    Parameters
    ----------
    world : World
        Scenarios there are.
    settings : Settings
        What is chosen and moved already.

    Returns
    -------
    list of Tag
        A group for each lever.
    """
    lang = settings.lang
    start = settings.one("scenario", next(iter(world.library)))
    whole, moved = world.whole(settings), world.scenario(settings)
    now = {lever.name: lever for lever in moved.levers}
    others = {n: name_of(n, lang) for n, one in world.scenarios().items() if one.levers}
    levers = [forms.lever(world, settings, one, now.get(one.name)) for one in whole.levers]
    added = _ticks_of_others(settings, others)
    return [
        forms.vintage(world, settings),
        forms.scenario(world, settings, start, reload=True),
        *(levers or [tags.p(phrase("no_levers", lang))]),
        tags.details(tags.summary(phrase("add", lang)), added),
        tags.p(tags.a(phrase("reset", lang), href=f"?{_from_file(settings, start)}")),
    ]


def _from_file(settings: Settings, start: str) -> str:
    words = {"as_of": settings.words.get("as_of", ()), "scenario": (start,)}
    return Settings(settings.page, settings.lang, words).text()


def _ticks_of_others(settings: Settings, others: dict[str, str]) -> Tag:
    """Choose other scenarios whose levers are added; the page is loaded again with them."""
    chosen = settings.words.get("add", ())
    boxes = forms.ticks("add", phrase("add", settings.lang), others, chosen)
    return tags.div(boxes, data_reload="")


def answer(world: World, settings: Settings) -> list[Part]:
    """State what comes out, and what is different from the baseline.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        Levers as they are moved.

    Returns
    -------
    list of Part
        Statements and the table of differences.
    """
    lang, as_of, city = settings.lang, world.vintage(settings), world.census.city
    scenario = world.scenario(settings)
    seen = world.beside_baseline(as_of, scenario)
    found = compared(world, seen, [city])
    return [
        promises(world, settings, seen[scenario.name], city),
        belongs(world, settings, scenario),
        *gains(found.chances, scenario.name, city, lang),
        tags.h2(phrase("first", lang)),
        first_years(found.first_year, scenario.name, city, lang),
        chances_sheet(found, settings, city),
        growth_sheet(found, settings, city),
    ]


def figures(world: World, settings: Settings) -> list[Part]:
    """Draw fan, growth and counties of what is set.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        Levers as they are moved.

    Returns
    -------
    list of Part
        Charts and the table of counties.
    """
    lang, as_of, city = settings.lang, world.vintage(settings), world.census.city
    scenario = world.scenario(settings)
    seen = world.beside_baseline(as_of, scenario)
    found = compared(world, seen)
    tables = glance_tables(world, seen[scenario.name], city)
    return [
        belongs(world, settings, scenario),
        picture(world, "fan", tables, lang, city),
        picture(world, "growth", {"growth": found.growth}, lang, city),
        picture(world, "counties", tables, lang, city),
        counties_sheet(world, found, settings, scenario.name),
    ]

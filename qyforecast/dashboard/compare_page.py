"""The third page: scenarios side by side, a bundle taken apart, a goal sought."""

from htmltools import Tag, tags

from qyforecast.dashboard import forms
from qyforecast.dashboard.goals import sought, taken_apart
from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.pictures import picture
from qyforecast.dashboard.settings import MOST_COMPARED, Settings, choose, several
from qyforecast.dashboard.statements import belongs, first_years
from qyforecast.dashboard.tables import chances_sheet, compared, pairs_sheet, together_sheet
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.policy.glance import Glance
from qyforecast.report.names import name_of
from qyforecast.report.request import USUAL


def form(world: World, settings: Settings) -> list[Tag]:
    """Choose scenarios, what to take apart, and what to seek.

    Parameters
    ----------
    world : World
        Scenarios there are.
    settings : Settings
        What is chosen already.

    Returns
    -------
    list of Tag
        Elements of the form.
    """
    lang, known = settings.lang, world.scenarios()
    names = {name: name_of(name, lang) for name in known}
    bundles = {name: names[name] for name, one in known.items() if len(one.levers) > 1}
    pulls = {name: names[name] for name, one in known.items() if one.levers}
    years = [str(target.year) for target in world.promises(world.census.city)]
    goals = {"": phrase("no_goal", lang)} | dict(zip(years, years, strict=True))
    return [
        forms.vintage(world, settings),
        forms.ticks("compare", phrase("choose", lang), names, _chosen(world, settings)),
        forms.selector(
            "apart", phrase("apart", lang), {"": phrase("nothing", lang)} | bundles,
            choose(settings, "apart", ["", *bundles]),
        ),
        tags.fieldset(
            tags.legend(phrase("seek", lang)),
            forms.selector("goal", phrase("goal", lang), goals, choose(settings, "goal", [*goals])),
            tags.label(
                tags.span(phrase("wanted", lang)),
                tags.input(type="number", name="chance", min="1", max="99", step="1",
                           value=settings.one("chance", "50"), required=""),
            ),
            forms.selector("pulled", phrase("pulled", lang), pulls,
                           settings.one("pulled", next(reversed(pulls)))),
        ),
    ]  # fmt: skip


def _chosen(world: World, settings: Settings) -> tuple[str, ...]:
    known = world.scenarios()
    usual = tuple(name for name in USUAL if name in known)
    return several(settings, "compare", list(known), MOST_COMPARED) or usual


def _seen(world: World, settings: Settings) -> dict[str, Glance]:
    as_of, known = world.vintage(settings), world.scenarios()
    seen: dict[str, Glance] = {}
    for name in _chosen(world, settings):
        seen = world.beside_baseline(as_of, known[name]) | seen
    base = next(iter(world.library))
    return {name: seen[name] for name in sorted(seen, key=lambda name: name != base)}


def answer(world: World, settings: Settings) -> list[Part]:
    """Lay scenarios side by side.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        Scenarios chosen.

    Returns
    -------
    list of Part
        Tables: chances, pairs, together, first years.
    """
    city, lang = world.census.city, settings.lang
    seen = _seen(world, settings)
    found = compared(world, seen, [city])
    base = next(iter(seen.values())).scenario
    firsts: list[Part] = [tags.h2(phrase("first", lang))]
    for name in seen:
        firsts.append(tags.h3(name_of(name, lang)))
        firsts.append(first_years(found.first_year, name, city, lang))
    return [
        belongs(world, settings, base),
        chances_sheet(found, settings, city),
        *(pairs_sheet(found, settings, year) for year in sorted(set(found.pairs["year"]))),
        together_sheet(found, settings, city),
        *firsts,
    ]


def figures(world: World, settings: Settings) -> list[Part]:
    """Draw the chances; take a bundle apart and seek a goal where that is asked.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        What is asked.

    Returns
    -------
    list of Part
        Charts and sentences.
    """
    lang, city = settings.lang, world.census.city
    seen = _seen(world, settings)
    found = compared(world, seen, [city])
    parts: list[Part] = [
        picture(world, "chances", {"chances": found.chances}, lang, city),
        picture(world, "growth", {"growth": found.growth}, lang, city),
    ]
    return [*parts, *taken_apart(world, settings), *sought(world, settings)]

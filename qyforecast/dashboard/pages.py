"""The five pages by name, and what each answers: words and tables first, charts after."""

from collections.abc import Callable
from dataclasses import dataclass

from htmltools import Tag

from qyforecast.dashboard import (
    answer_page,
    compare_page,
    places_page,
    trust_page,
    whatif_page,
)
from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.world import World


@dataclass(frozen=True)
class Page:
    """A page.

    Attributes
    ----------
    form : callable
        What can be set.
    answer, figures : callable
        What is shown at once, and what takes longer.
    """

    form: Callable[[World, Settings], list[Tag]]
    answer: Callable[[World, Settings], list[Part]]
    figures: Callable[[World, Settings], list[Part]]


PAGES: dict[str, Page] = {
    name: Page(page.form, page.answer, page.figures)
    for name, page in {
        "answer": answer_page,
        "whatif": whatif_page,
        "compare": compare_page,
        "places": places_page,
        "trust": trust_page,
    }.items()
}


def answered(world: World, settings: Settings) -> list[Part]:
    """Give what a page shows at once.

    Parameters
    ----------
    world : World
        What all sessions share.
    settings : Settings
        What is asked.

    Returns
    -------
    list of Part
        Words and tables.
    """
    return PAGES[settings.page].answer(world, settings)


def drawn(world: World, settings: Settings) -> list[Part]:
    """Give what a page shows after that; kept, since a download asks for it again.

    Parameters
    ----------
    world : World
        What all sessions share.
    settings : Settings
        What is asked.

    Returns
    -------
    list of Part
        Charts and long answers.
    """
    make = PAGES[settings.page].figures
    return world.pictures.get(("drawn", settings.text()), lambda: make(world, settings))

"""What can be set on a page: plain elements of HTML, so that keyboard and voice move them."""

from collections.abc import Mapping, Sequence

from htmltools import Tag, tags

from qyforecast.dashboard.settings import HARDEST, Settings
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.report.names import name_of
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario

#: Kinds that are switched on or off, not pulled by degrees.
SWITCHED = ("homes_cap",)


def selector(
    key: str, label: str, options: Mapping[str, str], chosen: str, *, reload: bool = False
) -> Tag:
    """Choose one of several.

    Parameters
    ----------
    key : str
        Key of the settings.
    label : str
        What is chosen.
    options : mapping of str to str
        Value to what is read.
    chosen : str
        Value at first.
    reload : bool
        Whether another choice brings other elements, so that the page is loaded again.

    Returns
    -------
    Tag
        A label and its selector.
    """
    shown = [
        tags.option(text, value=value, selected="" if value == chosen else None)
        for value, text in options.items()
    ]
    return tags.label(
        tags.span(label), tags.select(*shown, name=key, data_reload="" if reload else None)
    )


def vintage(world: World, settings: Settings) -> Tag:
    """Choose the year of knowledge.

    Parameters
    ----------
    world : World
        What all sessions share.
    settings : Settings
        What is asked.

    Returns
    -------
    Tag
        A selector.
    """
    years = {str(year): str(year) for year in world.futures}
    label = phrase("as_of", settings.lang)
    return selector("as_of", label, years, str(world.vintage(settings)))


def scenario(world: World, settings: Settings, chosen: str, *, reload: bool) -> Tag:
    """Choose a scenario.

    Parameters
    ----------
    world : World
        Scenarios there are.
    settings : Settings
        Language.
    chosen : str
        At first.
    reload : bool
        As in `selector`.

    Returns
    -------
    Tag
        A selector.
    """
    options = {name: name_of(name, settings.lang) for name in world.scenarios()}
    return selector("scenario", phrase("scenario", settings.lang), options, chosen, reload=reload)


def place(world: World, settings: Settings) -> Tag:
    """Choose a place.

    Parameters
    ----------
    world : World
        What all sessions share.
    settings : Settings
        What is asked.

    Returns
    -------
    Tag
        A selector.
    """
    codes = (world.census.city, *world.census.regions)
    options = {code: world.place(code, settings.lang) for code in codes}
    label = phrase("region", settings.lang)
    return selector("region", label, options, world.region(settings))


def ticks(key: str, legend: str, options: Mapping[str, str], chosen: Sequence[str]) -> Tag:
    """Choose some of several.

    Parameters
    ----------
    key : str
        Key of the settings.
    legend : str
        What is chosen.
    options : mapping of str to str
        Value to what is read.
    chosen : sequence of str
        Values at first.

    Returns
    -------
    Tag
        A group of boxes.
    """
    boxes = [
        tags.label(
            tags.input(type="checkbox", name=key, value=value,
                       checked="" if value in chosen else None),
            " ", text, class_="tick",
        )
        for value, text in options.items()
    ]  # fmt: skip
    return tags.fieldset(tags.legend(legend), *boxes, class_="ticks")


def lever(world: World, settings: Settings, whole: Lever, now: Lever | None) -> Tag:
    """Move one lever.

    Parameters
    ----------
    world : World
        Places and years.
    settings : Settings
        Language.
    whole : Lever
        As it stands in its file.
    now : Lever or None
        As it is moved; None where it is left out.

    Returns
    -------
    Tag
        A group: strength, start, ramp, places.
    """
    lang, name = settings.lang, whole.name
    timing = (now or whole).timing
    parts = dict.fromkeys(world.census.regions, 1.0) if whole.places is None else whole.places
    kept = parts if now is None or now.places is None else now.places
    first, last = world.years
    first, last = min(first, whole.timing.start), max(last, whole.timing.start)
    places = {code: world.place(code, lang) for code in parts}
    return tags.fieldset(
        tags.legend(name_of(name, lang)),
        tags.p(_stated(whole, lang), class_="quiet"),
        _strength(whole, now, lang),
        _year(f"y.{name}", phrase("start", lang), timing.start, (first, last)),
        _year(f"r.{name}", phrase("ramp", lang), timing.ramp, (0, 30)),
        tags.details(
            tags.summary(phrase("only_in", lang)),
            # An empty value tells "nowhere" from "as in the file".
            tags.input(type="hidden", name=f"p.{name}", value=""),
            ticks(f"p.{name}", phrase("only_in", lang), places, tuple(kept)),
        ),
        class_="lever",
    )


def _stated(whole: Lever, lang: str) -> str:
    effect = whole.effect
    grade = phrase(effect.evidence.grade, lang)
    numbers = {key: f"{getattr(effect, key):,.4g}" for key in ("median", "low", "high")}
    return phrase("effect", lang, numbers | {"unit": whole.unit, "grade": grade})


def _strength(whole: Lever, now: Lever | None, lang: str) -> Tag:
    percent = 0 if now is None else round(100 * now.factor)
    key = f"s.{whole.name}"
    if whole.kind in SWITCHED:
        options = {"100": phrase("switched", lang), "0": "–"}
        return selector(key, phrase("strength", lang), options, str(percent))
    return tags.label(
        tags.span(phrase("strength", lang)),
        tags.input(type="range", name=key, min="0", max=f"{100 * HARDEST:.0f}", step="5",
                   value=str(percent)),
        tags.output(f"{percent} %"),
    )  # fmt: skip


def _year(key: str, label: str, value: int, bounds: tuple[int, int]) -> Tag:
    low, high = map(str, bounds)
    field = tags.input(type="number", name=key, min=low, max=high, step="1", value=str(value),
                       required="")  # fmt: skip
    return tags.label(tags.span(label), field)


def saving(world: World, settings: Settings, whole: Scenario) -> Tag:
    """Save what is set as a scenario file, with the evidence of every effect.

    Parameters
    ----------
    world : World
        Whether saving is on.
    settings : Settings
        Language.
    whole : Scenario
        Its levers.

    Returns
    -------
    Tag
        A fold with a form of its own.
    """
    lang = settings.lang
    if world.save is None:
        return tags.p(phrase("save_off", lang), class_="quiet")
    grades = {grade: phrase(grade, lang) for grade in
              ("judgement", "estimated", "published", "measured")}  # fmt: skip
    rows = [
        tags.fieldset(
            tags.legend(name_of(one.name, lang)),
            selector(f"g.{one.name}", phrase("grade", lang), grades, one.effect.evidence.grade),
            tags.label(tags.span(phrase("source", lang)),
                       tags.textarea(one.effect.evidence.source, name=f"e.{one.name}", rows="3")),
            _year(f"t.{one.name}", phrase("year", lang), one.effect.evidence.year or 2026,
                  (1901, 2200)),
        )
        for one in whole.levers
    ]  # fmt: skip
    return tags.details(
        tags.summary(phrase("save", lang)),
        tags.form(
            tags.p(phrase("save_note", lang)),
            tags.label(tags.span(phrase("name", lang)),
                       tags.input(type="text", name="name", required="", maxlength="60",
                                  pattern="[a-z0-9]+(-[a-z0-9]+)*")),
            tags.label(tags.span(phrase("question", lang)),
                       tags.input(type="text", name="question", maxlength="300")),
            *rows,
            tags.button(phrase("save_button", lang), type="submit"),
            tags.p(role="alert", class_="said"),
            id="saving",
        ),
    )  # fmt: skip


def sending(settings: Settings) -> Tag:
    """Send in a scenario file.

    Parameters
    ----------
    settings : Settings
        Language.

    Returns
    -------
    Tag
        A file field, and room for what is said of it.
    """
    return tags.div(
        tags.label(
            tags.span(phrase("upload", settings.lang)),
            tags.input(type="file", id="sending", accept=".yaml,.yml"),
        ),
        tags.p(role="alert", class_="said", id="sent"),
    )

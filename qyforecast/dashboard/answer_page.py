"""The first page: is the promise kept, who says so, and what would change it."""

import pandas as pd
from htmltools import Tag, tags

from qyforecast.dashboard import forms
from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.pictures import glance_tables, picture
from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.statements import belongs, promises
from qyforecast.dashboard.tables import chances_sheet, compared
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.judge.verdict import Verdict, judge_record
from qyforecast.report.card_files import RECORD, table_beside
from qyforecast.report.headline import MODEL, headline_of_glance
from qyforecast.report.names import method_of
from qyforecast.report.record import HORIZONS
from qyforecast.report.request import USUAL
from qyforecast.report.wording import percent_text, say


def form(world: World, settings: Settings) -> list[Tag]:
    """Choose the year of knowledge.

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
    return [forms.vintage(world, settings)]


def answer(world: World, settings: Settings) -> list[Part]:
    """State how likely each promise is if nothing is added, and who says so.

    Parameters
    ----------
    world : World
        Draws and record.
    settings : Settings
        Vintage and language.

    Returns
    -------
    list of Part
        Statements.
    """
    lang, as_of = settings.lang, world.vintage(settings)
    base = next(iter(world.library.values()))
    one = world.glance(as_of, base)
    record = table_beside(world.request.model_file, RECORD)
    spoken = world.spoken[as_of]
    headline = headline_of_glance(one, world.panels[as_of], world.targets, spoken.voice, record)
    lines = [tags.li(_spoken(row, lang)) for row in headline.to_dict("records")]
    return [
        promises(world, settings, one, world.census.city),
        belongs(world, settings, base),
        tags.h2(phrase("headline", lang)) if lines else tags.div(),
        tags.ul(*lines) if lines else tags.div(),
        tags.h2(phrase("record", lang)),
        tags.ul(*(tags.li(line) for line in _record(record, spoken.voice, lang))),
        tags.p(say("pseudo_vintage", lang), class_="quiet"),
        tags.p(say("leaves_out", lang), class_="quiet"),
    ]


def figures(world: World, settings: Settings) -> list[Part]:
    """Draw the fan, and say what other scenarios would make of it.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        Vintage and language.

    Returns
    -------
    list of Part
        The fan and a table.
    """
    lang, as_of, city = settings.lang, world.vintage(settings), world.census.city
    names = [name for name in USUAL if name in world.library]
    # The baseline leads the library, whatever it is called.
    names = list(dict.fromkeys([next(iter(world.library)), *names]))
    seen = {name: world.glance(as_of, world.library[name]) for name in names}
    fan = picture(world, "fan", glance_tables(world, seen[names[0]], city), lang, city)
    return [
        fan,
        tags.h2(phrase("change", lang)),
        tags.p(phrase("change_note", lang)),
        chances_sheet(compared(world, seen, [city]), settings, city),
    ]


def _spoken(row: dict, lang: str) -> str:
    def chance(key: str) -> str:
        value = row.get(key)
        return phrase("none", lang) if value is None or pd.isna(value) else percent_text(
            float(value), lang, 0)  # fmt: skip

    def who(key: str) -> str:
        method = row.get(key)
        if not isinstance(method, str):
            return phrase("none", lang)
        return phrase("the_model", lang) if method == MODEL else _method(method, lang)

    values = {key: chance(key) for key in ("probability", "model", "simple_probability")}
    values |= {"share": percent_text(row["threshold"], lang, 0), "year": row["year"]}
    values |= {"who": who("speaks"), "simple": who("simple")}
    return phrase("spoken", lang, values | {"met": row["met"], "spells": row["spells"]})


def _record(record: pd.DataFrame | None, speaking: str, lang: str) -> list[str]:
    if record is None:
        return [phrase("no_record", lang)]
    found = {
        one.horizon: one
        for one in (judge_record(record, speaking, horizon) for horizon in HORIZONS)
        if one is not None
    }
    return [_verdict(one, lang) for one in found.values()] or [phrase("no_record", lang)]


def _verdict(verdict: Verdict, lang: str) -> str:
    row = verdict.row
    values = {
        "horizon": verdict.horizon,
        "count": f"{row['observations']:.0f}",
        "first": f"{row.get('first_origin', float('nan')):.0f}",
        "last": f"{row.get('last_origin', float('nan')):.0f}",
        "held80": percent_text(row["coverage80"], lang, 0),
        "held95": percent_text(row["coverage95"], lang, 0),
        "mae": f"{100 * row['mae']:.1f}",
        "own": f"{100 * row['crps']:.2f}",
        "other": f"{100 * verdict.best_row['crps']:.2f}",
        "best": _method(verdict.best, lang),
        "end": phrase("beats" if verdict.beats else "loses", lang),
    }
    return phrase("record_line", lang, values)


def _method(code: str, lang: str) -> str:
    """Name a method, and that its errors were taken with either sign."""
    plain, _, kind = code.partition(", ")
    name = method_of(plain, lang)
    return phrase("either_sign", lang, {"method": name}) if kind == "symmetric" else name

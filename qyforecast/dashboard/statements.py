"""The answer in large plain words, and what each number belongs to."""

import pandas as pd
from htmltools import Tag, tags

from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.policy.glance import Glance
from qyforecast.report.decision_text import points_text
from qyforecast.report.names import name_of
from qyforecast.report.tables import targets_table
from qyforecast.report.wording import counted_text, interval_text, percent_text
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.scenario import Scenario


def belongs(world: World, settings: Settings, scenario: Scenario) -> Tag:
    """Say which settings the numbers belong to.

    Parameters
    ----------
    world : World
        Draws and seed.
    settings : Settings
        What was asked.
    scenario : Scenario
        What was run.

    Returns
    -------
    Tag
        A paragraph.
    """
    lang = settings.lang
    values = {
        "scenario": name_of(scenario.name, lang),
        "as_of": world.vintage(settings),
        "draws": f"{world.draws:,}",
        "seed": world.seed,
        "moved": _moved(world, settings, scenario),
    }
    return tags.p(phrase("belongs", lang, values), class_="belongs")


def _moved(world: World, settings: Settings, scenario: Scenario) -> str:
    lang, now = settings.lang, {lever.name: lever for lever in scenario.levers}
    if scenario.name != "what-if":
        return phrase("unmoved", lang)
    whole = world.whole(settings)
    words = [name_of(settings.one("scenario", whole.name), lang)]
    for lever in whole.levers:
        new = now.get(lever.name)
        name = {"lever": name_of(lever.name, lang)}
        if new is None:
            words.append(phrase("lever_off", lang, name))
        elif new != lever or whole.name == "what-if":
            words.append(phrase("lever_now", lang, name | _lever(world, new, lang)))
    return phrase("moved", lang, {"levers": ("；" if lang == "zh" else "; ").join(words)})


def _lever(world: World, lever: Lever, lang: str) -> dict[str, str | int]:
    where = phrase("everywhere", lang)
    if lever.places is not None:
        between = "、" if lang == "zh" else ", "
        places = between.join(world.place(code, lang) for code in lever.places)
        where = phrase("in_places", lang, {"places": places})
    timing = lever.timing
    strength = {"strength": f"{100 * lever.factor:.0f}", "places": where}
    return strength | {"start": timing.start, "ramp": timing.ramp}


def promises(world: World, settings: Settings, one: Glance, region: str) -> Tag:
    """State how likely each promise is.

    Parameters
    ----------
    world : World
        Targets and draws.
    settings : Settings
        Language.
    one : Glance
        A scenario's run.
    region : str
        Of whom.

    Returns
    -------
    Tag
        A statement for each strict target.
    """
    lang, mine = settings.lang, world.promises(region)
    rows = targets_table(one, mine).to_dict("records")
    return tags.div(*(_promise(world, row, one.as_of, lang) for row in rows), class_="promises")


def _promise(world: World, row: dict, as_of: int, lang: str) -> Tag:
    share = {"share": percent_text(row["threshold"], lang, 0), "year": row["year"]}
    chance = counted_text(row["probability"], row["standard_error"], lang)
    values = {
        "median": percent_text(row["median"], lang),
        "interval": interval_text(row["lower80"], row["upper80"], lang),
        "as_of": as_of,
        "draws": f"{world.draws:,}",
    }
    return tags.section(
        tags.h2(phrase("promise", lang, share)),
        tags.p(
            tags.span(phrase("chance", lang) + " ", class_="quiet"),
            tags.strong(chance, data_target=str(row["target"])),
            class_="chance",
        ),
        tags.p(phrase("middle", lang, values)),
    )


def gains(chances: pd.DataFrame, scenario: str, region: str, lang: str) -> list[Tag]:
    """Say what a scenario adds to each strict target, in pairs of draws.

    Parameters
    ----------
    chances : DataFrame
        Of `compare_glances`.
    scenario, region : str
        Whose rows.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    list of Tag
        A heading and a sentence for each target.
    """
    mine = chances[(chances["scenario"] == scenario) & (chances["region_code"] == region)]
    other = str(mine["compared_with"].iloc[0])
    if other == scenario:
        return [tags.p(phrase("same", lang))]
    lines = [
        tags.li(
            f"{row['year']} · {percent_text(row['threshold'], lang, 0)}: "
            + phrase("difference", lang, _gain(row))
        )
        for row in mine.to_dict("records")
    ]
    title = phrase("against", lang, {"baseline": name_of(other, lang)})
    return [tags.h2(title), tags.ul(*lines, class_="gains")]


def _gain(row: dict) -> dict[str, str]:
    return {
        "difference": points_text(row["difference"], row["difference_error"]),
        "gain": f"{row['gain_points']:+.2f}",
        "low": f"{row['gain_points_lower90']:+.2f}",
        "high": f"{row['gain_points_upper90']:+.2f}",
        "persons": f"{row['gain_persons']:+,.0f}",
    }


def first_years(first_year: pd.DataFrame, scenario: str, region: str, lang: str) -> Tag:
    """Say when each target's share is first reached.

    Parameters
    ----------
    first_year : DataFrame
        Of `compare_glances`.
    scenario, region : str
        Whose rows.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Tag
        A list.
    """
    mine = first_year[(first_year["scenario"] == scenario) & (first_year["region_code"] == region)]
    lines = []
    for share, rows in mine.groupby("threshold"):
        never, told = rows.iloc[-1], rows.iloc[:-1]
        half = told[told["by_then"] >= 0.5]
        values = {
            "share": percent_text(float(str(share)), lang, 0),
            "half": str(half["year"].iloc[0]) if len(half) else "",
            "last": str(told["year"].iloc[-1]),
            "never": counted_text(float(never["probability"]), float(never["by_then_error"]), lang),
        }
        lines.append(tags.li(phrase("first_line" if len(half) else "first_never", lang, values)))
    return tags.ul(*lines)

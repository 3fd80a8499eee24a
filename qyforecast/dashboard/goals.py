"""Long answers of the third page: shares of a gain, and how hard levers must be pulled."""

from htmltools import tags

from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.pictures import picture
from qyforecast.dashboard.settings import Settings, choose, number
from qyforecast.dashboard.sheets import Sheet
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.decide.draws import count
from qyforecast.decide.targets import Target
from qyforecast.policy.attribution import share_reached
from qyforecast.policy.seeking import pull_together, seek_strength
from qyforecast.report.gain_shares import attribution_table
from qyforecast.report.names import name_of
from qyforecast.report.wording import counted_text, percent_text

#: The hardest pull that is tried, as `qyforecast seek` does.
MOST = 5.0


def _ahead(world: World, settings: Settings) -> list[Target]:
    as_of = world.vintage(settings)
    return [target for target in world.promises(world.census.city) if target.year > as_of]


def taken_apart(world: World, settings: Settings) -> list[Part]:
    """Share a bundle's gain out over its levers, where that is asked.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        ``apart``: the bundle.

    Returns
    -------
    list of Part
        A chart and a table; nothing where it is not asked.
    """
    lang, known = settings.lang, world.scenarios()
    name, ahead = choose(settings, "apart", ["", *known]), _ahead(world, settings)
    if not name or not known[name].levers or not ahead:
        return []
    future, bundle = world.futures[world.vintage(settings)], known[name]
    table = world.pictures.get(
        ("apart", future.as_of, name, repr(bundle.levers)),
        lambda: attribution_table(future, bundle, ahead, world.seed),
    )
    title = phrase("shapley", lang, {"scenario": name_of(name, lang)})
    kept = ["year", "player", "probability", "probability_error", "gain_points",
            "gain_points_error", "draws"]  # fmt: skip
    return [
        tags.h2(title),
        picture(world, "shapley", {"attribution": table}, lang, world.census.city),
        Sheet("apart", title, table[kept]),
    ]


def sought(world: World, settings: Settings) -> list[Part]:
    """Seek how hard levers must be pulled, where that is asked; a refusal says why.

    Parameters
    ----------
    world : World
        Draws.
    settings : Settings
        ``goal``, the target's year; ``chance`` in percent; ``pulled``, a scenario.

    Returns
    -------
    list of Part
        A heading and a sentence; nothing where it is not asked.

    Raises
    ------
    OutOfReach
        If it cannot be reached; states the best that can.
    """
    lang = settings.lang
    years = [str(target.year) for target in world.promises(world.census.city)]
    year = choose(settings, "goal", ["", *years])
    if not year:
        return []
    head = tags.h2(phrase("seek", lang))
    goals = [target for target in _ahead(world, settings) if str(target.year) == year]
    if not goals:
        return [head, tags.p(phrase("past", lang))]
    known = world.scenarios()
    name = choose(settings, "pulled", [n for n, one in known.items() if one.levers])
    wanted = number(settings, "chance", 50, (1, 99)) / 100
    return [head, tags.p(_sentence(world, settings, goals[0], name, wanted), class_="found")]


def _sentence(world: World, settings: Settings, target: Target, name: str, wanted: float) -> str:
    lang, known = settings.lang, world.scenarios()
    future = world.futures[world.vintage(settings)]
    pulled = pull_together(known, [name])
    base = world.library[str(pulled.baseline)]
    before = count(share_reached(future, base, target, seed=world.seed) >= target.bar)
    found = world.pictures.get(
        ("seek", future.as_of, repr(pulled.levers), target, wanted),
        lambda: seek_strength(future, pulled, target, wanted, most=MOST, seed=world.seed),
    )
    upper = f"{found.upper:.2f}" if found.upper < float("inf") else f"> {MOST:g}"
    chance = found.probability
    values = {
        "share": percent_text(target.threshold, lang, 0),
        "year": target.year,
        "before": counted_text(before.value, before.standard_error, lang),
        "chance": counted_text(chance.value, chance.standard_error, lang),
        "scenario": name_of(name, lang),
        "strength": f"{found.strength:.2f}",
        "low": f"{found.lower:.2f}",
        "high": upper,
    }
    return phrase("found" if found.strength else "needs_nothing", lang, values)

"""The fifth page: what the answers rest on, and how they have done."""

import pandas as pd
from htmltools import Tag, tags

from qyforecast.census.descriptor import read_descriptor
from qyforecast.dashboard.parts import Part
from qyforecast.dashboard.places_page import saved_parts
from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.sheets import Sheet
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.report.names import method_of
from qyforecast.report.wording import percent_text

SAVED = ("vintages", "reliability", "coverage", "priors", "coefficients", "effects", "variance")


def form(world: World, settings: Settings) -> list[Tag]:
    """Nothing can be set here.

    Parameters
    ----------
    world : World
        What all sessions share.
    settings : Settings
        What is asked.

    Returns
    -------
    list of Tag
        Empty.
    """
    return []


def answer(world: World, settings: Settings) -> list[Part]:
    """List sources, the sampler's health, and what is judged.

    Parameters
    ----------
    world : World
        Data, fits and scenarios.
    settings : Settings
        Language.

    Returns
    -------
    list of Part
        Tables.
    """
    lang = settings.lang
    judged = _judged(world)
    count = int((judged["grade"] == "judgement").sum())
    return [
        *(tags.p(_weights(world, as_of, lang)) for as_of in world.spoken),
        Sheet("health", phrase("health", lang), _health(world)),
        tags.p(phrase("judged_note", lang, {"judged": count, "all": len(judged)})),
        Sheet("judged", phrase("judged", lang), judged),
        Sheet("sources", phrase("sources", lang), _sources(world)),
    ]


def figures(world: World, settings: Settings) -> list[Part]:
    """Draw record, priors and posteriors from saved results.

    Parameters
    ----------
    world : World
        Where results lie.
    settings : Settings
        Language.

    Returns
    -------
    list of Part
        Charts, and what is not shown.
    """
    return saved_parts(world, SAVED, settings.lang, world.census.city)


def _weights(world: World, as_of: int, lang: str) -> str:
    weights = [
        f"{method_of(name, lang)} {percent_text(weight, lang, 0)}"
        for name, weight in world.spoken[as_of].weights.items()
    ]
    between = "、" if lang == "zh" else ", "
    return phrase("weights", lang, {"as_of": as_of, "weights": between.join(weights)})


def _health(world: World) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"as_of": as_of, "model": model, "measure": measure, "value": float(value)}
            for as_of, spoken in world.spoken.items()
            for model, health in spoken.health.items()
            for measure, value in health.items()
            if isinstance(value, int | float)
        ],
        columns=["as_of", "model", "measure", "value"],
    )


def _judged(world: World) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "scenario": scenario.name,
                "lever": lever.name,
                "grade": lever.effect.evidence.grade,
                "year": str(lever.effect.evidence.year),
                "source": " ".join(lever.effect.evidence.source.split()),
            }
            for scenario in world.library.values()
            for lever in scenario.levers
            if scenario.origins[lever.name] == scenario.name
        ]
    )


def _sources(world: World) -> pd.DataFrame:
    sources = read_descriptor(world.census.folder).sources.values()
    return pd.DataFrame(
        [{"publisher": one.publisher, "route": one.route, "tier": one.tier} for one in sources]
    )

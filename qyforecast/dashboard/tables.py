"""Tables that pages show, from the comparison that `qyforecast compare` makes too."""

from collections.abc import Mapping, Sequence

import pandas as pd

from qyforecast.dashboard.settings import Settings
from qyforecast.dashboard.sheets import Sheet
from qyforecast.dashboard.texts import phrase
from qyforecast.dashboard.world import World
from qyforecast.policy.comparison import Comparison, compare_glances
from qyforecast.policy.glance import Glance

CHANCES = (
    "scenario", "year", "threshold", "probability", "standard_error", "difference",
    "difference_error", "gain_points", "gain_points_lower90", "gain_points_upper90",
    "gain_persons", "lower90", "median", "upper90",
)  # fmt: skip


def compared(
    world: World, seen: Mapping[str, Glance], regions: Sequence[str] | None = None
) -> Comparison:
    """Compare runs for some places, or for all.

    Parameters
    ----------
    world : World
        Targets.
    seen : mapping of str to Glance
        Runs by scenario, their baseline among them.
    regions : sequence of str, optional
        Places whose targets are asked about; all where None.

    Returns
    -------
    Comparison
        As `compare_scenarios` would make it.
    """
    wanted = world.targets if regions is None else [t for t in world.targets if t.region in regions]
    question = (
        "compared",
        tuple((id(one), one.as_of) for one in seen.values()),
        tuple(regions or ()),
    )
    return world.pictures.get(
        # The runs are kept with the answer, so that no other takes their identity.
        question, lambda: (compare_glances(seen, wanted, city=world.census.city), seen)
    )[0]  # fmt: skip


def chances_sheet(found: Comparison, settings: Settings, region: str) -> Sheet:
    """Lay out probabilities and differences of a place.

    Parameters
    ----------
    found : Comparison
        Of all scenarios shown.
    settings : Settings
        Language.
    region : str
        Code.

    Returns
    -------
    Sheet
        A row for each scenario and target.
    """
    table = found.chances[found.chances["region_code"] == region]
    return Sheet("chances", phrase("chances", settings.lang), _plain(table[list(CHANCES)]))


def growth_sheet(found: Comparison, settings: Settings, region: str) -> Sheet:
    """Lay out what the urban population of a place grows by.

    Parameters
    ----------
    found : Comparison
        Of all scenarios shown.
    settings : Settings
        Language.
    region : str
        Code.

    Returns
    -------
    Sheet
        A row for each scenario, year and component. [person]
    """
    table = found.growth[found.growth["region_code"] == region].drop(columns="region_code")
    return Sheet("growth-split", phrase("growth", settings.lang), _plain(table), persons=True)


def counties_sheet(world: World, found: Comparison, settings: Settings, scenario: str) -> Sheet:
    """Lay out the targets of each county.

    Parameters
    ----------
    world : World
        Names of places.
    found : Comparison
        Of all scenarios shown.
    settings : Settings
        Language.
    scenario : str
        Whose rows.

    Returns
    -------
    Sheet
        A row for each county and strict target.
    """
    strict = {target.name for target in world.targets if target.reading == "strict"}
    rows = found.chances
    rows = rows[(rows["scenario"] == scenario) & rows["target"].isin(strict)]
    names = [world.place(code, settings.lang) for code in rows["region_code"]]
    columns = ("year", "threshold", "probability", "standard_error", "difference",
               "difference_error", "lower90", "median", "upper90")  # fmt: skip
    table = rows[list(columns)].reset_index(drop=True)
    table.insert(0, "place", names)
    return Sheet("counties-table", phrase("counties", settings.lang), table)


def pairs_sheet(found: Comparison, settings: Settings, year: int) -> Sheet:
    """Lay out how often one scenario ends above another, as a square.

    Parameters
    ----------
    found : Comparison
        Of all scenarios shown.
    settings : Settings
        Language.
    year : int
        Of the target.

    Returns
    -------
    Sheet
        Rows above columns. [1]
    """
    rows = found.pairs[found.pairs["year"] == year]
    table = rows.pivot(index="scenario", columns="other", values="beats")
    order = list(dict.fromkeys(rows["scenario"]))
    table = table.reindex(index=order, columns=order).reset_index()
    table.columns.name = None
    return Sheet(f"pairs-{year}", f"{phrase('pairs', settings.lang)} ({year})", table)


def together_sheet(found: Comparison, settings: Settings, region: str) -> Sheet:
    """Lay out how likely it is that all strict targets of a place are met.

    Parameters
    ----------
    found : Comparison
        Of all scenarios shown.
    settings : Settings
        Language.
    region : str
        Code.

    Returns
    -------
    Sheet
        A row for each scenario. [1]
    """
    table = found.together[found.together["region_code"] == region]
    columns = ["scenario", "probability", "standard_error"]
    return Sheet("together", phrase("together", settings.lang), _plain(table[columns]))


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    return table.reset_index(drop=True)

"""Tables of a country: quantiles of every place and whole, what stood in for what, the screen."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from qyforecast.census.country_files import NATION, Country
from qyforecast.country.blocks import MEASURES, QUANTILES
from qyforecast.country.gather import Gathered
from qyforecast.country.ground import Ground
from qyforecast.report.overview import TextTable
from qyforecast.report.wording import percent_text

if TYPE_CHECKING:
    from qyforecast.report.country import CountryOutcome


def country_tables(country: Country, ground: Ground, gathered: Gathered) -> dict[str, pd.DataFrame]:
    """Lay out what is written.

    Parameters
    ----------
    country : Country
        Places and their names.
    ground : Ground
        Years.
    gathered : Gathered
        Quantiles.

    Returns
    -------
    dict of str to DataFrame
        ``urban_share`` [1] and ``population`` (residents and urban residents) [person]:
        ``level, region_code, name, measure, year`` and quantiles over draws, at year ends;
        ``substitutions``: ``region_code, name, rate, instead``; ``left_out`` and
        ``differences`` as `Country` has them.
    """
    rows = list(_quantile_rows(country, gathered))
    years = [int(ground.labels["base_year"]), *ground.years]
    share = MEASURES.index("urban_share")
    persons = [k for k in range(len(MEASURES)) if k != share]
    told = pd.DataFrame(
        ground.labels["substitutions"], columns=pd.Index(["region_code", "rate", "instead"])
    )
    names = country.places["name"]
    told.insert(1, "name", told["region_code"].map(names))
    return {
        "urban_share": _laid(rows, years, [share]),
        "population": _laid(rows, years, persons),
        "substitutions": pd.concat([told, _still(ground, gathered, names)], ignore_index=True),
        "left_out": country.left_out,
        "differences": country.differences,
    }


def _quantile_rows(
    country: Country, gathered: Gathered
) -> Iterator[tuple[str, str, str, np.ndarray]]:
    """Level, code, name and quantiles, the nation first."""
    places = country.places
    prefectures = places.groupby("prefecture")["prefecture_name"].first()
    yield "nation", NATION, "全国", gathered.quantiles[NATION]
    for code in places["province"].unique():
        yield "province", code, country.provinces["name"][code], gathered.quantiles[code]
    for code in prefectures.index:
        yield "prefecture", code, prefectures[code], gathered.quantiles[code]
    for code in places.index:
        yield "county", code, places["name"][code], gathered.places[code]


def _laid(rows: list, years: list[int], measures: list[int]) -> pd.DataFrame:
    """One row for each place, measure and year."""
    index = pd.MultiIndex.from_tuples([row[:3] for row in rows])
    values = np.stack([row[3] for row in rows])[:, measures]
    levels = [index.get_level_values(k) for k in range(3)]
    each = len(measures) * len(years)
    columns: dict[str, Any] = {
        name: np.repeat(np.asarray(level), each)
        for name, level in zip(("level", "region_code", "name"), levels, strict=True)
    }
    columns["measure"] = np.tile(np.repeat([MEASURES[k] for k in measures], len(years)), len(rows))
    columns["year"] = np.tile(years, len(rows) * len(measures))
    flat = np.moveaxis(values, 2, -1).reshape(-1, len(QUANTILES))
    return pd.DataFrame(columns | dict(zip(QUANTILES, flat.T, strict=True)))


def _still(ground: Ground, gathered: Gathered, names: pd.Series) -> pd.DataFrame:
    """Places of which nobody moved between village and town, in some draws or in all."""
    rows = []
    for code, count in gathered.still.items():
        every = count == ground.draws
        why = (
            "no moves: the share is off the model's scale"
            if every
            else f"no moves in {count} of {ground.draws} draws: more movers than villagers"
        )
        rows.append((code, names[code], "moves between village and town", why))
    return pd.DataFrame(rows, columns=pd.Index(["region_code", "name", "rate", "instead"]))


def country_screen(outcome: "CountryOutcome") -> TextTable:
    """Lay out what is printed: the nation and its provinces in the last year.

    Parameters
    ----------
    outcome : CountryOutcome
        A finished run.

    Returns
    -------
    TextTable
        Urban share counted and foretold, with its 80 % band, and what stands behind it.
    """
    manifest, last = outcome.manifest, outcome.manifest["to"]
    table = outcome.tables["urban_share"]
    table = table[table["level"].isin(["nation", "province"])]
    first = table[table["year"] == table["year"].min()].set_index("region_code")["q50"]
    rows = tuple(
        (
            row["name"],
            percent_text(first[row["region_code"]]),
            percent_text(row["q50"]),
            f"{percent_text(row['q10'])} – {percent_text(row['q90'])}",
        )
        for row in table[table["year"] == last].to_dict("records")
    )
    return TextTable(
        f"Urban share in {last}, as of {manifest['as_of']} ({manifest['draws']} draws)",
        ("place", f"counted {table['year'].min()}", f"median {last}", "80 % band"),
        rows,
        _notes(outcome),
    )


def _notes(outcome: "CountryOutcome") -> tuple[str, ...]:
    manifest, country = outcome.manifest, outcome.country
    own = manifest["urban_population_of_own_row"]
    urban = f"{manifest['urban_population_of_places']:,.0f}"
    if own is None:
        equal = f"The places' urban population of the census is {urban}; no row of the nation."
    elif len(country.differences):
        equal = (
            f"The places' urban population of the census is {urban}, the nation's own row has "
            f"{own:,.0f}; {len(country.differences)} sums differ, listed in differences.csv."
        )
    else:
        equal = (
            f"The places' urban population of the census is {urban}: the nation's own row; "
            "every prefecture and province adds up too."
        )
    counts = outcome.tables["substitutions"].groupby("rate").size()
    stood = ", ".join(f"{rate} of {count}" for rate, count in counts.items())
    net = list(manifest["net_migration_share"].values())
    return (
        equal,
        f"Rates that stand in for a place's own, listed in substitutions.csv: {stood or 'none'}.",
        "Survival and the ages of mothers are the nation's by residence. Jobs and value added stay "
        "where they are against the mean place. Each place has net migrants at its own rates of "
        "the last decade, moves inside its prefecture among them; they need not balance: "
        f"{100 * net[0]:+.3f} % of the people in the first year, {100 * net[-1]:+.3f} % in the "
        "last. Yearly deviations of migration are left out, so bands of population are too narrow.",
        *outcome.notes,
    )

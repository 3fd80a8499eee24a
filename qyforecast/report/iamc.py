"""The IAMC layout that scenario tools read: model, scenario, region, variable, unit, years."""

from collections.abc import Mapping
from importlib.metadata import version

import pandas as pd

from qyforecast.policy.comparison import Comparison

LABELS = ["model", "scenario", "region", "variable", "unit"]
SHARE_QUANTILES = {
    "Urban Share|Median": "median",
    "Urban Share|5th Percentile": "lower90",
    "Urban Share|95th Percentile": "upper90",
}


def iamc_table(comparison: Comparison, names: Mapping[str, str]) -> pd.DataFrame:
    """Lay results out as scenario databases exchange them.

    Parameters
    ----------
    comparison : Comparison
        Results of one or more vintages.
    names : mapping of str to str
        Region code to the name to show.

    Returns
    -------
    DataFrame
        ``model, scenario, region, variable, unit`` and a column for each year, empty where
        nothing is said. The vintage is part of the model's name, since it changes what
        the model knows. Growth is since the base year; probabilities stand in the
        target's year.

    References
    ----------
    Huppmann et al. (2021), pyam: analysis and visualisation of integrated assessment
    and macro-energy scenarios, *Open Research Europe* 1:74, for the layout.
    """
    chances, growth = comparison.chances, comparison.growth
    parts = []
    for variable, column in SHARE_QUANTILES.items():
        # Two readings of one target share year and region: the share is one.
        once = chances.drop_duplicates(["scenario", "as_of", "region_code", "year"])
        parts.append(_long(once, variable, "%", 100 * once[column]))
    for target in chances["target"].unique():
        mine = chances[chances["target"] == target]
        parts.append(_long(mine, f"Probability|{target}", "%", 100 * mine["probability"]))
    for component in growth["component"].unique():
        mine = growth[growth["component"] == component]
        name = "Urban Population Growth"
        variable = name if component == "all" else f"{name}|{component.title()}"
        parts.append(_long(mine, variable, "person", mine["mean"]))
    table = pd.concat(parts, ignore_index=True)
    table["region"] = table["region"].map(dict(names))
    wide = table.pivot_table(index=LABELS, columns="year", values="value", sort=False)
    wide.columns = [str(year) for year in wide.columns]
    return wide[sorted(wide.columns)].reset_index()


def _long(rows: pd.DataFrame, variable: str, unit: str, values: pd.Series) -> pd.DataFrame:
    model = "qyforecast " + version("qyforecast") + " as of " + rows["as_of"].astype(str)
    return pd.DataFrame(
        {
            "model": model,
            "scenario": rows["scenario"],
            "region": rows["region_code"],
            "variable": variable,
            "unit": unit,
            "year": rows["year"].astype(int),
            "value": values,
        }
    )

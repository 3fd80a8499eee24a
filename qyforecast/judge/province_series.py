"""What is known of provinces beside their shares: real income per person, and residents."""

import pandas as pd

from qyforecast.census.census import Census
from qyforecast.census.panel import Panel


def province_income(census: Census, panel: Panel) -> pd.DataFrame:
    """Chain the provinces' indices of real output, and divide by residents.

    Parameters
    ----------
    census : Census
        Its table of provinces holds ``gdp_index`` (ratio to the year before) and ``population``.
    panel : Panel
        Names the provinces wanted, in order.

    Returns
    -------
    DataFrame
        A row for each year, a column for each province; real gross domestic product per
        resident, each province to a base of its own; missing where either is not known, and
        after a gap of the index.
    """
    tables = {name: _table(census, name) for name in ("gdp_index", "population")}
    index = tables["gdp_index"]
    index = index.reindex(range(index.index.min(), index.index.max() + 1))
    income = (index.cumprod(skipna=False) / tables["population"]).dropna(how="all")
    return income.reindex(columns=panel.provinces["province"].to_index())


def residents(census: Census) -> dict[str, float]:
    """Find how large provinces were when they were first counted.

    Parameters
    ----------
    census : Census
        Its table of provinces holds ``population``.

    Returns
    -------
    dict
        Code to residents of the first year known. [person]
    """
    table = _table(census, "population").bfill()
    return {str(code): float(value) for code, value in table.iloc[0].items()}


def _table(census: Census, variable: str) -> pd.DataFrame:
    """Lay out the newest print of a variable by year and province, years in order."""
    rows = census.provinces[census.provinces["variable"] == variable].sort_values("published")
    rows = rows.drop_duplicates(["region_code", "year"], keep="last")
    return rows.pivot(index="year", columns="region_code", values="value").sort_index()

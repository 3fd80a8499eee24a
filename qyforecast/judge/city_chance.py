"""A simple method's probability that the city keeps a promise."""

import numpy as np
import pandas as pd

from qyforecast.census.panel import Panel
from qyforecast.judge.baselines import newest_standing
from qyforecast.judge.methods import METHODS
from qyforecast.judge.past_errors import SIGNED, SYMMETRIC, foretell_simply, named
from qyforecast.judge.provinces import province_shares

#: Methods that need what is not known of the city.
UNUSABLE = tuple(
    named(method.name, kind)
    for method in METHODS
    if method.by_income
    for kind in (SIGNED, SYMMETRIC)
)


def simple_draws(panel: Panel, name: str, year: int) -> np.ndarray:
    """Foretell the city by a simple method, with the past errors of it and the provinces.

    Parameters
    ----------
    panel : Panel
        What was known.
    name : str
        Name of a method, with ``, symmetric`` where its errors count with either sign.
    year : int
        At the end of this year, after the city's newest figure.

    Returns
    -------
    ndarray
        Shares, ``(D,)``; missing where too few errors are known. [1]
    """
    (method, kind), *_ = (
        (method, kind)
        for method in METHODS
        for kind in (SIGNED, SYMMETRIC)
        if named(method.name, kind) == name
    )
    origin = newest_standing(panel).year
    shares = with_city(panel)
    shares = shares.loc[:origin].reindex(range(int(shares.index[0]), year + 1))
    (foretold,) = foretell_simply(method, shares, [origin], [year - origin], kinds=(kind,))
    return foretold.draws[:, -1]


def with_city(panel: Panel) -> pd.DataFrame:
    """Lay the city's figures beside the provinces'.

    Parameters
    ----------
    panel : Panel
        What was known.

    Returns
    -------
    DataFrame
        A row for each year, a column for each province and, last, the city. [1]
    """
    shares = province_shares(panel)
    readings = panel.readings[panel.readings["region"] == panel.city]
    told = dict(zip(readings["year"], readings["urban_share"], strict=True))
    # A count stands before what was published for the same year.
    city = pd.Series({**told, **panel.city_share}, name=panel.city, dtype=float)
    years = sorted({*shares.index, *city.index})
    return shares.reindex(years).assign(**{panel.city: city.reindex(years)})

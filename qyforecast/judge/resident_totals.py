"""The city's published residents of later years beside the band forecast at the census."""

from dataclasses import replace

import numpy as np
import pandas as pd

from qyforecast.census.census import Census
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.move_estimates import known_totals
from qyforecast.demography.paths import draw_rates
from qyforecast.projection.project import project

BAND = (0.05, 0.5, 0.95)


def totals_in_band(census: Census, *, draws: int, seed: int) -> pd.DataFrame:
    """Forecast the city's residents with what was published by the year after the census.

    The spreads of the rates are estimated or judged without the totals they are tested
    on. Moves inside the city leave its total nearly as it is and are left out.

    Parameters
    ----------
    census : Census
        Two censuses and the yearly series.
    draws : int
        Number of draws.
    seed : int
        Seed of the rates.

    Returns
    -------
    DataFrame
        ``year, published, lower, median, upper, inside, share_below``: the 90 % band, and
        the share of draws below what was published. [person; 1]
    """
    year = census.years[-1]
    published = known_totals(census.series, census.city, after=year, as_of=9999).to_series()
    base = estimate_rates(census, as_of=year + 1)
    last = int(max(published.index, default=year + 1))
    rates = draw_rates(base, years=range(year + 1, last + 1), draws=draws, seed=seed)
    totals = project(base.population, replace(rates, mobility=None), to=last).totals
    found = totals.sum(("area", "sex")).sel(year=published.index.to_numpy())
    low, middle, high = np.quantile(found.values, BAND, axis=0)
    value = published.to_numpy(float)
    return pd.DataFrame(
        {
            "year": published.index.to_numpy(int),
            "published": value,
            "lower": low,
            "median": middle,
            "upper": high,
            "inside": (low <= value) & (value <= high),
            "share_below": (found.values < value).mean(0),
        }
    )

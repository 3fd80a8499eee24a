"""How far the net migration of a place strays from its last decade, from the provinces."""

import numpy as np
import pandas as pd

from qyforecast.census.census import Census
from qyforecast.census.mortality_estimates import NATION
from qyforecast.demography.estimates import Autoregression
from qyforecast.errors import DataError

#: Beijing, Tianjin, Shanghai capped their population by plan in the 2010s: no ordinary places.
CAPPED = ("110000", "120000", "310000")
#: With fewer provinces a standard deviation says little.
_FEWEST = 10


def net_spread(census: Census, year: int) -> Autoregression:
    """Estimate lasting and yearly deviations of net migration from its last decade.

    A province's growth less the nation's is near its net migration. The ten years to
    the census are read as published by the year after it, so that what came later can
    test a forecast. Yearly deviations are those about the province's own mean. Rates of
    migration rest on the decade's mean, so the lasting deviation is the standard error of
    a mean of ten such years.

    Parameters
    ----------
    census : Census
        Population of provinces and nation by year, with years of publication.
    year : int
        Census year that ends the decade.

    Returns
    -------
    Autoregression
        About zero, per resident; spreads are root mean squares over provinces. [1 / year]

    Raises
    ------
    DataError
        If fewer than ten provinces have a figure for every year needed.

    References
    ----------
    Kendall (1954), Biometrika 41, 403-404: taking out the mean of a few years lowers
    correlation and spread, by amounts that the persistence gives and that are undone.
    """
    rows = census.provinces
    rows = rows[(rows["variable"] == "population") & (rows["published"] <= year + 1)]
    growth = _relative_growth(rows, list(range(year - 9, year + 1)))
    apart = (growth - growth.mean()).to_numpy()
    persistence, squares = _undo_mean(apart)
    variance = float((apart**2).sum(0).mean()) / squares
    return Autoregression(
        level=0.0,
        level_sd=float(np.sqrt(variance * (1 - squares / len(apart)))),
        sd=float(np.sqrt(variance)),
        persistence=persistence,
    )


def _relative_growth(rows: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Yearly growth of each province less the nation's; years down, provinces across."""
    table = rows.pivot_table(index="year", columns="region_code", values="value")
    growth = table.apply(np.log).diff().reindex(years).dropna(axis="columns")
    provinces = [code for code in growth if code not in (NATION, *CAPPED)]
    if NATION not in growth or len(provinces) < _FEWEST:
        raise DataError(
            "too few provinces have a population for every year from which the spread of "
            "net migration is learnt",
            where="provinces, variable population",
            found=f"{len(provinces)} provinces, years {years}",
            cure=f"give the nation and at least {_FEWEST} provinces, {years[0] - 1} to {years[-1]}",
        )
    return growth[provinces].sub(growth[NATION], axis="index")


def _undo_mean(apart: np.ndarray) -> tuple[float, float]:
    """Persistence of a course whose mean over few years was taken out, ``(year, place)``.

    With it comes the sum of squares about the mean that such a course of unit variance
    is expected to have.
    """
    years = np.arange(len(apart))
    lag = np.abs(years[:, None] - years)
    centre = np.eye(len(years)) - 1 / len(years)
    grid = np.linspace(0.0, 0.95, 951)
    expected = centre @ grid[:, None, None] ** lag @ centre
    squares = np.trace(expected, axis1=1, axis2=2)
    products = np.trace(expected, offset=1, axis1=1, axis2=2)
    found = (apart[1:] * apart[:-1]).sum() / (apart**2).sum()
    nearest = int(np.abs(products / squares - found).argmin())
    return float(grid[nearest]), float(squares[nearest])

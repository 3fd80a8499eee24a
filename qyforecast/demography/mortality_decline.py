"""Death rates along a path of life expectancy by the coherent pattern of mortality decline."""

import numpy as np
import xarray as xr

from qyforecast.demography.death_rates import check_ages, check_rates
from qyforecast.demography.labelled import by_labels
from qyforecast.demography.level_search import EXACT, Gauge, solve_level, step_down
from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError


def project_by_decline(
    mx: xr.DataArray,
    e0: xr.DataArray,
    patterns: xr.DataArray,
    *,
    infant: str = "andreev-kingkade",
    tolerance: float = EXACT,
) -> xr.DataArray:
    """Lower death rates by the coherent pattern of mortality decline.

    ``log m(t) = log m(t-1) - k(t) rho(t)``, where rho is the mean over sexes of the patterns
    at the sexes' life expectancies of period *t*, classes of 5 years; below the
    first class the first pattern holds, above the last the last.

    Parameters
    ----------
    mx : DataArray
        Rates of the start, ``(sex, age)``, abridged. [1 / year]
    e0 : DataArray
        Life expectancy, ``(..., period, sex)``. [year]
    patterns : DataArray
        Pace of decline, ``(sex, level, age)``, with the ages of `mx`. [1]
    infant : str
        Rule of `infant_separation`.
    tolerance : float
        How near is near enough, see `Gauge`. [year]

    Returns
    -------
    DataArray
        Death rates, ``(..., period, sex, age)``. [1 / year]

    Raises
    ------
    RateError
        If labels differ, or a life expectancy cannot be reached.

    References
    ----------
    Andreev, Gu and Gerland (2013), "Age patterns of mortality improvement by level of life
    expectancy at birth"; Gu, Pelletier and Sawyer (2017), UN Technical Paper 6.
    """
    start = by_labels("death rates", mx, ("sex", "age"))
    sexes = [str(sex) for sex in start["sex"].values]
    check_rates(start.values, check_ages(start["age"].values))
    targets = by_labels("life expectancy", e0, ("period", "sex"), sexes)
    rho = by_labels(
        "patterns of decline", _same_ages(patterns, start), ("sex", "level", "age"), sexes
    )
    rho = rho.sortby("level")
    upper = rho["level"].values[:-1] + 2.5
    ages = start["age"].values
    gauge = Gauge(ages, sexes, infant, tolerance)
    now, periods = np.broadcast_to(start.values, (*targets.shape[:-2], *start.shape)), []
    for t in range(targets.sizes["period"]):
        wanted = targets.values[..., t, :]
        classes = np.searchsorted(upper, wanted, side="right")
        own = [rho.values[s][classes[..., s]] for s in range(len(sexes))]
        now = _decline(now, np.mean(own, axis=0)[..., None, :], wanted, gauge)
        periods.append(now)
    coords = {**targets.coords, "age": ages}
    return xr.DataArray(np.stack(periods, axis=-3), dims=(*targets.dims, "age"), coords=coords)


def _decline(now: Floats, pattern: Floats, wanted: Floats, gauge: Gauge) -> Floats:
    def rates_at(level: Floats) -> Floats:
        return now * np.exp(-level[..., None] * pattern)

    # A falling life expectancy is met by going back along the pattern.
    ends = (step_down(rates_at, gauge, wanted), np.full(wanted.shape, 25.0))
    return solve_level(rates_at, gauge, wanted, ends)[1]


def _same_ages(table: xr.DataArray, mx: xr.DataArray) -> xr.DataArray:
    if not set(mx["age"].values.tolist()) <= set(table["age"].values.tolist()):
        raise RateError(
            "the patterns of decline lack ages of the death rates",
            found=f"up to {table['age'].values.max()}, wanted up to {mx['age'].values.max()}",
            cure="join the older ages to one open group first",
        )
    return table.sel(age=mx["age"])

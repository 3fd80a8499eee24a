"""The tables of a forecast: what one run says, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from itertools import pairwise, product
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.decide.quantiles import draw_quantiles
from qyforecast.decide.targets import Target, assess
from qyforecast.errors import OutputError
from qyforecast.vocabulary import RESIDENCES

if TYPE_CHECKING:
    from qyforecast.census.census import Census
    from qyforecast.forecast import Run
    from qyforecast.policy.glance import Glance

#: Places summarised at a time; each holds some 100 MB for the city, less for a county.
THREADS = 2
MIDDLE_80 = {"q10": 0.1, "q50": 0.5, "q90": 0.9}
SHARE_QUANTILES = {"q025": 0.025, "q10": 0.1, "q25": 0.25, "q50": 0.5}
SHARE_QUANTILES |= {"q75": 0.75, "q90": 0.9, "q975": 0.975}
ESTIMATES = ("median", "lower80", "upper80", "lower95", "upper95")


def targets_table(run: Run | Glance, targets: Sequence[Target]) -> pd.DataFrame:
    """Tell how probable each target is.

    Parameters
    ----------
    run : Run or Glance
        One scenario at one vintage.
    targets : sequence of Target
        Each for one region; the city's and the counties'.

    Returns
    -------
    DataFrame
        ``scenario, as_of, region_code, target, year, threshold, probability,
        standard_error, median, lower80, upper80, lower95, upper95``. The threshold is the
        bar that counts (`Target.bar`): the promised share, less the tolerance where the
        promise says *about*. Intervals are equal-tailed. [1]
    """
    rows = []
    for target in targets:
        found = assess(run.urban_share, target, scenario=run.scenario.name, as_of=run.as_of)
        row = {
            "region_code": target.region,
            "target": target.name,
            "year": target.year,
            "threshold": target.bar,
            "probability": found.probability,
            "standard_error": found.standard_error,
        }
        rows.append(row | {name: getattr(found, name) for name in ESTIMATES})
    columns = ("region_code", "target", "year", "threshold", "probability", "standard_error")
    return _of_run(run, pd.DataFrame(rows, columns=[*columns, *ESTIMATES]))


def urban_share_table(run: Run | Glance) -> pd.DataFrame:
    """Tell the urban share of the city and its counties year by year.

    Parameters
    ----------
    run : Run or Glance
        One scenario at one vintage.

    Returns
    -------
    DataFrame
        ``scenario, as_of, region_code, year, mean, q025, q10, q25, q50, q75, q90, q975``, the base
        year first; at the end of the year. [1]
    """
    shares = run.urban_share.transpose("draw", "region", "year")
    columns = {"mean": shares.values.mean(axis=0)} | _quantile_columns(
        shares.values, SHARE_QUANTILES
    )
    labels = {"region_code": shares["region"].values, "year": shares["year"].values}
    return _of_run(run, _long(labels, columns))


def population_table(run: Run) -> pd.DataFrame:
    """Tell how many live where, by sex and age.

    Parameters
    ----------
    run : Run
        One scenario at one vintage, its groups of ages kept.

    Returns
    -------
    DataFrame
        ``scenario, as_of, region_code, residence, year, sex, age_group, q10, q50, q90``;
        at the end of the year. The city is the sum of its counties in every draw, so its
        quantiles are not the sums of theirs. [person]

    Raises
    ------
    OutputError
        If groups of ages were not kept.
    """
    groups = run.projection.groups
    if groups is None:
        raise OutputError(
            "a table by age needs the ages of the projection", cure="project with keep='groups'"
        )
    groups = groups.transpose("draw", "area", "year", "sex", "age")
    labels = {
        "year": groups["year"].values,
        "sex": groups["sex"].values,
        "age_group": age_labels(groups["age"].values),
    }
    return _by_place(run, groups, labels)


def flows_table(run: Run) -> pd.DataFrame:
    """Tell what made the population change.

    Parameters
    ----------
    run : Run
        One scenario at one vintage.

    Returns
    -------
    DataFrame
        ``scenario, as_of, region_code, residence, year, flow, q10, q50, q90``, both sexes,
        over the year. [person]

    Notes
    -----
    Flows as `Projection.flows` has them. ``rural_to_urban`` and ``urban_to_rural`` are
    booked at both ends, as magnitudes: townspeople gained and villagers lost are one
    flow. ``intercounty_in`` and ``intercounty_out`` are moves between the counties, which
    for the city as a whole are its moves between county and county; ``reclassified`` is
    negative where residents are lost.
    """
    tables = []
    for kind, flow in run.projection.flows.items():
        # Adding two halves is several times as fast as a sum along an axis of two.
        by_sex = [flow.sel(sex=sex, drop=True) for sex in flow["sex"].values]
        values = reduce(add, by_sex).transpose("draw", "area", "year")
        table = _by_place(run, values, {"year": values["year"].values})
        table.insert(5, "flow", str(kind))
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def observed_table(census: Census, region: str) -> pd.DataFrame:
    """Collect the urban shares published for a region.

    Parameters
    ----------
    census : Census
        All that was read.
    region : str
        Code of the city or of a county.

    Returns
    -------
    DataFrame
        ``year, urban_share, kind, published``, by year; `kind` is the kind of source. The
        censuses are the counts themselves, whose totals come out a year later. [1]
    """
    persons = census.residence.transpose("year", "region", "residence")
    persons = persons.sum("region") if region == census.city else persons.sel(region=region)
    counted = persons.sel(residence="urban") / persons.sum("residence")
    years = counted["year"].values.astype(int)
    censuses = pd.DataFrame(
        {"year": years, "urban_share": counted.values, "kind": "census", "published": years + 1}
    )
    rows = census.series
    mine = (rows["region_code"].astype(str) == region) & (rows["variable"] == "urban_share")
    others = rows[mine & (rows["kind"] != "census") & ~rows["year"].isin(years)]
    others = others.rename(columns={"value": "urban_share"})[list(censuses.columns)]
    return pd.concat([censuses, others]).sort_values("year", ignore_index=True)


def age_labels(bounds: Sequence[int] | np.ndarray) -> list[str]:
    """Name groups of ages by their lower bounds.

    Parameters
    ----------
    bounds : sequence of int
        Rising; the last group is open.

    Returns
    -------
    list of str
        Like ``0-4`` and ``85+``.

    Examples
    --------
    >>> age_labels([0, 1, 5, 10])
    ['0', '1-4', '5-9', '10+']
    """
    ages = [int(bound) for bound in bounds]
    closed = [str(low) if high == low + 1 else f"{low}-{high - 1}" for low, high in pairwise(ages)]
    return [*closed, f"{ages[-1]}+"]


def city_code(run: Run) -> str:
    """Find the code that stands for all counties together.

    Parameters
    ----------
    run : Run
        One scenario at one vintage.

    Returns
    -------
    str
        The region that has a share of its own but no area in the accounts.

    Raises
    ------
    OutputError
        If there is none, or more than one.
    """
    counties = set(run.projection.totals["region"].values.tolist())
    whole = [str(code) for code in run.urban_share["region"].values if code not in counties]
    if len(whole) != 1:
        raise OutputError("a run has one code for the city as a whole", found=str(whole))
    return whole[0]


def _by_place(run: Run, values: xr.DataArray, labels: Mapping[str, Any]) -> pd.DataFrame:
    """Take quantiles of ``(draw, area, ...)`` for the city first and then its counties."""
    regions, residences = values["region"].values, values["residence"].values
    city = city_code(run)

    def table_of(place: tuple[str, str]) -> pd.DataFrame:
        code, residence = place
        here = (residences == residence) & ((regions == code) | (code == city))
        chosen = values.values[:, here]
        # One county is taken as it is; several are added in every draw before anything else.
        total = chosen[:, 0] if chosen.shape[1] == 1 else chosen.sum(axis=1, dtype=float)
        total = total.astype(np.float32, copy=False)
        table = _long(labels, _quantile_columns(total, MIDDLE_80))
        table.insert(0, "region_code", code)
        table.insert(1, "residence", residence)
        return table

    places = product((city, *dict.fromkeys(regions.tolist())), RESIDENCES)
    # Sorting lets other threads run; the tables come in the order of the places.
    with ThreadPoolExecutor(THREADS) as pool:
        tables = list(pool.map(table_of, places))
    return _of_run(run, pd.concat(tables, ignore_index=True))


def _quantile_columns(values: np.ndarray, wanted: Mapping[str, float]) -> dict[str, np.ndarray]:
    found = draw_quantiles(values, list(wanted.values()))
    return dict(zip(wanted, found, strict=True))


def _long(labels: Mapping[str, Any], columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product(list(labels.values()), names=list(labels))
    return index.to_frame(index=False).assign(**{n: v.ravel() for n, v in columns.items()})


def _of_run(run: Run | Glance, table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "scenario", run.scenario.name)
    table.insert(1, "as_of", run.as_of)
    return table

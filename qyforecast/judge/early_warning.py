"""Has the city left the band it was expected in, and how fast must it go now?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.layout import KINDS
from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target, paths_of
from qyforecast.judge.baselines import OutsideView, Standing, newest_standing, outside_view

#: Kind of a year that no figure tells: the newer vintage's own median.
ESTIMATE = "estimate"
BAND = (0.1, 0.9)


@dataclass(frozen=True)
class Seen:
    """A year newly seen, against what was expected of it.

    Attributes
    ----------
    region : str
        Code.
    year : int
        At its end.
    urban_share : float
        As published, or as the newer vintage estimates it. [1]
    kind : str
        Kind of source, or `ESTIMATE`.
    lower80, upper80 : float
        Band of the earlier vintage. [1]
    quantile : float
        Share of the earlier vintage's draws that lie below. [1]
    """

    region: str
    year: int
    urban_share: float
    kind: str
    lower80: float
    upper80: float
    quantile: float

    @property
    def left(self) -> bool:
        """Whether it lies outside the band."""
        return not self.lower80 <= self.urban_share <= self.upper80


def seen_path(
    before: xr.DataArray, after: xr.DataArray, known: Panel, now: Panel
) -> tuple[Seen, ...]:
    """Hold the years that a newer vintage has seen against the band of an earlier one.

    Parameters
    ----------
    before, after : DataArray
        Urban share by the earlier and the newer vintage, ``(draw, year, region)``. [1]
    known, now : Panel
        What each of them knew.

    Returns
    -------
    tuple of Seen
        For every region with a figure that was not known: the years after the last one
        known, up to the newest; those between figures as the newer vintage estimates them.
    """
    return tuple(
        one
        for region in [now.city, *now.own_counties]
        for one in _seen(region, (before, after), (known, now))
    )


def _seen(
    region: str, shares: tuple[xr.DataArray, xr.DataArray], panels: tuple[Panel, Panel]
) -> list[Seen]:
    known, now = (_readings(panel, region) for panel in panels)
    fresh = {key: share for key, share in now.items() if known.get(key) != share}
    if not fresh:
        return []
    told = max([panels[0].base_year, *(year for year, _ in known)])
    last = max(year for year, _ in fresh)
    before, after = (share.sel(region=region) for share in shares)
    rows = []
    for year in sorted({*(year for year, _ in fresh), *range(told + 1, last + 1)}):
        kinds = [kind for kind in KINDS if (year, kind) in fresh]
        kind = kinds[0] if kinds else ESTIMATE
        value = fresh[year, kind] if kinds else float(after.sel(year=year).median())
        draws = before.sel(year=year).values
        low, high = np.quantile(draws, BAND).tolist()
        below = float((draws < value).mean() + (draws == value).mean() / 2)
        rows.append(Seen(region, year, value, kind, low, high, below))
    return rows


def _readings(panel: Panel, region: str) -> dict[tuple[int, str], float]:
    rows: pd.DataFrame = panel.readings
    mine = rows[(rows["region"] == region) & (rows["year"] > panel.base_year)]
    keys = zip(mine["year"].astype(int).tolist(), mine["kind"].astype(str).tolist(), strict=True)
    return dict(zip(keys, mine["urban_share"].astype(float).tolist(), strict=True))


@dataclass(frozen=True)
class Pace:
    """Growth of the urban share and of the urban population between two years.

    Attributes
    ----------
    first, last : int
        From the end of one year to the end of the other.
    points : float
        [percentage point / year]
    persons : float
        [person / year]
    """

    first: int
    last: int
    points: float
    persons: float


@dataclass(frozen=True)
class PaceNeeded:
    """The pace that a target asks for from the newest share on.

    Attributes
    ----------
    target : Target
        What was promised.
    needed : Pace
        From the newest published share to the bar.
    views : tuple of OutsideView
        How often other places went as fast.
    """

    target: Target
    needed: Pace
    views: tuple[OutsideView, ...]


def recent_paces(panel: Panel, urban: xr.DataArray) -> tuple[Pace, ...]:
    """Measure the pace of the last decade, and of the years since.

    Parameters
    ----------
    panel : Panel
        What was known.
    urban : DataArray
        Urban residents of the city by year, ``(draw, year)``: the accounts' for years
        after the last census. [person]

    Returns
    -------
    tuple of Pace
        Between the censuses; and from the last to the newest share, where one is newer.
    """
    persons = panel.residence.sel(residence="urban").sum("region")
    shares, now = panel.city_share, newest_standing(panel)
    first, base = min(shares), panel.base_year
    counted = float(persons.sel(year=base) - persons.sel(year=first))
    paces = [_pace(first, base, shares[base] - shares[first], counted)]
    if now.year > base:
        gained = float((urban.sel(year=now.year) - urban.sel(year=base)).median())
        paces.append(_pace(base, now.year, now.urban_share - shares[base], gained))
    return tuple(paces)


def paces_needed(
    panel: Panel, urban_share: xr.DataArray, urban: xr.DataArray, targets: Sequence[Target]
) -> tuple[PaceNeeded, ...]:
    """Say how fast the city must go from now on, and how often others went so fast.

    Parameters
    ----------
    panel : Panel
        What was known.
    urban_share, urban : DataArray
        Share [1] and urban residents [person], ``(draw, year, region)``. The people whom
        a bar stands for are those of each draw's total in the target's year.
    targets : sequence of Target
        Of the city.

    Returns
    -------
    tuple of PaceNeeded
        One for each target that lies after the newest published share.
    """
    now, found = newest_standing(panel), []
    for target in targets:
        if target.year <= now.year:
            continue
        share, persons = paths_of(urban_share, target), paths_of(urban, target)
        totals = persons / share
        more = target.bar * totals.sel(year=target.year) - now.urban_share * totals.sel(
            year=now.year
        )
        needed = _pace(now.year, target.year, target.bar - now.urban_share, float(more.median()))
        views = outside_view(
            panel, share=now.urban_share, threshold=target.bar, years=target.year - now.year
        )
        found.append(PaceNeeded(target, needed, tuple(views)))
    return tuple(found)


def _pace(first: int, last: int, gained: float, persons: float) -> Pace:
    return Pace(first, last, 100 * gained / (last - first), persons / (last - first))


def published_share(panel: Panel, year: int) -> Standing | None:
    """Find the urban share of the city that was published for a year.

    Parameters
    ----------
    panel : Panel
        What was known.
    year : int
        At its end.

    Returns
    -------
    Standing or None
        As the source nearest to the count tells it; None where no figure does.
    """
    if year in panel.city_share:
        return Standing(year, panel.city_share[year], "census")
    told = _readings(panel, panel.city)
    kinds = [kind for kind in KINDS if (year, kind) in told]
    return Standing(year, told[year, kinds[0]], kinds[0]) if kinds else None

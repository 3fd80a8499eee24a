"""Simple methods that stand beside the model: what planners and the UN would draw."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from qyforecast.census.panel import Panel
from qyforecast.errors import DataError


@dataclass(frozen=True)
class Baseline:
    """A simple extrapolation of the city's urban share.

    Attributes
    ----------
    name : str
        Method.
    year : int
        At the end of this year.
    urban_share : float
        What the method gives. [1]
    """

    name: str
    year: int
    urban_share: float


def extrapolate(panel: Panel, years: tuple[int, ...]) -> list[Baseline]:
    """Extrapolate the city's urban share by methods without a model.

    Parameters
    ----------
    panel : Panel
        What was known; the first census and the newest figure are used.
    years : tuple of int
        Years wanted.

    Returns
    -------
    list of Baseline
        Persistence, linear in points, and constant urban-rural growth
        difference (a straight line on the log odds), for every year.

    References
    ----------
    United Nations (2018), *World Urbanization Prospects: methodology*, for the
    growth difference.
    """
    start = int(panel.counties["census"].values[0])
    first, now = panel.city_share[start], newest_standing(panel)
    end, last = now.year, now.urban_share
    if not np.isfinite([first, last]).all():
        raise DataError("the city has no urban share at its censuses", where=panel.city)
    per_year = (last - first) / (end - start)
    log_odds = (logit(last) - logit(first)) / (end - start)
    found = []
    for year in years:
        ahead = year - end
        found += [
            Baseline("persistence", year, last),
            Baseline("linear in points", year, float(np.clip(last + per_year * ahead, 0, 1))),
            Baseline(
                "constant growth difference", year, float(expit(logit(last) + log_odds * ahead))
            ),
        ]
    return found


@dataclass(frozen=True)
class Standing:
    """Where the city stood when it was last told.

    Attributes
    ----------
    year : int
        At the end of this year.
    urban_share : float
        The newest share published. [1]
    kind : str
        Kind of source.
    """

    year: int
    urban_share: float
    kind: str


def newest_standing(panel: Panel) -> Standing:
    """Find the newest urban share of the city that a panel knows.

    Parameters
    ----------
    panel : Panel
        What was known.

    Returns
    -------
    Standing
        The newest reading, or the last census where none is newer.
    """
    readings = panel.readings[panel.readings["region"] == panel.city]
    later = readings[readings["year"] > panel.base_year].sort_values("year")
    if later.empty:
        return Standing(panel.base_year, panel.city_share[panel.base_year], "census")
    last = later.to_dict("records")[-1]
    return Standing(int(last["year"]), float(last["urban_share"]), str(last["kind"]))


#: What spells of provinces that began as far behind as the city are called.
BEHIND = "provinces as far below the mean province"


@dataclass(frozen=True)
class OutsideView:
    """How often other places moved at the pace needed.

    Attributes
    ----------
    places : str
        Class of places.
    years : int
        Length of the spells.
    pace : float
        Pace needed. [log odds / year]
    met, spells : int
        Spells at that pace or faster, of all spells that began alike.
    of : int
        Places that these are spells of.
    behind : float
        How far below the mean place of their year the spells began, on average; missing
        where there are none. [1]
    """

    places: str
    years: int
    pace: float
    met: int
    spells: int
    of: int
    behind: float

    @property
    def share(self) -> float:
        """Share of spells that were fast enough; missing where there are none. [1]"""
        return self.met / self.spells if self.spells else float("nan")


def outside_view(
    panel: Panel, *, share: float, threshold: float, years: int, about: float = 0.05
) -> list[OutsideView]:
    """Count how often places that stood where the city stands moved as fast as it must.

    Parameters
    ----------
    panel : Panel
        Provinces by year and counties at two censuses.
    share, threshold : float
        The city's share now, and the one promised. [1]
    years : int
        Years between.
    about : float
        Places within this distance of the city's share count as alike. [1]

    Returns
    -------
    list of OutsideView
        Provinces (overlapping spells of `years`, or of the longest length that leaves
        three of a province), counties of the panel between the censuses, and provinces
        again, those that began as far below the mean province as the city stands,
        whatever their share.
    """
    pace = float((logit(threshold) - logit(share)) / years)
    levels = panel.provinces["urban_share"].transpose("year", "province").values
    span = min(years, len(levels) - 3)
    spells = levels[:-span], levels[span:]
    decade = panel.counties["urban_share"].transpose("census", "county").values
    length = int(np.diff(panel.counties["census"].values)[0])
    behind = city_behind(panel, newest_standing(panel).year, share)
    return [
        _count(("provinces", span, pace), spells, _near(spells[0], share, about)),
        _count(
            ("counties", length, pace), (decade[:1], decade[1:]), _near(decade[:1], share, about)
        ),
        _count((BEHIND, span, pace), spells, _near(_below_mean(spells[0]), behind, about)),
    ]


def _near(values: np.ndarray, centre: float, about: float) -> np.ndarray:
    return (values >= centre - about) & (values <= centre + about)


def city_behind(panel: Panel, year: int, share: float) -> float:
    """Tell how far the city stands below the mean province.

    Parameters
    ----------
    panel : Panel
        Provinces by year.
    year : int
        When it stood there; the last year before in which most provinces are known counts.
    share : float
        The city's urban share. [1]

    Returns
    -------
    float
        Mean of the provinces less the city. [1]
    """
    levels = panel.provinces["urban_share"].sel(year=slice(None, year))
    levels = levels.transpose("year", "province").values
    told = np.flatnonzero(np.isfinite(levels).mean(axis=1) > 0.5)
    return float(np.nanmean(levels[told[-1]]) - share)


def _below_mean(start: np.ndarray) -> np.ndarray:
    """Distance below the mean of the places known in that year, ``(spell, place)``."""
    known = np.isfinite(start)
    mean = np.where(known, start, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return mean[:, None] - start


def _count(
    label: tuple[str, int, float], spells: tuple[np.ndarray, np.ndarray], alike: np.ndarray
) -> OutsideView:
    """Count spells that began alike and are known to their end, and those fast enough."""
    start, end = spells
    places, years, pace = label
    alike = alike & np.isfinite(end)
    fast = (logit(end) - logit(start)) / years >= pace
    behind = float(_below_mean(start)[alike].mean()) if alike.any() else float("nan")
    counts = int((alike & fast).sum()), int(alike.sum()), int(alike.any(axis=0).sum())
    return OutsideView(places, years, pace, *counts, behind)

"""The arrays of the regression, made once from a specification and a panel.

Shapes do not depend on the vintage: what was not known is masked, so that one
compiled model serves every as-of year.
"""

from dataclasses import dataclass, fields

import numpy as np

from qyforecast.census.panel import Panel
from qyforecast.errors import SpecificationError
from qyforecast.inference.readings import national_mix, reading_arrays, sector_shares
from qyforecast.inference.scale import level_of
from qyforecast.inference.spec import ModelSpec


@dataclass(frozen=True)
class Design:
    """Plain arrays; T years of change, P provinces, N counties, C own counties.

    Levels are log odds less the reference. Levels and drivers of a place count
    less those of the mean place of its year, so that the national pace is a series
    of its own: across places and along years the same slope need not hold.
    K drivers, employment before value added.

    Attributes
    ----------
    change, lag : ndarray
        Yearly change of provinces, and their previous level less the nation's,
        ``(T, P)``. [log odds]
    nation : ndarray
        Level of the mean province at the end of the year before each change and of
        the last year, ``(T + 1,)``; carried forward where not known. [log odds]
    unheard : ndarray
        ``(T, T + 1)``: 1 where the mean change of a year (row) is not known and adds
        to the nation's level of a later year (column).
    drivers, driver_changes : ndarray
        Previous year's drivers and their change, ``(T, P, K)``. [1]
    valid, linked : ndarray
        Whether a change is known; whether it and the one before are, with no
        break between, ``(T, P)``.
    breaks : ndarray
        What a jump adds to each year, ``(T, B)``: a break makes good what the years
        since the last one were published too low, so its column sums to zero.
    early : ndarray
        Whether a year's shares are as first printed, ``(T,)``.
    start, end : ndarray
        Level of counties at two censuses, ``(N,)``. [log odds]
    county_drivers, county_driver_changes : ndarray
        Mean of the two censuses (value added: of the decade) and change,
        ``(N, K)``; value added of single counties is not known twice, its
        change is 0. [1]
    county_province, county_prefecture : ndarray of int
        Places in the lists of provinces and prefectures, ``(N,)``.
    own : ndarray of int
        Places of the city's counties among the counties, ``(C,)``.
    county_heard : ndarray
        1 where the likelihood hears the county's decade, ``(N,)``; 0 where it is held
        out to judge the model, or its first census is estimated.
    decade : ndarray of int
        Places of the decade's years among the T years, ``(10,)``.
    reading : ndarray
        Published level less what the censuses alone say, ``(R,)``. [log odds]
    reading_known, reading_after : ndarray
        Whether a slot is used; whether it lies after the last census, ``(R,)``.
    reading_years : ndarray
        Years since the last census; 1 where the reading lies before it, ``(R,)``.
    reading_bridge : ndarray
        Shared variance of readings between the censuses, ``a b / 10`` with a
        years from the first to the earlier and b from the later to the last,
        ``(R, R)``. [years]
    reading_drivers, reading_driver_changes : ndarray
        Mean of the drivers since the last census as far as known, and their
        yearly change, weighted as the reading, ``(R, K)``. [1]
    reading_level, reading_city : ndarray
        The published level, and whether it is the city's, ``(R,)``. [log odds]
    reading_weights : ndarray
        Derivative of the reading by each own county's level, ``(R, C)``.
    reading_kind : ndarray of int
        Kind of source, ``(R,)``.
    """

    change: np.ndarray
    lag: np.ndarray
    nation: np.ndarray
    unheard: np.ndarray
    drivers: np.ndarray
    driver_changes: np.ndarray
    valid: np.ndarray
    linked: np.ndarray
    breaks: np.ndarray
    early: np.ndarray
    start: np.ndarray
    end: np.ndarray
    county_drivers: np.ndarray
    county_driver_changes: np.ndarray
    county_province: np.ndarray
    county_prefecture: np.ndarray
    own: np.ndarray
    county_heard: np.ndarray
    decade: np.ndarray
    reading: np.ndarray
    reading_known: np.ndarray
    reading_after: np.ndarray
    reading_years: np.ndarray
    reading_bridge: np.ndarray
    reading_drivers: np.ndarray
    reading_driver_changes: np.ndarray
    reading_level: np.ndarray
    reading_city: np.ndarray
    reading_weights: np.ndarray
    reading_kind: np.ndarray

    def arrays(self) -> dict[str, np.ndarray]:
        """Return all arrays by name.

        Returns
        -------
        dict
            Name to array.
        """
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def readings_after(self, years: int) -> dict[str, np.ndarray]:
        """Return the readings of the first years after the last census.

        Parameters
        ----------
        years : int
            Readings later than this many years are left out.

        Returns
        -------
        dict
            Name to array, of the arrays whose names begin with ``reading``.
        """
        heard = (self.reading_known > 0) & (self.reading_after > 0) & (self.reading_years <= years)
        chosen = {k: v[heard] for k, v in self.arrays().items() if k.startswith("reading")}
        return chosen | {"reading_bridge": self.reading_bridge[np.ix_(heard, heard)]}


def make_design(spec: ModelSpec, panel: Panel) -> Design:
    """Turn a panel into the arrays that the model sees.

    Parameters
    ----------
    spec : ModelSpec
        References, breaks and kinds of source.
    panel : Panel
        Published shares and drivers.

    Returns
    -------
    Design
        The arrays.

    Raises
    ------
    SpecificationError
        If a driver does not vary, a kind of source has no error, or too few
        changes are known.
    """
    arrays = _province_arrays(spec, panel) | _county_arrays(spec, panel)
    arrays |= reading_arrays(spec, panel)
    design = Design(**arrays)
    _check(spec, design)
    return design


def driver_names(spec: ModelSpec) -> list[str]:
    """Name the drivers in the order of the arrays.

    Parameters
    ----------
    spec : ModelSpec
        Its drivers.

    Returns
    -------
    list of str
        ``driver sector``.
    """
    return [f"{driver} {sector}" for driver, sectors in spec.drivers.items() for sector in sectors]


def _province_arrays(spec: ModelSpec, panel: Panel) -> dict[str, np.ndarray]:
    data = panel.provinces
    level = level_of(data["urban_share"].transpose("year", "province").values, spec)
    drivers = np.concatenate([sector_shares(spec, data, name) for name in spec.drivers], axis=-1)
    drivers = drivers - _mean_place(drivers)
    change = np.diff(level, axis=0)
    moves, before = np.diff(drivers, axis=0), drivers[:-1]
    valid = np.isfinite(change) & np.isfinite(moves).all(-1) & np.isfinite(before).all(-1)
    nation = _national_level(level, valid)
    lag = level[:-1] - nation[:-1, None]
    years = data["year"].values[1:]
    broken = np.isin(years, spec.breaks)
    linked = valid.copy()
    linked[0] = False
    linked[1:] &= valid[:-1] & ~(broken[1:] | broken[:-1])[:, None]
    first, last = panel.counties["census"].values
    unheard = ~valid.any(axis=1)
    return {
        "change": np.where(valid, change, 0.0),
        "lag": np.where(valid, lag, 0.0),
        "nation": nation,
        "unheard": np.triu(np.ones((len(years), len(years) + 1)), 1) * unheard[:, None],
        "drivers": np.where(valid[..., None], before, 0.0),
        "driver_changes": np.where(valid[..., None], moves, 0.0),
        "valid": valid.astype(float),
        "linked": linked.astype(float),
        "breaks": _catching_up(years, spec.breaks),
        "early": (years < spec.early_until).astype(float),
        "decade": np.flatnonzero((years > first) & (years <= last)),
    }


def _mean_place(drivers: np.ndarray) -> np.ndarray:
    """Mean of the provinces known in each year, ``(year, 1, K)``; missing where none is."""
    known = np.isfinite(drivers).all(axis=-1, keepdims=True)
    count = known.sum(axis=1, keepdims=True)
    total = np.where(known, drivers, 0.0).sum(axis=1, keepdims=True)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _national_level(level: np.ndarray, valid: np.ndarray) -> np.ndarray:
    """Level of the mean province by year; chained over the years in which some are missing."""
    nation = np.empty(len(level))
    nation[0] = np.nanmean(level[0])
    for t in range(1, len(level)):
        if np.isfinite(level[t]).all():
            nation[t] = level[t].mean()
        else:
            known = valid[t - 1]
            step = (level[t] - level[t - 1])[known].mean() if known.any() else 0.0
            nation[t] = nation[t - 1] + step
    return nation


def _catching_up(years: np.ndarray, breaks: tuple[int, ...]) -> np.ndarray:
    """Lay a jump out: up in the year of the break, down evenly over the years it makes good."""
    columns = np.zeros((len(years), len(breaks)))
    before = years[0] - 1
    for place, year in enumerate(sorted(breaks)):
        span = (years > before) & (years <= year)
        if (years == year).any():
            columns[:, place] = (years == year).astype(float) - span / span.sum()
        before = year
    return columns


def _county_arrays(spec: ModelSpec, panel: Panel) -> dict[str, np.ndarray]:
    data = panel.counties.transpose("census", "county", "sector")
    level = level_of(data["urban_share"].values, spec)
    employment = sector_shares(spec, data, "employment")
    # Census employment and yearbook employment are two definitions: counties are
    # measured against the mean county of their own census.
    employment = employment - employment.mean(axis=1, keepdims=True)
    value_added = sector_shares(spec, data, "value_added") - national_mix(spec, panel)
    provinces = panel.provinces["province"].values.tolist()
    prefectures = sorted(set(data["prefecture"].values.tolist()))
    codes = data["county"].values.tolist()
    return {
        "start": level[0],
        "end": level[1],
        "county_drivers": np.concatenate([employment.mean(0), value_added], axis=-1),
        "county_driver_changes": np.concatenate(
            [employment[1] - employment[0], np.zeros_like(value_added)], axis=-1
        ),
        "county_province": np.array([provinces.index(p) for p in data["province"].values]),
        "county_prefecture": np.array([prefectures.index(p) for p in data["prefecture"].values]),
        "own": np.array([codes.index(c) for c in panel.own_counties]),
        "county_heard": 1.0 - np.isin(codes, panel.unheard),
    }


def _check(spec: ModelSpec, design: Design) -> None:
    known = int(design.valid.sum())
    if known < 100:
        raise SpecificationError(
            "too few yearly changes of provinces to learn from",
            found=f"{known}, at least 100 are needed",
            cure="choose a later as-of year or a panel with more years",
        )
    spread = design.drivers[design.valid > 0].std(axis=0)
    for name, one in zip(driver_names(spec), spread, strict=True):
        if one < 1e-6:
            raise SpecificationError(f"the driver '{name}' does not vary", cure="leave it out")

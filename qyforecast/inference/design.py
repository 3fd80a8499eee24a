"""The arrays of the regression, made once from a specification and a panel.

Shapes do not depend on the vintage: what was not known is masked, so that one
compiled model serves every as-of year.
"""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import logit

from qyforecast.census.panel import Panel
from qyforecast.errors import SpecificationError
from qyforecast.inference.readings import centred_shares, reading_arrays
from qyforecast.inference.spec import ModelSpec


@dataclass(frozen=True)
class Design:
    """Plain arrays; T years of change, P provinces, N counties, C own counties.

    Levels are log odds less the reference; drivers are shares less their
    references; K drivers, employment before value added.

    Attributes
    ----------
    change, lag : ndarray
        Yearly change and previous level of provinces, ``(T, P)``. [log odds]
    drivers, driver_changes : ndarray
        Previous year's drivers and their change, ``(T, P, K)``. [1]
    valid, linked : ndarray
        Whether a change is known; whether it and the one before are, with no
        break between, ``(T, P)``.
    breaks : ndarray
        Whether a year is each break, ``(T, B)``.
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
    return [f"{d} {s}" for d in ("employment", "value_added") for s in spec.references[d]]


def _province_arrays(spec: ModelSpec, panel: Panel) -> dict[str, np.ndarray]:
    data = panel.provinces
    level = logit(data["urban_share"].transpose("year", "province").values)
    level -= logit(spec.reference_share)
    drivers = np.concatenate(
        [centred_shares(spec, data, name) for name in ("employment", "value_added")], axis=-1
    )
    change, lag = np.diff(level, axis=0), level[:-1]
    moves, before = np.diff(drivers, axis=0), drivers[:-1]
    valid = np.isfinite(change) & np.isfinite(moves).all(-1) & np.isfinite(before).all(-1)
    years = data["year"].values[1:]
    broken = np.isin(years, spec.breaks)
    linked = valid.copy()
    linked[0] = False
    linked[1:] &= valid[:-1] & ~(broken[1:] | broken[:-1])[:, None]
    first, last = panel.counties["census"].values
    return {
        "change": np.where(valid, change, 0.0),
        "lag": np.where(valid, lag, 0.0),
        "drivers": np.where(valid[..., None], before, 0.0),
        "driver_changes": np.where(valid[..., None], moves, 0.0),
        "valid": valid.astype(float),
        "linked": linked.astype(float),
        "breaks": (years[:, None] == np.array(spec.breaks)).astype(float),
        "early": (years < spec.early_until).astype(float),
        "decade": np.flatnonzero((years > first) & (years <= last)),
    }


def _county_arrays(spec: ModelSpec, panel: Panel) -> dict[str, np.ndarray]:
    data = panel.counties
    level = logit(data["urban_share"].transpose("census", "county").values)
    level -= logit(spec.reference_share)
    employment = centred_shares(spec, data.transpose("census", "county", "sector"), "employment")
    value_added = centred_shares(spec, data.transpose("census", "county", "sector"), "value_added")
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

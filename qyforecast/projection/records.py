"""What a run leaves behind, as plain arrays, and how it gets its labels back."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.errors import RateError
from qyforecast.projection.frame import Frame
from qyforecast.projection.method import Keep
from qyforecast.projection.projection import FLOW_SIGNS, Projection


@dataclass(frozen=True)
class Records:
    """Totals, flows and perhaps ages of a run.

    Attributes
    ----------
    totals : ndarray
        (D, T + 1, C, K, S), the start first. [person]
    flows : ndarray
        (F, D, T, C, K, S) in the order of `FLOW_SIGNS`. [person]
    by_age : ndarray
        (D, T + 1, C, K, S, G); G is 0 where no ages are kept. [person]
    """

    totals: np.ndarray
    flows: np.ndarray
    by_age: np.ndarray


def group_bounds(frame: Frame, keep: Keep) -> np.ndarray:
    """Find where the groups of ages that are kept begin.

    Parameters
    ----------
    frame : Frame
        Labels.
    keep : Keep
        What is kept.

    Returns
    -------
    ndarray
        Position of the first age of each group; empty where no ages are kept.

    Raises
    ------
    RateError
        If a group begins between two ages, or the first not at 0.
    """
    if keep.ages == "none":
        return np.zeros(0, dtype=np.int64)
    bounds = frame.ages if isinstance(keep.ages, str) else keep.ages
    wrong = [bound for bound in bounds if bound not in frame.ages]
    if wrong or bounds[0] != 0 or list(bounds) != sorted(set(bounds)):
        raise RateError(
            "groups of ages begin at 0, rise, and each begins where an age does",
            found=", ".join(map(str, wrong or bounds)),
        )
    return np.array([frame.ages.index(bound) for bound in bounds], dtype=np.int64)


def label_records(records: Records, frame: Frame, keep: Keep, areas: tuple[str, ...]) -> Projection:
    """Give a run its labels back.

    Parameters
    ----------
    records : Records
        Plain arrays.
    frame : Frame
        Their labels.
    keep : Keep
        What was kept.
    areas : tuple of str
        Order of the areas wanted.

    Returns
    -------
    Projection
        Labelled arrays, views of the plain ones where areas are in order.
    """
    stock_years, flow_years = (frame.base, *frame.years), frame.years
    by_age = None
    if records.by_age.shape[-1]:
        bounds = frame.ages if isinstance(keep.ages, str) else keep.ages
        labelled = _label({"ages": records.by_age}, frame, stock_years, areas, bounds)
        by_age = labelled["ages"].rename(None)
    flows = dict(zip(FLOW_SIGNS, records.flows, strict=True))
    return Projection(
        totals=_label({"totals": records.totals}, frame, stock_years, areas)["totals"].rename(None),
        flows=_label(flows, frame, flow_years, areas),
        groups=None if keep.ages == "all" else by_age,
        ages=by_age if keep.ages == "all" else None,
    )


def _label(
    arrays: Mapping[str, np.ndarray],
    frame: Frame,
    years: tuple[int, ...],
    areas: tuple[str, ...],
    ages: tuple[int, ...] = (),
) -> xr.Dataset:
    """Label arrays of one shape together, their regions and residences joined to areas."""
    pairs = [(region, kind) for region in frame.regions for kind in frame.residences]
    coords: dict = {
        "draw": list(frame.draws),
        "year": list(years),
        "area": ("area", list(frame.areas)),
        "region": ("area", [region for region, _ in pairs]),
        "residence": ("area", [kind for _, kind in pairs]),
        "sex": list(frame.labels("sex")),
    }
    dims = ["draw", "year", "area", "sex"]
    if ages:
        dims, coords = [*dims, "age"], coords | {"age": list(ages)}
    labelled = xr.Dataset(
        {
            name: (dims, x.reshape(*x.shape[:2], -1, *x.shape[4:]), {"units": "person"})
            for name, x in arrays.items()
        },
        coords,
    )
    return labelled if areas == frame.areas else labelled.sel(area=list(areas))

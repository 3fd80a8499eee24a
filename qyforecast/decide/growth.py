"""What the urban population grew by: births, moves, new towns, people from outside."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import xarray as xr

from qyforecast.projection.projection import Projection

#: Component to the flows of urban areas that make it, with their signs.
COMPONENTS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "natural increase": {"births": 1, "deaths": -1},
        "movement": {
            "rural_to_urban": 1,
            "urban_to_rural": -1,
            "intercounty_in": 1,
            "intercounty_out": -1,
        },
        "reclassification": {"reclassified": 1},
        "external migration": {"external_net": 1},
    }
)


def urban_growth(projection: Projection, *, city: str, years: Sequence[int]) -> xr.DataArray:
    """Split the growth of the urban population since the base year.

    Parameters
    ----------
    projection : Projection
        Totals and flows by area.
    city : str
        Code to give the sum of all regions.
    years : sequence of int
        Ends of these years.

    Returns
    -------
    DataArray
        ``(component, draw, year, region)``, the city first, flows of all years up to each
        together. The components sum to urban residents at the end less those at the start, in every
        draw. Births are of mothers who live in town. [person]
    """
    order = projection.totals["residence"].values
    towns = np.flatnonzero(order == "urban")
    # In the order of a projection towns are every second area: a slice copies nothing.
    step = slice(int(towns[0]), None, 2)
    here = step if np.array_equal(np.arange(len(order))[step], towns) else towns
    ends = np.searchsorted(projection.flows["year"].values, list(years), side="right")
    values = np.stack([_until(projection, kinds, here, ends) for kinds in COMPONENTS.values()])
    values = np.concatenate([values.sum(axis=-1, keepdims=True), values], axis=-1)
    coords = {
        "component": list(COMPONENTS),
        "draw": projection.totals["draw"].values,
        "year": list(years),
        "region": [city, *projection.totals["region"].values[towns].tolist()],
    }
    return xr.DataArray(values, coords=coords, dims=tuple(coords), attrs={"units": "person"})


def _until(
    projection: Projection, kinds: Mapping[str, int], here: slice | np.ndarray, ends: np.ndarray
) -> np.ndarray:
    """One component up to the end of each year, ``(draw, year, region)``."""
    total = 0.0
    for kind, sign in kinds.items():
        flow = projection.flows[kind].transpose("draw", "year", "area", "sex").values
        both = flow[:, :, here, 0] + flow[:, :, here, 1]
        starts = np.concatenate([[0], ends[:-1]])
        spans = [both[:, a:b].sum(axis=1) for a, b in zip(starts, ends, strict=True)]
        total = total + sign * np.cumsum(np.stack(spans, axis=1), axis=1)
    return np.asarray(total)

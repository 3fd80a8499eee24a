"""What the urban population grew by: births, moves, new towns, people from outside."""

from collections.abc import Mapping
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


def urban_growth(projection: Projection, *, city: str, to: int) -> xr.DataArray:
    """Split the growth of the urban population since the base year.

    Parameters
    ----------
    projection : Projection
        Totals and flows by area.
    city : str
        Code to give the sum of all regions.
    to : int
        End of this year.

    Returns
    -------
    DataArray
        ``(component, draw, region)``, the city first, flows of all years up to `to` together.
        The components sum to urban residents at the end less those at the start, in every
        draw. Births are of mothers who live in town. [person]
    """
    towns = projection.totals["residence"].values == "urban"
    years = projection.flows["year"].values <= to
    parts = []
    for flows in COMPONENTS.values():
        total = 0.0
        for kind, sign in flows.items():
            flow = projection.flows[kind].transpose("draw", "year", "area", "sex").values
            total = total + sign * flow[:, years][:, :, towns].sum(axis=(1, 3))
        parts.append(total)
    values = np.stack(parts)
    values = np.concatenate([values.sum(axis=-1, keepdims=True), values], axis=-1)
    regions = projection.totals["region"].values[towns].tolist()
    coords = {
        "component": list(COMPONENTS),
        "draw": projection.totals["draw"].values,
        "region": [city, *regions],
    }
    return xr.DataArray(values, coords=coords, dims=tuple(coords), attrs={"units": "person"})

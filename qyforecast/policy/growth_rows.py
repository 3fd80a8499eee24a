"""What the urban population grows by, scenario by scenario."""

from typing import Any

import numpy as np
import xarray as xr

from qyforecast.policy.glance import Glance

MIDDLE_90 = (0.05, 0.5, 0.95)


def growth_rows(one: Glance) -> list[dict[str, Any]]:
    """List the parts of the urban population's growth.

    Parameters
    ----------
    one : Glance
        A scenario's run.

    Returns
    -------
    list of dict
        A row for each component, year and region, and for the whole: mean over draws (they
        add up), median and 90 % interval. [person]
    """
    parts: xr.DataArray = one.growth.transpose("component", "year", "region", "draw")
    whole = parts.sum("component").expand_dims(component=["all"])
    values = xr.concat([parts, whole], "component")
    low, middle, high = np.quantile(values.values, MIDDLE_90, axis=-1)
    mean = values.values.mean(axis=-1)
    rows = []
    for c, component in enumerate(values["component"].values.tolist()):
        for y, year in enumerate(values["year"].values.tolist()):
            for r, region in enumerate(values["region"].values.tolist()):
                at = (c, y, r)
                rows.append(
                    {
                        "region_code": region,
                        "year": year,
                        "component": component,
                        "mean": float(mean[at]),
                        "lower90": float(low[at]),
                        "median": float(middle[at]),
                        "upper90": float(high[at]),
                    }
                )
    return rows

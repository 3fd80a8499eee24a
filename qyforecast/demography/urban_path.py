"""The urban share that each region is to have."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.demography.labelled import check_rate
from qyforecast.errors import RateError


@dataclass(frozen=True)
class UrbanPath:
    """Urban share of the residents of each region at the end of each year.

    Attributes
    ----------
    share : DataArray
        ``([draw,] year, region)``, strictly between 0 and 1. [1]
    """

    share: xr.DataArray

    def __post_init__(self) -> None:
        share = check_rate("urban share", self.share, ("year", "region"), ("draw",))
        if not np.all((share.values > 0) & (share.values < 1)):
            raise RateError(
                "an urban share lies strictly between 0 and 1",
                found=f"{share.values.min():g} to {share.values.max():g}",
            )
        object.__setattr__(self, "share", share)

"""A projection: who lives where, year by year, and why it changed."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.demography.population import Population
from qyforecast.errors import RateError

#: Flows over a step by area and sex, and whether they add to the stock of a town
#: and of a village (or of an area where residence is not told apart).
FLOW_SIGNS = {
    "births": (1, 1),
    "deaths": (-1, -1),
    "external_net": (1, 1),
    "intercounty_in": (1, 1),
    "intercounty_out": (-1, -1),
    "rural_to_urban": (1, -1),
    "urban_to_rural": (-1, 1),
    "reclassified": (1, 1),
}


@dataclass(frozen=True)
class Projection:
    """Stocks at year ends and the flows between them.

    Attributes
    ----------
    totals : DataArray
        Residents, ``(draw, year, area, sex)``, the base year first. [person]
    flows : Dataset
        Over the step that ends in ``year``, each ``(draw, year, area, sex)``: births (by
        sex of the child, area of the mother), deaths, external_net, intercounty_in,
        intercounty_out, rural_to_urban and urban_to_rural (booked at both ends, as
        magnitudes), reclassified (negative where residents are lost). [person]
    groups : DataArray or None
        Residents by groups of ages, ``(draw, year, area, sex, age)``, if kept. [person]
    ages : DataArray or None
        Residents by all ages, same dimensions, if kept. [person]
    """

    totals: xr.DataArray
    flows: xr.Dataset
    groups: xr.DataArray | None = None
    ages: xr.DataArray | None = None

    def urban_share(self) -> xr.DataArray:
        """Urban residents over all residents of each region at year ends.

        Returns
        -------
        DataArray
            ``(draw, year, region)``. [1]
        """
        persons = self.totals.sum("sex").set_index(area=["region", "residence"]).unstack("area")
        if "urban" not in persons["residence"].values:
            raise RateError("areas without residence have no urban share")
        share = persons.sel(residence="urban", drop=True) / persons.sum("residence")
        order = list(dict.fromkeys(self.totals["region"].values.tolist()))
        return share.sel(region=order).transpose("draw", "year", "region")

    def imbalance(self) -> float:
        """Largest gap in any account.

        Returns
        -------
        float
            Largest of ``|start + flows - end|`` over all draws, years, areas and sexes,
            as a share of the population of that cell (of one person where fewer). [1]
        """
        rural = (self.totals["residence"] == "rural").astype(int)
        totals = self.totals.values.astype(np.float64)
        gap = totals[:, :-1] - totals[:, 1:]
        for kind, signs in FLOW_SIGNS.items():
            sign = np.array(signs)[rural.values][:, None]
            gap = gap + sign * self.flows[kind].values
        size = np.maximum(np.abs(totals[:, 1:]), 1.0)
        return float(np.max(np.abs(gap) / size))

    def population(self, year: int) -> Population:
        """Take the population at the end of a year, to look at or to project on.

        Parameters
        ----------
        year : int
            A year of the projection.

        Returns
        -------
        Population
            By area, sex and all ages. [person]

        Raises
        ------
        RateError
            If ages were not kept, or the year was not projected.
        """
        if self.ages is None:
            raise RateError("ages were not kept", cure="project with keep='ages'")
        if year not in self.ages["year"].values:
            raise RateError(f"the year {year} was not projected")
        return Population(self.ages.sel(year=year, drop=True), year)

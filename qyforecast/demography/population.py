"""Who lives where."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.errors import DataError
from qyforecast.vocabulary import SEXES, check_quantity


@dataclass(frozen=True)
class Population:
    """Residents by area, sex and age at the end of a year.

    An *area* is a region's urban or rural part, or a whole region. The
    coordinates ``region`` and ``residence`` lie along ``area``.

    Attributes
    ----------
    persons : DataArray
        Residents, ``([draw,] area, sex, age)``. Ages are lower bounds of
        equally wide groups; the last is open. [person]
    year : int
        The population stands at the end of this year.
    """

    persons: xr.DataArray
    year: int

    def __post_init__(self) -> None:
        dims = tuple(str(d) for d in self.persons.dims if d != "draw")
        if dims != ("area", "sex", "age"):
            raise DataError(
                "a population has dimensions ([draw,] area, sex, age)",
                found=str(tuple(self.persons.dims)),
                cure="use transpose, or area_coordinates() to make the area labels",
            )
        if tuple(self.persons["sex"].values) != SEXES:
            raise DataError("sexes must be male, female", found=str(self.persons["sex"].values))
        missing = [c for c in ("region", "residence") if c not in self.persons.coords]
        if missing:
            raise DataError(f"areas carry no coordinate {' and '.join(missing)}")
        check_quantity("population", self.persons)
        frozen = self.persons.copy(deep=True)
        frozen.values.setflags(write=False)
        object.__setattr__(self, "persons", frozen)

    @property
    def total(self) -> float:
        """All residents; the mean over draws if there are draws. [person]"""
        return float(np.asarray(self.persons.sum(("area", "sex", "age"))).mean())

    def by_residence(self) -> xr.DataArray:
        """Sum over ages and sexes.

        Returns
        -------
        DataArray
            ``([draw,] region, residence)``. [person]
        """
        totals = self.persons.sum(("sex", "age"))
        return totals.set_index(area=["region", "residence"]).unstack("area")


def area_coordinates(
    regions: list[str], residences: tuple[str, ...]
) -> dict[str, tuple[str, list[str]]]:
    """Make the coordinates of areas, regions outermost.

    Parameters
    ----------
    regions : list of str
        Region codes (GB/T 2260 for Chinese counties).
    residences : tuple of str
        ``("urban", "rural")``, or ``("all",)`` where residence is not told apart.

    Returns
    -------
    dict
        ``area``, ``region`` and ``residence``, each ``("area", labels)``.
    """
    pairs = [(region, residence) for region in regions for residence in residences]
    return {
        "area": ("area", [f"{region}-{residence}" for region, residence in pairs]),
        "region": ("area", [region for region, _ in pairs]),
        "residence": ("area", [residence for _, residence in pairs]),
    }

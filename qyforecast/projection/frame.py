"""The labels of a projection, and how labelled inputs are brought into its order."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

import numpy as np
import xarray as xr

from qyforecast.demography.labelled import LEVELS
from qyforecast.demography.population import Population
from qyforecast.errors import RateError
from qyforecast.vocabulary import RESIDENCES, SEXES


@dataclass(frozen=True)
class Frame:
    """Labels of every dimension, in the order in which arrays are computed.

    Attributes
    ----------
    draws : tuple
        Labels of the draws.
    base : int
        Year at whose end the population stands.
    years : tuple of int
        Years at whose end the steps end.
    regions, residences : tuple of str
        Areas are all their pairs, regions outermost.
    areas : tuple of str
        Labels of these areas.
    ages : tuple of int
        Lower bounds of age groups as wide as a step, the last open.
    """

    draws: tuple
    base: int
    years: tuple[int, ...]
    regions: tuple[str, ...]
    residences: tuple[str, ...]
    areas: tuple[str, ...]
    ages: tuple[int, ...]

    @property
    def width(self) -> int:
        """Years in a step."""
        return self.ages[1] - self.ages[0]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Regions, residences, sexes, ages."""
        return len(self.regions), len(self.residences), len(SEXES), len(self.ages)

    def labels(self, dim: str) -> tuple:
        """List the labels of a dimension.

        Parameters
        ----------
        dim : str
            Name of a dimension.

        Returns
        -------
        tuple
            Labels in order.
        """
        named = {"sex": SEXES, "level": LEVELS}
        plural = {"draw": "draws", "year": "years", "region": "regions", "area": "areas"}
        return named[dim] if dim in named else getattr(self, plural.get(dim, "ages"))


def frame_of(population: Population, to: int, inputs: tuple) -> Frame:
    """Read the labels off a population and the draws off everything.

    Parameters
    ----------
    population : Population
        Who lives where at the start.
    to : int
        Last year wanted.
    inputs : tuple
        Nouns with labelled arrays, or None.

    Returns
    -------
    Frame
        Labels of all dimensions.

    Raises
    ------
    RateError
        If ages leave gaps, areas do not pair regions with residences, `to` cannot be
        reached, or draws differ.
    """
    persons = population.persons
    ages = tuple(int(age) for age in persons["age"].values)
    widths = set(np.diff(ages).tolist())
    if len(ages) < 2 or ages[0] != 0 or len(widths) > 1 or min(widths) < 1:
        raise RateError("ages begin at 0 and are equally wide up to the open one", found=str(ages))
    width = ages[1]
    years = tuple(range(population.year + width, to + 1, width))
    if not years or years[-1] != to:
        raise RateError(
            f"the year {to} is not a number of steps of {width} after {population.year}",
            cure=f"choose {population.year} + a multiple of {width}",
        )
    regions, residences, areas = _pair_areas(persons)
    draws = _common_draws((population, *inputs))
    return Frame(draws, population.year, years, regions, residences, areas, ages)


def _pair_areas(persons: xr.DataArray) -> tuple[tuple, tuple, tuple]:
    """Find regions and residences, and check that the areas are all their pairs."""
    codes = [str(code) for code in persons["region"].values]
    kinds = [str(kind) for kind in persons["residence"].values]
    names = dict(zip(zip(codes, kinds, strict=True), persons["area"].values, strict=True))
    regions = tuple(dict.fromkeys(codes))
    residences = RESIDENCES if set(kinds) == set(RESIDENCES) else tuple(dict.fromkeys(kinds))
    pairs = [(region, residence) for region in regions for residence in residences]
    if len(residences) > 1 and residences != RESIDENCES:
        raise RateError("residences are urban and rural, or one for all", found=str(residences))
    if set(names) != set(pairs) or len(codes) != len(pairs):
        missing = sorted(set(pairs) - set(names))
        raise RateError(
            "each region has each residence once",
            where=", ".join(f"{region} {residence}" for region, residence in missing),
        )
    return regions, residences, tuple(str(names[pair]) for pair in pairs)


def _common_draws(inputs: tuple) -> tuple:
    """Find the labels of the draws, the same in every input that has more than one."""
    common: tuple = (0,)
    for name, values in labelled_arrays(inputs):
        draws = _draw_labels(values)
        if len(draws) < 2:
            continue
        if len(common) < 2:
            common = draws
        elif set(draws) != set(common):
            raise RateError(
                f"{name} has other draws than the rest",
                found=f"{len(draws)} draws where others have {len(common)}",
                cure="draw i of one input goes with draw i of every other",
            )
    return common


def _draw_labels(values: xr.DataArray) -> tuple:
    """List the labels of the draws; positions where there are none."""
    if "draw" not in values.dims:
        return (0,)
    return tuple(values["draw"].values.tolist())


def labelled_arrays(inputs: tuple) -> Iterator[tuple[str, xr.DataArray]]:
    """Walk over every labelled array in some nouns, and their names.

    Parameters
    ----------
    inputs : tuple
        Dataclasses that hold labelled arrays or other such dataclasses, or None.

    Yields
    ------
    tuple
        Name in words and array.
    """
    for noun in inputs:
        for field in fields(noun) if is_dataclass(noun) else ():
            value = getattr(noun, field.name)
            if isinstance(value, xr.DataArray):
                yield field.name.replace("_", " "), value
            else:
                yield from labelled_arrays((value,))


def take(name: str, values: xr.DataArray, frame: Frame, dims: tuple[str, ...]) -> np.ndarray:
    """Bring an array into the order of a frame; labels decide.

    Parameters
    ----------
    name : str
        What the array is called in messages.
    values : DataArray
        Labelled array.
    frame : Frame
        The labels wanted.
    dims : tuple of str
        Dimensions in the order wanted; those the array lacks get length 1.

    Returns
    -------
    ndarray
        Contiguous array in float64, ``area`` split into region and residence.

    Raises
    ------
    RateError
        Names the labels that are missing or not known.
    """
    for dim in values.dims:
        values = _reorder(name, values, frame, str(dim))
    missing = [dim for dim in dims if dim not in values.dims]
    ordered = values.expand_dims(missing).transpose(*dims).values
    shape = []
    for dim, length in zip(dims, ordered.shape, strict=True):
        shape += list(frame.shape[:2]) if dim == "area" else [length]
    return np.ascontiguousarray(ordered, dtype=float).reshape(shape)


def _reorder(name: str, values: xr.DataArray, frame: Frame, dim: str) -> xr.DataArray:
    """Select the labels of one dimension in the order of a frame."""
    if dim == "draw" and values.sizes[dim] == 1:
        return values
    wanted = frame.labels(dim)
    found = _draw_labels(values) if dim == "draw" else tuple(values[dim].values.tolist())
    if found == wanted:
        return values
    absent = [str(label) for label in wanted if label not in set(found)]
    surplus = [str(label) for label in found if label not in set(wanted) and dim != "year"]
    if absent or surplus:
        raise RateError(
            f"{name} and the population have different labels along {dim}",
            where=f"only in the population: {', '.join(absent[:9])}" if absent else "",
            found=f"only in {name}: {', '.join(surplus[:9])}" if surplus else "",
        )
    position = {label: i for i, label in enumerate(found)}
    return values.isel({dim: [position[label] for label in wanted]})

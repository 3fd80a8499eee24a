"""The words: dimensions, labels, quantities and units, each declared once.

Stocks are at a moment (the end of a year unless said otherwise), flows are
over a year, rates are per year. Persons are persons; other published units
are converted where a file is read and nowhere else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import SupportsIndex

import numpy as np
import xarray as xr

from qyforecast.errors import DataError

SEXES = ("male", "female")
RESIDENCES = ("urban", "rural")
SECTORS = ("primary", "secondary", "tertiary")

#: Lower bounds of the age groups of the county census tables; the last is open.
CENSUS_AGES = (0, 1, *range(5, 90, 5))
#: Single ages of the accounts; the last is open.
SINGLE_AGES = tuple(range(101))

#: Published units and the factor that turns each into persons or yuan.
UNIT_FACTORS = {
    "person": 1.0,
    "10 thousand persons": 1e4,
    "yuan": 1.0,
    "10 thousand yuan": 1e4,
    "100 million yuan": 1e8,
    "%": 0.01,
    "per mille": 0.001,
    "1": 1.0,
    "1 / year": 1.0,
    "year": 1.0,
    "index": 0.01,
    "child": 1.0,
}


@dataclass(frozen=True)
class Quantity:
    """A quantity of the model.

    Attributes
    ----------
    name : str
        The name used in code and files.
    meaning : str
        One sentence.
    unit : str
        Unit; ``1`` for shares and probabilities.
    low, high : float
        Closed range of legal values.
    """

    name: str
    meaning: str
    unit: str
    low: float = 0.0
    high: float = np.inf


QUANTITIES = {
    quantity.name: quantity
    for quantity in (
        Quantity("population", "Residents at the end of a year", "person"),
        Quantity("urban_share", "Urban residents over all residents, end of a year", "1", 0, 1),
        Quantity("survivorship", "Share of an age that lives to be a year older", "1", 0, 1),
        Quantity("fertility", "Births per woman and year, by age of the mother", "1 / year", 0, 1),
        Quantity("sex_ratio_at_birth", "Boys born per girl born", "1", 0.8, 1.5),
        Quantity("departure_rate", "Share of an age that leaves the city in a year", "1", 0, 1),
        Quantity(
            "external_migrants", "Arrivals less departures over a year", "person", -np.inf, np.inf
        ),
        Quantity("employment_share", "Share of a sector in all employed", "1", 0, 1),
        Quantity("value_added_share", "Share of a sector in value added", "1", 0, 1),
    )
}


def nearest(word: str, known: Sequence[str]) -> str:
    """Suggest the known word nearest to a mistyped one.

    Parameters
    ----------
    word : str
        What was written.
    known : sequence of str
        What may be written.

    Returns
    -------
    str
        ``did you mean 'x'?`` or a list of the known words.

    Examples
    --------
    >>> nearest("baselin", ["baseline", "settling-in"])
    "did you mean 'baseline'?"
    """
    close = get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else "known: " + ", ".join(sorted(known))


def check_quantity(name: str, values: xr.DataArray) -> xr.DataArray:
    """Refuse values that are missing, not finite, or outside a quantity's range.

    Parameters
    ----------
    name : str
        A key of `QUANTITIES`.
    values : DataArray
        Values with labelled dimensions.

    Returns
    -------
    DataArray
        The same values.

    Raises
    ------
    DataError
        Names the quantity and the labels of the first bad value.
    """
    quantity = QUANTITIES[name]
    # NaN compares false, so holes count as bad; xarray's own min() would skip them.
    bad = ~((values.values >= quantity.low) & (values.values <= quantity.high))
    bad |= ~np.isfinite(values.values)
    if bad.any():
        place = np.unravel_index(int(np.argmax(bad)), bad.shape)
        raise DataError(
            f"{name} is outside its range {quantity.low:g} to {quantity.high:g} {quantity.unit}",
            where=describe_place(values, place),
            found=f"{values.values[place]!r} ({int(bad.sum())} such values)",
            cure="look at the input that this value comes from, its unit first",
        )
    return values


def describe_place(values: xr.DataArray, place: Sequence[SupportsIndex]) -> str:
    """Say in words which cell of an array an index points to.

    Parameters
    ----------
    values : DataArray
        Values with labelled dimensions.
    place : sequence of int
        Index along each dimension.

    Returns
    -------
    str
        ``dimension label`` pairs, separated by commas.
    """
    return ", ".join(
        f"{dim} {values[dim].values[i] if dim in values.coords else i}"
        for dim, i in zip(values.dims, place, strict=True)
    )

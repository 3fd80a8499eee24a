"""Choices of a projection: when migrants join, and what is kept."""

from dataclasses import dataclass
from typing import Literal

from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

#: Lower bounds of the age groups kept by default.
FIVE_YEAR_GROUPS = tuple(range(0, 90, 5))


@dataclass(frozen=True)
class Timing:
    """When in a step external migrants join, and which of them bear children.

    Attributes
    ----------
    at_start : float
        Share of a step's external migrants who join at its start; the others join
        at its end, with the age they then have.
    bearing : bool
        Whether those who join at the end are among the women at the end of the step,
        of whom, with the women at its start, births are the mean.

    Notes
    -----
    ``"even"`` is ``Timing(0.5, True)`` and ``"end"`` is ``Timing(0.0, False)``, as
    Preston, Heuveline and Guillot (2001), Box 6.2, and the UN's ccmppWPP have them.
    The published figures of UN World Population Prospects 2019 follow
    ``Timing(0.0, True)``; popReconstruct follows ``Timing(0.5, False)``.
    """

    at_start: float
    bearing: bool

    def __post_init__(self) -> None:
        if not 0 <= self.at_start <= 1:
            raise RateError("a share of migrants lies in 0 to 1", found=str(self.at_start))


TIMINGS = {"even": Timing(0.5, True), "end": Timing(0.0, False)}


@dataclass(frozen=True)
class Keep:
    """What is kept of each draw and year, besides totals and flows by area and sex.

    Attributes
    ----------
    ages : {"none", "all"} or tuple of int
        No ages, all ages, or the lower bounds of groups of ages.
    precision : {"float32", "float64"}
        Of the ages kept.
    accounts : {"float32", "float64"}
        Of the accounts themselves, totals and flows included. In float32 a run takes about
        0.55 of the time and half the memory, for very many regions; accounts then close
        to about 1e-6 of the population of a cell a step (float64: 2e-15), totals are off by as
        much after 15 steps, and a draw in which a flow all but empties its stock may be
        refused. (Measured on `benchmarks/projection.py`: 8 counties, 4,000 draws, 15
        years on one thread 56 ms where float64 takes 102, largest gap 1.1e-6, totals off
        by at most 9e-7; one country 2.3 where float64 takes 4.4.) Rates of net migration
        of the stock at the start of a step are computed in float64 either way.
    """

    ages: Literal["none", "all"] | tuple[int, ...] = "none"
    precision: Literal["float32", "float64"] = "float64"
    accounts: Literal["float32", "float64"] = "float64"

    def __post_init__(self) -> None:
        for precision in (self.precision, self.accounts):
            if precision not in ("float32", "float64"):
                raise RateError("a precision is float32 or float64", found=str(precision))


KEEPS = {
    "totals": Keep("none"),
    "groups": Keep(FIVE_YEAR_GROUPS, "float32"),
    "ages": Keep("all"),
}


def timing_of(choice: str | Timing) -> Timing:
    """Look a timing up by its name.

    Parameters
    ----------
    choice : str or Timing
        ``"even"``, ``"end"``, or a timing, which is returned as it is.

    Returns
    -------
    Timing
        When migrants join.

    Raises
    ------
    RateError
        If there is no timing of that name.
    """
    if isinstance(choice, Timing):
        return choice
    if choice not in TIMINGS:
        raise RateError(f"no timing is called {choice!r}", cure=nearest(choice, tuple(TIMINGS)))
    return TIMINGS[choice]


def keep_of(choice: str | Keep) -> Keep:
    """Look up by its name what to keep.

    Parameters
    ----------
    choice : str or Keep
        ``"totals"``, ``"groups"`` (five-year groups in float32), ``"ages"``, or a
        `Keep`, which is returned as it is.

    Returns
    -------
    Keep
        What is kept.

    Raises
    ------
    RateError
        If there is none of that name.
    """
    if isinstance(choice, Keep):
        return choice
    if choice not in KEEPS:
        raise RateError(f"nothing to keep is called {choice!r}", cure=nearest(choice, tuple(KEEPS)))
    return KEEPS[choice]

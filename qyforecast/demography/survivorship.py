"""From life tables to the survivorship that population accounts use."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qyforecast.demography.death_rates import refuse_where
from qyforecast.demography.lifetable import LifeTable
from qyforecast.demography.separation import Floats
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

OPEN_GROUP = ("own", "pooled")


@dataclass(frozen=True)
class Survivorship:
    """Share of each age that lives through one step of the accounts.

    Attributes
    ----------
    ages : ndarray
        Lower bounds at the start of the step; the last group is open. [year]
    step : int
        Length of the step. [year]
    births : ndarray
        Share of the births during the step alive at its end, ``(...)``. [1]
    persons : ndarray
        Share of an age alive, and a group older, at the end, ``(..., age)``; the open
        group stays in itself. [1]
    """

    ages: NDArray[np.int_]
    step: int
    births: Floats
    persons: Floats

    @classmethod
    def by_age_reached(cls, ratios: ArrayLike, ages: ArrayLike) -> "Survivorship":
        """Take survival ratios as publications print them, by the age *reached*.

        Parameters
        ----------
        ratios : array_like
            ``(..., age)``: first from birth into the youngest group, then from each group
            into the next. With one value more than there are ages the last is that of
            the open group's own members; with as many, the last is shared by them and
            the group below, as in ``T(w) / T(w - n)``. [1]
        ages : array_like
            Lower bounds of equally wide groups from 0; the last is open.

        Returns
        -------
        Survivorship
            By the age at the start of the step.

        Raises
        ------
        RateError
            If there are fewer or more ratios, or one is not between 0 and 1.
        """
        bounds, given = np.asarray(ages, int), np.asarray(ratios, float)
        if bounds.size < 2 or given.ndim < 1 or given.shape[-1] - bounds.size not in (0, 1):
            raise RateError(
                "survival ratios are one for each age reached, perhaps one for the open group too",
                found=f"{given.shape} ratios, {bounds.size} ages",
            )
        if given.shape[-1] == bounds.size:
            given = np.concatenate([given, given[..., -1:]], axis=-1)
        wrong = ~((given >= 0) & (given <= 1))
        refuse_where(
            wrong, "a survival ratio lies outside 0 to 1", given, np.append(bounds, bounds[-1])
        )
        return cls(bounds, int(bounds[1] - bounds[0]), given[..., 0], given[..., 1:])


def one_year_survivorship(table: LifeTable, *, open_group: str = "own") -> Survivorship:
    """Give survivorship over a year from a life table by single age.

    Parameters
    ----------
    table : LifeTable
        Single ages, ``(..., age)``.
    open_group : str
        ``own``: the open group dies at its constant rate and the age below has its
        own ratio; ``pooled``: both have ``T(w) / (L(w-1) + T(w))``, as the United Nations
        compute it.

    Returns
    -------
    Survivorship
        Ages 0, 1, ..., ``births`` is ``L(0) / l(0)``.

    Raises
    ------
    RateError
        If ages are not single.

    References
    ----------
    Preston, Heuveline and Guillot (2001), *Demography*, ch. 6.
    """
    if table.ages[2] != 2:
        raise RateError(
            "survivorship over one year needs single ages", cure="use graduate_life_table first"
        )
    # The open group dies at a constant rate, so its first year holds this share of its years.
    stay = np.exp(-table.mx[..., -1:])
    first_year = table.Lx[..., -1:] * (1 - stay)
    closed = table.Lx[..., 1:-1] / table.Lx[..., :-2]
    own = np.concatenate([first_year / table.Lx[..., -2:-1], stay], axis=-1)
    tail = _tail(table.Lx, own, open_group)
    persons = np.concatenate([closed, tail], axis=-1)
    return Survivorship(table.ages, 1, table.Lx[..., 0] / table.lx[..., 0], persons)


def five_year_survivorship(table: LifeTable, *, open_group: str = "pooled") -> Survivorship:
    """Give survivorship over five years from an abridged life table.

    Parameters
    ----------
    table : LifeTable
        Ages 0, 1-4, 5-9, ..., ``(..., age)``.
    open_group : str
        As in `one_year_survivorship`.

    Returns
    -------
    Survivorship
        Ages 0, 5, 10, ...; ``births`` is ``(L(0) + L(1-4)) / 5 l(0)``.

    Raises
    ------
    RateError
        If the table is not abridged.

    References
    ----------
    United Nations (1956), *Manual III*; Preston, Heuveline and Guillot (2001), *Demography*, ch. 6.
    """
    if table.ages[2] == 2:
        raise RateError(
            "survivorship over five years needs an abridged table", cure="use abridge_life_table"
        )
    Lx = np.concatenate([table.Lx[..., :2].sum(-1, keepdims=True), table.Lx[..., 2:]], axis=-1)
    stay = np.exp(-5 * table.mx[..., -1:])
    own = np.concatenate([Lx[..., -1:] * (1 - stay) / Lx[..., -2:-1], stay], axis=-1)
    tail = _tail(Lx, own, open_group)
    persons = np.concatenate([Lx[..., 1:-1] / Lx[..., :-2], tail], axis=-1)
    ages = np.concatenate([table.ages[:1], table.ages[2:]])
    return Survivorship(ages, 5, Lx[..., 0] / (5 * table.lx[..., 0]), persons)


def survivorship_expectancy(survivorship: Survivorship) -> Floats:
    """Give the life expectancy at birth that survivorship implies.

    Parameters
    ----------
    survivorship : Survivorship
        With its open group's ``own`` survivorship, or pooled.

    Returns
    -------
    ndarray
        ``(...)``. [year]
    """
    persons, step = survivorship.persons, survivorship.step
    first = step * survivorship.births[..., None]
    closed = np.cumprod(persons[..., :-1], axis=-1) * first
    # Those in the open group stay with probability s a step: a geometric series.
    open_years = closed[..., -1:] / (1 - persons[..., -1:])
    return (first + closed[..., :-1].sum(-1, keepdims=True) + open_years)[..., 0]


def _tail(Lx: Floats, own: Floats, open_group: str) -> Floats:
    if open_group not in OPEN_GROUP:
        raise RateError(
            f"no open group is called {open_group}", cure=nearest(open_group, OPEN_GROUP)
        )
    if open_group == "own":
        return own
    pooled = Lx[..., -1:] / (Lx[..., -2:-1] + Lx[..., -1:])
    return np.concatenate([pooled, pooled], axis=-1)

"""Life tables, abridged and by single age."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qyforecast.demography.death_rates import check_ages, check_rates, refuse_where
from qyforecast.demography.separation import (
    INTERIOR_RULES,
    Floats,
    Sex,
    graduated,
    greville,
    infant_separation,
)
from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class LifeTable:
    """What becomes of a cohort that dies at given rates.

    Every column but `ages` has dimensions ``(..., age)``: as many tables at once
    as there are leading places.

    Attributes
    ----------
    ages : ndarray
        Lower bounds of the age groups; the last is open. [year]
    sex : ndarray
        ``male``, ``female`` or ``both``, broadcasting against the leading dimensions.
    mx : ndarray
        Death rates. [1 / year]
    ax : ndarray
        Years lived in the group by those who die in it. [year]
    qx : ndarray
        Probabilities of dying in the group; 1 in the open one. [1]
    lx : ndarray
        Survivors to the lower bound; the first is the radix. [person]
    dx : ndarray
        Deaths in the group. [person]
    Lx : ndarray
        Person-years lived in the group. [person year]
    Tx : ndarray
        Person-years lived above the lower bound. [person year]
    ex : ndarray
        Life expectancy at the lower bound. [year]
    """

    ages: NDArray[np.int_]
    sex: NDArray[np.str_]
    mx: Floats
    ax: Floats
    qx: Floats
    lx: Floats
    dx: Floats
    Lx: Floats
    Tx: Floats
    ex: Floats


def life_table(
    mx: ArrayLike,
    ages: ArrayLike,
    sex: Sex,
    *,
    ax: str | ArrayLike | None = None,
    infant: str = "andreev-kingkade",
    radix: float = 1.0,
) -> LifeTable:
    """Make life tables from death rates.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``; the open group has a constant rate and lives
        ``1 / m`` years. [1 / year]
    ages : array_like
        Lower bounds: 0, 1, 2, ... or 0, 1, 5, 10, ...; the last group is open.
    sex : str or sequence of str
        ``male``, ``female`` or ``both``; broadcast against the leading dimensions.
    ax : str or array_like, optional
        Rule from age 5: ``greville`` (the default of abridged tables), ``greville-open``
        (the same, with the open group as a neighbour of the last closed one, which the
        figures of UN World Population Prospects 2019 follow), ``midpoint`` (the default of
        single ages), ``keyfitz`` (graduation of the deaths); or the values themselves,
        ``(..., age)``, the last one unused. [year]
    infant : str
        Rule for ages 0 and 1-4, see `infant_separation`.
    radix : float
        Births of the cohort. [person]

    Returns
    -------
    LifeTable
        One table for each leading place.

    Raises
    ------
    RateError
        If ages or rates are not those of a life table, or deaths of a group would
        exceed its survivors.

    References
    ----------
    Preston, Heuveline and Guillot (2001), *Demography*, ch. 3.
    """
    bounds = check_ages(ages)
    rates = check_rates(mx, bounds)
    if ax is None:
        ax = "midpoint" if bounds[2] == 2 else "greville"
    if not isinstance(ax, str):
        given = np.broadcast_to(np.asarray(ax, float), rates.shape)
        return _from_ax(rates, given, bounds, np.asarray(sex, str), radix)
    table = _from_ax(
        rates, _ax(rates, bounds, sex, ax, infant), bounds, np.asarray(sex, str), radix
    )
    if ax != "keyfitz":
        return table
    for _ in range(100):
        new = _from_ax(rates, graduated(table.dx, table.ax), bounds, table.sex, radix)
        moved = float(np.abs(new.ax - table.ax).max())
        table = new
        if moved < 1e-12:
            return table
    raise RateError("the graduation of a(x) does not settle", cure="use ax='greville'")


def life_expectancy(
    mx: ArrayLike,
    ages: ArrayLike,
    sex: Sex,
    *,
    ax: str | ArrayLike | None = None,
    infant: str = "andreev-kingkade",
) -> Floats:
    """Give life expectancy at birth.

    Parameters
    ----------
    mx : array_like
        Death rates, ``(..., age)``. [1 / year]
    ages : array_like
        Lower bounds; the last group is open.
    sex : str or sequence of str
        Broadcast against the leading dimensions.
    ax, infant : str
        As in `life_table`.

    Returns
    -------
    ndarray
        One for each leading place. [year]
    """
    return life_table(mx, ages, sex, ax=ax, infant=infant).ex[..., 0]


def rough_life_expectancy(
    mx: Floats, ages: NDArray[np.int_], sex: Sex, infant: str = "andreev-kingkade"
) -> Floats:
    """Give life expectancy at birth for a search, which tries rates no people have.

    As `life_expectancy`, but an a(x) outside its group and a probability above 1
    are taken at the limit they pass; it tells a search which way to go and no more.

    Parameters
    ----------
    mx : ndarray
        Death rates, ``(..., age)``. [1 / year]
    ages : ndarray
        Lower bounds, checked; the last group is open.
    sex : str or sequence of str
        Broadcast against the leading dimensions.
    infant : str
        As in `life_table`.

    Returns
    -------
    ndarray
        One for each leading place. [year]
    """
    width = np.diff(ages).astype(float)
    rule = "midpoint" if ages[2] == 2 else "greville"
    a = np.clip(_ax(mx, ages, sex, rule, infant)[..., :-1], 0.0, width)
    q = np.clip(width * mx[..., :-1] / (1 + (width - a) * mx[..., :-1]), 0.0, 1.0)
    after = np.cumprod(1 - q, axis=-1)
    before = np.concatenate([np.ones((*q.shape[:-1], 1)), after[..., :-1]], axis=-1)
    closed = (width * after + a * before * q).sum(-1)
    return closed + after[..., -1] / mx[..., -1]


def _ax(rates: Floats, ages: NDArray[np.int_], sex: Sex, rule: str, infant: str) -> Floats:
    if rule not in INTERIOR_RULES:
        raise RateError(f"no rule for a(x) is called {rule}", cure=nearest(rule, INTERIOR_RULES))
    single = bool(ages[2] == 2)
    if single and rule != "midpoint":
        raise RateError(f"{rule} is a rule for five-year groups", cure="use ax='midpoint'")
    ax = np.full(rates.shape, 0.5) if single else np.full(rates.shape, 2.5)
    if rule.startswith("greville"):
        ax = greville(rates, ages, to_open=rule == "greville-open")
    a0, a1 = infant_separation(rates[..., 0], sex, infant)
    ax[..., 0] = a0
    if not single:
        ax[..., 1] = a1
    return ax


def _from_ax(
    mx: Floats, ax: Floats, ages: NDArray[np.int_], sex: NDArray[np.str_], radix: float
) -> LifeTable:
    width = np.diff(ages).astype(float)
    m, a = mx[..., :-1], ax[..., :-1]
    refuse_where(~((a >= 0) & (a <= width)), "a(x) lies outside its age group", a, ages)
    q = width * m / (1 + (width - a) * m)
    refuse_where(q > 1, "more people die than live at an age", m, ages)
    ones = np.ones((*q.shape[:-1], 1))
    lx = radix * np.concatenate([ones, np.cumprod(1 - q, axis=-1)], axis=-1)
    # The deaths are l q, not a difference of survivors, which loses small ones.
    dx = lx * np.concatenate([q, ones], axis=-1)
    open_ax = 1 / mx[..., -1:]
    Lx = np.concatenate([width * lx[..., 1:] + a * dx[..., :-1], lx[..., -1:] * open_ax], axis=-1)
    Tx = np.cumsum(Lx[..., ::-1], axis=-1)[..., ::-1]
    if np.any(lx[..., -1] == 0):
        raise RateError("nobody reaches the open group", cure="close the table at a younger age")
    full_ax = np.concatenate([a, open_ax], axis=-1)
    full_qx = np.concatenate([q, ones], axis=-1)
    return LifeTable(ages, sex, mx, full_ax, full_qx, lx, dx, Lx, Tx, Tx / lx)

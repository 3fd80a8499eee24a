"""Person-years lived in an age group by those who die in it: the a(x) of a life table.

Also called separation factors. Each rule has a name, a source, and a range in
which it holds; a life table says which it used.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qyforecast.errors import RateError
from qyforecast.vocabulary import nearest

Floats = NDArray[np.float64]
Sex = str | Sequence[str] | NDArray[np.str_]

#: Boys among births, for tables of both sexes together.
_BOYS = 1.05 / 2.05

#: Weight of the male formula; the female one has the rest.
_MALE = {"male": 1.0, "female": 0.0, "both": _BOYS}

#: Coale and Demeny (1983), p. 20: a0 and 4a1 when 1q0 is 0.1 or more, and the
#: intercepts of their lines in 1q0 below; (male, female).
_REGIONS = {
    "west": ((0.33, 0.35), (1.352, 1.361), (0.0425, 0.05), (1.653, 1.524)),
    "north": ((0.33, 0.35), (1.558, 1.570), (0.0425, 0.05), (1.859, 1.733)),
    "east": ((0.29, 0.31), (1.313, 1.324), (0.0025, 0.01), (1.614, 1.487)),
    "south": ((0.33, 0.35), (1.240, 1.239), (0.0425, 0.05), (1.541, 1.402)),
}
_A0_SLOPES, _A1_SLOPES = (2.875, 3.0), (3.013, 1.627)

INFANT_RULES = (
    "andreev-kingkade",
    "coale-demeny",
    *(f"coale-demeny-{region}" for region in _REGIONS),
)
INTERIOR_RULES = ("greville", "greville-open", "midpoint", "keyfitz")


def male_weight(sex: Sex) -> Floats:
    """Give the weight of male formulas.

    Parameters
    ----------
    sex : str or sequence of str
        ``male``, ``female`` or ``both``, one for each table.

    Returns
    -------
    ndarray
        1, 0 or the share of boys among births at 105 boys to 100 girls.

    Raises
    ------
    RateError
        If a sex is none of the three.
    """
    labels = np.asarray(sex, dtype=str)
    unknown = sorted(set(labels.ravel().tolist()) - set(_MALE))
    if unknown:
        raise RateError(
            "a life table is for male, female or both",
            found=unknown[0],
            cure=nearest(unknown[0], list(_MALE)),
        )
    return np.vectorize(_MALE.__getitem__, otypes=[float])(labels)


def infant_separation(
    m0: ArrayLike, sex: Sex, rule: str = "andreev-kingkade"
) -> tuple[Floats, Floats]:
    """Give a(0) and a(1-4) from the death rate of infants.

    Parameters
    ----------
    m0 : array_like
        Death rate at age 0, one for each table. [1 / year]
    sex : str or sequence of str
        Broadcast against `m0`.
    rule : str
        ``andreev-kingkade`` (a(1-4) stays Coale and Demeny's), ``coale-demeny``
        (West, re-estimated on 1m0), or ``coale-demeny-west``, ``-north``,
        ``-east``, ``-south`` (the original lines in 1q0).

    Returns
    -------
    a0, a1 : ndarray
        Years lived in the group by those who die in it. [year]

    References
    ----------
    Andreev and Kingkade (2015), Demographic Research 33, 363-390; Preston,
    Heuveline and Guillot (2001), *Demography*, table 3.3; Coale and Demeny
    (1983), *Regional Model Life Tables*, p. 20.
    """
    if rule not in INFANT_RULES:
        raise RateError(f"no rule for infants is called {rule}", cure=nearest(rule, INFANT_RULES))
    rate, weight = np.broadcast_arrays(np.asarray(m0, float), male_weight(sex))
    if rule.startswith("coale-demeny-"):
        values = _regional(rate, rule.removeprefix("coale-demeny-"))
    else:
        values = _west(rate)
        if rule == "andreev-kingkade":
            values = (*_andreev_kingkade(rate), *values[2:])
    a0_male, a0_female, a1_male, a1_female = values
    return (
        weight * a0_male + (1 - weight) * a0_female,
        weight * a1_male + (1 - weight) * a1_female,
    )


def infant_death_rate(q0: ArrayLike, sex: Sex, rule: str = "coale-demeny-west") -> Floats:
    """Turn infant mortality as published (deaths per birth) into a death rate.

    Parameters
    ----------
    q0 : array_like
        Probability of dying before age 1. [1]
    sex : str or sequence of str
        Broadcast against `q0`.
    rule : str
        A rule of `infant_separation`; use the same one in the life table.

    Returns
    -------
    ndarray
        1m0, such that the life table returns `q0`. [1 / year]
    """
    probability = np.asarray(q0, float)
    rate = probability / (1 - 0.7 * probability)
    for _ in range(60):
        a0, _ = infant_separation(rate, sex, rule)
        rate = probability / (1 - (1 - a0) * probability)
    return rate


def greville(mx: Floats, ages: NDArray[np.int_], *, to_open: bool = False) -> Floats:
    """Give a(x) of five-year groups by Greville's formula as the United Nations apply it.

    Half the interval at 5-9 and 10-14; above, ``2.5 - 25/12 (m - k)`` with *k* the
    growth of the rate by age, a tenth of the log ratio of the neighbours, and
    not less than 0.97 from age 45 (what a constant force of 1 a year gives). Where a
    neighbour has no deaths the formula is not defined and the middle is used.

    Parameters
    ----------
    mx : ndarray
        Death rates, ``(..., age)``, ages 0, 1-4, 5-9, ... [1 / year]
    ages : ndarray
        Lower bounds.
    to_open : bool
        Whether the open group's rate is a neighbour of the last closed group; if not, that
        group keeps the growth of the one before, as the UN's model life tables have it.

    Returns
    -------
    ndarray
        ``(..., age)``, with half the interval for 0, 1-4 and the open group. [year]

    References
    ----------
    Greville (1943), Record of the American Institute of Actuaries 32, 29-43; United
    Nations (1982), *Model Life Tables for Developing Countries*; United
    Nations (1988), *MORTPAK-LITE*.
    """
    ax = np.full(mx.shape, 2.5)
    last = mx.shape[-1] - 2
    for i in range(4, last + 1):
        j = i if to_open else min(i, last - 1)
        low, high = mx[..., j - 1], mx[..., j + 1]
        known = (low > 0) & (high > 0)
        growth = 0.1 * np.log(np.where(known, high, 1.0) / np.where(known, low, 1.0))
        value = 2.5 - 25 / 12 * (mx[..., i] - growth)
        ax[..., i] = np.where(known, np.maximum(value, 0.97) if ages[i] >= 45 else value, 2.5)
    return ax


def graduated(dx: Floats, ax: Floats) -> Floats:
    """Give a(x) of five-year groups from the deaths of the neighbours, one step of an iteration.

    Parameters
    ----------
    dx : ndarray
        Deaths of the life table with the present `ax`, ``(..., age)``.
    ax : ndarray
        Present values, ``(..., age)``. [year]

    Returns
    -------
    ndarray
        New values from age 10 up to the last group but two. [year]

    References
    ----------
    Keyfitz and Flieger (1971), *Population*; Preston, Heuveline and Guillot (2001), eq. 3.7.
    """
    new = ax.copy()
    inner = slice(3, dx.shape[-1] - 2)
    own = dx[..., inner]
    tilt = dx[..., 4 : dx.shape[-1] - 1] - dx[..., 2 : dx.shape[-1] - 3]
    new[..., inner] = 2.5 + 5 / 24 * np.where(own > 0, tilt / np.where(own > 0, own, 1.0), 0.0)
    return new


def _west(m0: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    high = m0 >= 0.107
    return (
        np.where(high, 0.33, 0.045 + 2.684 * m0),
        np.where(high, 0.35, 0.053 + 2.800 * m0),
        np.where(high, 1.352, 1.651 - 2.816 * m0),
        np.where(high, 1.361, 1.522 - 1.518 * m0),
    )


def _andreev_kingkade(m0: Floats) -> tuple[Floats, Floats]:
    male = np.where(m0 < 0.08307, 0.02832 + 3.26021 * m0, 0.29915)
    female = np.where(m0 < 0.06891, 0.04667 + 3.88089 * m0, 0.31411)
    return (
        np.where(m0 < 0.0230, 0.14929 - 1.99545 * m0, male),
        np.where(m0 < 0.01724, 0.14903 - 2.05527 * m0, female),
    )


def _regional(m0: Floats, region: str) -> tuple[Floats, ...]:
    a0_high, a1_high, a0_line, a1_line = _REGIONS[region]
    a0, a1 = [], []
    for s in (0, 1):
        # 1q0 from 1m0 = q / (1 - (1 - a0) q) with a0 itself a line in q: the smaller root.
        square, linear = _A0_SLOPES[s] * m0, 1 + (1 - a0_line[s]) * m0
        within = linear**2 - 4 * square * m0
        root = np.sqrt(np.maximum(within, 0.0))
        q0 = np.where(within > 0, 2 * m0 / (linear + root), 1.0)
        a0.append(np.where(q0 >= 0.1, a0_high[s], a0_line[s] + _A0_SLOPES[s] * q0))
        a1.append(np.where(q0 >= 0.1, a1_high[s], a1_line[s] - _A1_SLOPES[s] * q0))
    return (*a0, *a1)

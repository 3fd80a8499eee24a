"""Prior distributions: their families, the parameters that have one, and how one is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qyforecast.errors import SpecificationError
from qyforecast.vocabulary import nearest

#: Parameters that each family of priors takes.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
    "halfnormal": ("sd",),
    "beta": ("a", "b"),
    "gamma": ("shape", "rate"),
}
_ANY, _POSITIVE, _SHARE = ("normal",), ("lognormal", "halfnormal", "gamma"), ("beta",)
#: Families that each parameter may have: any sign, positive, between 0 and 1.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "pace": _ANY,
    "national_convergence": _POSITIVE,
    "convergence": _POSITIVE,
    "convergence_spread": _POSITIVE,
    "province_scale": _POSITIVE,
    "year_scale": _POSITIVE,
    "year_persistence": _SHARE,
    "employment_response": _ANY,
    "employment_level_spread": _POSITIVE,
    "employment_province_spread": _POSITIVE,
    "value_added_response": _ANY,
    "employment_change": _ANY,
    "value_added_change": _ANY,
    "jump": _ANY,
    "jump_scale": _POSITIVE,
    "shock_scale_early": _POSITIVE,
    "shock_scale": _POSITIVE,
    "shock_persistence": _SHARE,
    "shock_df": _POSITIVE,
    "county_offset": _ANY,
    "prefecture_scale": _POSITIVE,
    "county_scale": _POSITIVE,
    "county_df": _POSITIVE,
    "persistence": _SHARE,
    "rebasing": _ANY,
    "fading": _POSITIVE,
}


@dataclass(frozen=True)
class Prior:
    """A prior distribution and why it was chosen.

    Attributes
    ----------
    distribution : str
        A key of `FAMILIES`.
    parameters : mapping
        The family's parameters.
    reason : str
        Why this prior.
    unit : str
        Unit of the parameter; ``1`` where it has none.
    """

    distribution: str
    parameters: Mapping[str, float]
    reason: str
    unit: str = "1"


def read_prior(name: str, value: object, where: str) -> Prior:
    """Read the prior of a parameter.

    Parameters
    ----------
    name : str
        A key of `PARAMETERS`.
    value : object
        What the file holds: ``distribution``, the family's parameters, ``unit``, ``reason``.
    where : str
        File and key, for messages.

    Returns
    -------
    Prior
        The prior.

    Raises
    ------
    SpecificationError
        If the family is unknown or does not fit the parameter's range, or a key is wrong.
    """
    entry = as_mapping(value, where)
    family = str(entry.get("distribution"))
    if family not in FAMILIES:
        raise SpecificationError(
            "unknown distribution",
            where=where,
            found=family,
            cure=nearest(family, tuple(FAMILIES)),
        )
    if family not in PARAMETERS[name]:
        raise SpecificationError(
            f"the distribution '{family}' does not fit the range of {name}",
            where=where,
            cure=f"choose {' or '.join(PARAMETERS[name])}",
        )
    check_keys(entry, ("distribution", *FAMILIES[family], "unit", "reason"), where)
    parameters = {key: as_number(entry[key], f"{where}: {key}") for key in FAMILIES[family]}
    for key, number in parameters.items():
        if key != "mean" and number <= 0:
            raise SpecificationError(f"{key} must be above 0", where=where, found=str(number))
    if not str(entry["reason"] or "").strip():
        raise SpecificationError("a prior needs a reason", where=where)
    if not str(entry["unit"] or "").strip():
        raise SpecificationError(
            "a prior needs the unit of its parameter",
            where=where,
            cure='write "1" where it has none',
        )
    return Prior(family, parameters, str(entry["reason"]), str(entry["unit"]))


def sample_prior(
    prior: Prior, shape: int | tuple[int, ...], rng: np.random.Generator
) -> np.ndarray:
    """Draw from a prior.

    Parameters
    ----------
    prior : Prior
        Family and parameters.
    shape : int or tuple of int
        Shape of the result.
    rng : Generator
        Random numbers.

    Returns
    -------
    ndarray
        Draws.
    """
    p = prior.parameters
    match prior.distribution:
        case "normal":
            return rng.normal(p["mean"], p["sd"], shape)
        case "lognormal":
            return rng.lognormal(np.log(p["median"]), p["sigma"], shape)
        case "halfnormal":
            return np.abs(rng.normal(0, p["sd"], shape))
        case "beta":
            return rng.beta(p["a"], p["b"], shape)
        case _:
            return rng.gamma(p["shape"], 1 / p["rate"], shape)


def as_mapping(value: object, where: str) -> dict[str, Any]:
    """Take a value of a file as a mapping.

    Parameters
    ----------
    value : object
        What the file holds.
    where : str
        File and key, for messages.

    Returns
    -------
    dict
        The mapping.

    Raises
    ------
    SpecificationError
        If it is none.
    """
    if not isinstance(value, dict):
        raise SpecificationError("a mapping is needed", where=where, found=repr(value))
    return value


def check_keys(found: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuse a mapping with a key that is unknown, or without one that is needed.

    Parameters
    ----------
    found : mapping
        What the file holds.
    known : tuple of str
        All keys, each of them needed.
    where : str
        File and key, for messages.

    Raises
    ------
    SpecificationError
        Names the key, with the nearest known one.
    """
    for key in found:
        if key not in known:
            raise SpecificationError(
                "unknown key", where=where, found=str(key), cure=nearest(str(key), known)
            )
    for key in known:
        if key not in found:
            raise SpecificationError("a key is missing", where=where, found=f"no '{key}'")


def as_number(value: object, where: str) -> float:
    """Take a value of a file as a number.

    Parameters
    ----------
    value : object
        What the file holds.
    where : str
        File and key, for messages.

    Returns
    -------
    float
        The number.

    Raises
    ------
    SpecificationError
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SpecificationError("a number is needed", where=where, found=repr(value))
    return float(value)

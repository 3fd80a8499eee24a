"""The specification of a model: priors with reasons, drivers, sampler, gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qyforecast.errors import SpecificationError
from qyforecast.provenance import file_sha256
from qyforecast.vocabulary import SECTORS, nearest

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
    "convergence": _POSITIVE,
    "province_scale": _POSITIVE,
    "year_scale": _POSITIVE,
    "year_persistence": _SHARE,
    "employment_response": _ANY,
    "employment_level_spread": _POSITIVE,
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
}
SECTIONS = (
    "name",
    "version",
    "reference",
    "drivers",
    "breaks",
    "early_until",
    "priors",
    "measurement",
    "sampler",
    "gate",
)
SAMPLER_KEYS = ("name", "chains", "tune", "draws", "target_accept")
SAMPLERS = ("nutpie",)
GATE_KEYS = ("rhat", "ess", "divergences", "bfmi")


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
    """

    distribution: str
    parameters: Mapping[str, float]
    reason: str


@dataclass(frozen=True)
class ModelSpec:
    """What a specification file says.

    Attributes
    ----------
    name : str
        Name of the model.
    reference_share : float
        Urban share at which the linear terms are centred. [1]
    references : mapping
        Driver to sector to the share at which it is centred. [1]
    breaks : tuple of int
        Years in which provincial series change basis.
    early_until : int
        Before this year provincial shares are as first printed.
    priors : mapping
        Parameter to `Prior`.
    measurement : mapping
        Kind of source to (median, sigma) of a log-normal prior of the
        standard deviation of its error; median 0 means exact. [log odds]
    sampler, gate : mapping
        Settings of the sampler; limits of its health.
    sha256 : str
        Hash of the file.
    """

    name: str
    reference_share: float
    references: Mapping[str, Mapping[str, float]]
    breaks: tuple[int, ...]
    early_until: int
    priors: Mapping[str, Prior]
    measurement: Mapping[str, tuple[float, float]]
    sampler: Mapping[str, Any]
    gate: Mapping[str, float]
    sha256: str


def read_spec(path: Path | str) -> ModelSpec:
    """Read and verify a specification file.

    Parameters
    ----------
    path : Path or str
        A YAML file such as ``models/urbanization/spec.yaml``.

    Returns
    -------
    ModelSpec
        The specification.

    Raises
    ------
    SpecificationError
        Names the file and the key that is missing, unknown or wrong.
    """
    path = Path(path)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SpecificationError(
            "the specification cannot be read", where=str(path), found=str(error.strerror)
        ) from error
    except yaml.YAMLError as error:
        raise SpecificationError(
            "the specification is not YAML", where=str(path), found=str(error).replace("\n", " ")
        ) from error
    if not isinstance(content, dict):
        raise SpecificationError("the specification is not a mapping", where=str(path))
    _keys(content, SECTIONS, str(path))
    priors = _mapping(content["priors"], f"{path}: priors")
    _keys(priors, tuple(PARAMETERS), f"{path}: priors")
    gate = _mapping(content["gate"], f"{path}: gate")
    _keys(gate, GATE_KEYS, f"{path}: gate")
    reference = _mapping(content["reference"], f"{path}: reference")
    _keys(reference, ("urban_share", "employment", "value_added"), f"{path}: reference")
    return ModelSpec(
        name=str(content["name"]),
        reference_share=_number(reference["urban_share"], f"{path}: reference: urban_share"),
        references=_references(content, reference, path),
        breaks=_years(content["breaks"], f"{path}: breaks"),
        early_until=_years([content["early_until"]], f"{path}: early_until")[0],
        priors={key: _prior(key, value, f"{path}: priors: {key}") for key, value in priors.items()},
        measurement=_measurement(content["measurement"], path),
        sampler=_sampler(content["sampler"], f"{path}: sampler"),
        gate={key: _number(value, f"{path}: gate: {key}") for key, value in gate.items()},
        sha256=file_sha256(path),
    )


def _mapping(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SpecificationError("a mapping is needed", where=where, found=repr(value))
    return value


def _keys(found: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in found:
        if key not in known:
            raise SpecificationError(
                "unknown key", where=where, found=str(key), cure=nearest(str(key), known)
            )
    for key in known:
        if key not in found:
            raise SpecificationError("a key is missing", where=where, found=f"no '{key}'")


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SpecificationError("a number is needed", where=where, found=repr(value))
    return float(value)


def _years(value: object, where: str) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    years = tuple(year for year in listed if isinstance(year, int) and 1900 < year < 2200)
    if not years or len(years) < len(listed):
        raise SpecificationError("years are needed", where=where, found=repr(value))
    return years


def _sampler(value: object, where: str) -> dict[str, Any]:
    sampler = _mapping(value, where)
    _keys(sampler, SAMPLER_KEYS, where)
    if sampler["name"] not in SAMPLERS:
        raise SpecificationError(
            "unknown sampler",
            where=f"{where}: name",
            found=str(sampler["name"]),
            cure=nearest(str(sampler["name"]), SAMPLERS),
        )
    for key in ("chains", "tune", "draws"):
        if not isinstance(sampler[key], int) or sampler[key] < 1:
            raise SpecificationError(
                "a whole number above 0 is needed",
                where=f"{where}: {key}",
                found=repr(sampler[key]),
            )
    if not 0.5 <= _number(sampler["target_accept"], f"{where}: target_accept") < 1:
        raise SpecificationError(
            "target_accept lies between 0.5 and 1",
            where=f"{where}: target_accept",
            found=str(sampler["target_accept"]),
        )
    return sampler


def _prior(name: str, value: object, where: str) -> Prior:
    entry = _mapping(value, where)
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
    _keys(entry, ("distribution", *FAMILIES[family], "unit", "reason"), where)
    parameters = {key: _number(entry[key], f"{where}: {key}") for key in FAMILIES[family]}
    for key, number in parameters.items():
        if key != "mean" and number <= 0:
            raise SpecificationError(f"{key} must be above 0", where=where, found=str(number))
    if not str(entry["reason"] or "").strip():
        raise SpecificationError("a prior needs a reason", where=where)
    return Prior(family, parameters, str(entry["reason"]))


def _references(
    content: Mapping[str, Any], reference: Mapping[str, Any], path: Path
) -> dict[str, dict[str, float]]:
    drivers = _mapping(content["drivers"], f"{path}: drivers")
    _keys(drivers, ("employment", "value_added"), f"{path}: drivers")
    chosen: dict[str, dict[str, float]] = {}
    for driver, sectors in drivers.items():
        if not isinstance(sectors, list) or not sectors:
            where = f"{path}: drivers: {driver}"
            raise SpecificationError(
                "a list of sectors is needed", where=where, found=repr(sectors)
            )
        for sector in sectors:
            if sector not in SECTORS:
                raise SpecificationError(
                    "unknown sector",
                    where=f"{path}: drivers: {driver}",
                    found=str(sector),
                    cure=nearest(str(sector), SECTORS),
                )
        centres = _mapping(reference[driver], f"{path}: reference: {driver}")
        _keys(centres, tuple(sectors), f"{path}: reference: {driver}")
        chosen[driver] = {
            s: _number(centres[s], f"{path}: reference: {driver}: {s}") for s in sectors
        }
    return chosen


def _measurement(value: object, path: Path) -> dict[str, tuple[float, float]]:
    kinds = _mapping(value, f"{path}: measurement")
    errors: dict[str, tuple[float, float]] = {}
    for kind, entry in kinds.items():
        where = f"{path}: measurement: {kind}"
        _keys(_mapping(entry, where), ("median", "sigma", "reason"), where)
        median, sigma = (_number(entry[key], where) for key in ("median", "sigma"))
        if median < 0 or sigma < 0:
            raise SpecificationError(
                "an error of measurement is not below 0",
                where=where,
                found=f"{median:g}, {sigma:g}",
            )
        errors[kind] = (median, sigma)
    return errors

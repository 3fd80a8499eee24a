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
PARAMETERS = (
    "pace",
    "convergence",
    "province_scale",
    "year_scale",
    "year_persistence",
    "employment_response",
    "employment_level_spread",
    "value_added_response",
    "employment_change",
    "value_added_change",
    "jump",
    "jump_scale",
    "shock_scale_early",
    "shock_scale",
    "shock_persistence",
    "shock_df",
    "county_offset",
    "prefecture_scale",
    "county_scale",
    "county_df",
    "persistence",
)
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
    _keys(priors, PARAMETERS, f"{path}: priors")
    sampler = _mapping(content["sampler"], f"{path}: sampler")
    _keys(sampler, SAMPLER_KEYS, f"{path}: sampler")
    gate = _mapping(content["gate"], f"{path}: gate")
    _keys(gate, GATE_KEYS, f"{path}: gate")
    reference = _mapping(content["reference"], f"{path}: reference")
    _keys(reference, ("urban_share", "employment", "value_added"), f"{path}: reference")
    return ModelSpec(
        name=str(content["name"]),
        reference_share=_number(reference["urban_share"], f"{path}: reference: urban_share"),
        references=_references(content, reference, path),
        breaks=tuple(int(y) for y in content["breaks"]),
        early_until=int(content["early_until"]),
        priors={key: _prior(value, f"{path}: priors: {key}") for key, value in priors.items()},
        measurement=_measurement(content["measurement"], path),
        sampler=sampler,
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


def _prior(value: object, where: str) -> Prior:
    entry = _mapping(value, where)
    family = entry.get("distribution")
    if family not in FAMILIES:
        raise SpecificationError(
            "unknown distribution",
            where=where,
            found=repr(family),
            cure=nearest(str(family), tuple(FAMILIES)),
        )
    _keys(entry, ("distribution", *FAMILIES[family], "unit", "reason"), where)
    parameters = {key: _number(entry[key], f"{where}: {key}") for key in FAMILIES[family]}
    for key, number in parameters.items():
        if key != "mean" and number <= 0:
            raise SpecificationError(f"{key} must be above 0", where=where, found=str(number))
    if not str(entry["reason"]).strip():
        raise SpecificationError("a prior needs a reason", where=where)
    return Prior(str(family), parameters, str(entry["reason"]))


def _references(
    content: Mapping[str, Any], reference: Mapping[str, Any], path: Path
) -> dict[str, dict[str, float]]:
    drivers = _mapping(content["drivers"], f"{path}: drivers")
    _keys(drivers, ("employment", "value_added"), f"{path}: drivers")
    chosen: dict[str, dict[str, float]] = {}
    for driver, sectors in drivers.items():
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
        errors[kind] = (_number(entry["median"], where), _number(entry["sigma"], where))
    return errors

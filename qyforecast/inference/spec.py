"""The specification of a model: priors with reasons, drivers, rivals, sampler, gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qyforecast.documents import read_yaml
from qyforecast.errors import SpecificationError
from qyforecast.inference.priors import (
    PARAMETERS,
    Prior,
    as_mapping,
    as_number,
    check_keys,
    read_prior,
)
from qyforecast.inference.rivals import Rival, read_rivals
from qyforecast.provenance import file_sha256
from qyforecast.vocabulary import SECTORS, nearest

SECTIONS = (
    "name",
    "version",
    "reference_share",
    "upper_limit",
    "drivers",
    "rivals",
    "breaks",
    "early_until",
    "priors",
    "measurement",
    "sampler",
    "gate",
)
DRIVERS = ("employment", "value_added")
SAMPLER_KEYS = ("name", "chains", "tune", "draws", "target_accept")
SAMPLERS = ("nutpie", "pymc")
GATE_KEYS = ("rhat", "ess", "divergences", "bfmi")


@dataclass(frozen=True)
class ModelSpec:
    """What a specification file says.

    Attributes
    ----------
    name : str
        Name of the model.
    version : int
        Counted up when what is supposed changes.
    reference_share : float
        Urban share at which the national pace is centred. [1]
    upper_limit : float
        Urban share that no place passes; 1 where there is none. [1]
    drivers : mapping
        Driver to the sectors whose shares enter.
    rivals : mapping
        Name to `Rival`; the first is the full model.
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
    version: int
    reference_share: float
    upper_limit: float
    drivers: Mapping[str, tuple[str, ...]]
    rivals: Mapping[str, Rival]
    breaks: tuple[int, ...]
    early_until: int
    priors: Mapping[str, Prior]
    measurement: Mapping[str, tuple[float, float]]
    sampler: Mapping[str, Any]
    gate: Mapping[str, float]
    sha256: str

    @property
    def full(self) -> str:
        """Name of the full model."""
        return next(iter(self.rivals))

    def rival(self, name: str) -> Rival:
        """Find a rival by its name.

        Parameters
        ----------
        name : str
            One of `rivals`.

        Returns
        -------
        Rival
            The rival.

        Raises
        ------
        SpecificationError
            If there is none of that name; the nearest is offered.
        """
        if name not in self.rivals:
            raise SpecificationError(
                "the specification has no such rival",
                found=name,
                cure=nearest(name, tuple(self.rivals)),
            )
        return self.rivals[name]


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
    content = read_yaml(path, SpecificationError).plain
    check_keys(content, SECTIONS, str(path))
    priors = as_mapping(content["priors"], f"{path}: priors")
    check_keys(priors, tuple(PARAMETERS), f"{path}: priors")
    gate = as_mapping(content["gate"], f"{path}: gate")
    check_keys(gate, GATE_KEYS, f"{path}: gate")
    reference, limit = _scale(content, path)
    return ModelSpec(
        name=str(content["name"]),
        version=_version(content["version"], f"{path}: version"),
        reference_share=reference,
        upper_limit=limit,
        drivers=_drivers(content["drivers"], f"{path}: drivers"),
        rivals=read_rivals(content["rivals"], f"{path}: rivals"),
        breaks=_years(content["breaks"], f"{path}: breaks"),
        early_until=_years([content["early_until"]], f"{path}: early_until")[0],
        priors={k: read_prior(k, value, f"{path}: priors: {k}") for k, value in priors.items()},
        measurement=_measurement(content["measurement"], path),
        sampler=_sampler(content["sampler"], f"{path}: sampler"),
        gate={key: as_number(value, f"{path}: gate: {key}") for key, value in gate.items()},
        sha256=file_sha256(path),
    )


def _version(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise SpecificationError("a whole number above 0 is needed", where=where, found=repr(value))
    return value


def _scale(content: Mapping[str, Any], path: Path) -> tuple[float, float]:
    """Reference share and upper limit, the one below the other."""
    reference, limit = (
        as_number(content[key], f"{path}: {key}") for key in ("reference_share", "upper_limit")
    )
    if not 0 < reference < limit <= 1:
        raise SpecificationError(
            "the reference share lies between 0 and the upper limit, and that is at most 1",
            where=f"{path}: reference_share, upper_limit",
            found=f"{reference:g}, {limit:g}",
            cure="shares are fractions here: 0.45, not 45",
        )
    return reference, limit


def _years(value: object, where: str) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    years = tuple(year for year in listed if isinstance(year, int) and 1900 < year < 2200)
    if not years or len(years) < len(listed):
        raise SpecificationError("years are needed", where=where, found=repr(value))
    return years


def _sampler(value: object, where: str) -> dict[str, Any]:
    sampler = as_mapping(value, where)
    check_keys(sampler, SAMPLER_KEYS, where)
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
    if not 0.5 <= as_number(sampler["target_accept"], f"{where}: target_accept") < 1:
        raise SpecificationError(
            "target_accept lies between 0.5 and 1",
            where=f"{where}: target_accept",
            found=str(sampler["target_accept"]),
        )
    return sampler


def _drivers(value: object, where: str) -> dict[str, tuple[str, ...]]:
    drivers = as_mapping(value, where)
    check_keys(drivers, DRIVERS, where)
    for driver, sectors in drivers.items():
        if not isinstance(sectors, list) or not sectors:
            raise SpecificationError(
                "a list of sectors is needed", where=f"{where}: {driver}", found=repr(sectors)
            )
        for sector in sectors:
            if sector not in SECTORS:
                raise SpecificationError(
                    "unknown sector",
                    where=f"{where}: {driver}",
                    found=str(sector),
                    cure=nearest(str(sector), SECTORS),
                )
    return {driver: tuple(drivers[driver]) for driver in DRIVERS}


def _measurement(value: object, path: Path) -> dict[str, tuple[float, float]]:
    kinds = as_mapping(value, f"{path}: measurement")
    errors: dict[str, tuple[float, float]] = {}
    for kind, entry in kinds.items():
        where = f"{path}: measurement: {kind}"
        check_keys(as_mapping(entry, where), ("median", "sigma", "reason"), where)
        median, sigma = (as_number(entry[key], where) for key in ("median", "sigma"))
        if median < 0 or sigma < 0:
            raise SpecificationError(
                "an error of measurement is not below 0",
                where=where,
                found=f"{median:g}, {sigma:g}",
            )
        errors[kind] = (median, sigma)
    return errors

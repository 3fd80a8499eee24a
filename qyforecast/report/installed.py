"""The packages that a run rests on: versions, licences, and a bill of materials."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from textwrap import shorten
from typing import Any

from qyforecast.report.overview import TextTable

OWN = "qyforecast"
#: Packages whose versions results may depend on.
PACKAGES = (OWN, "numpy", "scipy", "pandas", "xarray", "numba", "pymc", "nutpie", "arviz")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True)
class Package:
    """An installed package.

    Attributes
    ----------
    name, version, licence : str
        As its metadata say; the licence is ``unknown`` where they do not.
    needs : tuple of str
        Names of the packages it needs that are installed.
    """

    name: str
    version: str
    licence: str
    needs: tuple[str, ...]


def installed_packages() -> tuple[Package, ...]:
    """Follow the requirements of qyforecast through everything installed.

    Returns
    -------
    tuple of Package
        qyforecast first, then by name; packages of its extras where they are installed.
    """
    found: dict[str, Package] = {}
    waiting = [OWN]
    while waiting:
        one = _found(waiting.pop())
        if one is not None and normal(one.metadata["Name"]) not in found:
            package = _package(one)
            found[normal(package.name)] = package
            waiting += package.needs
    own = found.pop(OWN)
    return (own, *(found[name] for name in sorted(found)))


def licence_table(packages: Sequence[Package]) -> TextTable:
    """List packages with their licences.

    Parameters
    ----------
    packages : sequence of Package
        From `installed_packages`.

    Returns
    -------
    TextTable
        A row each.
    """
    rows = tuple((one.name, one.version, one.licence) for one in packages)
    return TextTable("Licences", ("package", "version", "licence"), rows, ())


def bill_of_materials(packages: Sequence[Package]) -> dict[str, Any]:
    """Write packages as a software bill of materials.

    Parameters
    ----------
    packages : sequence of Package
        From `installed_packages`.

    Returns
    -------
    dict
        A CycloneDX 1.6 document, without time and serial number: the same packages give the
        same bytes.

    References
    ----------
    Ecma International, ECMA-424, CycloneDX 1.6.
    """
    names = {normal(one.name): _reference(one) for one in packages}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _component(packages[0], "application")},
        "components": [_component(one, "library") for one in packages[1:]],
        "dependencies": [
            {"ref": _reference(one), "dependsOn": [names[name] for name in one.needs]}
            for one in packages
        ],
    }


def normal(name: str) -> str:
    """Spell the name of a package the one way that is compared.

    Parameters
    ----------
    name : str
        As somebody wrote it.

    Returns
    -------
    str
        Small letters, one hyphen for each run of marks.

    References
    ----------
    Python Packaging User Guide, *Names and normalization*.
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(package: Package, kind: str) -> dict[str, Any]:
    # An expression is free of blanks but around its words; anything else is a name.
    spdx = re.fullmatch(r"[A-Za-z0-9.+()-]+( (AND|OR|WITH) [A-Za-z0-9.+()-]+)*", package.licence)
    licence = {"expression": package.licence} if spdx else {"license": {"name": package.licence}}
    return {
        "type": kind,
        "bom-ref": _reference(package),
        "name": package.name,
        "version": package.version,
        "purl": _reference(package),
        "licenses": [licence],
    }


def _reference(package: Package) -> str:
    return f"pkg:pypi/{normal(package.name)}@{package.version}"


def _package(one: Distribution) -> Package:
    needs = {normal(name) for name in _requirements(one) if _found(name) is not None}
    return Package(one.metadata["Name"], one.version, _licence(one), tuple(sorted(needs)))


def _requirements(one: Distribution) -> Iterator[str]:
    """Names of what a package needs; of its extras only for qyforecast itself."""
    own = normal(one.metadata["Name"]) == OWN
    for line in one.requires or ():
        match = _NAME.match(line)
        if match and (own or "extra ==" not in line.partition(";")[2]):
            yield match.group()


def _found(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _licence(one: Distribution) -> str:
    said = [one.metadata.get("License-Expression") or ""]
    listed = one.metadata.get_all("Classifier") or []
    said += [line.removeprefix(_CLASSIFIER) for line in listed if line.startswith(_CLASSIFIER)]
    said += (one.metadata.get("License") or "").strip().splitlines()[:1]
    return shorten(next((text for text in said if text), "unknown"), 80)

"""A forecast repeated from its manifest, bit for bit, or the reasons why it cannot be."""

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.documents import read_json
from qyforecast.errors import OutputError, QyforecastError
from qyforecast.inference.posterior_checks import content_sha256
from qyforecast.inference.spec import read_spec
from qyforecast.inference.stacking import read_weights
from qyforecast.inference.store import Store
from qyforecast.report.folder import MANIFEST
from qyforecast.report.pipeline import Outcome, Say, input_hashes, produce
from qyforecast.report.request import Request, choose_vintages

#: Parts of a manifest's hashes, as a reader knows them.
PARTS = {
    "data": "table",
    "specification": "the specification",
    "scenarios": "scenario file",
    "weights": "the weights of the rivals",
    "record": "the record of past forecasts",
}


@dataclass(frozen=True)
class Told:
    """What a manifest says was asked for and used.

    Attributes
    ----------
    seed, draws, to : int
        As asked for.
    as_of : tuple of int
        Years of knowledge.
    scenarios : tuple of str
        Names of those run.
    versions : mapping of str to str
        Packages, and Python.
    hashes, files : mapping
        Of what was read and of what was written.
    """

    seed: int
    draws: int
    to: int
    as_of: tuple[int, ...]
    scenarios: tuple[str, ...]
    versions: Mapping[str, str]
    hashes: Mapping[str, Any]
    files: Mapping[str, str]


def read_manifest(path: Path) -> Told:
    """Read the manifest of a forecast.

    Parameters
    ----------
    path : Path
        ``manifest.json``, or the folder of results that holds it.

    Returns
    -------
    Told
        What it says.

    Raises
    ------
    OutputError
        If it cannot be read, or is none of a forecast of this version.
    """
    path = path / MANIFEST if path.is_dir() else path
    content = read_json(path, OutputError)
    if content.get("command") != "forecast":
        raise OutputError(
            "this is not the manifest of a forecast that can be repeated",
            where=str(path),
            found=f"command {content.get('command')!r}"[:200],
            cure="name the manifest that this version of qyforecast forecast wrote",
        )
    try:
        asked = _mapping(content["asked"])
        if not _whole(asked["draws"]):
            _refuse(asked["draws"])
        return Told(
            *(_whole(part[key]) for part, key in (
                (content, "seed"), (asked, "draws"), (content, "to"),
            )),
            as_of=tuple(_whole(year) for year in content["as_of"]) or _refuse(content["as_of"]),
            scenarios=tuple(_word(name) for name in asked["scenarios"]),
            versions={key: _word(one) for key, one in _mapping(content["versions"]).items()},
            hashes={key: _hashes(one) for key, one in _mapping(content["hashes"]).items()},
            files={key: _word(one) for key, one in _mapping(content["files"]).items()},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        raise OutputError(
            "the manifest of a forecast lacks a key, or holds what it cannot",
            where=str(path),
            found=f"{type(error).__name__}: {error}"[:200],
            cure="run qyforecast forecast again",
        ) from error


def repeat(
    told: Told, request: Request, *, anyway: bool = False, say: Say = lambda _: None
) -> tuple[Outcome, tuple[str, ...]]:
    """Make a forecast again as its manifest says.

    Parameters
    ----------
    told : Told
        The manifest.
    request : Request
        Folder to write to, and those to read from.
    anyway : bool
        Go on though files or versions differ, and fit where a posterior is not there.
    say : callable
        Told what is being done.

    Returns
    -------
    tuple of Outcome and tuple of str
        What was written, and a sentence for each difference there was or came out.

    Raises
    ------
    OutputError
        If something differs beforehand and `anyway` is not said; nothing is then written.
    """
    asked = replace(
        request,
        chosen=told.scenarios,
        as_of=tuple(map(str, told.as_of)),
        to=told.to,
        draws=told.draws,
        seed=told.seed,
        may_fit=anyway,
    )
    say("comparing files and versions")
    before = tuple(differences(told, asked))
    if before and not anyway:
        raise OutputError(
            "the forecast cannot be repeated bit for bit",
            where=str(asked.data or "the shipped files"),
            found="; ".join(before),
            cure="bring back what it was made with, or go on with --anyway",
        )
    outcome = produce(asked, say)
    written = read_manifest(asked.out).files
    after = (f"{name} differs" for name, sha256 in told.files.items()
             if written.get(name) != sha256)  # fmt: skip
    return outcome, (*before, *after)


def differences(told: Told, asked: Request) -> Iterator[str]:
    """Say what differs between a manifest and what is at hand.

    Parameters
    ----------
    told : Told
        The manifest.
    asked : Request
        The same question, with the files at hand.

    Yields
    ------
    str
        A sentence each.
    """
    for name, then in told.versions.items():
        now = _version(name)
        if now != then:
            yield f"{name} was {then} and is {now}"
    census, spec = read_census(asked.data), read_spec(asked.model_file)
    now_hashes = input_hashes(asked, census, spec)
    for part, word in PARTS.items():
        then, now = told.hashes.get(part), now_hashes[part]
        if isinstance(then, dict) and isinstance(now, dict):
            names = sorted(name for name in {*then, *now} if then.get(name) != now.get(name))
            yield from (f"{word} {name} is another" for name in names)
        elif then != now:
            yield f"{word} is another"
    store = Store(asked.out.parent / "posteriors", asked.seed, asked.draws, may_fit=False)
    panels = [Panel.from_census(census, as_of=year) for year in choose_vintages(asked, census)]
    try:
        found = store.obtain(spec, read_weights(asked.model_file, spec), panels, lambda _: None)
    except QyforecastError as error:
        yield f"{error.what} ({error.found or error.where})"
        return
    now = {str(one.as_of): {p.rival: content_sha256(p.draws) for p in one.parts} for one in found}
    if now != told.hashes.get("posteriors"):
        yield "the saved posteriors are others, fitted again since"


def _version(name: str) -> str:
    if name == "python":
        return platform.python_version()
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _hashes(value: object) -> object:
    if isinstance(value, dict):
        return {key: _hashes(one) for key, one in value.items()}
    return value if value is None else _word(value)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else _refuse(value)


def _word(value: object) -> str:
    return value if isinstance(value, str) else _refuse(value)


def _whole(value: object) -> int:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**32
    return value if good else _refuse(value)  # pyright: ignore[reportReturnType]


def _refuse(value: object) -> Any:
    raise ValueError(f"{value!r}"[:100])

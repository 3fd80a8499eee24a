"""The briefing: from saved results to all that a document says, in one language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qyforecast.errors import OutputError
from qyforecast.provenance import file_sha256, shipped_folder
from qyforecast.report.document import Document
from qyforecast.report.figures.saved import COMMANDS, Saved
from qyforecast.report.folder import MANIFEST
from qyforecast.report.parts.annex import effects, model, places, scenarios
from qyforecast.report.parts.answer import answer
from qyforecast.report.parts.basis import judged, left_out, rests
from qyforecast.report.parts.change import change
from qyforecast.report.parts.colophon import manifest, methods, sources
from qyforecast.report.parts.material import Material
from qyforecast.report.parts.record import record, records_in_detail
from qyforecast.report.wording import say
from qyforecast.scenario.files import read_scenarios
from qyforecast.scenario.scenario import Scenario

#: In reading order: two pages, then the annex.
PARTS = (
    *(answer, change, rests, judged, left_out, record),
    *(scenarios, places, model, records_in_detail, effects, methods, sources, manifest),
)
AGAIN = f"run {COMMANDS['latest']} again"


def briefing(saved: Saved, lang: str, scenario_folder: Path | None = None) -> Document:
    """Say what saved results say, without running anything again.

    Parameters
    ----------
    saved : Saved
        Where results lie. A forecast is needed; what else is missing is named in the text.
    lang : {"en", "zh"}
        Language.
    scenario_folder : Path, optional
        Scenarios that the forecast was made with; the shipped ones by default.

    Returns
    -------
    Document
        Paragraphs, grids and pictures in reading order.

    Raises
    ------
    OutputError
        If there is no forecast, no such language, results are of another version or do not
        belong together, or a table lacks what is told of it.
    """
    setting = saved.setting(lang)
    made = read_manifest(saved.results)
    _check_together(saved, made)
    targets = saved.table("latest/targets", setting.city)
    material = Material(
        saved=saved,
        setting=setting,
        manifest=made,
        scenarios=_scenarios(saved, made, scenario_folder),
        targets=targets[targets["region_code"] == setting.city],
    )
    try:
        parts = tuple(part(material) for part in PARTS)
    except (KeyError, IndexError, StopIteration) as error:
        raise OutputError(
            "saved results lack what a briefing tells",
            where=str(saved.results),
            found=f"no {error}",
            cure="make the results again with this version",
        ) from error
    place = setting.place(setting.city)
    title = say("briefing_title", lang, {"place": place})
    return Document(lang, title, place, tuple(material.vintages), parts)


def read_manifest(results: Path) -> Mapping[str, Any]:
    """Read how a forecast was made, and refuse one of another version.

    Parameters
    ----------
    results : Path
        Folder with ``latest``.

    Returns
    -------
    mapping
        The manifest.

    Raises
    ------
    OutputError
        If another version made it.
    """
    path = results / "latest" / MANIFEST
    content = json.loads(path.read_text(encoding="utf-8"))
    made, here = content.get("versions", {}).get("qyforecast"), version("qyforecast")
    if made != here:
        raise OutputError(
            "the forecast was made by another version",
            where=str(path),
            found=f"{made}; this is {here}",
            cure=AGAIN,
        )
    return content


def _check_together(saved: Saved, made: Mapping[str, Any]) -> None:
    """Refuse a comparison of scenarios that another model or other years of knowledge made."""
    path = saved.results / "compare" / MANIFEST
    if not path.is_file():
        return
    other = json.loads(path.read_text(encoding="utf-8"))
    pairs = {
        "specification": (other.get("specification"), made["hashes"]["specification"]),
        "as of": (other.get("as_of"), made["as_of"]),
        "draws": (other.get("draws"), made["draws"]),
    }
    differing = [name for name, (there, here) in pairs.items() if there != here]
    if differing:
        raise OutputError(
            "the comparison of scenarios and the forecast do not belong together",
            where=str(path),
            found=f"other {', '.join(differing)}",
            cure=f"run {COMMANDS['latest']} and {COMMANDS['compare']} with the same options",
        )


def _scenarios(
    saved: Saved, made: Mapping[str, Any], folder: Path | None
) -> Mapping[str, Scenario]:
    """Read the scenarios, and refuse files that have changed since the forecast."""
    folder = folder or shipped_folder("scenarios")
    hashes = made["hashes"]["scenarios"]
    changed = [
        name
        for name, sha256 in hashes.items()
        if not (folder / name).is_file() or file_sha256(folder / name) != sha256
    ]
    if changed:
        raise OutputError(
            "scenario files are not those that the forecast was made with",
            where=str(folder),
            found=", ".join(changed),
            cure=f"name their folder with --scenarios, or {AGAIN}",
        )
    census = saved.census
    return read_scenarios(folder, regions=census.regions, base_year=census.years[-1])

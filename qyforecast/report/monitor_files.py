"""Monitoring from files to files: tables, picture, documents, and the figures that were added."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure as Picture

from qyforecast.census.additions import FILE
from qyforecast.census.figure_files import Figure, figure_table, read_figures
from qyforecast.errors import OutputError
from qyforecast.filing import whole_file
from qyforecast.provenance import file_sha256, shipped_folder
from qyforecast.report.card import Card, render_card
from qyforecast.report.folder import occupying, replacing
from qyforecast.report.installed import PACKAGES
from qyforecast.report.monitor_figures import history
from qyforecast.report.monitor_tables import monitor_tables
from qyforecast.report.monitor_text import LENGTHS, PICTURE, monitoring_document
from qyforecast.report.monitoring import Monitoring, Say, watch
from qyforecast.report.request import Request
from qyforecast.report.style import save_figure
from qyforecast.report.wording import LANGUAGES
from qyforecast.report.writing import write_manifest, write_table
from qyforecast.vocabulary import nearest

#: Parts add up to 1e-9 in the tables too.
FORMAT = "%.12f"
#: Figures that a run was given, in its results.
ADDED = "figures.csv"


@dataclass(frozen=True)
class Monitored:
    """What was found and written.

    Attributes
    ----------
    found : Monitoring
        What was found.
    documents : dict of str to Card
        By file name, as asked for.
    notes : tuple of str
        What became of the added figures, and of what a killed run had left.
    """

    found: Monitoring
    documents: dict[str, Card]
    notes: tuple[str, ...]


def produce_monitoring(
    request: Request,
    figures: Sequence[Figure] = (),
    lengths: Sequence[str] = ("note",),
    langs: Sequence[str] = LANGUAGES,
    say: Say = lambda _: None,
) -> Monitored:
    """Follow the targets from vintage to vintage, and write it.

    Parameters
    ----------
    request : Request
        What is asked for.
    figures : sequence of Figure
        Newly published. They are kept with the results, and in the census folder where it
        is the user's own; never in the one shipped.
    lengths, langs : sequence of str
        Of the documents.
    say : callable
        Told what is being done.

    Returns
    -------
    Monitored
        What was written.

    Raises
    ------
    QyforecastError
        Any fault of the figures, files, fit or folder; nothing is then written.
    """
    for asked, known in ((lengths, tuple(LENGTHS)), (langs, LANGUAGES)):
        for word in asked:
            if word not in known:
                cure = nearest(word, known)
                raise OutputError("no document of that kind", found=word, cure=cure)
    with occupying(request.out) as notes:
        _refuse_loss(request, figures)
        return _produce(request, figures, (lengths, langs), say, notes)


def _produce(
    request: Request,
    figures: Sequence[Figure],
    asked: tuple[Sequence[str], Sequence[str]],
    say: Say,
    notes: tuple[str, ...],
) -> Monitored:
    started = time.perf_counter()
    found = watch(request, figures, say)
    say("writing")
    tables = monitor_tables(found)
    picture = draw_history(found, tables["history"], "en")
    documents = {
        f"{length}.{lang}.md": monitoring_document(found, length, lang, picture)
        for length in asked[0]
        for lang in asked[1]
    }
    manifest = _manifest(found) | {"seconds": round(time.perf_counter() - started, 2)}
    with replacing(request.out) as folder:
        _write(folder, tables, picture, documents)
        if figures:
            table = figure_table(figures, found.census.city)
            write_table(table, folder / ADDED, "%.10g")
        write_manifest(folder, manifest)
        kept = _keep(request, found)
    return Monitored(found, documents, (*notes, *kept))


def _refuse_loss(request: Request, figures: Sequence[Figure]) -> None:
    """Refuse to replace results whose added figures stand nowhere else."""
    old = request.out / ADDED
    kept = None if request.data is None else request.data / FILE
    if not old.is_file():
        return
    known = [*figures, *(read_figures(kept) if kept and kept.is_file() else [])]
    told = {(one.year, one.variable, one.value) for one in known}
    lost = [one for one in read_figures(old) if (one.year, one.variable, one.value) not in told]
    if lost:
        raise OutputError(
            "the folder holds added figures that this run leaves out",
            where=str(old),
            found=f"{lost[0].variable} of {lost[0].year}, {lost[0].value:g}",
            cure=f"--add-file {old} takes them up again; or name another folder with --out",
        )


def draw_history(found: Monitoring, table: pd.DataFrame, lang: str) -> Picture:
    """Draw the history of the city's probabilities.

    Parameters
    ----------
    found : Monitoring
        What was found.
    table : DataFrame
        As `history_table` makes it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Picture
        A line for each target.
    """
    city = found.census.city
    place = found.census.names[city][0 if lang == "zh" else 1]
    mine = table[table["region_code"] == city]
    return history(mine, found.city_targets, place, lang, found.draws)[0]


def _write(
    folder: Path, tables: dict[str, pd.DataFrame], picture: Picture, documents: dict[str, Card]
) -> None:
    for name, table in tables.items():
        if not table.empty:
            write_table(table, folder / f"{name}.csv", FORMAT)
    save_figure(picture, folder / PICTURE)
    for name, document in documents.items():
        (folder / name).write_text(render_card(document), encoding="utf-8")


def _keep(request: Request, found: Monitoring) -> list[str]:
    """Keep added figures in the user's own census folder, whole or not at all."""
    if not found.figures:
        return []
    beside = f"the added figures are in {request.out / ADDED}; --add-file reads them again"
    if request.data is None or request.data.resolve() == shipped_folder("census").resolve():
        return [beside]
    path = request.data / FILE
    before = read_figures(path) if path.is_file() else []
    table = figure_table([*before, *found.figures], found.census.city)
    with whole_file(path) as part:
        write_table(table, part, "%.10g")
    return [beside, f"they are kept in {path} too: every command with --data hears them"]


def _manifest(found: Monitoring) -> dict[str, Any]:
    request = found.request
    return {
        "command": "monitor",
        "seed": request.seed,
        "draws": found.draws,
        "to": request.to,
        "vintages": [one.label for one in found.vintages],
        "versions": {name: version(name) for name in PACKAGES},
        "hashes": {
            "data": dict(found.census.sha256),
            "specification": file_sha256(request.model_file),
            "scenarios": {
                path.name: file_sha256(path)
                for path in sorted(request.scenario_folder.glob("*.yaml"))
            },
            "panels": {one.label: one.panel.fingerprint for one in found.vintages},
        },
        "rivals": {one.label: dict(one.facts.weights) for one in found.vintages},
        "figures_added": len(found.figures),
    }

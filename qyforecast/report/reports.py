"""Reports from saved results: made without fitting, and written all or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from qyforecast.errors import OutputError
from qyforecast.report.briefing import briefing
from qyforecast.report.charts import open_saved
from qyforecast.report.document import Document
from qyforecast.report.figures.saved import Saved
from qyforecast.report.html import write_html
from qyforecast.report.request import Request
from qyforecast.report.whole import replacing_files
from qyforecast.report.word import write_docx
from qyforecast.report.wording import LANGUAGES
from qyforecast.report.workbook import write_xlsx
from qyforecast.vocabulary import nearest

FORMATS = ("html", "docx", "xlsx")
ALL = "all"
NAME = "briefing"
#: Folders of results: of a forecast, and of its reports.
LATEST, FOLDER = "latest", "report"


@dataclass(frozen=True)
class Wanted:
    """Which reports are wanted.

    Attributes
    ----------
    languages : tuple of str
        Of ``zh`` and ``en``; both where empty.
    formats : tuple of str
        Of `FORMATS`; all where empty, or where ``all`` is among them.
    scenarios : Path, optional
        Scenarios that the forecast was made with; the shipped ones by default.
    """

    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    scenarios: Path | None = None


def write_reports(
    saved: Saved, wanted: Wanted, out: Path, say: Callable[[str], None] = lambda _: None
) -> tuple[Path, ...]:
    """Write a briefing in each language and format.

    Parameters
    ----------
    saved : Saved
        Where results lie.
    wanted : Wanted
        Languages and formats.
    out : Path
        Folder; other files in it stay.
    say : callable
        Told what is being done.

    Returns
    -------
    tuple of Path
        The files, as ``briefing-zh.docx``.

    Raises
    ------
    OutputError
        If there is no such language or format, results are missing, of another version or
        do not belong together, or a file cannot be written; all files are then as they were.
    """
    languages = _known(wanted.languages, LANGUAGES, "--lang") or LANGUAGES
    formats = _known(wanted.formats, (*FORMATS, ALL), "--format")
    formats = FORMATS if ALL in formats or not formats else formats
    written = []
    with replacing_files(out) as folder:
        for lang in dict.fromkeys(languages):
            say(f"making the content in {lang}")
            document = briefing(saved, lang, wanted.scenarios)
            for kind in dict.fromkeys(formats):
                say(f"writing {kind} in {lang}")
                name = f"{NAME}-{lang}.{kind}"
                _write(document, saved, kind, folder / name)
                written.append(out / name)
    return tuple(written)


def check_reportable(request: Request) -> None:
    """See before a long run that reports can be made of its results.

    Parameters
    ----------
    request : Request
        Of a forecast.

    Raises
    ------
    OutputError
        If its folder is not one where reports look for a forecast.
    """
    if request.out.name != LATEST:
        raise OutputError(
            "reports are made of the results in a folder of that name",
            where="--out",
            found=str(request.out),
            cure=f"end --out with {LATEST}, or leave --report out",
        )


def report_on(request: Request, say: Callable[[str], None] = lambda _: None) -> tuple[Path, ...]:
    """Write all reports of a forecast just made, beside its results.

    Parameters
    ----------
    request : Request
        Of the forecast.
    say : callable
        Told what is being done.

    Returns
    -------
    tuple of Path
        The files.

    Raises
    ------
    OutputError
        As `write_reports`.
    """
    results = request.out.parent
    saved = open_saved(results, request.data, request.model_file.parent)
    return write_reports(saved, Wanted(scenarios=request.scenarios), results / FOLDER, say)


def _known(given: tuple[str, ...], known: tuple[str, ...], option: str) -> tuple[str, ...]:
    wrong = [one for one in given if one not in known]
    if wrong:
        raise OutputError(
            "there is no such report", where=option, found=wrong[0], cure=nearest(wrong[0], known)
        )
    return given


def _write(document: Document, saved: Saved, kind: str, target: Path) -> None:
    """Write one format."""
    if kind == "docx":
        write_docx(document, target)
    elif kind == "xlsx":
        write_xlsx(document, saved, target)
    else:
        write_html(document, target)

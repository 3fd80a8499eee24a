"""Charts from saved results: made, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from qyforecast.census.census import read_census
from qyforecast.errors import OutputError
from qyforecast.provenance import shipped_folder
from qyforecast.report.figures.chart import Chart
from qyforecast.report.figures.registry import RECIPES, draw_chart, recipe_of
from qyforecast.report.figures.saved import COMMANDS, Saved
from qyforecast.report.folder import occupying, replacing
from qyforecast.report.style import save_figure
from qyforecast.report.writing import write_manifest, write_table

#: Digits enough for shares and for persons.
FORMAT = "%.6f"
MODEL = "urbanization"


@dataclass(frozen=True)
class Wanted:
    """Which charts are wanted.

    Attributes
    ----------
    lang : {"en", "zh"}
        Language.
    only : tuple of str
        Names of charts; every chart whose results are there where empty.
    region : str, optional
        Code of the place that charts of one place show; the city by default.
    """

    lang: str = "zh"
    only: tuple[str, ...] = ()
    region: str | None = None


def open_saved(results: Path, data: Path | None = None, model: Path | None = None) -> Saved:
    """Find saved results and read the census that they rest on.

    Parameters
    ----------
    results : Path
        Folder of ``latest``, ``compare`` and so on.
    data : Path, optional
        Census folder; the shipped one by default.
    model : Path, optional
        Folder of the model; the shipped one by default.

    Returns
    -------
    Saved
        Nothing else is read yet.
    """
    return Saved(results, model or shipped_folder("models") / MODEL, read_census(data))


def make_charts(saved: Saved, wanted: Wanted) -> Iterator[Chart]:
    """Draw charts from saved results, one at a time.

    Parameters
    ----------
    saved : Saved
        Where results lie.
    wanted : Wanted
        Which charts.

    Yields
    ------
    Chart
        In the order of `RECIPES`, or as asked for.

    Raises
    ------
    OutputError
        If there is no such chart, language or county, a chart asked for by name lacks its
        results, or none can be drawn.
    """
    setting = saved.setting(wanted.lang, wanted.region)
    names = [name for name in wanted.only if recipe_of(name)]
    names = names or [name for name, one in RECIPES.items() if saved.there(one.needs)]
    if not names:
        raise OutputError(
            "there are no results to draw",
            where=str(saved.results),
            cure=f"run {COMMANDS['latest']}",
        )
    for name in names:
        needs = RECIPES[name].needs
        tables = {need.partition("/")[2]: saved.table(need, setting.region) for need in needs}
        draws = saved.draws(needs[0]) or setting.draws
        yield draw_chart(name, tables, replace(setting, draws=draws))


def left_out(saved: Saved) -> dict[str, str]:
    """Name the charts whose results are not there.

    Parameters
    ----------
    saved : Saved
        Where results lie.

    Returns
    -------
    dict of str to str
        Chart to the command that would make its results.
    """
    missing = {name: one for name, one in RECIPES.items() if not saved.there(one.needs)}
    return {
        name: COMMANDS[next(n for n in one.needs if not saved.there([n])).partition("/")[0]]
        for name, one in missing.items()
    }


def write_charts(
    saved: Saved, wanted: Wanted, out: Path, say: Callable[[str], None] = lambda _: None
) -> Sequence[str]:
    """Write each chart as a picture and its numbers as a table.

    Parameters
    ----------
    saved : Saved
        Where results lie.
    wanted : Wanted
        Which charts.
    out : Path
        Folder, replaced whole.
    say : callable
        Told what is being done.

    Returns
    -------
    sequence of str
        Names of the charts.

    Raises
    ------
    OutputError
        As `make_charts`, or if the folder cannot be written; it is then as it was.
    """
    about = {}
    with occupying(out, say), replacing(out) as folder:
        for chart in make_charts(saved, wanted):
            say(f"drawing {chart.name}")
            save_figure(chart.figure, folder / f"{chart.name}.png")
            write_table(chart.table, folder / f"{chart.name}.csv", FORMAT)
            facts = ("title", "alt", "unit", "as_of", "source")
            about[chart.name] = {fact: getattr(chart, fact) for fact in facts}
        manifest = {
            "command": "charts",
            "lang": wanted.lang,
            "region": wanted.region or saved.census.city,
            "versions": {name: version(name) for name in ("qyforecast", "matplotlib")},
            "charts": about,
        }
        write_manifest(folder, manifest)
    return tuple(about)

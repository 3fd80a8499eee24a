"""The command that follows the targets as figures come in; `cli` takes it up."""

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from qyforecast.screen import print_table, progress

commands = typer.Typer()


class GatheringCommand(TyperCommand):
    """A command whose ``--add`` takes all the words ``key=value`` that follow it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Join the words of each figure before the options are read."""
        return super().parse_args(ctx, gather(args))


def gather(args: list[str]) -> list[str]:
    """Join the words that follow ``--add`` into one, quoted as a shell would.

    Parameters
    ----------
    args : list of str
        Words of a command line.

    Returns
    -------
    list of str
        With one word after each ``--add``.

    Examples
    --------
    >>> gather(["--add", "year=2024", "source=a page", "--to", "2035"])
    ['--add', "year=2024 'source=a page'", '--to', '2035']
    """
    out: list[str] = []
    rest = list(args)
    while rest:
        out.append(rest.pop(0))
        if out[-1] == "--add":
            figure = []
            while rest and "=" in rest[0] and not rest[0].startswith("-"):
                figure.append(rest.pop(0))
            # A figure quoted as a whole is as it is.
            out += [shlex.join(figure)] if len(figure) > 1 else figure
    return out


@commands.command(cls=GatheringCommand)
def monitor(
    add: Annotated[
        list[str] | None,
        typer.Option(
            help='A new figure: year=2024 urban=0.478 source="…" [kind=bulletin] [region=CODE] '
            "[published=2025]; repeat."
        ),
    ] = None,
    add_file: Annotated[
        list[Path] | None, typer.Option(help="CSV file of new figures, the same keys; repeat.")
    ] = None,
    as_of: Annotated[
        list[str] | None,
        typer.Option(help="Year of knowledge, or 'newest'; repeat. Default: every year."),
    ] = None,
    length: Annotated[
        list[str] | None, typer.Option(help="note, mid-term or final; repeat. Default: note.")
    ] = None,
    lang: Annotated[list[str] | None, typer.Option(help="zh or en; repeat. Default: both.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the results; replaced whole.")] = Path(
        "results/monitor"
    ),
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of census tables; new figures are kept in one of your own."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model specification; the shipped one by default.")
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option(help="Folder of scenarios; the shipped one by default.")
    ] = None,
    to: Annotated[int, typer.Option(help="Last year.")] = 2035,
    draws: Annotated[int, typer.Option(help="Number of draws.", min=400)] = 4000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    fit: Annotated[
        bool, typer.Option(help="Fit where no saved posterior will do; --no-fit refuses instead.")
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Take up new figures: probability then and now, what moved it, and the pace now needed."""
    from qyforecast.census.figure_files import parse_figures, read_figures
    from qyforecast.report.monitor_files import produce_monitoring
    from qyforecast.report.request import Request

    figures = [one for path in add_file or () for one in read_figures(path)]
    figures += [one for text in add or () for one in parse_figures(_words(text), "--add")]
    request = Request(
        out=out,
        data=data,
        model=model,
        scenarios=scenarios,
        as_of=tuple(as_of or ()),
        to=to,
        draws=draws,
        seed=seed,
        may_fit=fit,
    )
    asked = tuple(length or ("note",)), tuple(lang or ("zh", "en"))
    with progress(quiet) as say:
        done = produce_monitoring(request, figures, *asked, say)
    if quiet:
        return
    document = next(iter(reversed(done.documents.values())))
    typer.echo(document.title)
    for section in document.sections:
        for table in section.tables:
            print_table(table, lines=False)
        for line in section.sentences:
            typer.echo(line)
    for line in done.notes:
        typer.echo(f"- {line}")
    typer.echo(f"Written to {out}")


def _words(text: str) -> dict[str, str]:
    """Split ``key=value`` words; the value may hold spaces where it is quoted."""
    from qyforecast.errors import DataError

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise DataError("a quote is not closed", where="--add", found=text) from error
    pairs = [word.partition("=") for word in words]
    said = {key: value for key, _, value in pairs}
    broken = [key for key, sign, _ in pairs if not sign]
    if broken or len(said) < len(pairs):
        raise DataError(
            "a figure is written in words key=value, each key once",
            where="--add",
            found=text,
            cure='write --add year=2024 urban=0.478 source="where it is printed"',
        )
    return said


@commands.command()
def report(
    lang: Annotated[
        list[str] | None, typer.Option(help="Language: zh or en; repeat. Default: both.")
    ] = None,
    format_: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, docx, xlsx or all; repeat. Default: all."),
    ] = None,
    results: Annotated[Path, typer.Option(help="Folder of saved results.")] = Path("results"),
    out: Annotated[
        Path | None, typer.Option(help="Folder for the briefings; by default in that of results.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Folder of a model; the shipped one by default.")
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option(help="Folder of scenarios; the shipped one by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Write the briefing, web page, Word and Excel, from saved results; nothing is fitted."""
    from qyforecast.report.charts import open_saved
    from qyforecast.report.reports import FOLDER, Wanted, write_reports

    formats = [kind for given in format_ or () for kind in given.split(",")]
    with progress(quiet) as say:
        saved = open_saved(results, data, model)
        wanted = Wanted(tuple(lang or ()), tuple(formats), scenarios)
        written = write_reports(saved, wanted, out or results / FOLDER, say)
    if not quiet:
        typer.echo("\n".join(f"Written to {path}" for path in written))

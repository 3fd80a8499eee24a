"""The command line. Heavy packages are imported inside commands, so that help is quick."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from qyforecast.city_commands import commands as city_commands
from qyforecast.country_commands import commands as country_commands
from qyforecast.dashboard_commands import commands as dashboard_commands
from qyforecast.decisions import add_commands
from qyforecast.errors import QyforecastError
from qyforecast.filing import explained
from qyforecast.model_commands import commands as model_commands
from qyforecast.monitor_commands import commands as monitor_commands
from qyforecast.screen import print_table, progress
from qyforecast.upkeep_commands import commands as upkeep_commands

app = typer.Typer(
    name="qyforecast",
    help="Will the promised urban share be reached? A forecast with probabilities, "
    "from population accounts and a Bayesian regression.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Folder = Annotated[
    Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
]
Models = Annotated[
    Path | None, typer.Option(help="Model specification; the shipped one by default.")
]
Scenarios = Annotated[
    Path | None, typer.Option(help="Folder of scenarios; the shipped one by default.")
]
ModelFolder = Annotated[
    Path | None, typer.Option(help="Folder of a model; the shipped one by default.")
]
Results = Annotated[Path, typer.Option(help="Folder of saved results.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]

#: Exit code of a run that was stopped with Ctrl-C, as shells have it.
INTERRUPTED = 130

add_commands(app)


@app.callback(invoke_without_command=True)
def about(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Will the promised urban share be reached?"""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"qyforecast {installed('qyforecast')}")
        raise typer.Exit


@app.command()
def forecast(
    out: Annotated[Path, typer.Option(help="Folder for the results; replaced whole.")] = Path(
        "results/latest"
    ),
    data: Folder = None,
    model: Models = None,
    scenarios: Scenarios = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help="Run this scenario; repeat for several, or 'all'. Default: four of them."
        ),
    ] = None,
    as_of: Annotated[
        list[str] | None,
        typer.Option(help="Year of knowledge, or 'newest'; repeat. Default: 2021 and newest."),
    ] = None,
    to: Annotated[int, typer.Option(help="Last year.")] = 2035,
    draws: Annotated[int, typer.Option(help="Number of draws.", min=400)] = 4000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    fit: Annotated[
        bool, typer.Option(help="Fit where no saved posterior will do; --no-fit refuses instead.")
    ] = True,
    report: Annotated[
        bool, typer.Option("--report", help="Write the briefings too, as `report` does.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Fit or load the model, run every scenario, print and write the probabilities."""
    from qyforecast.report.beside import beside, headline
    from qyforecast.report.overview import render_table
    from qyforecast.report.pipeline import produce
    from qyforecast.report.reports import check_reportable, report_on
    from qyforecast.report.request import Request

    request = Request(
        out=out,
        data=data,
        model=model,
        scenarios=scenarios,
        chosen=tuple(scenario or ()),
        as_of=tuple(as_of or ("2021", "newest")),
        to=to,
        draws=draws,
        seed=seed,
        may_fit=fit,
    )
    if report:
        check_reportable(request)
    with progress(quiet) as say:
        outcome = produce(request, say)
        written = report_on(request, say) if report else ()
    if quiet:
        return
    census = outcome.census
    table = render_table(
        outcome.results.targets,
        census.city,
        place=census.names[census.city][1],
        draws=outcome.manifest["draws"],
    )
    first = headline(outcome)
    if first is not None:
        print_table(first)
    print_table(table)
    notes = (*first.notes, *table.notes) if first is not None else table.notes
    for line in (*notes, *beside(outcome), *outcome.notes):
        typer.echo(f"- {line}")
    typer.echo("\n".join(f"Written to {path}" for path in (out, *written)))


@app.command()
def demography(
    out: Annotated[Path, typer.Option(help="Folder for the results; replaced whole.")] = Path(
        "results/demography"
    ),
    data: Folder = None,
    as_of: Annotated[str, typer.Option(help="Year of knowledge, or 'newest'.")] = "newest",
    region: Annotated[
        str | None, typer.Option(help="Code of a county for the pictures; the city by default.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Draws of the totals.", min=400)] = 4000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    quiet: Quiet = False,
) -> None:
    """Show what every rate of every county rests on, and how it compares; write it all."""
    from qyforecast.report.demography import produce_demography
    from qyforecast.report.request import Request

    request = Request(out=out, data=data, as_of=(as_of,), draws=draws, seed=seed)
    with progress(quiet) as say:
        portrait = produce_demography(request, region, say)
    if quiet:
        return
    for table in portrait.screen():
        print_table(table, lines=False)
        for line in table.notes:
            typer.echo(f"- {line}")
    typer.echo(f"Written to {out}")


@app.command()
def charts(
    out: Annotated[Path, typer.Option(help="Folder for the charts; replaced whole.")] = Path(
        "results/charts"
    ),
    lang: Annotated[str, typer.Option(help="Language: zh or en.")] = "zh",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Draw this chart; repeat. Default: all whose results are there."),
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="Code of a county for charts of one place; else the city.")
    ] = None,
    results: Results = Path("results"),
    data: Folder = None,
    model: ModelFolder = None,
    quiet: Quiet = False,
) -> None:
    """Draw charts from saved results, without fitting anything again."""
    from qyforecast.report.charts import Wanted, left_out, open_saved, write_charts

    with progress(quiet) as say:
        saved = open_saved(results, data, model)
        names = write_charts(saved, Wanted(lang, tuple(only or ()), region), out, say)
    if quiet:
        return
    if not only:
        for name, command in left_out(saved).items():
            typer.echo(f"- left out: {name}; run {command}")
    typer.echo(f"{len(names)} charts written to {out}")


app.add_typer(city_commands)
app.add_typer(country_commands)
app.add_typer(model_commands)
app.add_typer(monitor_commands)
app.add_typer(dashboard_commands)
app.add_typer(upkeep_commands)


def main() -> None:
    """Run the command line; a fault of the input ends with code 2 and one message."""
    try:
        app(standalone_mode=True)
    except QyforecastError as error:
        _end(error)
    except OSError as error:
        # Of the disk, where no reader or writer has said more.
        _end(explained(error, Path(error.filename or ".")))
    except MemoryError:
        _end(QyforecastError("memory ran out", cure="ask for fewer --draws or --workers"))
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            typer.secho("stopped: results are as they were, nothing is half-written", err=True)
        raise


def _end(error: QyforecastError) -> None:
    typer.secho(f"error: {error}", fg="red", err=True)
    sys.exit(2)

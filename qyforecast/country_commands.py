"""The command that forecasts a whole country; `cli` takes it up."""

from pathlib import Path
from typing import Annotated

import typer

from qyforecast.screen import print_table, progress

commands = typer.Typer()


@commands.command()
def nation(
    files: Annotated[
        list[Path], typer.Argument(help="Open county-census files of both censuses, CSV.")
    ],
    out: Annotated[
        Path, typer.Option(help="Folder for the results, replaced whole; blocks lie beside it.")
    ] = Path("results/nation"),
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model specification; the shipped one by default.")
    ] = None,
    as_of: Annotated[str, typer.Option(help="Year of knowledge, or 'newest'.")] = "newest",
    to: Annotated[int, typer.Option(help="Last year.")] = 2035,
    draws: Annotated[int, typer.Option(help="Number of draws.", min=400)] = 4000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    workers: Annotated[
        int, typer.Option(help="Threads; 0 for as many as there are processors.", min=0)
    ] = 0,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a running dask scheduler whose workers see the same files."),
    ] = None,
    memory: Annotated[float, typer.Option(help="Most memory of a process, in MB.")] = 1500.0,
    double: Annotated[
        bool, typer.Option("--double", help="Accounts in float64: exact to 1e-9, twice the time.")
    ] = False,
    fit: Annotated[
        bool, typer.Option(help="Fit where no saved posterior will do; --no-fit refuses instead.")
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Project every county of the country, and add up in every draw.

    An interrupted run goes on where it stopped.
    """
    from qyforecast.country.runners import Runner
    from qyforecast.report.country import CountryRequest, produce_country
    from qyforecast.report.country_tables import country_screen
    from qyforecast.report.request import Request

    ask = Request(
        out=out, data=data, model=model, as_of=(as_of,), to=to, draws=draws, seed=seed,
        may_fit=fit,
    )  # fmt: skip
    precision = "float64" if double else "float32"
    request = CountryRequest(tuple(files), ask, Runner(workers, scheduler, memory), precision)
    with progress(quiet) as say:
        outcome = produce_country(request, say)
    if quiet:
        return
    table = country_screen(outcome)
    print_table(table, lines=False)
    for line in table.notes:
        typer.echo(f"- {line}")
    typer.echo(f"Written to {out}")

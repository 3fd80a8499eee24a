"""The commands that make and check a city's own folder; `cli` takes them up."""

from pathlib import Path
from typing import Annotated

import typer

commands = typer.Typer()
imports = typer.Typer(help="Make a city's folder from published files.", no_args_is_help=True)
commands.add_typer(imports, name="import")


@commands.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not be there yet.")],
) -> None:
    """Write a filled example: tables with their dictionary, targets, scenarios, specification."""
    from qyforecast.report.city_folder import write_example

    for line in write_example(folder):
        typer.echo(line)
    _next(folder)


@imports.callback()
def about() -> None:
    """Make a city's folder from published files."""


@imports.command("county-census")
def county_census(
    files: Annotated[
        list[Path], typer.Argument(help="County files of both censuses, .csv or .xlsx.")
    ],
    prefecture: Annotated[str, typer.Option(help="Code or Chinese name of the prefecture.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to make. Default: the code of the prefecture.")
    ] = None,
    unit: Annotated[
        str, typer.Option(help="Unit of persons where the files say none: person, 千人, 万人.")
    ] = "",
    target: Annotated[
        str | None, typer.Option(help="What to ask, as 2035=0.65. Default: a yardstick.")
    ] = None,
) -> None:
    """Make a folder for any prefecture from the open county files of 2010 and 2020."""
    from qyforecast.report.city_folder import import_city
    from qyforecast.report.city_notes import parse_promise

    folder = out or Path(prefecture)
    promise = parse_promise(target) if target else None
    city, stand_ins = import_city(files, prefecture, folder, unit=unit, promise=promise)
    places = ", ".join(f"{code} {name}" for code, name in city.places.items())
    typer.echo(f"{city.name} {city.code}: {len(city.places)} places: {places}")
    for year, counts in city.counts.items():
        people, urban = int(counts["population"].sum()), int(counts["urban"].sum())
        typer.echo(f"- {year}: {people:,} residents, {100 * urban / people:.2f} % urban")
    for one in stand_ins:
        typer.echo(f"- stands in: {one.english}")
    _next(folder)


@commands.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A city's folder, as init and import make it.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model specification; the shipped one by default.")
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option(help="Folder of scenarios; the shipped one by default.")
    ] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Accept changed tables: write their new hashes.")
    ] = False,
) -> None:
    """Read every data, model and scenario file and say what is wrong."""
    from qyforecast.report.inspection import inspect_files
    from qyforecast.report.request import Request, request_of

    request = Request(Path("results"), data=data, model=model, scenarios=scenarios)
    if folder is not None:
        request = request_of(folder, request)
    problems, good = inspect_files(request, update=update)
    for line in good:
        typer.echo(line)
    for problem in problems:
        typer.secho(str(problem), fg="red", err=True)
    if problems:
        typer.secho(f"{len(problems)} problems", fg="red", err=True)
        raise typer.Exit(2)


def _next(folder: Path) -> None:
    typer.echo(f"Written to {folder}. Next:")
    typer.echo(f"  qyforecast check {folder}")
    spec = folder / "models" / "urbanization" / "spec.yaml"
    typer.echo(
        f"  qyforecast forecast --data {folder / 'census'} --scenarios {folder / 'scenarios'} "
        f"--model {spec} --out {folder / 'results' / 'latest'}"
    )

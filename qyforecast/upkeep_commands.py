"""Commands about what is installed and what was made; `cli` takes them up."""

import json
from pathlib import Path
from typing import Annotated

import typer

from qyforecast.screen import print_table, progress

commands = typer.Typer()


@commands.command()
def rerun(
    manifest: Annotated[Path, typer.Argument(help="manifest.json of a forecast, or its folder.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; by default beside the first, named -again."),
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
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Go on though files or versions differ.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Repeat a forecast bit for bit from its manifest, or say what has changed since."""
    from qyforecast.report.request import Request
    from qyforecast.report.rerun import read_manifest, repeat

    told = read_manifest(manifest)
    first = (manifest if manifest.is_dir() else manifest.parent).resolve()
    again = out or first.with_name(f"{first.name}-again")
    request = Request(out=again, data=data, model=model, scenarios=scenarios)
    with progress(quiet) as say:
        _, differing = repeat(told, request, anyway=anyway, say=say)
    for line in differing:
        typer.secho(f"- {line}", err=True)
    if not quiet:
        if not differing:
            typer.echo(f"the same, bit for bit: {', '.join(told.files)}")
        typer.echo(f"Written to {again}")
    if differing and not anyway:
        raise typer.Exit(2)


@commands.command()
def info(
    results: Annotated[Path, typer.Option(help="Folder of results and posteriors.")] = Path(
        "results"
    ),
    licences: Annotated[
        bool, typer.Option("--licences", help="Every package used, with its licence.")
    ] = False,
    sbom: Annotated[
        bool, typer.Option("--sbom", help="Every package used, as CycloneDX in JSON.")
    ] = False,
) -> None:
    """Say what is installed, what is kept in caches, and which posteriors are saved."""
    from qyforecast.report.installed import bill_of_materials, installed_packages, licence_table
    from qyforecast.report.surroundings import surroundings

    if sbom:
        bill = bill_of_materials(installed_packages())
        typer.echo(json.dumps(bill, ensure_ascii=False, indent=1))
    elif licences:
        print_table(licence_table(installed_packages()), lines=False)
    else:
        for table in surroundings(results):
            print_table(table, lines=False)

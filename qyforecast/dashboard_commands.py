"""The command that opens the app; `cli` takes it up."""

from pathlib import Path
from typing import Annotated

import typer

from qyforecast.errors import QyforecastError
from qyforecast.screen import progress

commands = typer.Typer()


@commands.command()
def app(
    host: Annotated[str, typer.Option(help="Where to listen; others than this machine need "
                                           "--token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port.", min=1, max=65535)] = 8050,
    token: Annotated[str, typer.Option(help="What visitors must show: ?token=…",
                                       envvar="QYFORECAST_TOKEN")] = "",
    save: Annotated[
        Path | None, typer.Option(help="Folder for scenarios saved in the app; else read-only.")
    ] = None,
    as_of: Annotated[
        list[str] | None, typer.Option(help="Year of knowledge, or 'newest'; repeat.")
    ] = None,
    results: Annotated[Path, typer.Option(help="Folder of posteriors and saved results.")] = Path(
        "results"
    ),
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one.")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Specification; the shipped one.")] = None,
    scenarios: Annotated[
        Path | None, typer.Option(help="Folder of scenarios; the shipped one.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Number of draws.", min=400)] = 4000,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    fit: Annotated[
        bool, typer.Option(help="Fit where no saved posterior will do; --no-fit refuses.")
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:  # fmt: skip
    """Open the app in this machine's browser: move a lever, see the probability move."""
    try:
        from qyforecast.dashboard.serve import run_app
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("qyforecast"):
            raise
        raise QyforecastError(
            "the app needs packages that are not installed",
            found=error.name,
            cure="install qyforecast[app]",
        ) from error
    from qyforecast.report.request import Request

    request = Request(
        out=results / "app",
        data=data,
        model=model,
        scenarios=scenarios,
        as_of=tuple(as_of or ("newest",)),
        draws=draws,
        seed=seed,
        may_fit=fit,
    )
    with progress(quiet) as say:
        run_app(request, save, (host, port, token), say)

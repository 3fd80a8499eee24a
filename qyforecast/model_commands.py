"""The commands that fit models, judge them and look at them; `cli` takes them up."""

from pathlib import Path
from typing import Annotated

import typer

from qyforecast.errors import QyforecastError
from qyforecast.screen import print_table, progress

commands = typer.Typer()


@commands.command()
def fit(
    model: Annotated[
        str, typer.Argument(help="Name of a model, or its specification file.")
    ] = "urbanization",
    as_of: Annotated[
        list[str] | None,
        typer.Option(help="Year of knowledge, or 'newest'; repeat. Default: 2021 to 2023, newest."),
    ] = None,
    rival: Annotated[
        str | None, typer.Option(help="Fit this rival alone. Default: full, and the mixture.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    panel: Annotated[
        list[Path] | None, typer.Option(help="County census file, one per census; repeat.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder of the card. Default: beside the model if nothing else is asked "
            "for, else results/fit."
        ),
    ] = None,
    may_fit: Annotated[
        bool, typer.Option("--fit/--no-fit", help="Fit where no saved posterior will do.")
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Fit a model, show its health, coefficients, weights and twin, and write its card."""
    from qyforecast.report.card import write_card
    from qyforecast.report.card_sections import make_card
    from qyforecast.report.learned import learn
    from qyforecast.report.models import find_model
    from qyforecast.report.request import Request

    spec = find_model(model)
    usual = not (as_of or rival or panel or data)
    request = Request(
        # Posteriors of other counties are kept apart from those that forecasts load.
        out=Path("results/other-counties/latest" if panel else "results/latest"),
        data=data,
        model=spec,
        as_of=tuple(as_of or ("2021", "2022", "2023", "newest")),
        seed=seed,
        may_fit=may_fit,
        county_files=tuple(panel or ()),
    )
    with progress(quiet) as say:
        card = make_card(learn(request, rival, say))
        say("writing the card")
        written = write_card(card, out or (spec.parent if usual else Path("results/fit")))
    if quiet:
        return
    for key in ("health", "coefficients", "weights", "twin", "vintages"):
        section = card.section(key)
        for table in section.tables:
            print_table(table, lines=False)
        for line in (*section.sentences, *(n for table in section.tables for n in table.notes)):
            typer.echo(f"- {line}")
    typer.echo(f"Written to {written}")


@commands.command()
def backtest(
    origins: Annotated[
        str | None,
        typer.Option(
            help="Last years known, as 2010-2018 (the default) or 1995,2000; with --panel by "
            "default every five years of the last 25."
        ),
    ] = None,
    horizons: Annotated[
        str | None,
        typer.Option(help="Years ahead. Default: 1,3,5,8,10; with --panel 5,10,15,20."),
    ] = None,
    panel: Annotated[
        Path | None,
        typer.Option(
            help="Judge a panel of your own instead: CSV with region, year, urban_share and, "
            "if you like, drivers."
        ),
    ] = None,
    percent: Annotated[
        bool, typer.Option("--percent", help="Shares of the panel are in per cent.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder for the results; replaced whole.")] = Path(
        "results/backtest"
    ),
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model specification; the shipped one by default.")
    ] = None,
    workers: Annotated[
        int, typer.Option(help="Processes; the result does not depend on them.", min=1)
    ] = 1,
    weigh: Annotated[
        bool,
        typer.Option("--weigh", help="Put weights of the rivals and the record beside the model."),
    ] = False,
    counties: Annotated[
        bool, typer.Option("--counties", help="Hold counties out by province too.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Refits as long as the forecast's own fit.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Fit again at past origins, score what was foretold, beside simple methods.

    An interrupted run goes on where it stopped.
    """
    from qyforecast.judge.backtest import Plan
    from qyforecast.report.backtest import Wanted, parse_years, produce_backtest
    from qyforecast.report.region_backtest import RegionRequest, produce_region_backtest
    from qyforecast.report.request import Request

    years = parse_years(origins, "--origins") if origins else () if panel else Plan.origins
    usual = (5, 10, 15, 20) if panel else Plan.horizons
    ahead = parse_years(horizons, "--horizons") if horizons else usual
    plan = Plan(years, ahead, seed, workers)
    with progress(quiet) as say:
        if panel:
            for name, given in (("--weigh", weigh), ("--counties", counties), ("--whole", whole),
                                ("--data", data), ("--model", model)):  # fmt: skip
                if given:
                    raise QyforecastError(
                        f"{name} is about the shipped provinces, not a panel of your own",
                        where="--panel", cure=f"leave {name} out",
                    )  # fmt: skip
            judgement = produce_region_backtest(RegionRequest(panel, out, plan, percent), say)
        else:
            request = Request(out=out, data=data, model=model, seed=seed)
            judgement = produce_backtest(request, Wanted(plan, weigh, counties, whole), say)
    if quiet:
        return
    for table in judgement.screen():
        print_table(table, lines=False)
        for line in table.notes:
            typer.echo(f"- {line}")
    for line in judgement.verdict():
        typer.echo(line)
    typer.echo(f"Written to {out}")


models = typer.Typer(help="List the models, or compare their records.", add_completion=False)
commands.add_typer(models, name="models", invoke_without_command=True)


@models.callback(invoke_without_command=True)
def list_models(context: typer.Context) -> None:
    """List every model: version, rivals, weights, card; 'compare' lays records side by side."""
    if context.invoked_subcommand:
        return
    from qyforecast.report.models import model_table

    print_table(model_table(), lines=False)


@models.command("compare")
def compare_models() -> None:
    """Lay the record of every model and rival on past origins side by side."""
    from qyforecast.report.models import record_table

    table = record_table()
    print_table(table, lines=False)
    for line in table.notes:
        typer.echo(f"- {line}")


@models.command("calibrate")
def calibrate_model(
    model: Annotated[
        str, typer.Argument(help="Name of a model, or its specification file.")
    ] = "urbanization",
    worlds: Annotated[int, typer.Option(min=8, help="Worlds drawn from the prior.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 2022,
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Fit worlds drawn from the prior; write beside the model where the truths lay."""
    from qyforecast.report.models import calibrate_model, find_model
    from qyforecast.report.request import Request

    request = Request(Path("results"), data=data, model=find_model(model), seed=seed)
    with progress(quiet) as say:
        table, written = calibrate_model(request, worlds, say)
    if not quiet:
        print_table(table, lines=False)
        for line in table.notes:
            typer.echo(f"- {line}")
        typer.echo(f"Written to {written}")


@commands.command()
def warmup(
    data: Annotated[
        Path | None, typer.Option(help="Folder of census tables; the shipped one by default.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="Model specification; the shipped one by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Compile the model into this user's caches, so that the next run is quick."""
    from qyforecast.report.models import warm_up
    from qyforecast.report.request import Request

    with progress(quiet) as say:
        seconds = warm_up(Request(Path("results"), data=data, model=model), say)
    if not quiet:
        typer.echo(f"compiled in {seconds:.0f} seconds; what was compiled is kept for this user")

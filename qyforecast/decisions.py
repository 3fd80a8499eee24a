"""Commands about scenarios: compare, seek, and the files themselves."""

from pathlib import Path
from typing import Annotated

import typer

from qyforecast.errors import ScenarioError
from qyforecast.screen import print_table, progress

files = typer.Typer(help="Make, check and show scenario files.", no_args_is_help=True)

Data = Annotated[Path | None, typer.Option(help="Folder of census tables; the shipped one.")]
Model = Annotated[Path | None, typer.Option(help="Model specification; the shipped one.")]
Folder = Annotated[Path | None, typer.Option(help="Folder of scenarios; the shipped one.")]
Draws = Annotated[int, typer.Option(help="Number of draws.", min=400)]
Seed = Annotated[int, typer.Option(help="Seed of everything random.")]
Fit = Annotated[bool, typer.Option(help="Fit where no saved posterior will do; --no-fit refuses.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


def add_commands(app: typer.Typer) -> None:
    """Give the command line these commands.

    Parameters
    ----------
    app : Typer
        The command line.
    """
    app.command()(compare)
    app.command()(seek)
    app.add_typer(files, name="scenario")


def compare(
    scenario: Annotated[
        list[str] | None, typer.Argument(help="Scenarios to compare. Default: the whole library.")
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(help="Split this scenario's gain by lever and its variance by source."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the tables; replaced whole.")] = Path(
        "results/compare"
    ),
    as_of: Annotated[
        list[str] | None, typer.Option(help="Year of knowledge, or 'newest'; repeat.")
    ] = None,
    data: Data = None,
    model: Model = None,
    scenarios: Folder = None,
    to: Annotated[int, typer.Option(help="Last year.")] = 2035,
    draws: Draws = 4000,
    seed: Seed = 2022,
    fit: Fit = True,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios on the same draws: what would help, by how much, and is it enough?"""
    from qyforecast.report.apart_text import apart_tables
    from qyforecast.report.decision_text import (
        comparison_notes,
        comparison_tables,
        growth_tables,
    )
    from qyforecast.report.decisions import decide
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
    with progress(quiet) as say:
        decision = decide(request, tuple(apart or ()), say)
    if quiet:
        return
    tables = (*comparison_tables(decision), *growth_tables(decision), *apart_tables(decision))
    for table in tables:
        print_table(table, lines=any("\n" in cell for row in table.rows for cell in row))
    for line in comparison_notes(decision):
        typer.echo(f"- {line}")
    typer.echo(f"Written to {out}")


def seek(
    target: Annotated[int, typer.Option(help="Year of the target, as in targets.yaml.")],
    probability: Annotated[float, typer.Option(help="Probability to reach, like 0.5.")],
    lever: Annotated[
        list[str] | None,
        typer.Option(help="Lever, or scenario for all its levers; repeat. Default: all-of-it."),
    ] = None,
    cost: Annotated[
        list[float] | None,
        typer.Option(help="Cost of each --lever at its stated effect: seeks the cheapest mix."),
    ] = None,
    most: Annotated[float, typer.Option(help="The most a lever may be pulled.")] = 5.0,
    as_of: Annotated[str, typer.Option(help="Year of knowledge, or 'newest'.")] = "newest",
    data: Data = None,
    model: Model = None,
    scenarios: Folder = None,
    draws: Draws = 4000,
    seed: Seed = 2022,
    fit: Fit = True,
    quiet: Quiet = False,
) -> None:
    """Seek how hard levers must be pulled until a target has a probability."""
    from qyforecast.report.goal import answer
    from qyforecast.report.request import Request

    levers = tuple(lever or ("all-of-it",))
    if cost and len(cost) != len(levers):
        raise ScenarioError(
            "each lever has one cost",
            where="--cost",
            found=f"{len(cost)} costs for {len(levers)} levers",
            cure="give --cost once for each --lever, in the same order",
        )
    # Posteriors lie beside the results of the other commands.
    request = Request(
        out=Path("results/seek"),
        data=data,
        model=model,
        scenarios=scenarios,
        as_of=(as_of,),
        draws=draws,
        seed=seed,
        may_fit=fit,
    )
    terms = {
        word: (price, most) for word, price in zip(levers, cost or [1.0] * len(levers), strict=True)
    }
    with progress(quiet) as say:
        said = answer(request, target, probability, terms, mix=bool(cost), say=say)
    typer.echo("\n".join(said))


@files.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario and of its file.")],
    scenarios: Folder = None,
) -> None:
    """Write a scenario file to fill in."""
    from qyforecast.report.library import new_scenario
    from qyforecast.report.request import Request

    folder = Request(Path("results"), scenarios=scenarios).scenario_folder
    typer.echo(
        f"Written to {new_scenario(folder, name)}; check it: qyforecast scenario check {name}"
    )


@files.command()
def check(
    name: Annotated[list[str] | None, typer.Argument(help="Scenarios. Default: all.")] = None,
    data: Data = None,
    scenarios: Folder = None,
) -> None:
    """Read scenario files and say what is wrong with each."""
    from qyforecast.census.census import read_census
    from qyforecast.report.inspection import inspect_scenarios
    from qyforecast.report.request import Request

    request = Request(Path("results"), data=data, scenarios=scenarios, chosen=tuple(name or ()))
    faults, good = inspect_scenarios(request, read_census(request.data))
    for one in good.values():
        typer.echo(f"{one.name}: good; {len(one.levers)} levers, {len(one.judged)} judged")
    for fault in faults:
        typer.secho(str(fault), fg="red", err=True)
    if faults:
        raise typer.Exit(2)


@files.command()
def show(
    name: Annotated[str | None, typer.Argument(help="Scenario. Default: a list of all.")] = None,
    data: Data = None,
    scenarios: Folder = None,
    page: Annotated[
        bool, typer.Option("--page", help="The whole library, as docs/scenarios.md.")
    ] = False,
) -> None:
    """Show a scenario: its question, what it omits, its levers and what they rest on."""
    from qyforecast.census.census import read_census
    from qyforecast.report.library import library_page, scenario_lines
    from qyforecast.report.request import Request, choose_scenarios, read_library

    request = Request(Path("results"), data=data, scenarios=scenarios)
    census = read_census(request.data)
    if page:
        typer.echo(library_page(read_library(request, census), census), nl=False)
    elif name is None:
        for one in read_library(request, census).values():
            typer.echo(f"{one.name:18} {one.question}")
    else:
        chosen = Request(Path("results"), data=data, scenarios=scenarios, chosen=(name,))
        (one,) = choose_scenarios(chosen, census)
        typer.echo("\n".join(scenario_lines(one, census)))

"""Reading every input file, to say what is wrong before anything is run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qyforecast.census.census import Census, read_census
from qyforecast.census.descriptor import update_descriptor
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.folder import check_census
from qyforecast.census.panel import Panel
from qyforecast.census.stand_in import stand_in_lines
from qyforecast.demography.paths import draw_rates
from qyforecast.errors import QyforecastError
from qyforecast.inference.design import make_design
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import read_weights
from qyforecast.provenance import shipped_folder
from qyforecast.report.request import Request, choose_targets, choose_vintages, read_library
from qyforecast.scenario.files import read_scenario, scenario_paths
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.scenario import Scenario

#: Draws of the drivers: enough to meet every refusal.
_FEW = 8


def inspect_files(
    request: Request, *, update: bool = False
) -> tuple[list[QyforecastError], list[str]]:
    """Read data, model, scenarios and targets.

    Parameters
    ----------
    request : Request
        The folders.
    update : bool
        Accept changed tables: write their new hashes first.

    Returns
    -------
    tuple of list
        What is wrong, and a line for each part that is right.

    Raises
    ------
    DataError
        If the descriptor cannot be read or written.
    """
    good: list[str] = []
    folder = Path(request.data or shipped_folder("census"))
    if update:
        good += [f"descriptor: new hash of {name}" for name in update_descriptor(folder)]
    faults = check_census(folder)
    problems: list[QyforecastError] = list(faults)
    with _collecting(problems):
        spec = read_spec(request.model_file)
        good.append(f"model: {request.model_file}: {len(spec.priors)} priors, each with a reason")
        with _collecting(problems):
            read_weights(request.model_file, spec)
        if not faults:
            census = read_census(folder)
            good.insert(0, f"data: {folder}: {len(census.sha256)} tables, all identities hold")
            good += [f"data: {line}" for line in stand_in_lines(census)]
            _inspect_vintages(request, census, spec, problems)
    if faults:
        return problems, good
    census = read_census(folder)
    found, names = inspect_scenarios(request, census)
    problems += found
    if not found:
        good.append(f"scenarios: {request.scenario_folder}: {len(names)} read")
    with _collecting(problems):
        targets = choose_targets(request, census)
        good.append(f"targets: {request.scenario_folder}: {len(targets)} read")
    return problems, good


@contextmanager
def _collecting(problems: list[QyforecastError]) -> Iterator[None]:
    try:
        yield
    except QyforecastError as error:
        if str(error) not in map(str, problems):
            problems.append(error)


def _inspect_vintages(
    request: Request, census: Census, spec: ModelSpec, problems: list[QyforecastError]
) -> None:
    """Make what a forecast makes of the data before it fits: panel, design, rates, drivers."""
    vintages: list[int] = []
    with _collecting(problems):
        vintages = choose_vintages(request, census)
    for year in vintages:
        with _collecting(problems):
            panel = Panel.from_census(census, as_of=year)
            with _collecting(problems):
                make_design(spec, panel)
            draw_drivers(census, panel, to=request.to, draws=_FEW, seed=request.seed)
    if vintages:
        with _collecting(problems):
            base = estimate_rates(census, as_of=vintages[-1])
            years = range(census.years[-1] + 1, request.to + 1)
            draw_rates(base, years=years, draws=_FEW, seed=request.seed)


def inspect_scenarios(
    request: Request, census: Census
) -> tuple[list[QyforecastError], dict[str, Scenario]]:
    """Read every scenario of a folder, or those chosen, and collect the faults.

    Parameters
    ----------
    request : Request
        The folder, and names of scenarios.
    census : Census
        What they are held against.

    Returns
    -------
    tuple of list and dict
        A fault of each file that has one, and the scenarios that have none.
    """
    faults: list[QyforecastError] = []
    good: dict[str, Scenario] = {}
    ground = Ground.of(census)
    try:
        known = [path.stem for path in scenario_paths(request.scenario_folder)]
        for name in request.chosen or known:
            path = request.scenario_folder / f"{name}.yaml"
            try:
                good[name] = read_scenario(path, regions=census.regions, ground=ground)
            except QyforecastError as error:
                # A fault is told once, though every heir of the file has it too.
                if str(error) not in map(str, faults):
                    faults.append(error)
        if not faults:
            read_library(request, census)
    except QyforecastError as error:
        faults.append(error)
    return faults, good

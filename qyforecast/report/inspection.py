"""Reading every input file, to say what is wrong before anything is run."""

from pathlib import Path

from qyforecast.census.census import Census, read_census
from qyforecast.census.descriptor import update_descriptor
from qyforecast.census.folder import check_census
from qyforecast.census.panel import Panel
from qyforecast.errors import QyforecastError
from qyforecast.forecast import newest
from qyforecast.inference.design import make_design
from qyforecast.inference.spec import read_spec
from qyforecast.provenance import shipped_folder
from qyforecast.report.request import Request, choose_targets, read_library
from qyforecast.scenario.files import read_scenario, scenario_paths
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.scenario import Scenario


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
    problems: list[QyforecastError] = list(check_census(folder))
    if problems:
        return problems, good
    census = read_census(folder)
    good.append(f"data: {folder}: {len(census.sha256)} tables, all identities hold")
    try:
        spec = read_spec(request.model_file)
        make_design(spec, Panel.from_census(census, as_of=newest(census)))
        good.append(f"model: {request.model_file}: {len(spec.priors)} priors, each with a reason")
    except QyforecastError as error:
        problems.append(error)
    faults, names = inspect_scenarios(request, census)
    problems += faults
    if not faults:
        good.append(f"scenarios: {request.scenario_folder}: {len(names)} read")
    try:
        found = choose_targets(request, census)
        good.append(f"targets: {request.scenario_folder}: {len(found)} read")
    except QyforecastError as error:
        problems.append(error)
    return problems, good


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

"""Reading every input file, to say what is wrong before anything is run."""

from pathlib import Path

from qyforecast.census.census import read_census
from qyforecast.census.descriptor import update_descriptor
from qyforecast.census.folder import check_census
from qyforecast.census.panel import Panel
from qyforecast.errors import QyforecastError
from qyforecast.forecast import newest
from qyforecast.inference.design import make_design
from qyforecast.inference.spec import read_spec
from qyforecast.provenance import shipped_folder
from qyforecast.report.request import Request, choose_scenarios, choose_targets


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
    for name, reader in (("scenarios", choose_scenarios), ("targets", choose_targets)):
        try:
            found = reader(request, census)
            good.append(f"{name}: {request.scenario_folder}: {len(found)} read")
        except QyforecastError as error:
            problems.append(error)
    return problems, good

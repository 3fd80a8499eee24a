"""What a forecast is asked for, checked against what there is."""

from dataclasses import dataclass
from pathlib import Path

from qyforecast.census.census import Census
from qyforecast.decide.target_files import read_targets
from qyforecast.decide.targets import Target
from qyforecast.errors import QyforecastError, ScenarioError
from qyforecast.forecast import newest
from qyforecast.provenance import shipped_folder
from qyforecast.scenario.files import read_scenarios
from qyforecast.scenario.scenario import Scenario
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    out : Path
        Folder of the results, replaced whole.
    data, model, scenarios : Path, optional
        Census folder, specification file, scenario folder; the shipped ones
        where None.
    chosen : tuple of str
        Names of scenarios; all where empty.
    as_of : tuple of str
        Years of knowledge, or ``newest``.
    to : int
        Last year.
    draws : int
        Number of draws.
    seed : int
        Seed of everything random.
    may_fit : bool
        Whether to fit where no saved posterior will do.
    county_files : tuple of Path
        Files of a county census each, instead of the counties shipped.
    """

    out: Path
    data: Path | None = None
    model: Path | None = None
    scenarios: Path | None = None
    chosen: tuple[str, ...] = ()
    as_of: tuple[str, ...] = ("2021", "newest")
    to: int = 2035
    draws: int = 4000
    seed: int = 2022
    may_fit: bool = True
    county_files: tuple[Path, ...] = ()

    @property
    def model_file(self) -> Path:
        """The specification."""
        return self.model or shipped_folder("models") / "urbanization" / "spec.yaml"

    @property
    def scenario_folder(self) -> Path:
        """The scenarios and targets."""
        return self.scenarios or shipped_folder("scenarios")


def choose_scenarios(request: Request, census: Census) -> list[Scenario]:
    """Read the scenarios and pick those asked for.

    Parameters
    ----------
    request : Request
        Names of scenarios, and their folder.
    census : Census
        Regions that levers may name.

    Returns
    -------
    list of Scenario
        In the order asked for; all, the baseline first, where none is named.

    Raises
    ------
    ScenarioError
        If a file is wrong or a name is not known.
    """
    folder, base_year = request.scenario_folder, census.years[-1]
    known = read_scenarios(folder, regions=census.regions, base_year=base_year)
    for name in request.chosen:
        if name not in known:
            raise ScenarioError(
                "there is no such scenario",
                where=str(folder),
                found=name,
                cure=nearest(name, tuple(known)),
            )
    return [known[name] for name in request.chosen] or list(known.values())


def choose_targets(request: Request, census: Census) -> list[Target]:
    """Read the targets and see that the forecast reaches them.

    Parameters
    ----------
    request : Request
        Folder of the targets, last year.
    census : Census
        Regions and base year.

    Returns
    -------
    list of Target
        For the city and every county.

    Raises
    ------
    ScenarioError
        If the file is wrong or a target lies outside the years forecast.
    """
    path = request.scenario_folder / "targets.yaml"
    regions = (census.city, *census.regions)
    targets = list(read_targets(path, regions=regions, base_year=census.years[-1]))
    last = max(target.year for target in targets)
    if last > request.to:
        late = next(target for target in targets if target.year == last)
        raise ScenarioError(
            "a target lies after the last year of the forecast",
            where=f"{path}: {late.name}",
            found=f"{late.year}, the forecast ends in {request.to}",
            cure=f"--to {last}",
        )
    return targets


def choose_vintages(request: Request, census: Census) -> list[int]:
    """Turn what was asked into years of knowledge.

    Parameters
    ----------
    request : Request
        Years, or ``newest``.
    census : Census
        Publication years.

    Returns
    -------
    list of int
        Each once.

    Raises
    ------
    QyforecastError
        If a year is none, or nothing can be known as of it.
    """
    last, first = newest(census), census.years[-1] + 1
    years = []
    for word in request.as_of:
        if word != "newest" and not (word.isdecimal() and first <= int(word) <= last):
            raise QyforecastError(
                "nothing can be forecast as of that year",
                where="--as-of",
                found=word,
                cure=f"choose {first} to {last}, or newest",
            )
        years.append(last if word == "newest" else int(word))
    return list(dict.fromkeys(years))

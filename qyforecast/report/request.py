"""What a forecast is asked for, checked against what there is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from qyforecast.census.census import Census
from qyforecast.decide.target_files import read_targets
from qyforecast.decide.targets import Target
from qyforecast.errors import QyforecastError, ScenarioError
from qyforecast.forecast import newest
from qyforecast.provenance import shipped_folder
from qyforecast.scenario.files import read_scenarios
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.scenario import Scenario
from qyforecast.vocabulary import nearest

#: What a forecast runs where no scenario is named; `compare` runs the whole library.
USUAL = ("baseline", "industry-jobs", "key-towns", "settling-in")
EVERYTHING = "all"


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
        Names of scenarios, or ``all``; the usual ones where empty.
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


def request_of(folder: Path, request: Request) -> Request:
    """Ask about a city's own folder, as `init` and `import` make it.

    Parameters
    ----------
    folder : Path
        Holds ``census``, ``scenarios`` and ``models/NAME/spec.yaml``; what it lacks is the
        shipped one's.
    request : Request
        Folders named in it go before.

    Returns
    -------
    Request
        With the folder's parts.

    Raises
    ------
    QyforecastError
        If it holds no census tables, or several specifications.
    """
    census, scenarios = folder / "census", folder / "scenarios"
    specs = sorted(folder.glob("models/*/spec.yaml"))
    if not census.is_dir() or len(specs) > 1:
        raise QyforecastError(
            "this is no city's folder",
            where=str(folder),
            found=", ".join(path.parent.name for path in specs) or "no folder census in it",
            cure="qyforecast init makes one; or name its parts with --data, --scenarios, --model",
        )
    return replace(
        request,
        data=request.data or census,
        scenarios=request.scenarios or (scenarios if scenarios.is_dir() else None),
        model=request.model or (specs[0] if specs else None),
    )


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
        In the order asked for; those of `USUAL` where none is named (all, if the folder has
        none of them), and all where ``all`` is.

    Raises
    ------
    ScenarioError
        If a file is wrong or a name is not known.
    """
    known = read_library(request, census)
    if request.chosen == (EVERYTHING,):
        return list(known.values())
    for name in request.chosen:
        if name not in known:
            raise ScenarioError(
                "there is no such scenario",
                where=str(request.scenario_folder),
                found=name,
                cure=nearest(name, tuple(known)),
            )
    chosen = request.chosen or tuple(name for name in USUAL if name in known)
    return [known[name] for name in chosen] or list(known.values())


def read_library(request: Request, census: Census) -> Mapping[str, Scenario]:
    """Read every scenario of the folder, held against the people there are.

    Parameters
    ----------
    request : Request
        Folder of the scenarios.
    census : Census
        Regions that levers may name, and their people.

    Returns
    -------
    mapping of str to Scenario
        By name, the baseline first.

    Raises
    ------
    ScenarioError
        Names file, line and key.
    """
    ground = Ground.of(census)
    return read_scenarios(request.scenario_folder, regions=census.regions, ground=ground)


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

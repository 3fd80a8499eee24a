"""What all sessions share: data, draws, scenarios, and answers already computed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qyforecast.census.census import Census
from qyforecast.census.panel import Panel
from qyforecast.dashboard.received import Received, saved_scenarios
from qyforecast.dashboard.settings import Settings, choose, pulled, several
from qyforecast.dashboard.shelf import Shelf
from qyforecast.decide.targets import Target
from qyforecast.errors import QyforecastError
from qyforecast.forecast import Future
from qyforecast.policy.glance import Glance, glance
from qyforecast.report.figures.saved import Saved
from qyforecast.report.request import Request
from qyforecast.scenario.scenario import Scenario

#: Runs kept: some 12 MB each for 4,000 draws.
GLANCES = 12
#: Charts and long answers kept: some 0.2 MB each.
PICTURES = 80


@dataclass(frozen=True)
class Spoken:
    """Who speaks at a vintage, and how sound the fits are.

    Attributes
    ----------
    voice : str
        ``mixture``, or the rival that speaks alone.
    weights : mapping of str to float
        Rival to weight. [1]
    health : mapping of str to mapping
        Rival to the numbers of its sampler.
    """

    voice: str
    weights: Mapping[str, float]
    health: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class World:
    """What the app stands on; nothing in it is changed but what is kept of answers.

    Attributes
    ----------
    request : Request
        Files and seed.
    census : Census
        What was counted.
    library : mapping of str to Scenario
        The scenarios of the folder, the baseline first.
    targets : tuple of Target
        For the city and its counties.
    futures, panels, spoken : mapping
        Draws, knowledge, and who speaks, by vintage; the newest first.
    saved : Saved
        Results of other commands.
    save : Path, optional
        Folder for scenarios that are saved; nothing is written where None.
    received : Received
        Scenario files that were sent in.
    glances, pictures : Shelf
        Answers kept.
    """

    request: Request
    census: Census
    library: Mapping[str, Scenario]
    targets: tuple[Target, ...]
    futures: Mapping[int, Future]
    panels: Mapping[int, Panel]
    spoken: Mapping[int, Spoken]
    saved: Saved
    save: Path | None = None
    received: Received = field(default_factory=Received)
    glances: Shelf = field(default_factory=lambda: Shelf(GLANCES))
    pictures: Shelf = field(default_factory=lambda: Shelf(PICTURES))

    @property
    def seed(self) -> int:
        """Seed of everything random."""
        return self.request.seed

    @property
    def draws(self) -> int:
        """Draws of every answer."""
        return next(iter(self.futures.values())).drivers.draws

    @property
    def years(self) -> tuple[int, int]:
        """First and last year in which a lever can begin."""
        years = next(iter(self.futures.values())).drivers.years
        return years[1], years[-1]

    def scenarios(self) -> dict[str, Scenario]:
        """List all scenarios: the library's, saved ones, and those sent in."""
        found = dict(self.library)
        if self.save is not None:
            files = sorted(self.save.glob("*.yaml"))
            stamps = tuple((path.name, path.stat().st_mtime_ns) for path in files)
            found |= self.pictures.get(
                ("saved", stamps),
                lambda: saved_scenarios(files, self.request, self.census),
            )
        # The library stays first, and its baseline the first of all.
        return found | {n: one for n, one in self.received.all().items() if n not in found}

    def vintage(self, settings: Settings) -> int:
        """Choose the year of knowledge that is asked for; the newest by default.

        Parameters
        ----------
        settings : Settings
            What is asked.

        Returns
        -------
        int
            A vintage.
        """
        return int(choose(settings, "as_of", [str(year) for year in self.futures]))

    def scenario(self, settings: Settings) -> Scenario:
        """Build the scenario that is asked for, levers added and moved.

        Parameters
        ----------
        settings : Settings
            What is asked.

        Returns
        -------
        Scenario
            One of the library itself where nothing is added or moved.
        """
        return pulled(settings, self.whole(settings), self.census.regions, self.years)

    def whole(self, settings: Settings) -> Scenario:
        """Build the scenario that is asked for, levers added but not moved.

        Parameters
        ----------
        settings : Settings
            ``scenario`` and, of others whose levers are added, ``add``.

        Returns
        -------
        Scenario
            As it stands in its file, or with the levers of others.
        """
        known = self.scenarios()
        chosen = known[choose(settings, "scenario", list(known))]
        added = several(settings, "add", list(known), most=len(known))
        levers = {lever.name: lever for lever in chosen.levers}
        for name in added:
            levers = {lever.name: lever for lever in known[name].levers} | levers
        if len(levers) == len(chosen.levers):
            return chosen
        base = chosen.baseline or chosen.name
        return Scenario(
            "what-if", chosen.question, chosen.chapter, base, chosen.omissions,
            tuple(levers.values()),
        )  # fmt: skip

    def glance(self, as_of: int, scenario: Scenario) -> Glance:
        """Run a scenario on all draws, or take the run that is kept.

        Parameters
        ----------
        as_of : int
            Vintage.
        scenario : Scenario
            What is done.

        Returns
        -------
        Glance
            As `qyforecast compare` would see it.
        """
        years = tuple(sorted({target.year for target in self.targets}))
        question = (as_of, scenario.name, scenario.baseline, repr(scenario.levers))
        return self.glances.get(
            question,
            lambda: glance(self.futures[as_of], scenario, years=years, seed=self.seed),
        )

    def beside_baseline(self, as_of: int, scenario: Scenario) -> dict[str, Glance]:
        """Run a scenario and the one that it is compared with.

        Parameters
        ----------
        as_of : int
            Vintage.
        scenario : Scenario
            What is done.

        Returns
        -------
        dict of str to Glance
            By name, the baseline first.
        """
        both = [scenario] if scenario.baseline is None else [self.base(scenario), scenario]
        return {one.name: self.glance(as_of, one) for one in both}

    def base(self, scenario: Scenario) -> Scenario:
        """Find what a scenario is compared with.

        Parameters
        ----------
        scenario : Scenario
            Not the baseline.

        Returns
        -------
        Scenario
            Of the library.

        Raises
        ------
        QyforecastError
            If the library does not have it.
        """
        if scenario.baseline not in self.library:
            raise QyforecastError(
                "a scenario is compared with one that is not in the library",
                where=f"scenario {scenario.name}",
                found=str(scenario.baseline),
                cure="write baseline: baseline",
            )
        return self.library[str(scenario.baseline)]

    def region(self, settings: Settings) -> str:
        """Choose the place that is asked for; the city by default.

        Parameters
        ----------
        settings : Settings
            What is asked.

        Returns
        -------
        str
            Its code.
        """
        return choose(settings, "region", [self.census.city, *self.census.regions])

    def promises(self, region: str) -> list[Target]:
        """List the strict targets of a place.

        Parameters
        ----------
        region : str
            Code.

        Returns
        -------
        list of Target
            By year.
        """
        mine = [t for t in self.targets if (t.region, t.reading) == (region, "strict")]
        return sorted(mine, key=lambda target: target.year)

    def place(self, code: str, lang: str) -> str:
        """Name a place.

        Parameters
        ----------
        code : str
            Its code.
        lang : {"en", "zh"}
            Language.

        Returns
        -------
        str
            Its name.
        """
        chinese, english = self.census.names[code]
        return chinese if lang == "zh" else english

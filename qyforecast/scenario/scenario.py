"""A scenario: a question, what it leaves out, and the levers that are pulled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

import numpy as np

from qyforecast.census.drivers import Drivers
from qyforecast.demography.rates import Rates
from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Scenario:
    """What is done about it.

    Attributes
    ----------
    name : str
        Short name; the stem of its file.
    question : str
        What the scenario asks.
    chapter : str
        Chapter and section of the plan.
    baseline : str, optional
        Name of the scenario it is compared with; None for the baseline itself.
    omissions : tuple of str
        What it leaves out.
    levers : tuple of Lever
        Applied in this order.
    origins : mapping of str to str
        Lever to the scenario whose file it stands in; this one's where it says nothing.
    """

    name: str
    question: str
    chapter: str
    baseline: str | None
    omissions: tuple[str, ...]
    levers: tuple[Lever, ...]
    origins: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.baseline == self.name:
            raise ScenarioError("a scenario is its own baseline", where=f"scenario {self.name}")
        check_together(self.levers)
        object.__setattr__(
            self,
            "origins",
            {lever.name: self.origins.get(lever.name, self.name) for lever in self.levers},
        )

    @property
    def judged(self) -> tuple[str, ...]:
        """Names of the levers whose effect is a judgement."""
        return tuple(
            lever.name for lever in self.levers if lever.effect.evidence.grade == "judgement"
        )

    def pulled(self, factors: Mapping[str, float]) -> "Scenario":
        """Pull some of the levers harder or softer.

        Parameters
        ----------
        factors : mapping of str to float
            Lever to the multiple of its factor; 1 where not named.

        Returns
        -------
        Scenario
            The same random streams; levers at zero are left out.

        Raises
        ------
        ScenarioError
            If there is no such lever.
        """
        known = [lever.name for lever in self.levers]
        for name in factors:
            if name not in known:
                raise ScenarioError(
                    "there is no such lever",
                    where=f"scenario {self.name}",
                    found=name,
                    cure=nearest(name, known) if known else "the scenario has no lever",
                )
        scaled = (
            lever.scaled(factors[lever.name]) if lever.name in factors else lever
            for lever in self.levers
        )
        return replace(self, levers=tuple(lever for lever in scaled if lever.factor != 0))

    def apply(
        self, drivers: Drivers, rates: Rates, *, seed: int, order: np.ndarray | None = None
    ) -> tuple[Drivers, Rates]:
        """Pull the levers.

        Parameters
        ----------
        drivers : Drivers
            Covariate futures of the baseline.
        rates : Rates
            Demographic rates of the baseline.
        seed : int
            Seed of the run; each lever has a stream of its own, by its name.
        order : ndarray of int, optional
            Which draw of the run each draw is; see `Lever.strength`.

        Returns
        -------
        tuple of Drivers, Rates
            What the levers make of them, draw by draw; the very arguments
            where nothing is done.

        Raises
        ------
        ScenarioError
            If a lever leads outside what is possible; names lever and place.
        """
        for lever in self.levers:
            strength = lever.strength(drivers, seed=seed, order=order)
            if (strength.values != 0).any():
                drivers, rates = lever.act(drivers, rates, strength)
        return drivers, rates

    def starting_after(self, year: int) -> "Scenario":
        """Move levers that would begin in a year already known to the year after.

        Parameters
        ----------
        year : int
            Last year of knowledge.

        Returns
        -------
        Scenario
            Levers begin in `year` + 1 or later; ends move along.
        """
        return replace(self, levers=tuple(_delayed(lever, year + 1) for lever in self.levers))


def _delayed(lever: Lever, earliest: int) -> Lever:
    timing = lever.timing
    late = max(0, earliest - timing.start)
    end = None if timing.end is None else timing.end + late
    return replace(lever, timing=replace(timing, start=timing.start + late, end=end))


def check_together(levers: Sequence[Lever]) -> None:
    """Refuse levers that share a name or contradict one another.

    Parameters
    ----------
    levers : sequence of Lever
        Levers of one scenario.

    Raises
    ------
    ScenarioError
        Names both levers.
    """
    for first, second in combinations(levers, 2):
        pair = f"levers {first.name} and {second.name}"
        if first.name == second.name:
            raise ScenarioError(
                "two levers of a scenario have one name, so one random stream",
                where=f"lever {second.name}",
                cure="give each lever its own name",
            )
        if _same_target(first, second) and _opposed(first, second):
            raise ScenarioError(
                "two levers contradict each other: same kind, place and time, opposite signs",
                where=pair,
                cure="write one lever with the net effect",
            )


def _same_target(first: Lever, second: Lever) -> bool:
    same = first.kind == second.kind and getattr(first, "sector", "") == getattr(
        second, "sector", ""
    )
    places = (first.places, second.places)
    meet = None in places or bool(set(first.places or ()) & set(second.places or ()))
    starts = max(first.timing.start, second.timing.start)
    ends = [lever.timing.end for lever in (first, second) if lever.timing.end is not None]
    return same and meet and (not ends or starts <= min(ends))


def _opposed(first: Lever, second: Lever) -> bool:
    return first.factor * first.effect.median * second.factor * second.effect.median < 0

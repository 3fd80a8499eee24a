"""What monitoring found, cell by cell and sentence by sentence, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from qyforecast.decide.targets import Assessment, Target
from qyforecast.policy.revision import COVARIATES, LEVEL, PACE, POPULATION
from qyforecast.report.monitor_words import (
    promise_words,
    words,
)
from qyforecast.report.monitoring import Monitoring, Step, Watched
from qyforecast.report.wording import counted_text, percent_text


@dataclass(frozen=True)
class Tongue:
    """A language, and what is spoken of.

    Attributes
    ----------
    found : Monitoring
        What was found.
    lang : {"en", "zh"}
        Language.
    """

    found: Monitoring
    lang: str

    def say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """Give a text, its gaps filled.

        Parameters
        ----------
        key : str
            Key of a text.
        values : mapping, optional
            What stands in the gaps.

        Returns
        -------
        str
            The text.
        """
        return words(key, self.lang, values)

    def place(self, region: str) -> str:
        """Name a region.

        Parameters
        ----------
        region : str
            Code.

        Returns
        -------
        str
            Its name.
        """
        return self.found.census.names[region][0 if self.lang == "zh" else 1]

    def share(self, share: float, decimals: int = 1) -> str:
        """Write a share.

        Parameters
        ----------
        share : float
            A share. [1]
        decimals : int
            Digits after the point.

        Returns
        -------
        str
            Like ``41.9 %``.
        """
        return percent_text(share, self.lang, decimals)

    def promise(self, target: Target) -> str:
        """Name a target by its bar.

        Parameters
        ----------
        target : Target
            Of the city.

        Returns
        -------
        str
            Like ``50 % or more by the end of 2025``.
        """
        return promise_words(target, self.lang)

    def counted(self, told: Assessment) -> str:
        """Write a probability with its error.

        Parameters
        ----------
        told : Assessment
            What a vintage gave.

        Returns
        -------
        str
            Like ``38.9 ± 0.8 %``.
        """
        return counted_text(told.probability, told.standard_error, self.lang)

    def part(self, part: str, step: Step) -> str:
        """Name a part of a change.

        Parameters
        ----------
        part : str
            One of the parts of a change.
        step : Step
            From one vintage to a newer one.

        Returns
        -------
        str
            Its name, with its year where it has one.
        """
        if part == LEVEL:
            return self.say("level_until", {"year": step.seen_until})
        return self.say({PACE: "pace_part", COVARIATES: part, POPULATION: part}[part])

    def told(self, one: Watched, target: Target) -> Assessment:
        """Find what a vintage gave for a target of the city.

        Parameters
        ----------
        one : Watched
            A vintage.
        target : Target
            Of the city.

        Returns
        -------
        Assessment
            What it gave.
        """
        return next(told for told in one.facts.targets if told.target == target)

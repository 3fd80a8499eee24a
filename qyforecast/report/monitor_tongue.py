"""What monitoring found, cell by cell and sentence by sentence, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass

from qyforecast.decide.targets import Assessment, Target
from qyforecast.judge.early_warning import ESTIMATE, Seen
from qyforecast.policy.revision import COVARIATES, LEVEL, PACE, POPULATION, Move
from qyforecast.report.monitor_words import (
    UNLIKELY,
    kind_words,
    likelihood,
    promise_words,
    words,
)
from qyforecast.report.monitoring import Monitoring, Step, Watched
from qyforecast.report.wording import counted_text, interval_text, percent_text


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
        """Give a text, its gaps filled."""
        return words(key, self.lang, values)

    def place(self, region: str) -> str:
        """Name a region."""
        return self.found.census.names[region][0 if self.lang == "zh" else 1]

    def share(self, share: float, decimals: int = 1) -> str:
        """Write a share."""
        return percent_text(share, self.lang, decimals)

    def promise(self, target: Target) -> str:
        """Name a target by its bar."""
        return promise_words(target, self.lang)

    def counted(self, told: Assessment) -> str:
        """Write a probability with its error."""
        return counted_text(told.probability, told.standard_error, self.lang)

    def part(self, part: str, step: Step) -> str:
        """Name a part of a change."""
        if part == LEVEL:
            return self.say("level_until", {"year": step.seen_until})
        return self.say({PACE: "pace_part", COVARIATES: part, POPULATION: part}[part])

    def told(self, one: Watched, target: Target) -> Assessment:
        """Find what a vintage gave for a target of the city."""
        return next(told for told in one.facts.targets if told.target == target)

    def standing(self, step: Step, target: Target) -> str:
        """Say where a target stands, and what moved it most."""
        now, then = (self.told(one, target) for one in (step.after, step.before))
        sentence = self.say(
            "stands",
            {
                "promise": self.promise(target),
                "now": self.counted(now),
                "then": self.counted(then),
                "after": step.after.label,
                "before": step.before.label,
                "likelihood": likelihood(now.probability, self.lang),
            },
        )
        return self.say("joined", {"one": sentence, "other": self.mostly(step, target)})

    def mostly(self, step: Step, target: Target) -> str:
        """Say which part moved a target most."""
        move = next(one for one in step.moves if one.target == target)
        change = move.after.value - move.before.value
        if abs(change) <= 2 * move.change_error:
            return self.say("still")
        part = max(move.parts, key=lambda one: move.parts[one] * (1 if change > 0 else -1))
        points = (signed(100 * value, 1) for value in (change, move.parts[part]))
        return self.say(
            "most", {"part": self.part(part, step), "change": next(points), "points": next(points)}
        )

    def became_unlikely(self, target: Target) -> str:
        """Say when a target was first called unlikely; nothing where it never was."""
        label = first_unlikely(self.found, target)
        return self.say("became", {"label": label}) if label else ""

    def moved(self, move: Move, part: str) -> str:
        """Write one part of a change."""
        value, error = move.parts[part], move.part_errors[part]
        points = f"{signed(100 * value, 1)} ± {100 * error:.1f}"
        return self.say("cell_part", {"points": points, "share": signed(move.points[part], 2)})

    def changed(self, move: Move) -> str:
        """Write a whole change."""
        change = 100 * (move.after.value - move.before.value)
        points = f"{signed(change, 1)} ± {100 * move.change_error:.1f}"
        return self.say(
            "cell_part", {"points": points, "share": signed(sum(move.points.values()), 2)}
        )

    def warned(self, step: Step, seen: Seen) -> str:
        """Say whether a year newly seen lies in its band."""
        return self.say(
            "outside" if seen.left else "inside",
            {
                "place": self.place(seen.region),
                "year": seen.year,
                "share": self.share(seen.urban_share),
                "kind": kind_words(seen.kind, self.lang),
                "quantile": self.share(seen.quantile, 0),
                "before": step.before.label,
                "band": interval_text(seen.lower80, seen.upper80, self.lang),
            },
        )

    def warnings(self, step: Step) -> list[str]:
        """Say of every figure newly published whether it lies in its band."""
        if not step.seen:
            return [self.say("no_news", {"before": step.before.label, "after": step.after.label})]
        return [self.warned(step, seen) for seen in step.seen if seen.kind != ESTIMATE]


def first_unlikely(found: Monitoring, target: Target) -> str:
    """Find the vintage from which on a target is called unlikely.

    Parameters
    ----------
    found : Monitoring
        What was found.
    target : Target
        Of the city.

    Returns
    -------
    str
        Label of the first vintage below 33 %, where an earlier one was not; else nothing.
    """
    below = [
        next(told.probability for told in one.facts.targets if told.target == target) < UNLIKELY
        for one in found.vintages
    ]
    if below[0] or not any(below):
        return ""
    return found.vintages[below.index(True)].label


def signed(number: float, decimals: int) -> str:
    """Write a change with its sign; what rounds to nothing is no loss.

    Parameters
    ----------
    number : float
        A change.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        Like ``+1.3`` or ``-0.4``.

    Examples
    --------
    >>> signed(-0.36, 1), signed(-0.04, 1)
    ('-0.4', '+0.0')
    """
    return f"{round(number, decimals) + 0.0:+.{decimals}f}"

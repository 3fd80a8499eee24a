"""Sentences and cells of the monitoring documents."""

from qyforecast.decide.targets import Target
from qyforecast.judge.early_warning import ESTIMATE, Seen
from qyforecast.policy.revision import Move
from qyforecast.report.monitor_tongue import Tongue
from qyforecast.report.monitor_words import UNLIKELY, kind_words, likelihood
from qyforecast.report.monitoring import Monitoring, Step
from qyforecast.report.wording import interval_text


def standing(tongue: Tongue, step: Step, target: Target) -> str:
    """Say where a target stands, and what moved it most.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    step : Step
        From one vintage to a newer one.
    target : Target
        Of the city.

    Returns
    -------
    str
        Two sentences.
    """
    now, then = (tongue.told(one, target) for one in (step.after, step.before))
    sentence = tongue.say(
        "stands",
        {
            "promise": tongue.promise(target),
            "now": tongue.counted(now),
            "then": tongue.counted(then),
            "after": step.after.label,
            "before": step.before.label,
            "likelihood": likelihood(now.probability, tongue.lang),
        },
    )
    return tongue.say("joined", {"one": sentence, "other": mostly(tongue, step, target)})


def mostly(tongue: Tongue, step: Step, target: Target) -> str:
    """Say which part moved a target most.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    step : Step
        From one vintage to a newer one.
    target : Target
        Of the city.

    Returns
    -------
    str
        A sentence.
    """
    move = next(one for one in step.moves if one.target == target)
    change = move.after.value - move.before.value
    if abs(change) <= 2 * move.change_error:
        return tongue.say("still")
    part = max(move.parts, key=lambda one: move.parts[one] * (1 if change > 0 else -1))
    points = (signed(100 * value, 1) for value in (change, move.parts[part]))
    return tongue.say(
        "most", {"part": tongue.part(part, step), "change": next(points), "points": next(points)}
    )


def became_unlikely(tongue: Tongue, target: Target) -> str:
    """Say when a target was first called unlikely; nothing where it never was.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    target : Target
        Of the city.

    Returns
    -------
    str
        A sentence, or nothing.
    """
    label = first_unlikely(tongue.found, target)
    return tongue.say("became", {"label": label}) if label else ""


def moved(tongue: Tongue, move: Move, part: str) -> str:
    """Write one part of a change.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    move : Move
        A change and its parts.
    part : str
        One of the parts of a change.

    Returns
    -------
    str
        Points of probability with their error, and points of the share.
    """
    value, error = move.parts[part], move.part_errors[part]
    points = f"{signed(100 * value, 1)} ± {100 * error:.1f}"
    return tongue.say("cell_part", {"points": points, "share": signed(move.points[part], 2)})


def changed(tongue: Tongue, move: Move) -> str:
    """Write a whole change.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    move : Move
        A change and its parts.

    Returns
    -------
    str
        Points of probability with their error, and points of the share.
    """
    change = 100 * (move.after.value - move.before.value)
    points = f"{signed(change, 1)} ± {100 * move.change_error:.1f}"
    return tongue.say(
        "cell_part", {"points": points, "share": signed(sum(move.points.values()), 2)}
    )


def warned(tongue: Tongue, step: Step, seen: Seen) -> str:
    """Say whether a year newly seen lies in its band.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    step : Step
        From one vintage to a newer one.
    seen : Seen
        A year newly seen.

    Returns
    -------
    str
        A sentence.
    """
    return tongue.say(
        "outside" if seen.left else "inside",
        {
            "place": tongue.place(seen.region),
            "year": seen.year,
            "share": tongue.share(seen.urban_share),
            "kind": kind_words(seen.kind, tongue.lang),
            "quantile": tongue.share(seen.quantile, 0),
            "before": step.before.label,
            "band": interval_text(seen.lower80, seen.upper80, tongue.lang),
        },
    )


def warnings(tongue: Tongue, step: Step) -> list[str]:
    """Say of every figure newly published whether it lies in its band.

    Parameters
    ----------
    tongue : Tongue
        A language, and what is spoken of.
    step : Step
        From one vintage to a newer one.

    Returns
    -------
    list of str
        A sentence for each.
    """
    if not step.seen:
        return [tongue.say("no_news", {"before": step.before.label, "after": step.after.label})]
    return [warned(tongue, step, seen) for seen in step.seen if seen.kind != ESTIMATE]


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

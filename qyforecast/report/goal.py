"""A goal sought on a city's futures, and the answer in words."""

from collections.abc import Mapping

from qyforecast.decide.draws import Probability, count
from qyforecast.decide.mix import Mix
from qyforecast.decide.seek import Found
from qyforecast.decide.targets import Target
from qyforecast.errors import ScenarioError
from qyforecast.policy.attribution import share_reached
from qyforecast.policy.seeking import pull_together, seek_mix, seek_strength
from qyforecast.report.decisions import strict_city_targets
from qyforecast.report.opening import Opened, Say, open_files
from qyforecast.report.request import Request
from qyforecast.report.wording import counted_text, percent_text
from qyforecast.report.wording import say as words_of
from qyforecast.scenario.scenario import Scenario

#: So many levers are told one by one.
MOST_TOLD = 8


def answer(
    request: Request,
    year: int,
    probability: float,
    terms: Mapping[str, tuple[float, float]],
    *,
    mix: bool,
    say: Say = lambda _: None,
) -> list[str]:
    """Seek the strength, or the cheapest mix, that brings a target to a probability.

    Parameters
    ----------
    request : Request
        Files, vintage, draws and seed.
    year : int
        Year of the target.
    probability : float
        Wanted. [1]
    terms : mapping of str to tuple of float
        Lever or scenario to its cost at the stated effect and the most it may be pulled.
    mix : bool
        Whether the cheapest mix is sought, or one strength for all of them.
    say : callable
        Told what is being done.

    Returns
    -------
    list of str
        Sentences.

    Raises
    ------
    OutOfReach
        If it cannot be reached; states the best that can.
    ScenarioError
        If there is no such target or lever, or its year is already known.
    """
    opened = open_files(request, say)
    target = _target(opened, year)
    pulled = pull_together(opened.library, tuple(terms))
    (future,) = opened.futures(say)
    if target.year <= future.as_of:
        raise ScenarioError(
            "a target is sought that is past",
            where="--target",
            found=f"{target.year}, as of {future.as_of}",
            cure="choose a later target or an earlier --as-of",
        )
    base = opened.library[str(pulled.baseline)]
    seed = request.seed
    say("seeking")
    before = count(share_reached(future, base, target, seed=seed) >= target.bar)
    if mix:
        found = seek_mix(future, pulled, target, probability, terms=terms, seed=seed)
        said = mix_sentence(found, terms=terms, target=target, as_of=future.as_of)
        strengths = dict(zip(terms, found.strengths, strict=True))
    else:
        most = max(bound for _, bound in terms.values())
        one = seek_strength(future, pulled, target, probability, most=most, seed=seed)
        said = strength_sentence(
            one,
            words=" and ".join(terms),
            target=target,
            place=opened.place,
            as_of=future.as_of,
            baseline=before,
        )
        strengths = dict.fromkeys(terms, one.strength)
    pulls = pull_lines(pulled, strengths)
    judged = f"{len(pulled.judged)} of the {len(pulled.levers)} levers pulled rest on judgement."
    return [said, *pulls, f"- {judged}", f"- {words_of('leaves_out', 'en')}"]


def _target(opened: Opened, year: int) -> Target:
    known = strict_city_targets(opened)
    for target in known:
        if target.year == year:
            return target
    raise ScenarioError(
        "there is no target for that year",
        where="--target",
        found=str(year),
        cure="known: " + ", ".join(str(target.year) for target in known),
    )


def strength_sentence(
    found: Found, *, words: str, target: Target, place: str, as_of: int, baseline: Probability
) -> str:
    """Say what a goal takes, so that a mayor can read it.

    Parameters
    ----------
    found : Found
        The least strength.
    words : str
        What is pulled.
    target : Target
        What is to be reached.
    place : str
        Name of the city.
    as_of : int
        Year of knowledge.
    baseline : Probability
        If nothing is added.

    Returns
    -------
    str
        One paragraph.
    """
    goal = f"{percent_text(target.threshold, decimals=0)} urban by {target.year}"
    chance = counted_text(found.probability.value, found.probability.standard_error)
    if found.strength == 0:
        return (
            f"{place} needs nothing more for this: as of {as_of}, {goal} has a probability of "
            f"{chance} already."
        )
    upper = f"{found.upper:.2f}" if found.upper < float("inf") else "more than was allowed"
    beyond = "more" if found.strength > 1 else "less"
    return (
        f"As of {as_of}, {goal} in {place} has a probability of "
        f"{counted_text(baseline.value, baseline.standard_error)} if nothing is added. To bring it "
        f"to {chance}, {words} must have {found.strength:.2f} times the effect stated in the "
        f"scenario files ({found.lower:.2f} to {upper} within the error of counting). "
        f"That is {beyond} than the scenarios' own middle estimate, 1.00; whether it can "
        "be had, the model cannot say."
    )


def pull_lines(pulled: Scenario, strengths: Mapping[str, float]) -> list[str]:
    """Say what a goal asks of each lever, in the lever's own unit.

    Parameters
    ----------
    pulled : Scenario
        The levers and the words that brought them.
    strengths : mapping of str to float
        Word to the multiple found.

    Returns
    -------
    list of str
        A line for each lever that is pulled; none where they are too many to be read.
    """
    lines = []
    for lever in pulled.levers:
        hard = lever.scaled(strengths[pulled.origins[lever.name]])
        if hard.factor:
            asked, stated = hard.dose * lever.effect.median, lever.effect.median
            lines.append(
                f"- {lever.name}: {asked:,.4g} in place of {stated:,.4g} ({lever.unit}; "
                f"{lever.effect.evidence.grade})"
            )
    return lines if len(lines) <= MOST_TOLD else []


def mix_sentence(
    found: Mix, *, terms: Mapping[str, tuple[float, float]], target: Target, as_of: int
) -> str:
    """Say which mix is cheapest.

    Parameters
    ----------
    found : Mix
        Strengths in the order of `terms`.
    terms : mapping of str to tuple of float
        Lever or scenario to its cost and bound.
    target : Target
        What is to be reached.
    as_of : int
        Year of knowledge.

    Returns
    -------
    str
        One paragraph.
    """
    goal = f"{percent_text(target.threshold, decimals=0)} urban by {target.year}"
    chance = counted_text(found.probability.value, found.probability.standard_error)
    parts = ", ".join(
        f"{word} at {strength:.2f} (at most {terms[word][1]:g}, cost {terms[word][0]:g})"
        for word, strength in zip(terms, found.strengths, strict=True)
    )
    return (
        f"As of {as_of}, the cheapest mix found for {goal} costs {found.cost:.2f} in the unit of "
        f"the costs given and reaches {chance}: {parts}. Costs are yours; effects are those of "
        "the scenario files."
    )

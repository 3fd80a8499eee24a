"""A goal sought on a city's futures, and the answer in words."""

from collections.abc import Mapping

from qyforecast.decide.targets import Target
from qyforecast.errors import OutOfReach, ScenarioError
from qyforecast.policy.attribution import share_reached
from qyforecast.policy.seeking import pull_together, seek_mix, seek_strength
from qyforecast.report.decision_text import mix_sentence, strength_sentence
from qyforecast.report.decisions import strict_city_targets
from qyforecast.report.opening import Opened, Say, open_files
from qyforecast.report.request import Request
from qyforecast.report.wording import say as words_of


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
    before = float((share_reached(future, base, target, seed=seed) >= target.bar).mean())
    try:
        if mix:
            found = seek_mix(future, pulled, target, probability, terms=terms, seed=seed)
            said = mix_sentence(found, terms=terms, target=target, as_of=future.as_of)
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
    except OutOfReach as refusal:
        refusal.add_note(f"baseline {before:.1%}")
        raise
    judged = f"{len(pulled.judged)} of the {len(pulled.levers)} levers pulled rest on judgement."
    return [said, f"- {judged}", f"- {words_of('leaves_out', 'en')}"]


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

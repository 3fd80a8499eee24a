"""The outside view in words: how other places fared, and what the model adds to that."""

from collections.abc import Sequence

from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.judge.baselines import (
    OutsideView,
    Standing,
    city_behind,
    newest_standing,
    outside_view,
)
from qyforecast.report.wording import percent_text


def outside_lines(panel: Panel, answers: Sequence[tuple[Target, float]]) -> list[str]:
    """Lay the model's probabilities beside how often other places were as fast.

    Parameters
    ----------
    panel : Panel
        What was known.
    answers : sequence of tuple
        Targets of the city and the model's probability of each; those of years already
        told are left out.

    Returns
    -------
    list of str
        A sentence for all targets, and one for each on places as far behind as the city.
    """
    now = newest_standing(panel)
    ahead = [(target, chance) for target, chance in answers if target.year > now.year]
    if not ahead:
        return []
    views = [
        outside_view(
            panel, share=now.urban_share, threshold=one.threshold, years=one.year - now.year
        )
        for one, _ in ahead
    ]
    words = [
        f"for {percent_text(target.threshold)} in {target.year} "
        + ", ".join(f"{one.met} of {one.spells} {one.years}-year spells of {one.places}"
                    for one in found[:2])
        for (target, _), found in zip(ahead, views, strict=True)
    ]  # fmt: skip
    first = (
        f"Outside view as of {panel.as_of}, places within 5 points of "
        f"{percent_text(now.urban_share)} that moved at the pace needed from {now.year}: "
        + "; ".join(words)
        + "."
    )
    return [first, *(_gap(panel, now, *one) for one in zip(ahead, views, strict=True))]


def _gap(
    panel: Panel, now: Standing, answer: tuple[Target, float], views: list[OutsideView]
) -> str:
    """Say how places as far behind did, how few they are, and on what else the model rests."""
    target, chance = answer
    alike, _, far = views
    behind = 100 * city_behind(panel, now.year, now.urban_share)
    began = (
        f"those provinces began {abs(100 * alike.behind):.1f} points"
        f" {'below' if alike.behind >= 0 else 'above'} the mean province on average, the city"
        f" stands {behind:.1f} below"
        if alike.spells
        else f"no province began near that share; the city stands {behind:.1f} points below the"
        " mean province"
    )
    found = (
        f"of {far.spells} spells that began within 5 points of as far below, {far.met}"
        f" ({percent_text(far.share, decimals=0)}) were as fast, overlapping spells of only"
        f" {far.of} province{'s' if far.of > 1 else ''}"
        if far.spells
        else "no spell of a province began as far below"
    )
    return (
        f"What the model adds as of {panel.as_of} for {percent_text(target.threshold)} in"
        f" {target.year}: {began}; {found}. Beyond these cases the model's"
        f" {percent_text(chance, decimals=0)} rests on its regression: that gaps to the nation"
        " close, learned from all places, the nation's pace, and the city's own counties."
    )

"""What stands beside the probabilities: simple methods, other places, the fit's health."""

from collections.abc import Sequence

from qyforecast.census.panel import Panel
from qyforecast.decide.targets import Target
from qyforecast.judge.baselines import extrapolate, outside_view
from qyforecast.report.pipeline import Outcome
from qyforecast.report.wording import percent_text
from qyforecast.scenario.scenario import Scenario


def beside(outcome: Outcome) -> list[str]:
    """Say what simple methods give, how other places fared, and whether the fit is sound.

    Parameters
    ----------
    outcome : Outcome
        A finished forecast.

    Returns
    -------
    list of str
        Sentences for the terminal.
    """
    mine = [
        target
        for target in outcome.targets
        if target.region == outcome.census.city and target.reading == "strict"
    ]
    lines = [_judged(outcome.scenarios)]
    for panel in outcome.panels:
        lines.append(_newest(panel))
        lines.append(_baselines(panel, mine))
        lines.append(_others(panel, mine))
    for year, health in outcome.manifest["sampler_health"].items():
        lines.append(
            f"Sampler as of {year}: largest R-hat {health['rhat']:.3f}, smallest effective sample "
            f"{min(health['ess_bulk'], health['ess_tail']):.0f}, "
            f"{health['divergences']} divergences, E-BFMI {health['bfmi']:.2f}."
        )
    imbalance = outcome.manifest["largest_imbalance"]
    lines.append(f"Largest imbalance of any account: {imbalance:.1e} of its population.")
    return lines


def _judged(scenarios: Sequence[Scenario]) -> str:
    levers = [lever for scenario in scenarios for lever in scenario.levers]
    judged = [lever for lever in levers if lever.effect.evidence.grade == "judgement"]
    return (
        f"Effects of the scenarios: {len(judged)} of {len(levers)} levers rest on judgement. A "
        "lever that would begin in a year already known begins in the year after."
    )


def _newest(panel: Panel) -> str:
    mine = panel.readings[panel.readings["region"] == panel.city]
    later = mine[mine["year"] > panel.base_year].sort_values("year")
    year, share, kind = panel.base_year, panel.city_share[panel.base_year], "census"
    if len(later):
        last = later.to_dict("records")[-1]
        year, share, kind = int(last["year"]), float(last["urban_share"]), str(last["kind"])
    return (
        f"As of {panel.as_of} the newest urban share known of the city is "
        f"{percent_text(share)} at the end of {year} ({kind})."
    )


def _baselines(panel: Panel, targets: Sequence[Target]) -> str:
    years = tuple(target.year for target in targets)
    found = extrapolate(panel, years)
    methods = list(dict.fromkeys(one.name for one in found))
    words = [
        f"{name} "
        + ", ".join(
            f"{percent_text(one.urban_share)} in {one.year}" for one in found if one.name == name
        )
        for name in methods
    ]
    return f"Simple methods as of {panel.as_of}: " + "; ".join(words) + "."


def _others(panel: Panel, targets: Sequence[Target]) -> str:
    share = panel.city_share[panel.base_year]
    words = []
    for target in targets:
        views = outside_view(
            panel,
            share=share,
            threshold=target.threshold,
            years=target.year - panel.base_year,
        )
        spells = ", ".join(
            f"{view.met} of {view.spells} {view.years}-year spells of {view.places}"
            for view in views
        )
        words.append(f"for {percent_text(target.threshold)} in {target.year} {spells}")
    return (
        f"Outside view as of {panel.as_of}, places within 5 points of {percent_text(share)} "
        f"that moved at the pace needed from {panel.base_year}: " + "; ".join(words) + "."
    )

"""What stands beside the probabilities: simple methods, other places, the fit's health."""

from collections.abc import Mapping, Sequence
from typing import Any

from qyforecast.census.panel import Panel
from qyforecast.census.stand_in import stand_in_lines
from qyforecast.decide.targets import Target
from qyforecast.judge.baselines import extrapolate, newest_standing
from qyforecast.report.headline import headline_text
from qyforecast.report.outside import outside_lines
from qyforecast.report.overview import TextTable
from qyforecast.report.pipeline import Outcome
from qyforecast.report.record import record_lines, voice
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
    city = [target for target in outcome.targets if target.region == outcome.census.city]
    mine = [target for target in city if target.reading == "strict"]
    lines = [*_about(city), _judged(outcome.scenarios)]
    lines += stand_in_lines(outcome.census)
    for panel in outcome.panels:
        lines.append(_newest(panel))
        lines.append(_baselines(panel, mine))
        lines += outside_lines(panel, _answers(outcome, panel, mine))
    for year, weights in outcome.manifest["rivals"].items():
        lines.append(_speaking(year, weights))
    for year, rivals in outcome.manifest["sampler_health"].items():
        lines += [_health(year, rival, health) for rival, health in rivals.items()]
    lines += _coverage(outcome.manifest)
    for speaking in dict.fromkeys(voice(w) for w in outcome.manifest["rivals"].values()):
        lines += record_lines(outcome.request.model_file, speaking)
    imbalance = outcome.manifest["largest_imbalance"]
    lines.append(f"Largest imbalance of any account: {imbalance:.1e} of its population.")
    return lines


def headline(outcome: Outcome) -> TextTable | None:
    """Lay out who speaks for each promise, and what the others would say.

    Parameters
    ----------
    outcome : Outcome
        A finished forecast.

    Returns
    -------
    TextTable or None
        None where no promise to the city is still to fall due.
    """
    table = outcome.headline
    return headline_text(table, outcome.scenarios[0].name) if len(table) else None


def _speaking(year: str, weights: Mapping[str, float]) -> str:
    parts = ", ".join(f"{name} {percent_text(w, decimals=0)}" for name, w in weights.items())
    return f"As of {year} these models speak, weighted by how they foretold provinces: {parts}."


def _health(year: str, rival: str, health: Mapping[str, Any]) -> str:
    return (
        f"Sampler as of {year}, {rival}: largest R-hat {health['rhat']:.3f}, smallest effective "
        f"sample {min(health['ess_bulk'], health['ess_tail']):.0f}, "
        f"{health['divergences']} divergences, E-BFMI {health['bfmi']:.2f}."
    )


def _judged(scenarios: Sequence[Scenario]) -> str:
    levers = [lever for scenario in scenarios for lever in scenario.levers]
    judged = [lever for lever in levers if lever.effect.evidence.grade == "judgement"]
    return (
        f"Effects of the scenarios: {len(judged)} of {len(levers)} levers rest on judgement. A "
        "lever that would begin in a year already known begins in the year after."
    )


def _about(targets: Sequence[Target]) -> list[str]:
    return [
        f"{percent_text(target.bar, decimals=0)} or more in {target.year} reads the promise as "
        f"about {percent_text(target.threshold, decimals=0)}: a tolerance of "
        f"{100 * target.tolerance:g} point, which is our judgement."
        for target in targets
        if target.reading == "about"
    ]


def _newest(panel: Panel) -> str:
    now = newest_standing(panel)
    return (
        f"As of {panel.as_of} the newest urban share known of the city is "
        f"{percent_text(now.urban_share)} at the end of {now.year} ({now.kind})."
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


def _answers(
    outcome: Outcome, panel: Panel, targets: Sequence[Target]
) -> list[tuple[Target, float]]:
    """Pair the city's targets with their probability where nothing is done."""
    table = outcome.results.targets
    table = table[
        (table["as_of"] == panel.as_of)
        & (table["scenario"] == outcome.scenarios[0].name)
        & (table["region_code"] == outcome.census.city)
    ].set_index("target")
    return [(target, float(table["probability"].to_dict()[target.name])) for target in targets]


def _coverage(manifest: Mapping[str, Any]) -> list[str]:
    """Say how often the fitted model's own intervals held what it was fitted to."""
    return [
        f"Fit as of {year}: leave-one-out intervals of 80 and 95 % held "
        + "; ".join(
            f"{100 * row['coverage80']:.0f} and {100 * row['coverage95']:.0f} % of "
            f"{row['observations']} ({row['level']})"
            for row in rows
        )
        + ". This judges the fit, not the forecast."
        for year, rows in manifest["posterior_predictive"].items()
    ]

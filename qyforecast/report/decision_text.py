"""What a comparison says, as tables and sentences that a deputy mayor can read."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from qyforecast.decide.growth import COMPONENTS
from qyforecast.decide.targets import Target
from qyforecast.report.decisions import Decision, strict_city_targets
from qyforecast.report.overview import TextTable
from qyforecast.report.wording import counted_text, percent_text, persons_text, probability_text
from qyforecast.report.wording import say as words_of

NOT_JUDGED = "–"


def comparison_tables(decision: Decision) -> list[TextTable]:
    """Lay out one table for each vintage and target still ahead, the likeliest on top.

    Parameters
    ----------
    decision : Decision
        A finished comparison.

    Returns
    -------
    list of TextTable
        For the city.
    """
    opened, chances = decision.opened, decision.comparison.chances
    tables = []
    for panel in opened.panels:
        for target in strict_city_targets(opened):
            if target.year <= panel.as_of:
                continue
            mine = chances[
                (chances["as_of"] == panel.as_of)
                & (chances["target"] == target.name)
                & (chances["region_code"] == target.region)
            ].sort_values("probability", ascending=False, kind="stable")
            rows = [_row(decision, dict(row), target) for _, row in mine.iterrows()]
            title = (
                f"What would help? {opened.place}: {percent_text(target.threshold, decimals=0)} "
                f"or more by {target.year}, as of {panel.as_of}"
            )
            tables.append(TextTable(title, COLUMNS, tuple(rows), ()))
    return tables


COLUMNS = (
    "scenario",
    "probability",
    "change against\nthe baseline",
    "urban share:\npoints gained",
    "people in town\ngained",
    "short of it where\nmissed (persons)",
    "half sure by;\nnot by 2050",
    "if judged effects\nall weak … strong",
)


def _row(decision: Decision, row: Mapping[str, Any], target: Target) -> tuple[str, ...]:
    other = row["compared_with"]
    same = other == row["scenario"]
    change = 100 * row["difference"]
    points = f"{row['gain_points']:+.2f}"
    spread = f"({row['gain_points_lower90']:+.2f} to {row['gain_points_upper90']:+.2f})"
    return (
        row["scenario"],
        counted_text(row["probability"], row["standard_error"]),
        NOT_JUDGED if same else f"{change:+.1f} ± {100 * row['difference_error']:.1f} points",
        NOT_JUDGED if same else f"{points}\n{spread}",
        NOT_JUDGED if same else f"{_rounded(row['gain_persons'])}",
        persons_text(round(row["shortfall_persons"], -3)),
        _first(decision.comparison.first_year, row, target),
        _judged(decision.judgement, row, target),
    )


def _rounded(persons: float) -> str:
    """Persons to the hundred: the draws say no more."""
    return f"{round(persons, -2):+,.0f}"


def _first(first_year: pd.DataFrame, row: Mapping[str, Any], target: Target) -> str:
    mine = first_year[
        (first_year["scenario"] == row["scenario"])
        & (first_year["as_of"] == row["as_of"])
        & (first_year["region_code"] == target.region)
        & (first_year["target"] == target.name)
    ]
    half = mine[mine["by_then"] >= 0.5].iloc[0]
    never = mine.iloc[-1]
    return f"{half['year']}; {probability_text(float(never['probability']))}"


def _judged(judgement: pd.DataFrame, row: Mapping[str, Any], target: Target) -> str:
    if judgement.empty:
        return NOT_JUDGED
    mine = judgement[
        (judgement["scenario"] == row["scenario"])
        & (judgement["as_of"] == row["as_of"])
        & (judgement["target"] == target.name)
    ]
    if mine.empty:
        return NOT_JUDGED
    found = mine.iloc[0]
    low, high = (
        "impossible" if pd.isna(found[end]) else probability_text(float(found[end]))
        for end in ("low", "high")
    )
    return f"{low} … {high}\n{found['judged_levers']} of {found['levers']} levers judged"


def comparison_notes(decision: Decision) -> list[str]:
    """Say what the tables mean, what they rest on and what they leave out.

    Parameters
    ----------
    decision : Decision
        A finished comparison.

    Returns
    -------
    list of str
        Sentences.
    """
    opened = decision.opened
    draws = opened.posteriors[0].size
    return [
        f"± is the Monte Carlo standard error of {draws:,} draws; changes are taken draw by draw, "
        "so their errors are smaller than those of two separate runs. Brackets: 90 % of the draws.",
        "Effects of levers come from outside the model. Those graded judgement are opinions with "
        "a stated range, not measurements: the last column holds all of a scenario's judged "
        "effects at their 5 % values, then at their 95 % values (1,000 draws); impossible: it "
        "would move more people than live there.",
        "First years after the forecast's end go on at each draw's own pace of its last five "
        "years; they are an extrapolation.",
        *_refused(decision),
        *_paces(decision),
        *_apart(decision),
        words_of("pseudo_vintage", "en"),
        words_of("leaves_out", "en"),
        "Each scenario states besides what it omits: qyforecast scenario show NAME.",
    ]


def _refused(decision: Decision) -> list[str]:
    return [
        f"Not run: {row['scenario']} as of {row['as_of']}: {row['why']}"
        for row in decision.comparison.refused.to_dict("records")
    ]


def _paces(decision: Decision) -> list[str]:
    pace = decision.pace
    if pace.empty:
        return []
    lines = []
    for (as_of, target), rows in pace.groupby(["as_of", "target"], sort=False):
        first = rows.iloc[0]
        others = rows[rows["fast_enough"].notna()]
        words = "; ".join(
            f"{int(row['fast_enough'])} of {int(row['of'])} {row['who']}"
            for row in others.to_dict("records")
        )
        base = rows[rows["who"] == "baseline"]
        middle = (
            f"; the baseline's middle path goes at {base.iloc[0]['pace']:.3f}" if len(base) else ""
        )
        lines.append(
            f"Pace needed for {target} as of {as_of}, from {percent_text(first['from_share'])} at "
            f"the end of {first['from_year']}: {first['pace_needed']:.3f} log odds a year{middle}. "
            f"Of places that stood alike, as fast went {words}."
        )
    return lines


def growth_tables(decision: Decision) -> list[TextTable]:
    """Lay out what urban populations grow by, one table for each vintage.

    Parameters
    ----------
    decision : Decision
        A finished comparison.

    Returns
    -------
    list of TextTable
        For the city: means, which add up, and the probability that all targets are kept.
    """
    growth, together = decision.comparison.growth, decision.comparison.together
    city, last = decision.opened.census.city, growth["year"].max()
    mine = growth[(growth["region_code"] == city) & (growth["year"] == last)]
    kept = together[together["region_code"] == city].set_index(["as_of", "scenario"])
    heads = ("scenario", "both targets kept", "in all", *COMPONENTS)
    tables = []
    for as_of, vintage in mine.groupby("as_of"):
        rows = []
        for name, parts in vintage.groupby("scenario", sort=False):
            means = parts.set_index("component")["mean"]
            both = kept.loc[(as_of, name)]
            chance = counted_text(float(both["probability"]), float(both["standard_error"]))
            cells = (_rounded(float(means[part])) for part in ("all", *COMPONENTS))
            rows.append((str(name), chance, *cells))
        title = f"What does the urban population grow by to {last}? Mean persons, as of {as_of}"
        tables.append(TextTable(title, tuple(heads), tuple(rows), ()))
    return tables


def _apart(decision: Decision) -> list[str]:
    lines = []
    shares, variance = decision.attribution, decision.variance
    if not shares.empty:
        keys = ["scenario", "as_of", "year"]
        for (name, as_of, year), rows in shares.groupby(keys, sort=False):
            parts = rows[rows["player"] != "all together"]
            parts = parts.sort_values("probability", ascending=False)
            whole = rows[rows["player"] == "all together"].iloc[0]
            words = ", ".join(
                f"{row['player']} {100 * row['probability']:+.1f} ± "
                f"{100 * row['probability_error']:.1f}"
                for row in parts.to_dict("records")
            )
            lines.append(
                f"Of the {100 * whole['probability']:+.1f} points that {name} adds to the "
                f"probability for {year} as of {as_of} ({whole['draws']} draws): {words}."
            )
    if not variance.empty:
        for (name, as_of, year), rows in variance.groupby(
            ["scenario", "as_of", "year"], sort=False
        ):
            words = ", ".join(
                f"{row['group']} {100 * row['total']:.0f} ± {100 * row['total_error']:.0f}"
                for row in rows.to_dict("records")
            )
            lines.append(
                f"Variance of the urban share in {year} under {name} as of {as_of}, per cent that "
                f"would be left if all but one source were known: {words}."
            )
    return lines

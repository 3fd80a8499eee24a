"""What a comparison says, as tables and sentences that a deputy mayor can read."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, get_args

import pandas as pd

from qyforecast.decide.growth import COMPONENTS
from qyforecast.decide.targets import Target
from qyforecast.provenance import Grade
from qyforecast.report.decisions import Decision, strict_city_targets
from qyforecast.report.overview import TextTable
from qyforecast.report.wording import counted_text, percent_text, persons_text
from qyforecast.report.wording import say as words_of

NOTHING = "–"

GAINS = (
    "scenario",
    "probability",
    "change\n(points)",
    "urban share gained,\npoints (90 % of draws)",
    "people\nin town",
    "levers by\nevidence",
)
MISSES = (
    "scenario",
    "persons\nshort",
    "half\nsure by",
    "not by\n2050",
    "if judged\nweak (5 %)",
    "effects are\nmiddling",
    "\nstrong",
)


def comparison_tables(decision: Decision) -> list[TextTable]:
    """Lay out two tables for each vintage and target still ahead, the likeliest on top.

    Parameters
    ----------
    decision : Decision
        A finished comparison.

    Returns
    -------
    list of TextTable
        For the city: what is gained, and how it stands where it is missed or effects are others.
    """
    opened, chances = decision.opened, decision.comparison.chances
    tables = []
    for panel in opened.panels:
        for target in strict_city_targets(opened):
            if target.year <= panel.as_of:
                continue
            mine = _only(chances, panel.as_of, target)
            mine = mine[mine["region_code"] == target.region]
            mine = mine.sort_values(["probability", "gain_points"], ascending=False, kind="stable")
            goal = (
                f"{opened.place}, {percent_text(target.threshold, decimals=0)} or more urban by "
                f"{target.year}, as of {panel.as_of}"
            )
            rows: Any = mine.to_dict("records")
            gains = tuple(_gains(decision, row) for row in rows)
            misses = tuple(_misses(decision, row, target) for row in rows)
            tables.append(TextTable(f"What would help? {goal}", GAINS, gains, ()))
            tables.append(
                TextTable(f"What if it fails, or effects are others? {goal}", MISSES, misses, ())
            )
    return tables


def _only(table: pd.DataFrame, as_of: int, target: Target) -> pd.DataFrame:
    return table[(table["as_of"] == as_of) & (table["target"] == target.name)]


def _gains(decision: Decision, row: Mapping[str, Any]) -> tuple[str, ...]:
    chance = counted_text(row["probability"], row["standard_error"])
    if row["compared_with"] == row["scenario"]:
        return (row["scenario"], chance, *[NOTHING] * 4)
    return (
        row["scenario"],
        chance,
        points_text(row["difference"], row["difference_error"]),
        f"{row['gain_points']:+.2f} ({row['gain_points_lower90']:+.2f} to "
        f"{row['gain_points_upper90']:+.2f})",
        _rounded(row["gain_persons"]),
        _grades(decision, row["scenario"]),
    )


def points_text(change: float, error: float) -> str:
    """Write a difference of probabilities with its error.

    Parameters
    ----------
    change, error : float
        Difference and its Monte Carlo standard error. [1]

    Returns
    -------
    str
        In percentage points.

    Examples
    --------
    >>> points_text(0.0312, 0.0044), points_text(0.0, 0.0)
    ('+3.1 ± 0.4', '0')
    """
    if change == error == 0:
        return "0"
    decimals = 2 if 100 * error < 0.095 else 1
    return f"{100 * change:+.{decimals}f} ± {100 * error:.{decimals}f}"


def _grades(decision: Decision, scenario: str) -> str:
    """What the effects of a scenario's levers rest on, and how many of them."""
    levers = decision.opened.library[scenario].levers
    found = Counter(lever.effect.evidence.grade for lever in levers)
    return (
        "\n".join(f"{found[grade]} {grade}" for grade in get_args(Grade) if found[grade]) or NOTHING
    )


def _rounded(persons: float) -> str:
    """Persons to the hundred: the draws say no more."""
    hundreds = round(persons, -2)
    return f"{hundreds:+,.0f}" if hundreds else "0"


def _misses(decision: Decision, row: Mapping[str, Any], target: Target) -> tuple[str, ...]:
    first = _only(decision.comparison.first_year, row["as_of"], target)
    first = first[(first["scenario"] == row["scenario"]) & (first["region_code"] == target.region)]
    never = first.iloc[-1]
    return (
        row["scenario"],
        persons_text(round(row["shortfall_persons"], -3)),
        str(first[first["by_then"] >= 0.5].iloc[0]["year"]).removeprefix("not by "),
        counted_text(never["probability"], never["by_then_error"]),
        *_judged(decision.judgement, row, target),
    )


def _judged(judgement: pd.DataFrame, row: Mapping[str, Any], target: Target) -> list[str]:
    ends = ("low", "median", "high")
    if judgement.empty:
        return [NOTHING] * len(ends)
    mine = _only(judgement, row["as_of"], target)
    found = mine[mine["scenario"] == row["scenario"]].to_dict("records")
    return [
        "impossible" if pd.isna(one[end]) else counted_text(one[end], one[f"{end}_error"])
        for one in found
        for end in ends
    ] or [NOTHING] * len(ends)


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
        f"± is the Monte Carlo standard error of {draws:,} draws. Changes are against the "
        "baseline, draw by draw, so their errors are smaller than those of two separate runs. "
        "Points are percentage points; people in town: median gain. Persons short: mean of the "
        "draws that miss the target.",
        "Effects of levers come from outside the model. Those that rest on judgement are opinions "
        "with a stated range, not measurements. What the probability would be if all of a "
        "scenario's judged effects were at their 5 %, 50 % or 95 % values stands in the last "
        "columns (1,000 draws); impossible: more people would move than live there.",
        "Slow and fast are the nation's pace, and no-migration is a reference: nobody can choose "
        "them.",
        "First years after the forecast's end go on at each draw's own pace of its last five "
        "years; they are an extrapolation.",
        *_refused(decision),
        *_paces(decision),
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
    heads = ("scenario", "all targets\nkept", "in all", *(c.replace(" ", "\n") for c in COMPONENTS))
    tables = []
    for as_of, vintage in mine.groupby("as_of"):
        rows = []
        for name, parts in vintage.groupby("scenario", sort=False):
            means = parts.set_index("component")["mean"]
            both = kept.loc[(as_of, name)]
            chance = counted_text(float(both["probability"]), float(both["standard_error"]))
            cells = (_rounded(float(means[part])) for part in ("all", *COMPONENTS))
            rows.append((float(means["all"]), (str(name), chance, *cells)))
        rows = [cells for _, cells in sorted(rows, key=lambda row: -row[0])]
        title = (
            f"What does the urban population grow by from {decision.opened.panels[0].base_year} to "
            f"{last}? Mean persons, as of {as_of}"
        )
        tables.append(TextTable(title, heads, tuple(rows), ()))
    return tables

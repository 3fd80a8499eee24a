"""The tables of monitoring: probabilities by vintage, what moved them, the band, the pace."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from qyforecast.decide.targets import assess
from qyforecast.policy.revision import PARTS, Move
from qyforecast.report.monitoring import Monitoring, Step

#: What stands for the change itself among its parts.
TOGETHER = "all together"


def monitor_tables(found: Monitoring) -> dict[str, pd.DataFrame]:
    """Lay out everything that monitoring found.

    Parameters
    ----------
    found : Monitoring
        What was found.

    Returns
    -------
    dict of str to DataFrame
        ``history``: probability of every target of every region by vintage; ``moves``: its
        change from vintage to vintage, and from the first to the last, by part, in
        probability [1] and in points of the mean share; ``seen``: years newly seen against
        the earlier band; ``pace``: needed, and as it was.
    """
    steps = [*found.steps, *([found.whole] if len(found.steps) > 1 else [])]
    return {
        "history": history_table(found),
        "moves": pd.DataFrame([row for step in steps for row in _moves(step)]),
        "seen": pd.DataFrame([row for step in steps for row in _seen(step)]),
        "pace": pd.DataFrame(_paces(found)),
    }


def history_table(found: Monitoring) -> pd.DataFrame:
    """Tell every probability by vintage.

    Parameters
    ----------
    found : Monitoring
        What was found.

    Returns
    -------
    DataFrame
        ``vintage, as_of, added, region_code, target, year, threshold, probability,
        standard_error, median, lower80, upper80``. [1]
    """
    rows = []
    for one in found.vintages:
        for target in found.targets:
            told = assess(one.urban_share, target)
            labels = {"vintage": one.label, "as_of": one.panel.as_of, "added": one.added}
            rows.append(
                labels
                | {"region_code": target.region, "target": target.name, "year": target.year}
                | {"threshold": target.bar, "probability": told.probability}
                | {"standard_error": told.standard_error, "median": told.median}
                | {"lower80": told.lower80, "upper80": told.upper80}
            )
    return pd.DataFrame(rows)


def _labels(step: Step) -> dict[str, Any]:
    return {"from": step.before.label, "to": step.after.label}


def _moves(step: Step) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for move in step.moves:
        target = move.target
        about = _labels(step) | {"region_code": target.region, "target": target.name}
        rows += [
            about
            | {"part": part, "probability": move.parts[part]}
            | {"probability_error": move.part_errors[part], "points": move.points[part]}
            | {"points_error": move.point_errors[part]}
            for part in PARTS
        ]
        rows.append(about | _together(move))
    return rows


def _together(move: Move) -> dict[str, Any]:
    return {
        "part": TOGETHER,
        "probability": move.after.value - move.before.value,
        "probability_error": move.change_error,
        "points": sum(move.points.values()),
    }


def _seen(step: Step) -> list[Mapping[str, Any]]:
    return [
        _labels(step)
        | {"region_code": one.region, "year": one.year, "urban_share": one.urban_share}
        | {"kind": one.kind, "lower80": one.lower80, "upper80": one.upper80}
        | {"quantile": one.quantile, "left_the_band": one.left}
        for one in step.seen
    ]


def _paces(found: Monitoring) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = [
        {"what": "was", "from": one.first, "to": one.last}
        | {"points_a_year": one.points, "persons_a_year": one.persons}
        for one in found.paces
    ]
    for one in found.needed:
        about = {"what": "needed", "target": one.target.name, "threshold": one.target.bar}
        about |= {"from": one.needed.first, "to": one.needed.last}
        about |= {"points_a_year": one.needed.points, "persons_a_year": one.needed.persons}
        rows += [
            about
            | {"log_odds_a_year": view.pace, "others": view.places}
            | {"spell_years": view.years, "fast_enough": view.met, "of": view.spells}
            for view in one.views
        ]
    return rows

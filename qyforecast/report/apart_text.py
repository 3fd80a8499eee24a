"""A scenario taken apart, as tables: its gain by lever, its variance by source."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from qyforecast.report.decision_text import points_text
from qyforecast.report.decisions import Decision
from qyforecast.report.gain_shares import TOGETHER
from qyforecast.report.overview import TextTable


def apart_tables(decision: Decision) -> list[TextTable]:
    """Lay out shares of a gain and of a variance, a column for each target and vintage.

    Parameters
    ----------
    decision : Decision
        A finished comparison.

    Returns
    -------
    list of TextTable
        Two for each scenario that was taken apart; none where none was.
    """
    tables = []
    for name, shares in _by_scenario(decision.attribution):
        size = shares["probability"].where(shares["player"] != TOGETHER, -1.0)
        rows = shares.iloc[size.argsort(kind="stable")[::-1]]
        title = (
            f"Who brings the gain? {name}: points of probability (points of urban share), by "
            f"Shapley's rule, {rows.iloc[0]['draws']:,} draws"
        )
        tables.append(_side_by_side(title, "player", rows, _gain))
    for name, rows in _by_scenario(decision.variance):
        title = (
            f"What makes the urban share uncertain? {name}: per cent of its variance left if all "
            "but one source were known"
        )
        tables.append(_side_by_side(title, "group", rows, _left))
    return tables


def _by_scenario(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    if table.empty:
        return []
    return [(str(name), rows) for name, rows in table.groupby("scenario", sort=False)]


def _gain(row: Mapping[str, Any]) -> str:
    share = f"{row['gain_points']:+.2f} ± {row['gain_points_error']:.2f}"
    return f"{points_text(row['probability'], row['probability_error'])}\n({share})"


def _left(row: Mapping[str, Any]) -> str:
    return f"{100 * row['total']:.0f} ± {100 * row['total_error']:.0f}"


def _side_by_side(
    title: str, label: str, rows: pd.DataFrame, cell: Callable[[Mapping[str, Any]], str]
) -> TextTable:
    """A row for each part, a column for each target's year and vintage."""
    keys = list(dict.fromkeys(zip(rows["year"], rows["as_of"], strict=True)))
    keys.sort(key=lambda key: (key[1], key[0]))
    records: Any = rows.to_dict("records")
    cells = {(row["year"], row["as_of"], row[label]): cell(row) for row in records}
    names = list(dict.fromkeys(rows[label]))
    return TextTable(
        title,
        ("part" if label == "player" else "source", *(f"{y},\nas of {v}" for y, v in keys)),
        tuple((name, *(cells[(*key, name)] for key in keys)) for name in names),
        (),
    )

"""The table that answers the question, as plain text cells for any screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from qyforecast.errors import OutputError
from qyforecast.report.wording import counted_text, interval_text, percent_text, say


@dataclass(frozen=True)
class TextTable:
    """A table ready to be shown.

    Attributes
    ----------
    title : str
        What it answers.
    columns : tuple of str
        Headings.
    rows : tuple of tuple of str
        Cells, a row as long as the headings.
    notes : tuple of str
        Units, intervals, vintages, and what is left out.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def render_table(
    targets: pd.DataFrame, region: str, *, place: str = "", draws: int, lang: str = "en"
) -> TextTable:
    """Lay out one region's targets: a row for scenario and target, vintages side by side.

    Parameters
    ----------
    targets : DataFrame
        Rows of `targets_table`, of all runs.
    region : str
        Code of the city or of a county.
    place : str
        Its name; the code if empty.
    draws : int
        How many draws were counted.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    TextTable
        Probability with its error, median and 80 % interval, for every vintage.

    Raises
    ------
    OutputError
        If the region has no row.
    """
    mine = targets[targets["region_code"] == region]
    if mine.empty:
        raise OutputError("a region has no targets to show", found=region)
    vintages = sorted(mine["as_of"].unique().tolist())
    heads = ["column_scenario", "column_target"]
    columns = [say(head, lang) for head in heads]
    columns += [say("column_vintage", lang, {"as_of": as_of}) for as_of in vintages]
    rows = [
        (str(scenario), _target(cells.iloc[0].to_dict(), lang), *_cells(cells, vintages, lang))
        for (scenario, _), cells in mine.groupby(["scenario", "target"], sort=False)
    ]
    notes = ("unit_note", "intervals", "pseudo_vintage", "leaves_out")
    return TextTable(
        title=say("title_targets", lang, {"place": place or region}),
        columns=tuple(columns),
        rows=tuple(rows),
        notes=tuple(say(note, lang, {"draws": f"{draws:,}"}) for note in notes),
    )


def _target(row: Mapping, lang: str) -> str:
    share = percent_text(row["threshold"], lang, 0)
    return say("target_row", lang, {"year": row["year"], "share": share})


def _cells(cells: pd.DataFrame, vintages: Sequence[int], lang: str) -> list[str]:
    """Fill a cell for each vintage; a dash where it was not run."""
    by_vintage = cells.set_index("as_of").to_dict("index")
    shown: list[str] = []
    for as_of in vintages:
        row = by_vintage.get(as_of)
        if row is None:
            shown.append("–")
            continue
        words = {
            "probability": counted_text(row["probability"], row["standard_error"], lang),
            "median": percent_text(row["median"], lang),
            "interval": interval_text(row["lower80"], row["upper80"], lang),
        }
        shown.append(say("cell_vintage", lang, words))
    return shown

"""The history of the probabilities: one line a target, one point a year of knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qyforecast.decide.targets import Target
from qyforecast.report.figures.fan import HALO
from qyforecast.report.monitor_words import UNLIKELY, promise_words, words
from qyforecast.report.style import (
    BANDS,
    LINE,
    QUIET,
    STYLE,
    TARGET,
    framed,
    percent_axis,
    spread,
    styled,
)

#: Ink and sign of each line: the nearest target stands out, the others by sign as well.
LOOKS = ((TARGET, "o"), (LINE, "s"), (BANDS[2], "^"))
#: Monte Carlo standard errors on either side of a point.
ERRORS = 2.0


@rc_context(STYLE)
def history(
    table: pd.DataFrame, targets: Sequence[Target], place: str, lang: str, draws: int
) -> tuple[Figure, pd.DataFrame]:
    """Draw how probable each target was as of every vintage.

    Parameters
    ----------
    table : DataFrame
        ``vintage, target, probability, standard_error``, of one region, oldest first. [1]
    targets : sequence of Target
        Of that region.
    place : str
        The region's name in that language.
    lang : {"en", "zh"}
        Language.
    draws : int
        Draws of every vintage.

    Returns
    -------
    tuple of Figure and DataFrame
        The figure, and all it shows: ``vintage, target, probability, low, high, unlikely``,
        where `low` and `high` are the ends of the error bars and `unlikely` marks the first
        vintage whose probability is below 33 % after one whose was not. [1]
    """
    shown = _shown(table, targets)
    figure, (panel,) = styled(9.4, 5.2, 1)
    labels = list(dict.fromkeys(shown["vintage"]))
    ends = []
    for (colour, marker), target in zip(cycle(LOOKS), targets, strict=False):
        mine = shown[shown["target"] == target.name]
        _draw_line(panel, mine, labels, colour, marker)
        _draw_mark(panel, mine, labels, colour, lang)
        name = promise_words(target, lang)
        ends.append((float(mine["probability"].iloc[-1]), name, colour))
    _draw_names(panel, ends, len(labels))
    panel.axhline(UNLIKELY, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    _draw_axes(panel, labels, lang)
    _frame(figure, place, lang, draws)
    return figure, shown


def _shown(table: pd.DataFrame, targets: Sequence[Target]) -> pd.DataFrame:
    parts = []
    for target in targets:
        mine = table[table["target"] == target.name]
        half = ERRORS * mine["standard_error"]
        below = mine["probability"] < UNLIKELY
        first = below & (below.cumsum() == 1) & below.shift(fill_value=True).eq(False)
        part = mine[["vintage", "target", "probability"]].assign(
            low=(mine["probability"] - half).clip(lower=0.0),
            high=(mine["probability"] + half).clip(upper=1.0),
            unlikely=first,
        )
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _draw_line(
    panel: Axes, mine: pd.DataFrame, labels: Sequence[str], colour: str, marker: str
) -> None:
    places = [labels.index(label) for label in mine["vintage"]]
    panel.plot(
        places, mine["probability"], color=colour, marker=marker, linewidth=1.8, markersize=6,
        markeredgecolor="white", zorder=5,
    )  # fmt: skip
    panel.vlines(places, mine["low"], mine["high"], color=colour, linewidth=3, zorder=4)


def _draw_mark(
    panel: Axes, mine: pd.DataFrame, labels: Sequence[str], colour: str, lang: str
) -> None:
    """Say at which vintage a target was first called unlikely."""
    for row in mine[mine["unlikely"]].to_dict("records"):
        at = labels.index(str(row["vintage"]))
        panel.annotate(
            words("figure_became", lang, {"label": row["vintage"]}),
            (at, row["probability"]), (at, row["probability"] - 0.1),
            color=colour, size=8.5, ha="center", va="top", path_effects=HALO, zorder=7,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.8},
        )  # fmt: skip


def _draw_names(panel: Axes, ends: Sequence[tuple[float, str, str]], vintages: int) -> None:
    """Name every line at its end, no two names on one another."""
    ordered = sorted(ends)
    heights = spread([height for height, _, _ in ordered], 0.055)
    for height, (_, name, colour) in zip(heights, ordered, strict=True):
        style = {"size": 8.5, "color": colour, "va": "center"}
        panel.text(vintages - 0.75, height, name, fontdict=style, path_effects=HALO)


def _draw_axes(panel: Axes, labels: Sequence[str], lang: str) -> None:
    last = len(labels) - 1
    panel.set_xlim(-0.4, last + 0.2)
    panel.set_ylim(-0.02, 1.02)
    panel.set_yticks([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])
    panel.set_xticks(range(len(labels)), list(labels))
    panel.set_xlabel(words("figure_axis", lang))
    panel.text(
        -0.36, UNLIKELY - 0.012, words("figure_unlikely", lang), size=8, color=QUIET, va="top"
    )
    percent_axis(panel, lang)


def _frame(figure: Figure, place: str, lang: str, draws: int) -> None:
    sentences = (
        words("figure_foot", lang, {"draws": f"{draws:,}"}),
        words("pseudo_vintage", lang),
        words("leaves_out", lang),
    )
    framed(figure, words("figure_title", lang, {"place": place}), sentences)

"""Figures: each returns what it draws as a table too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MultipleLocator

from qyforecast.decide.draws import count
from qyforecast.decide.targets import Target
from qyforecast.report.quantiles import draw_quantiles
from qyforecast.report.style import (
    BANDS,
    INK,
    LINE,
    STYLE,
    TARGET,
    footer,
    percent_axis,
    spread,
    styled,
)
from qyforecast.report.wording import kind_text, percent_text, probability_text, say

#: Probability of an interval to the quantiles at its ends, the widest first.
INTERVALS = {95: (0.025, 0.975), 80: (0.1, 0.9), 50: (0.25, 0.75)}
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
#: A sign for each kind of source, told apart by shape.
MARKERS = {
    "census": "o",
    "plan": "s",
    "press": "^",
    "bulletin": "D",
    "yearbook": "v",
    "compilation": "P",
}
HALO = [withStroke(linewidth=2.5, foreground="white")]


@dataclass(frozen=True)
class Caption:
    """What a figure says about itself besides its data.

    Attributes
    ----------
    place : str
        Name of the region.
    scenario : str
        Name of the scenario.
    sources : str
        Publishers of what it rests on.
    lang : {"en", "zh"}
        Language of the texts.
    """

    place: str
    scenario: str
    sources: str
    lang: str = "en"


@rc_context(STYLE)
def fan(
    shares: Mapping[int, xr.DataArray],
    observed: pd.DataFrame,
    targets: Sequence[Target],
    caption: Caption,
) -> tuple[Figure, pd.DataFrame]:
    """Draw how an urban share may go, as known at several vintages side by side.

    Parameters
    ----------
    shares : mapping of int to DataArray
        Year of knowledge to the urban share of one region, ``(draw, year)``. [1]
    observed : DataFrame
        ``year, urban_share, kind, published``, as `observed_table` makes it. [1]
    targets : sequence of Target
        Of that region; one that is read as *about* is told beside the strict one.
    caption : Caption
        Place, scenario, sources, language.

    Returns
    -------
    tuple of Figure and DataFrame
        The figure, and all it shows: ``as_of, year, what, label, value``, where `what` is
        ``quantile``, ``observed`` or ``probability``.
    """
    tables = {as_of: _quantiles(share) for as_of, share in shares.items()}
    figure, panels = styled(1.2 + 4.7 * len(tables), 6.2, len(tables))
    limits = _limits(tables, observed, targets)
    rows = []
    for panel, (as_of, table) in zip(panels, tables.items(), strict=True):
        panel.set_ylim(*limits)
        panel.set_title(say("panel_fan", caption.lang, {"as_of": as_of}), size=10, loc="left")
        _draw_bands(panel, table, caption.lang)
        _draw_observed(panel, observed, as_of, caption.lang)
        met = _draw_targets(panel, shares[as_of], table, targets, caption.lang)
        _draw_axes(panel, table, observed, caption.lang)
        rows.append(_shown(as_of, table, observed, met))
    draws = next(iter(shares.values())).sizes["draw"]
    _frame(figure, caption, draws)
    return figure, pd.concat(rows, ignore_index=True)


def _quantiles(share: xr.DataArray) -> pd.DataFrame:
    """Quantiles by year; columns are probabilities."""
    paths = share.sortby("year").transpose("draw", "year")
    found = draw_quantiles(paths.values, QUANTILES)
    return pd.DataFrame(found.T, index=paths["year"].values.astype(int), columns=list(QUANTILES))


def _limits(
    tables: Mapping[int, pd.DataFrame], observed: pd.DataFrame, targets: Sequence[Target]
) -> tuple[float, float]:
    """Room for everything in tens of percent, and for the words on targets above."""
    values = [table.to_numpy() for table in tables.values()]
    values += [observed["urban_share"].to_numpy(), np.array([t.threshold for t in targets])]
    low, high = min(v.min() for v in values if v.size), max(v.max() for v in values if v.size)
    return max(0.0, np.floor(10 * low - 0.3) / 10), high + 0.26 * (high - low)


def _draw_bands(panel: Axes, table: pd.DataFrame, lang: str) -> None:
    for (low, high), colour in zip(INTERVALS.values(), BANDS, strict=True):
        panel.fill_between(table.index, table[low], table[high], color=colour, linewidth=0)
    panel.plot(table.index, table[0.5], color=LINE, linewidth=1.8)
    last = table.iloc[-1]
    median = say("median", lang, {"share": percent_text(last[0.5], lang, 0)})
    words = {0.5: median} | {
        high: percent_text(level / 100, lang, 0) for level, (_, high) in INTERVALS.items()
    }
    bottom, top = panel.get_ylim()
    order = sorted(words)
    heights = spread([float(last[quantile]) for quantile in order], 0.036 * (top - bottom))
    for quantile, height in zip(order, heights, strict=True):
        weight = "bold" if quantile == 0.5 else "normal"
        panel.text(table.index[-1] + 0.4, height, words[quantile], va="center", color=LINE,
                   weight=weight, size=8.5)  # fmt: skip


def _draw_observed(panel: Axes, observed: pd.DataFrame, as_of: int, lang: str) -> None:
    """Points by kind of source, hollow where the vintage did not know them."""
    for row in observed.to_dict("records"):
        year, share, kind = row["year"], row["urban_share"], str(row["kind"])
        panel.plot(
            year,
            share,
            marker=MARKERS.get(kind, "X"),
            markersize=6,
            markerfacecolor=INK if row["published"] <= as_of else "white",
            markeredgecolor=INK,
            markeredgewidth=1,
            linestyle="none",
            zorder=5,
        )
        panel.annotate(
            f"{kind_text(kind, lang)} {year}",
            (year, share),
            xytext=(6, -9),
            textcoords="offset points",
            size=7.5,
            color=INK,
            va="center",
            path_effects=HALO,
            zorder=6,
        )


def _draw_targets(
    panel: Axes,
    share: xr.DataArray,
    table: pd.DataFrame,
    targets: Sequence[Target],
    lang: str,
) -> dict[Target, float]:
    """Bars where targets stand, with the probability that each is reached."""
    bottom, top = panel.get_ylim()
    met = {
        target: count(share.sel(year=target.year).values >= target.bar).value for target in targets
    }
    promised = {t.year for t in targets if t.reading == "strict"}
    for target in targets:
        if target.reading == "about" and target.year in promised:
            continue  # told beside the strict one
        near = [t for t in targets if t is not target and t.year == target.year]
        year, height = target.year, target.bar
        panel.plot(
            [year - 0.8, year + 0.3],
            [height, height],
            color=TARGET,
            linewidth=3,
            solid_capstyle="butt",
            path_effects=[withStroke(linewidth=5, foreground="white")],
            zorder=7,
        )
        above = max(height, float(table[0.975].to_dict()[year])) + 0.03 * (top - bottom)
        panel.plot([year, year], [height, above], color=TARGET, linewidth=0.8, zorder=4)
        words = _target_words(target, near, met, lang)
        style = {"ha": "right", "va": "bottom", "size": 8.5, "color": TARGET, "linespacing": 1.3}
        panel.text(year + 0.3, above, words, fontdict=style)
    return met


def _target_words(
    target: Target, near: Sequence[Target], met: Mapping[Target, float], lang: str
) -> str:
    share = percent_text(target.bar, lang, 0)
    lines = [
        say("target_fan", lang, {"year": target.year, "share": share}),
        say("target_met", lang, {"probability": probability_text(met[target], lang)}),
    ]
    for other in near:
        words = {
            "share": percent_text(other.bar, lang, 0),
            "probability": probability_text(met[other], lang),
        }
        lines.append(say("target_about", lang, words))
    return "\n".join(lines)


def _draw_axes(panel: Axes, table: pd.DataFrame, observed: pd.DataFrame, lang: str) -> None:
    first = min([int(table.index[0]), *observed["year"].astype(int)])
    last = int(table.index[-1])
    panel.set_xlim(first - 1, last + 0.3 * (last - first))
    panel.xaxis.set_major_locator(MultipleLocator(5))
    panel.set_xticks([year for year in range(first - first % 5, last + 1, 5) if year >= first])
    panel.spines["bottom"].set_bounds(first - 1, last)
    panel.set_xlabel(say("axis_year", lang))
    percent_axis(panel, lang)


def _frame(figure: Figure, caption: Caption, draws: int) -> None:
    """Title above, what a reader must know below."""
    lang = caption.lang
    title = say("title_fan", lang, {"place": caption.place})
    figure.text(0.01, 0.985, title, size=13, weight="bold", va="top")
    about = {"scenario": caption.scenario, "draws": f"{draws:,}"}
    sentences = [
        say("bands_fan", lang, about),
        say("pseudo_vintage", lang),
        say("leaves_out", lang),
        say("sources", lang, {"sources": caption.sources}),
    ]
    foot = footer(figure, sentences, lang)
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=0.6 / width, right=0.995, top=1 - 0.65 / height, bottom=foot + 0.55 / height,
        wspace=0.04,
    )  # fmt: skip


def _shown(
    as_of: int, table: pd.DataFrame, observed: pd.DataFrame, met: Mapping[Target, float]
) -> pd.DataFrame:
    """All that one panel shows, in rows."""
    curves = table.rename_axis("year").reset_index().melt("year", var_name="label")
    points = observed.rename(columns={"kind": "label", "urban_share": "value"})
    answers = pd.DataFrame(
        {
            "year": [target.year for target in met],
            "label": [target.name for target in met],
            "value": list(met.values()),
        }
    )
    parts = {"quantile": curves, "observed": points, "probability": answers}
    columns = ["as_of", "year", "what", "label", "value"]
    tables = [part.assign(as_of=as_of, what=what)[columns] for what, part in parts.items()]
    return pd.concat([part for part in tables if len(part)], ignore_index=True)

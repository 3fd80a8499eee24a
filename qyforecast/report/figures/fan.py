"""The fan: how an urban share may go, with its targets and what was observed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.figures.rows import of_place
from qyforecast.report.names import name_of
from qyforecast.report.style import BANDS, INK, LINE, TARGET, percent_axis, spread, styled
from qyforecast.report.wording import (
    interval_text,
    kind_text,
    percent_text,
    probability_text,
)

#: Columns of `urban_share_table` at the ends of each interval, the widest first.
INTERVALS = {95: ("q025", "q975"), 80: ("q10", "q90"), 50: ("q25", "q75")}
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


def fan(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw how an urban share may go, as known at several vintages side by side.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``urban_share`` and ``targets`` as `urban_share_table` and `targets_table` make them,
        and ``observed`` as `observed_table` does. The scenario of the first row is shown. [1]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``as_of, year, what, label, value``, where `what` is ``quantile``,
        ``observed``, ``observed later`` (than the vintage knew), ``target`` or
        ``probability``. Of targets of one year, lower bars are told beside the highest. [1]
    """
    shares, targets = of_place(tables["urban_share"], setting), tables["targets"]
    targets = targets[targets["region_code"] == setting.region]
    scenario = str(shares["scenario"].iloc[0])
    shares, targets = (t[t["scenario"] == scenario] for t in (shares, targets))
    observed = tables["observed"]
    vintages = [int(year) for year in dict.fromkeys(shares["as_of"])]
    figure, panels = styled(1.2 + 4.7 * len(vintages), 6.2, len(vintages))
    rows = []
    for panel, as_of in zip(panels, vintages, strict=True):
        table = shares[shares["as_of"] == as_of].set_index("year").sort_index()
        bars = targets[(targets["as_of"] == as_of) & targets["year"].isin(table.index)]
        panel.set_ylim(*_limits(shares, observed, targets))
        panel.set_title(setting.say("panel_fan", {"as_of": as_of}), size=10, loc="left")
        _draw_bands(panel, table, setting)
        _draw_observed(panel, observed, as_of, setting)
        _draw_targets(panel, table, bars, setting)
        _draw_axes(panel, table, observed, setting)
        rows.append(_shown(as_of, table, observed, bars))
    last = shares.sort_values(["as_of", "year"]).iloc[-1]
    values = {
        "scenario": name_of(scenario, setting.lang),
        "as_of": int(last["as_of"]),
        "year": int(last["year"]),
        "median": percent_text(last["q50"], setting.lang),
        "interval": interval_text(last["q10"], last["q90"], setting.lang),
    }
    table = pd.concat(rows, ignore_index=True)
    return Drawn(figure, table, tuple(vintages), values, ("pseudo_vintage", "leaves_out"))


def _limits(
    shares: pd.DataFrame, observed: pd.DataFrame, targets: pd.DataFrame
) -> tuple[float, float]:
    """Room for everything in tens of percent, and for the words on targets above."""
    values = np.concatenate(
        [
            shares[["q025", "q975"]].to_numpy().ravel(),
            observed["urban_share"].to_numpy(),
            targets["threshold"].to_numpy(),
        ]
    )
    low, high = values.min(), values.max()
    return max(0.0, np.floor(10 * low - 0.3) / 10), high + 0.26 * (high - low)


def _draw_bands(panel: Axes, table: pd.DataFrame, setting: Setting) -> None:
    lang = setting.lang
    for (low, high), colour in zip(INTERVALS.values(), BANDS, strict=True):
        panel.fill_between(table.index, table[low], table[high], color=colour, linewidth=0)
    panel.plot(table.index, table["q50"], color=LINE, linewidth=1.8)
    last = table.iloc[-1]
    words = {"q50": setting.say("median", {"share": percent_text(last["q50"], lang, 0)})} | {
        high: percent_text(level / 100, lang, 0) for level, (_, high) in INTERVALS.items()
    }
    bottom, top = panel.get_ylim()
    order = sorted(words, key=lambda column: float(last[column]))
    heights = spread([float(last[column]) for column in order], 0.038 * (top - bottom))
    for column, height in zip(order, heights, strict=True):
        panel.text(table.index[-1] + 0.4, height, words[column], va="center", color=LINE, size=8.5)


def _draw_observed(panel: Axes, observed: pd.DataFrame, as_of: int, setting: Setting) -> None:
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
            f"{kind_text(kind, setting.lang)} {year}",
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
    panel: Axes, table: pd.DataFrame, targets: pd.DataFrame, setting: Setting
) -> None:
    """Bars where targets stand, with the probability that each is reached."""
    bottom, top = panel.get_ylim()
    for year in sorted(set(targets["year"].astype(int).tolist())):
        bars = targets[targets["year"] == year].sort_values("threshold", ascending=False)
        height = float(bars["threshold"].iloc[0])
        panel.plot(
            [year - 0.8, year + 0.3],
            [height, height],
            color=TARGET,
            linewidth=3,
            solid_capstyle="butt",
            path_effects=[withStroke(linewidth=5, foreground="white")],
            zorder=7,
        )
        above = max(height, float(table["q975"].to_dict()[year])) + 0.03 * (top - bottom)
        panel.plot([year, year], [height, above], color=TARGET, linewidth=0.8, zorder=4)
        style = {"ha": "right", "va": "bottom", "size": 8.5, "color": TARGET, "linespacing": 1.2}
        panel.text(year + 0.3, above, _target_words(year, bars, setting), fontdict=style)


def _target_words(year: int, bars: pd.DataFrame, setting: Setting) -> str:
    lines = []
    for place, (bar, chance) in enumerate(zip(bars["threshold"], bars["probability"], strict=True)):
        share = percent_text(bar, setting.lang, 0)
        met = {"share": share, "probability": probability_text(chance, setting.lang)}
        if place == 0:
            lines.append(setting.say("target_fan", {"year": year, "share": share}))
        lines.append(setting.say("target_about" if place else "target_met", met))
    return "\n".join(lines)


def _draw_axes(panel: Axes, table: pd.DataFrame, observed: pd.DataFrame, setting: Setting) -> None:
    first = min([int(table.index[0]), *observed["year"].astype(int)])
    last = int(table.index[-1])
    panel.set_xlim(first - 1, last + 0.3 * (last - first))
    panel.set_xticks([year for year in range(first - first % 5, last + 1, 5) if year >= first])
    panel.spines["bottom"].set_bounds(first - 1, last)
    panel.set_xlabel(setting.say("axis_year"))
    percent_axis(panel, setting.lang)


def _shown(
    as_of: int, table: pd.DataFrame, observed: pd.DataFrame, targets: pd.DataFrame
) -> pd.DataFrame:
    """All that one panel shows, in rows."""
    drawn = ["q025", "q10", "q25", "q50", "q75", "q90", "q975"]
    curves = table[drawn].reset_index().melt("year", var_name="label")
    points = observed.rename(columns={"kind": "label", "urban_share": "value"})
    known = points["published"] <= as_of
    bars = targets.rename(columns={"target": "label"})
    parts = {
        "quantile": curves,
        "observed": points[known],
        "observed later": points[~known],
        "target": bars.rename(columns={"threshold": "value"}),
        "probability": bars.rename(columns={"probability": "value"}),
    }
    columns = ["as_of", "year", "what", "label", "value"]
    rows = [part.assign(as_of=as_of, what=what)[columns] for what, part in parts.items()]
    return pd.concat([part for part in rows if len(part)], ignore_index=True)

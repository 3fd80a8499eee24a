"""Figures of a model's card: coefficients beside the twin, prior and posterior, weights."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qyforecast.inference.priors import sample_prior
from qyforecast.report.coefficients import Coefficient
from qyforecast.report.style import BANDS, INK, LINE, QUIET, STYLE, TARGET

#: Parameters whose prior is drawn beside the posterior.
SHOWN = (
    *("pace", "national_convergence", "convergence", "province_scale"),
    *("employment secondary, response", "employment tertiary, response"),
    *("value_added secondary, response", "value_added tertiary, response"),
    *("county_offset", "prefecture_scale", "persistence", "shock_persistence"),
)

#: Edges of a histogram: few enough that four thousand draws make no comb.
BINS = 40


def draw_coefficients(twin: pd.DataFrame) -> Figure:
    """Draw the provinces' responses of posterior and twin, with 95 % intervals.

    Parameters
    ----------
    twin : DataFrame
        From `side_by_side`.

    Returns
    -------
    Figure
        Levels on the left, changes on the right.
    """
    terms = twin["term"].str
    driver = terms.contains("employment") | terms.contains("value_added")
    fixed = twin[(twin["level"] == "provinces") & driver]
    pooled = twin[(twin["level"] == "provinces without own effects") & driver]
    with rc_context({**STYLE, "axes.grid.axis": "x"}):
        figure = Figure(figsize=(7.5, 3.2), layout="constrained")
        panels = figure.subplots(1, 2)
        for panel, changes in zip(panels, (False, True), strict=True):
            rows = [t[t["term"].str.startswith("change of") == changes] for t in (fixed, pooled)]
            names = [_short(term) for term in rows[0]["term"]]
            places = np.arange(len(names))[::-1]
            first = rows[0]
            _bar(panel, places + 0.22, (first["post_low95"], first["median"], first["post_high95"]),
                 LINE, "posterior")  # fmt: skip
            for table, shift, colour, label in zip(
                rows, (0.0, -0.22), (TARGET, QUIET),
                ("least squares", "least squares, no province effects"), strict=True,
            ):  # fmt: skip
                ends = (table["low95"], table["estimate"], table["high95"])
                _bar(panel, places + shift, ends, colour, label)
            panel.axvline(0, color=INK, linewidth=0.8)
            panel.set_yticks(places, names)
            panel.set_title("what a change does" if changes else "what a level does", size=9)
            panel.set_xlabel("log odds per unit share" + ("" if changes else " and year"))
        panels[1].tick_params(axis="y", length=0, labelleft=False)
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _bar(panel, places: np.ndarray, ends: Sequence[pd.Series], colour: str, label: str) -> None:
    low, middle, high = ends
    panel.hlines(places, low, high, color=colour, linewidth=2)
    panel.plot(middle, places, "o", color=colour, markersize=5, label=label)


def _short(term: str) -> str:
    return term.removeprefix("change of ").replace("value_added", "value added")


def draw_priors(coefficients: list[Coefficient]) -> Figure:
    """Draw prior and posterior of the parameters that matter.

    Parameters
    ----------
    coefficients : list of Coefficient
        From `read_coefficients`.

    Returns
    -------
    Figure
        A small panel each: the prior grey, the posterior blue.
    """
    chosen = [one for one in coefficients if one.name in SHOWN]
    columns = 4
    height = -(-len(chosen) // columns)
    rng = np.random.default_rng(61)
    with rc_context({**STYLE, "axes.grid": False}):
        figure = Figure(figsize=(8.5, 1.55 * height + 0.4), layout="constrained")
        panels = figure.subplots(height, columns, squeeze=False).ravel()
        for panel, one in zip(panels, chosen, strict=False):
            prior = sample_prior(one.prior, 20_000, rng)
            low, high = np.quantile(np.concatenate([prior, one.draws]), (0.005, 0.995))
            bins = np.linspace(min(low, one.draws.min()), max(high, one.draws.max()), BINS)
            panel.hist(prior, bins, density=True, color="#d0d0d0", label="prior")
            panel.hist(
                one.draws, bins, density=True, histtype="stepfilled",
                facecolor=BANDS[2], edgecolor=LINE, alpha=0.75, label="posterior",
            )  # fmt: skip
            panel.set_title(one.name.replace("_", " ").replace(", ", ",\n"), size=8)
            panel.set_yticks([])
            panel.spines["left"].set_visible(False)
            panel.tick_params(labelsize=7)
            panel.locator_params(axis="x", nbins=4)
        for panel in panels[len(chosen) :]:
            panel.set_axis_off()
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
    return figure


def draw_weights(by_year: Mapping[int, Mapping[str, float]], rivals: Sequence[str]) -> Figure:
    """Draw the rivals' weights by year of knowledge.

    Parameters
    ----------
    by_year : mapping
        Year of knowledge to rival to weight.
    rivals : sequence of str
        All rivals, in order.

    Returns
    -------
    Figure
        Stacked bars that fill the height.
    """
    years = sorted(by_year)
    shades = (LINE, BANDS[2], BANDS[0], "#b8b8b8", "#e8c9a0", TARGET)
    with rc_context(STYLE):
        figure = Figure(figsize=(6.0, 2.8), layout="constrained")
        panel = figure.subplots()
        base = np.zeros(len(years))
        for place, rival in enumerate(rivals):
            values = np.array([by_year[year].get(rival, 0.0) for year in years])
            panel.bar(years, values, bottom=base, width=0.8,
                      color=shades[place % len(shades)], label=rival)  # fmt: skip
            base += values
        panel.set_ylim(0, 1)
        panel.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        panel.set_ylabel("weight")
        panel.set_xlabel("year of knowledge")
        figure.legend(loc="outside right center", frameon=False, reverse=True)
    return figure

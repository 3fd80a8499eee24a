"""The figure of a card that no other document has: weights of the rivals."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from qyforecast.report.style import BANDS, LINE, STYLE, TARGET


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

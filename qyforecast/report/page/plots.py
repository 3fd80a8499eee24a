"""Which charts a page draws interactively, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qyforecast.report.figures.chart import Chart
from qyforecast.report.page.chances import chances_plot, growth_plot, vintages_plot
from qyforecast.report.page.curves import counties_plot, fan_plot
from qyforecast.report.page.panels import Plot

#: Name of a chart to what draws it; the others stay pictures, with their tables.
PLOTS: Mapping[str, Callable[[Chart], Plot]] = {
    "fan": fan_plot,
    "chances": chances_plot,
    "vintages": vintages_plot,
    "growth": growth_plot,
    "counties": counties_plot,
}

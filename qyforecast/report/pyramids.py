"""Pyramids: residents by age, sex and residence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from qyforecast.demography.graduation import group_ages
from qyforecast.report.demography_frame import Subject, frame
from qyforecast.report.demography_tables import GROUPS
from qyforecast.report.style import QUIET, RURAL, STYLE, URBAN

_MIDDLES = np.array(GROUPS) + 2.5
_SIDES = {"male": -1, "female": 1}


@rc_context(STYLE)
def pyramids(
    people: Mapping[str, xr.DataArray], subject: Subject, *, shares: bool = False
) -> Figure:
    """Draw pyramids by residence side by side.

    Parameters
    ----------
    people : mapping of str to DataArray
        Title of a panel to residents, ``(residence, sex, age)``, by single age. [person]
    subject : Subject
        Place, vintage, note.
    shares : bool
        Draw percent of each panel's residents, so that small and large places compare.

    Returns
    -------
    Figure
        Men to the left, women to the right, urban inside; one scale for all panels.
    """
    count = len(people)
    columns = min(count, 4)
    rows = -(-count // columns)
    figure = Figure(figsize=(max(7.6, 3.0 * columns), 0.9 + (4.6 if rows == 1 else 3.1 * rows)))
    panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    widest = 0.0
    for panel, (title, persons) in zip(panels, people.items(), strict=True):
        groups = group_ages(persons, GROUPS) / (float(persons.sum()) / 100 if shares else 1000)
        widest = max(widest, float(groups.sum("residence").max()))
        _pyramid(panel, groups)
        panel.set_title(f"{title}: {float(persons.sum()):,.0f}", size=9, loc="left")
    panels[0].set_xlim(-1.08 * widest, 1.08 * widest)
    unit = "% of residents" if shares else "thousand persons"
    _name_sides(panels, columns, f"{unit} in five years of age")
    figure.legend(
        *panels[0].get_legend_handles_labels(), loc="upper right", ncol=2, frameon=False,
        handlelength=1, bbox_to_anchor=(0.995, 1.0),
    )  # fmt: skip
    frame(figure, f"Residents by age, sex and residence, {subject.place}", subject)
    return figure


def _pyramid(panel: Axes, groups: xr.DataArray) -> None:
    for sex, side in _SIDES.items():
        start = np.zeros(len(GROUPS))
        for residence, colour in (("urban", URBAN), ("rural", RURAL)):
            width = groups.sel(sex=sex, residence=residence).values
            panel.barh(
                _MIDDLES, side * width, left=side * start, height=4.6, color=colour,
                label=residence if side > 0 else None,
            )  # fmt: skip
            start = start + width
    panel.axvline(0, color="white", linewidth=1.2)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))
    panel.xaxis.set_major_locator(MaxNLocator(5, symmetric=True))
    panel.set_yticks([*range(0, 81, 20)], [*map(str, range(0, 61, 20)), "80"])
    panel.grid(visible=True, axis="x")
    panel.grid(visible=False, axis="y")


def _name_sides(panels: Sequence[Axes], columns: int, unit: str) -> None:
    for place, panel in enumerate(panels):
        for x, word, align in ((0.02, "men", "left"), (0.98, "women", "right")):
            panel.text(x, 0.97, word, transform=panel.transAxes, va="top", ha=align, color=QUIET)
        if place >= len(panels) - columns:
            panel.set_xlabel(unit)
        if place % columns == 0:
            panel.set_ylabel("age (85 and over together)")

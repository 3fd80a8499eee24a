"""One look for every figure: quiet, safe for colour-blind eyes, legible in grey."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from qyforecast.report.wording import percent_text

INK, QUIET, GRID = "#1a1a1a", "#595959", "#e3e3e3"
#: Wide to narrow: one hue, darker where draws are denser, so that grey shows the same.
BANDS = ("#d6e6f2", "#a3c9e2", "#5f9fcb")
LINE = "#08306b"
TARGET = "#9c3208"

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "figure.facecolor": "white",
    "savefig.dpi": 150,
}
FOOTER_SIZE = 7.5


def styled(width: float, height: float, columns: int) -> tuple[Figure, list[Axes]]:
    """Begin a figure of panels side by side that share their vertical axis.

    Parameters
    ----------
    width, height : float
        Size. [inch]
    columns : int
        Number of panels.

    Returns
    -------
    tuple of Figure and list of Axes
        Made without pyplot, so that nothing stays behind; in the `STYLE` of the caller.
    """
    figure = Figure(figsize=(width, height))
    panels = figure.subplots(1, columns, sharey=True, squeeze=False)
    return figure, list(panels[0])


def percent_axis(panel: Axes, lang: str) -> None:
    """Label a vertical axis of shares in percent.

    Parameters
    ----------
    panel : Axes
        Panel.
    lang : {"en", "zh"}
        Language.
    """
    panel.yaxis.set_major_formatter(FuncFormatter(lambda share, _: percent_text(share, lang, 0)))


def footer(figure: Figure, sentences: Sequence[str], lang: str) -> float:
    """Write what a reader must know under a figure.

    Parameters
    ----------
    figure : Figure
        Figure with room at its foot.
    sentences : sequence of str
        A paragraph each.
    lang : {"en", "zh"}
        Chinese characters are twice as wide.

    Returns
    -------
    float
        Height that it takes, as a share of the figure's.
    """
    characters = int(figure.get_figwidth() * (9 if lang == "zh" else 17.5))
    lines = [line for text in sentences for line in textwrap.wrap(text, characters)]
    spacing = 1.35
    figure.text(
        0.01, 0.012, "\n".join(lines), size=FOOTER_SIZE, color=QUIET, va="bottom",
        linespacing=spacing,
    )  # fmt: skip
    # A line is as high as its letters, a sixth more, and the spacing; an inch has 72 points.
    return len(lines) * FOOTER_SIZE * 1.165 * spacing / 72 / figure.get_figheight() + 0.012


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """Move labels apart, as little as is needed, in the order of their heights.

    Parameters
    ----------
    heights : sequence of float
        Where labels would stand, from low to high.
    gap : float
        Least distance between neighbours.

    Returns
    -------
    list of float
        Where they stand, their middle kept.

    Examples
    --------
    >>> spread([1.0, 1.0, 5.0], 2.0)
    [0.0, 2.0, 5.0]
    """
    blocks: list[list[float]] = []
    for height in heights:
        blocks.append([height, 1.0])
        while len(blocks) > 1 and _touch(blocks[-2], blocks[-1], gap):
            middle, count = blocks.pop()
            below, others = blocks.pop()
            blocks.append([(middle * count + below * others) / (count + others), count + others])
    return [
        middle + gap * (place - (count - 1) / 2)
        for middle, count in blocks
        for place in range(int(count))
    ]


def _touch(lower: list[float], upper: list[float], gap: float) -> bool:
    return upper[0] - lower[0] < gap * (lower[1] + upper[1]) / 2


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure as PNG, the same bytes for the same figure.

    Parameters
    ----------
    figure : Figure
        Figure.
    path : Path
        File to write.
    """
    with rc_context(STYLE):
        figure.savefig(path, metadata={"Software": None})

"""One look and one face for every figure: safe for colour-blind eyes, legible in grey."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Literal

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from qyforecast.errors import OutputError
from qyforecast.report.wording import percent_text

#: The one face, Chinese and Latin; of a name of its own, so that none of the system is taken.
FACE = "qyforecast Sans SC"
FACE_FILE = Path(str(files("qyforecast.report"))) / "fonts" / "qyforecast-sans-sc.ttf"
INK, QUIET, GRID = "#1a1a1a", "#595959", "#e3e3e3"
#: Wide to narrow: one hue, darker where draws are denser, so that grey shows the same.
BANDS = ("#d6e6f2", "#a3c9e2", "#5f9fcb")
LINE = "#08306b"
TARGET = "#9c3208"
#: Urban and rural, told apart in grey too.
URBAN, RURAL = "#1f5f99", "#b5d3e8"
#: Parts of a whole: colour and hatch, told apart in grey by darkness and pattern.
SPLIT = (("#e8c9a0", ""), (URBAN, ""), ("#a3c9e2", "...."), (TARGET, "////"))

STYLE: dict[Any, Any] = {
    "font.family": FACE,
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
TITLE_SIZE = 13


def register_face(path: Path = FACE_FILE) -> None:
    """Make the bundled face known to matplotlib.

    Parameters
    ----------
    path : Path
        Its file.

    Raises
    ------
    OutputError
        If it cannot be read.
    """
    try:
        font_manager.fontManager.addfont(path)
    except (OSError, RuntimeError) as error:
        raise OutputError(
            "the face that charts are set in cannot be read",
            where=str(path),
            found=str(error),
            cure="install the package again: the file comes with it",
        ) from error


register_face()


def styled(
    width: float, height: float, columns: int, *, share: bool = True
) -> tuple[Figure, list[Axes]]:
    """Begin a figure of panels side by side.

    Parameters
    ----------
    width, height : float
        Size. [inch]
    columns : int
        Number of panels.
    share : bool
        Whether they share their vertical axis.

    Returns
    -------
    tuple of Figure and list of Axes
        Made without pyplot, so that nothing stays behind; in the `STYLE` of the caller.
    """
    figure = Figure(figsize=(width, height))
    panels = figure.subplots(1, columns, sharey=share, squeeze=False)
    return figure, list(panels[0])


def percent_axis(panel: Axes, lang: str, axis: Literal["x", "y"] = "y") -> None:
    """Label an axis of shares in percent.

    Parameters
    ----------
    panel : Axes
        Panel.
    lang : {"en", "zh"}
        Language.
    axis : {"x", "y"}
        Which.
    """
    chosen = panel.xaxis if axis == "x" else panel.yaxis
    chosen.set_major_formatter(FuncFormatter(lambda share, _: percent_text(share, lang, 0)))


def footer(figure: Figure, sentences: Sequence[str]) -> float:
    """Write what a reader must know under a figure.

    Parameters
    ----------
    figure : Figure
        Figure with room at its foot.
    sentences : sequence of str
        A paragraph each.

    Returns
    -------
    float
        Height that it takes, as a share of the figure's.
    """
    # A Chinese character is as wide as it is high, 1/72 inch a point; two units each.
    width = int((figure.get_figwidth() - 0.3) * 2 * 72 / FOOTER_SIZE)
    lines = [line for text in sentences for line in wrapped(text, width)]
    spacing = 1.2
    figure.text(
        0.1 / figure.get_figwidth(), 0.012, "\n".join(lines), size=FOOTER_SIZE, color=QUIET,
        va="bottom", linespacing=spacing,
    )  # fmt: skip
    # The face's lines are nearly half as high again as its letters.
    return len(lines) * FOOTER_SIZE * 1.2 * spacing / 72 / figure.get_figheight() + 0.012


_WIDE = "\u2e80-\u9fff\uff00-\uffef"
_PIECES = re.compile(rf"[“（《]*(?:[{_WIDE}]|[^{_WIDE}\s“（《]+)[，。；：、）”》]*|\s+")


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines, Chinese between characters and Latin between words.

    Parameters
    ----------
    text : str
        A paragraph.
    width : int
        Most of a line: two for a Chinese character, one for another.

    Returns
    -------
    list of str
        Lines; none begins with a sign that closes.

    Examples
    --------
    >>> wrapped("单位：万人。As of 2025", 12)
    ['单位：万人。', 'As of 2025']
    """
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if _width(line + piece.rstrip()) > width and line:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _width(text: str) -> float:
    """Width in halves of a Chinese character; Latin letters are about one wide, figures more."""
    return sum(2 if letter > "\u2e7f" else 1.15 if letter.isdigit() else 1.0 for letter in text)


def framed(figure: Figure, title: str, sentences: Sequence[str]) -> None:
    """Write the title above a figure, and below it what a reader must know.

    Parameters
    ----------
    figure : Figure
        Its panels drawn; they are fitted into the room between.
    title : str
        What it shows.
    sentences : sequence of str
        Paragraphs of the foot.
    """
    width, height = figure.get_size_inches()
    lines = wrapped(title, int((width - 0.2) * 2 * 72 / TITLE_SIZE))
    figure.text(
        0.1 / width, 1 - 0.1 / height, "\n".join(lines), size=TITLE_SIZE, va="top",
        linespacing=1.15,
    )  # fmt: skip
    foot = footer(figure, sentences) + 0.08 / height
    head = (0.22 + 0.25 * len(lines)) / height
    figure.set_layout_engine("constrained", rect=(0, foot, 1, 1 - foot - head))


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


def save_figure(figure: Figure, path: Path | BinaryIO) -> None:
    """Write a figure as PNG, the same bytes for the same figure.

    Parameters
    ----------
    figure : Figure
        Figure.
    path : Path or file
        File to write.
    """
    with rc_context(STYLE):
        figure.savefig(path, metadata={"Software": None})


def figure_svg(figure: Figure) -> bytes:
    """Draw a figure as SVG, its letters as outlines: no face need be installed.

    Parameters
    ----------
    figure : Figure
        Figure.

    Returns
    -------
    bytes
        The same for the same figure.
    """
    content = BytesIO()
    with rc_context({**STYLE, "svg.hashsalt": "qyforecast"}):
        figure.savefig(content, format="svg", metadata={"Date": None, "Creator": None})
    return content.getvalue()

"""Charts as pictures in a page, whose own text says what stands around them on paper."""

from __future__ import annotations

import base64
from io import BytesIO

from matplotlib import rc_context
from matplotlib.figure import Figure

from qyforecast.report.style import STYLE


def panels_png(figure: Figure) -> bytes:
    """Draw the panels of a chart without the title above and the foot below.

    Parameters
    ----------
    figure : Figure
        Of a chart, framed; it is left as it was.

    Returns
    -------
    bytes
        A PNG file, the same for the same figure.
    """
    engine = figure.get_layout_engine()
    frame = engine.get()["rect"] if engine else (0, 0, 1, 1)
    width, height = figure.get_size_inches()
    written = [text for text in figure.texts if text.get_visible()]
    # A layout begins where the last one ended; begun anew, it ends the same.
    places = [(panel, panel.get_position(original=True).frozen()) for panel in figure.axes]
    target = BytesIO()
    try:
        for text in written:
            text.set_visible(False)
        figure.set_size_inches(width, height * frame[3])
        figure.set_layout_engine("constrained", rect=(0, 0, 1, 1))
        with rc_context(STYLE):
            figure.savefig(target, format="png", metadata={"Software": None})
    finally:
        for text in written:
            text.set_visible(True)
        figure.set_size_inches(width, height)
        figure.set_layout_engine("constrained", rect=frame)
        for panel, place in places:
            panel.set_position(place)
            panel.set_in_layout(True)
    return target.getvalue()


def data_address(png: bytes) -> str:
    """Write a picture into its own address.

    Parameters
    ----------
    png : bytes
        A PNG file.

    Returns
    -------
    str
        A ``data:`` address, which asks nothing of any machine.
    """
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def size_of(png: bytes) -> dict[str, str]:
    """Read the size of a picture, so that a page keeps its place free.

    Parameters
    ----------
    png : bytes
        A PNG file.

    Returns
    -------
    dict of str
        Width and height. [pixel]
    """
    # The first chunk of every PNG file; ISO/IEC 15948, 11.2.2.
    return {"width": str(int.from_bytes(png[16:20])), "height": str(int.from_bytes(png[20:24]))}

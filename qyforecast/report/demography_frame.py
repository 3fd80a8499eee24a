"""What every picture of the demography says about itself."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from qyforecast.report.style import footer

#: Urban and rural, told apart in grey too.
URBAN, RURAL = "#1f5f99", "#b5d3e8"
SOURCES = (
    "Sources: National Bureau of Statistics of China, censuses of 2010 and 2020, county tables and "
    "tables of Gansu and the nation"
)


@dataclass(frozen=True)
class Subject:
    """What a picture is of.

    Attributes
    ----------
    place : str
        Name of the region.
    as_of : int
        Year of knowledge.
    note : str
        What a reader must know of it besides.
    """

    place: str
    as_of: int
    note: str

    @property
    def foot(self) -> tuple[str, str]:
        """The lines under the picture."""
        return self.note, f"Rates as known at the end of {self.as_of}. {SOURCES}."


def frame(figure: Figure, title: str, subject: Subject, gap: float = 0.18) -> None:
    """Write the title above a picture, and below it what a reader must know.

    Parameters
    ----------
    figure : Figure
        Picture, its panels drawn.
    title : str
        What it shows.
    subject : Subject
        Note, vintage and sources.
    gap : float
        Room between panels side by side, as a share of their width.
    """
    figure.text(0.01, 0.985, title, size=13, weight="bold", va="top")
    foot = footer(figure, subject.foot, "en")
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=0.75 / width, right=1 - 0.15 / width, top=1 - 0.72 / height,
        bottom=foot + 0.6 / height, wspace=gap, hspace=0.24,
    )  # fmt: skip

"""What every picture of the demography says about itself."""

from dataclasses import dataclass

from matplotlib.figure import Figure

from qyforecast.report.style import framed

SOURCES = (
    "Sources: National Bureau of Statistics of China, censuses of 2010 and 2020, county tables and "
    "tables of the province and the nation"
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


def frame(figure: Figure, title: str, subject: Subject) -> None:
    """Write the title above a picture, and below it what a reader must know.

    Parameters
    ----------
    figure : Figure
        Picture, its panels drawn.
    title : str
        What it shows.
    subject : Subject
        Note, vintage and sources.
    """
    framed(figure, title, subject.foot)

"""A document as content: what is said, in one language, before any format has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from qyforecast.report.figures.chart import Chart
    from qyforecast.report.overview import TextTable


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text : str
        Plain text, no markup.
    weight : {"answer", "text", "note"}
        The answer of the document, running text, or a remark in small print.
    """

    text: str
    weight: str = "text"


@dataclass(frozen=True)
class Grid:
    """A table, as people read it and as machines do.

    Attributes
    ----------
    key : str
        Short name, the sheet's in a workbook and the anchor's in a page.
    shown : TextTable
        Caption, formatted cells and notes.
    frame : DataFrame
        The tidy table from which the cells were formatted, unrounded.
    units : mapping of str
        Unit of each numeric column of the frame.
    """

    key: str
    shown: TextTable
    frame: pd.DataFrame
    units: dict[str, str]


@dataclass(frozen=True)
class Picture:
    """A chart in its place.

    Attributes
    ----------
    chart : Chart
        The chart, with its table, source and alternative text.
    """

    chart: Chart


Block = Paragraph | Grid | Picture


@dataclass(frozen=True)
class Part:
    """A headed part of a document.

    Attributes
    ----------
    key : str
        Short name, the same in every language.
    title : str
        Heading.
    blocks : tuple of Block
        In reading order.
    annex : bool
        Whether it follows the two pages that everybody reads.
    """

    key: str
    title: str
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True)
class Document:
    """All that a briefing says, in one language.

    Attributes
    ----------
    lang : {"zh", "en"}
        Language.
    title : str
        Title.
    place : str
        The city's name in that language.
    as_of : tuple of int
        Years of knowledge, the newest last.
    parts : tuple of Part
        In reading order; the first one answers.
    """

    lang: str
    title: str
    place: str
    as_of: tuple[int, ...]
    parts: tuple[Part, ...]

    def blocks(self) -> Iterator[Block]:
        """All blocks in reading order.

        Yields
        ------
        Block
            Paragraph, grid or picture.
        """
        for part in self.parts:
            yield from part.blocks

    def part(self, key: str) -> Part:
        """Find a part.

        Parameters
        ----------
        key : str
            Its short name.

        Returns
        -------
        Part
            The part.
        """
        return next(part for part in self.parts if part.key == key)

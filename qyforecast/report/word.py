"""A document as a Word file."""

from __future__ import annotations

import datetime
import io
from pathlib import Path
from unicodedata import east_asian_width

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Cm, Pt, RGBColor

from qyforecast.report.document import Block, Document, Grid, Paragraph, Part, Picture
from qyforecast.report.overview import TextTable
from qyforecast.report.style import save_figure
from qyforecast.report.whole import settle
from qyforecast.report.word_style import TEXT, add_field, lay_out, new_document, set_footer
from qyforecast.report.wording import say

#: Size of the text of a paragraph, by its weight. [pt]
SIZES = {"answer": 11.0, "text": 9.5, "note": 8.0}
QUIET = RGBColor(0x59, 0x59, 0x59)
#: Largest height of a picture, in the annex and before it. [cm]
TALLEST, TALLEST_FIRST = 20.0, 9.6
#: Size of a picture, so that the letters of all are alike. [cm / inch]
SCALE = 1.86
#: Files say this date, so that the same results give the same bytes.
DATE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class _Writer:
    """A Word document in the making: counts its captions."""

    def __init__(self, document: Document) -> None:
        self.lang = document.lang
        self.docx: Docx = new_document(document.lang)
        self.counts = {"table": 0, "figure": 0}

    def part(self, part: Part) -> None:
        self.docx.add_heading(part.title, 2 if part.annex else 1)
        for block in part.blocks:
            self.block(block, annex=part.annex)

    def block(self, block: Block, *, annex: bool) -> None:
        if isinstance(block, Paragraph):
            self.text(block.text, block.weight)
        elif isinstance(block, Grid):
            self.grid(block.shown)
        else:
            self.picture(block, TALLEST if annex else TALLEST_FIRST)

    def text(self, text: str, weight: str) -> None:
        run = self.docx.add_paragraph().add_run(text)
        run.font.size = Pt(SIZES[weight])
        if weight == "note":
            run.font.color.rgb = QUIET

    def caption(self, kind: str, text: str, *, above: bool) -> None:
        self.counts[kind] += 1
        label = say(f"caption_{kind}", self.lang)
        line = self.docx.add_paragraph(style="Caption")
        line.add_run(label)
        add_field(line, f"SEQ {label.strip()} \\* ARABIC", str(self.counts[kind]))
        line.add_run(say("caption_then", self.lang) + text)
        line.paragraph_format.keep_with_next = above

    def grid(self, shown: TextTable) -> None:
        self.caption("table", shown.title, above=True)
        cells = [shown.columns, *shown.rows]
        table = self.docx.add_table(len(cells), len(shown.columns))
        for place, (row, texts) in enumerate(zip(table.rows, cells, strict=True)):
            for cell, text in zip(row.cells, texts, strict=True):
                line = cell.paragraphs[0]
                line.paragraph_format.space_after = Pt(0)
                run = line.add_run(text)
                run.font.size, run.font.bold = Pt(8), place == 0
                # A table stays with its head, and its last rows with one another.
                line.paragraph_format.keep_with_next = place == 0 or len(cells) < 12
        lay_out(table, _widths(cells))
        for note in shown.notes:
            self.text(note, "note")

    def picture(self, block: Picture, tallest: float) -> None:
        width, height = block.chart.figure.get_size_inches()
        shrink = min(SCALE, TEXT / width, tallest / height)
        line = self.docx.add_paragraph()
        line.paragraph_format.keep_with_next = True
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        image = io.BytesIO()
        save_figure(block.chart.figure, image)
        shape = line.add_run().add_picture(image, Cm(shrink * width), Cm(shrink * height))
        shape._inline.docPr.set("descr", block.chart.alt)
        shape._inline.docPr.set("title", block.chart.title)
        self.caption("figure", block.chart.title, above=False)

    def annex(self) -> None:
        head = self.docx.add_heading(level=1)
        head.add_run().add_break(WD_BREAK.PAGE)
        head.add_run(say("annex", self.lang))


def write_docx(document: Document, target: Path) -> None:
    """Write a document as a Word file.

    Parameters
    ----------
    document : Document
        What is said.
    target : Path
        File to make; its folder is there.
    """
    writer = _Writer(document)
    writer.docx.add_paragraph(document.title, style="Title")
    for part in (one for one in document.parts if not one.annex):
        writer.part(part)
    writer.annex()
    for part in (one for one in document.parts if one.annex):
        writer.part(part)
    _foot(writer.docx, document)
    properties = writer.docx.core_properties
    properties.title, properties.author, properties.comments = document.title, "qyforecast", ""
    properties.language = "zh-CN" if document.lang == "zh" else "en-GB"
    properties.created = properties.modified = DATE
    writer.docx.save(str(target))
    settle(target)


def _foot(docx: Docx, document: Document) -> None:
    dates = [say("year_end", document.lang, {"year": year}) for year in document.as_of]
    known = say("list", document.lang).join(dates)
    text = say("foot_as_of", document.lang, {"place": document.place, "as_of": known})
    before, _, after = say("foot_page", document.lang, {"page": "\0"}).partition("\0")
    set_footer(docx, text, (before, after))


def _widths(cells: list[tuple[str, ...]]) -> list[float]:
    """Share the width of the text among columns by what is longest in each."""
    body = list(zip(*cells[1:], strict=True)) or [("",)] * len(cells[0])
    # A head may take two lines, so half of it is enough.
    longest = [
        min(max(_length(head) / 2, *map(_length, column)), 50) + 3
        for head, column in zip(cells[0], body, strict=True)
    ]
    return [TEXT * one / sum(longest) for one in longest]


def _length(text: str) -> int:
    """Count the letters of a text, Chinese ones as two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)

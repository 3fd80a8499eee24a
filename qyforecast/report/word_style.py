"""How a Word document looks: page, faces, captions, table borders and fields."""

from __future__ import annotations

from dataclasses import dataclass

import docx
from docx.document import Document as Docx
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

INK = RGBColor(0x1A, 0x1A, 0x1A)
QUIET = "595959"
#: Height and width of A4, and the width of its text. [cm]
HEIGHT, WIDTH, TEXT = 29.7, 21.0, 17.4
MARGIN, FOOT = 1.8, 1.5


@dataclass(frozen=True)
class Faces:
    """Faces of a language: each has a Latin one and a Chinese one.

    Attributes
    ----------
    latin, chinese : str
        Of running text.
    latin_head, chinese_head : str
        Of headings.
    """

    latin: str
    chinese: str
    latin_head: str
    chinese_head: str


#: Faces that Word has on Chinese systems; other systems put their own in their place.
FACES = {
    "zh": Faces("Times New Roman", "宋体", "Arial", "黑体"),
    "en": Faces("Arial", "宋体", "Arial", "黑体"),
}
#: Style to size, bold, space before and after. [pt]
STYLES: dict[str, tuple[float, bool, float, float]] = {
    "Normal": (9.5, False, 0, 3),
    "Title": (18, True, 0, 4),
    "Heading 1": (12, True, 6, 2),
    "Heading 2": (11, True, 10, 3),
    "Caption": (9, True, 4, 2),
}


def new_document(lang: str) -> Docx:
    """Begin a document of A4 pages.

    Parameters
    ----------
    lang : {"en", "zh"}
        Language, which the document says it is in.

    Returns
    -------
    Docx
        Empty, its styles set.
    """
    document = docx.Document()
    section = document.sections[0]
    section.page_height, section.page_width = Cm(HEIGHT), Cm(WIDTH)
    section.left_margin = section.right_margin = Cm(MARGIN)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.6)
    section.header_distance = section.footer_distance = Cm(0.8)
    for name, (size, bold, before, after) in STYLES.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        _set_faces(style, FACES[lang], head=bold)
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = INK
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
    document.styles["Normal"].paragraph_format.line_spacing = 1.05  # pyright: ignore
    _set_language(document, lang)
    return document


def _set_faces(style: ParagraphStyle, faces: Faces, *, head: bool) -> None:
    """Name the faces outright: those of the template's theme are none in Chinese."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    latin = faces.latin_head if head else faces.latin
    chinese = faces.chinese_head if head else faces.chinese
    for kind, face in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        fonts.set(qn(f"w:{kind}"), face)


def _set_language(document: Docx, lang: str) -> None:
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    found = defaults.find(qn("w:lang"))
    if found is None:
        found = OxmlElement("w:lang")
        defaults.append(found)
    found.set(qn("w:val"), "zh-CN" if lang == "zh" else "en-GB")
    found.set(qn("w:eastAsia"), "zh-CN")


def add_field(paragraph: Paragraph, code: str, shown: str) -> None:
    """Add a field, as a page number or the number of a caption.

    Parameters
    ----------
    paragraph : Paragraph
        At its end.
    code : str
        As ``PAGE``.
    shown : str
        What stands there until a program works it out.
    """
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def set_footer(document: Docx, text: str, page: tuple[str, str]) -> None:
    """Write the foot of every page: when it was known, and the page.

    Parameters
    ----------
    document : Docx
        Of one section.
    text : str
        On the left.
    page : tuple of str
        Before and after the number of the page.
    """
    foot = document.sections[0].footer.paragraphs[0]
    style = document.styles["Footer"]
    assert isinstance(style, ParagraphStyle)
    style.font.size = Pt(8)
    style.paragraph_format.tab_stops.clear_all()
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run(f"{text}\t{page[0]}")
    add_field(foot, "PAGE", "1")
    foot.add_run(page[1])


def lay_out(table: Table, widths: list[float]) -> None:
    """Give a table its widths, lines above and below, and a head that pages repeat.

    Parameters
    ----------
    table : Table
        Its first row is the head.
    widths : list of float
        Of the columns. [cm]
    """
    table.autofit = False
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", 8), ("bottom", 8), ("insideH", 2)):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(size)), ("color", QUIET)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.append(borders)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
        _mark(row, "w:cantSplit")
    _mark(table.rows[0], "w:tblHeader")
    for cell in table.rows[0].cells:
        _shade(cell)


def _mark(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _shade(cell: _Cell) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E8EEF4")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)

"""Word and Excel files of results made by hand: read back, and written all or none."""

import re
import shutil
import sys
import zipfile

import docx
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn

from qyforecast.census.census import read_census
from qyforecast.cli import main
from qyforecast.errors import OutputError
from qyforecast.report.briefing import briefing
from qyforecast.report.charts import open_saved
from qyforecast.report.columns import label_of
from qyforecast.report.document import Grid, Picture
from qyforecast.report.reports import Wanted, check_reportable, write_reports
from qyforecast.report.request import Request
from qyforecast.report.sheet_texts import SHEETS
from qyforecast.report.workbook import MOST_ROWS, write_xlsx
from tests.report.hand_made_results import write_hand_made

FILES = ("docx", "xlsx")
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Give results made by hand."""
    folder = tmp_path_factory.mktemp("reports")
    write_hand_made(folder / "results", folder / "model", read_census())
    return open_saved(folder / "results", model=folder / "model")


@pytest.fixture(scope="module")
def out(saved, tmp_path_factory):
    """Give a folder with Word and Excel in both languages."""
    folder = tmp_path_factory.mktemp("out")
    written = write_reports(saved, Wanted(formats=FILES), folder)
    assert sorted(path.name for path in written) == sorted(path.name for path in folder.iterdir())
    assert len(written) == 4
    return folder


@pytest.fixture(scope="module")
def documents(saved):
    """Give the content in both languages."""
    return {lang: briefing(saved, lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def sheets(out):
    """Give every sheet of the workbooks as it stands."""
    return {lang: read_sheets(out / f"briefing-{lang}.xlsx") for lang in LANGUAGES}


def read_sheets(path) -> dict:
    """Read every sheet; codes are text."""
    codes = {"地区代码": str, "region code": str}
    return pd.read_excel(path, None, keep_default_na=False, na_values=[""], dtype=codes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_word_says_what_the_document_says(out, documents, lang):
    document = documents[lang]
    word = docx.Document(str(out / f"briefing-{lang}.docx"))
    grids = [block for block in document.blocks() if isinstance(block, Grid)]
    assert len(word.tables) == len(grids) > 5
    for table, grid in zip(word.tables, grids, strict=True):
        cells = [tuple(cell.text for cell in row.cells) for row in table.rows]
        assert cells == [grid.shown.columns, *grid.shown.rows]
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert document.title in lines
    assert document.parts[0].blocks[0].text in lines
    heads = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert [part.title for part in document.parts] == [h for h in heads if h.strip() not in
                                                       ("附件", "Annex")]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_picture_in_word_has_words_for_those_who_cannot_see_it(out, documents, lang):
    word = docx.Document(str(out / f"briefing-{lang}.docx"))
    charts = [b.chart for b in documents[lang].blocks() if isinstance(b, Picture)]
    said = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert said == [chart.alt for chart in charts]
    assert len(said) > 10
    text = word.sections[0].page_width.cm - 2 * word.sections[0].left_margin.cm
    assert all(shape.width.cm <= text + 0.01 for shape in word.inline_shapes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_word_is_a4_with_faces_for_both_scripts_and_a_numbered_foot(out, lang):
    word = docx.Document(str(out / f"briefing-{lang}.docx"))
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Caption"):
        fonts = word.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体")
        assert fonts.get(qn("w:ascii")) in ("Arial", "Times New Roman")
        assert fonts.get(qn("w:asciiTheme")) is None
    foot = section.footer._element.xml
    assert 'w:instr="PAGE"' in foot
    assert "2025" in section.footer.paragraphs[0].text
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert language.get(qn("w:val")) == {"zh": "zh-CN", "en": "en-GB"}[lang]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("need", SHEETS)
def test_the_workbook_read_back_is_the_saved_table(sheets, saved, need, lang):
    sheet = sheets[lang][SHEETS[need][lang == "zh"]]
    table = saved.table(need, saved.census.city)
    names = {label_of(column, lang): column for column in table.columns}
    assert len(names) == len(table.columns)
    back = sheet[[label for label in sheet.columns if label in names]].rename(columns=names)
    for column in table.columns:  # years of first_year are text with a word in the last
        if table[column].dtype == object or str(table[column].dtype) == "str":
            back[column] = back[column].astype(str)
    pd.testing.assert_frame_equal(back, table, check_dtype=False, rtol=1e-14, atol=0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_are_tidy(out, lang):
    book = openpyxl.load_workbook(out / f"briefing-{lang}.xlsx")
    assert len(book.sheetnames) == 3 + len(SHEETS)
    for sheet in book:
        assert sheet.freeze_panes == "A2", sheet.title
        assert not sheet.merged_cells.ranges
        assert all(cell.data_type == "s" for cell in sheet[1])
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_heads_and_names_are_in_the_language_and_units_are_given(sheets, lang):
    other = "[A-Za-z]{2}" if lang == "zh" else "[一-鿿]"
    heads = [str(column) for sheet in sheets[lang].values() for column in sheet.columns]
    assert len(heads) > 100
    assert not [head for head in heads if re.search(other, head)]
    assert not [title for title in sheets[lang] if re.search(other, title)]
    columns = sheets[lang][{"zh": "列说明", "en": "columns"}[lang]]
    assert columns.notna().all().all()
    units = columns[columns.iloc[:, 2] == "gain_persons"].iloc[:, 3]
    assert units.tolist() == [{"zh": "人", "en": "persons"}[lang]]


def test_names_stand_beside_codes(sheets):
    sheet = sheets["zh"]["情景比较"]
    names = dict(zip(sheet["情景"], sheet["情景（名称）"], strict=True))
    assert names == {"baseline": "基准情景", "settling-in": "进城安居落户", "my-own": "my-own"}
    targets = dict(zip(sheet["目标"], sheet["目标（名称）"], strict=True))
    assert targets["2035-at-least-65"] == "2035年：65%及以上"
    assert targets["2035-about-65"] == "2035年：65%左右"


def test_text_that_looks_like_a_formula_stays_text(saved, documents, tmp_path):
    shutil.copytree(saved.results, tmp_path / "results")
    path = tmp_path / "results" / "compare" / "together.csv"
    table = pd.read_csv(path, dtype={"region_code": str})
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "https://example.org", "=cmd|' /C calc'!A0"]
    table["targets"] = evil
    table.to_csv(path, index=False)
    mine = open_saved(tmp_path / "results", model=saved.model)
    write_xlsx(documents["en"], mine, tmp_path / "evil.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "evil.xlsx")["all targets"]
    place = [cell.value for cell in sheet[1]].index("targets")
    cells = [row[place] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == evil
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]


def test_of_a_large_table_the_workbook_has_the_city(saved, documents, tmp_path, monkeypatch):
    monkeypatch.setattr("qyforecast.report.workbook.MOST_ROWS", 100)
    write_xlsx(documents["en"], saved, tmp_path / "small.xlsx")
    found = read_sheets(tmp_path / "small.xlsx")
    table = saved.table("latest/population", saved.census.city)
    assert MOST_ROWS > len(table) > 100
    assert len(found["population"]) == (table["region_code"] == saved.census.city).sum() > 0
    listed = found["sheets"].set_index("sheet")
    assert listed.loc["population", "rows"] == len(table)
    assert "city" in str(listed.loc["population", "remark"])


def test_a_table_that_is_not_there_is_named_with_its_command(saved, documents, tmp_path):
    shutil.copytree(saved.results, tmp_path / "results")
    shutil.rmtree(tmp_path / "results" / "monitor")
    mine = open_saved(tmp_path / "results", model=saved.model)
    write_xlsx(documents["en"], mine, tmp_path / "less.xlsx")
    found = read_sheets(tmp_path / "less.xlsx")
    assert "forecasts by vintage" not in found
    listed = found["sheets"].set_index("sheet")
    assert "qyforecast monitor" in str(listed.loc["forecasts by vintage", "remark"])


def test_the_same_results_give_the_same_bytes(out, saved, tmp_path):
    write_reports(saved, Wanted(("en",), FILES), tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (out / path.name).read_bytes()
        dates = {entry.date_time[0] for entry in zipfile.ZipFile(path).infolist()}
        assert dates == {1980}


def test_other_files_stay_and_nothing_half_written_is_left(saved, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    write_reports(saved, Wanted(("en",), ("xlsx",)), tmp_path)
    write_reports(saved, Wanted(("zh",), ("xlsx",)), tmp_path)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["briefing-en.xlsx", "briefing-zh.xlsx", "mine.txt"]


def test_a_file_that_cannot_be_replaced_leaves_all_as_they_were(saved, tmp_path):
    (tmp_path / "briefing-en.docx").write_text("old")
    blocked = tmp_path / "briefing-en.xlsx"
    blocked.mkdir()
    (blocked / "in-use").write_text("")
    with pytest.MonkeyPatch.context() as patch:
        rename = type(blocked).rename

        def refuse(path, target):
            if path == blocked:
                raise PermissionError(13, "in use", str(path))
            return rename(path, target)

        patch.setattr(type(blocked), "rename", refuse)
        with pytest.raises(OutputError, match="cannot be written") as error:
            write_reports(saved, Wanted(("en",), FILES), tmp_path)
    assert "briefing-en.xlsx" in str(error.value)
    assert (tmp_path / "briefing-en.docx").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "briefing-en.docx",
        "briefing-en.xlsx",
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(Wanted(("fr",)), "--lang"), (Wanted(formats=("pdf",)), "--format")],
)
def test_what_there_is_not_is_refused(saved, tmp_path, wanted, found):
    with pytest.raises(OutputError, match="no such report") as error:
        write_reports(saved, wanted, tmp_path / "out")
    assert found in str(error.value)
    assert not (tmp_path / "out").exists()


def test_the_command_writes_what_is_asked_for(saved, tmp_path, monkeypatch, capsys):
    places = {"--out": tmp_path, "--results": saved.results, "--model": saved.model}
    options = [str(word) for pair in places.items() for word in pair]
    wanted = ["--lang", "en", "--format", "docx,xlsx"]
    monkeypatch.setattr(sys, "argv", ["qyforecast", "report", *wanted, *options])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["briefing-en.docx", "briefing-en.xlsx"]
    assert "briefing-en.docx" in capsys.readouterr().out


def test_the_command_says_what_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["qyforecast", "report", "-q", "--results", str(tmp_path)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "qyforecast forecast" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_forecast_whose_results_reports_would_not_find_is_refused_first(tmp_path):
    check_reportable(Request(tmp_path / "latest"))
    with pytest.raises(OutputError, match="--report"):
        check_reportable(Request(tmp_path / "elsewhere"))

"""The page as text: what it says, what its policy lets in, and what no name can break."""

import base64
import gzip
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise

import pandas as pd
import pytest

from qyforecast.errors import OutputError
from qyforecast.report.charts import Wanted, make_charts
from qyforecast.report.figures.growth import WHOLE
from qyforecast.report.figures.registry import RECIPES
from qyforecast.report.html import render_html, write_html
from qyforecast.report.page.panels import shown
from qyforecast.report.page.pictures import panels_png, size_of
from qyforecast.report.page.plots import PLOTS
from qyforecast.report.page.views import views
from tests.report.hand_made_document import (
    ADDRESS,
    ENTITY,
    LIVE,
    SCRIPT,
    STILL,
    STYLE,
    hostile_results,
    make_document,
)

LANGUAGES = ("zh", "en")
MOST_BYTES = 6_000_000
#: Latin words that Chinese texts have: the package, and what the hostile names are made of.
LATIN = {"qyforecast", "https", "www", "stats", "gov", "cn", "sj", "a", "b", "x"}
LATIN |= {"script", "alert", "style", "lt"}


class Seen(HTMLParser):
    """What a parser that is not the writer's sees in a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.texts: list[str] = []
        self.raw: list[tuple[dict[str, str | None], str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.inside = [tag]
        if tag in ("script", "style"):
            self.raw.append((dict(attrs), ""))

    def handle_endtag(self, tag):
        self.inside = []

    def handle_data(self, data):
        if self.inside and self.inside[0] in ("script", "style"):
            self.raw[-1] = (self.raw[-1][0], self.raw[-1][1] + data)
        else:
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self) -> str:
        return "".join(self.texts)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Give results with hostile names."""
    return hostile_results(tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def pages(saved):
    """Give the page in both languages."""
    return {lang: render_html(make_document(saved, lang)) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def seen(pages):
    """Give what a parser sees in them."""
    return {lang: Seen(page) for lang, page in pages.items()}


def sha256(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_small_and_says_its_language(pages, seen, lang):
    assert len(pages[lang].encode()) < MOST_BYTES
    assert pages[lang].startswith("<!DOCTYPE html>\n<html")
    assert seen[lang].all("html") == [{"lang": {"zh": "zh-CN", "en": "en"}[lang]}]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_name_becomes_an_element(seen, lang):
    page = seen[lang]
    kinds = [attributes.get("type") for attributes in page.all("script")]
    assert sorted(kinds, key=str) == sorted(
        [None, "application/gzip", *["application/json"] * len(LIVE)], key=str
    )
    assert not page.all("b")
    for name in (SCRIPT, STYLE, ENTITY):
        assert name in page.text()


def test_a_careless_page_would_be_seen(pages):
    """The parser of these tests sees what an unescaped name does."""
    careless = pages["en"].replace("&lt;script&gt;", "<script>", 1)
    assert Seen(pages["en"]).all("script").count({}) == 1
    assert Seen(careless).all("script").count({}) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_policy_lets_in_what_is_there_and_nothing_else(seen, lang):
    (policy,) = [
        str(meta["content"])
        for meta in seen[lang].all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "unsafe" not in policy
    run = [text for attributes, text in seen[lang].raw if not attributes]
    style, script = run
    (packed,) = [text for attributes, text in seen[lang].raw if attributes.get("id") == "plotly"]
    plotly = gzip.decompress(base64.b64decode(packed)).decode()
    assert set(rules["script-src"].split()) == {sha256(script), sha256(plotly)}
    assert set(rules["style-src"].split()) == {sha256(style), sha256("")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_asked_of_another_machine(seen, lang):
    page = seen[lang]
    sources = [one.get("src") for _, one in page.elements if "src" in one]
    assert len(sources) == len(LIVE) + len(STILL)
    assert all(str(source).startswith("data:image/png;base64,") for source in sources)
    links = {str(one["href"]) for _, one in page.elements if "href" in one}
    assert {link for link in links if not link.startswith("#")} == {"data:,", ADDRESS}
    anchors = {str(one.get("id")) for _, one in page.elements}
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert not [one for _, one in page.elements if "style" in one or "onclick" in one]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chart_has_words_a_table_and_a_source(saved, seen, lang):
    page, said = seen[lang], seen[lang].text().replace("\N{NO-BREAK SPACE}", " ")
    alts = [str(image["alt"]) for image in page.all("img")]
    charts = list(make_charts(saved, Wanted(lang, only=(*LIVE, *STILL))))
    assert alts == [chart.alt for chart in charts]
    for chart in charts:
        for sentence in (chart.title, chart.source, *chart.notes):
            assert sentence in said, chart.name
    # One for each chart, two more for the fan, and the document's own.
    assert len(page.all("table")) == len(page.all("caption")) == len(charts) + 2 + 1
    assert {head.get("scope") for head in page.all("th")} == {"row", "col"}
    assert all(box["tabindex"] == "0" and box["aria-label"] for box in boxes(page))


def boxes(page: Seen) -> list[dict[str, str | None]]:
    found = [one for one in page.all("div") if "scrolls" in str(one.get("class"))]
    assert found
    return found


def test_headings_descend_one_step_at_a_time(seen):
    levels = [int(tag[1]) for tag, _ in seen["zh"].elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_no_other_language_is_left(seen):
    assert not re.search("[一-鿿]", seen["en"].text())
    left = set(re.findall("[A-Za-z]+", seen["zh"].text())) - LATIN
    assert not left
    texts = [text for attributes, text in seen["zh"].raw if "plot-" in str(attributes.get("id"))]
    words = set(re.findall(r"[A-Za-z]+", " ".join(map(" ".join, map(said_by, texts)))))
    assert words <= LATIN | {"br", "gt"}


def said_by(text: str) -> list[str]:
    """Everything that an interactive chart writes."""
    plot = json.loads(text)
    said = []
    for trace in plot["data"]:
        said += [trace.get("name", ""), *trace.get("text", []), *trace.get("hovertext", [])]
    for layout in (plot["wide"], plot["narrow"]):
        said += [note["text"] for note in layout["annotations"]]
        for axis in layout.values():
            if isinstance(axis, dict):
                said += [*axis.get("ticktext", []), axis.get("title", {}).get("text", "")]
    assert any(said)
    return said


@pytest.fixture(scope="module")
def charts(saved):
    """Give the interactive charts."""
    return {chart.name: chart for chart in make_charts(saved, Wanted("zh", only=LIVE))}


def test_interactive_charts_draw_the_numbers_of_the_table(charts):
    table = charts["fan"].table
    for as_of, axis in ((2021, "x"), (2025, "x2")):
        rows = table[(table["as_of"] == as_of) & (table["what"] == "quantile")]
        drawn = [
            trace["y"] for trace in PLOTS["fan"](charts["fan"]).data if trace["xaxis"] == axis
        ][:7]
        for y, label in zip(
            drawn, ("q025", "q975", "q10", "q90", "q25", "q75", "q50"), strict=True
        ):
            assert y == (100 * rows[rows["label"] == label]["value"]).tolist()
    dots = [trace for trace in PLOTS["chances"](charts["chances"]).data if "error_x" in trace]
    chances = charts["chances"].table
    assert sorted(value for trace in dots for value in trace["x"]) == pytest.approx(
        sorted(100 * chances["probability"])
    )
    counties = charts["counties"].table
    drawn = [t["y"] for t in PLOTS["counties"](charts["counties"]).data if "q50" in str(t) or
             t["legendgroup"] == "median"]  # fmt: skip
    assert drawn == [
        (100 * rows["q50"]).tolist() for _, rows in counties.groupby("region_code", sort=True)
    ]
    history = charts["vintages"].table
    lines = PLOTS["vintages"](charts["vintages"]).data
    assert [line["y"] for line in lines] == [
        (100 * rows["probability"]).tolist() for _, rows in history.groupby("target", sort=False)
    ]
    *parts, whole = PLOTS["growth"](charts["growth"]).data
    means = charts["growth"].table.set_index(["component", "scenario"])["mean"]
    assert sum(sum(part["x"]) for part in parts) * 1e4 == pytest.approx(
        means.drop(WHOLE, level=0).sum()
    )
    assert len(whole["x"]) == 3


def test_the_markup_of_plotly_is_text_too(charts):
    names = json.dumps([PLOTS[name](charts[name]).wide for name in ("chances", "growth")])
    assert "<script" not in names
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in names
    assert shown("a\n<b>") == "a<br>&lt;b&gt;"


def test_panels_are_drawn_without_title_and_the_figure_is_left_as_it_was(charts):
    for chart in charts.values():
        assert panels_png(chart.figure) == panels_png(chart.figure), chart.name
    figure = charts["growth"].figure
    size, texts = figure.get_size_inches().tolist(), [one.get_text() for one in figure.texts]
    png = panels_png(figure)
    assert figure.get_size_inches().tolist() == size
    assert [one.get_text() for one in figure.texts if one.get_visible()] == texts
    width, height = (int(one) for one in size_of(png).values())
    assert width == int(150 * size[0])
    assert height < 150 * size[1]


def test_without_interactive_charts_there_is_no_plotly(saved):
    document = make_document(saved, "en")
    part = document.parts[0]
    plain = type(part)(part.key, part.title, part.blocks[:2])
    page = render_html(type(document)("en", "Title", "Place", (2025,), (plain,)))
    assert len(page) < 40_000
    assert "plotly" not in page.partition("<body>")[2].partition("<script>")[0]


def test_the_file_is_written_whole_or_not_at_all(saved, tmp_path, monkeypatch):
    document, target = make_document(saved, "en"), tmp_path / "page.html"
    write_html(document, target)
    before = target.read_bytes()
    assert before.decode() == render_html(document)

    def refuse(*_):
        raise PermissionError("in use")

    monkeypatch.setattr(type(target), "replace", refuse)
    with pytest.raises(OutputError, match=r"cannot be written[\s\S]*page.html"):
        write_html(document, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_tables_of_every_chart_are_in_one_language(saved, lang):
    said = {}
    for chart in make_charts(saved, Wanted(lang)):
        for table in views(chart):
            assert len({len(row) for row in (*table.rows, table.columns)}) == 1
            cells = [cell for row in table.rows for cell in row]
            said[chart.name] = " ".join((table.title, *table.columns, *cells))
            assert chart.unit in table.title or "人" in table.title or "persons" in table.title
    assert set(said) == set(RECIPES)
    foreign = "[一-鿿]" if lang == "en" else "[A-Za-z_]+"
    left = {name: set(re.findall(foreign, text)) - LATIN - {"GM"} for name, text in said.items()}
    assert not {name: words for name, words in left.items() if words}


def test_tables_of_charts_write_every_number(charts):
    """Cells of the table of probabilities are the numbers of the chart, in percent."""
    (table,) = views(charts["chances"])
    column = table.columns.index("概率")
    told = pd.Series([float(row[column].split()[0]) for row in table.rows])
    assert told.tolist() == pytest.approx((100 * charts["chances"].table["probability"]), abs=0.05)
    forecast, targets, observed = views(charts["fan"])
    assert len(forecast.rows) == 2 * 16
    assert {row[2] for row in targets.rows} == {"50%", "64%", "65%"}
    assert [row[0] for row in observed.rows] == sorted(row[0] for row in observed.rows)

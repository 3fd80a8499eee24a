"""The page in a browser: nothing asked, nothing refused, nothing in the way of anybody."""

import os
import shutil
from importlib.resources import files

import pytest

from qyforecast.census.census import read_census
from qyforecast.report.briefing import briefing
from qyforecast.report.charts import open_saved
from qyforecast.report.html import write_html
from tests.report.hand_made_document import LIVE, STILL, hostile_results, make_document
from tests.report.hand_made_results import write_hand_made

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium: apt-get install chromium, as .ci/run does"
)

LANGUAGES = ("zh", "en")
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
#: Without them Chromium asks its maker's machines as it starts.
FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
#: Gives the rules that are broken with the elements that break them, and how many are kept.
AXE = """axe.run({resultTypes: ["violations"]}).then(found => [
    found.violations.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]),
    found.passes.length])"""
MOST_BYTES = 6_000_000
#: Most that a slow machine takes to draw all charts. [ms]
PATIENCE = 120_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Give a folder with the page in both languages."""
    folder = tmp_path_factory.mktemp("browser")
    saved = hostile_results(folder)
    for lang in LANGUAGES:
        write_html(make_document(saved, lang), folder / f"{lang}.html")
    return folder


@pytest.fixture(scope="module")
def browser():
    """Give a browser."""
    with playwright.sync_playwright() as run:
        # Chromium does not start its sandbox for root.
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        one = run.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *root])
        yield one
        one.close()


class Watched:
    """A page, with all that it said and asked for."""

    def __init__(self, browser, path, size=SIZES["desktop"], **options):
        width, height = size
        viewport = {"width": width, "height": height}
        self.context = browser.new_context(viewport=viewport, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.said, self.asked = [], []
        own = path.as_uri()
        self.context.route("**/*", lambda route: self._answer(route, own))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append("a dialog"), dialog.dismiss()))
        self.page.goto(own)

    def _answer(self, route, own):
        if route.request.url == own:
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def drawn(self):
        self.page.wait_for_selector("html[data-drawn]")
        return self

    def shown(self, selector):
        return [box.is_visible() for box in self.page.locator(selector).all()]


def axe(page):
    """Run the checks of axe-core on a page as it stands."""
    script = files("axe_playwright_python") / "axe.min.js"
    page.evaluate(script.read_text(encoding="utf-8"))
    return page.evaluate(AXE)


@pytest.fixture(scope="module")
def views(browser, folder):
    """Give every page at every size, drawn once."""
    found = {
        (lang, size): Watched(browser, folder / f"{lang}.html", SIZES[size]).drawn()
        for lang in LANGUAGES
        for size in SIZES
    }
    yield found
    for one in found.values():
        one.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_are_drawn_without_a_complaint_or_a_request(views, lang, size):
    one = views[lang, size]
    assert one.said == []
    assert one.asked == []
    assert one.shown(".live .main-svg:first-child") == [True] * len(LIVE)
    assert one.shown(".still") == [False] * len(LIVE) + [True] * len(STILL)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert one.page.evaluate(wide) == 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_axe_finds_nothing(views, lang, size):
    page = views[lang, size].page
    page.locator("details.figures").nth(1).evaluate("one => { one.open = true; }")
    told, rules = axe(page)
    assert told == []
    assert rules > 20


@pytest.mark.parametrize(("lang", "size"), [("zh", "phone"), ("en", "desktop")])
def test_the_briefing_is_in_nobodys_way(browser, tmp_path, lang, size):
    write_hand_made(tmp_path / "results", tmp_path / "model", read_census())
    saved = open_saved(tmp_path / "results", model=tmp_path / "model")
    path = tmp_path / "briefing.html"
    write_html(briefing(saved, lang), path)
    assert path.stat().st_size < MOST_BYTES
    one = Watched(browser, path, SIZES[size]).drawn()
    assert (one.said, one.asked) == ([], [])
    told, rules = axe(one.page)
    assert told == []
    assert rules > 20
    one.context.close()


def test_axe_and_the_policy_would_complain(browser, folder, tmp_path):
    """A page with a script of another, a picture from elsewhere and no alternative text."""
    text = (folder / "en.html").read_text(encoding="utf-8")
    planted = '<main><img src="https://example.org/a.png"><script>document.title = "x"</script>'
    path = tmp_path / "planted.html"
    path.write_text(text.replace("<main>", planted, 1), encoding="utf-8")
    one = Watched(browser, path).drawn()
    assert sum("Content Security Policy" in said for said in one.said) == 2
    told, _ = axe(one.page)
    assert "image-alt" in [rule for rule, _ in told]
    one.context.close()


def test_a_chart_tells_its_numbers_to_the_pointer(views):
    page = views["zh", "desktop"].page
    box = page.locator(".live").first
    box.scroll_into_view_if_needed()
    place = page.locator(".live .scatterlayer .trace").nth(6).bounding_box()
    page.mouse.move(place["x"] + place["width"] - 1, place["y"] + 1)
    page.wait_for_selector(".hoverlayer .hovertext")
    assert "中位数" in page.locator(".hoverlayer").first.text_content()


def test_the_keyboard_reaches_the_answer_and_the_tables(browser, folder):
    one = Watched(browser, folder / "en.html", SIZES["phone"]).drawn()
    page = one.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer"
    page.locator("details.figures summary").first.focus()
    page.keyboard.press("Enter")
    table = page.locator("details.figures .scrolls").first
    assert table.is_visible()
    # The box is a stop of the Tab key, for it has more rows than it shows.
    page.wait_for_function("document.querySelector('details.figures .scrolls').tabIndex === 0")
    page.keyboard.press("Tab")
    assert table.evaluate("one => one === document.activeElement")
    one.context.close()


def test_charts_follow_the_width_of_the_page(browser, folder):
    one = Watched(browser, folder / "en.html").drawn()
    page = one.page
    before = page.locator(".live").first.bounding_box()
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_selector("html[data-drawn=narrow]")
    after = page.locator(".live").first.bounding_box()
    assert after["width"] < 360 < before["width"]
    assert after["height"] > before["height"]
    assert one.said == []
    one.context.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_paper_there_are_pictures(browser, folder, lang):
    one = Watched(browser, folder / f"{lang}.html").drawn()
    one.page.emulate_media(media="print")
    assert one.shown(".still") == [True] * (len(LIVE) + len(STILL))
    assert not any(one.shown(".live, nav, .figures, .hint"))
    paper = one.page.pdf(prefer_css_page_size=True)
    # A4 in points, 1/72 inch.
    assert b"/MediaBox [0 0 594.9" in paper or b"/MediaBox [0 0 595" in paper
    assert paper.count(b"/Type /Page\n") > 2
    assert one.said == []
    one.context.close()


def test_without_scripts_there_are_pictures(browser, folder):
    one = Watched(browser, folder / "zh.html", java_script_enabled=False)
    assert one.shown(".still") == [True] * (len(LIVE) + len(STILL))
    assert not any(one.shown(".live"))
    loaded = one.page.locator("img").first.bounding_box()
    assert loaded["height"] > 100
    assert one.asked == []
    one.context.close()

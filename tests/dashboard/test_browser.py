"""Real pages in Debian's chromium: what is seen, moved, saved and fetched."""

import csv
import io
import logging

import pytest
from axe_playwright_python.sync_playwright import Axe

from qyforecast.dashboard.settings import PAGES
from qyforecast.dashboard.sheets import cell_text

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
#: A shared machine draws slowly. [millisecond]
PATIENCE = 120_000


class Watched:
    """A page, with everything that it says to its console and asks of others."""

    def __init__(self, context, served) -> None:
        self.page, self.served = context.new_page(), served
        self.said: list[str] = []
        self.outside: list[str] = []
        self.page.on("console", lambda told: self.said.append(f"{told.type}: {told.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", self._asked)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.served.url(), "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, query: str) -> "Watched":
        self.page.goto(self.served.url(query))
        return self.fresh()

    def fresh(self, *, figures: bool = False) -> "Watched":
        self.page.wait_for_selector("#standing[data-now=fresh]", timeout=PATIENCE)
        if figures:
            self.page.wait_for_selector("#figures[aria-busy=false]", timeout=PATIENCE)
        return self

    def chance(self) -> str:
        return self.page.inner_text("strong[data-target='2035-at-least-65']")


@pytest.fixture
def context(browser):
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def tab(context, served):
    return Watched(context, served)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", list(WIDTHS))
def test_pages_are_whole_accessible_and_ask_nobody_else(browser, served, lang, width):
    wide, high = WIDTHS[width]
    context = browser.new_context(viewport={"width": wide, "height": high})
    for name in PAGES:
        tab = Watched(context, served).open(f"page={name}&lang={lang}&scenario=settling-in")
        tab.fresh(figures=True)
        assert tab.page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en"}[lang]
        assert not tab.page.query_selector_all(".fault"), tab.page.inner_text("main")
        faults = Axe().run(tab.page).response["violations"]
        assert not faults, [(fault["id"], fault["nodes"][0]["html"]) for fault in faults]
        # Wide things scroll inside the page; the page itself does not.
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= wide, name
        assert (tab.said, tab.outside) == ([], [])
        tab.page.close()
    context.close()


def test_a_lever_moved_by_keyboard_moves_the_probability(tab):
    tab.open("page=whatif&lang=en&scenario=settling-in")
    before = tab.chance()
    tab.page.focus("input[name='s.families-follow']")
    tab.page.keyboard.press("End")
    # What stands there is shown as old at once.
    assert tab.page.get_attribute("#standing", "data-now") == "stale"
    assert "old" in tab.page.get_attribute("#answer", "class")
    tab.fresh()
    assert tab.chance() != before
    assert "families follow 300 %" in tab.page.inner_text("#answer .belongs")
    moved = tab.chance()
    # The address holds it all: another tab, and the other language, say the same.
    address = tab.page.url
    tab.page.click("a.switch")
    tab.fresh()
    assert "lang=zh" in tab.page.url
    assert tab.chance() == moved.replace(" %", "%")
    tab.page.goto(address)
    assert tab.fresh().chance() == moved
    assert tab.said == []


def test_the_last_of_many_moves_is_answered(tab):
    tab.open("page=whatif&lang=en&scenario=settling-in")
    tab.page.focus("input[name='s.families-follow']")
    for _ in range(8):
        tab.page.keyboard.press("ArrowLeft")
        tab.page.wait_for_timeout(60)
    tab.fresh()
    assert "families follow 60 %" in tab.page.inner_text("#answer .belongs")


def test_a_setting_outside_its_range_is_told_and_not_asked(tab):
    tab.open("page=whatif&lang=en&scenario=settling-in")
    before = tab.chance()
    tab.page.fill("input[name='y.families-follow']", "1850")
    assert tab.page.get_attribute("#standing", "data-now") == "invalid"
    tab.page.wait_for_timeout(500)
    assert tab.chance() == before
    tab.page.fill("input[name='y.families-follow']", "2030")
    tab.fresh()
    assert "from 2030" in tab.page.inner_text("#answer .belongs")


def test_a_scenario_is_saved_with_its_evidence_and_read_again(tab, saving):
    tab.open("page=whatif&lang=en&scenario=settling-in")
    tab.page.focus("input[name='s.families-follow']")
    tab.page.keyboard.press("End")
    tab.fresh()
    said = tab.chance()
    tab.page.click("details:has(#saving) > summary")
    tab.page.fill("#saving input[name=name]", "families-more")
    tab.page.click("#saving button")
    tab.page.wait_for_selector("#saving .said:has-text('evidence of the old one')")
    assert not list(saving.glob("families-more.yaml"))
    tab.page.fill("#saving textarea[name='e.families-follow']", 'A "guess": <script>x</script>')
    with tab.page.expect_navigation():
        tab.page.click("#saving button")
    tab.fresh()
    assert "scenario=families-more" in tab.page.url
    assert tab.chance() == said
    assert "<script>x</script>" in (saving / "families-more.yaml").read_text(encoding="utf-8")
    assert tab.page.evaluate("document.querySelectorAll('main script').length") == 0
    assert [one for one in tab.said if "400" not in one] == []


def test_a_table_that_is_fetched_is_the_one_on_the_screen(tab):
    tab.open("page=whatif&lang=en&scenario=settling-in&s.families-follow=150")
    with tab.page.expect_download() as coming:
        tab.page.click("[data-sheet=chances] a[href*='chances.csv']")
    text = coming.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    shown = tab.page.locator("[data-sheet=chances] tbody tr").all()
    assert len(rows) == len(shown) == 6
    for row, line in zip(rows, shown, strict=True):
        cells = [cell.inner_text() for cell in line.locator("td").all()]
        for fetched, seen in zip(row[2:], cells[2:], strict=True):
            assert float(seen.replace(",", "")) == pytest.approx(float(fetched), abs=0.51)
            if "," not in seen and "." in seen:
                assert cell_text(float(seen)) == cell_text(round(float(fetched), 4))


def test_a_file_sent_in_is_checked_and_told_of(tab, tmp_path, checkout):
    text = (checkout / "scenarios" / "settling-in.yaml").read_text(encoding="utf-8")
    good, bad = tmp_path / "sent-in.yaml", tmp_path / "broken.yaml"
    good.write_text(text.replace("name: settling-in", "name: sent-in"), encoding="utf-8")
    bad.write_text(text.replace("ramp:", "rmap:").replace("name: settling-in", "name: broken"))
    tab.open("page=whatif&lang=en")
    tab.page.set_input_files("#sending", str(bad))
    tab.page.wait_for_selector("#sent:has-text('rmap')")
    told = tab.page.inner_text("#sent")
    assert "broken.yaml, line" in told
    assert "/tmp" not in told
    with tab.page.expect_navigation():
        tab.page.set_input_files("#sending", str(good))
    assert "scenario=sent-in" in tab.fresh().page.url


def test_a_tab_closed_while_it_computes_disturbs_nobody(context, served, caplog):
    with caplog.at_level(logging.WARNING):
        for strength in (35, 45, 55):
            leaving = context.new_page()
            query = f"page=whatif&scenario=all-of-it&s.families-follow={strength}"
            leaving.goto(served.url(query), wait_until="commit")
            leaving.wait_for_timeout(strength)
            leaving.close()
        staying = Watched(context, served).open("page=answer&lang=en")
        assert "%" in staying.chance()
    assert [one.getMessage() for one in caplog.records] == []


def test_a_fault_is_told_to_the_session_in_words(tab):
    tab.page.goto(tab.served.url("page=whatif&lang=en&scenario=<script>alert(1)</script>"))
    told = tab.page.inner_text(".fault")
    assert "a setting is not known" in told
    assert "<script>" in told
    assert tab.said == []

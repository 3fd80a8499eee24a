"""What the docs show runs; their commands are there; their pages build and fetch nothing."""

import doctest
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from sphinx.util.inventory import InventoryFile
from typer.main import get_command

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
RUN = [page for page, path in PAGES.items() if "```python\n" in path.read_text("utf-8")]
#: Attributes whose address a browser fetches by itself; links to click are none of them.
FETCHED = {"src", "srcset", "poster", "data", "background"}


def examples(page: str) -> doctest.DocTest:
    """Join the examples of a page; its fences are no output."""
    blocks = re.findall(r"```python\n(.*?)```", PAGES[page].read_text(encoding="utf-8"), re.S)
    return doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)


@pytest.mark.parametrize("page", RUN)
def test_a_page_runs(page: str) -> None:
    test = examples(page)
    assert test.examples
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert not said, "".join(said)


def test_the_pages_that_show_code_are_run() -> None:
    assert {"reproduce.md", "tutorial.md", "how-to.md"} <= set(RUN)


def test_every_name_in_the_docs_is_public() -> None:
    import qyforecast

    page = (DOCS / "reproduce.md").read_text(encoding="utf-8")
    tables = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    names = set(re.findall(r"`(?:qf\.)?(\w+)(?:\(\)|`|\.by)", tables))
    names |= {
        name for path in PAGES.values() for name in re.findall(r"qf\.(\w+)", path.read_text())
    }
    assert len(names) > 30
    assert not names - set(qyforecast.__all__)


def commands() -> set[str]:
    """Every command of qyforecast that a page shows, in a block or in a line."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.values())
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.S))
    lines = re.findall(r"(?:^|uv run )(qyforecast .+)$", blocks, re.M)
    return set(lines) | set(re.findall(r"`(qyforecast [^`]+)`", text))


@pytest.mark.parametrize("line", sorted(commands()))
def test_a_command_is_there(line: str) -> None:
    from qyforecast.cli import app

    words = line.split()[1:]
    command: Any = get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    assert not getattr(command, "commands", {}) or command.invoke_without_command, line
    known = {name for option in command.params for name in option.opts + option.secondary_opts}
    assert not {word for word in words if word.startswith("--")} - known, line


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages, each warning an error."""
    place = tmp_path_factory.mktemp("docs")
    say = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", str(place / "trees")]
    done = subprocess.run(
        [*say, str(DOCS), str(place / "html")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return place / "html"


class Addresses(HTMLParser):
    """What a page makes a browser fetch, and the language it says."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.lang = ""
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        wanted = FETCHED | ({"href"} if tag in {"link", "image", "use"} else set())
        self.fetched += [value for name, value in said.items() if name in wanted]
        self.fetched += re.findall(r"url\(\s*['\"]?([^)'\"]+)", said.get("style", ""))
        self.lang = said.get("lang", "") if tag == "html" else self.lang

    def handle_data(self, data: str) -> None:
        if self.lasttag == "style":
            self.fetched += addresses_of_style(data)


def addresses_of_style(text: str) -> list[str]:
    """Addresses that a style sheet fetches."""
    return re.findall(r"(?:url\(|@import)\s*['\"]?([^)'\";]+)", text)


def outside(addresses: list[str]) -> list[str]:
    """Keep the addresses that leave the folder."""
    return [one for one in addresses if re.match(r"\s*(?:[a-z]+:)?//", one, re.I)]


def test_no_built_page_fetches_anything(built: Path) -> None:
    pages = list(built.rglob("*.html"))
    found = {page: outside(Addresses(page).fetched) for page in pages}
    found |= {
        css: outside(addresses_of_style(css.read_text("utf-8"))) for css in built.rglob("*.css")
    }
    assert len(pages) > len(PAGES) - 1
    assert not {page.name: wrong for page, wrong in found.items() if wrong}
    scripts = "".join(script.read_text("utf-8") for script in built.rglob("*.js"))
    assert not re.findall(r"(?:fetch|import|importScripts)\(\s*['\"`](?:https?:)?//", scripts)


def test_a_page_that_fetches_would_be_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<html lang="en"><script src="//cdn.example/a.js"></script><link href="https://b.example">'
        '<style>@import "https://c.example/d.css"; p {background: url(http://e.example)}</style>'
        '<a href="https://free.example">to click</a><img src="here.png">',
        encoding="utf-8",
    )
    assert len(outside(Addresses(page).fetched)) == 4


def test_each_page_says_its_language(built: Path) -> None:
    for page in PAGES:
        said = Addresses(built / page.replace(".md", ".html")).lang
        assert said == ("zh-CN" if page.endswith(".zh.md") else "en"), page


def test_formulas_are_drawn_without_scripts(built: Path) -> None:
    page = (built / "model.html").read_text(encoding="utf-8")
    assert page.count("<math ") > 40
    assert not [one for one in re.findall(r"<script[^>]*>", page) if "mathjax" in one.lower()]
    assert not re.search(r"<mi>\\", page), "a command of TeX that was not understood"


def test_the_reference_holds_every_public_name(built: Path, checkout: Path) -> None:
    public = (checkout / "tests" / "public_names.txt").read_text(encoding="utf-8").split()
    listed = InventoryFile.loads((built / "objects.inv").read_bytes(), uri="").data
    names = {name for objects in listed.values() for name in objects}
    # A module has the name of this function, so it is found at its home.
    names |= {"qyforecast.forecast"} & {name.rpartition(".")[0] for name in names}
    assert not {f"qyforecast.{name}" for name in public} - names

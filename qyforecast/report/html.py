"""A document as one page that works offline: no request, a strict policy, charts and tables."""

from __future__ import annotations

import base64
import gzip
import os
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

from qyforecast.errors import OutputError
from qyforecast.report.document import Document, Part, Picture
from qyforecast.report.page.blocks import block_elements
from qyforecast.report.page.elements import element, fingerprint
from qyforecast.report.page.plots import PLOTS
from qyforecast.report.wording import say

LANGUAGE_TAGS = {"zh": "zh-CN", "en": "en"}
#: plotly begins with an empty style element and adds its rules by script, which the policy
#: does not concern; an empty style can do nothing.
EMPTY_STYLE = fingerprint("")
#: How plotly asks whether the style of its maps is there. No chart here is a map: an empty
#: element of that name keeps the style out, which the policy would refuse with an error.
_MAP_STYLE = re.compile(r'getElementById\("([0-9a-f]{64})"\)')


def write_html(document: Document, target: Path) -> None:
    """Write a document as a page, whole or not at all.

    Parameters
    ----------
    document : Document
        What is said.
    target : Path
        File to write or replace.

    Raises
    ------
    OutputError
        If the file cannot be written; it is then as it was.
    """
    text = render_html(document)
    part = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError(
            "the page cannot be written",
            where=str(target),
            found=str(error),
            cure="close it elsewhere, make room, or name another folder",
        ) from error


def render_html(document: Document) -> str:
    """Write a document as the text of one page that asks nothing of any other machine.

    Parameters
    ----------
    document : Document
        What is said.

    Returns
    -------
    str
        HTML, the same for the same document. Charts named in `PLOTS` answer the pointer;
        every chart has its picture and its table.
    """
    live = any(isinstance(one, Picture) and one.chart.name in PLOTS for one in document.blocks())
    style, script = (_own(name) for name in ("page.css", "page.js"))
    scripts, packed = [element("script", {}, script)], []
    allowed = [fingerprint(script)]
    if live:
        content, plotly, maps = _plotly()
        allowed.append(plotly)
        packed = [element("script", {"type": "application/gzip", "id": "plotly"}, content)]
        packed += [element("style", {"id": name}) for name in maps]
    policy = (
        f"default-src 'none'; script-src {' '.join(allowed)}; "
        f"style-src {fingerprint(style)} {EMPTY_STYLE}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    page = element(
        "html",
        {"lang": LANGUAGE_TAGS[document.lang]},
        element("head", {}, *_head(document, policy), element("style", {}, style)),
        element("body", {}, *_body(document), *packed, *scripts),
    )
    return "<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _own(name: str) -> str:
    """Read a file of the page, with the line ends that browsers count fingerprints on."""
    text = (files("qyforecast.report.page") / name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


@cache
def _plotly() -> tuple[str, str, tuple[str, ...]]:
    """Pack plotly's script to under half its size; its fingerprint, its styles of maps."""
    content = (files("plotly") / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    packed = gzip.compress(content.encode("utf-8"), mtime=0)
    maps = tuple(dict.fromkeys(_MAP_STYLE.findall(content)))
    return base64.b64encode(packed).decode(), fingerprint(content), maps


def _head(document: Document, policy: str) -> Iterator[Element]:
    yield element("meta", {"charset": "utf-8"})
    # Before anything that it concerns.
    yield element("meta", {"http-equiv": "Content-Security-Policy", "content": policy})
    yield element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    yield element("meta", {"name": "referrer", "content": "no-referrer"})
    yield element("link", {"rel": "icon", "href": "data:,"})
    yield element("title", {}, document.title)


def _body(document: Document) -> Iterator[Element]:
    lang = document.lang
    first = document.parts[0]
    yield element("a", {"class": "skip", "href": f"#{first.key}"}, say("page_skip", lang))
    years = ("、" if lang == "zh" else ", ").join(map(str, document.as_of))
    known = element("p", {"class": "known"}, say("page_known", lang, {"years": years}))
    end = say("page_end", lang, {"version": version("qyforecast")})
    yield element(
        "div",
        {"class": "frame"},
        element("header", {}, element("h1", {}, document.title), known),
        element("div", {"class": "columns"}, _contents(document), _main(document)),
        element("footer", {}, element("p", {}, end)),
    )


def _contents(document: Document) -> Element:
    title = say("page_contents", document.lang)
    parts = [element("summary", {}, title)]
    for annex in (False, True):
        items = [
            element("li", {}, element("a", {"href": f"#{part.key}"}, part.title))
            for part in document.parts
            if part.annex == annex
        ]
        if items and annex:
            parts.append(element("p", {"class": "group"}, say("page_annex", document.lang)))
        if items:
            parts.append(element("ol", {}, *items))
    return element("nav", {"aria-label": title}, element("details", {}, *parts))


def _main(document: Document) -> Element:
    """Parts in their order; those of the annex stand one level lower, under its heading."""
    main = element("main", {}, *(_part(part, document.lang) for part in _of(document, annex=False)))
    annex = [_part(part, document.lang) for part in _of(document, annex=True)]
    if annex:
        heading = element("h2", {"id": "annex"}, say("page_annex", document.lang))
        main.append(element("div", {"class": "annex"}, heading, *annex))
    return main


def _of(document: Document, *, annex: bool) -> Iterator[Part]:
    return (part for part in document.parts if part.annex == annex)


def _part(part: Part, lang: str) -> Element:
    level = 3 if part.annex else 2
    blocks = [one for block in part.blocks for one in block_elements(block, lang, level + 1)]
    heading = element(f"h{level}", {}, part.title)
    return element("section", {"id": part.key, "tabindex": "-1"}, heading, *blocks)

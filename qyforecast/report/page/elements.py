"""Elements of a page: a tree, so that text is text whatever it says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

#: An address in running text, up to a sign that ends a sentence or a bracket.
_ADDRESS = re.compile(r"https?://[\w\-.~:/?#@!$&'*+=%]*[\w/#=%]", re.ASCII)
#: The space of "50 %": a line never ends there.
_BEFORE_SIGN = re.compile(r"(?<=\d) (?=%)")
NO_ATTRIBUTES: Mapping[str, str] = {}


def element(
    name: str, attributes: Mapping[str, str] = NO_ATTRIBUTES, *content: Element | str
) -> Element:
    """Make an element.

    Parameters
    ----------
    name : str
        Its tag.
    attributes : mapping of str
        Plain values; they are escaped when the tree is written.
    *content : Element or str
        What it holds: elements, and plain text, which is escaped when the tree is written.

    Returns
    -------
    Element
        Of the standard library's tree.
    """
    made = Element(name, dict(attributes))
    for piece in content:
        if isinstance(piece, Element):
            made.append(piece)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + piece
        else:
            made.text = (made.text or "") + piece
    return made


def linked(text: str) -> Iterator[Element | str]:
    """Split a text at its web addresses, and make links of them.

    Parameters
    ----------
    text : str
        Plain text.

    Yields
    ------
    Element or str
        Links that show their address, also on paper, and the text between.
    """
    start, text = 0, _BEFORE_SIGN.sub("\N{NO-BREAK SPACE}", text)
    for match in _ADDRESS.finditer(text):
        yield text[start : match.start()]
        # The reader's own click leaves the page; the place it leads to learns nothing of it.
        yield element("a", {"href": match[0], "rel": "noreferrer noopener"}, match[0])
        start = match.end()
    yield text[start:]


def inert(identifier: str, value: object) -> Element:
    """Hold data in a page, such that no part of it can end the element it stands in.

    Parameters
    ----------
    identifier : str
        Id of the element.
    value : object
        What JSON knows.

    Returns
    -------
    Element
        A block of data that no browser runs.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return element("script", {"type": "application/json", "id": identifier}, text)


def fingerprint(text: str) -> str:
    """Give the name by which a policy lets one script or style in.

    Parameters
    ----------
    text : str
        Content of the element.

    Returns
    -------
    str
        Like ``'sha256-…'``, quotes included.
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"

"""How the pages are built: nothing is fetched, by the build or by a built page."""

from importlib import metadata
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert

project = "qyforecast"
author = "qyforecast maintainers"
version = release = metadata.version("qyforecast")
extensions = ["myst_parser", "sphinx.ext.autodoc", "numpydoc"]
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 2

html_theme = "furo"
html_title = f"qyforecast {release}"
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
html_math_renderer = "mathml"
# Docstrings say types and names in numpydoc's way.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
default_role = "py:obj"
numpydoc_show_class_members = False


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(self: Any, node: nodes.math_block) -> None:
    formula = convert(node.astext(), display="block")
    # The theme cuts off what stands above its line; a little room keeps it whole.
    self.body.append(f'<div class="math" style="padding: 0.5em 0">{formula}</div>')
    raise nodes.SkipNode


def _say_language(
    app: Any, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Name the language of a page, so that its characters are drawn and read aloud rightly."""
    context["language"] = "zh-CN" if pagename.endswith(".zh") else "en"


def setup(app: Any) -> None:
    """Write formulas as MathML, which browsers draw without scripts or fonts from elsewhere."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.connect("html-page-context", _say_language)

"""What the docs show runs, and prints what they say."""

import doctest
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def examples(page: str) -> doctest.DocTest:
    """Join the examples of a page; its fences are no output."""
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)
    return doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, page, 0)


@pytest.mark.parametrize("page", ["reproduce.md"])
def test_a_page_runs(page: str) -> None:
    test = examples(page)
    assert len(test.examples) > 20
    said: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=said.append)
    assert not said, "".join(said)


def test_every_name_in_the_docs_is_public() -> None:
    import qyforecast

    page = (DOCS / "reproduce.md").read_text(encoding="utf-8")
    tables = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    names = set(re.findall(r"`(?:qf\.)?(\w+)(?:\(\)|`|\.by)", tables)) | set(
        re.findall(r"qf\.(\w+)", page)
    )
    assert len(names) > 30
    assert not names - set(qyforecast.__all__)

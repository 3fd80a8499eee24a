"""Text that a spreadsheet would run as a formula, made harmless.

A program that opens a CSV file runs a cell that begins with one of `SIGNS`, whoever wrote
it. With an apostrophe before it the cell is text, and shows as such.

References
----------
OWASP, *CSV Injection*.
"""

#: What a formula begins with, as spreadsheets read it; full-width signs among them.
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"


def with_guard(text: str) -> str:
    """Put an apostrophe before what would be a formula; a number is none.

    Parameters
    ----------
    text : str
        A cell.

    Returns
    -------
    str
        The same text, or guarded.

    Examples
    --------
    >>> [with_guard(text) for text in ("=1+1", "-0.5", "0-4", "-x")]
    ["'=1+1", '-0.5', '0-4', "'-x"]
    """
    return GUARD + text if text.startswith(SIGNS) and not _is_number(text) else text


def without_guard(text: str) -> str:
    """Take the apostrophe away again: what was written is read.

    Parameters
    ----------
    text : str
        A cell as it stands in a file.

    Returns
    -------
    str
        As `with_guard` was given it.

    Examples
    --------
    >>> without_guard("'=1+1")
    '=1+1'
    """
    bare = text.removeprefix(GUARD)
    return bare if bare != text and bare.startswith(SIGNS) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text == text.strip()

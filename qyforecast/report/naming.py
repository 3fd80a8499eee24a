"""Names beside codes: what tables of people's own programs and people themselves need."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from qyforecast.report.columns import label_of
from qyforecast.report.names import method_of, name_of
from qyforecast.report.wording import percent_text, say

#: Columns of codes of one kind each.
SCENARIOS = ("scenario", "compared_with", "other")
CODES = ("component", "player", "group", "flow")
WORDS = ("residence", "sex")


def name_columns(
    table: pd.DataFrame, names: Mapping[str, tuple[str, str]], lang: str
) -> pd.DataFrame:
    """Put a column of names after each column of codes that have names.

    Parameters
    ----------
    table : DataFrame
        A saved table.
    names : mapping of str to tuple of str
        Code of a place to its Chinese and English name.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    DataFrame
        The table's own columns in their order and as they are, names between them.
    """
    said = {
        **dict.fromkeys((*SCENARIOS, *CODES), lambda code: name_of(code, lang)),
        **dict.fromkeys(WORDS, lambda code: say(code, lang)),
        "region_code": lambda code: names[code][0 if lang == "zh" else 1],
        "method": lambda code: method_of(code, lang),
        "target": lambda code: target_of(code, lang),
    }
    found = {}
    for column in map(str, table.columns):
        found[column] = table[column]
        if column in said:
            label = say("name_of_column", lang, {"column": label_of(column, lang)})
            found[label] = table[column].map(_mapping(table[column], said[column]))
    return pd.DataFrame(found)


def _mapping(codes: pd.Series, named: Callable[[str], str]) -> dict[object, str]:
    return {code: named(str(code)) for code in codes.unique()}


def target_of(code: str, lang: str) -> str:
    """Name a target, as its file does in code.

    Parameters
    ----------
    code : str
        As ``2035-at-least-65``.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its year and share; the code itself where it is of another form.
    """
    year, _, rest = code.partition("-")
    reading, _, share = rest.rpartition("-")
    if reading not in ("at-least", "about") or not (year.isdigit() and share.isdigit()):
        return code
    text = percent_text(int(share) / 100, lang, 0)
    key = "target_row" if reading == "at-least" else "target_about_row"
    return say(key, lang, {"year": year, "share": text})

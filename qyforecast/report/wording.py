"""Words and numbers as people read them, in English and in Chinese."""

from collections.abc import Mapping

from qyforecast.errors import OutputError
from qyforecast.report.annex_texts import ANNEX
from qyforecast.report.basis_texts import BASIS
from qyforecast.report.briefing_texts import BRIEFING
from qyforecast.report.chart_texts import CHARTS
from qyforecast.report.model_texts import MODEL_CHARTS
from qyforecast.report.page.page_texts import PAGE
from qyforecast.report.sheet_texts import SHEET_TEXTS
from qyforecast.report.texts import FORECAST
from qyforecast.vocabulary import nearest

_PAIRS = {
    **FORECAST,
    **CHARTS,
    **MODEL_CHARTS,
    **BRIEFING,
    **BASIS,
    **ANNEX,
    **SHEET_TEXTS,
    **PAGE,
}
#: Language to key to text.
TEXTS: dict[str, dict[str, str]] = {
    lang: {key: texts[place] for key, texts in _PAIRS.items()}
    for place, lang in enumerate(("en", "zh"))
}

LANGUAGES = tuple(TEXTS)


def say(key: str, lang: str, values: Mapping[str, object] | None = None) -> str:
    """Give a text in a language, its gaps filled.

    Parameters
    ----------
    key : str
        A key of `TEXTS`.
    lang : {"en", "zh"}
        Language.
    values : mapping, optional
        What stands in the gaps, already formatted.

    Returns
    -------
    str
        The text.

    Raises
    ------
    OutputError
        If there is no such language.
    """
    if lang not in TEXTS:
        raise OutputError(f"no texts in the language {lang!r}", cure=nearest(lang, LANGUAGES))
    return TEXTS[lang][key].format_map(values or {})


def kind_text(kind: str, lang: str) -> str:
    """Name a kind of source.

    Parameters
    ----------
    kind : str
        As the data have it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name; `kind` itself where there is no word for it.
    """
    return TEXTS[lang].get(kind, kind)


def percent_text(share: float, lang: str = "en", decimals: int = 1) -> str:
    """Write a share as a percentage.

    Parameters
    ----------
    share : float
        A share. [1]
    lang : {"en", "zh"}
        Chinese has no space before the sign.
    decimals : int
        Digits after the point.

    Returns
    -------
    str
        Like ``41.9 %``.

    Examples
    --------
    >>> percent_text(0.4189), percent_text(0.5, "zh", 0)
    ('41.9 %', '50%')
    """
    return f"{100 * share:.{decimals}f}{_sign(lang)}"


def probability_text(probability: float, lang: str = "en") -> str:
    """Write a probability for readers of prose: whole percents, never 0 or 100.

    Parameters
    ----------
    probability : float
        Counted in draws. [1]
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Like ``39 %``, ``<1 %`` or ``>99 %``: no number of draws shows that
        something cannot be, or must.

    Examples
    --------
    >>> [probability_text(p) for p in (0, 0.0099, 0.031, 0.39, 0.991, 1)]
    ['<1 %', '<1 %', '3 %', '39 %', '>99 %', '>99 %']
    """
    if probability < 0.01:
        return f"<1{_sign(lang)}"
    if probability > 0.99:
        return f">99{_sign(lang)}"
    return percent_text(probability, lang, 0)


def counted_text(probability: float, error: float, lang: str = "en") -> str:
    """Write a probability for a table: with its error, and no digit the error makes idle.

    Parameters
    ----------
    probability, error : float
        Probability and its Monte Carlo standard error. [1]
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Like ``38.9 ± 0.8 %``; digits end with the first of the error, at least one
        and at most two after the point.

    Examples
    --------
    >>> counted_text(0.38925, 0.0077), counted_text(0, 0.000177), counted_text(0.4, 0.05, "zh")
    ('38.9 ± 0.8 %', '0.00 ± 0.02 %', '40.0 ± 5.0%')
    """
    decimals = 2 if 100 * error < 0.095 else 1
    return f"{100 * probability:.{decimals}f} ± {100 * error:.{decimals}f}{_sign(lang)}"


def interval_text(low: float, high: float, lang: str = "en") -> str:
    """Write an interval of shares.

    Parameters
    ----------
    low, high : float
        Ends. [1]
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Like ``44.1 to 47.9 %``.

    Examples
    --------
    >>> interval_text(0.441, 0.479), interval_text(0.441, 0.479, "zh")
    ('44.1 to 47.9 %', '44.1～47.9%')
    """
    between = "～" if lang == "zh" else " to "
    return f"{100 * low:.1f}{between}{percent_text(high, lang)}"


def persons_text(persons: float, lang: str = "en") -> str:
    """Write a number of people.

    Parameters
    ----------
    persons : float
        Residents, or people who move. [person]
    lang : {"en", "zh"}
        Chinese counts in 万 from 10,000 on.

    Returns
    -------
    str
        Like ``913,075`` and ``91.31万``.

    Examples
    --------
    >>> persons_text(913075), persons_text(913075, "zh"), persons_text(-980, "zh")
    ('913,075', '91.31万', '-980')
    """
    if lang == "zh" and abs(persons) >= 1e4:
        return f"{persons / 1e4:.2f}万"
    return f"{persons:,.0f}"


def _sign(lang: str) -> str:
    return "%" if lang == "zh" else " %"

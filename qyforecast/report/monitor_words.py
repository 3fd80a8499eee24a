"""Words of the monitoring documents, in English and in Chinese."""

from collections.abc import Mapping

from qyforecast.decide.targets import Target
from qyforecast.report.monitor_chinese import CHINESE
from qyforecast.report.monitor_english import ENGLISH
from qyforecast.report.wording import TEXTS, percent_text, say

#: Least probability to its word, the highest first: Mastrandrea and others (2010), *Guidance
#: note for lead authors of the IPCC fifth assessment report on consistent treatment of
#: uncertainties*.
LIKELIHOOD = {
    0.9: "very_likely",
    0.66: "likely",
    0.33: "as_likely",
    0.1: "unlikely",
    0.0: "very_unlikely",
}
#: Below this a target is called unlikely.
UNLIKELY = 0.33

WORDS: dict[str, dict[str, str]] = {"en": ENGLISH, "zh": CHINESE}


def words(key: str, lang: str, values: Mapping[str, object] | None = None) -> str:
    """Give a text of the monitoring documents, or one that all reports share.

    Parameters
    ----------
    key : str
        A key of `WORDS`, or of `TEXTS`.
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
    if lang in WORDS and key in WORDS[lang]:
        return WORDS[lang][key].format_map(values or {})
    return say(key, lang, values)


def kind_words(kind: str, lang: str) -> str:
    """Name a kind of source, or what stands for one.

    Parameters
    ----------
    kind : str
        As the tables have it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name; `kind` itself where there is no word for it.
    """
    return WORDS[lang].get(kind) or TEXTS[lang].get(kind, kind)


def promise_words(target: Target, lang: str) -> str:
    """Name a target by what counts as reaching it.

    Parameters
    ----------
    target : Target
        What was promised.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Like ``50 % or more by the end of 2025``.
    """
    values = {"share": percent_text(target.threshold, lang, 0), "year": target.year}
    values |= {"bar": percent_text(target.bar, lang, 0)}
    return words("promise_about" if target.reading == "about" else "promise", lang, values)


def likelihood(probability: float, lang: str) -> str:
    """Say a probability in a word.

    Parameters
    ----------
    probability : float
        Of an outcome. [1]
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        As `LIKELIHOOD` has it.

    Examples
    --------
    >>> [likelihood(p, "en") for p in (0.95, 0.5, 0.29, 0.0)]
    ['very likely', 'about as likely as not', 'unlikely', 'very unlikely']
    """
    return words(next(key for least, key in LIKELIHOOD.items() if probability >= least), lang)

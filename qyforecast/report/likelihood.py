"""Probabilities in words and in whole percents: one rule for every sentence."""

from qyforecast.report.wording import percent_text, say

#: Word to the probability above which it is used, from the likeliest down. [1]
WORDS = {
    "certain": 0.99,
    "very_likely": 0.9,
    "likely": 0.66,
    "rather": 0.5,
    "rather_not": 0.33,
    "unlikely": 0.1,
    "very_unlikely": 0.01,
    "hardly": 0.0,
}
#: Monte Carlo standard error above which a whole percent would be a false digit. [1]
COARSE = 0.02


def likelihood(probability: float, error: float, lang: str) -> str:
    """Put a probability into words.

    Parameters
    ----------
    probability, error : float
        Probability and its Monte Carlo standard error. [1]
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Of non-overlapping ranges; *about as likely as not* where the draws cannot tell
        it from one half.

    References
    ----------
    After Mastrandrea et al. (2010), *Guidance note for lead authors of the IPCC Fifth
    Assessment Report on consistent treatment of uncertainties*.

    Examples
    --------
    >>> [likelihood(p, 0.007, "en") for p in (0.57, 0.51, 0.29)]
    ['more likely than not', 'about as likely as not', 'unlikely']
    """
    if abs(probability - 0.5) <= 2 * error:
        return say("word_even", lang)
    word = next((word for word, above in WORDS.items() if probability > above), "hardly")
    return say(f"word_{word}", lang)


def stated(probability: float, error: float, lang: str) -> str:
    """Write a probability in a sentence, no finer than its error, never 0 or 100 %.

    Parameters
    ----------
    probability, error : float
        Probability and its Monte Carlo standard error. [1]
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Whole percents; fives where the error is above `COARSE`.

    Examples
    --------
    >>> stated(0.566, 0.007, "en"), stated(0.566, 0.03, "zh"), stated(1, 0.0002, "en")
    ('57 %', '55%', 'more than 99 %')
    """
    step = 0.05 if error > COARSE else 0.01
    edge = max(step, 0.01)
    if probability > 1 - edge:
        return say("more_than", lang, {"share": percent_text(1 - edge, lang, 0)})
    if probability < edge:
        return say("less_than", lang, {"share": percent_text(edge, lang, 0)})
    return percent_text(step * round(probability / step), lang, 0)

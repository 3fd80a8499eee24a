"""Words and numbers as people read them, in English and in Chinese."""

from collections.abc import Mapping

from qyforecast.errors import OutputError
from qyforecast.vocabulary import nearest

#: What the forecast leaves out, whatever the scenario; scenarios state their own besides.
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "leaves_out": (
            "Left out: changes of boundaries and, but where a scenario reclassifies a place, of "
            "what counts as urban after 2020; errors of the 2020 census count itself; shocks of a "
            "kind not seen since 2000; and how people and policy respond to a forecast."
        ),
        "pseudo_vintage": (
            "As of a year: from figures published by its end; series known only as later revised "
            "are used as revised. 2020 census totals, and the life expectancy of 2020 printed "
            "in 2022, count as known in 2021."
        ),
        "intervals": (
            "Intervals are equal-tailed; ± is the Monte Carlo standard error of {draws} draws."
        ),
        "title_fan": "Urban share of residents, {place}",
        "panel_fan": "as known at the end of {as_of}",
        "axis_year": "end of year",
        "median": "median {share}",
        "target_fan": "target for {year}: {share}",
        "target_met": "reached in {probability} of draws",
        "target_about": "({share} or more: {probability})",
        "bands_fan": (
            "Scenario: {scenario}. Line: median. Bands: 50, 80 and 95 % equal-tailed intervals of "
            "{draws} draws. Points: published shares of residents living in towns; hollow where "
            "published later than the panel's year, and not used in it."
        ),
        "sources": "Sources: {sources}.",
        "census": "census",
        "bulletin": "bulletin",
        "press": "press",
        "plan": "plan",
        "yearbook": "yearbook",
        "compilation": "compilation",
        "column_scenario": "scenario",
        "column_target": "target",
        "column_vintage": "as of {as_of}: probability\nmedian (80 % interval)",
        "cell_vintage": "{probability}\n{median} ({interval})",
        "title_targets": "Are the targets reached? {place}",
        "target_row": "{year}: {share} or more",
        "unit_note": (
            "Median and interval: urban share of residents at the end of the target's year."
        ),
    },
    "zh": {
        "leaves_out": (
            "未计入：2020年以后行政区划和城乡划分标准的变动（情景中另有规定的除外）、2020年人口普查本身的误差、"
            "2000年以来未出现过的冲击，以及公众和政策对预测的反应。"
        ),
        "pseudo_vintage": (
            "“截至某年”指只用该年年底前公布的数据；只有修订后数值的序列按修订后数值使用。"
            "2020年普查总数和2022年公布的2020年平均预期寿命视为2021年已知。"
        ),
        "intervals": "区间为等尾区间；±为{draws}次抽样的蒙特卡洛标准误。",
        "title_fan": "{place}常住人口城镇化率",
        "panel_fan": "截至{as_of}年底所知",
        "axis_year": "年底",
        "median": "中位数{share}",
        "target_fan": "{year}年目标：{share}",
        "target_met": "{probability}的抽样达到",
        "target_about": "（达到{share}：{probability}）",
        "bands_fan": (
            "情景：{scenario}。线为中位数；色带为{draws}次抽样的50%、80%、95%等尾区间。"
            "点为已公布的常住人口城镇化率；空心点在该图年份之后公布，未使用。"
        ),
        "sources": "资料来源：{sources}。",
        "census": "普查",
        "bulletin": "公报",
        "press": "报道",
        "plan": "规划",
        "yearbook": "年鉴",
        "compilation": "汇编",
        "column_scenario": "情景",
        "column_target": "目标",
        "column_vintage": "截至{as_of}年：概率\n中位数（80%区间）",
        "cell_vintage": "{probability}\n{median}（{interval}）",
        "title_targets": "目标能否实现？{place}",
        "target_row": "{year}年：{share}及以上",
        "unit_note": "中位数和区间：目标年年底的常住人口城镇化率。",
    },
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

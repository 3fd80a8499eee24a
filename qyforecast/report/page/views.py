"""The figures of a chart as tables that people read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from math import isnan

import pandas as pd

from qyforecast.report.columns import label_of
from qyforecast.report.figures.chart import Chart, Setting
from qyforecast.report.figures.growth import TOGETHER, WHOLE
from qyforecast.report.names import method_of, name_of, term_of
from qyforecast.report.overview import TextTable
from qyforecast.report.page.page_texts import PAGE
from qyforecast.report.wording import counted_text, kind_text, percent_text, persons_text, say

#: How the numbers of each chart are written; shares in percent if not named here.
_PERSONS = ("pyramid", "growth", "flows", "migration-age")
_POINTS = ("shapley", "effects")
_PLAIN = ("coefficients", "priors")
#: Columns of a chart under the names that saved tables have for them.
SAME = {
    "low": "lower80",
    "high": "upper80",
    "low80": "lower80",
    "high80": "upper80",
    "low95": "lower95",
    "high95": "upper95",
}
NONE = "–"
#: Shares that somebody set, in whole percents.
BARS = ("threshold", "city_target")
_NAMES: Mapping[str, Callable[[str, str], str]] = {
    **dict.fromkeys(("scenario", "component", "player", "flow", "group"), name_of),
    **dict.fromkeys(("driver", "sector"), name_of),
    **dict.fromkeys(("term", "parameter"), term_of),
    "method": method_of,
}
#: Codes that have a text of their own name.
_SAID = ("residence", "sex", "by")


def views(chart: Chart) -> tuple[TextTable, ...]:
    """Lay out all that a chart shows.

    Parameters
    ----------
    chart : Chart
        The chart.

    Returns
    -------
    tuple of TextTable
        One; of a fan two, the forecast with its targets and what was observed.
    """
    if chart.name == "fan":
        return _fan(chart)
    table = chart.table.rename(columns=SAME).drop(columns=["unit"], errors="ignore")
    if chart.name == "first-year":
        years = [_year(str(year), chart.setting) for year in table["year"]]
        table = table.assign(target=[code[:4] for code in table["target"]], year=years)
    elif {"target", "threshold"} <= set(table.columns):
        table = table.drop(columns="target")
    if {"probability", "standard_error"} <= set(table.columns):
        table = table.assign(probability=_counted(table, chart.setting.lang))
        table = table.drop(columns="standard_error")
    return (laid_out(table, chart, chart.title),)


def _year(year: str, setting: Setting) -> str:
    """A year, or the words for those that come too late to be told."""
    return year if year.isdigit() else setting.say("never_by", {"last": year.rpartition(" ")[2]})


def _counted(table: pd.DataFrame, lang: str) -> list[str]:
    pairs = zip(table["probability"], table["standard_error"], strict=True)
    return [counted_text(chance, error, lang) for chance, error in pairs]


def _fan(chart: Chart) -> tuple[TextTable, ...]:
    """Quantiles side by side with target and probability, then the observed points."""
    table, keys = chart.table, ["as_of", "year"]
    quantiles = table[table["what"] == "quantile"]
    wide = quantiles.pivot(index=keys, columns="label", values="value")
    wide = wide[list(dict.fromkeys(quantiles["label"]))].reset_index()
    bars = table[table["what"].isin(["target", "probability"])]
    bars = bars.pivot(index=[*keys, "label"], columns="what", values="value").reset_index()
    bars = bars.rename(columns={"target": "threshold", "label": "target"})
    columns = [*keys, "threshold", "probability"]
    points = table[table["what"].isin(["observed", "observed later"])]
    points = points.drop_duplicates(["year", "label"]).rename(
        columns={"label": "kind", "value": "observed"}
    )
    points = points[["year", "kind", "observed"]].sort_values("year")
    tables = {"forecast": wide, "targets": bars.reindex(columns=columns), "observed": points}
    return tuple(
        laid_out(part, chart, say(f"page_{name}", chart.setting.lang, {"title": chart.title}))
        for name, part in tables.items()
        if len(part)
    )


def laid_out(table: pd.DataFrame, chart: Chart, title: str) -> TextTable:
    """Write a table's headings and cells in the chart's language.

    Parameters
    ----------
    table : DataFrame
        Numbers and codes.
    chart : Chart
        Whose they are.
    title : str
        What it shows.

    Returns
    -------
    TextTable
        With the unit behind its title.
    """
    lang = chart.setting.lang
    columns = [str(name) for name in table.columns]
    rows = tuple(
        tuple(_cell(name, row[name], chart) for name in columns) for row in table.to_dict("records")
    )
    caption = say("page_caption", lang, {"title": title, "unit": unit_of(chart)})
    return TextTable(caption, tuple(heading(name, lang) for name in columns), rows, ())


def unit_of(chart: Chart) -> str:
    """Say in which unit the table of a chart is, whose axes may count in thousands.

    Parameters
    ----------
    chart : Chart
        The chart.

    Returns
    -------
    str
        Persons where people are counted, else the chart's own unit.
    """
    return chart.setting.say("unit_persons") if chart.name in _PERSONS else chart.unit


def heading(column: str, lang: str) -> str:
    """Name a column of a chart's table.

    Parameters
    ----------
    column : str
        As the table has it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name.
    """
    own = f"column_{column}"
    return say(own, lang) if own in PAGE else label_of(column, lang)


def _cell(column: str, value: Hashable, chart: Chart) -> str:
    setting = chart.setting
    if isinstance(value, bool):
        return setting.say("yes" if value else "no")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return NONE if isnan(value) else _number(column, value, chart)
    return _word(column, str(value), setting)


def _word(column: str, code: str, setting: Setting) -> str:
    if column == "region_code":
        return setting.place(code)
    if column == "kind":
        panel = f"panel_{code}_term"
        return setting.say(panel) if code in ("level", "change") else kind_text(code, setting.lang)
    if column in _SAID or code in (WHOLE, TOGETHER):
        return setting.say(code if column in _SAID else "whole")
    return _NAMES[column](code, setting.lang) if column in _NAMES else code


def _number(column: str, value: float, chart: Chart) -> str:
    if chart.name in _PERSONS:
        return persons_text(value, chart.setting.lang)
    if chart.name in _POINTS:
        return f"{value:+.2f}"
    if chart.name in _PLAIN:
        return f"{value:.3f}"
    return percent_text(value, chart.setting.lang, 0 if column in BARS else 1)

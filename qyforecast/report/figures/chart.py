"""A chart as a value: a picture, the numbers in it, and what it says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from qyforecast.report.style import framed
from qyforecast.report.wording import say


@dataclass(frozen=True)
class Setting:
    """Where and in which language charts are drawn.

    Attributes
    ----------
    lang : {"en", "zh"}
        Language.
    region : str
        Code of the place that charts of one place show.
    city : str
        Code of the city.
    counties : tuple of str
        Codes of its counties.
    names : mapping of str to tuple of str
        Code to the Chinese and the English name.
    years : tuple of int
        Years of the censuses.
    grid : mapping of str to tuple of int
        County to its row and column in charts that lay counties out as on a map.
    draws : int
        Draws of the forecast.
    """

    lang: str
    region: str
    city: str
    counties: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]
    years: tuple[int, ...]
    grid: Mapping[str, tuple[int, int]]
    draws: int

    def place(self, code: str | None = None) -> str:
        """Name a place.

        Parameters
        ----------
        code : str, optional
            Its code; the region of the charts by default.

        Returns
        -------
        str
            Its name.
        """
        chinese, english = self.names[code or self.region]
        return chinese if self.lang == "zh" else english

    def say(self, key: str, values: Mapping[str, object] | None = None) -> str:
        """Give a text in the charts' language.

        Parameters
        ----------
        key : str
            A key of `wording.TEXTS`.
        values : mapping, optional
            What stands in its gaps.

        Returns
        -------
        str
            The text.
        """
        return say(key, self.lang, values)


@dataclass(frozen=True)
class Drawn:
    """What a function of data frames draws.

    Attributes
    ----------
    figure : Figure
        Panels, without title and foot.
    table : DataFrame
        Every number drawn.
    as_of : tuple of int
        Years of knowledge shown; empty where the tables do not say.
    values : mapping
        What stands in the gaps of title, note and alternative text.
    notes : tuple of str
        Keys of further texts under the chart's own note.
    """

    figure: Figure
    table: pd.DataFrame
    as_of: tuple[int, ...]
    values: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A chart with all that a document needs of it.

    Attributes
    ----------
    name : str
        Name of the chart, and of its file.
    title : str
        What it shows.
    figure : Figure
        The picture, its title above and its foot below.
    table : DataFrame
        Every number drawn.
    unit, as_of, source : str
        Unit, years of knowledge, and what it rests on, as its foot says them.
    alt : str
        What it shows in a sentence, for those who cannot see it.
    notes : tuple of str
        How to read it and what it leaves out, a sentence or more each.
    setting : Setting
        Place and language that it was drawn for.
    """

    name: str
    title: str
    figure: Figure
    table: pd.DataFrame
    unit: str
    as_of: str
    source: str
    alt: str
    notes: tuple[str, ...]
    setting: Setting


def finish(name: str, drawn: Drawn, setting: Setting, keys: tuple[str, str]) -> Chart:
    """Write title and foot on what was drawn.

    Parameters
    ----------
    name : str
        Name of the chart.
    drawn : Drawn
        Panels and numbers.
    setting : Setting
        Place and language.
    keys : tuple of str
        Keys of the texts of its unit and of its source.

    Returns
    -------
    Chart
        The chart.
    """
    values = {"place": setting.place(), "draws": f"{setting.draws:,}", **drawn.values}
    title, note, alt = (setting.say(f"{part}_{name}", values) for part in ("chart", "note", "alt"))
    unit = setting.say(keys[0])
    between = "、" if setting.lang == "zh" else ", "
    years = "、".join(map(str, setting.years)) if setting.lang == "zh" else _and(setting.years)
    source = setting.say(keys[1], {"years": years})
    dates = [setting.say("year_end", {"year": year}) for year in drawn.as_of]
    as_of = between.join(dates) or setting.say("undated")
    foot = setting.say("foot", {"unit": unit, "as_of": as_of, "source": source})
    notes = (note, *map(setting.say, drawn.notes))
    framed(drawn.figure, title, (*notes, foot))
    return Chart(name, title, drawn.figure, drawn.table, unit, as_of, source, alt, notes, setting)


def _and(years: tuple[int, ...]) -> str:
    return " and ".join(map(str, years))

"""People by age: pyramids of town and village, and migration between the censuses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.figures.rows import first_scenario, newest_rows, of_place
from qyforecast.report.names import name_of
from qyforecast.report.style import INK, LINE, QUIET, RURAL, URBAN, styled
from qyforecast.report.wording import persons_text
from qyforecast.vocabulary import RESIDENCES, SEXES

#: Left and right of the middle line.
SIDES = {"male": -1, "female": 1}
FILL = {"urban": "#5f9fcb", "rural": RURAL}


def scale_of(lang: str) -> float:
    """Give the number of people that a chart's axis counts as one.

    Parameters
    ----------
    lang : {"en", "zh"}
        Chinese counts in 万, ten thousands; English in thousands.

    Returns
    -------
    float
        Persons.
    """
    return 1e4 if lang == "zh" else 1e3


def pyramid(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw residents by age and sex in town and village, first and last year.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``population`` as `population_table` makes it. The scenario of the first row and the
        newest vintage are shown. [person]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``residence, year, sex, age_group, q10, q50, q90``. [person]
    """
    found, as_of = newest_rows(of_place(tables["population"], setting))
    found, scenario = first_scenario(found)
    first, last = int(found["year"].min()), int(found["year"].max())
    found = found[found["year"].isin([first, last])]
    figure, panels = styled(9.0, 5.6, 2)
    scale = scale_of(setting.lang)
    values: dict[str, object] = {
        "scenario": name_of(scenario, setting.lang), "first": first, "last": last,
    }  # fmt: skip
    for panel, residence in zip(panels, RESIDENCES, strict=True):
        here = found[found["residence"] == residence]
        for sex in SEXES:
            mine = here[here["sex"] == sex]
            _side(panel, mine[mine["year"] == first], mine[mine["year"] == last], (scale, sex))
        middle = here.groupby("year")["q50"].sum()
        values |= {residence: persons_text(float(middle[last]), setting.lang)}
        values |= {f"{residence}_first": persons_text(float(middle[first]), setting.lang)}
        panel.set_title(setting.say(residence), size=10, loc="left")
        _name_sides(panel, setting)
    ages = list(dict.fromkeys(found["age_group"]))
    panels[0].set_yticks(range(0, len(ages), 2), ages[::2])
    panels[0].set_ylabel(setting.say("axis_age"))
    limit = max(abs(x) for panel in panels for x in panel.get_xlim())
    for panel in panels:
        panel.set_xlim(-limit, limit)
    panels[1].legend(
        *_key(panels[1], setting, (first, last)), frameon=False, loc="lower right", fontsize=8
    )
    columns = ["residence", "year", "sex", "age_group", "q10", "q50", "q90"]
    return Drawn(figure, found[columns].reset_index(drop=True), (as_of,), values)


def _side(panel: Axes, before: pd.DataFrame, after: pd.DataFrame, how: tuple[float, str]) -> None:
    """One sex: bars with whiskers for the last year, an outline for the first."""
    scale, sex = how
    side = SIDES[sex]
    places = np.arange(len(after))
    low, middle, high = (side * after[q].to_numpy() / scale for q in ("q10", "q50", "q90"))
    residence = str(after["residence"].iloc[0])
    panel.barh(places, middle, height=0.86, color=FILL[residence], label="last")
    panel.hlines(places, low, high, color=INK, linewidth=1.1)
    panel.stairs(
        side * before["q50"].to_numpy() / scale, np.arange(len(before) + 1) - 0.5,
        orientation="horizontal", color=URBAN if residence == "urban" else LINE, linewidth=1.4,
        baseline=0, label="first",
    )  # fmt: skip


def _name_sides(panel: Axes, setting: Setting) -> None:
    for x, sex, align in ((0.02, "male", "left"), (0.98, "female", "right")):
        panel.text(x, 0.98, setting.say(sex), transform=panel.transAxes, va="top", ha=align,
                   color=QUIET)  # fmt: skip
    panel.axvline(0, color="white", linewidth=1)
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):g}"))
    panel.xaxis.set_major_locator(MaxNLocator(6, symmetric=True))
    panel.grid(visible=True, axis="x")
    panel.grid(visible=False, axis="y")
    panel.set_xlabel(setting.say("unit_pyramid"))


def _key(panel: Axes, setting: Setting, years: tuple[int, int]) -> tuple[list, list[str]]:
    handles, labels = panel.get_legend_handles_labels()
    found = dict(zip(labels, handles, strict=True))
    words = [setting.say("of_year", {"year": year}) for year in years]
    return [found["first"], found["last"]], words


def migration_by_age(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw what cohorts gained or lost between the censuses, and what smooth rates make.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``residual_migration`` as `residual_table` makes it; counties, summed for the city.
        [person]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``sex, age, residual, fitted``. [person]
    """
    table = tables["residual_migration"]
    if setting.region != setting.city:
        table = of_place(table, setting)
    table = table.groupby(["sex", "age"], as_index=False)[["residual", "fitted"]].sum()
    figure, panels = styled(9.0, 4.2, 2)
    scale = scale_of(setting.lang)
    for panel, sex in zip(panels, SEXES, strict=True):
        mine = table[table["sex"] == sex]
        middle = mine["age"] + 2.5
        panel.bar(middle, mine["residual"] / scale, width=4.3, color=RURAL,
                  label=setting.say("residual"))  # fmt: skip
        panel.plot(middle, mine["fitted"] / scale, color=LINE, marker="o", markersize=3.5,
                   label=setting.say("fitted"))  # fmt: skip
        panel.axhline(0, color=QUIET, linewidth=0.8)
        panel.set_title(setting.say(sex), size=10, loc="left")
        panel.set_xlabel(setting.say("axis_age"))
    panels[0].set_ylabel(setting.say("unit_migration-age"))
    panels[1].legend(frameon=False, loc="lower right", fontsize=8)
    both = table.groupby("age")["residual"].sum()
    age = int(both.index[int(both.to_numpy().argmin())])
    values = {
        "age": f"{age}—{age + 4}" if setting.lang == "zh" else f"{age} to {age + 4}",
        "count": persons_text(float(both.min()), setting.lang),
    }
    return Drawn(figure, table, (setting.years[-1],), values)

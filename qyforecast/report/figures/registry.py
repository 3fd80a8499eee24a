"""All charts there are: how each is drawn, from which saved tables, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib import rc_context

from qyforecast.errors import OutputError
from qyforecast.report.figures.chances import chances, first_year, vintages
from qyforecast.report.figures.chart import Chart, Drawn, Setting, finish
from qyforecast.report.figures.fan import fan
from qyforecast.report.figures.growth import growth, shapley, variance
from qyforecast.report.figures.people import migration_by_age, pyramid
from qyforecast.report.figures.places import counties, flows
from qyforecast.report.figures.record import coverage, reliability
from qyforecast.report.figures.regression import coefficients, effects, priors
from qyforecast.report.style import STYLE
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Recipe:
    """How a chart is made.

    Attributes
    ----------
    draw : callable
        From tables by their short names, and a setting.
    needs : tuple of str
        Tables, as ``folder/name``.
    unit, source : str
        Keys of the texts of its unit and of what it rests on.
    """

    draw: Callable[[Mapping[str, pd.DataFrame], Setting], Drawn]
    needs: tuple[str, ...]
    unit: str
    source: str


_FORECAST, _MODEL = "source_forecast", "source_model"
RECIPES: dict[str, Recipe] = {
    "fan": Recipe(
        fan, ("latest/urban_share", "latest/targets", "census/observed"), "unit_share", _FORECAST
    ),
    "chances": Recipe(chances, ("compare/chances",), "unit_probability", _FORECAST),
    "vintages": Recipe(vintages, ("monitor/history",), "unit_probability", _FORECAST),
    "first-year": Recipe(first_year, ("compare/first_year",), "unit_probability", _FORECAST),
    "pyramid": Recipe(pyramid, ("latest/population",), "unit_pyramid", _FORECAST),
    "growth": Recipe(growth, ("compare/growth",), "unit_growth", _FORECAST),
    "shapley": Recipe(shapley, ("compare/attribution",), "unit_points", _FORECAST),
    "variance": Recipe(variance, ("compare/variance",), "unit_variance", _FORECAST),
    "counties": Recipe(counties, ("latest/urban_share", "latest/targets"), "unit_share", _FORECAST),
    "flows": Recipe(flows, ("latest/flows",), "unit_flows", _FORECAST),
    "migration-age": Recipe(
        migration_by_age,
        ("demography/residual_migration",),
        "unit_migration-age",
        "source_demography",
    ),
    "coefficients": Recipe(coefficients, ("model/twin",), "unit_coefficients", _MODEL),
    "effects": Recipe(effects, ("model/effects",), "unit_points", _MODEL),
    "priors": Recipe(priors, ("model/coefficients",), "unit_priors", _MODEL),
    "reliability": Recipe(reliability, ("backtest/cells",), "unit_reliability", _MODEL),
    "coverage": Recipe(coverage, ("model/record",), "unit_coverage", _MODEL),
}


def recipe_of(name: str) -> Recipe:
    """Find how a chart is made.

    Parameters
    ----------
    name : str
        Name of a chart.

    Returns
    -------
    Recipe
        Its recipe.

    Raises
    ------
    OutputError
        If there is no such chart.
    """
    if name not in RECIPES:
        raise OutputError("there is no such chart", found=name, cure=nearest(name, tuple(RECIPES)))
    return RECIPES[name]


def draw_chart(name: str, tables: Mapping[str, pd.DataFrame], setting: Setting) -> Chart:
    """Draw a chart.

    Parameters
    ----------
    name : str
        Name of a chart.
    tables : mapping of str to DataFrame
        What its recipe needs, by name without folder.
    setting : Setting
        Place and language.

    Returns
    -------
    Chart
        Picture, numbers, and what it says about itself.

    Raises
    ------
    OutputError
        If there is no such chart, or the tables lack what it shows.
    """
    recipe = recipe_of(name)
    where = f"chart {name}: " + ", ".join(recipe.needs)
    again = "make the results again with this version"
    with rc_context(STYLE):
        try:
            drawn = recipe.draw(tables, setting)
        except (LookupError, ValueError, TypeError, ArithmeticError) as error:
            what = "a saved table lacks what a chart shows"
            found = f"no {error}" if isinstance(error, KeyError) else str(error)
            raise OutputError(what, where=where, found=found, cure=again) from error
        _refuse_holes(drawn, where, again)
        return finish(name, drawn, setting, (recipe.unit, recipe.source))


def _refuse_holes(drawn: Drawn, where: str, cure: str) -> None:
    """Refuse a missing number, but a sum of shares has no error, and most years no target."""
    numbers = drawn.table.drop(columns=["gain_points_error", "city_target"], errors="ignore")
    holes = numbers.columns[numbers.isna().any()].tolist()
    if holes or numbers.empty:
        found = f"column {', '.join(map(str, holes))}" if holes else "no rows"
        raise OutputError("a missing number cannot be drawn", where=where, found=found, cure=cure)

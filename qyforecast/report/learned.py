"""What a fit learned, gathered once for the card and the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.census import Census, read_census
from qyforecast.census.county_files import with_counties
from qyforecast.census.panel import Panel
from qyforecast.inference.checks import posterior_predictive, prior_predictive
from qyforecast.inference.course import urban_path
from qyforecast.inference.design import make_design
from qyforecast.inference.effects import marginal_effects
from qyforecast.inference.futures import draw_drivers
from qyforecast.inference.path import draw_course
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.sensitivity import (
    likelihood_densities,
    power_scaling,
    prior_densities,
    reported_quantities,
)
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.inference.stacking import Weights, read_weights
from qyforecast.inference.store import Store
from qyforecast.inference.twin_table import side_by_side
from qyforecast.inference.unit_roots import unit_root_tests
from qyforecast.report.figures.chart import Chart
from qyforecast.report.figures.registry import draw_chart
from qyforecast.report.figures.saved import setting_of
from qyforecast.report.request import Request, choose_scenarios, choose_targets, choose_vintages
from qyforecast.report.vintages import Question, Vintage, ask

Say = Callable[[str], None]
#: Years in which the effects of drivers are told.
TOLD = (2025, 2035)
DRAWN = 4000


@dataclass(frozen=True)
class Learned:
    """Everything that a card says, as figures.

    Attributes
    ----------
    census : Census
        What was counted.
    spec : ModelSpec
        What was supposed.
    panel : Panel
        The newest vintage asked for.
    posterior : Posterior
        The fit of it that is shown.
    weights : Weights
        Of the rivals.
    model_file : Path
        The specification; records of it lie beside.
    tables : mapping
        ``twin, roots, sensitivity, effects, predictive``: data frames.
    prior : Dataset
        Draws of the prior predictive of a county's decade.
    vintages : tuple of Vintage
        Oldest first.
    """

    census: Census
    spec: ModelSpec
    panel: Panel
    posterior: Posterior
    weights: Weights
    model_file: Path
    tables: Mapping[str, pd.DataFrame]
    prior: xr.Dataset
    vintages: tuple[Vintage, ...]

    def chart(self, name: str, tables: Mapping[str, pd.DataFrame]) -> Chart:
        """Draw a chart of the model in English.

        Parameters
        ----------
        name : str
            Name of a chart.
        tables : mapping of str to DataFrame
            What it needs.

        Returns
        -------
        Chart
            The chart.
        """
        draws = self.posterior.size
        setting = setting_of(self.census, "en", self.census.city, draws=draws)
        dated = {key: table.assign(as_of=self.panel.as_of) for key, table in tables.items()}
        return draw_chart(name, dated, setting)


def learn(request: Request, rival: str | None = None, say: Say = lambda _: None) -> Learned:
    """Fit or load what is asked for, and everything that is laid beside it.

    Parameters
    ----------
    request : Request
        Files, years of knowledge, seed; posteriors are kept beside `out`.
    rival : str, optional
        Fit this rival alone; else the full model is shown and the forecasts of the
        vintages are mixed by the weights.
    say : callable
        Told what is being done.

    Returns
    -------
    Learned
        What a card says.

    Raises
    ------
    QyforecastError
        Any fault of the files or the fit.
    """
    say("reading the census")
    spec = read_spec(request.model_file)
    shown = spec.rival(rival or spec.full).name
    census = with_counties(read_census(request.data), request.county_files)
    years = sorted(choose_vintages(request, census))
    panels = [Panel.from_census(census, as_of=year) for year in years]
    alone = Weights(spec.sha256, {0: {shown: 1.0}})
    weights = alone if rival else read_weights(request.model_file, spec)
    store = Store(request.out.parent / "posteriors", request.seed, request.draws, request.may_fit)
    mixtures = store.obtain(spec, weights, panels, say)
    posterior = store.obtain(spec, alone, panels[-1:], say)[0].parts[0]
    say("laying the frequentist twin beside it")
    tables = _beside(posterior, spec, panels[-1])
    say("scaling priors and moving drivers")
    tables |= _moved(census, posterior, spec, panels[-1], request.seed)
    own = [one for one in choose_targets(request, census) if one.region == census.city]
    baseline = choose_scenarios(request, census)[0]
    question = Question(census, spec, baseline, tuple(own), request.to, request.seed)
    vintages = []
    for panel, mixture in zip(panels, mixtures, strict=True):
        say(f"forecasting as of {panel.as_of}")
        vintages.append(ask(question, panel, mixture))
    return Learned(
        census=census,
        spec=spec,
        panel=panels[-1],
        posterior=posterior,
        weights=weights,
        model_file=request.model_file,
        tables=tables,
        prior=prior_predictive(spec, panels[-1], draws=DRAWN, seed=request.seed),
        vintages=tuple(vintages),
    )


def _beside(posterior: Posterior, spec: ModelSpec, panel: Panel) -> dict[str, Any]:
    return {
        "twin": side_by_side(posterior, spec, panel),
        "roots": unit_root_tests(spec, make_design(spec, panel)),
        "predictive": posterior_predictive(posterior, spec, panel),
    }


def _moved(
    census: Census, posterior: Posterior, spec: ModelSpec, panel: Panel, seed: int
) -> dict[str, Any]:
    """Effects of the drivers on the regression's path, and what decides what is reported."""
    drivers = draw_drivers(census, panel, to=max(TOLD), draws=posterior.size, seed=seed)
    course = draw_course(posterior, spec, panel, drivers, seed=seed)
    people = panel.residence.sel(year=panel.base_year, drop=True).sum("residence")
    effects = marginal_effects(course, drivers, spec, people, city=panel.city, years=TOLD)
    share = urban_path(course, drivers, spec).share.sel(region=people["region"])
    city = share.weighted(people).mean("region")
    further = {f"city's share {year}": np.asarray(city.sel(year=year)) for year in TOLD}
    sensitivity = power_scaling(
        reported_quantities(posterior, spec, further),
        prior_densities(posterior, spec),
        likelihood_densities(posterior, spec, panel),
    )
    return {"effects": effects, "sensitivity": sensitivity}

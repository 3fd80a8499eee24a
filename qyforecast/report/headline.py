"""Who speaks for each promise of the city, beside the others who might."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from qyforecast.census.panel import Panel
from qyforecast.decide.draws import count
from qyforecast.decide.targets import Target
from qyforecast.judge.baselines import newest_standing, outside_view
from qyforecast.judge.city_chance import UNUSABLE, simple_draws
from qyforecast.judge.mending import mended
from qyforecast.judge.verdict import judge_record, mending
from qyforecast.policy.glance import Glance
from qyforecast.report.overview import TextTable
from qyforecast.report.results import Results
from qyforecast.report.wording import counted_text, percent_text

MODEL = "the model"


def headline_table(
    results: "Results | _Draws",
    panels: Sequence[Panel],
    targets: Sequence[Target],
    speaking: dict[int, str],
    record: pd.DataFrame | None,
) -> pd.DataFrame:
    """Give each promise of the city the probability of who may speak by the record.

    The model speaks where its CRPS at the nearest horizon is below that of every simple
    method, and without a record, for want of another; else the best of these does.

    Parameters
    ----------
    results : Results
        Of the first scenario the probabilities are the model's.
    panels : sequence of Panel
        What was known at each vintage.
    targets : sequence of Target
        Those of the city in the strict reading count.
    speaking : dict of int to str
        Vintage to ``mixture`` or the rival that speaks alone.
    record : DataFrame or None
        Of past forecasts.

    Returns
    -------
    DataFrame
        ``as_of, target, year, threshold, ahead`` (years after the newest figure), ``speaks,
        probability, model`` (the model's own probability, mended where that was earned),
        ``model_error`` (its Monte Carlo standard error),
        ``simple`` (name) and ``simple_probability``, ``skill`` [1], ``places, met, spells``
        (the outside view); a row for each vintage and target not yet due.

    Raises
    ------
    DataError
        If the record is no record.
    """
    rows = []
    for panel in panels:
        now = newest_standing(panel).year
        mine = [t for t in targets if (t.region, t.reading) == (panel.city, "strict")]
        for target in [target for target in mine if target.year > now]:
            row = _row(results, panel, target, speaking[panel.as_of], record)
            rows.append({"as_of": panel.as_of, "target": target.name, **row})
    return pd.DataFrame(rows)


def headline_of_glance(
    one: Glance, panel: Panel, targets: Sequence[Target], speaking: str, record: pd.DataFrame | None
) -> pd.DataFrame:
    """Give the headline of a scenario seen at a glance.

    Parameters
    ----------
    one : Glance
        The baseline's run at the panel's vintage.
    panel : Panel
        What was known.
    targets : sequence of Target
        As in `headline_table`.
    speaking : str
        ``mixture`` or the rival that speaks alone.
    record : DataFrame or None
        As in `headline_table`.

    Returns
    -------
    DataFrame
        As `headline_table` makes it of the same draws, in the precision they are saved in.
    """
    labels = {"as_of": [one.as_of], "scenario": [one.scenario.name]}
    shares = one.urban_share.astype(np.float32).expand_dims(labels)
    draws = shares.to_dataset(name="urban_share")
    return headline_table(
        _Draws(draws, panel.city), [panel], targets, {one.as_of: speaking}, record
    )


@dataclass(frozen=True)
class _Draws:
    """Draws of one run, laid out as those of a whole forecast."""

    draws: xr.Dataset
    city: str


def _row(
    results: Results | _Draws,
    panel: Panel,
    target: Target,
    speaking: str,
    record: pd.DataFrame | None,
) -> dict[str, Any]:
    now = newest_standing(panel)
    ahead = target.year - now.year
    view, *_ = outside_view(panel, share=now.urban_share, threshold=target.threshold, years=ahead)
    row: dict[str, Any] = {
        "year": target.year,
        "threshold": target.threshold,
        "ahead": ahead,
        "speaks": MODEL,
    }
    verdict = None if record is None else judge_record(record, speaking, ahead, without=UNUSABLE)
    mends = {} if record is None else mending(record, speaking)
    draws = _city_draws(results, panel.as_of, target.year)
    if verdict is not None and verdict.horizon in mends:
        draws = mended(draws[:, None], mends[verdict.horizon])[:, 0]
    counted = count(draws >= target.bar)
    row["model"] = row["probability"] = counted.value
    row["model_error"] = counted.standard_error
    if verdict is not None:
        simple = simple_draws(panel, verdict.best, target.year)
        chance = float((simple >= target.bar).mean()) if np.isfinite(simple).all() else np.nan
        row |= {"simple": verdict.best, "simple_probability": chance, "skill": verdict.skill}
        if not verdict.beats:
            row |= {"speaks": verdict.best, "probability": chance}
    return row | {"places": view.places, "met": view.met, "spells": view.spells}


def _city_draws(results: Results | _Draws, as_of: int, year: int) -> np.ndarray:
    first = str(results.draws["scenario"].values[0])
    shares = results.draws["urban_share"].sel(
        as_of=as_of, scenario=first, region=results.city, year=year
    )
    return shares.values.astype(float)


def headline_text(table: pd.DataFrame, scenario: str) -> TextTable:
    """Lay the headline out.

    Parameters
    ----------
    table : DataFrame
        From `headline_table`.
    scenario : str
        Of which the model's probabilities are.

    Returns
    -------
    TextTable
        A row for each vintage and target.
    """
    rows = tuple(
        (
            f"{percent_text(row['threshold'], decimals=0)} in {row['year']}, as of {row['as_of']}",
            _spoken(row),
            counted_text(row["model"], row["model_error"]),
            _simple(row),
            f"{row['met']} of {row['spells']}",
        )
        for row in table.to_dict("records")
    )
    return TextTable(
        f"Headline: how likely, and who says so ({scenario})",
        ("target", "headline (who speaks)", "model", "best simple method", "places like it"),
        rows,
        (
            "The model is the headline only where its CRPS at past origins is below that of every "
            "simple method, at the horizon nearest to the target's. A simple method goes on from "
            "the city's newest figure, with the past errors of it and the provinces. Places like "
            "it: spells of provinces from a like share that were as fast as the target asks. ± is "
            "the Monte Carlo standard error; a simple method's probability is counted in past "
            "errors and has none.",
        ),
    )


def _spoken(row: Any) -> str:
    if row["speaks"] == MODEL:
        return f"{counted_text(row['probability'], row['model_error'])} ({MODEL})"
    return f"{percent_text(row['probability'], decimals=0)} ({row['speaks']})"


def _simple(row: Any) -> str:
    if pd.isna(row.get("simple_probability", np.nan)):
        return "–"
    return f"{percent_text(row['simple_probability'], decimals=0)} ({row['simple']})"

"""The sections of a model's card that check it: predictions, priors, the twin, effects."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from qyforecast.report.card import Section
from qyforecast.report.card_files import frame_table
from qyforecast.report.learned import Learned
from qyforecast.report.overview import TextTable


def predictive_section(learned: Learned) -> Section:
    """Tell what the priors alone hold possible, and how the fit's own intervals held.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        Prior predictive in a sentence, leave-one-out PIT by level.
    """
    share, change = (100 * learned.prior[name].values for name in ("urban_share", "change"))
    low, middle, high = np.quantile(share, (0.05, 0.5, 0.95))
    fall, _, rise = np.quantile(change, (0.05, 0.5, 0.95))
    sentences = (
        f"Prior predictive: for a middling county the priors alone give an urban share of"
        f" {middle:.0f} % ten years on (90 %: {low:.0f} to {high:.0f} %), a change of"
        f" {fall:+.0f} to {rise:+.0f} points.",
        "Posterior predictive, each observation left out in turn (LOO-PIT): how often central"
        " intervals held it, and the largest gap between the PIT and the uniform distribution.",
    )
    table = frame_table("LOO-PIT by level", learned.tables["predictive"])
    return Section("predictive", "Predictions before and after the data", sentences, (table,))


def sensitivity_section(learned: Learned) -> Section:
    """Tell which priors decide what is reported.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        What is above the threshold, and for each quantity the part that moves it most.
    """
    table = learned.tables["sensitivity"]
    priors = table[table["kind"] == "prior"]
    flagged = priors[priors["sensitive"]].sort_values("distance", ascending=False)
    named = "; ".join(
        f"{row.quantity} by the prior of {row.part} ({row.distance:.2f})" for row in _each(flagged)
    )
    sentences = (
        "Each prior, and the likelihood of provinces and of counties, is raised to powers near"
        " one; the distance is how far what is reported moves (Kallioinen et al. 2024). A prior"
        " above 0.05 decides; a likelihood below it says little. The city's few readings are not"
        " scaled.",
        f"Above 0.05: {named or 'no prior'}.",
    )
    most = priors.loc[priors.groupby("quantity", sort=False)["distance"].idxmax()]
    parts = table[table["kind"] == "likelihood"].pivot(
        index="quantity", columns="part", values="distance"
    )
    rows = tuple(
        (str(row.quantity), str(row.part), f"{row.distance:.3f}", "yes" if row.sensitive else "no",
         *(f"{value:.3f}" for value in parts.loc[row.quantity]))
        for row in _each(most)
    )  # fmt: skip
    columns = ("reported", "prior that moves it most", "distance", "decides", *parts.columns)
    return Section("sensitivity", "What the priors decide", sentences,
                   (TextTable("Power scaling", columns, rows, ()),))  # fmt: skip


def twin_section(learned: Learned) -> Section:
    """Lay the frequentist twin beside the posterior.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        Coefficients side by side, tests of unit roots and cointegration.
    """
    twin = learned.tables["twin"]
    rows = tuple(
        (
            row.level,
            row.term.replace("_", " "),
            f"{row.estimate:.3g} ± {row.error:.2g}",
            f"{row.median:.3g}",
            f"{row.post_low95:.3g} to {row.post_high95:.3g}",
            f"{row.vif:.1f}",
            row.why,
        )
        for row in _each(twin)
    )
    columns = ("level", "term", "twin ± error", "posterior", "95 %", "VIF", "same, or why not")
    notes = (
        "Provinces: least squares of yearly changes with effects of years (and of provinces),"
        " errors clustered by province. Counties: fractional logit of the share at the last"
        " census, effects of provinces, errors clustered by prefecture.",
        "With effects of provinces least squares overstates convergence, without them it"
        " understates it: the truth lies between.",
    )
    sentence = (
        "The same questions put to the same data without priors. The sentences follow from stated"
        " rules (`inference/twin_table.py`)."
    )
    tests = frame_table(
        "Unit roots and cointegration",
        learned.tables["roots"],
        ("Joint p values take provinces as independent, which they are not: read them as lower"
         " bounds.",),
    )  # fmt: skip
    table = TextTable("Twin and posterior", columns, rows, notes)
    figures = {"card-coefficients.png": learned.chart("coefficients", {"twin": twin}).figure}
    return Section("twin", "The frequentist twin", (sentence,), (table, tests), figures)


def effects_section(learned: Learned) -> Section:
    """Tell what a driver does to the urban share.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        Average marginal effects, the city first.
    """
    table, names = learned.tables["effects"], learned.census.names
    city = learned.panel.city
    order = table["region"].ne(city).astype(int)
    shown = table.assign(order=order).sort_values(["order", "unit", "driver", "sector", "region"])
    rows = tuple(
        (
            names[str(row.region)][1],
            f"{row.sector} {row.driver.replace('_', ' ')}",
            row.unit,
            str(row.year),
            f"{row.median:+.3f}",
            f"{row.low80:+.3f} to {row.high80:+.3f}",
            f"{row.low95:+.3f} to {row.high95:+.3f}",
        )
        for row in _each(shown)
    )
    columns = ("place", "driver", "for", "in", "points of urban share", "80 %", "95 %")
    base = learned.panel.base_year
    sentences = (
        f"Average marginal effects of {learned.posterior.rival}, draw by draw: a little more of a"
        f" driver from {base + 1} on, the other sectors giving in proportion, less the path"
        " without. A county's row is the effect on it of a change in it; the city's spreads 1,000"
        " jobs as the employed are, or raises the share by a point everywhere." + _muted(learned),
    )
    return Section("effects", "What a driver does", sentences,
                   (TextTable("Marginal effects", columns, rows, ()),))  # fmt: skip


def _each(table: pd.DataFrame) -> Iterator[Any]:
    """Rows whose fields are plain attributes."""
    return iter(table.itertuples(index=False))


def _muted(learned: Learned) -> str:
    """Say how much of the forecast's mixture hears drivers at all."""
    weights = learned.weights.as_of(learned.panel.as_of)
    deaf = [
        k for k in weights if not (learned.spec.rival(k).levels or learned.spec.rival(k).changes)
    ]
    if not deaf:
        return ""
    share = sum(weights[name] for name in deaf)
    return (
        f" In the forecast's mixture {' and '.join(deaf)}, together {share:.2f}, know no drivers:"
        " there they do less."
    )

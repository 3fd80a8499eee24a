"""The sections of a model's card: what it is, what it rests on, what it learned."""

import numpy as np
import pandas as pd

from qyforecast.inference.stacking import settle
from qyforecast.judge.held_out import in_words
from qyforecast.report.card import Card, Section
from qyforecast.report.card_checks import (
    effects_section,
    predictive_section,
    sensitivity_section,
    twin_section,
)
from qyforecast.report.card_figures import draw_weights
from qyforecast.report.card_files import COUNTIES, RECORD, frame_table, table_beside
from qyforecast.report.card_records import calibration_section, futures_section
from qyforecast.report.coefficients import (
    coefficient_frame,
    coefficient_table,
    read_coefficients,
)
from qyforecast.report.learned import Learned
from qyforecast.report.overview import TextTable
from qyforecast.report.vintages import explain_vintages, vintage_table

EQUATION = """```
change of y(i, t) = pace(t) + own pace(i)
                  + convergence(i) * (nation(t-1) - y(i, t-1))
                  + responses * (drivers of i less the nation's, t-1)
                  + responses * (change of those drivers, t)
                  + shock(i, t)
y = log odds of the urban share; pace(t) = pace - national convergence * nation(t-1)
    + an autoregression of years; shock = persistence * shock of the year before + Student-t
```"""

LIMITS = (
    "Provinces are seen as revised on the 2020 census where only that series is at hand: past"
    " origins are then pseudo-vintages.",
    "Employment of counties is known at two censuses only, value added of single counties not at"
    " all: theirs is the city's or the province's.",
    "One decade of counties cannot tell how much of a deviation lasts; the prior of `persistence`"
    " decides that, and the sensitivity table shows how far.",
    "Coefficients are associations. That jobs cause urban residence is an assumption of the"
    " scenarios that use them; reverse causation is not ruled out.",
    "Changed boundaries and towns declared by decree are left out of the forecast.",
)


def make_card(learned: Learned) -> Card:
    """Say everything about a model.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Card
        Sections in reading order.
    """
    spec = learned.spec
    tables = {
        "coefficients": coefficient_frame(read_coefficients(learned.posterior, spec)),
        "twin": learned.tables["twin"],
        "effects": learned.tables["effects"],
    }
    return Card(
        f"Model {spec.name}, version {spec.version}",
        (
            _what_it_is(learned),
            _data(learned),
            health_section(learned),
            coefficients_section(learned),
            weights_section(learned),
            predictive_section(learned),
            sensitivity_section(learned),
            twin_section(learned),
            effects_section(learned),
            futures_section(learned),
            calibration_section(learned),
            _vintages(learned),
            Section("limits", "Limits", tuple(f"- {line}" for line in LIMITS)),
        ),
        {name: table.assign(as_of=learned.panel.as_of) for name, table in tables.items()},
    )


def _what_it_is(learned: Learned) -> Section:
    rows = tuple((rival.name, rival.reason) for rival in learned.spec.rivals.values())
    first = (
        "A regression in state-space form of the urban share of provinces, counties and the city"
        " on employment and value added, all levels in one likelihood. Places are measured"
        " against the mean place of the nation, which has a pace of its own."
    )
    table = TextTable("Rivals", ("rival", "why it is one"), rows, ())
    return Section("model", "What the model is", (first, EQUATION), (table,))


def _data(learned: Learned) -> Section:
    panel = learned.panel
    known = int(np.isfinite(panel.provinces["urban_share"].values).sum())
    counties, prefectures = (
        panel.counties.sizes["county"],
        len(set(panel.counties["prefecture"].values.tolist())),
    )
    censuses = " and ".join(str(int(year)) for year in panel.counties["census"].values)
    after = panel.readings[panel.readings["year"] > panel.base_year]
    told = [
        f"Known by the end of {panel.as_of}: {known} yearly urban shares of"
        f" {panel.provinces.sizes['province']} provinces; {counties} counties of {prefectures}"
        f" prefectures at the censuses of {censuses}; {len(panel.readings)} published shares of the"
        f" city and its counties outside censuses, {len(after)} of them after the last.",
        f"{len(panel.dropped)} counties were left out because they cannot be compared"
        f"{': ' + _reasons(panel.dropped) if panel.dropped else ''}.",
        f"Fingerprints: specification `{learned.spec.sha256[:16]}`, panel"
        f" `{panel.fingerprint[:16]}`, seed {learned.posterior.seed}.",
    ]
    return Section("data", "Data and vintages", tuple(told))


def _reasons(dropped: tuple[str, ...]) -> str:
    counts = pd.Series([entry.split(": ", 1)[1] for entry in dropped]).value_counts()
    return ", ".join(f"{count} {reason}" for reason, count in counts.items())


def health_section(learned: Learned) -> Section:
    """Tell how healthy the sample is, limit by limit.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        A row for each gate.
    """
    health, gate = learned.posterior.health, learned.spec.gate
    rows = (
        ("largest R-hat", f"{health['rhat']:.4f}", f"at most {gate['rhat']:g}", health["rhat_at"]),
        *(
            (f"smallest {kind} effective draws", f"{health[key]:.0f}", f"at least {gate['ess']:g}",
             health[f"{key}_at"])
            for kind, key in (("bulk", "ess_bulk"), ("tail", "ess_tail"))
        ),
        ("divergences", str(health["divergences"]), f"at most {gate['divergences']:g}", ""),
        ("smallest E-BFMI", f"{health['bfmi']:.2f}", f"at least {gate['bfmi']:g}", ""),
    )  # fmt: skip
    again = health.get("repeated_with_target_accept")
    notes = (f"sampled again with target_accept {again} after a divergence",) if again else ()
    posterior = learned.posterior
    title = f"Health of {posterior.rival} as of {posterior.as_of}, {posterior.size:,} draws"
    table = TextTable(title, ("what", "found", "gate", "where"), rows, notes)
    return Section("health", "Health of the sample", (), (table,))


def coefficients_section(learned: Learned) -> Section:
    """Tell what was learned, in plain units.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        Every parameter, with prior and posterior drawn.
    """
    panel = learned.panel
    found = read_coefficients(learned.posterior, learned.spec)
    share, place = panel.city_share[panel.base_year], learned.census.names[panel.city][1]
    table = coefficient_table(found, share, place, learned.spec)
    frame = coefficient_frame(found)
    figures = {"card-priors.png": learned.chart("priors", {"coefficients": frame}).figure}
    return Section("coefficients", "What was learned", (), (table,), figures)


def weights_section(learned: Learned) -> Section:
    """Tell how the rivals are weighed, and how each did in the past.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        Weights by year of knowledge and the record of past origins.
    """
    by_year, rivals = dict(learned.weights.by_year), list(learned.spec.rivals)
    now = learned.weights.as_of(learned.panel.as_of)
    spoken = ", ".join(f"{name} {weight:.2f}" for name, weight in now.items())
    sentences = [f"As of {learned.panel.as_of} the forecast is made by: {spoken}."]
    tables, figures = [], {}
    if set(by_year) == {0}:
        sentences.append("There is no file of weights, or one rival was asked for: it is alone.")
    else:
        sentences.append(
            "Weights maximise the log density of what had been foretold and was known by then"
            " (Yao et al. 2018); small ones are left out, a dominant rival speaks alone."
        )
        rows = tuple(
            (str(year), *(f"{by_year[year].get(rival, 0.0):.2f}" for rival in rivals),
             ", ".join(f"{k} {v:.2f}" for k, v in settle(by_year[year]).items()))
            for year in sorted(by_year)
        )  # fmt: skip
        tables.append(TextTable("Weights", ("as of", *rivals, "used"), rows, ()))
        figures["card-weights.png"] = draw_weights(by_year, rivals)
    record = table_beside(learned.model_file, RECORD)
    if record is None:
        sentences.append("There is no record of past origins beside the specification.")
    else:
        tables.append(frame_table("Record on past origins", record))
    held = table_beside(learned.model_file, COUNTIES)
    if held is None:
        sentences.append("No counties were held out by province: qyforecast backtest --counties.")
    else:
        rows = [held.iloc[place] for place in range(len(held))]
        sentences += [f"Counties, {in_words(row)}" for row in rows]
    return Section("weights", "Rivals and weights", tuple(sentences), tuple(tables), figures)


def _vintages(learned: Learned) -> Section:
    vintages = learned.vintages
    told = explain_vintages(vintages) or (
        "One vintage was fitted; ask for several with --as-of to see why they differ.",
    )
    outside = (line for one in vintages for line in one.outside)
    title = "Why years of knowledge differ"
    return Section("vintages", title, (*told, *outside), (vintage_table(vintages),))

"""The regression in pictures: coefficients beside the twin, effects, prior and posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.figures.rows import rows_of
from qyforecast.report.names import term_of
from qyforecast.report.style import INK, LINE, QUIET, TARGET, styled

#: Parameters whose prior is drawn beside the posterior.
SHOWN = (
    *("pace", "national_convergence", "convergence", "province_scale"),
    *("employment secondary, response", "employment tertiary, response"),
    *("value_added secondary, response", "value_added tertiary, response"),
    *("county_offset", "prefecture_scale", "persistence", "shock_persistence"),
)
#: Estimate, low and high end in the table of the twin; label, colour and sign.
ESTIMATES = (
    ("provinces", ("median", "post_low95", "post_high95"), "posterior", LINE, "o"),
    ("provinces", ("estimate", "low95", "high95"), "least_squares", TARGET, "s"),
    (
        *("provinces without own effects", ("estimate", "low95", "high95")),
        *("least_squares_pooled", QUIET, "^"),
    ),
)
QUANTILES = ("low95", "low80", "median", "high80", "high95")
PRIOR = "#8c8c8c"


def coefficients(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw the provinces' responses of posterior and twin, with 95 % intervals.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``twin`` as `side_by_side` makes it.
    setting : Setting
        Language.

    Returns
    -------
    Drawn
        Table: ``kind`` (level, change) ``, term, by, value, low95, high95``. [log odds per
        unit of share; for levels per year besides]
    """
    twin = tables["twin"]
    twin = twin[twin["term"].str.contains("employment|value_added")]
    table = pd.concat([_estimates(twin, *which[:3]) for which in ESTIMATES], ignore_index=True)
    figure = Figure(figsize=(9.0, 4.3))
    panels = figure.subplots(1, 2)
    for panel, kind in zip(panels, ("level", "change"), strict=True):
        mine = table[table["kind"] == kind]
        terms = list(dict.fromkeys(mine["term"]))[::-1]
        for (_, _, by, colour, mark), shift in zip(ESTIMATES, (0.22, 0.0, -0.22), strict=True):
            rows = mine[mine["by"] == by].set_index("term").loc[terms]
            places = np.arange(len(terms)) + shift
            panel.hlines(places, rows["low95"], rows["high95"], color=colour, linewidth=1.8)
            panel.plot(rows["value"], places, mark, color=colour, markersize=4.5,
                       label=setting.say(by))  # fmt: skip
        panel.axvline(0, color=INK, linewidth=0.8)
        panel.set_yticks(range(len(terms)), [term_of(term, setting.lang) for term in terms])
        panel.set_title(setting.say(f"panel_{kind}_term"), size=10, loc="left")
        panel.set_xlabel(setting.say("unit_coefficients"), size=8)
        panel.grid(visible=True, axis="x")
    panels[0].legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1.07), ncols=3,
                     fontsize=8, borderpad=0)  # fmt: skip
    levels = table[(table["by"] == "posterior") & (table["kind"] == "level")]
    most = levels.iloc[int(levels["value"].to_numpy().argmax())]
    values = {"most": term_of(str(most["term"]), setting.lang), "value": f"{most['value']:.2f}"}
    return Drawn(figure, table, _dated(twin), values)


def _estimates(twin: pd.DataFrame, level: str, columns: Sequence[str], label: str) -> pd.DataFrame:
    rows = rows_of(twin, {"level": level})
    values = rows[list(columns)].set_axis(["value", "low95", "high95"], axis=1)
    changes = rows["term"].str.startswith("change of ")
    table = values.assign(
        kind=np.where(changes, "change", "level"),
        term=rows["term"].str.removeprefix("change of "),
        by=label,
    )
    return table[["kind", "term", "by", "value", "low95", "high95"]]


def _dated(table: pd.DataFrame) -> tuple[int, ...]:
    """Year of knowledge of the fit, where its tables say it."""
    return (int(table["as_of"].max()),) if "as_of" in table else ()


def effects(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw what one more point of a sector does to the urban share.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``effects`` as `marginal_effects` makes it. [percentage point]
    setting : Setting
        Place and language.

    Returns
    -------
    Drawn
        Table: ``driver, sector, year, median, low80, high80, low95, high95``.
        [percentage point]
    """
    found = rows_of(tables["effects"], {"region": setting.region, "unit": "point of share"})
    years = sorted(found["year"].unique().tolist())
    found = found.assign(term=found["driver"] + " " + found["sector"])
    order = found.loc[found["year"] == years[-1]].sort_values("median")["term"].tolist()
    figure, panels = styled(1.8 + 3.3 * len(years), 2.2 + 0.3 * len(order), len(years))
    for panel, year in zip(panels, years, strict=True):
        rows = found[found["year"] == year].set_index("term").loc[order]
        for place, row in enumerate(rows[list(QUANTILES)].to_numpy()):
            _interval(panel, place, row, LINE)
        panel.axvline(0, color=INK, linewidth=0.8)
        panel.set_title(setting.say("of_year", {"year": int(year)}), size=10, loc="left")
        panel.set_xlabel(setting.say("unit_points"))
        panel.grid(visible=True, axis="x")
    panels[0].set_yticks(range(len(order)), [term_of(term, setting.lang) for term in order])
    panels[0].set_ylim(-0.6, len(order) - 0.4)
    last = found[found["year"] == years[-1]].set_index("term")["median"]
    most = str(last.idxmax())
    values = {
        "year": int(years[-1]),
        "most": term_of(most, setting.lang),
        "value": f"{float(last[most]):+.2f}",
    }
    columns = ["driver", "sector", "year", *QUANTILES]
    return Drawn(figure, found[columns].reset_index(drop=True), _dated(found), values)


def _interval(panel: Axes, place: float, ends: np.ndarray, colour: str) -> None:
    """Thin for 95 %, thick for 80 %, a dot for the median."""
    low95, low80, median, high80, high95 = ends
    panel.hlines(place, low95, high95, color=colour, linewidth=1.2)
    panel.hlines(place, low80, high80, color=colour, linewidth=3.4)
    panel.plot(median, place, "o", color="white", markeredgecolor=colour, markersize=5.5, zorder=4)


def priors(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw prior and posterior of the parameters that matter, a small panel each.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``coefficients`` as `coefficient_frame` makes it.
    setting : Setting
        Language.

    Returns
    -------
    Drawn
        Table: ``parameter, unit``, and quantiles of posterior and prior.
    """
    found = tables["coefficients"].set_index("parameter")
    chosen = [name for name in SHOWN if name in found.index]
    table = found.loc[chosen]
    columns = 4
    rows = -(-len(chosen) // columns)
    figure = Figure(figsize=(9.2, 1.3 * rows + 1.1))
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for panel, name in zip(panels, chosen, strict=False):
        row = table.loc[name]
        _interval(panel, 0, np.array([row[f"prior_{q}"] for q in QUANTILES]), PRIOR)
        _interval(panel, 1, np.array([row[q] for q in QUANTILES]), LINE)
        panel.set_title(term_of(name, setting.lang), size=8.5, loc="left")
        panel.set_ylim(-0.7, 1.7)
        panel.set_yticks([0, 1], [setting.say("prior"), setting.say("posterior")], size=8)
        panel.locator_params(axis="x", nbins=4)
        panel.tick_params(axis="x", labelsize=7.5)
        panel.grid(visible=True, axis="x")
        panel.grid(visible=False, axis="y")
    for place, panel in enumerate(panels):
        panel.set_visible(place < len(chosen))
        if place % columns:
            panel.set_yticklabels([])
    width = (table["high95"] - table["low95"]) / (table["prior_high95"] - table["prior_low95"])
    most = str(width.idxmin())
    values = {
        "count": len(chosen),
        "most": term_of(most, setting.lang),
        "part": f"{100 * float(width[most]):.0f}%",
    }
    return Drawn(figure, table.reset_index(), _dated(found), values)

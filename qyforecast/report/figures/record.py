"""The record: whether past forecasts held what they promised."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from qyforecast.errors import DataError
from qyforecast.report.figures.chart import Drawn, Setting
from qyforecast.report.names import method_of
from qyforecast.report.style import BANDS, INK, LINE, QUIET, TARGET, percent_axis, styled
from qyforecast.report.wording import percent_text

#: Probabilities of central intervals at which reliability is counted.
LEVELS = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
HEADLINES = ("mixture", "full")
LOOKS = (
    (LINE, "o", "-"),
    (TARGET, "s", "--"),
    (BANDS[2], "D", "-."),
    (QUIET, "^", ":"),
    (INK, "v", (0, (5, 1))),
)


def _headline(table: pd.DataFrame) -> str:
    """Name the method that forecasts use: the mixture where there is one."""
    known = set(table["method"])
    for name in HEADLINES:
        if name in known:
            return name
    raise DataError(
        "a record has no row of the method that forecasts use",
        found=", ".join(sorted(map(str, known))),
        cure="run qyforecast backtest",
    )


def reliability(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw how often central intervals held what came, by their probability and horizon.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``cells`` as `score_cells` makes it: an outcome lies in the central interval of
        probability p if its PIT is within p/2 of a half. [1]
    setting : Setting
        Language.

    Returns
    -------
    Drawn
        Table: ``horizon, probability, held, observations``. [1]
    """
    cells = tables["cells"]
    cells = cells[(cells["method"] == _headline(cells)) & cells["pit"].notna()]
    horizons = sorted(cells["horizon"].unique().tolist())
    figure, (panel,) = styled(6.6, 6.4, 1)
    panel.plot([0, 1], [0, 1], color=QUIET, linewidth=1)
    parts = []
    for place, horizon in enumerate(horizons):
        away = (cells.loc[cells["horizon"] == horizon, "pit"] - 0.5).abs().to_numpy()
        held = (away[:, None] <= LEVELS / 2).mean(axis=0)
        colour, mark, dash = LOOKS[place % len(LOOKS)]
        panel.plot(LEVELS, held, marker=mark, color=colour, linestyle=dash, linewidth=1.4,
                   markersize=4.5, label=setting.say("ahead", {"years": int(horizon)}))  # fmt: skip
        columns = {"horizon": horizon, "probability": LEVELS, "held": held}
        parts.append(pd.DataFrame(columns | {"observations": len(away)}))
    panel.set_xlim(0, 1)
    panel.set_ylim(0, 1)
    panel.set_aspect("equal")
    panel.set_xlabel(setting.say("axis_nominal"))
    panel.set_ylabel(setting.say("axis_held"))
    percent_axis(panel, setting.lang)
    percent_axis(panel, setting.lang, "x")
    panel.legend(frameon=False, loc="upper left", fontsize=8)
    table = pd.concat(parts, ignore_index=True)
    last = table[(table["horizon"] == horizons[-1]) & (table["probability"] == 0.8)]
    held = percent_text(float(last["held"].iloc[0]), setting.lang, 0)
    newest = int((cells["origin"] + cells["horizon"]).max())
    return Drawn(figure, table, (newest,), {"years": int(horizons[-1]), "held": held})


def coverage(tables: Mapping[str, pd.DataFrame], setting: Setting) -> Drawn:
    """Draw the error and the coverage of past forecasts by method and years ahead.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``record`` as the backtest keeps it beside the specification; older ones do not say
        as of when. [1]
    setting : Setting
        Language.

    Returns
    -------
    Drawn
        Table: ``method, horizon, observations, mae, coverage80``. [1]
    """
    record = tables["record"]
    used = _headline(record)
    shown = record[record["kind"].isin(["baseline"]) | (record["method"] == used)]
    figure, panels = styled(9.4, 4.4, 2, share=False)
    for method in dict.fromkeys(shown["method"]):
        rows = shown[shown["method"] == method].sort_values("horizon")
        look = _look(method, used, list(dict.fromkeys(shown["method"])))
        for panel, values in zip(panels, (100 * rows["mae"], rows["coverage80"]), strict=True):
            panel.plot(rows["horizon"], values, label=method_of(method, setting.lang), **look)
    panels[1].axhline(0.8, color=INK, linewidth=1, linestyle=":")
    panels[0].set_ylim(bottom=0)
    panels[1].set_ylim(min(0.5, float(shown["coverage80"].min()) - 0.05), 1.02)
    percent_axis(panels[1], setting.lang)
    for panel, key in zip(panels, ("panel_error", "panel_coverage"), strict=True):
        panel.set_title(setting.say(key), size=10, loc="left")
        panel.set_xlabel(setting.say("axis_ahead"))
        panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panels[0].set_ylabel(setting.say("unit_points"))
    panels[1].legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    last = shown[shown["method"] == used].sort_values("horizon").iloc[-1]
    values = {
        "years": int(last["horizon"]),
        "error": f"{100 * float(last['mae']):.1f}",
        "held": percent_text(float(last["coverage80"]), setting.lang, 0),
    }
    columns = ["method", "horizon", "observations", "mae", "coverage80"]
    dated = (int(shown["as_of"].max()),) if "as_of" in shown else ()
    return Drawn(figure, shown[columns].reset_index(drop=True), dated, values)


def _look(method: str, used: str, methods: list[str]) -> dict:
    """The method in use in blue, all others in greys and signs of their own."""
    if method == used:
        return {"color": LINE, "marker": "o", "linewidth": 2.4, "markersize": 6, "zorder": 5}
    place = methods.index(method)
    signs, greys = "s^DvPX*<>", ("#4d4d4d", "#8c8c8c", "#b0b0b0")
    return {
        "color": greys[place % 3], "marker": signs[place % 9], "linewidth": 1.1, "markersize": 5,
    }  # fmt: skip

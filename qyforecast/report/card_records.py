"""The sections of a model's card that other commands write the tables of."""

import pandas as pd

from qyforecast.inference.spec import ModelSpec
from qyforecast.report.card import Section
from qyforecast.report.card_files import CALIBRATION, FUTURES, table_beside
from qyforecast.report.learned import Learned
from qyforecast.report.overview import TextTable
from qyforecast.report.scorecard import drivers_table

#: A pace of one year; the table shows the years together.
OF_YEARS = "year_pace["


def futures_section(learned: Learned) -> Section:
    """Tell how futures of the drivers did on past origins, where that is recorded.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        The table beside the specification.
    """
    title = "Futures of the drivers"
    table = table_beside(learned.model_file, FUTURES)
    if table is None:
        missing = "The backtest of the drivers' futures has no table beside the specification."
        return Section("covariates", title, (f"{missing} qyforecast backtest --weigh writes it.",))
    told = "Drivers walk about a drift that the provinces teach; so did that on past origins."
    return Section("covariates", title, (told,), (drivers_table(table),))


def calibration_section(learned: Learned) -> Section:
    """Tell how simulation-based calibration went, where that is recorded.

    Parameters
    ----------
    learned : Learned
        Figures.

    Returns
    -------
    Section
        The table beside the specification.
    """
    title = "Simulation-based calibration"
    table = table_beside(learned.model_file, CALIBRATION)
    if table is None:
        missing = "Simulation-based calibration has no table beside the specification."
        return Section("calibration", title, (f"{missing} qyforecast models calibrate writes it.",))
    told = (
        "Truths drawn from the prior, data of the provinces simulated from them and fitted: among"
        " the draws of its posterior a truth's rank is uniform if simulation and fit are one"
        " model (Talts et al. 2018)."
    )
    shown = calibration_shown(table, learned.spec)
    return Section("calibration", title, (told, *shown.notes), (_without_notes(shown),))


def calibration_shown(table: pd.DataFrame, spec: ModelSpec) -> TextTable:
    """Lay out a calibration, a row for each parameter and the years' paces together.

    Parameters
    ----------
    table : DataFrame
        From `calibrate`.
    spec : ModelSpec
        The specification as it stands.

    Returns
    -------
    TextTable
        Its notes say the verdict, the control, the size of the run, and whether the
        specification has changed since.
    """
    model = table[table["data"] == "model"]
    yearly = model["parameter"].str.startswith(OF_YEARS)
    rows = [_row(str(row["parameter"]), row) for row in model[~yearly].to_dict("records")]
    if yearly.any():
        years = model[yearly]
        together = years[["worlds", "mean", "within50", "within90"]].mean().to_dict()
        # The least of so many p values, as one.
        least = 1 - (1 - years["p_value"].min()) ** len(years)
        rows.append(_row(f"year pace, {len(years)} years together", together | {"p_value": least}))
    columns = ("parameter", "worlds", "mean rank", "within 50 %", "within 90 %", "p, uniform")
    return TextTable("Ranks of truths", columns, tuple(rows), _verdict(table, model, spec))


def _row(name: str, row: dict) -> tuple[str, ...]:
    shares = (f"{row[key]:.2f}" for key in ("mean", "within50", "within90"))
    return name.replace("_", " "), f"{row['worlds']:.0f}", *shares, _p(row["p_value"])


def _p(value: float) -> str:
    return "below 0.001" if value < 1e-3 else f"{value:.3f}"


def _verdict(table: pd.DataFrame, model: pd.DataFrame, spec: ModelSpec) -> tuple[str, ...]:
    run, control = table.iloc[0], table[table["data"] != "model"]
    least = model.iloc[int(model["p_value"].to_numpy().argmin())]
    low, limit = int((model["p_value"] < 0.05).sum()), 0.05 / len(model)
    judged = "no departure" if least["p_value"] >= limit else "it departs: read it with care"
    lines = [
        f"Of {len(model)} uniformity tests (Kolmogorov and Smirnov) {low} have p below 0.05,"
        f" {0.05 * len(model):.1f} expected; the smallest, {_p(least['p_value'])}"
        f" ({str(least['parameter']).replace('_', ' ')}), against {limit:.4f} for so many:"
        f" {judged}. Truths within the central 50 and 90 %: {100 * model['within50'].mean():.1f}"
        f" and {100 * model['within90'].mean():.1f} %.",
        *(
            f"Control, {row['worlds']} worlds whose data were made with {row['data']}: mean rank"
            f" {row['mean']:.2f}, p {_p(row['p_value'])}: "
            + ("it fails, as it must." if row["p_value"] < 0.01 else "IT PASSES AND MUST NOT.")
            for row in control.to_dict("records")
        ),
        f"Each world {run['chains']} chains of {run['draws']} draws; largest R-hat"
        f" {run['largest_rhat']:.3f}, {run['diverged']} worlds with divergences, all kept.",
    ]
    if run["specification"] != spec.sha256:
        lines.append(
            f"Made with version {run['version']} of the specification, fingerprint"
            f" `{str(run['specification'])[:16]}`, not with this one (version {spec.version},"
            f" `{spec.sha256[:16]}`): qyforecast models calibrate makes it again."
        )
    return tuple(lines)


def _without_notes(table: TextTable) -> TextTable:
    return TextTable(table.title, table.columns, table.rows, ())

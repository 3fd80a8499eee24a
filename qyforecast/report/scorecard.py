"""The scorecard of a backtest as plain text cells."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from qyforecast.judge.held_out import in_words
from qyforecast.report.overview import TextTable

Row = Mapping[Any, Any]
#: What is shown of the futures of drivers, and its digits.
DRIVER_COLUMNS = {"mae": 1, "crps": 1, "coverage80": 0, "coverage95": 0}


def error_table(card: pd.DataFrame) -> TextTable:
    """Lay out mean absolute error and CRPS.

    Parameters
    ----------
    card : DataFrame
        From `scorecard`.

    Returns
    -------
    TextTable
        A row for each method, a column for each horizon.
    """
    title = "Mean absolute error | CRPS, points of urban share"
    notes = (
        "Smaller is better. Pseudo-vintage: at each origin the years known then, in figures as "
        "revised since. The error is that of the point forecast (median; a simple method's own "
        "figure), the CRPS that of the distribution. A simple method's is made of its past "
        "errors, of all regions at the same horizon, known at the origin: as they were, so that "
        "they carry the drift that persistence lacks, or 'symmetric', each with either sign, as "
        "one who trusts the point would have it. The headline is compared with the better.",
        "ETS (damped trend) and ARIMA(p,1,0) work on log odds, and go on at a region's own pace "
        "where it has fewer than eight equally spaced figures or no stationary fit.",
        "Recalibrated: mended by the mixture's own errors known at the origin, or, 'left out', by "
        "those of all other origins, which nobody could have known; their log score is not "
        "defined.",
        "The mixture has the weights known at each origin, equal ones where none were.",
    )
    return _by_horizon(
        card, title, lambda row: f"{100 * row['mae']:.2f} | {100 * row['crps']:.2f}", notes
    )


def coverage_table(card: pd.DataFrame) -> TextTable:
    """Lay out coverage, width and log score.

    Parameters
    ----------
    card : DataFrame
        From `scorecard`.

    Returns
    -------
    TextTable
        A row for each method, a column for each horizon.
    """
    title = "Coverage of 80 | 95 % intervals, % (width of the 80 %, points; log score)"
    notes = ("Log score per observation, on the log odds of the share; larger is better.",)
    return _by_horizon(card, title, _coverage, notes)


def _coverage(row: Row) -> str:
    inside = f"{100 * row['coverage80']:.0f} | {100 * row['coverage95']:.0f}"
    log_score = "–" if pd.isna(row["log_score"]) else f"{row['log_score']:.2f}"
    return f"{inside} ({100 * row['width80']:.1f}; {log_score})"


def skill_table(table: pd.DataFrame) -> TextTable:
    """Lay out how much lower the CRPS is than a simple method's.

    Parameters
    ----------
    table : DataFrame
        From `skill`.

    Returns
    -------
    TextTable
        A row for each simple method and kind of block, a column for each horizon.
    """
    rows = table[table["grouping"] == "all"]
    rows = rows.assign(method=rows["against"], kind=rows["blocks"])
    title = f"CRPS of the {table['method'].iloc[0]} below each simple method, % (95 % interval)"
    note = "Paired block bootstrap: whole regions, or whole origins, are drawn again."
    return _by_horizon(rows, title, _skill, (note,))


def _skill(row: Row) -> str:
    if pd.isna(row["lower"]):
        return f"{100 * row['skill']:.0f}"
    return f"{100 * row['skill']:.0f} ({100 * row['lower']:.0f} to {100 * row['upper']:.0f})"


def targets_table(table: pd.DataFrame) -> TextTable:
    """Lay out the Brier scores of statements on targets.

    Parameters
    ----------
    table : DataFrame
        From `target_scores`.

    Returns
    -------
    TextTable
        A row for each method, a column for each horizon.
    """
    rows = table[table["kind"].isin(["rival", "mixture", "baseline"])]
    paces = sorted(rows["pace"].unique().tolist())
    keys = ["method", "kind", "horizon"]
    wide = rows.pivot_table(index=keys, columns="pace", values="brier", sort=False).reset_index()
    title = "Brier score of 'the share rises by " + " | ".join(map(str, paces)) + " points a year'"
    note = (
        "Smaller is better; 0.25 is what a half said of everything scores. Targets are the share "
        "at the origin and so many points for each year ahead. reliability.csv lays what was said "
        "beside how often it happened."
    )
    return _by_horizon(
        wide, title, lambda row: " | ".join(f"{row[pace]:.3f}" for pace in paces), (note,)
    )


def drivers_table(table: pd.DataFrame) -> TextTable:
    """Lay out the futures of sectors' shares beside persistence.

    Parameters
    ----------
    table : DataFrame
        Scorecards with the columns ``driver`` and ``sector``.

    Returns
    -------
    TextTable
        A row for each driver, sector and method, the horizons side by side.
    """
    horizons = sorted(set(table["horizon"]))
    years = ", ".join(map(str, horizons))
    rows = tuple(
        (
            f"{str(driver).replace('_', ' ')}, {sector}",
            str(method),
            *(_dotted(part, column, digits) for column, digits in DRIVER_COLUMNS.items()),
        )
        for (driver, sector, method), part in table.groupby(
            ["driver", "sector", "method"], sort=False
        )
    )
    return TextTable(
        f"Shares of sectors {years} years ahead, provinces",
        ("share", "method", "error, points", "CRPS, points", "80 % held, %", "95 % held, %"),
        rows,
        (
            "Persistence has its own past errors as distribution.",
            "Less the mean province's is how the regression takes a share. All provinces turn with"
            " the nation, so that whole shares over long horizons are one or two observations"
            " of the nation, not hundreds.",
        ),
    )


def _dotted(part: pd.DataFrame, column: str, digits: int) -> str:
    values = 100 * part.sort_values("horizon")[column]
    return " · ".join(f"{value:.{digits}f}" for value in values)


def counties_text(table: pd.DataFrame) -> TextTable:
    """Say in words what industry and employment add for counties not seen.

    Parameters
    ----------
    table : DataFrame
        From `compare_drivers`.

    Returns
    -------
    TextTable
        A sentence for each rival with drivers.
    """
    return TextTable(
        "Counties of one province held out: the second census from the first",
        ("what industry and employment add",),
        tuple((in_words(row),) for _, row in table.iterrows()),
        (
            "The rest of the panel and the province's own yearly series are heard; the counties' "
            "drivers are taken as known. Errors count a prefecture as one observation.",
        ),
    )


def _by_horizon(
    table: pd.DataFrame, title: str, cell: Callable[[Row], str], notes: tuple[str, ...]
) -> TextTable:
    horizons = sorted(table["horizon"].unique().tolist())
    rows = []
    for (method, kind), part in table.groupby(["method", "kind"], sort=False):
        by_horizon = {row["horizon"]: row for row in part.to_dict("records")}
        cells = [cell(by_horizon[h]) if h in by_horizon else "–" for h in horizons]
        rows.append((str(method), str(kind), *cells))
    heads = ("method", "kind", *(f"{h} years" if h > 1 else "1 year" for h in horizons))
    return TextTable(title, heads, tuple(rows), notes)

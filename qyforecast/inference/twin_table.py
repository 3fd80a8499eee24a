"""The twin beside the posterior, coefficient by coefficient, and why they differ."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from qyforecast.census.panel import Panel
from qyforecast.inference.design import Design, driver_names, make_design
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.recursion import DECADE, horizon_sums
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.twin import Regression, county_regression, province_regression

#: Normal quantile of a 95 % interval.
Z95 = 1.959964
#: A variance inflated by more than this is collinearity.
LARGE_VIF = 10.0


def posterior_counterparts(
    posterior: Posterior, spec: ModelSpec, design: Design
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Put the posterior's draws into the terms of the two regressions.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.
    design : Design
        What it was fitted to.

    Returns
    -------
    tuple of dict
        Term to draws ``(D,)``, of `province_regression` and of `county_regression`.
    """
    theta = posterior.values(spec, design)
    names = driver_names(spec)
    keep = 1 - theta["convergence"][:, 0]
    total, _ = horizon_sums(keep, DECADE)
    # Responses of the average province: their deviations have mean zero by prior only.
    apart = (theta["employment_province_spread"][:, :, None] * theta["response_z"]).mean(axis=1)
    level = theta["province_response"].copy()
    level[:, : apart.shape[1]] += apart
    moved = {f"change of {n}": v for n, v in zip(names, theta["change_response"].T, strict=True)}
    provinces = {"convergence": theta["convergence"][:, 0]} | dict(zip(names, level.T, strict=True))
    counties = {"level kept over ten years": keep**DECADE}
    counties |= {n: total * v for n, v in zip(names, theta["county_response"].T, strict=True)}
    scaled = {name: total / DECADE * values for name, values in moved.items()}
    return provinces | moved, counties | scaled


def side_by_side(posterior: Posterior, spec: ModelSpec, panel: Panel) -> pd.DataFrame:
    """Lay the regressions beside the posterior, a sentence for each coefficient.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.
    panel : Panel
        Its panel.

    Returns
    -------
    DataFrame
        ``level`` (provinces, counties) ``, term, estimate, error, low95, high95, vif,
        median, post_low95, post_high95, why``.
    """
    design = make_design(spec, panel)
    provinces, counties = posterior_counterparts(posterior, spec, design)
    found = (
        ("provinces", province_regression(spec, design), provinces),
        ("provinces without own effects", province_regression(spec, design, own=False), provinces),
        ("counties", county_regression(spec, design), counties),
    )
    return pd.DataFrame([row for part in found for row in _rows(*part)])


def _rows(level: str, regression: Regression, draws: dict[str, np.ndarray]) -> list[dict]:
    rows = []
    speed = regression.table["estimate"].get("convergence", np.nan)
    for term, (estimate, error, vif) in zip(
        regression.table.index, regression.table.to_numpy(), strict=True
    ):
        low, median, high = np.quantile(draws[str(term)], (0.025, 0.5, 0.975))
        row = {"level": level, "term": str(term), "estimate": estimate, "error": error}
        row |= {"low95": estimate - Z95 * error, "high95": estimate + Z95 * error, "vif": vif}
        row |= {"median": median, "post_low95": low, "post_high95": high}
        slow = np.median(draws["convergence"]) if "convergence" in draws else np.nan
        lasting = (estimate / speed, median / slow)
        rows.append(row | {"why": explain(row, lasting)})
    return rows


def explain(row: Mapping[str, Any], lasting: tuple[float, float]) -> str:
    """Say whether twin and posterior agree, and if not, why, by rules.

    Parameters
    ----------
    row : mapping
        A row of `side_by_side` without its last column.
    lasting : tuple of float
        What the twin and the posterior give in the long run: coefficient over convergence;
        missing where there is no convergence.

    Returns
    -------
    str
        One sentence.
    """
    estimate, median = row["estimate"], row["median"]
    inside = row["post_low95"] <= estimate <= row["post_high95"]
    covered = row["low95"] <= median <= row["high95"]
    unsure = row["low95"] <= 0 <= row["high95"] and row["post_low95"] <= 0 <= row["post_high95"]
    why = _because(row, lasting)
    reason = f": {'; '.join(why)}" if why else ""
    if unsure and (inside or covered):
        return f"neither can tell the sign{reason}"
    if inside and covered and estimate * median > 0:
        return "same sign and size"
    sign = "same sign" if estimate * median > 0 else "other sign"
    if inside or covered:
        return f"{sign}, within the wider interval{reason}"
    return f"{sign}, other size{reason or ': no stated rule explains it, look at it'}"


def _because(row: Mapping[str, Any], lasting: tuple[float, float]) -> list[str]:
    """Rules in the order in which they explain most."""
    term, level, causes = row["term"], row["level"], []
    larger = abs(row["estimate"]) > abs(row["median"])
    width, wide = row["post_high95"] - row["post_low95"], row["high95"] - row["low95"]
    if row["vif"] > LARGE_VIF:
        causes.append(f"collinearity (variance inflated {row['vif']:.0f} times)")
    if term == "convergence":
        causes.append(
            "with effects as seen and noisy early levels least squares overstates convergence"
            if larger
            else "without own effects least squares understates convergence"
        )
    elif term.startswith(("employment", "value_added")):
        if lasting[1] and 2 / 3 < lasting[0] / lasting[1] < 3 / 2:
            causes.append(f"alike in the long run ({lasting[0]:.2g} against {lasting[1]:.2g} log"
                          " odds per unit share): responses scale with convergence")  # fmt: skip
        if level == "counties":
            causes.append("definition: the posterior ties census and yearbook employment")
    elif level == "counties" and term.startswith("change of"):
        causes.append("definition: the posterior holds a year's and a decade's change to be alike")
    if larger and wide > width and term != "convergence":
        causes.append("shrinkage: the twin's interval is wider and the prior draws to zero")
    return causes

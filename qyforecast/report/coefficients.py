"""Coefficients in plain units: what a number means in points of urban share."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from qyforecast.inference.design import driver_names
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.priors import Prior, sample_prior
from qyforecast.inference.scale import slope_of
from qyforecast.inference.spec import ModelSpec
from qyforecast.report.overview import TextTable

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
#: Unit to how much of it is told, and the words that follow the points.
IN_POINTS = {
    "log odds / year": (1.0, " a year"),
    "log odds / year per unit share": (0.1, " a year for ten points of share"),
    "log odds per unit share": (0.1, " at once for ten points of share"),
    "log odds / decade": (1.0, " in ten years"),
    "log odds": (1.0, ""),
}
#: Draws of a prior for its interval.
MANY = 20_000


@dataclass(frozen=True)
class Coefficient:
    """A parameter as the fit leaves it.

    Attributes
    ----------
    name : str
        Parameter, with its sector or year where there are several.
    unit : str
        Unit.
    quantiles, prior_quantiles : ndarray
        At `LEVELS`, after and before the data.
    draws : ndarray
        ``(D,)``.
    prior : Prior
        Its prior.
    """

    name: str
    unit: str
    quantiles: np.ndarray
    prior_quantiles: np.ndarray
    draws: np.ndarray
    prior: Prior


def read_coefficients(posterior: Posterior, spec: ModelSpec) -> list[Coefficient]:
    """List every parameter that has a prior of its own and was fitted.

    Parameters
    ----------
    posterior : Posterior
        A fit.
    spec : ModelSpec
        Its specification.

    Returns
    -------
    list of Coefficient
        In the order of the specification; what the rival switches off is left out.
    """
    rival, found = spec.rival(posterior.rival), []
    rng = np.random.default_rng(59)
    for name, prior in spec.priors.items():
        silent = (name.endswith("_response") and not rival.levels) or (
            name.endswith("_change") and not rival.changes
        )
        if silent or name not in posterior.draws:
            continue
        before = np.quantile(sample_prior(prior, MANY, rng), LEVELS)
        columns = posterior.column(name).T
        for label, draws in zip(_labels(name, spec, len(columns)), columns, strict=True):
            after = np.quantile(draws, LEVELS)
            found.append(Coefficient(label, prior.unit, after, before, draws, prior))
    return found


def _labels(name: str, spec: ModelSpec, count: int) -> list[str]:
    """Name the entries of a parameter: sectors of a driver, years of a jump."""
    driver = name.rsplit("_", 1)[0]
    if driver in spec.drivers and name.endswith(("_response", "_change")):
        kind = name.rsplit("_", 1)[1]
        mine = [full for full in driver_names(spec) if full.startswith(f"{driver} ")]
        return [f"{full}, {kind}" for full in mine]
    if name == "jump" and count == len(spec.breaks):
        return [f"jump {year}" for year in sorted(spec.breaks)]
    return [name] if count == 1 else [f"{name} {place + 1}" for place in range(count)]


def plain_words(coefficient: Coefficient, share: float, spec: ModelSpec) -> str:
    """Say what the median means at an urban share.

    Parameters
    ----------
    coefficient : Coefficient
        With its unit.
    share : float
        Urban share at which points are counted. [1]
    spec : ModelSpec
        Its upper limit.

    Returns
    -------
    str
        Points of urban share, or years; empty for what has no such meaning.
    """
    value = float(coefficient.quantiles[2])
    if coefficient.unit == "1 / year":
        return f"half of a gap closed in {np.log(2) / value:.0f} years" if value > 1e-9 else ""
    if coefficient.unit not in IN_POINTS:
        return ""
    parts, words = IN_POINTS[coefficient.unit]
    points = 100 * parts * value * float(slope_of(share, spec))
    sign = "+" if coefficient.prior.distribution == "normal" else ""
    return f"{points:{sign}.2f} points{words}"


def coefficient_frame(coefficients: list[Coefficient]) -> pd.DataFrame:
    """Lay posterior and prior of every parameter out for files and charts.

    Parameters
    ----------
    coefficients : list of Coefficient
        From `read_coefficients`.

    Returns
    -------
    DataFrame
        ``parameter, unit, low95, low80, median, high80, high95``, and the same of the prior
        as ``prior_low95`` and so on.
    """
    names = ("low95", "low80", "median", "high80", "high95")
    return pd.DataFrame(
        [
            {"parameter": one.name, "unit": one.unit}
            | dict(zip(names, one.quantiles, strict=True))
            | dict(zip([f"prior_{n}" for n in names], one.prior_quantiles, strict=True))
            for one in coefficients
        ]
    )


def coefficient_table(
    coefficients: list[Coefficient], share: float, place: str, spec: ModelSpec
) -> TextTable:
    """Lay the coefficients out with their intervals, prior beside posterior.

    Parameters
    ----------
    coefficients : list of Coefficient
        From `read_coefficients`.
    share : float
        Urban share at which points are counted. [1]
    place : str
        Whose share that is.
    spec : ModelSpec
        Its upper limit.

    Returns
    -------
    TextTable
        A row for each.
    """
    rows = [
        (
            one.name.replace("_", " "),
            f"{one.quantiles[2]:.3g}",
            f"{one.quantiles[1]:.3g} to {one.quantiles[3]:.3g}",
            f"{one.quantiles[0]:.3g} to {one.quantiles[4]:.3g}",
            f"{one.prior_quantiles[0]:.3g} to {one.prior_quantiles[4]:.3g}",
            one.unit,
            plain_words(one, share, spec),
        )
        for one in coefficients
    ]
    columns = ("parameter", "median", "80 %", "95 %", "prior 95 %", "unit", "in plain units")
    note = (
        f"Points are percentage points of urban share at {share:.1%}, {place} at the last census;"
        " elsewhere they are smaller near 0 and 100 %."
    )
    return TextTable("Coefficients", columns, tuple(rows), (note,))

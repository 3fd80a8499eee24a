"""The model's formula in plain loops, one draw at a time, for posteriors made by hand."""

import math
from collections.abc import Mapping

import numpy as np
from scipy.special import logit

from qyforecast.census.panel import Panel
from qyforecast.inference.design import Design
from tests.recovery.simulated import CITY, PROVINCES

One = Mapping[str, np.ndarray]

#: Place of the city's province, and the convergence that `by_hand` gives it.
GANSU = PROVINCES.index(CITY[:2] + "0000")
HOME = 0.03 * math.exp(0.2 * (-1.5 + 3.0 * GANSU / (len(PROVINCES) - 1)))


def speed(one: One, province: int) -> float:
    """Convergence of a province. [1 / year]"""
    return one["convergence"][0] * math.exp(
        one["convergence_spread"][0] * one["convergence_z"][province]
    )


def response_of(one: One, level: str, province: int) -> np.ndarray:
    """Responses to the drivers of a province or of its counties, employment first."""
    response = one[f"{level}_response"].copy()
    for sector in (0, 1):
        apart = one["employment_province_z"][2 * province + sector]
        response[sector] += one["employment_province_spread"][0] * apart
    return response


def decade_end(one: One, design: Design, county: int) -> float:
    """Run a county's decade year by year, without what is its prefecture's or its own."""
    province = int(design.county_province[county])
    level = float(design.start[county])
    for year in design.decade:
        pull = speed(one, province) * (design.nation[year] - level)
        level += pull + one["year_pace"][year] + one["county_offset"][0]
        level += one["province_effect"][province]
        level += float(design.county_drivers[county] @ response_of(one, "county", province))
        level += float(design.county_driver_changes[county] @ one["change_response"]) / 10
    return level


def province_change(one: One, design: Design, year: int, province: int) -> float:
    """Expected change of a province in a year, what rebasing adds included."""
    gap = design.lag[year, province]
    change = one["year_pace"][year] + one["province_effect"][province]
    change -= speed(one, province) * gap
    change += design.drivers[year, province] @ response_of(one, "province", province)
    change += design.driver_changes[year, province] @ one["change_response"]
    return float(change + design.breaks[year] @ one["jump"])


def national_years(
    one: One, panel: Panel, origin: int, years: int
) -> dict[int, tuple[float, float]]:
    """Level before and pace of each year after an origin: sampled, then an autoregression.

    It goes about a mean that the nation's level pulls down. No shocks.
    """
    shares = panel.provinces["urban_share"]

    def mean(year: int) -> float:
        return float((logit(shares.sel(year=year)) - logit(0.45)).mean())

    drop, rho = one["national_convergence"][0], one["year_persistence"][0]
    level, found = mean(origin), {}
    off = one["year_pace"][origin - 2001] - one["pace"][0] + drop * mean(origin - 1)
    for year in range(origin + 1, origin + years + 1):
        expected = one["pace"][0] - drop * level
        sampled = year - 2001 < len(one["year_pace"])
        pace = one["year_pace"][year - 2001] if sampled else expected + rho * off
        off = pace - expected
        found[year] = (level, float(pace))
        level += pace
    return found

"""China 2020-2100 as the UN published it, from the UN's own inputs."""

import csv
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from qyforecast.projection.method import Timing
from qyforecast.projection.project import project
from tests.projection.worlds import one_area, one_area_rates, sexes, stack_years

FOLDER = Path(os.environ.get("QYFORECAST_CASES", ""), "wpp2019_china")
pytestmark = pytest.mark.skipif(
    "QYFORECAST_CASES" not in os.environ, reason="QYFORECAST_CASES names no folder of cases"
)
AGES = range(0, 105, 5)
PERIODS = {year + 5: f"{year}-{year + 5}" for year in range(2020, 2100, 5)}


def read(name: str, time: str, value: str) -> dict[str, np.ndarray]:
    """Read a column by time, in the order of ages."""
    cells: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with (FOLDER / name).open() as file:
        for row in csv.DictReader(file):
            cells[row[time]].append((float(row.get("age0") or 0), float(row[value])))
    return {key: np.array([x for _, x in sorted(rows)]) for key, rows in cells.items()}


def read_migrants(sex: str) -> dict[str, np.ndarray]:
    """Read net migrants by period and age. [thousand]"""
    cells: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with (FOLDER / "netmig_age5_DERIVED.csv").open() as file:
        for row in csv.DictReader(file):
            if row["sex"] == sex:
                cells[row["period"]].append((float(row["age0"]), float(row["net_mig_thousand"])))
    return {key: np.array([x for _, x in sorted(rows)]) for key, rows in cells.items()}


def survival(mx: np.ndarray, sex: str) -> np.ndarray:
    """Five-year survival ratios by age reached, as WPP 2019 computes them.

    Coale and Demeny's separation factors under age 5, 2.5 at 5-14, Greville's above.
    """
    low, at_0, at_1 = {
        "M": (0.107, (0.33, 0.045, 2.684), (1.352, 1.651, -2.816)),
        "F": (0.107, (0.35, 0.053, 2.8), (1.361, 1.522, -1.518)),
    }[sex]
    ages = np.array([0, 1, *range(5, 105, 5)])
    width = np.diff(ages).astype(float)
    lived = np.full(len(ages) - 1, 2.5)
    for i, (above, intercept, slope) in enumerate((at_0, at_1)):
        lived[i] = above if mx[0] >= low else intercept + slope * mx[0]
    slope = np.log(mx[5:] / mx[3:-2]) / 10
    lived[4:] = 2.5 - 25 / 12 * (mx[4:-1] - slope)
    dying = width * mx[:-1] / (1 + (width - lived) * mx[:-1])
    alive = np.concatenate([[1.0], np.cumprod(1 - dying)])
    years = width * alive[1:] + lived * (alive[:-1] - alive[1:])
    years = np.concatenate([[years[0] + years[1]], years[2:], [alive[-1] / mx[-1]]])
    last = years[-1] / (years[-1] + years[-2])
    return np.concatenate([[years[0] / 5], years[1:-1] / years[:-2], [last, last]])


def test_china_2020_to_2100():
    """UN World Population Prospects 2019, medium variant; 0.01 % is asked for."""
    deaths = {sex: read("mx5.csv", "period", f"mx{sex}") for sex in "FM"}
    migrants = {sex: read_migrants(sex) for sex in "FM"}
    people = {sex: read("pop_age5.csv", "year", f"pop{sex}") for sex in "FM"}
    pattern = read("pasfr5.csv", "period", "pasfr")
    total, ratio = read("tfr5.csv", "period", "tfr"), read("srb5.csv", "period", "srb")

    def in_period(period: str):
        births = np.zeros(len(AGES))
        births[3:10] = pattern[period] / 100 * total[period] / 5
        return one_area_rates(
            AGES,
            (survival(deaths["F"][period], "F"), survival(deaths["M"][period], "M")),
            births,
            (migrants["F"][period], migrants["M"][period]),
            float(ratio[period][0]),
        )

    rates = stack_years([in_period(period) for period in PERIODS.values()], list(PERIODS))
    start = one_area(AGES, people["F"]["2020"], people["M"]["2020"], 2020)
    projection = project(start, rates, to=2100, timing=Timing(0.0, True), keep="ages")
    for year in (2025, 2050, 2100):
        women, men = sexes(projection.ages.sel(year=year))
        assert women[:16] == pytest.approx(people["F"][str(year)][:16], rel=1e-6)
        assert men[:16] == pytest.approx(people["M"][str(year)][:16], rel=1e-6)
        published = people["F"][str(year)].sum() + people["M"][str(year)].sum()
        assert women.sum() + men.sum() == pytest.approx(published, rel=1e-6)

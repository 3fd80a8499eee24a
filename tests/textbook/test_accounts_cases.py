"""Projections run by others on published inputs, reproduced through `project`.

The files are large; they are read from the folder named by ``QYFORECAST_CASES``.
"""

import csv
import gzip
import os
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from qyforecast.projection.method import Timing
from qyforecast.projection.project import project
from tests.projection.worlds import one_area, one_area_rates, sexes, stack_years

FOLDER = os.environ.get("QYFORECAST_CASES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="QYFORECAST_CASES names no folder of cases")

Table = dict[tuple[str, ...], np.ndarray]


def read_long(name: str, keys: tuple[str, ...], age: str = "age_start") -> Table:
    """Read a long table: labels to values in the order of ages."""
    path = Path(FOLDER) / name
    text = path.read_bytes()
    lines = (gzip.decompress(text) if path.suffix == ".gz" else text).decode().splitlines()
    cells: dict[tuple[str, ...], list[tuple[float, float]]] = defaultdict(list)
    for row in csv.DictReader(lines):
        place = 0.0 if row[age] in ("", "NA") else float(row[age])
        cells[tuple(row[key] for key in keys)].append((place, float(row["value"])))
    return {key: np.array([value for _, value in sorted(rows)]) for key, rows in cells.items()}


@pytest.mark.parametrize("timing", ["even", "end"])
def test_canada_1950_to_2020_by_single_years(timing: str):
    """UN DESA ccmppWPP inputs of Canada (WPP 2019), 1x1, both migration timings."""
    given = read_long("ccm_unpd_canada_1x1/inputs_long.csv.gz", ("variable", "sex", "time_start"))
    expected = read_long(
        f"ccm_unpd_canada_1x1/expected_pop_mig_{timing}.csv.gz", ("year", "sex"), "age"
    )
    ages, years = range(101), range(1951, 2021)

    def in_year(year: int):
        women, men = (
            {v: given[v, sex, str(year - 1)] for v in ("survival_ratio", "net_migration_count")}
            for sex in ("female", "male")
        )
        # The file gives one ratio for the last two ages together.
        both = [np.append(x["survival_ratio"], x["survival_ratio"][-1]) for x in (women, men)]
        return one_area_rates(
            ages,
            (both[0], both[1]),
            given["asfr", "female", str(year - 1)],
            (women["net_migration_count"], men["net_migration_count"]),
            float(given["srb", "both", str(year - 1)][0]),
        )

    start = one_area(
        ages, given["pop_base", "female", "1950"], given["pop_base", "male", "1950"], 1950
    )
    rates = stack_years([in_year(year) for year in years], years)
    projection = project(start, rates, to=2020, timing=timing, keep="ages")
    for year in years:
        women, men = sexes(projection.ages.sel(year=year))
        assert women == pytest.approx(expected[str(year), "female"], rel=1e-6)
        assert men == pytest.approx(expected[str(year), "male"], rel=1e-6)
    if timing == "end":
        assert float(projection.totals.sel(year=2020).sum()) == pytest.approx(37496124, abs=1)
    assert projection.imbalance() < 1e-9


@pytest.mark.parametrize(
    ("scenario", "migration", "total"),
    [
        ("zero_migration", "net_migration_proportion", 62542810),
        ("synthetic_migration", "net_migration_proportion_synthetic", None),
    ],
)
def test_thailand_1960_to_2000(scenario: str, migration: str, total: float | None):
    """CCMPP (Wheldon's Thailand): migrants are a yearly share of each period's start."""
    given = read_long("ccm_thailand_two_sex/inputs_long.csv", ("variable", "sex", "time"))
    expected = read_long(
        "ccm_thailand_two_sex/expected_projection.csv", ("scenario", "sex", "time")
    )
    ages = range(0, 85, 5)
    women, men = (given["baseline_pop", sex, "1960"] for sex in ("female", "male"))
    for year in range(1960, 2000, 5):
        shares = [given[migration, sex, str(year)] for sex in ("female", "male")]
        survival = [given["survival_proportion", sex, str(year)] for sex in ("female", "male")]
        rates = one_area_rates(
            ages,
            (survival[0], survival[1]),
            given["asfr", "female", str(year)],
            (5 * shares[0] * women, 5 * shares[1] * men),
            float(given["srb", "both", str(year)][0]),
        )
        # Migrants depend on the stock reached, so each period starts from the last.
        start = one_area(ages, women, men, year)
        projection = project(start, rates, to=year + 5, keep="ages")
        women, men = sexes(projection.ages.sel(year=year + 5))
        assert women == pytest.approx(expected[scenario, "female", str(year + 5)], rel=1e-6)
        assert men == pytest.approx(expected[scenario, "male", str(year + 5)], rel=1e-6)
    if total is not None:
        assert women.sum() + men.sum() == pytest.approx(total, abs=1)


def test_burkina_faso_females_1960_to_2005():
    """popReconstruct, females only; migrants at the period's end bear no children.

    Men are given no stock at the start and the women's survival; the boys born are
    there, and are not looked at.
    """
    given = read_long("ccm_burkina_faso/inputs_long.csv", ("variable", "time"))
    expected = read_long("ccm_burkina_faso/expected_projection.csv", ("variable", "time"))
    ages = range(0, 85, 5)
    women = given["baseline_pop", "1960"]
    for year in range(1960, 2005, 5):
        survival = given["survival_proportion", str(year)]
        migrants = given["net_migration_proportion", str(year)] * women
        rates = one_area_rates(
            ages,
            (survival, survival),
            given["asfr", str(year)],
            (migrants, np.zeros_like(migrants)),
        )
        start = one_area(ages, women, np.zeros_like(women), year)
        end = project(start, rates, to=year + 5, timing=Timing(0.5, False), keep="ages")
        women, _ = sexes(end.ages.sel(year=year + 5))
        assert women == pytest.approx(expected["expected_pop_female", str(year + 5)], rel=1e-6)
    assert women.sum() == pytest.approx(7405550, abs=1)

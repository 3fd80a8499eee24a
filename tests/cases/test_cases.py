"""Every worked case within its tolerance, and the table in the docs as it is computed."""

from collections.abc import Callable
from pathlib import Path

import pytest

import qyforecast as qf
from tests.cases.case import Case
from tests.cases.projections import SEXES
from tests.cases.report import CASES, PAGE, rows

#: Below this a difference is rounding, and another machine gives another.
ROUNDING = 1e-8


@pytest.mark.parametrize("case", CASES, ids=[case.label for case in CASES])
def test_a_case_is_within_its_tolerance(case: Case, cases: Path) -> None:
    """Figures of others, through the public names alone; each case names its source."""
    assert case.difference(cases) <= case.tolerance


def test_every_folder_of_cases_is_reproduced(cases: Path) -> None:
    """All but the measured errors of urban forecasts, which are a benchmark and no method."""
    folders = {path.name for path in cases.iterdir() if path.is_dir()} - {"urbanization"}
    assert {case.folder for case in CASES} == folders


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_the_table_in_the_docs_is_what_is_computed(cases: Path) -> None:
    committed = PAGE.read_text(encoding="utf-8").splitlines()
    committed = [row for row in committed if row.startswith("| ")][1:]
    computed = rows(cases)
    assert len(committed) == len(computed)
    for told, found in zip(map(cells, committed), map(cells, computed), strict=True):
        assert told[:4] + told[5:] == found[:4] + found[5:]
        assert float(told[4]) == pytest.approx(float(found[4]), rel=0.05, abs=ROUNDING)


@pytest.mark.parametrize(
    "planted",
    [
        lambda given: given | {"year": 1998},
        lambda given: given | {"scale": 1.001},
        lambda given: given | {"swap": True},
    ],
    ids=["a later year", "a thousandth more migrants", "sexes exchanged"],
)
def test_a_planted_fault_is_seen(planted: Callable[[dict], dict]) -> None:
    """Net rates are of the stock at the start, by sex: other readings give other people."""
    given = planted({"year": 1993, "scale": 1.0, "swap": False})
    labels = qf.Labels(ages=(0, 1, 2), years=range(1994, 2001))
    people = {"female": [100.0, 90.0, 50.0], "male": [105.0, 80.0, 30.0]}
    live = qf.Survivorship.by_age_reached([0.99, 0.98, 0.9, 0.5], labels.ages)
    rate = {sex: given["scale"] * 0.01 * (1 + (sex == "male")) for sex in SEXES}
    if given["swap"]:
        rate = dict(zip(rate, reversed(rate.values()), strict=True))
    shares = {sex: [value] * 3 for sex, value in rate.items()}
    vital = labels.vital({"female": live, "male": live}, [0.0, 0.3, 0.1])

    def run(year: int, rates: dict) -> float:
        start = labels.population(people, year=year)
        moves = labels.migration(net_rate=rates)
        found = qf.project(start, qf.Rates(vital, moves), to=2000)
        return float(found.totals.sel(year=2000, sex="male").sum())

    true = {"female": [0.01] * 3, "male": [0.02] * 3}
    assert run(given["year"], shares) != pytest.approx(run(1993, true), rel=1e-6)

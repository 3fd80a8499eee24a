"""Every shipped scenario is run; what it adds, and what it must not."""

from dataclasses import replace

import numpy as np
import pytest

from qyforecast.policy.glance import glance
from qyforecast.provenance import shipped_folder
from tests.policy.conftest import SEED

NAMES = sorted(
    path.stem for path in shipped_folder("scenarios").glob("*.yaml") if path.stem != "targets"
)
CHAPTERS = {
    "layout": "三",
    "settling-in": "四(一)",
    "services-homes": "四(二)",
    "skills": "四(三)",
    "energy-parks": "五(三)",
    "data-cluster": "五(四)",
    "farming-villages": "八",
    "industry-town": "五(五)",
    "urban-renewal": "六",
}


@pytest.fixture(scope="module")
def base(future, library):
    return glance(future, library["baseline"], years=(2025, 2035), seed=SEED)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "baseline"])
def test_a_shipped_scenario_runs_and_its_zero_copy_is_the_baseline(name, future, library, base):
    full = library[name]
    none = replace(full, levers=tuple(lever.scaled(0.0) for lever in full.levers))
    same = glance(future, none, years=(2025, 2035), seed=SEED)
    assert np.array_equal(same.urban_share.values, base.urban_share.values)
    assert np.array_equal(same.urban.values, base.urban.values)
    pulled = glance(future, full, years=(2025, 2035), seed=SEED)
    gap = np.abs(pulled.urban_share - base.urban_share)
    assert gap.sel(year=[2020, 2021]).max() < 1e-15
    assert gap.sel(year=2035).max() > 1e-5
    grown = pulled.growth.sum("component") - (
        pulled.urban.sel(year=[2025, 2035]) - pulled.urban.sel(year=2020, drop=True)
    )
    assert float(np.abs(grown).max()) < 1e-3


def test_every_chapter_that_can_move_a_quantity_has_its_scenario(library):
    for name, chapter in CHAPTERS.items():
        assert chapter in library[name].chapter, name
    whole = library["all-of-it"]
    assert set(CHAPTERS) - {"layout"} <= set(whole.origins.values())
    expected = {lever.name for name in CHAPTERS for lever in library[name].levers}
    assert {lever.name for lever in whole.levers} == expected


def test_surroundings_and_the_whole_plan_lie_in_order(future, library, by_2035):
    medians = [
        float(np.median(glance(future, library[name], years=(2035,), seed=SEED).shares(by_2035)))
        for name in ("slow", "baseline", "fast")
    ]
    assert medians == sorted(medians)
    assert medians[2] - medians[0] > 0.02


def test_without_migration_nobody_comes_or_goes(future, library, by_2035):
    """From 2022 on, as the levers do; those of 2021 are in the past by then."""
    closed, usual = (
        glance(future, library[name], years=(2021, 2035), seed=SEED).growth.sel(
            region=by_2035.region, component="external migration"
        )
        for name in ("no-migration", "baseline")
    )
    assert np.abs(closed.sel(year=2035) - closed.sel(year=2021)).max() < 50
    assert np.abs(usual.sel(year=2035) - usual.sel(year=2021)).max() > 1000


def test_the_shipped_page_is_current(library, census, checkout):
    from qyforecast.report.library import library_page

    page = (checkout / "docs" / "scenarios.md").read_text("utf-8")
    assert page == library_page(library, census), (
        "qyforecast scenario show --page > docs/scenarios.md"
    )


def test_the_page_grades_every_lever_and_calls_nothing_judged_measured(library, census, checkout):
    page = (checkout / "docs" / "scenarios.md").read_text("utf-8")
    levers = {lever.name: lever for one in library.values() for lever in one.levers}
    assert len(levers) > 25
    for lever in levers.values():
        (line,) = [row for row in page.splitlines() if row.startswith(f"- **{lever.name}**")]
        assert f"*{lever.effect.evidence.grade.capitalize()}*" in line
        # The plan gives no effect at all, so none can be a measurement.
        assert lever.effect.evidence.grade not in ("measured", "published")

import weakref
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from qyforecast.errors import OutputError
from qyforecast.forecast import Run
from qyforecast.report.results import collect

CITY, COUNTIES = "621000", ["621002", "621021"]


def test_every_scenario_vintage_and_region_is_there(runs, targets):
    results = collect(iter(runs), targets)
    keys = ["scenario", "as_of", "region_code", "target"]
    assert len(results.targets) == 2 * 2 * 3 * 2
    assert not results.targets.duplicated(keys).any()
    assert results.city == CITY
    for table in (results.urban_share, results.population, results.flows):
        assert set(table["region_code"]) == {CITY, *COUNTIES}
        assert table.groupby(["scenario", "as_of"]).size().nunique() == 1


def test_draws_of_the_city_are_its_counties_in_every_draw(runs, targets):
    draws = collect(runs, targets).draws
    persons = draws["population"]
    whole, parts = persons.sel(region=CITY), persons.sel(region=COUNTIES).sum("region")
    np.testing.assert_allclose(whole, parts.transpose(*whole.dims), rtol=1e-6)
    assert persons.dtype == np.float32
    urban = (draws["urban_share"] * persons).sel(region=COUNTIES).sum("region") / whole
    np.testing.assert_allclose(urban, draws["urban_share"].sel(region=CITY), rtol=1e-5)


def test_draws_are_found_by_scenario_and_vintage(run, runs, targets):
    changed = replace(runs[3], urban_share=run.urban_share / 2)
    draws = collect([*runs[:3], changed], targets).draws["urban_share"]
    one = draws.sel(scenario="settling-in", as_of=2024)
    other = draws.sel(scenario="settling-in", as_of=2021)
    np.testing.assert_allclose(one.values, other.values / 2, rtol=1e-6)
    np.testing.assert_array_equal(other.values, run.urban_share.values.astype(np.float32))


def test_runs_that_make_no_cross_are_refused(run, runs, targets):
    with pytest.raises(OutputError, match="settling-in as of 2024"):
        collect(runs[:3], targets)
    with pytest.raises(OutputError, match="run twice"):
        collect([run, run], targets)
    with pytest.raises(OutputError, match="no run"):
        collect([], targets)


def test_a_run_is_let_go_before_the_next_is_made(runs, targets):
    """A projection of 4,000 draws takes some 300 MB: there is to be one at a time."""
    made: list[weakref.ref] = []

    def one_by_one() -> Iterator[Run]:
        for run in runs:
            assert all(earlier() is None for earlier in made)
            made.append(weakref.ref(other := replace(run)))
            yield other
            del other

    assert len(collect(one_by_one(), targets).targets) == 24
    assert len(made) == 4

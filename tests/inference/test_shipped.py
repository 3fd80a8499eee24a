"""The shipped data through the panel: what Qingyang's counts say."""

import numpy as np
import pytest

from qyforecast.census.panel import Panel
from qyforecast.inference.checks import prior_predictive
from qyforecast.inference.design import make_design
from qyforecast.inference.spec import ModelSpec

census = pytest.importorskip("qyforecast.census.census", exc_type=ImportError)


@pytest.fixture(scope="module")
def panels(checkout) -> dict[int, Panel]:
    if not (checkout / "data" / "census" / "datapackage.json").is_file():
        pytest.skip("the census folder is not there")
    read = census.read_census(checkout / "data" / "census")
    return {as_of: Panel.from_census(read, as_of=as_of) for as_of in (2021, 2022, 2023, 2025)}


def test_city_is_its_eight_counties(panels: dict[int, Panel]) -> None:
    panel = panels[2025]
    assert len(panel.own_counties) == 8
    assert round(100 * panel.city_share[2020], 2) == 41.89
    assert panel.city_share[2020] == pytest.approx(913_075 / 2_179_716, abs=1e-15)


def test_vintages_know_what_was_published(panels: dict[int, Panel], spec: ModelSpec) -> None:
    """The plan's 2015 figure came in 2022, the city's and a county's 2022 in 2023."""
    known = {
        as_of: set(zip(panel.readings["region"], panel.readings["year"], strict=True))
        for as_of, panel in panels.items()
    }
    assert known[2021] == {("621000", 2018)}
    assert known[2022] - known[2021] == {("621000", 2015)}
    assert {("621000", 2022), ("621023", 2022)} == known[2023] - known[2022]
    counts = [int(make_design(spec, panel).valid.sum()) for panel in panels.values()]
    assert counts == sorted(counts)
    assert counts[0] > 500
    assert len({panel.fingerprint for panel in panels.values()}) == 4


def test_counties_dropped_are_few_and_named(panels: dict[int, Panel]) -> None:
    panel = panels[2025]
    assert 180 <= panel.counties.sizes["county"] <= 260
    assert len(panel.dropped) < 0.1 * panel.counties.sizes["county"]
    assert all(len(entry.split(": ")) == 2 for entry in panel.dropped)


def test_priors_hold_chinese_counties(panels: dict[int, Panel], spec: ModelSpec) -> None:
    """The decade of real counties lies well inside what the priors hold possible."""
    drawn = prior_predictive(spec, panels[2025], draws=4000, seed=2)["change"].values
    low, high = np.quantile(drawn, [0.05, 0.95])
    assert -0.10 < low < 0.05
    assert 0.20 < high < 0.40
    shares = panels[2025].counties["urban_share"].transpose("census", "county").values
    change = shares[1] - shares[0]
    assert np.mean((change > low) & (change < high)) > 0.9

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from qyforecast.decide.targets import Target
from qyforecast.errors import OutputError, ScenarioError
from qyforecast.report.tables import (
    city_code,
    flows_table,
    observed_table,
    population_table,
    targets_table,
    urban_share_table,
)

CITY, COUNTIES = "621000", ["621002", "621021"]


def test_targets_table_counts_draws(run, targets):
    table = targets_table(run, targets)
    rows = table.set_index(["target", "region_code"]).to_dict("index")
    shares = run.urban_share.sel(region="621021")
    strict = rows["2022-at-least-55", "621021"]
    assert strict["probability"] == (shares.sel(year=2022) >= 0.55).mean()
    about = rows["2023-about-58", "621021"]
    assert about["threshold"] == pytest.approx(0.57)
    assert about["probability"] == (shares.sel(year=2023) >= 0.57).mean()
    assert 0 < strict["probability"] < 1
    assert (table["standard_error"] > 0).all()
    assert len(table) == 6


def test_targets_table_has_the_columns_of_the_charter(run, targets):
    assert " ".join(targets_table(run, targets).columns) == (
        "scenario as_of region_code target year threshold probability standard_error "
        "median lower80 upper80 lower95 upper95"
    )


def test_targets_outside_the_forecast_are_refused(run):
    with pytest.raises(ScenarioError, match="after the last year"):
        targets_table(run, [Target("late", CITY, 2035, 0.65)])


def test_urban_share_table_is_the_draws_own(run):
    table = urban_share_table(run).set_index(["region_code", "year"])
    assert table.index.get_level_values("region_code").unique().tolist() == [CITY, *COUNTIES]
    assert table.index.get_level_values("year").unique().tolist() == [2020, 2021, 2022, 2023]
    draws = run.urban_share.sel(region=CITY, year=2023).values
    row = table.to_dict("index")[CITY, 2023]
    assert row["mean"] == pytest.approx(draws.mean())
    wanted = np.quantile(draws, [0.025, 0.1, 0.5, 0.9, 0.975])
    stated = [row[name] for name in ("q025", "q10", "q50", "q90", "q975")]
    np.testing.assert_allclose(stated, wanted, rtol=1e-12)


def test_the_base_year_is_known(run):
    first = urban_share_table(run).query("year == 2020")
    assert first["q025"].to_numpy() == pytest.approx(first["q975"].to_numpy(), rel=1e-12)


def test_labels_decide_not_order(run):
    turned = replace(run, urban_share=run.urban_share.transpose("region", "draw", "year"))
    pd.testing.assert_frame_equal(urban_share_table(turned), urban_share_table(run))
    groups = run.projection.groups.isel(area=[3, 1, 0, 2]).transpose("age", ...)
    other = replace(run, projection=replace(run.projection, groups=groups))
    keys = ["region_code", "residence", "year", "sex", "age_group"]
    one, two = (population_table(r).sort_values(keys, ignore_index=True) for r in (run, other))
    pd.testing.assert_frame_equal(one, two)


def test_the_city_is_added_draw_by_draw(run):
    """The sum of the counties' medians is another number, and would be wrong."""
    table = population_table(run).set_index(
        ["region_code", "residence", "year", "sex", "age_group"]
    )
    labels = ("urban", 2023, "female", "20-24")
    groups = run.projection.groups.sel(year=2023, sex="female", age=20)
    towns = groups.isel(area=np.flatnonzero(groups["residence"].values == "urban"))
    persons = towns.values.astype(float).sum(axis=1)
    rows = table.to_dict("index")
    row = rows[CITY, *labels]
    stated = [row["q10"], row["q50"], row["q90"]]
    np.testing.assert_allclose(stated, np.quantile(persons, [0.1, 0.5, 0.9]), rtol=1e-6)
    assert row["q10"] > sum(rows[code, *labels]["q10"] for code in COUNTIES)


def test_population_table_holds_every_cell_once(run):
    table = population_table(run)
    keys = ["region_code", "residence", "year", "sex", "age_group"]
    assert len(table) == 3 * 2 * 4 * 2 * 18
    assert not table.duplicated(keys).any()
    assert table["age_group"].unique().tolist()[-2:] == ["80-84", "85+"]
    base = table.query("year == 2020 and region_code == @CITY")
    assert base["q50"].sum() == pytest.approx(
        8 * sum(1000 - 8 * age for age in range(91)), rel=1e-6
    )


def test_population_needs_ages(run):
    bare = replace(run, projection=replace(run.projection, groups=None))
    with pytest.raises(OutputError, match="keep='groups'"):
        population_table(bare)


def test_flows_table_has_both_ends_of_a_move(run):
    table = flows_table(run)
    assert set(table["flow"]) >= {
        *("births", "deaths", "external_net"),
        *("rural_to_urban", "urban_to_rural", "reclassified"),
    }
    moves = table.query("flow == 'rural_to_urban'").pivot(
        index=["region_code", "year"], columns="residence", values="q50"
    )
    np.testing.assert_allclose(moves["urban"], moves["rural"])
    assert (moves["urban"].to_numpy()[:3] > 0).all()


def test_flows_of_the_city_are_its_counties_in_every_draw(run):
    flows = run.projection.flows["deaths"].sum("sex").sel(year=2022)
    villages = flows.isel(area=np.flatnonzero(flows["residence"].values == "rural")).sum("area")
    row = flows_table(run).query(
        "flow == 'deaths' and region_code == @CITY and year == 2022 and residence == 'rural'"
    )
    wanted = np.quantile(villages.values, [0.1, 0.5, 0.9])
    np.testing.assert_allclose(row[["q10", "q50", "q90"]].to_numpy()[0], wanted, rtol=1e-6)


def test_a_run_without_a_city_is_refused(run):
    with pytest.raises(OutputError, match="one code for the city"):
        city_code(replace(run, urban_share=run.urban_share.sel(region=COUNTIES)))


@pytest.fixture
def census():
    """Give what `observed_table` reads of a census."""
    persons = xr.DataArray(
        [[[20.0, 80.0], [30.0, 70.0]], [[40.0, 60.0], [50.0, 50.0]]],
        {"year": [2010, 2020], "region": COUNTIES, "residence": ["urban", "rural"]},
        ("year", "region", "residence"),
    )
    rows = [
        (CITY, 2018, "urban_share", 0.384, "press", 2019),
        (CITY, 2020, "urban_share", 0.42, "bulletin", 2021),
        (CITY, 2015, "gdp", 1.0, "bulletin", 2016),
        ("621021", 2015, "urban_share", 0.35, "plan", 2022),
    ]
    columns = ["region_code", "year", "variable", "value", "kind", "published"]
    return SimpleNamespace(city=CITY, residence=persons, series=pd.DataFrame(rows, columns=columns))


def test_observed_shares_are_counts_at_censuses_and_published_between(census):
    city = observed_table(census, CITY)
    assert city.to_numpy().tolist() == [
        [2010, 0.25, "census", 2011],
        [2018, 0.384, "press", 2019],
        [2020, 0.45, "census", 2021],
    ]
    county = observed_table(census, "621021")
    assert county["urban_share"].tolist() == [0.3, 0.35, 0.5]

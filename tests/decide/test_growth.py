"""Growth of urban populations, split; and draws carried on beyond their forecast."""

import numpy as np
import pytest
import xarray as xr
from scipy.special import logit

from qyforecast.decide.first_year import carried_on, first_year_reached
from qyforecast.decide.growth import COMPONENTS, urban_growth
from qyforecast.decide.targets import Target
from qyforecast.projection.projection import FLOW_SIGNS, Projection

AREAS = [(region, home) for region in ("a", "b") for home in ("urban", "rural")]


def projection(seed=1):
    """Make two regions over three years from random flows; stocks follow from them."""
    rng = np.random.default_rng(seed)
    coords = {
        "draw": [0, 1],
        "year": [2021, 2022, 2023],
        "area": [f"{region}-{home}" for region, home in AREAS],
        "sex": ["male", "female"],
    }
    dims = tuple(coords)
    sizes = tuple(map(len, coords.values()))
    flows = xr.Dataset({kind: (dims, rng.uniform(1, 9, sizes)) for kind in FLOW_SIGNS}, coords)
    sign = np.array([home == "rural" for _, home in AREAS]).astype(int)
    change = sum(
        np.array(signs)[sign][:, None] * flows[kind].values for kind, signs in FLOW_SIGNS.items()
    )
    start = np.full((2, 1, 4, 2), 500.0)
    stocks = np.concatenate([start, start + np.cumsum(change, axis=1)], axis=1)
    totals = xr.DataArray(stocks, {**coords, "year": [2020, 2021, 2022, 2023]}, dims)
    labels = {
        "region": ("area", [region for region, _ in AREAS]),
        "residence": ("area", [home for _, home in AREAS]),
    }
    return Projection(totals.assign_coords(labels), flows.assign_coords(labels))


@pytest.mark.parametrize("seed", range(5))
def test_components_sum_to_the_growth_in_every_draw(seed):
    made = projection(seed)
    found = urban_growth(made, city="c", years=[2021, 2023])
    towns = made.totals.sel(area=made.totals["residence"] == "urban").sum("sex")
    grown = towns.sel(year=[2021, 2023]) - towns.sel(year=2020, drop=True)
    np.testing.assert_allclose(found.sum("component").sel(region=["a", "b"]), grown, atol=1e-9)
    np.testing.assert_allclose(found.sum("component").sel(region="c"), grown.sum("area"), atol=1e-9)


def test_each_flow_stands_in_one_component():
    kinds = [kind for parts in COMPONENTS.values() for kind in parts]
    assert sorted(kinds) == sorted(FLOW_SIGNS)


def test_each_component_is_its_own_flows():
    made = projection()
    found = urban_growth(made, city="c", years=[2022])
    here = made.flows.sel(area="a-urban", year=[2021, 2022]).sum(["year", "sex"])
    got = found.sel(region="a", year=2022)
    np.testing.assert_allclose(got.sel(component="reclassification"), here["reclassified"])
    np.testing.assert_allclose(
        got.sel(component="natural increase"), here["births"] - here["deaths"]
    )


def shares(paths):
    values = np.asarray(paths, float)[..., None]
    coords = {"draw": np.arange(len(values)), "year": 2030 + np.arange(values.shape[1])}
    return xr.DataArray(values, {**coords, "region": ["c"]}, ("draw", "year", "region"))


def test_a_straight_line_in_log_odds_goes_on_straight():
    line = 1 / (1 + np.exp(-(0.1 + 0.05 * np.arange(6))))
    found = carried_on(shares([line]), to=2045)
    np.testing.assert_allclose(np.diff(logit(found.values[0, :, 0])), 0.05, atol=1e-12)
    assert found["year"].values[-1] == 2045
    assert np.array_equal(found.values[:, :6], shares([line]).values)


def test_what_reaches_far_enough_is_left_as_it_is():
    far = shares([np.linspace(0.4, 0.6, 6)])
    assert carried_on(far, to=2035) is far


def test_not_by_2050_is_what_is_left():
    """Of two draws one rises 0.05 log odds a year and passes 65 % in 2041; one stands still."""
    rising = 1 / (1 + np.exp(-(0.1 + 0.05 * np.arange(6))))
    paths = carried_on(shares([rising, np.full(6, 0.5)]), to=2050)
    found = first_year_reached(paths, Target("t", "c", 2035, 0.65))
    by_year = dict(zip(found.years, found.probability, strict=True))
    steps = int(np.ceil((logit(0.65) - 0.1) / 0.05))
    assert by_year[2030 + steps] == 0.5
    assert found.not_by == 0.5
    assert sum(found.probability) + found.not_by == 1

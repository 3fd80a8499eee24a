"""The arrays: masks of breaks and vintages, readings, and what is refused."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.special import expit, logit

from qyforecast.census.panel import Panel
from qyforecast.errors import SpecificationError
from qyforecast.inference.design import driver_names, make_design
from qyforecast.inference.readings import READINGS
from qyforecast.inference.spec import ModelSpec
from tests.recovery.simulated import CITY, OWN

REFERENCE = logit(0.45)


def test_vintages_have_the_same_shapes(census: SimpleNamespace, spec: ModelSpec) -> None:
    """One compiled model serves them; what was not known is masked and says nothing."""
    new = make_design(spec, Panel.from_census(census, as_of=2025))
    old = make_design(spec, Panel.from_census(census, as_of=2021))
    assert {k: v.shape for k, v in old.arrays().items()} == {
        k: v.shape for k, v in new.arrays().items()
    }
    assert all(np.isfinite(v).all() for v in old.arrays().values())
    years = np.arange(2001, 2024)
    assert old.valid[years <= 2020].all()
    assert not old.valid[years > 2020].any()
    assert not old.change[years > 2020].any()
    np.testing.assert_array_equal(old.change[:20], new.change[:20])


def test_levels_add_up_to_the_published_shares(panel: Panel, spec: ModelSpec) -> None:
    """Nation and gap give the share of a year; the changes lead from the first to the last."""
    design = make_design(spec, panel)
    published = panel.provinces["urban_share"].transpose("year", "province").values
    first = design.lag[0] + design.nation[0] + REFERENCE
    np.testing.assert_allclose(first + design.change.sum(axis=0), logit(published[-1]), atol=1e-12)
    np.testing.assert_allclose(
        design.lag[7] + design.nation[7] + REFERENCE, logit(published[7]), atol=1e-12
    )
    np.testing.assert_allclose(design.lag.mean(axis=1), 0, atol=1e-12)


def test_nation_is_the_mean_province_and_goes_on_where_none_is_known(
    census: SimpleNamespace, spec: ModelSpec
) -> None:
    """As of 2021 the mean change of 2021 to 2023 is not known: each adds to later levels."""
    design = make_design(spec, Panel.from_census(census, as_of=2021))
    new = make_design(spec, Panel.from_census(census, as_of=2025))
    np.testing.assert_allclose(design.nation[:21], new.nation[:21], atol=1e-12)
    np.testing.assert_allclose(design.nation[21:], design.nation[20])
    assert not new.unheard.any()
    years = np.arange(2001, 2024)
    for row, year in enumerate(years):
        late = np.arange(2000, 2024)[design.unheard[row] > 0].tolist()
        assert late == (list(range(year, 2024)) if year > 2020 else []), year


def test_nation_is_chained_over_provinces_that_are_missing(
    census: SimpleNamespace, spec: ModelSpec
) -> None:
    """A rich province that is not told for a year leaves no step in the mean level."""
    whole = make_design(spec, Panel.from_census(census, as_of=2025))
    rows = census.provinces
    code = rows[(rows["variable"] == "urban_share") & (rows["year"] == 2014)]
    code = code.sort_values("value")["region_code"].iloc[-1]
    hole = (rows["region_code"] == code) & (rows["year"] == 2014)
    census.provinces = rows[~(hole & (rows["variable"] == "urban_share"))]
    holed = make_design(spec, Panel.from_census(census, as_of=2025))
    known = np.arange(31) != sorted(set(rows["region_code"])).index(code)
    level = whole.lag + whole.nation[:-1, None]
    step = (level[14] - level[13])[known].mean()
    assert holed.nation[14] == pytest.approx(whole.nation[13] + step, abs=1e-12)
    jumped = level[14][known].mean()
    assert abs(holed.nation[14] - whole.nation[14]) < 0.2 * abs(jumped - whole.nation[14])


def test_breaks_are_linked_to_neither_side(panel: Panel, spec: ModelSpec) -> None:
    design = make_design(spec, panel)
    years = np.arange(2001, 2024)
    unlinked = [int(y) for y in years[~design.linked.astype(bool).any(axis=1)]]
    assert unlinked == [2001, 2005, 2006, 2010, 2011]
    assert years[design.breaks[:, 0] > 0].tolist() == [2005]
    assert years[design.breaks[:, 1] > 0].tolist() == [2010]
    # The jump makes good, evenly, what the years since the last break were printed too low.
    np.testing.assert_allclose(design.breaks.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(design.breaks[:5, 0], [-0.2] * 4 + [0.8])
    np.testing.assert_allclose(design.breaks[5:10, 1], [-0.2] * 4 + [0.8])
    assert np.count_nonzero(design.breaks) == 10
    assert years[design.early > 0].tolist() == list(range(2001, 2010))
    assert years[design.decade].tolist() == list(range(2011, 2021))


def test_a_hole_masks_both_changes_it_touches(census: SimpleNamespace, spec: ModelSpec) -> None:
    rows = census.provinces
    hole = (rows["region_code"] == "130000") & (rows["year"] == 2014)
    census.provinces = rows[~(hole & (rows["variable"] == "urban_share"))]
    design = make_design(spec, Panel.from_census(census, as_of=2025))
    place = sorted(set(rows["region_code"])).index("130000")
    masked = np.arange(2001, 2024)[design.valid[:, place] == 0]
    assert masked.tolist() == [2014, 2015]
    assert np.arange(2001, 2024)[design.linked[:, place] == 0].tolist()[-3:] == [2014, 2015, 2016]


def test_drivers_are_last_years_shares_less_the_mean_places(panel: Panel, spec: ModelSpec) -> None:
    design = make_design(spec, panel)
    place = driver_names(spec).index("employment tertiary")
    shares, later = (
        panel.provinces["employment"].sel(year=year, sector="tertiary").values
        for year in (2015, 2016)
    )
    apart = shares - sum(shares) / 31
    np.testing.assert_allclose(design.drivers[2016 - 2001, :, place], apart, atol=1e-12)
    moved = later - sum(later) / 31 - apart
    np.testing.assert_allclose(design.driver_changes[15, :, place], moved, atol=1e-12)


def test_counties_count_from_the_mean_county_of_their_own_census(
    panel: Panel, spec: ModelSpec
) -> None:
    """Census employment is another definition than the yearbooks': never beside provinces'."""
    design = make_design(spec, panel)
    jobs = panel.counties["employment"].sel(sector="secondary")
    apart = [
        jobs.sel(census=year).values - float(jobs.sel(census=year).mean()) for year in (2010, 2020)
    ]
    np.testing.assert_allclose(design.county_drivers[:, 0], (apart[0] + apart[1]) / 2, atol=1e-12)
    np.testing.assert_allclose(design.county_driver_changes[:, 0], apart[1] - apart[0], atol=1e-12)
    assert not design.county_driver_changes[:, 2:].any()
    value = panel.counties["value_added"].sel(sector="tertiary").values
    decade = panel.provinces["value_added"].sel(sector="tertiary", year=slice(2010, 2019))
    np.testing.assert_allclose(
        design.county_drivers[:, 3], value - float(decade.mean()), atol=1e-12
    )


def test_readings_say_what_was_published(panel: Panel, spec: ModelSpec) -> None:
    """Between the censuses: the gap to the straight line; after: the gap to the last."""
    design = make_design(spec, panel)
    heard = panel.readings.set_index(["region", "year"])["urban_share"]
    assert list(heard.index) == [(CITY, 2018), (CITY, 2022), (OWN[0], 2023)]
    line = [logit(panel.city_share[year]) for year in (2010, 2020)]
    between = logit(heard[CITY, 2018]) - (0.2 * line[0] + 0.8 * line[1])
    after = logit(heard[CITY, 2022]) - line[1]
    own = panel.counties["urban_share"].sel(county=OWN[0], census=2020)
    county = logit(heard[OWN[0], 2023]) - logit(float(own))
    np.testing.assert_allclose(design.reading[:3], [between, after, county], atol=1e-12)
    assert design.reading_known.tolist() == [1, 1, 1] + [0] * (READINGS - 3)
    assert design.reading_after.tolist()[:3] == [0, 1, 1]
    assert design.reading_years[1:3].tolist() == [2, 3]
    assert design.reading_bridge[0, 0] == pytest.approx(8 * 2 / 10)
    assert not np.delete(design.reading_bridge.ravel(), 0).any()
    assert design.reading_weights[2].tolist() == [1] + [0] * 7


def test_bridge_between_censuses_is_brownian(census: SimpleNamespace, spec: ModelSpec) -> None:
    """Covariance of a Brownian bridge of length 10: s (10 - t) / 10 for s < t."""
    rows = census.series
    census.series.loc[(rows["year"] == 2022) & (rows["variable"] == "urban_share"), "year"] = 2013
    design = make_design(spec, Panel.from_census(census, as_of=2025))
    np.testing.assert_allclose(design.reading_bridge[:2, :2], [[2.1, 0.6], [0.6, 1.6]])


def test_weights_of_the_city_are_the_derivative_of_its_log_odds(
    panel: Panel, spec: ModelSpec
) -> None:
    design = make_design(spec, panel)
    people = panel.residence.sel(year=2020).sum("residence").values
    levels = logit(panel.counties["urban_share"].sel(county=OWN, census=2020).values)

    def city(at: np.ndarray) -> float:
        return float(logit(people @ expit(at) / people.sum()))

    for place, step in enumerate(1e-5 * np.eye(len(OWN))):
        slope = (city(levels + step) - city(levels - step)) / 2e-5
        assert design.reading_weights[0, place] == pytest.approx(slope, rel=1e-6)


def test_driver_without_variation(census: SimpleNamespace, spec: ModelSpec) -> None:
    rows = census.provinces
    rows.loc[rows["variable"].str.startswith("employed_"), "value"] = 100.0
    with pytest.raises(SpecificationError, match="'employment secondary' does not vary") as caught:
        make_design(spec, Panel.from_census(census, as_of=2025))
    assert "leave it out" in str(caught.value)


def test_too_few_changes(census: SimpleNamespace, spec: ModelSpec) -> None:
    rows = census.provinces
    census.provinces = rows[rows["region_code"].isin(["610000", "620000", "640000"])]
    with pytest.raises(SpecificationError, match="too few yearly changes") as caught:
        make_design(spec, Panel.from_census(census, as_of=2025))
    assert "69, at least 100" in str(caught.value)


def test_kind_of_source_without_an_error(panel: Panel, spec: ModelSpec) -> None:
    known = {kind: error for kind, error in spec.measurement.items() if kind != "press"}
    with pytest.raises(
        SpecificationError, match="no measurement error for sources of kind 'press'"
    ):
        make_design(replace(spec, measurement=known), panel)


def test_too_many_readings(panel: Panel, spec: ModelSpec) -> None:
    one = panel.readings.iloc[[0]]
    many = one.loc[one.index.repeat(READINGS + 1)].reset_index(drop=True)
    with pytest.raises(SpecificationError, match=f"more than {READINGS} readings"):
        make_design(spec, replace(panel, readings=many))

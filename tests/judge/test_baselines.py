"""The simple methods give what their closed forms give, on a panel made by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import expit, logit

from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.judge.baselines import (
    Standing,
    city_behind,
    extrapolate,
    newest_standing,
    outside_view,
)

Reading = tuple[str, int, float, str]


def make_panel(
    *readings: Reading, urban: tuple[float, float] = (200.0, 400.0), years: int = 11
) -> Panel:
    """Two own counties of 500 residents, three provinces on known paths, four counties.

    The provinces start at log odds -1, 0 and 1 in 2010 and gain 0.02, 0.05 and 0.08 a year.
    """
    time = np.arange(years)[:, None]
    provinces = expit(np.array([-1.0, 0.0, 1.0]) + np.array([0.02, 0.05, 0.08]) * time)
    labels = {"year": 2010 + time[:, 0], "province": ["a", "b", "c"]}
    counties = np.array([[0.45, 0.50, 0.55, 0.80], [0.55, 0.70, 0.60, 0.99]])
    stock = np.array([[u / 2, 500 - u / 2] for u in urban for _ in range(2)]).reshape(2, 2, 2)
    stock[:, 0] += [[50, -50]]  # the counties differ; the city is their sum
    stock[:, 1] -= [[50, -50]]
    return Panel(
        as_of=2025,
        city="621000",
        province="b",
        provinces=xr.Dataset({"urban_share": (("year", "province"), provinces)}, labels),
        counties=xr.Dataset(
            {"urban_share": (("census", "county"), counties)},
            {"census": [2010, 2020], "county": ["x", "y", "621002", "621021"]},
        ),
        readings=pd.DataFrame(readings, columns=["region", "year", "urban_share", "kind"]),
        residence=xr.DataArray(
            stock,
            {
                "year": [2010, 2020],
                "region": ["621002", "621021"],
                "residence": ["urban", "rural"],
            },
            ("year", "region", "residence"),
        ),
        city_mix=xr.DataArray([]),
    )


def by_name(panel: Panel, *years: int) -> dict[str, list[float]]:
    found = extrapolate(panel, years)
    return {
        name: [one.urban_share for one in found if one.name == name]
        for name in ("persistence", "linear in points", "constant growth difference")
    }


def test_closed_forms_from_two_censuses():
    """20 % in 2010 and 40 % in 2020: two points a year; odds 1/4 and 2/3, times 8/3 a decade."""
    found = by_name(make_panel(), 2030, 2040)
    assert found["persistence"] == [0.4, 0.4]
    assert found["linear in points"] == pytest.approx([0.6, 0.8], abs=1e-12)
    odds = [2 / 3 * 8 / 3, 2 / 3 * (8 / 3) ** 2]
    expected = [o / (1 + o) for o in odds]
    assert found["constant growth difference"] == pytest.approx(expected, abs=1e-12)


def test_growth_difference_is_that_of_urban_and_rural_populations():
    """United Nations: urban and rural numbers each grow at their own constant rate."""
    urban, rural = 400 * (400 / 200) ** 1.5, 600 * (600 / 800) ** 1.5
    (found,) = by_name(make_panel(), 2035)["constant growth difference"]
    assert found == pytest.approx(urban / (urban + rural), abs=1e-12)


def test_the_newest_figure_of_the_city_counts_and_no_other():
    panel = make_panel(
        ("621000", 2015, 0.90, "plan"),  # between the censuses
        ("621000", 2022, 0.44, "bulletin"),
        ("621000", 2024, 0.48, "bulletin"),
        ("621002", 2025, 0.99, "bulletin"),  # a county
    )
    found = by_name(panel, 2034)
    assert found["persistence"] == [0.48]
    assert found["linear in points"] == pytest.approx([0.48 + 10 * 0.02], abs=1e-12)
    slope = (logit(0.48) - logit(0.2)) / 14
    expected = [expit(logit(0.48) + 10 * slope)]
    assert found["constant growth difference"] == pytest.approx(expected, abs=1e-12)


def test_every_method_passes_through_the_newest_figure():
    for shares in by_name(make_panel(("621000", 2023, 0.45, "bulletin")), 2023).values():
        assert shares == pytest.approx([0.45], abs=1e-12)


def test_a_straight_line_ends_at_the_whole_population():
    assert by_name(make_panel(urban=(200.0, 800.0)), 2060)["linear in points"] == [1.0]


def test_a_city_without_a_share_is_refused():
    panel = make_panel(("621000", 2022, float("nan"), "bulletin"))
    with pytest.raises(DataError, match=r"(?s)no urban share.*621000"):
        extrapolate(panel, (2030,))


def test_outside_view_counts_spells_by_hand():
    """From 50 % to 60 % in five years the log odds must gain log(1.5) / 5 = 0.081 a year.

    Of the provinces only b, at log odds 0 to 0.2 in 2010 to 2014, stands within five
    points of a half, and starts six spells of five years of which five lie there; it gains
    0.05 a year. Counties x, y and 621002 do; only y, from 50 % to 70 %, gains enough.
    """
    provinces, counties, _ = outside_view(make_panel(), share=0.5, threshold=0.6, years=5)
    assert provinces.pace == pytest.approx(np.log(1.5) / 5)
    assert (provinces.places, provinces.years) == ("provinces", 5)
    assert (provinces.met, provinces.spells) == (0, 5)
    assert (counties.places, counties.years) == ("counties", 10)
    assert (counties.met, counties.spells) == (1, 3)
    assert counties.share == pytest.approx(1 / 3)


def test_outside_view_needs_no_more_than_the_pace():
    """At a pace just below b's 0.05 a year all its spells are fast enough; just above, none."""
    for pace, met in ((0.0499, 5), (0.0501, 0)):
        bar = float(expit(5 * pace))
        provinces, *_ = outside_view(make_panel(), share=0.5, threshold=bar, years=5)
        assert (provinces.met, provinces.spells) == (met, 5)


def test_outside_view_shortens_spells_that_are_longer_than_the_series():
    """Eleven years leave spells of eight, three of each province; the pace stays as asked."""
    provinces, *_ = outside_view(make_panel(), share=0.5, threshold=0.6, years=15)
    assert provinces.years == 8
    assert provinces.pace == pytest.approx(np.log(1.5) / 15)
    assert (provinces.met, provinces.spells) == (3, 3)


def test_outside_view_leaves_out_spells_with_a_gap():
    panel = make_panel()
    panel.provinces["urban_share"].loc[{"year": 2016, "province": "b"}] = np.nan
    provinces, *_ = outside_view(panel, share=0.5, threshold=0.6, years=5)
    assert provinces.spells == 4


def test_places_as_far_below_the_mean_are_counted_whatever_their_share():
    """Province a begins log odds -1 and stands 23 to 25 points below the mean of the three.

    A city 24 points below the mean province of 2020 has six spells of a to learn from,
    which gained 0.02 a year: enough for a pace just below that, not for one just above.
    """
    panel = make_panel()
    levels = panel.provinces["urban_share"]
    mean = float(levels.sel(year=2020).mean())
    share = mean - 0.24
    assert city_behind(panel, 2020, share) == pytest.approx(0.24)
    gaps = (levels.mean("province") - levels.sel(province="a")).sel(year=slice(2010, 2015))
    for pace, met in ((0.0199, 6), (0.0201, 0)):
        bar = float(expit(logit(share) + 5 * pace))
        *_, far = outside_view(panel, share=share, threshold=bar, years=5)
        assert (far.met, far.spells, far.of) == (met, 6, 1)
        assert far.behind == pytest.approx(float(gaps.mean()))


def test_the_mean_is_of_the_last_year_in_which_most_provinces_are_told():
    panel = make_panel()
    panel.provinces["urban_share"].loc[{"year": 2020, "province": ["a", "b"]}] = np.nan
    mean = float(panel.provinces["urban_share"].sel(year=2019).mean())
    assert city_behind(panel, 2022, 0.4) == pytest.approx(mean - 0.4)


def test_outside_view_without_a_like_place_says_so():
    views = outside_view(make_panel(), share=0.05, threshold=0.2, years=5, about=0.01)
    assert [view.spells for view in views] == [0, 0, 0]
    assert all(np.isnan(view.share) and np.isnan(view.behind) for view in views)


def test_the_newest_standing_is_the_last_reading_of_the_city():
    panel = make_panel(
        ("621000", 2024, 0.45, "bulletin"),
        ("621000", 2022, 0.43, "press"),
        ("621002", 2025, 0.70, "press"),
        ("621000", 2015, 0.30, "plan"),
    )
    assert newest_standing(panel) == Standing(2024, 0.45, "bulletin")


def test_without_later_readings_the_city_stands_where_it_was_counted():
    panel = make_panel(("621000", 2015, 0.9, "plan"))
    assert newest_standing(panel) == Standing(2020, panel.city_share[2020], "census")

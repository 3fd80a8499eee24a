"""Raking meets its margins, keeps odds ratios, and refuses what cannot be met."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from qyforecast.demography.raking import rake, split_residence
from qyforecast.errors import DataError


def table(values, **coords):
    return xr.DataArray(np.asarray(values, float), dims=tuple(coords), coords=coords)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_three_margins_of_a_hidden_table_are_met(seed):
    rng = np.random.default_rng(seed)
    labels = {"a": ["x", "y"], "b": [1, 2, 3], "c": ["p", "q", "r", "s"]}
    truth = table(rng.uniform(0.5, 100, (2, 3, 4)), **labels)
    start = table(rng.uniform(0.5, 2, (2, 3, 4)), **labels)
    margins = [truth.sum("c"), truth.sum("a"), truth.sum(("a", "b"))]
    fitted = rake(start, margins)
    for margin in margins:
        gone = [d for d in truth.dims if d not in margin.dims]
        np.testing.assert_allclose(fitted.sum(gone), margin, rtol=1e-9)


def test_odds_ratio_of_the_seed_is_kept():
    start = table([[1, 2], [3, 10]], row=["a", "b"], col=["c", "d"])
    fitted = rake(start, [table([30, 70], row=["a", "b"]), table([60, 40], col=["c", "d"])]).values
    assert fitted[0, 0] * fitted[1, 1] / (fitted[0, 1] * fitted[1, 0]) == pytest.approx(10 / 6)


def test_published_two_by_two_solution():
    """Equal margins of 0.5 and odds ratio 4: the corner is 1/3 (Mosteller 1968)."""
    start = table([[4, 1], [1, 1]], row=["a", "b"], col=["c", "d"])
    half = [table([0.5, 0.5], row=["a", "b"]), table([0.5, 0.5], col=["c", "d"])]
    assert float(rake(start, half)[0, 0]) == pytest.approx(1 / 3, abs=1e-11)


def test_order_of_labels_does_not_matter():
    start = table([[1, 2], [3, 4]], row=["a", "b"], col=["c", "d"])
    rows, cols = table([30, 70], row=["a", "b"]), table([60, 40], col=["c", "d"])
    turned = rake(start.isel(row=[1, 0]), [cols.isel(col=[1, 0]), rows])
    xr.testing.assert_allclose(turned.sel(row=["a", "b"]), rake(start, [rows, cols]), rtol=1e-10)


def county_case():
    ages, sexes = [0, 5, 10], ["male", "female"]
    age_sex = table([[[30, 20, 10], [25, 20, 0]], [[300, 100, 60], [200, 90, 40]]],
                    region=["1", "2"], sex=sexes, age=ages)  # fmt: skip
    urban = table([[40, 65], [390, 400]], region=["1", "2"], residence=["urban", "rural"])
    standard = table(np.arange(1, 13).reshape(2, 2, 3), residence=["urban", "rural"], sex=sexes,
                     age=ages)  # fmt: skip
    return age_sex, urban, standard


def test_residence_split_has_exact_margins_and_is_marked_estimated():
    age_sex, urban, standard = county_case()
    split = split_residence(age_sex, urban, standard)
    assert split.dims == ("region", "residence", "sex", "age")
    np.testing.assert_allclose(split.sum("residence"), age_sex, rtol=0, atol=1e-9)
    np.testing.assert_allclose(split.sum(("sex", "age")), urban, rtol=1e-9)
    assert (split.sel(region="1", sex="female", age=10) == 0).all()
    assert split.attrs["grade"] == "estimated"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a, u, s: (a, u + 1, s), "margins disagree"),
        (lambda a, u, s: (a.where(a > 0), u, s), "outside its range"),
        (lambda a, u, s: (a, u, s.where(s.sex != "male", 0)), "where the seed has none"),
        (lambda a, u, s: (a, u, s.sel(age=[0, 5])), "different labels"),
        (lambda a, u, s: (a.rename(age="old"), u, s), "dimension the seed lacks"),
    ],
)
def test_bad_input_is_refused(change, words):
    with pytest.raises(DataError, match=words):
        split_residence(*change(*county_case()))


def test_margins_that_zeros_forbid_are_refused():
    start = table([[1, 0], [0, 1]], row=["a", "b"], col=["c", "d"])
    margins = [table([3, 1], row=["a", "b"]), table([1, 3], col=["c", "d"])]
    with pytest.raises(DataError, match="has not met the margins"):
        rake(start, margins, iterations=50)

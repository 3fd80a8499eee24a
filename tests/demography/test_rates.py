"""What rates refuse."""

from dataclasses import replace

import numpy as np
import pytest

from qyforecast.demography.rates import Interventions, Mobility, Rates, Vital
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.errors import RateError
from tests.projection.random_worlds import Maker, Plan, make

PLAN = Plan(seed=1, ages=8)


@pytest.fixture
def rates() -> Rates:
    return make(PLAN)[1]


def test_a_survivorship_above_one_names_its_cell(rates: Rates):
    wrong = rates.vital.survivorship.copy()
    wrong.loc[{"level": "low", "year": 2022, "area": "621001-rural", "sex": "male", "age": 3}] = 1.1
    with pytest.raises(RateError, match=r"(?s)survivorship.*621001-rural.*male.*age 3.*1\.1"):
        replace(rates.vital, survivorship=wrong)


def test_a_hole_is_refused(rates: Rates):
    wrong = rates.vital.fertility.where(rates.vital.fertility["age"] != 4)
    with pytest.raises(RateError, match=r"(?s)fertility.*age 4.*nan"):
        replace(rates.vital, fertility=wrong)


def test_fertility_at_the_youngest_age_is_refused(rates: Rates):
    with pytest.raises(RateError, match="youngest age"):
        replace(rates.vital, fertility=rates.vital.fertility + 0.01)


def test_levels_of_mortality_come_together(rates: Rates):
    with pytest.raises(RateError, match="go together"):
        replace(rates.vital, mortality_level=None)


def test_births_per_thousand_women_are_refused(rates: Rates):
    with pytest.raises(RateError, match="fertility is outside its range 0 to 1"):
        replace(rates.vital, fertility=1000 * rates.vital.fertility)


def test_missing_and_unknown_dimensions_are_named(rates: Rates):
    flat = rates.vital.survivorship.isel(area=0, drop=True)
    with pytest.raises(RateError, match=r"survivorship has dimensions area, sex, age"):
        replace(rates.vital, survivorship=flat)
    twice = rates.vital.fertility.assign_coords(age=[0, 0, *range(2, 8)])
    with pytest.raises(RateError, match="repeats a label along age"):
        replace(rates.vital, fertility=twice)


def test_labels_must_be_there_and_known(rates: Rates):
    with pytest.raises(RateError, match="no labels along age"):
        replace(rates.vital, fertility=rates.vital.fertility.drop_vars("age"))
    with pytest.raises(RateError, match="sex male and female"):
        replace(rates.vital, survivorship=rates.vital.survivorship.assign_coords(sex=["m", "f"]))


def test_arrays_are_read_only_and_apart_from_what_was_given(rates: Rates):
    given = rates.vital.fertility.copy()
    vital = Vital(
        rates.vital.survivorship.sel(level="low", drop=True),
        rates.vital.birth_survivorship.sel(level="low", drop=True),
        given,
    )
    given[...] = 9.0
    assert (vital.fertility.values <= 1).all()
    with pytest.raises(ValueError, match="read-only"):
        vital.fertility.values[...] = 0.0


def test_destination_weights_sum_to_one():
    maker = Maker(PLAN)
    rate = maker.array(0, 0.1, "area", "sex", "age")
    with pytest.raises(RateError, match="sum to one"):
        Mobility(rate, maker.array(0.6, 0.7, "region"))
    with pytest.raises(RateError, match="go together"):
        Mobility(rate)


def test_no_more_are_retained_than_return():
    with pytest.raises(RateError, match="retained"):
        Interventions(retained=Maker(PLAN).array(1.1, 1.2, "year", "region"))


def test_an_urban_share_lies_strictly_inside(rates: Rates):
    share = Maker(PLAN).array(0.4, 0.5, "year", "region")
    share[0, 0] = 1.0
    with pytest.raises(RateError, match="strictly between"):
        UrbanPath(share)
    assert np.isfinite(UrbanPath(0.5 * share).share.values).all()

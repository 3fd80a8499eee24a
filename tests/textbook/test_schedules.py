"""Rogers-Castro schedules against published and independently computed values."""

import numpy as np
import pytest

from qyforecast.demography.schedule_fit import fit_schedule
from qyforecast.demography.schedules import (
    FUNDAMENTAL,
    WESTERN,
    MigrationSchedule,
    read_schedules,
)
from qyforecast.errors import DataError, RateError

AGES = np.arange(101)
DOC = {"a1": 0.09, "alpha1": 0.1, "a2": 0.2, "alpha2": 0.1, "mu2": 21, "lambda2": 0.39}
RETIREMENT = {"a3": 0.001, "alpha3": 1, "mu3": 67, "lambda3": 0.6}


@pytest.mark.parametrize(
    ("parameters", "age", "rate"),
    [
        ({**DOC, "c": 0.003}, 22, 0.104923713258622),
        ({**DOC, "c": 0.003}, 44, 0.0241541795507854),
        ({**DOC, **RETIREMENT, "c": 0.01}, 22, 0.111923713258622),
        ({**DOC, **RETIREMENT, "a4": 0.01, "lambda4": 0.01, "c": 0.01}, 22, 0.124384480564496),
    ],
)
def test_schedules_of_7_11_and_13_parameters(parameters, age, rate):
    """Values computed by rcbayes (Yeung, Alexander and Riffe), commit 8d8aef8."""
    value = MigrationSchedule(**parameters).rates(np.array([age]))
    np.testing.assert_allclose(value, rate, rtol=0, atol=1e-10)


def test_fundamental_schedule():
    """Rogers and Castro (1981) fundamental parameters, values computed by migest."""
    np.testing.assert_allclose(
        FUNDAMENTAL.rates(np.array([0, 20, 23])), [0.023, 0.0277794721350188, 0.0378945746676521],
        rtol=0, atol=1e-10,
    )  # fmt: skip


def test_nine_parameters_add_an_upward_slope():
    """Rogers and Watkins (1987): the nine-parameter schedule adds a3 exp(alpha3 x)."""
    slope = MigrationSchedule(**DOC, a3=0.0005, alpha3=0.04, c=0.003).rates(AGES)
    plain = MigrationSchedule(**DOC, c=0.003).rates(AGES)
    np.testing.assert_allclose(slope - plain, 0.0005 * np.exp(0.04 * AGES), atol=1e-15)


@pytest.mark.parametrize("sex", ["male", "female"])
def test_western_standard_is_the_shipped_one(sex):
    """UN (1992), Preparing Migration Data for Subnational Population Projections."""
    assert read_schedules()["ws", sex] == WESTERN[sex]
    assert read_schedules()["fund", "both"] == FUNDAMENTAL


def test_schedules_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(DataError, match="is not there"):
        read_schedules(tmp_path / "none.csv")
    (tmp_path / "short.csv").write_text("schedule_abb,sex,param\nws,male,a1\n")
    with pytest.raises(DataError, match="column value is missing"):
        read_schedules(tmp_path / "short.csv")
    (tmp_path / "half.csv").write_text("schedule_abb,sex,param,value\nws,male,a1,0.1\n")
    with pytest.raises(RateError, match="none of the schedules"):
        read_schedules(tmp_path / "half.csv")


@pytest.mark.parametrize(
    ("truth", "start"),
    [
        (MigrationSchedule(**DOC, c=0.003), FUNDAMENTAL),
        (WESTERN["female"], FUNDAMENTAL),
        (
            MigrationSchedule(**DOC, a3=0.0005, alpha3=0.04, c=0.003),
            MigrationSchedule(**FUNDAMENTAL.parameters, a3=0.001, alpha3=0.02),
        ),
        (
            MigrationSchedule(**DOC, a3=0.01, alpha3=0.5, mu3=62, lambda3=0.5, c=0.01),
            MigrationSchedule(**FUNDAMENTAL.parameters, a3=0.01, alpha3=0.3, mu3=60, lambda3=0.4),
        ),
    ],
)
def test_a_fit_finds_the_curve_it_was_given(truth, start):
    rates = truth.rates(AGES)
    found = fit_schedule(AGES, rates, start=start)
    np.testing.assert_allclose(found.rates(AGES), rates, rtol=0, atol=1e-6 * rates.max())


def test_a_fit_to_noise_stays_near_the_truth():
    rng = np.random.default_rng(5)
    truth = WESTERN["male"].rates(AGES)
    noisy = truth * np.exp(rng.normal(0, 0.1, AGES.size))
    found = fit_schedule(AGES, noisy)
    assert abs(found.mu2 - 20.04) < 1.0
    assert np.abs(found.rates(AGES) - truth).mean() < 0.05 * truth.mean()


def test_level_of_a_fit_follows_the_level_of_the_rates():
    rates = WESTERN["male"].rates(AGES)
    one, ten = fit_schedule(AGES, rates), fit_schedule(AGES, 10 * rates)
    np.testing.assert_allclose(10 * one.rates(AGES), ten.rates(AGES), rtol=1e-6)


@pytest.mark.parametrize("rates", [np.zeros(101), np.full(101, -1.0), np.full(101, np.nan)])
def test_rates_that_are_not_rates_are_refused(rates):
    with pytest.raises(RateError, match="finite, non-negative"):
        fit_schedule(AGES, rates)


def test_too_few_rates_are_refused():
    with pytest.raises(RateError, match="at least 7"):
        fit_schedule(AGES[:5], np.ones(5))


def test_half_a_retirement_bell_is_refused():
    with pytest.raises(RateError, match="none of the schedules"):
        MigrationSchedule(**DOC, c=0.003, a3=0.1)


@pytest.mark.parametrize("parameters", [7, 9, 11, 13])
@pytest.mark.parametrize("ages", [np.arange(101), np.arange(2.5, 100, 5)], ids=["single", "five"])
def test_a_family_named_by_its_parameters_is_recovered(parameters, ages):
    truth = {
        7: MigrationSchedule(**DOC, c=0.003),
        9: MigrationSchedule(**DOC, a3=0.0005, alpha3=0.04, c=0.003),
        11: MigrationSchedule(**DOC, a3=0.02, alpha3=0.5, mu3=62, lambda3=0.6, c=0.01),
        13: MigrationSchedule(
            **DOC, a3=0.02, alpha3=0.5, mu3=62, lambda3=0.6, a4=0.01, lambda4=0.01, c=0.01
        ),
    }[parameters]
    found = fit_schedule(ages, truth.rates(ages), start=parameters)
    assert len(found.parameters) == parameters
    np.testing.assert_allclose(found.rates(ages), truth.rates(ages), rtol=1e-6)


@pytest.mark.parametrize(
    ("keywords", "says"),
    [
        ({"start": 8}, "7, 9, 11 or 13 parameters\n  found: 8"),
        ({"bounds": {"mu": (15, 25)}}, "did you mean 'mu2'"),
        ({"weights": np.ones(3)}, "one age and one weight"),
        ({"weights": np.zeros(101)}, "weights are non-negative"),
        ({"weights": np.full(101, np.nan)}, "weights are non-negative"),
    ],
)
def test_a_fit_that_makes_no_sense_is_refused(keywords, says):
    with pytest.raises(RateError, match=says):
        fit_schedule(AGES, WESTERN["male"].rates(AGES), **keywords)

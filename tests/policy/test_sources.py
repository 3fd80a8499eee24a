"""Mixing draws: what belongs to which source, and what must stay together."""

import numpy as np
import pytest

from qyforecast.policy.attribution import split_variance
from qyforecast.policy.glance import run, shares_of
from qyforecast.policy.sources import GROUPS, LEVERS, mix, some_draws, spread_draws
from tests.policy.conftest import DRAWS, SEED

OWN = np.arange(DRAWS)
OTHER = np.roll(OWN, 7)


def picks(**changed):
    return dict.fromkeys(GROUPS, OWN) | {name.replace("_", " "): p for name, p in changed.items()}


def test_own_draws_are_the_same_futures(future, library):
    again = mix(future, picks())
    one, two = (
        shares_of(run(f, library["layout"], seed=SEED, to=2030), future.city)[0].values
        for f in (future, again)
    )
    np.testing.assert_allclose(one, two, atol=1e-14)


@pytest.mark.parametrize("group", [group for group in GROUPS if group != LEVERS])
def test_a_group_is_taken_from_other_draws_alone(group, future):
    mixed = mix(future, dict.fromkeys(GROUPS, OWN) | {group: OTHER})
    parts = {
        "coefficients": lambda f: f.course.slope,
        "shocks": lambda f: f.course.shocks,
        "covariate paths": lambda f: f.drivers.employment.values,
        "fertility": lambda f: f.rates.vital.fertility_scale.values,
        "mortality": lambda f: f.rates.vital.mortality_level.values,
        "migration": lambda f: f.rates.migration.departure_scale.values,
    }
    for name, part in parts.items():
        expected = part(future)[OTHER if name == group else OWN]
        np.testing.assert_allclose(part(mixed), expected, atol=1e-12)


def test_some_draws_are_the_same_futures_levers_too(future, library):
    chosen = spread_draws(DRAWS, 20)
    whole = shares_of(run(future, library["settling-in"], seed=SEED, to=2030), future.city)[0]
    few = some_draws(future, chosen)
    part = run(few, library["settling-in"], seed=SEED, to=2030, order=chosen)
    np.testing.assert_allclose(
        shares_of(part, future.city)[0].values, whole.values[chosen], atol=1e-12
    )


def test_variance_is_split_and_the_course_makes_most_of_it(future, library, by_2035):
    found = split_variance(future, library["settling-in"], by_2035, seed=SEED, draws=DRAWS)
    indices = {index.group: index for index in found}
    assert list(indices) == list(GROUPS)
    # The toy course's lasting pace: sd 0.01 x 15 years against 0.02 x sqrt(15) by county.
    assert indices["coefficients"].total > 0.5
    assert indices["mortality"].total < 0.05
    assert all(0.7 < index.mixed_variance < 1.3 for index in found)
    assert LEVERS not in {
        i.group for i in split_variance(future, library["baseline"], by_2035, seed=SEED, draws=40)
    }

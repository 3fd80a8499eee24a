"""Sobol indices of functions whose indices are known."""

import numpy as np
import pytest

from qyforecast.decide.sobol import grouped_sobol
from qyforecast.errors import DataError

DRAWS = 8000


def on_draws(function, inputs):
    """Run a function of named groups, each on the draws picked for it."""

    def run(picks):
        return function(**{name: values[picks[name]] for name, values in inputs.items()})

    return run


def test_indices_of_ishigami():
    """S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437 at a = 7, b = 0.1.

    Ishigami and Homma (1990); Saltelli et al. (2000), *Sensitivity Analysis*, ch. 2.
    """
    rng = np.random.default_rng(3)
    inputs = {name: rng.uniform(-np.pi, np.pi, DRAWS) for name in "xyz"}
    run = on_draws(lambda x, y, z: np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x), inputs)
    found = grouped_sobol(run, list("xyz"), draws=DRAWS, seed=2)
    for index, first, total in zip(
        found, (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437), strict=True
    ):
        assert abs(index.first - first) < 4 * index.first_error
        assert abs(index.total - total) < 4 * index.total_error + 0.01
        assert index.first_error < 0.04
        assert index.mixed_variance == pytest.approx(1, abs=0.05)


def test_groups_of_a_sum_split_its_variance():
    """A sum of independent groups: each index is the group's part of the variance."""
    rng = np.random.default_rng(4)
    pair = rng.normal(size=(DRAWS, 2)) * [1.0, 2.0]
    inputs = {"pair": pair, "single": rng.normal(size=DRAWS) * 3, "idle": rng.normal(size=DRAWS)}
    run = on_draws(lambda pair, single, idle: pair.sum(axis=1) + single + 0 * idle, inputs)
    found = {i.group: i for i in grouped_sobol(run, list(inputs), draws=DRAWS, seed=2)}
    for group, part in (("pair", 5 / 14), ("single", 9 / 14)):
        assert abs(found[group].first - part) < 4 * found[group].first_error
        assert abs(found[group].total - part) < 4 * found[group].total_error
    assert found["idle"].total == 0
    assert found["idle"].first == 0


def test_groups_that_hang_together_are_seen():
    """Where groups are not independent, mixed draws have another spread: planted fault."""
    x = np.random.default_rng(5).normal(size=DRAWS)
    run = on_draws(lambda one, other: one + other, {"one": x, "other": -0.9 * x})
    found = grouped_sobol(run, ["one", "other"], draws=DRAWS, seed=2)
    assert min(index.mixed_variance for index in found) > 10


@pytest.mark.parametrize("value", [1.0, np.nan])
def test_no_variance_is_not_split(value):
    with pytest.raises(DataError, match="only where there is one"):
        grouped_sobol(lambda _: np.full(10, value), ["a"], draws=10, seed=1)

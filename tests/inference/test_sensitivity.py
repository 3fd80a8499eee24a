"""Power scaling flags a prior that decides, and leaves one that does not."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from qyforecast.inference.priors import FAMILIES, Prior, sample_prior
from qyforecast.inference.sensitivity import log_density, power_scaling


def conjugate(prior_sd: float, observed: float, error: float) -> tuple[xr.Dataset, ...]:
    """Draw the posterior of a normal mean under a normal prior about 0."""
    precision = 1 / prior_sd**2 + 1 / error**2
    mean, sd = observed / error**2 / precision, precision**-0.5
    draws = np.random.default_rng(7).normal(mean, sd, (4, 1000))

    def by_chain(name: str, values: np.ndarray) -> xr.Dataset:
        return xr.Dataset({name: (("chain", "draw"), values)})

    prior = log_density(Prior("normal", {"mean": 0.0, "sd": prior_sd}, "planted"), draws)
    likelihood = stats.norm.logpdf(draws, observed, error)
    return by_chain("mu", draws), by_chain("prior", prior), by_chain("data", likelihood)


def distances(*world: xr.Dataset) -> dict[str, float]:
    table = power_scaling(*world)
    return dict(zip(table["kind"].tolist(), table["distance"].tolist(), strict=True))


def test_a_prior_that_decides_is_flagged_and_a_wide_one_is_not() -> None:
    deciding = power_scaling(*conjugate(0.1, observed=1.0, error=0.2)).set_index("kind")
    assert deciding.loc["prior", "sensitive"]
    wide = power_scaling(*conjugate(50.0, observed=1.0, error=0.2)).set_index("kind")
    assert not wide.loc["prior", "sensitive"]
    assert wide.loc["likelihood", "sensitive"]


def test_the_nearer_prior_and_data_the_smaller_the_distance() -> None:
    far, near = (distances(*conjugate(0.2, at, 0.2))["prior"] for at in (2.0, 0.2))
    assert near < far / 2


@pytest.mark.parametrize("family", FAMILIES)
def test_densities_are_those_that_are_sampled(family: str) -> None:
    """The mean of 1 / density over draws between two bounds is their distance."""
    given = {"mean": 0.4, "sd": 0.3, "median": 0.5, "sigma": 0.6, "a": 3.0, "b": 2.0}
    given |= {"shape": 3.0, "rate": 4.0}
    prior = Prior(family, {key: given[key] for key in FAMILIES[family]}, "any")
    draws = sample_prior(prior, 200_000, np.random.default_rng(3))
    inside = (draws > 0.3) & (draws < 0.7)
    length = (inside * np.exp(-log_density(prior, draws))).mean()
    assert length == pytest.approx(0.4, rel=0.02)

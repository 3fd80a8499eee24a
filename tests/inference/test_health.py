"""A fit that did not converge is refused, with the parameter named."""

import numpy as np
import pytest
import xarray as xr

from qyforecast.errors import UnhealthyFit
from qyforecast.inference.health import check_health, diagnose

GATE = {"rhat": 1.01, "ess": 400.0, "divergences": 0.0, "bfmi": 0.3}
HEALTHY = {
    "rhat": 1.004,
    "rhat_at": "pace",
    "ess_bulk": 900.0,
    "ess_bulk_at": "year_pace[3]",
    "ess_tail": 800.0,
    "ess_tail_at": "jump[0]",
    "divergences": 0,
    "bfmi": 0.8,
}


def test_healthy_fit_passes() -> None:
    check_health(HEALTHY, GATE, draws=4000)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rhat": 1.02}, ["R-hat of pace", "1.02, at most 1.01", "raise tune"]),
        ({"rhat": np.nan}, ["R-hat of pace", "nan"]),
        ({"ess_bulk": 399.0}, ["bulk effective sample size of year_pace[3]", "at least 400"]),
        ({"ess_tail": 10.0}, ["tail effective sample size of jump[0]", "10, at least 400"]),
        ({"divergences": 1}, ["diverged", "1 divergent"]),
        ({"bfmi": 0.2}, ["energies", "E-BFMI 0.2", "0.3"]),
        ({"bfmi": np.nan}, ["energies", "nan"]),
    ],
)
def test_each_limit_refuses(change: dict, words: list[str]) -> None:
    with pytest.raises(UnhealthyFit) as caught:
        check_health(HEALTHY | change, GATE, draws=4000)
    for word in words:
        assert word in str(caught.value)


def test_short_runs_need_a_tenth_of_their_draws() -> None:
    check_health(HEALTHY | {"ess_bulk": 101.0}, GATE, draws=1000)
    with pytest.raises(UnhealthyFit, match="at least 100"):
        check_health(HEALTHY | {"ess_bulk": 99.0}, GATE, draws=1000)


def sampled(**changes: np.ndarray) -> xr.DataTree:
    """Independent draws, 4 chains of 500, but for what is changed."""
    rng = np.random.default_rng(3)
    good = rng.standard_normal((4, 500))
    posterior = {"good": good, "also": rng.standard_normal((4, 500))} | changes
    stats = {
        "diverging": np.zeros((4, 500), dtype=bool),
        "energy": rng.standard_normal((4, 500)),
    }
    coords = {"chain": range(4), "draw": range(500)}
    named = {
        group: xr.Dataset(
            {
                k: (("chain", "draw", *(f"{k}_{i}" for i in range(v.ndim - 2))), v)
                for k, v in d.items()
            },
            coords=coords,
        )
        for group, d in (("posterior", posterior), ("sample_stats", stats))
    }
    return xr.DataTree.from_dict(named)


def test_diagnosis_of_independent_draws() -> None:
    health = diagnose(sampled(), GATE)
    assert health["rhat"] < 1.02
    assert health["ess_bulk"] > 1500
    assert health["divergences"] == 0
    # Independent energies: the mean squared step is twice the variance.
    assert health["bfmi"] == pytest.approx(2, abs=0.3)


def test_diagnosis_names_the_chain_that_went_elsewhere() -> None:
    rng = np.random.default_rng(4)
    apart = rng.standard_normal((4, 500, 3))
    apart[2, :, 1] += 5
    health = diagnose(sampled(apart=apart), GATE)
    assert health["rhat_at"] == health["ess_bulk_at"] == "apart[1]"
    assert health["rhat"] > 1.5


def test_diagnosis_names_what_is_not_a_number() -> None:
    broken = np.random.default_rng(4).standard_normal((4, 500, 2))
    broken[1, 7, 1] = np.nan
    health = diagnose(sampled(broken=broken), GATE)
    assert health["rhat_at"] == "broken[1]"
    assert not np.isfinite(health["rhat"])
    with pytest.raises(UnhealthyFit, match=r"broken\[1\]"):
        check_health(health, GATE, draws=2000)

"""One small country for all tests of this folder, and posteriors made by hand."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest

from qyforecast.census.panel import Panel
from qyforecast.inference.posterior import Posterior
from qyforecast.inference.spec import ModelSpec, read_spec
from tests.inference.by_hand import make_posterior
from tests.recovery.simulated import Truth, simulate

Maker = Callable[..., Posterior]


@pytest.fixture(scope="session")
def spec(checkout) -> ModelSpec:
    return read_spec(checkout / "models" / "urbanization" / "spec.yaml")


@pytest.fixture(scope="session")
def _census() -> SimpleNamespace:
    return simulate(Truth(), 3).census


@pytest.fixture
def census(_census: SimpleNamespace) -> SimpleNamespace:
    """Give a copy that a test may spoil."""
    copies = {k: v.copy() if hasattr(v, "copy") else v for k, v in vars(_census).items()}
    return SimpleNamespace(**copies)


@pytest.fixture
def panel(census: SimpleNamespace) -> Panel:
    return Panel.from_census(census, as_of=2025)


@pytest.fixture
def by_hand(spec: ModelSpec) -> Maker:
    """Make posteriors whose every draw is the same, except what is given."""
    return partial(make_posterior, spec)

"""The made-up country, projected once and shared by the tests of this folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from qyforecast.census.census import Census, read_census
from qyforecast.census.panel import Panel
from qyforecast.country.runners import Runner
from qyforecast.country.shelf import load_ground
from qyforecast.inference.mixture import Mixture, alone
from qyforecast.inference.spec import ModelSpec, read_spec
from qyforecast.report.country import CountryOutcome, CountryRequest, produce_country
from qyforecast.report.request import Request
from tests.country.made_up import write_country
from tests.inference.by_hand import make_posterior

DRAWS, TO = 400, 2024


@pytest.fixture(scope="session")
def census() -> Census:
    return read_census()


@pytest.fixture(scope="session")
def spec(checkout: Path) -> ModelSpec:
    return read_spec(checkout / "models" / "urbanization" / "spec.yaml")


@pytest.fixture(scope="session")
def panel(census: Census) -> Panel:
    return Panel.from_census(census, as_of=2022)


@pytest.fixture(scope="session")
def learned(spec: ModelSpec, panel: Panel) -> Mixture:
    return alone(make_posterior(spec, panel, DRAWS))


@pytest.fixture(scope="session")
def asked(tmp_path_factory: pytest.TempPathFactory) -> CountryRequest:
    folder = tmp_path_factory.mktemp("country")
    ask = Request(out=folder / "result", as_of=("2022",), to=TO, draws=DRAWS, seed=5)
    return CountryRequest(write_country(folder), ask, Runner(workers=2), "float64")


@pytest.fixture(scope="session")
def outcome(asked: CountryRequest, learned: Mixture) -> CountryOutcome:
    return produce_country(asked, learned=learned)


@pytest.fixture(scope="session")
def ground(outcome: CountryOutcome, asked: CountryRequest):
    assert outcome.manifest["blocks_run"] == 6
    return load_ground(asked.shelf)


@pytest.fixture
def elsewhere(asked: CountryRequest, tmp_path: Path) -> CountryRequest:
    """Ask the same with results in another folder."""
    return replace(asked, forecast=replace(asked.forecast, out=tmp_path / "result"))

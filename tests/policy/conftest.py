"""The city's people and drivers as they are, with a simple course: no fit is needed."""

from dataclasses import dataclass

import numpy as np
import pytest
import xarray as xr
from scipy.special import expit, logit

from qyforecast.census.census import Census, read_census
from qyforecast.census.drivers import Drivers
from qyforecast.census.estimates import estimate_rates
from qyforecast.census.panel import Panel
from qyforecast.decide.target_files import read_targets
from qyforecast.decide.targets import Target
from qyforecast.demography.paths import draw_rates
from qyforecast.demography.urban_path import UrbanPath
from qyforecast.forecast import Future
from qyforecast.inference.futures import draw_drivers
from qyforecast.provenance import shipped_folder
from qyforecast.scenario.files import read_scenarios
from qyforecast.scenario.ground import Ground
from qyforecast.scenario.scenario import Scenario

DRAWS, SEED = 80, 5


@dataclass(frozen=True)
class ToyCourse:
    """A course of another type: what is not called shocks comes from the coefficients."""

    start: np.ndarray
    slope: np.ndarray
    pace: np.ndarray
    shocks: np.ndarray


@dataclass(frozen=True)
class ToyFuture(Future):
    """Log odds that grow by a pace, more of it where services employ more."""

    def path(self, drivers: Drivers) -> UrbanPath:
        services = drivers.employment.sel(sector="tertiary").values[:, 1:]
        change = self.course.pace + self.course.shocks + self.course.slope * (services - 0.35)
        change = change + drivers.pace.values[:, 1:]
        share = expit(self.course.start + np.cumsum(change, axis=1))
        coords = {"draw": np.arange(len(share)), "year": list(drivers.years[1:])}
        coords["region"] = list(drivers.regions)
        return UrbanPath(xr.DataArray(share, coords=coords, dims=("draw", "year", "region")))


@pytest.fixture(scope="session")
def census() -> Census:
    return read_census()


@pytest.fixture(scope="session")
def future(census: Census) -> ToyFuture:
    """Give eighty draws as of 2021."""
    panel = Panel.from_census(census, as_of=2021)
    drivers = draw_drivers(census, panel, to=2035, draws=DRAWS, seed=SEED)
    base = estimate_rates(census, as_of=2021)
    rates = draw_rates(base, years=drivers.years[1:], draws=DRAWS, seed=SEED)
    persons = census.residence.sel(year=2020)
    start = logit((persons.sel(residence="urban") / persons.sum("residence")).values)
    rng = np.random.default_rng(SEED)
    lasting = 0.055 + 0.01 * rng.standard_normal((DRAWS, 1, 1))
    shocks = 0.02 * rng.standard_normal((DRAWS, 15, len(start)))
    slope = rng.normal(0.03, 0.01, (DRAWS, 1, 1))
    course = ToyCourse(start, slope, lasting, shocks)
    return ToyFuture(2021, census.city, base, drivers, rates, course, None)


@pytest.fixture(scope="session")
def library(census: Census) -> dict[str, Scenario]:
    folder = shipped_folder("scenarios")
    return dict(read_scenarios(folder, regions=census.regions, ground=Ground.of(census)))


@pytest.fixture(scope="session")
def targets(census: Census) -> list[Target]:
    path = shipped_folder("scenarios") / "targets.yaml"
    return list(read_targets(path, regions=(census.city, *census.regions)))


@pytest.fixture(scope="session")
def by_2035(targets: list[Target], census: Census) -> Target:
    """Give the strict target of the city for 2035."""
    return next(t for t in targets if t.region == census.city and t.name == "2035-at-least-65")

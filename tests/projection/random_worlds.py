"""Random small worlds, every kind of rate in them, for laws that hold in all."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from hypothesis import strategies as st

from qyforecast.demography.population import Population, area_coordinates
from qyforecast.demography.rates import Interventions, Migration, Mobility, Rates, Vital
from qyforecast.demography.urban_path import UrbanPath

SEXES = ["male", "female"]


@dataclass(frozen=True)
class Plan:
    """What a random world is to have."""

    seed: int
    draws: int = 3
    years: int = 3
    regions: int = 2
    ages: int = 7
    width: int = 1
    split: bool = True
    levels: bool = True
    yearly: bool = True
    departures: bool = True
    leaving: bool = True
    coupled: bool = True
    intervened: bool = True


plans = st.builds(
    Plan,
    seed=st.integers(0, 2**32 - 1),
    draws=st.integers(1, 3),
    years=st.integers(1, 4),
    regions=st.integers(1, 3),
    ages=st.integers(2, 12),
    width=st.sampled_from([1, 5]),
    split=st.booleans(),
    levels=st.booleans(),
    yearly=st.booleans(),
    departures=st.booleans(),
    leaving=st.booleans(),
    coupled=st.booleans(),
    intervened=st.booleans(),
)


class Maker:
    """Draws labelled arrays for one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.rng = plan, np.random.default_rng(plan.seed)
        self.regions = [f"62100{i}" for i in range(plan.regions)]
        kinds = ("urban", "rural") if plan.split else ("all",)
        self.places = area_coordinates(self.regions, kinds)
        width = plan.width
        self.labels = {
            "draw": list(range(plan.draws)),
            "year": [2020 + width * (t + 1) for t in range(plan.years)],
            "region": self.regions,
            "sex": SEXES,
            "age": [width * a for a in range(plan.ages)],
            "level": ["low", "high"],
        }

    def array(self, low: float, high: float, *dims: str) -> xr.DataArray:
        """Draw uniform numbers with labels."""
        sizes = [len(self.places["area"][1]) if d == "area" else len(self.labels[d]) for d in dims]
        coords: dict = {dim: self.labels[dim] for dim in dims if dim != "area"}
        if "area" in dims:
            coords |= self.places
        return xr.DataArray(self.rng.uniform(low, high, sizes), coords, dims)

    def schedule(self, low: float, high: float, *dims: str) -> xr.DataArray:
        """Draw a schedule by area, sex and age, by year if the plan says so."""
        years = ("year",) if self.plan.yearly else ()
        return self.array(low, high, *years, *dims)


def make(plan: Plan) -> tuple[Population, Rates, UrbanPath | None]:
    """Make a population, rates and perhaps an urban path."""
    maker = Maker(plan)
    population = Population(maker.array(400, 1000, "draw", "area", "sex", "age"), 2020)
    mobility, done, path = None, None, None
    if plan.split or (plan.leaving and plan.regions > 1):
        mobility = _mobility(maker)
    if plan.split and plan.intervened:
        done = _interventions(maker)
    if plan.split and plan.coupled:
        path = UrbanPath(maker.array(0.47, 0.53, "draw", "year", "region"))
    return population, Rates(_vital(maker), _migration(maker), mobility, done), path


def _vital(maker: Maker) -> Vital:
    """Draw survival and childbearing."""
    levels = ("level",) if maker.plan.levels else ()
    fertility = maker.schedule(0.02, 0.1, "area", "age")
    return Vital(
        maker.schedule(0.9, 1, *levels, "area", "sex", "age"),
        maker.schedule(0.9, 1, *levels, "area", "sex"),
        fertility.where(fertility["age"] > 0, 0.0),
        maker.schedule(1.0, 1.1),
        maker.array(0, 1, "draw", "year") if levels else None,
        maker.array(0.5, 1.5, "draw", "year", "region"),
    )


def _migration(maker: Maker) -> Migration:
    """Draw external migration."""
    departures = maker.schedule(0, 0.03, "area", "sex", "age") if maker.plan.departures else None
    arrivals = maker.schedule(-0.5, 10, "area", "sex", "age")
    return Migration(
        # A year's few newborn could not bear a net loss.
        arrivals.where(arrivals["age"] > 0, abs(arrivals)),
        departures,
        maker.array(0, 2, "draw", "year", "region"),
        maker.array(0, 2, "draw", "year", "region") if departures is not None else None,
    )


def _mobility(maker: Maker) -> Mobility:
    """Draw moves inside the city."""
    fields: dict[str, xr.DataArray] = {}
    if maker.plan.leaving and maker.plan.regions > 1:
        weights = maker.array(0.1, 1, "region")
        fields["leaving_rate"] = maker.schedule(0, 0.02, "area", "sex", "age")
        fields["destination"] = weights / weights.sum()
        fields["leaving_scale"] = maker.array(0, 2, "draw", "year")
    if maker.plan.split:
        fields["moving_propensity"] = maker.array(0.03, 0.06, "sex", "age")
        fields["return_rate"] = maker.array(0.01, 0.03, "sex", "age")
        fields["family_propensity"] = maker.array(0.1, 1, "sex", "age")
        fields["return_scale"] = maker.array(0.5, 1.5, "draw", "year", "region")
        if not maker.plan.coupled:
            fields["moving_scale"] = maker.array(0.5, 1.5, "draw", "year", "region")
    return Mobility(**fields)


def _interventions(maker: Maker) -> Interventions:
    """Draw what is done about people, of either sign."""
    return Interventions(
        maker.array(-0.5, 0.9, "draw", "year", "region"),
        maker.array(-0.3, 0.3, "draw", "year", "region"),
        maker.array(-20, 20, "draw", "year", "region"),
        maker.array(-50, 50, "draw", "year", "region"),
    )

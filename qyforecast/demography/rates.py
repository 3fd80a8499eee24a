"""Rates: what happens to people in a year, by area, sex and age.

Schedules (by age) are shared by all draws; what differs between draws is a few
scalars per year, and per region where it makes sense, that move them. So
thousands of draws need little memory, and a lever moves a rate by one number.

Every flow carries the year at whose end its step ends. Rates and counts are
over one step, as wide as the age groups: a year for single ages. Fertility
alone is always per woman and year.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from qyforecast.demography.labelled import check_rate
from qyforecast.errors import RateError

_SCHEDULE = "year? area sex age"
_BY_REGION = "draw? year? region"


def _check_fields(noun: object, fields: Mapping[str, tuple[str, float, float]]) -> None:
    """Check the arrays of a noun: field to (dimensions, ``?`` if optional; lowest; highest)."""
    for field, (dims, low, high) in fields.items():
        values = getattr(noun, field)
        if values is not None:
            required = [dim for dim in dims.split() if not dim.endswith("?")]
            optional = [dim[:-1] for dim in dims.split() if dim.endswith("?")]
            name = field.replace("_", " ")
            checked = check_rate(name, values, required, optional, (low, high))
            object.__setattr__(noun, field, checked)


@dataclass(frozen=True)
class Vital:
    """Survival and childbearing.

    Attributes
    ----------
    survivorship : DataArray
        Share of an age that is alive a step later, ``([year,] [level,] area, sex,
        age)``; that of the open age is of its own members. [1]
    birth_survivorship : DataArray
        Share of the newborn alive at the end of the step, ``([year,] [level,]
        area, sex)``. [1]
    fertility : DataArray
        Births per woman and year, ``([year,] area, age)``; zero outside the fertile
        ages and at the youngest. [1 / year]
    sex_ratio_at_birth : float or DataArray
        Boys per girl, ``([year])``. [1]
    mortality_level : DataArray, optional
        ``(draw, year)`` in 0 to 1: survivorship is ``(1 - w) low + w high``. [1]
    fertility_scale : DataArray, optional
        ``(draw, year, region)``, a factor on fertility. [1]
    """

    survivorship: xr.DataArray
    birth_survivorship: xr.DataArray
    fertility: xr.DataArray
    sex_ratio_at_birth: float | xr.DataArray = 1.05
    mortality_level: xr.DataArray | None = None
    fertility_scale: xr.DataArray | None = None

    def __post_init__(self) -> None:
        fields = {
            "survivorship": ("level? " + _SCHEDULE, 0, 1),
            "birth_survivorship": ("level? year? area sex", 0, 1),
            "fertility": ("year? area age", 0, 1),
            "mortality_level": ("draw? year?", 0, 1),
            "fertility_scale": (_BY_REGION, 0, np.inf),
        }
        _check_fields(self, fields)
        ratio = xr.DataArray(self.sex_ratio_at_birth)
        check_rate("sex ratio at birth", ratio, (), ("year",), (0.8, 1.5))
        youngest = self.fertility.sel(age=self.fertility["age"].min())
        if youngest.values.any():
            raise RateError("fertility at the youngest age must be zero")
        has_levels = ["level" in s.dims for s in (self.survivorship, self.birth_survivorship)]
        if set(has_levels) != {self.mortality_level is not None}:
            raise RateError(
                "a mortality level and survivorship by level go together",
                cure="give all three of mortality_level, survivorship and birth_survivorship"
                " by level low and high, or none of them",
            )


@dataclass(frozen=True)
class Migration:
    """Migration between the regions and the world outside them.

    Attributes
    ----------
    arrivals : DataArray
        People who come over a step, ``([year,] area, sex, age)``; negative where it
        holds net counts. [person]
    departure_rate : DataArray, optional
        Share of the stock that leaves over a step, same dimensions. [1]
    arrivals_scale, departure_scale : DataArray, optional
        ``(draw, year, region)``, factors on the two. [1]
    net_rate : DataArray, optional
        Arrivals less departures over a step as a share of the stock at the *start of the
        step*, whenever in it they join; negative where people leave; same dimensions as
        `arrivals`, to which they are added, and scaled like them. [1]
    """

    arrivals: xr.DataArray
    departure_rate: xr.DataArray | None = None
    arrivals_scale: xr.DataArray | None = None
    departure_scale: xr.DataArray | None = None
    net_rate: xr.DataArray | None = None

    def __post_init__(self) -> None:
        fields = {
            "arrivals": (_SCHEDULE, -np.inf, np.inf),
            "departure_rate": (_SCHEDULE, 0, 1),
            "arrivals_scale": (_BY_REGION, 0, np.inf),
            "departure_scale": (_BY_REGION, 0, np.inf),
            "net_rate": (_SCHEDULE, -1, np.inf),
        }
        _check_fields(self, fields)


@dataclass(frozen=True)
class Mobility:
    """Moves inside the city: between its regions, and between village and town.

    Each is optional: nobody makes a move that has no rate.

    Attributes
    ----------
    leaving_rate : DataArray, optional
        Share of the stock that moves to another region over a step, ``([year,] area,
        sex, age)``; they arrive in its urban part. [1]
    destination : DataArray, optional
        Pull of each region, ``(region,)``, positive, sum one: leavers of region i go
        to region j by ``w_j / (1 - w_i)``. [1]
    moving_propensity : DataArray, optional
        Sexes and ages of those who move from the rural to the urban part of their
        region, ``(sex, age)``. With an urban path only its shape counts; without one it
        is the share that moves over a step. [1]
    return_rate : DataArray, optional
        Share of urban residents who go back over a step, ``(sex, age)``. [1]
    family_propensity : DataArray, optional
        Sexes and ages of those who follow a mover, ``(sex, age)``. [1]
    leaving_scale : DataArray, optional
        ``(draw, year)``, a factor on the leaving rate. [1]
    return_scale, moving_scale : DataArray, optional
        ``(draw, year, region)``, factors on return and (without a path) moving. [1]
    """

    leaving_rate: xr.DataArray | None = None
    destination: xr.DataArray | None = None
    moving_propensity: xr.DataArray | None = None
    return_rate: xr.DataArray | None = None
    family_propensity: xr.DataArray | None = None
    leaving_scale: xr.DataArray | None = None
    return_scale: xr.DataArray | None = None
    moving_scale: xr.DataArray | None = None

    def __post_init__(self) -> None:
        fields = {
            "leaving_rate": (_SCHEDULE, 0, 1),
            "destination": ("region", 0, 1),
            "moving_propensity": ("sex age", 0, 1),
            "return_rate": ("sex age", 0, 1),
            "family_propensity": ("sex age", 0, 1),
            "leaving_scale": ("draw? year?", 0, np.inf),
            "return_scale": (_BY_REGION, 0, np.inf),
            "moving_scale": (_BY_REGION, 0, np.inf),
        }
        _check_fields(self, fields)
        if (self.leaving_rate is None) != (self.destination is None):
            raise RateError("a leaving rate and destination weights go together")
        if self.destination is not None:
            weights = self.destination.values
            if not (weights > 0).all() or abs(weights.sum() - 1) > 1e-9:
                raise RateError(
                    "destination weights are positive and sum to one", found=f"{weights}"
                )


@dataclass(frozen=True)
class Interventions:
    """What is done about people; each ``(draw, year, region)``, nothing where None.

    Attributes
    ----------
    retained : DataArray, optional
        Share of those returning to the village who stay; at most 1, negative where
        more go. [1]
    followers : DataArray, optional
        Family members who come with each mover; negative: who go back. [1]
    extra_movers : DataArray, optional
        Movers from rural to urban added over a step; negative: fewer. [person]
    reclassified : DataArray, optional
        Rural residents whose place becomes urban, nobody moves; negative: urban
        residents whose place becomes rural. [person]
    """

    retained: xr.DataArray | None = None
    followers: xr.DataArray | None = None
    extra_movers: xr.DataArray | None = None
    reclassified: xr.DataArray | None = None

    def __post_init__(self) -> None:
        fields = {
            "retained": (_BY_REGION, -np.inf, 1),
            "followers": (_BY_REGION, -np.inf, np.inf),
            "extra_movers": (_BY_REGION, -np.inf, np.inf),
            "reclassified": (_BY_REGION, -np.inf, np.inf),
        }
        _check_fields(self, fields)


@dataclass(frozen=True)
class Rates:
    """All that moves a population.

    Attributes
    ----------
    vital : Vital
        Survival and childbearing.
    migration : Migration, optional
        To and from outside; none where None.
    mobility : Mobility, optional
        Inside the city; none where None.
    interventions : Interventions, optional
        What is done about people; nothing where None.
    """

    vital: Vital
    migration: Migration | None = None
    mobility: Mobility | None = None
    interventions: Interventions | None = None

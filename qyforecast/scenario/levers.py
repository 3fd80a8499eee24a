"""The closed set of levers. A new one is added here, and nowhere else."""

from collections.abc import Mapping
from types import MappingProxyType

from qyforecast.scenario.economy import Jobs, Pace, ValueAdded
from qyforecast.scenario.housing import Homes, HomesCap
from qyforecast.scenario.interventions import Family, Reclassification, Return
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.people import Coming, Fertility, Leaving, Mortality

_ALL: tuple[type[Lever], ...] = (
    Jobs,
    ValueAdded,
    Pace,
    Return,
    Family,
    Leaving,
    Coming,
    Reclassification,
    Homes,
    HomesCap,
    Fertility,
    Mortality,
)

#: Kind, as written in a scenario file, and its class.
LEVERS: Mapping[str, type[Lever]] = MappingProxyType({lever.kind: lever for lever in _ALL})

"""What a scenario file is held against: places, years, and how many people there are."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from qyforecast.census.census import Census
from qyforecast.errors import ScenarioError
from qyforecast.scenario.lever import Lever

#: Ages of those who can take a job.
WORKING_AGES = (15, 64)


@dataclass(frozen=True)
class Ground:
    """Where and when levers can act, and on how many people.

    Attributes
    ----------
    regions : tuple of str
        Region codes that may be named.
    base_year : int
        Last year before the future; levers start later.
    rural, working_age : mapping of str to float
        Rural residents and residents aged 15 to 64 of each region at the end of the base
        year; empty where they are not known. [person]
    """

    regions: tuple[str, ...]
    base_year: int = 2020
    rural: Mapping[str, float] = field(default_factory=dict)
    working_age: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, census: Census) -> "Ground":
        """Take it from a census.

        Parameters
        ----------
        census : Census
            What was counted.

        Returns
        -------
        Ground
            As of the last census.
        """
        year, first, last = census.years[-1], *WORKING_AGES
        rural = census.residence.sel(year=year, residence="rural")
        persons = census.age_sex.sel(year=year).sum("sex")
        working = persons.sel(age=(persons["age"] >= first) & (persons["age"] <= last)).sum("age")
        return cls(
            census.regions,
            year,
            {code: float(rural.sel(region=code)) for code in census.regions},
            {code: float(working.sel(region=code)) for code in census.regions},
        )

    def check(self, lever: Lever) -> None:
        """Refuse an effect that asks for more people than there are.

        Parameters
        ----------
        lever : Lever
            Its 95 % value is compared with each place's people of the base year.

        Raises
        ------
        ScenarioError
            Names lever and region.
        """
        rules = {
            "jobs": (self.working_age, "a lever makes more jobs than people of working age"),
            "reclassification": (self.rural, "a lever reclassifies more people than live there"),
            "homes": (self.rural, "a lever houses more people than live in the villages"),
        }
        people, what = rules.get(lever.kind, ({}, ""))
        for region, part in zip(self.regions, lever.parts(self.regions), strict=True):
            most = part * lever.effect.high
            if most > people.get(region, float("inf")):
                raise ScenarioError(
                    what,
                    where=f"lever {lever.name}, region {region}",
                    found=f"high {most:,.0f} of {people[region]:,.0f} persons in {self.base_year}",
                    cure="look at the unit (person), and at the parts of places",
                )

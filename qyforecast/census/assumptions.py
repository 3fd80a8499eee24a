"""Judged numbers of the rates: what no publication says, each with its reason."""

from dataclasses import dataclass, fields

from qyforecast.demography.rate_evidence import RateEvidence
from qyforecast.provenance import Evidence


@dataclass(frozen=True)
class Assumptions:
    """Numbers that rest on judgement; change them by `dataclasses.replace`.

    Attributes
    ----------
    deaths_weight : float
        Weight of the published death rate against published life expectancy when
        census deaths are scaled up.
    e0_sd, e0_yearly_sd : float
        Uncertainty of life expectancy in the base year, and of a year's shock. [year]
    e0_gains : tuple of float
        Gains of life expectancy between which survivorship is interpolated. [year]
    sex_ratio_at_birth : float
        Boys per girl.
    national_long_run, long_run_sd : float
        Long-run total fertility of China, and the standard deviation of its log.
    fertility_sd, fertility_persistence, fertility_known_sd, fertility_county_sd : float
        Course of the log of fertility about it, error of a known year, lasting
        deviation of a county.
    children_share : float
        Of the children under ten who would have moved with their mothers, those who did.
    rural_departure, urban_arrival : float
        Departure rate of rural over urban residents; arrivals per resident in the urban over
        the rural part.
    total_sd : float
        Relative error of a published year-end total.
    county_migration_sd : float
        Lasting deviation of a county's external migration, log.
    inside_share : float
        Share from inside the city among those registered in another county of the
        province.
    leaving_sd : float
        Standard deviation of the log of moves between counties.
    return_rate, return_bell : float
        Share of urban residents who go back to the village in a year at any age, and in
        addition about age 60. [1 / year]
    return_sd : float
        Standard deviation of the log of the return rate.
    """

    deaths_weight: float = 0.5
    e0_sd: float = 0.8
    e0_yearly_sd: float = 0.2
    e0_gains: tuple[float, float] = (-4.5, 9.0)
    sex_ratio_at_birth: float = 1.11
    national_long_run: float = 1.3
    long_run_sd: float = 0.18
    fertility_sd: float = 0.12
    fertility_persistence: float = 0.8
    fertility_known_sd: float = 0.03
    fertility_county_sd: float = 0.05
    children_share: float = 0.3
    rural_departure: float = 1.5
    urban_arrival: float = 1.5
    total_sd: float = 0.0025
    county_migration_sd: float = 0.1
    inside_share: float = 0.75
    leaving_sd: float = 0.35
    return_rate: float = 0.008
    return_bell: float = 0.008
    return_sd: float = 0.4

    def evidence(self) -> tuple[RateEvidence, ...]:
        """Table of the judged numbers.

        Returns
        -------
        tuple of RateEvidence
            One line for each field.
        """
        return tuple(
            RateEvidence(f.name, "city", str(getattr(self, f.name)),
                         Evidence("judgement", REASONS[f.name]))
            for f in fields(self)
        )  # fmt: skip


REASONS = {
    "deaths_weight": "China 2020: life expectancy 77.93 asks for 1.46 times the census deaths, "
    "the death rate 7.07 per mille for 1.25 times (life expectancy 79.5); half way, 78.7",
    "e0_sd": "life expectancy half way between the two figures is 0.8 years from each",
    "e0_yearly_sd": "gives an 80 % half-width of about 1 year after 15 years",
    "e0_gains": "every one of some thousand draws stays between them to 2040",
    "sex_ratio_at_birth": "ages 0-4 of the worked case in 2020: 1.11; UN WPP 2019 has "
    "1.11 for 2020-25",
    "national_long_run": "long form of the 2020 census 1.29; UN WPP 2019 China 1.73 in 2030-35, "
    "half a child less in its low variant",
    "long_run_sd": "80 % from 1.03 to 1.64: holds the UN low variant; its medium lies above",
    "fertility_sd": "log fertility of the worked case by year 2011-2020 has a spread of 0.10",
    "fertility_persistence": "the nation's birth rate fell in each year from 2017 to 2020",
    "fertility_known_sd": "birth rates of the province carried to the city",
    "fertility_county_sd": "births of 2020 over 2016-2020 in the worked case's counties spread by "
    "0.05 (log)",
    "children_share": "in the worked case the cohort of 0-4 in 2010 lost hardly anybody by 2020 "
    "while women of its mothers' ages left: children stay with grandparents",
    "rural_departure": "the worked case's plan says farm workers leave for other places; no count "
    "by residence",
    "urban_arrival": "students, workers and families come to town; those who retire to villages",
    "total_sd": "totals between censuses rest on a sample survey; no error is published",
    "county_migration_sd": "one decade of residuals for each county and hardly any yearly "
    "totals: nothing to pool how they last from; a tenth",
    "inside_share": "not published: from 0.6 to 0.9 of those registered in another county of "
    "the province are taken to come from inside the city, neighbours being near",
    "leaving_sd": "covers the range of the share from inside the city and turnover",
    "return_rate": "the worked case's plan: earn in the city, age in the village; no count",
    "return_bell": "the worked case's plan: earn in the city, age in the village; no count",
    "return_sd": "90 % from half to twice the median",
}

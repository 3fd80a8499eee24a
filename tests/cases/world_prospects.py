"""The United Nations' projection of a country, from the United Nations' own inputs."""

from functools import cache, partial
from pathlib import Path

import numpy as np

import qyforecast as qf
from qyforecast.projection.projection import Projection
from tests.cases.case import Case, by_age, relative

SEXES = {"female": "F", "male": "M"}


@cache
def _projection(folder: Path) -> tuple[Projection, dict[str, dict[tuple[str, ...], np.ndarray]]]:
    """Project 2020-2100, and give the published people by sex and year."""
    periods = [(f"{year}-{year + 5}",) for year in range(2020, 2100, 5)]

    def read(name: str, value: str) -> np.ndarray:
        table = by_age(folder / name, ("period",), age="age0", value=value)
        return np.stack([table[period] for period in periods])

    labels = qf.Labels(ages=range(0, 105, 5), years=range(2025, 2105, 5))
    ages = (0, 1, *range(5, 105, 5))
    survivorship = {
        sex: qf.five_year_survivorship(
            qf.life_table(
                read("mx5.csv", f"mx{letter}"),
                ages,
                sex,
                ax="greville-open",
                infant="coale-demeny",
            )
        )
        for sex, letter in SEXES.items()
    }
    fertility = np.zeros((16, 21))
    fertility[:, 3:10] = read("pasfr5.csv", "pasfr") / 100 * read("tfr5.csv", "tfr") / 5
    vital = labels.vital(survivorship, fertility, read("srb5.csv", "srb").ravel())
    people = {
        sex: by_age(folder / "pop_age5.csv", ("year",), age="age0", value=f"pop{letter}")
        for sex, letter in SEXES.items()
    }
    start = labels.population({sex: people[sex]["2020",] for sex in SEXES}, year=2020)
    migrants = by_age(
        folder / "netmig_age5_DERIVED.csv",
        ("sex", "period"),
        age="age0",
        value="net_mig_thousand",
    )
    net = {
        sex: np.stack([migrants[letter, *period] for period in periods])
        for sex, letter in SEXES.items()
    }
    rates = qf.Rates(vital, labels.migration(net))
    # Migrants join at the end of five years and are among the mothers there.
    timing = qf.Timing(at_start=0.0, bearing=True)
    return qf.project(start, rates, to=2100, timing=timing, keep="ages"), people


def _difference(year: int, below: int, cases: Path) -> float:
    found, people = _projection(cases / "wpp2019_china")
    one = found.ages.sel(year=year).squeeze(drop=True)
    wanted = {sex: people[sex][str(year),] for sex in SEXES}
    if not below:
        return relative(one.sum(), sum(n.sum() for n in wanted.values()))
    ages = range(0, below, 5)
    return max(relative(one.sel(sex=s, age=list(ages)), wanted[s][: len(ages)]) for s in SEXES)


CASES = [
    Case(
        *("wpp2019_china", f"China 2020-2100: {year}, {what}"),
        *("UN World Population Prospects 2019", "relative", 1e-4),
        partial(_difference, year, below),
    )
    for year in (2025, 2050, 2100)
    for what, below in (("total", 0), ("every age under 80", 80))
]

"""A first census that was not given, brought back from the last: estimated, and never heard."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from qyforecast.census.open_counts import ADDITIVE, INDUSTRIES, shared_out
from qyforecast.census.open_layout import age_column
from qyforecast.vocabulary import CENSUS_AGES, SEXES

#: Residents registered elsewhere, 261.39 million in 2010 and 492.76 million in 2020
#: (National Bureau of Statistics, census communiques of 2011 no. 1 and 2021 no. 7). [1]
_MIGRANTS = 261.39 / 492.76
_OLDEST = CENSUS_AGES[-1]


def brought_back(
    counts: pd.DataFrame,
    standard: Mapping[int, pd.DataFrame],
    jobs: Mapping[int, Mapping[str, float]],
) -> pd.DataFrame:
    """Estimate places ten years before a census from that census.

    Each cohort had as many more members as the standard's then had, so deaths and net
    migration are the standard's; urban shares lay as far below, in log odds, as the
    standard's; shares of sectors changed as in the province's yearbook; residents registered
    elsewhere grew as in the nation.

    Parameters
    ----------
    counts : DataFrame
        Places at the last census, see `additive_counts`.
    standard : mapping of int to DataFrame
        Rows of ``age_residence`` of province or nation at the two censuses, ten years apart.
    jobs : mapping of int to mapping
        Shares of sectors in the yearbook by census year; unchanged where a year lacks. [1]

    Returns
    -------
    DataFrame
        The same places ten years before, whole persons; ``registered``, ``births`` and
        ``deaths`` missing.
    """
    before, after = (standard[year] for year in sorted(standard))
    ages = pd.DataFrame(
        {
            age_column(sex, age): column
            for sex in SEXES
            for age, column in _cohorts(counts, before, after, sex).items()
        }
    ).round()
    found = pd.DataFrame(np.nan, index=counts.index, columns=list(ADDITIVE))
    found[list(ages.columns)] = ages
    for sex in SEXES:
        found[sex] = ages[[age_column(sex, age) for age in CENSUS_AGES]].sum(axis=1)
    found["population"] = found["male"] + found["female"]
    now = counts["urban"] / counts["population"]
    odds = now / (1 - now) * _odds(before) / _odds(after)
    found["urban"] = (found["population"] * odds / (1 + odds)).round()
    found["rural"] = found["population"] - found["urban"]
    for name in ("own_county", "same_province", "other_province"):
        found[name] = (_MIGRANTS * counts[name]).round()
    growth = found["population"] / counts["population"]
    found[list(INDUSTRIES)] = _jobs(counts, growth, [jobs[year] for year in sorted(jobs)])
    found["schooling"] = counts["schooling"] * growth
    return found


def _cohorts(
    counts: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, sex: str
) -> dict[int, pd.Series]:
    then, now = (
        table[table["sex"] == sex].groupby("age")["population"].sum() for table in (before, after)
    )
    then, now = (_closed(side) for side in (then, now))
    found = {}
    for age in CENSUS_AGES:
        # Children of 0 and of 1 to 4 are those of 10 to 14 now; of 75 and over, those of 85.
        target = min(10 if age < 5 else age + 10, _OLDEST)
        found[age] = counts[age_column(sex, target)] * then[age] / now[target]
    return found


def _closed(persons: pd.Series) -> pd.Series:
    """Put the oldest together, as county tables have them."""
    young = persons[persons.index < _OLDEST]
    return pd.concat([young, pd.Series({_OLDEST: persons[persons.index >= _OLDEST].sum()})])


def _odds(table: pd.DataFrame) -> float:
    rural = table["residence"] == "rural"
    persons = table["population"]
    return float(persons[~rural].sum() / persons[rural].sum())


def _jobs(
    counts: pd.DataFrame, growth: pd.Series, yearbook: list[Mapping[str, float]]
) -> np.ndarray:
    table = counts[list(INDUSTRIES)].astype(float)
    if len(yearbook) == 2:
        for industry, sector in INDUSTRIES.items():
            table[industry] *= yearbook[0][sector] / yearbook[1][sector]
    total = (counts[list(INDUSTRIES)].sum(axis=1) * growth).round()
    return shared_out(table.to_numpy(), total.to_numpy())

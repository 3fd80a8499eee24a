"""Projections that others published or computed, from plain arrays through `project`."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr
from scipy.linalg import expm

import qyforecast as qf
from qyforecast.projection.projection import Projection
from tests.cases.case import Case, absolute, by_age, columns, numbers, relative

SEXES = ("female", "male")
POP_RECONSTRUCT = qf.Timing(at_start=0.5, bearing=False)


def _compared(ages: xr.DataArray, wanted: dict[tuple[str, ...], np.ndarray]) -> float:
    """Compare by (year, sex)."""
    return max(
        relative(ages.sel(year=int(year), sex=sex).squeeze(drop=True), persons)
        for (year, sex), persons in wanted.items()
    )


def _sweden(timing: str, cases: Path) -> Projection:
    table = columns(cases / "ccm_preston_sweden" / "sweden_1993_1998.csv")
    c = {name: numbers(texts) for name, texts in table.items() if "" not in texts}
    labels = qf.Labels(ages=range(0, 90, 5))
    start = labels.population({"female": c["pop_f"], "male": c["pop_m"]}, year=1993)
    survivorship = {
        sex: qf.Survivorship.by_age_reached(c[f"survratio_{sex[0]}"], labels.ages) for sex in SEXES
    }
    migrants = {sex: c[f"net_mig_count_{sex[0]}"] for sex in SEXES}
    rates = qf.Rates(labels.vital(survivorship, c["asfr_f"]), labels.migration(migrants))
    return qf.project(start, rates, to=1998, timing=timing, keep="ages")


def _sweden_printed(cases: Path) -> float:
    found = np.rint(_sweden("even", cases).ages.sel(year=1998).squeeze(drop=True))
    table = columns(cases / "ccm_preston_sweden" / "sweden_1993_1998.csv")
    return max(
        absolute(found.sel(sex=s), numbers(table[f"expected_pop_{s[0]}_1998"])) for s in SEXES
    )


def _sweden_run(timing: str, cases: Path) -> float:
    found = _sweden(timing, cases)
    table = columns(cases / "ccm_preston_sweden" / f"ccmppWPP_run_mig_{timing}.csv")
    wanted = {("1998", s): numbers(table[f"pop_count_age_{s[0]}_end"]) for s in SEXES}
    births = relative(found.flows["births"].sum(), numbers(table["birth_count_age_b"]).sum())
    deaths = max(
        relative(
            found.flows["deaths"].sel(sex=s).sum(),
            numbers(table[f"death_count_cohort_{s[0]}"]).sum(),
        )
        for s in SEXES
    )
    return max(_compared(found.ages, wanted), births, deaths)


def _thailand(scenario: str, variable: str, cases: Path) -> float:
    folder = cases / "ccm_thailand_two_sex"
    given = by_age(
        folder / "inputs_long.csv", ("variable", "sex", "time"), age="age_start", value="value"
    )
    periods = [str(year) for year in range(1960, 2000, 5)]

    def yearly(name: str, sex: str) -> np.ndarray:
        return np.stack([given[name, sex, period] for period in periods])

    labels = qf.Labels(ages=range(0, 85, 5), years=range(1965, 2005, 5))
    start = labels.population({s: given["baseline_pop", s, "1960"] for s in SEXES}, year=1960)
    survivorship = {
        s: qf.Survivorship.by_age_reached(yearly("survival_proportion", s), labels.ages)
        for s in SEXES
    }
    vital = labels.vital(survivorship, yearly("asfr", "female"), yearly("srb", "both").ravel())
    migration = labels.migration(net_rate={s: 5 * yearly(variable, s) for s in SEXES})
    found = qf.project(start, qf.Rates(vital, migration), to=2000, keep="ages")
    table = by_age(
        folder / "expected_projection.csv",
        ("scenario", "time", "sex"),
        age="age_start",
        value="value",
    )
    wanted = {key[1:]: persons for key, persons in table.items() if key[0] == scenario}
    return _compared(found.ages, wanted)


def _burkina_faso(cases: Path) -> float:
    folder = cases / "ccm_burkina_faso"
    given = by_age(folder / "inputs_long.csv", ("variable", "time"), age="age_start", value="value")
    periods = [str(year) for year in range(1960, 2005, 5)]
    asfr, survival, shares = (
        np.stack([given[name, period] for period in periods])
        for name in ("asfr", "survival_proportion", "net_migration_proportion")
    )
    labels = qf.Labels(range(0, 85, 5), years=range(1965, 2010, 5), sexes=("female",))
    start = labels.population({"female": given["baseline_pop", "1960"]}, year=1960)
    women = qf.Survivorship.by_age_reached(survival, labels.ages)
    rates = qf.Rates(
        labels.vital({"female": women}, asfr), labels.migration(net_rate={"female": shares})
    )
    found = qf.project(start, rates, to=2005, timing=POP_RECONSTRUCT, keep="ages")
    table = by_age(
        folder / "expected_projection.csv", ("variable", "time"), age="age_start", value="value"
    )
    return _compared(found.ages, {(year, "female"): n for (_, year), n in table.items()})


def _leslie(cases: Path) -> float:
    """One woman of each age is a region: projected, they are the columns of the matrix.

    The printed first row gives the mothers of the end of the step the survival of the age
    *after* theirs (its subdiagonal has it right): that one survival is put back here.
    """
    case = json.loads((cases / "ccm_burkina_faso" / "leslie_matrix_case.json").read_text())
    wanted, survival = np.array(case["leslie"]), np.array(case["surv"])
    size = len(wanted)
    births = np.zeros(size + 1)
    births[3:10] = case["asfr_15_49"]
    newborn = 5 / (1 + case["srb"]) * survival[0] / 2
    later = np.append(survival[2:], 0.0)[:size]
    wanted[0] += newborn * births[1:] * (survival[1:] - later)
    labels = qf.Labels(
        range(0, 5 * size, 5), regions=[str(i) for i in range(size)], sexes=SEXES[:1]
    )
    women = qf.Survivorship.by_age_reached(survival, labels.ages)
    vital = labels.vital({"female": women}, births[:size], case["srb"])
    start = labels.population({"female": np.eye(size)}, year=1960)
    found = qf.project(start, qf.Rates(vital), to=1965, keep="ages")
    return absolute(found.ages.sel(year=1965, sex="female").squeeze(drop=True), wanted.T)


def _canada(timing: str, cases: Path) -> float:
    folder = cases / "ccm_unpd_canada_1x1"
    given = by_age(
        folder / "inputs_long.csv.gz",
        ("variable", "sex", "time_start"),
        age="age_start",
        value="value",
    )

    def yearly(name: str, sex: str) -> np.ndarray:
        return np.stack([given[name, sex, str(year)] for year in range(1950, 2020)])

    labels = qf.Labels(ages=range(101), years=range(1951, 2021))
    start = labels.population({s: given["pop_base", s, "1950"] for s in SEXES}, year=1950)
    survivorship = {
        s: qf.Survivorship.by_age_reached(yearly("survival_ratio", s), labels.ages) for s in SEXES
    }
    vital = labels.vital(survivorship, yearly("asfr", "female"), yearly("srb", "both").ravel())
    migration = labels.migration({s: yearly("net_migration_count", s) for s in SEXES})
    found = qf.project(start, qf.Rates(vital, migration), to=2020, timing=timing, keep="ages")
    wanted = by_age(
        folder / f"expected_pop_mig_{timing}.csv.gz", ("year", "sex"), age="age", value="value"
    )
    return _compared(found.ages, wanted)


def _two_states(ages_told: bool, cases: Path) -> float:
    case = json.loads((cases / "multistate" / "analytic_two_state.json").read_text())
    growth = [case["natural_increase_urban"], case["natural_increase_rural"]]
    moves = [[0, case["urban_to_rural_rate"]], [case["rural_to_urban_rate"], 0]]
    times = [row["t"] for row in case["solution"]]
    wanted = np.array([[row["urban"], row["rural"]] for row in case["solution"]])
    if not ages_told:
        return relative(qf.project_states(case["x0"], growth, moves, times), wanted)
    # A year of the continuous model is a growth of each place, then a redistribution.
    matrix = np.array(moves, float).T + np.diag(growth - np.sum(moves, axis=1))
    year = expm(matrix)
    factor = year.sum(axis=0)
    labels = qf.Labels(ages=(0, 1), residences=("urban", "rural"))
    # Children make 1.5 % a year; survival makes the rest, the same for both ages.
    alive = np.stack([factor, factor - 0.015], axis=-1) / 1.015
    live = qf.Survivorship(np.array(labels.ages), 1, np.ones(2), alive)
    vital = labels.vital({"female": live, "male": live}, np.array([0, 0.06]), 1.0)
    share = year / factor
    mobility = labels.mobility(dict.fromkeys(SEXES, share[0, 1]), dict.fromkeys(SEXES, share[1, 0]))
    persons = np.repeat(np.array(case["x0"])[:, None] / 4, 2, axis=-1)
    start = labels.population({"female": persons, "male": persons}, year=0)
    found = qf.project(start, qf.Rates(vital, mobility=mobility), to=max(times))
    return relative(found.totals.sum("sex").sel(year=times).squeeze("draw"), wanted)


_RUN = "UN ccmppWPP"
CASES = [
    Case(
        *("ccm_preston_sweden", "Sweden 1993-98, rounded to persons"),
        *("Preston et al. (2001), box 6.2", "persons", 0.0),
        _sweden_printed,
    ),
    *(
        Case(
            *("ccm_preston_sweden", f"Sweden 1993-98, migrants {timing}: people, births, deaths"),
            *(_RUN, "relative", 1e-6),
            partial(_sweden_run, timing),
        )
        for timing in ("even", "end")
    ),
    *(
        Case(
            *("ccm_thailand_two_sex", f"Thailand 1960-2000, {scenario.replace('_', ' ')}"),
            *("CCMPP (Wheldon)", "relative", 1e-6),
            partial(_thailand, scenario, variable),
        )
        for scenario, variable in (
            ("zero_migration", "net_migration_proportion"),
            ("synthetic_migration", "net_migration_proportion_synthetic"),
        )
    ),
    Case(
        *("ccm_burkina_faso", "Burkina Faso, women 1960-2005"),
        *("popReconstruct", "relative", 1e-6),
        _burkina_faso,
    ),
    Case(
        *("ccm_burkina_faso", "its Leslie matrix (one survival of the first row put right)"),
        *("ccmpp.tmb", "share", 1e-12),
        _leslie,
    ),
    *(
        Case(
            *("ccm_unpd_canada_1x1", f"Canada 1950-2020 by single ages, migrants {timing}"),
            *(f"{_RUN} on WPP 2019", "relative", 1e-6),
            partial(_canada, timing),
        )
        for timing in ("even", "end")
    ),
    Case(
        *("multistate", "two states, continuous", "closed form", "relative", 1e-12),
        partial(_two_states, False),
    ),
    Case(
        *("multistate", "two states as yearly accounts", "closed form", "relative", 1e-12),
        partial(_two_states, True),
    ),
]

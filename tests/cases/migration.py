"""Migration schedules and residual migration that others published or computed."""

import json
from functools import partial
from pathlib import Path

import numpy as np

import qyforecast as qf
from tests.cases.case import Case, absolute, columns, numbers

_FOLDER, _NET = "migration_age_schedules", "net_migration_residual"


def _curve(name: str, cases: Path) -> float:
    folder = cases / _FOLDER
    parameters = json.loads((folder / "rogers_castro_parameters.json").read_text())[name]
    wanted = numbers(columns(folder / "rogers_castro_mx_0_100.csv")[name])
    return absolute(qf.MigrationSchedule(**parameters).rates(np.arange(101)), wanted)


def _parameters(cases: Path) -> float:
    """Compare every parameter of every schedule that is published."""
    schedules = qf.read_schedules()
    table = columns(cases / _FOLDER / "rc_model_un_parameters.csv")
    keys = zip(table["schedule_abb"], table["sex"], table["param"], strict=True)
    found = [schedules[short, sex].parameters[name] for short, sex, name in keys]
    table |= {"fund": columns(cases / _FOLDER / "rc_model_fundamental_parameters.csv")["value"]}
    fundamental = list(schedules["fund", "both"].parameters.values())
    return max(
        absolute(found, numbers(table["value"])), absolute(fundamental, numbers(table["fund"]))
    )


def _fit(name: str, start: tuple[str, str], cases: Path) -> float:
    """Fit a schedule to the curve that others computed, from other parameters."""
    wanted = numbers(columns(cases / _FOLDER / "rogers_castro_mx_0_100.csv")[name])
    fitted = qf.fit_schedule(np.arange(101), wanted, start=qf.read_schedules()[start])
    return absolute(fitted.rates(np.arange(101)), wanted)


def _beers(cases: Path) -> float:
    table = columns(cases / _FOLDER / "beers_modified_80x16.csv")
    return absolute(qf.beers_matrix(16), np.stack([numbers(c) for c in table.values()], axis=-1))


def _residual(name: str, names: tuple[str, str, str], cases: Path) -> float:
    table = columns(cases / _NET / name)
    before, after, survival = (numbers(table[column]) for column in names)
    return max(
        absolute(
            qf.net_migration(before, after, survival, method=method),
            numbers(table[f"net_{method}"]),
        )
        for method in ("forward", "reverse", "average")
    )


CASES = [
    *(
        Case(
            *(_FOLDER, f"Rogers-Castro, {count} parameters, ages 0-100", by, "rate", 1e-10),
            partial(_curve, name),
        )
        for name, count, by in (
            ("doc7", 7, "rcbayes"),
            ("doc11", 11, "rcbayes"),
            ("doc13", 13, "rcbayes"),
            ("fund", "fundamental", "migest"),
        )
    ),
    Case(
        *(_FOLDER, "parameters of 13 published schedules", "UN (1992), migest", "rate", 1e-10),
        _parameters,
    ),
    Case(
        *(_FOLDER, "7 parameters fitted to a curve", "rcbayes", "rate", 1e-6),
        partial(_fit, "doc7", ("fund", "both")),
    ),
    Case(_FOLDER, "Beers modified, 80 by 16", "DemoTools", "coefficient", 1e-10, _beers),
    Case(
        *(_NET, "Bombay 1941-51, three methods", "UN (1984), table 24", "persons", 1e-5),
        partial(
            _residual,
            "bombay_1941_1951_UNmanual1984_table24.csv",
            ("pop_1941", "pop_1951", "sr"),
        ),
    ),
    Case(
        *(_NET, "Alabama 1960-70, three methods", "Bogue et al. (1982)", "persons", 1e-5),
        partial(
            _residual,
            "alabama_white_male_1960_1970_Bogue1982.csv",
            ("pop_1960", "pop_1970", "us_census_sr"),
        ),
    ),
]

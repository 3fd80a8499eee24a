"""Results made by hand, as commands would leave them: charts are tested without runs."""

import json
from importlib.metadata import version
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.census.census import Census
from qyforecast.inference.effects import QUANTILES
from qyforecast.policy.sources import GROUPS
from qyforecast.provenance import file_sha256, shipped_folder
from qyforecast.report.demography_tables import GROUPS as AGES
from qyforecast.report.figures.regression import SHOWN
from qyforecast.report.tables import age_labels

SCENARIOS = ("baseline", "settling-in", "my-own")
VINTAGES = (2021, 2025)
YEARS = range(2020, 2036)
TARGETS = {"2025-at-least-50": 0.5, "2035-at-least-65": 0.65, "2035-about-65": 0.64}
FLOWS = ("births", "rural_to_urban", "urban_to_rural", "intercounty_in", "intercounty_out")


def write_hand_made(results: Path, model: Path, census: Census) -> None:
    """Write every table that charts are drawn from.

    Parameters
    ----------
    results : Path
        Folder of results.
    model : Path
        Folder of a model.
    census : Census
        Its regions.
    """
    places = (census.city, *census.regions)
    tables = _latest(places) | _compared(census.city) | _others(census)
    for name, table in tables.items():
        path = model if name.startswith("model/") else results / name.partition("/")[0]
        path.mkdir(parents=True, exist_ok=True)
        table.to_csv(path / f"{name.partition('/')[2]}.csv", index=False)
    for folder, manifest in _manifests(census).items():
        (results / folder / "manifest.json").write_text(json.dumps(manifest))


def _manifests(census: Census) -> dict[str, dict]:
    """How results were made: as the commands would write it, as far as it is read."""
    files = shipped_folder("scenarios").glob("*.yaml")
    scenarios = {path.name: file_sha256(path) for path in files}
    shared = {"draws": 4000, "as_of": list(VINTAGES), "seed": 2022, "to": 2035}
    health = {"gate": {"rhat": 1.01}, "rhat": 1.004, "ess_bulk": 900.0, "ess_tail": 812.0}
    latest = shared | {
        "versions": {"qyforecast": version("qyforecast")},
        "hashes": {"data": dict(census.sha256), "specification": "5" * 64, "scenarios": scenarios},
        "rivals": {str(year): {"full": 0.69, "differences": 0.31} for year in VINTAGES},
        "sampler_health": {
            str(year): {"full": health | {"divergences": 0, "bfmi": 0.8}} for year in VINTAGES
        },
        "largest_imbalance": 2.3e-14,
    }
    return {"latest": latest, "compare": shared | {"specification": "5" * 64}}


def _cross(**labels: object) -> pd.DataFrame:
    return pd.DataFrame(list(product(*labels.values())), columns=list(labels))


def _latest(places: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    shares = _cross(scenario=SCENARIOS, as_of=VINTAGES, region_code=places, year=YEARS)
    ahead = (shares["year"] - 2020).to_numpy()
    shares["mean"] = 0.42 + 0.013 * ahead + 0.01 * shares["region_code"].astype(int).mod(9)
    for column, wide in {"q025": -2, "q10": -1.3, "q25": -0.7, "q50": 0, "q75": 0.7, "q90": 1.3,
                         "q975": 2}.items():  # fmt: skip
        shares[column] = shares["mean"] + 0.003 * wide * ahead
    bars = _cross(scenario=SCENARIOS, as_of=VINTAGES, region_code=places, target=tuple(TARGETS))
    bars["year"] = bars["target"].str[:4].astype(int)
    bars["threshold"] = bars["target"].map(TARGETS)
    bars["probability"] = np.linspace(0.005, 0.995, len(bars))
    bars["standard_error"] = 0.007
    bars["median"] = 0.48 + 0.17 * bars["probability"]
    for column, wide in {"lower80": -0.03, "upper80": 0.03, "lower95": -0.05,
                         "upper95": 0.05}.items():  # fmt: skip
        bars[column] = bars["median"] + wide
    ages = tuple(age_labels(AGES))
    people = _cross(scenario=SCENARIOS[:1], as_of=VINTAGES, region_code=places,
                    residence=("urban", "rural"), year=(2020, 2035), sex=("male", "female"),
                    age_group=ages)  # fmt: skip
    people["q50"] = 1000.0 + 13 * np.arange(len(people)) % 700
    moves = _cross(scenario=SCENARIOS[:1], as_of=VINTAGES, region_code=places,
                   residence=("urban", "rural"), year=(2034, 2035),
                   flow=(*FLOWS, "external_net"))  # fmt: skip
    moves["q50"] = 500.0 + 7 * np.arange(len(moves)) % 900
    moves.loc[(moves["flow"] == "intercounty_in") & (moves["residence"] == "rural"), "q50"] = 0.0
    for table in (people, moves):
        table["q10"], table["q90"] = 0.8 * table["q50"], 1.3 * table["q50"]
    return {"latest/urban_share": shares, "latest/targets": bars, "latest/population": people,
            "latest/flows": moves}  # fmt: skip


def _compared(city: str) -> dict[str, pd.DataFrame]:
    chances = _cross(scenario=SCENARIOS, as_of=VINTAGES, region_code=(city,), target=tuple(TARGETS))
    chances["year"] = chances["target"].str[:4].astype(int)
    chances["threshold"] = chances["target"].map(TARGETS)
    chances["probability"] = np.linspace(0.1, 0.7, len(chances))
    chances["standard_error"] = 0.007
    chances["compared_with"] = "baseline"
    chances["gain_points"] = 0.4 * chances["scenario"].map(SCENARIOS.index)
    chances["difference"], chances["difference_error"] = 0.06 * chances["gain_points"], 0.004
    for column, factor in {"gain_points_lower90": 0.5, "gain_points_upper90": 1.7,
                           "gain_persons": 20345.0}.items():  # fmt: skip
        chances[column] = factor * chances["gain_points"]
    strict = tuple(TARGETS)[:2]
    years = (*map(str, range(2021, 2051)), "not by 2050")
    first = _cross(scenario=SCENARIOS, as_of=VINTAGES, region_code=(city,), target=strict,
                   year=years)  # fmt: skip
    first["threshold"] = first["target"].map(TARGETS)
    first["probability"] = 1 / len(years)
    first["by_then"] = (1 + np.arange(len(first)) % len(years)) / len(years)
    first["carried_on"] = first["year"] > "2035"
    return {"compare/chances": chances, "compare/first_year": first} | _apart(city, strict)


def _apart(city: str, strict: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    parts = ("natural increase", "movement", "reclassification", "external migration", "all")
    growth = _cross(scenario=SCENARIOS, as_of=VINTAGES, region_code=(city,), year=(2025, 2035),
                    component=parts)  # fmt: skip
    growth["mean"] = growth["component"].map(dict(zip(parts, (4e4, 2e5, 3e3, -5e4, 193e3),
                                                      strict=True)))  # fmt: skip
    growth["median"] = growth["mean"] + 100.0 * growth["scenario"].map(SCENARIOS.index)
    growth["lower90"], growth["upper90"] = growth["median"] - 3e4, growth["median"] + 3e4
    players = ("key-towns", "settling-in", "skills", "farming-villages", "all together")
    apart = _cross(scenario=("all-of-it",), as_of=VINTAGES, target=strict, player=players)
    apart["region_code"] = city
    apart["year"] = apart["target"].str[:4].astype(int)
    apart["gain_points"] = np.resize((0.2, 1.4, 0.6, -0.3, 1.9), len(apart))
    apart["gain_points_error"] = np.resize((0.01, 0.03, 0.02, 0.01, np.nan), len(apart))
    apart["draws"] = 500
    sources = _cross(scenario=("all-of-it",), as_of=VINTAGES, target=strict, group=GROUPS)
    sources["year"] = sources["target"].str[:4].astype(int)
    sources["first"] = np.linspace(0.01, 0.4, len(sources))
    sources["total"] = sources["first"] + 0.05
    sources["first_error"] = sources["total_error"] = 0.02
    sources["region_code"] = city
    judgement = _cross(scenario=SCENARIOS[1:], as_of=VINTAGES, region_code=(city,), target=strict)
    judgement["year"] = judgement["target"].str[:4].astype(int)
    judgement["judged_levers"], judgement["levers"] = 2, 3
    judgement["low"], judgement["high"] = 0.21, 0.48
    judgement["low_error"] = judgement["high_error"] = 0.013
    pace = _cross(as_of=VINTAGES, target=strict, who=("10-year spells of provinces", "baseline"))
    pace["from_year"], pace["from_share"], pace["pace_needed"] = 2024, 0.4912, 0.0587
    told = pace["who"] != "baseline"
    pace["fast_enough"], pace["of"] = np.where(told, 12, np.nan), np.where(told, 60, np.nan)
    together = _cross(scenario=SCENARIOS, as_of=VINTAGES, region_code=(city,))
    together["targets"], together["standard_error"] = " and ".join(strict), 0.007
    together["probability"] = np.linspace(0.05, 0.5, len(together))
    return {"compare/growth": growth, "compare/together": together, "compare/attribution": apart,
            "compare/variance": sources, "compare/judgement": judgement,
            "compare/pace": pace}  # fmt: skip


def _others(census: Census) -> dict[str, pd.DataFrame]:
    history = _cross(vintage=("2021", "2023", "2025"), region_code=(census.city,),
                     target=tuple(TARGETS))  # fmt: skip
    history["as_of"] = history["vintage"].astype(int)
    history["year"] = history["target"].str[:4].astype(int)
    history["threshold"] = history["target"].map(TARGETS)
    history["probability"] = np.linspace(0.6, 0.2, len(history))
    history["standard_error"] = 0.008
    gone = _cross(region_code=census.regions, sex=("male", "female"), age=AGES)
    gone["residual"] = -300.0 + 5 * np.arange(len(gone)) % 400
    gone["fitted"] = 0.9 * gone["residual"]
    cells = _cross(
        method=("mixture", "persistence"), horizon=(1, 5, 10), region=("a", "b", "c", "d")
    )
    cells["origin"] = 2012
    cells["pit"] = np.linspace(0.02, 0.98, len(cells))
    record = _cross(
        method=("full", "mixture", "persistence", "linear in points"), horizon=(1, 5, 10)
    )
    record["kind"] = (
        record["method"].map({"full": "rival", "mixture": "mixture"}).fillna("baseline")
    )
    record["observations"], record["as_of"] = 279, 2025
    record["mae"], record["coverage80"] = 0.003 * record["horizon"], np.linspace(0.7, 0.95, 12)
    record["crps"] = 0.7 * record["mae"] + 0.001 * (record["kind"] == "baseline")
    record["bias"], record["coverage95"] = -0.001 * record["horizon"], np.linspace(0.9, 0.99, 12)
    return {"monitor/history": history, "demography/residual_migration": gone,
            "backtest/cells": cells, "model/record": record} | _model(census.city)  # fmt: skip


def _model(city: str) -> dict[str, pd.DataFrame]:
    drivers = ("employment secondary", "employment tertiary", "value_added secondary")
    twin = _cross(level=("provinces", "provinces without own effects", "counties"),
                  term=(*drivers, *(f"change of {driver}" for driver in drivers)))  # fmt: skip
    for place, column in enumerate(("low95", "estimate", "high95")):
        twin[column] = twin[f"post_{column}"] = 0.1 * place + 0.01 * np.arange(len(twin))
    twin["median"] = twin["estimate"]
    effects = _cross(driver=("employment",), sector=("primary", "secondary", "tertiary"),
                     unit=("1,000 jobs", "point of share"), region=(city,),
                     year=(2025, 2035))  # fmt: skip
    names = pd.DataFrame({"parameter": [*SHOWN, "unseen"], "unit": "log odds"})
    for column, at in QUANTILES.items():
        effects[column] = at - 0.4 + 0.02 * np.arange(len(effects))
        names[column] = 0.3 * at + 0.01 * np.arange(len(names))
        names[f"prior_{column}"] = at
    return {f"model/{name}": table.assign(as_of=2025) for name, table in
            {"twin": twin, "effects": effects, "coefficients": names}.items()}  # fmt: skip

"""From a question about scenarios to tables on disk: compare, take apart, and write."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qyforecast.decide.targets import Target
from qyforecast.errors import ScenarioError
from qyforecast.forecast import Future
from qyforecast.judge.baselines import newest_standing, outside_view
from qyforecast.policy.attribution import ENDS, rest_on_judgement, split_variance
from qyforecast.policy.comparison import Comparison, compare_scenarios, joined
from qyforecast.policy.sources import some_draws, spread_draws
from qyforecast.provenance import file_sha256
from qyforecast.report.folder import MANIFEST, occupying, replacing
from qyforecast.report.gain_shares import gain_rows, target_labels
from qyforecast.report.iamc import iamc_table
from qyforecast.report.opening import Opened, Say, open_files
from qyforecast.report.request import Request
from qyforecast.report.writing import write_table
from qyforecast.scenario.scenario import Scenario
from qyforecast.vocabulary import nearest

#: Draws on which judged effects are held at their ends, and which mixing sources takes.
FEWER_DRAWS = 1000


@dataclass(frozen=True)
class Decision:
    """What a comparison of scenarios says.

    Attributes
    ----------
    opened : Opened
        What was asked and read.
    comparison : Comparison
        Tables of all vintages.
    judgement, pace, attribution, variance : DataFrame
        How far probabilities rest on judged effects; the pace needed beside that of the
        scenarios and of other places; shares of a gain; shares of a variance. The last
        two are empty where no scenario was to be taken apart.
    seconds : float
        Spent from the drawn futures on.
    """

    opened: Opened
    comparison: Comparison
    judgement: pd.DataFrame
    pace: pd.DataFrame
    attribution: pd.DataFrame
    variance: pd.DataFrame
    seconds: float


def decide(request: Request, apart: Sequence[str] = (), say: Say = lambda _: None) -> Decision:
    """Compare scenarios, take some apart, and write the tables.

    Parameters
    ----------
    request : Request
        What is asked for; all scenarios of the folder where none is named.
    apart : sequence of str
        Scenarios whose gain and variance are to be split.
    say : callable
        Told what is being done.

    Returns
    -------
    Decision
        What was written.

    Raises
    ------
    QyforecastError
        Any fault of the files, the fit, or the folder; nothing is then written.
    """
    with occupying(request.out, say):
        return _decide(request, apart, say)


def _decide(request: Request, apart: Sequence[str], say: Say) -> Decision:
    opened = open_files(request, say)
    scenarios = _with_baselines(opened, request.chosen)
    bundles = [_named(opened, name) for name in apart]
    spent, parts = 0.0, []
    for future in opened.futures(say):
        start = time.perf_counter()
        parts.append(_vintage(opened, future, scenarios, bundles, say))
        spent += time.perf_counter() - start
    frames = {
        name: pd.concat([part[name] for part in parts], ignore_index=True)
        for name in ("judgement", "attribution", "variance")
    }
    comparison = joined([part["comparison"] for part in parts])
    pace = _pace(opened, comparison)
    decision = Decision(opened, comparison, pace=pace, seconds=round(spent, 2), **frames)
    say("writing")
    _write(decision)
    return decision


def strict_city_targets(opened: Opened) -> list[Target]:
    """List the targets of the city, read strictly.

    Parameters
    ----------
    opened : Opened
        What was read.

    Returns
    -------
    list of Target
        In the order of the file.
    """
    city = opened.census.city
    return [t for t in opened.targets if t.region == city and t.reading == "strict"]


def _named(opened: Opened, name: str) -> Scenario:
    if name not in opened.library:
        raise ScenarioError(
            "there is no such scenario",
            where=str(opened.request.scenario_folder),
            found=name,
            cure=nearest(name, tuple(opened.library)),
        )
    return opened.library[name]


def _with_baselines(opened: Opened, chosen: Sequence[str]) -> list[Scenario]:
    """Scenarios asked for, those that they are compared with first."""
    wanted = [_named(opened, name) for name in chosen] or list(opened.library.values())
    needed = [_named(opened, one.baseline) for one in wanted if one.baseline]
    return list({one.name: one for one in (*needed, *wanted)}.values())


def _vintage(
    opened: Opened,
    future: Future,
    scenarios: Sequence[Scenario],
    bundles: Sequence[Scenario],
    say: Say,
) -> dict[str, Any]:
    seed, targets = opened.request.seed, strict_city_targets(opened)
    ahead = [target for target in targets if target.year > future.as_of]
    found = compare_scenarios(future, scenarios, opened.targets, seed=seed, say=say)
    chosen = spread_draws(future.drivers.draws, FEWER_DRAWS)
    fewer = some_draws(future, chosen)
    judged, attribution, variance = [], [], []
    say(f"holding judged effects at their ends as of {future.as_of}")
    for scenario in (one for one in scenarios if one.judged and ahead):
        judged += _judged(fewer, scenario, ahead, seed, chosen)
    for bundle in bundles:
        for target in ahead:
            say(f"taking {bundle.name} apart for {target.year} as of {future.as_of}")
            attribution += gain_rows(future, bundle, target, seed) if bundle.levers else []
            variance += _split(future, bundle, target, seed)
    return {
        "comparison": found,
        "judgement": pd.DataFrame(judged),
        "attribution": pd.DataFrame(attribution),
        "variance": pd.DataFrame(variance),
    }


def _judged(
    future: Future, scenario: Scenario, targets: Sequence[Target], seed: int, order: np.ndarray
) -> list[dict[str, Any]]:
    held = rest_on_judgement(future, scenario, targets, seed=seed, order=order)
    rows = []
    for target, found in zip(targets, held, strict=True):
        row = target_labels(future, scenario, target)
        row |= {"judged_levers": found.judged, "levers": found.levers, "draws": len(order)}
        for end in ENDS:
            chance = getattr(found, end)
            value, error = (chance.value, chance.standard_error) if chance else (np.nan, np.nan)
            row |= {end: value, f"{end}_error": error}
        rows.append(row)
    return rows


def _split(future: Future, bundle: Scenario, target: Target, seed: int) -> list[dict[str, Any]]:
    found = split_variance(future, bundle, target, seed=seed, draws=FEWER_DRAWS)
    return [target_labels(future, bundle, target) | vars(index) for index in found]


def _pace(opened: Opened, comparison: Comparison) -> pd.DataFrame:
    """The pace needed from the newest share known, and who has gone so fast."""
    rows = []
    for panel in opened.panels:
        now = newest_standing(panel)
        for target in strict_city_targets(opened):
            if target.year <= now.year:
                continue
            ahead = target.year - now.year
            views = outside_view(
                panel, share=now.urban_share, threshold=target.threshold, years=ahead
            )
            labels = {"as_of": panel.as_of, "target": target.name, "from_year": now.year}
            labels |= {"from_share": now.urban_share, "pace_needed": views[0].pace}
            rows += [
                labels
                | {"who": f"{view.years}-year spells of {view.places}"}
                | {"fast_enough": view.met, "of": view.spells, "share": view.share}
                for view in views
            ]
            mine = comparison.chances[
                (comparison.chances["as_of"] == panel.as_of)
                & (comparison.chances["target"] == target.name)
                & (comparison.chances["region_code"] == target.region)
            ]
            for row in mine.to_dict("records"):
                odds = np.log(row["median"] / (1 - row["median"]))
                start = np.log(now.urban_share / (1 - now.urban_share))
                pace = {"who": str(row["scenario"]), "pace": (odds - start) / ahead}
                rows.append(labels | pace | {"share": row["probability"]})
    return pd.DataFrame(rows)


def _write(decision: Decision) -> None:
    opened, found = decision.opened, decision.comparison
    names = {code: name[1] for code, name in opened.census.names.items()}
    tables = vars(found) | {
        "judgement": decision.judgement,
        "pace": decision.pace,
        "attribution": decision.attribution,
        "variance": decision.variance,
        "iamc": iamc_table(found, names),
    }
    request = opened.request
    with replacing(request.out) as folder:
        for name, table in tables.items():
            if not table.empty:
                write_table(table, folder / f"{name}.csv", "%.6f")
        manifest = {
            "command": "compare",
            "seed": request.seed,
            "draws": opened.posteriors[0].size,
            "to": request.to,
            "as_of": [panel.as_of for panel in opened.panels],
            "scenarios": {
                path.name: file_sha256(path)
                for path in sorted(request.scenario_folder.glob("*.yaml"))
            },
            "specification": opened.spec.sha256,
            "seconds_after_the_futures": decision.seconds,
            "files": {path.name: file_sha256(path) for path in sorted(folder.iterdir())},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=2)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

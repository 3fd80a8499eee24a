"""A bundle's gain shared out, as the rows of a table."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from qyforecast.decide.targets import Target
from qyforecast.forecast import Future
from qyforecast.policy.attribution import share_out
from qyforecast.scenario.scenario import Scenario

#: Draws on which every coalition of levers is run.
COALITION_DRAWS = 500
#: The row of a whole gain among its shares.
TOGETHER = "all together"


def target_labels(future: Future, scenario: Scenario, target: Target) -> dict[str, Any]:
    """Say which scenario, vintage and target a row is about.

    Parameters
    ----------
    future : Future
        Gives the vintage.
    scenario : Scenario
        What is done.
    target : Target
        What was promised.

    Returns
    -------
    dict
        Columns of the row.
    """
    labels = {"scenario": scenario.name, "as_of": future.as_of, "region_code": target.region}
    return labels | {"target": target.name, "year": target.year}


def gain_rows(future: Future, bundle: Scenario, target: Target, seed: int) -> list[dict[str, Any]]:
    """Share out a bundle's gain for one target.

    Parameters
    ----------
    future : Future
        The draws.
    bundle : Scenario
        With levers.
    target : Target
        Not yet due.
    seed : int
        Seed of the levers' effects.

    Returns
    -------
    list of dict
        A row for each player, and one for the whole.
    """
    found = share_out(future, bundle, target, seed=seed, draws=COALITION_DRAWS)
    draws = min(COALITION_DRAWS, future.drivers.draws)
    rows = [
        target_labels(future, bundle, target)
        | {"player": player, "probability": value[0], "probability_error": error[0]}
        | {"gain_points": value[1], "gain_points_error": error[1]}
        | {"draws": draws, "orders": found.orders}
        for player, value, error in zip(
            found.players, found.values.tolist(), found.errors.tolist(), strict=True
        )
    ]
    whole = {"player": TOGETHER, "probability": float(found.total[0])}
    whole |= {"probability_error": float(found.total_errors[0])}
    whole |= {"gain_points": float(found.total[1])}
    whole |= {"gain_points_error": float(found.total_errors[1])}
    whole |= {"draws": draws, "orders": found.orders}
    return [*rows, target_labels(future, bundle, target) | whole]


def attribution_table(
    future: Future, bundle: Scenario, targets: Sequence[Target], seed: int
) -> pd.DataFrame:
    """Share out a bundle's gain for each target.

    Parameters
    ----------
    future : Future
        The draws.
    bundle : Scenario
        With levers.
    targets : sequence of Target
        Not yet due.
    seed : int
        Seed of the levers' effects.

    Returns
    -------
    DataFrame
        As ``attribution`` of a `Decision`: a row for each player, and one for the whole.
    """
    return pd.DataFrame(
        [row for target in targets for row in gain_rows(future, bundle, target, seed)]
    )

"""How much better one method is than another, and how sure that is."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from qyforecast.errors import DataError

PAIR = ["origin", "horizon", "region"]


def skill(
    cells: pd.DataFrame,
    method: str,
    against: Sequence[str],
    *,
    blocks: str = "region",
    resamples: int = 2000,
    seed: int = 1,
) -> pd.DataFrame:
    """Share by which a method's CRPS is below another's, with a paired block bootstrap.

    Forecasts of one region at neighbouring origins share most of their years, and those of
    one origin share the nation's: what is drawn again is a whole region, or a whole origin.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.
    method : str
        The one judged.
    against : sequence of str
        The others.
    blocks : {"region", "origin"}
        What is drawn again.
    resamples : int
        How often.
    seed : int
        Seed.

    Returns
    -------
    DataFrame
        ``method, against, horizon, blocks, pairs, skill, lower, upper``: 1 less the ratio of
        mean scores over the forecasts that both made, with a 95 % interval; missing bounds
        where there are fewer than three blocks.

    Raises
    ------
    DataError
        If no forecast was made by both.
    """
    scores = cells.pivot_table(index=PAIR, columns="method", values="crps")
    rng = np.random.default_rng([seed, 61])
    rows = []
    for other in against:
        if not {method, other} <= set(scores.columns):
            raise DataError("no forecast was made by both methods", found=f"{method}, {other}")
        both = scores[[method, other]].dropna()
        for horizon, part in both.groupby("horizon"):
            sums = part.groupby(blocks).sum().to_numpy()
            found = 1 - sums[:, 0].sum() / sums[:, 1].sum()
            bounds = _bounds(sums, resamples, rng)
            rows.append((method, other, horizon, blocks, len(part), found, *bounds))
    columns = ["method", "against", "horizon", "blocks", "pairs", "skill", "lower", "upper"]
    return pd.DataFrame(rows, columns=columns)


def _bounds(sums: np.ndarray, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """Bounds over blocks drawn again, the two methods' sums together."""
    if len(sums) < 3:
        return np.nan, np.nan
    drawn = sums[rng.integers(len(sums), size=(resamples, len(sums)))].sum(axis=1)
    lower, upper = np.quantile(1 - drawn[:, 0] / drawn[:, 1], [0.025, 0.975])
    return float(lower), float(upper)

"""All tables that judge one backtest, from its cells."""

from collections.abc import Mapping

import pandas as pd

from qyforecast.judge.breakdown import (
    groups,
    pit_histogram,
    reliability,
    statements,
    target_scores,
)
from qyforecast.judge.recalibration import KNOWN, LEFT_OUT
from qyforecast.judge.skill import skill
from qyforecast.judge.verdict import SIMPLE


def judged_tables(
    cells: pd.DataFrame,
    headline: str,
    *,
    residents: Mapping[str, float] | None = None,
    seed: int = 1,
) -> dict[str, pd.DataFrame]:
    """Judge the headline beside every other method.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.
    headline : str
        The method that is judged.
    residents : mapping, optional
        Region to residents. [person]
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    dict of str to DataFrame
        ``skill`` of the headline against every simple method, of all regions (whole regions
        and whole origins drawn again) and by level and size (whole regions); ``mended``, the
        same of each mended forecast against the raw one; ``pit``, ``target_scores`` and
        ``reliability``, see `breakdown`.
    """
    simple, mended = (
        list(dict.fromkeys(cells.loc[cells["kind"].isin(kinds), "method"]))
        for kinds in (SIMPLE, (KNOWN, LEFT_OUT))
    )
    kept = cells[cells["method"].isin([headline, *simple])]
    parts = [_skill(kept, headline, simple, ("all", "all", "origin"), seed)]
    for kind, name, mine in groups(kept, residents):
        told = [one for one in simple if one in set(mine.loc[mine["crps"].notna(), "method"])]
        parts.append(_skill(mine, headline, told, (kind, name, "region"), seed))
    mends = [_skill(cells, one, [headline], ("all", "all", "origin"), seed) for one in mended]
    said = statements(cells)
    return {
        "skill": pd.concat(parts, ignore_index=True),
        "mended": pd.concat(mends, ignore_index=True) if mends else pd.DataFrame(),
        "pit": pit_histogram(cells),
        "target_scores": target_scores(said),
        "reliability": reliability(said),
    }


def _skill(
    cells: pd.DataFrame, method: str, against: list[str], where: tuple[str, str, str], seed: int
) -> pd.DataFrame:
    grouping, group, blocks = where
    found = skill(cells, method, against, blocks=blocks, seed=seed)
    return found.assign(grouping=grouping, group=group)

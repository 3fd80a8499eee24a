"""Cells looked at from other sides: by level and size, as histograms, as statements on targets."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from qyforecast.judge.cells import KEYS, PACES, met
from qyforecast.judge.scores import brier

#: Urban shares at the origin between which regions are parted. [1]
LEVELS = (0.4, 0.6)
#: Probabilities between which statements on targets are parted. [1]
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
#: Bars of a histogram of places in the distribution foretold.
BARS = 10


def groups(
    cells: pd.DataFrame, residents: Mapping[str, float] | None = None
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Part cells by level of the region at the origin, and by its size.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.
    residents : mapping, optional
        Region to residents; regions are parted into thirds by them. [person]

    Yields
    ------
    tuple of str, str and DataFrame
        ``all``, ``level`` or ``size``; the group; its cells, at least one.
    """
    yield "all", "all", cells
    low, high = (f"{100 * level:.0f} %" for level in LEVELS)
    names = (f"below {low}", f"{low} to {high}", f"above {high}")
    level = np.digitize(cells["base"], LEVELS)
    parts = [("level", name, level == place) for place, name in enumerate(names)]
    if residents:
        rank = pd.Series(residents, dtype=float).dropna().rank(pct=True)
        size = cells["region"].map(rank).to_numpy(float)
        for place, name in enumerate(("small third", "middle third", "large third")):
            parts.append(("size", name, (size > place / 3) & (size <= (place + 1) / 3)))
    for kind, name, mine in parts:
        if mine.any():
            yield kind, name, cells[mine]


def pit_histogram(cells: pd.DataFrame) -> pd.DataFrame:
    """Count where in the distribution foretold the outcomes lay.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.

    Returns
    -------
    DataFrame
        ``method, kind, horizon, lower, upper, count, share``; of a calibrated method each
        of the ten bars has a tenth, within chance.
    """
    given = cells.dropna(subset=["pit"])
    edges = np.linspace(0, 1, BARS + 1)
    parts = []
    for key, part in given.groupby(KEYS, sort=False):
        count, _ = np.histogram(part["pit"], edges)
        table = {"lower": edges[:-1], "upper": edges[1:], "count": count}
        row = dict(zip(KEYS, key, strict=True))
        parts.append(pd.DataFrame({**row, **table, "share": count / count.sum()}))
    return pd.concat(parts, ignore_index=True)


def statements(cells: pd.DataFrame) -> pd.DataFrame:
    """Lay out every statement that a region rises by so many points a year or more.

    Parameters
    ----------
    cells : DataFrame
        From `score_cells`.

    Returns
    -------
    DataFrame
        The columns of `KEYS`, ``pace`` [percentage point / year], ``probability``,
        ``happened`` (1 or 0) and ``brier``, a row for each forecast and pace.
    """
    given = cells.dropna(subset=["crps"])
    parts = []
    for pace in PACES:
        bar = given["base"] + pace / 100 * given["horizon"]
        happened = (given["observed"] >= bar).astype(float)
        said = given[met(pace)]
        score = brier(said.to_numpy(), happened.to_numpy())
        parts.append(
            given[KEYS].assign(pace=pace, probability=said, happened=happened, brier=score)
        )
    return pd.concat(parts, ignore_index=True)


def target_scores(said: pd.DataFrame) -> pd.DataFrame:
    """Average the Brier score of statements by method, horizon and pace.

    Parameters
    ----------
    said : DataFrame
        From `statements`.

    Returns
    -------
    DataFrame
        The columns of `KEYS`, ``pace, statements, probability`` (mean said), ``happened``
        (share that came about) and ``brier``.
    """
    grouped = said.groupby([*KEYS, "pace"], sort=False)
    return grouped.agg(
        statements=("brier", "size"),
        probability=("probability", "mean"),
        happened=("happened", "mean"),
        brier=("brier", "mean"),
    ).reset_index()


def reliability(said: pd.DataFrame) -> pd.DataFrame:
    """Lay what was said beside how often it happened, all horizons and paces together.

    Parameters
    ----------
    said : DataFrame
        From `statements`.

    Returns
    -------
    DataFrame
        ``method, kind, lower, upper, statements, probability, happened``, a row for each
        of the `BINS` in which something was said; of a reliable method the last two agree.
    """
    place = np.digitize(said["probability"], BINS[1:-1])
    edges = {"lower": np.array(BINS)[place], "upper": np.array(BINS)[place + 1]}
    grouped = said.assign(**edges).groupby(["method", "kind", "lower", "upper"], sort=False)
    table = grouped.agg(
        statements=("happened", "size"),
        probability=("probability", "mean"),
        happened=("happened", "mean"),
    )
    return table.reset_index().sort_values(["method", "lower"], ignore_index=True)

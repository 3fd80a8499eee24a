"""Histograms, statements on targets and groups say what was planted."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from qyforecast.judge.breakdown import (
    groups,
    pit_histogram,
    reliability,
    statements,
    target_scores,
)
from qyforecast.judge.cells import PACES, Foretold, score_cells
from qyforecast.judge.summary import judged_tables

PLACES = 4000
GRID = norm.ppf((np.arange(200) + 0.5) / 200)[:, None]


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    """Shares that rise by 1 +- 1 points a year; forecasters with thrice too narrow a spread."""
    rng = np.random.default_rng(8)
    base = rng.uniform(0.2, 0.8, PLACES)
    centre = base + 0.01 * rng.normal(1, 1, PLACES)
    came = centre + 0.01 * rng.standard_normal(PLACES)
    shares = pd.DataFrame([base, came], index=[2010, 2011])
    nothing = np.full(PLACES, np.nan)
    foretold = [
        Foretold(name, kind, 2010, 1, centre, centre + 0.01 * wide * GRID, nothing)
        for name, kind, wide in (
            ("honest", "mixture", 1.0),
            ("overconfident", "baseline", 1 / 3),
        )
    ]
    return score_cells(foretold, shares)


def test_the_histogram_of_an_honest_forecaster_is_flat(cells) -> None:
    table = pit_histogram(cells).set_index("method")
    assert table.groupby("method")["count"].sum().tolist() == [PLACES, PLACES]
    assert table.loc["honest", "share"].to_numpy() == pytest.approx(np.full(10, 0.1), abs=0.02)
    # Beyond 1.28 thirds of a spread on either side: 33 % each.
    ends = table.loc["overconfident", "share"].to_numpy()[[0, -1]]
    assert ends == pytest.approx([0.334, 0.334], abs=0.03)


def test_statements_are_about_a_rise_since_the_origin(cells) -> None:
    said = statements(cells)
    mine = said[(said["method"] == "honest") & (said["pace"] == PACES[1])]
    came = cells[cells["method"] == "honest"]
    rose = (came["observed"] - came["base"] >= PACES[1] / 100).to_numpy()
    assert np.array_equal(mine["happened"].to_numpy(), rose.astype(float))
    expected = norm.cdf((came["point"] - came["base"] - PACES[1] / 100) / 0.01)
    assert mine["probability"].to_numpy() == pytest.approx(expected, abs=0.006)


def test_overconfident_statements_score_worse_and_are_unreliable(cells) -> None:
    said = statements(cells)
    brier = target_scores(said).pivot_table(index="pace", columns="method", values="brier")
    assert (brier["honest"] < brier["overconfident"] - 0.01).all()
    table = reliability(said).set_index("method")
    gap = (table["probability"] - table["happened"]).abs()
    assert gap["honest"].max() < 0.05
    assert gap["overconfident"].max() > 0.15
    assert table.groupby("method")["statements"].sum().tolist() == [3 * PLACES, 3 * PLACES]


def test_groups_part_by_level_and_size(cells) -> None:
    residents = {place: float(place + 1) for place in range(PLACES)}
    parts = {(kind, name): mine for kind, name, mine in groups(cells, residents)}
    assert len(parts["all", "all"]) == len(cells)
    for kind in ("level", "size"):
        mine = [part for (one, _), part in parts.items() if one == kind]
        assert len(mine) == 3
        assert sum(map(len, mine)) == len(cells)
    assert parts["level", "below 40 %"]["base"].max() < 0.4
    assert parts["size", "small third"]["region"].max() == PLACES // 3 - 1


def test_one_region_is_judged_and_has_no_interval(cells) -> None:
    tables = judged_tables(cells[cells["region"] == 7], "honest")
    assert tables["skill"]["lower"].isna().all()
    assert len(tables["skill"]) == 3


def test_skill_is_told_by_group(cells) -> None:
    few = cells[cells["region"] < 300]
    skill = judged_tables(few, "honest", residents=dict.fromkeys(range(300), 1.0))["skill"]
    told = skill.set_index(["grouping", "group", "blocks"])["skill"]
    low = few[few["base"] < 0.4].pivot_table(index="region", columns="method", values="crps")
    expected = 1 - low["honest"].mean() / low["overconfident"].mean()
    assert told["level", "below 40 %", "region"] == pytest.approx(expected)
    assert (told > 0).all()

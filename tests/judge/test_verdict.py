"""Who speaks follows from the record: a planted bad record silences the model."""

import pandas as pd
import pytest

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.errors import DataError
from qyforecast.judge.city_chance import UNUSABLE, simple_draws, with_city
from qyforecast.judge.province_series import province_income, residents
from qyforecast.judge.verdict import judge_record, mending
from qyforecast.report.record import verdict_lines


def record(model: float = 0.008, mended: tuple[float, float] = (0.009, 0.007)) -> pd.DataFrame:
    """Two horizons; the simple methods score 0.010 and 0.009."""
    rows = []
    for horizon, crps in ((5, mended[0]), (10, mended[1])):
        for method, kind, score in (
            ("mixture", "mixture", model),
            ("mixture, rescaled", "recalibrated", crps),
            ("persistence", "baseline", 0.010),
            ("half-way shrink, symmetric", "symmetric", 0.009),
        ):
            rows.append(
                {
                    "method": method, "kind": kind, "horizon": horizon, "observations": 260,
                    "mae": 0.012, "bias": -0.003, "crps": score, "coverage80": 0.79,
                    "coverage95": 0.93, "first_origin": 2010, "last_origin": 2018,
                    "shift": 0.0, "factor": 1.2,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def test_the_model_speaks_where_it_beats_the_best_of_either_kind() -> None:
    verdict = judge_record(record(), "mixture", 6)
    assert (verdict.horizon, verdict.best, verdict.speaks) == (
        5, "half-way shrink, symmetric", "mixture",
    )  # fmt: skip
    assert verdict.skill == pytest.approx(1 / 9)


@pytest.mark.parametrize("crps", [0.009, 0.0095, 0.05])
def test_a_model_that_does_not_beat_it_is_silent(crps: float) -> None:
    verdict = judge_record(record(crps), "mixture", 5)
    assert not verdict.beats
    assert verdict.speaks == "half-way shrink, symmetric"


def test_the_nearest_horizon_counts_and_the_longer_of_two() -> None:
    asked = {ahead: judge_record(record(), "mixture", ahead).horizon for ahead in (1, 7, 8, 15)}
    assert asked == {1: 5, 7: 5, 8: 10, 15: 10}
    tie = record().replace({"horizon": {10: 9}})
    assert judge_record(tie, "mixture", 7).horizon == 9


def test_the_sentences_say_who_speaks() -> None:
    good = verdict_lines(record(), "mixture")
    assert "in 260 forecasts of provinces made from 2010 to 2018" in good[0]
    assert "held 79 % and 93 %" in good[0]
    assert "11 % below the 0.90 of the best simple method (half-way shrink, symmetric)" in good[0]
    bad = verdict_lines(record(0.0108), "mixture")
    assert "20 % above the 0.90" in bad[0]
    assert bad[0].endswith("half-way shrink, symmetric speaks in its place and the model does not.")
    assert "does not hold the other" in verdict_lines(record(), "other")[0]


def test_mending_must_be_better_at_every_horizon() -> None:
    assert mending(record(), "mixture") == {}
    assert "the raw forecast speaks" in verdict_lines(record(), "mixture")[-1]
    better = record(mended=(0.0079, 0.0079))
    assert {h: mend.factor for h, mend in mending(better, "mixture").items()} == {5: 1.2, 10: 1.2}
    assert "so it speaks" in verdict_lines(better, "mixture")[-1]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (record().drop(columns="crps"), r"(?s)lacks columns.*crps"),
        (record()[lambda t: t["kind"] == "mixture"], "no simple method"),
    ],
)
def test_a_record_that_is_none_is_refused(broken: pd.DataFrame, message: str) -> None:
    with pytest.raises(DataError, match=message):
        judge_record(broken, "mixture", 5)


@pytest.fixture(scope="module")
def known(checkout):
    census = read_census(checkout / "data" / "census")
    return census, Panel.from_census(census, as_of=2021)


def test_the_city_stands_beside_the_provinces_as_known_then(known) -> None:
    _, panel = known
    shares = with_city(panel)
    assert list(shares.columns[:-1]) == panel.provinces["province"].values.tolist()
    assert shares.loc[2020, panel.city] == panel.city_share[2020]
    assert set(panel.readings.loc[panel.readings["region"] == panel.city, "year"]) <= set(
        shares[panel.city].dropna().index
    )


def test_a_simple_method_foretells_the_city_from_its_newest_figure(known) -> None:
    """Persistence with errors of either sign says that half of all futures lie below today."""
    _, panel = known
    draws = simple_draws(panel, "persistence, symmetric", 2030)
    assert (draws < panel.city_share[2020]).mean() == pytest.approx(0.5, abs=0.01)
    signed = simple_draws(panel, "persistence", 2030)
    assert (signed > panel.city_share[2020]).mean() > 0.95
    assert UNUSABLE == ("log-income regression", "log-income regression, symmetric")


def test_real_income_grows_as_published(known) -> None:
    """Gansu's index of 2010 is 111.8; its residents barely moved, so income rose by a tenth."""
    census, panel = known
    income = province_income(census, panel)
    assert income.columns.tolist() == panel.provinces["province"].values.tolist()
    growth = income.pct_change(fill_method=None).stack().dropna()
    assert growth.between(-0.25, 0.45).all()
    assert income["620000"].pct_change().loc[2010] == pytest.approx(0.118, abs=0.02)
    people = residents(census)
    assert 2e7 < people["620000"] < 3e7

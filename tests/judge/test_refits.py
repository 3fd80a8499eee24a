"""Refits are kept, taken again, and the same for any number of workers."""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from scipy.stats import norm

from qyforecast.errors import UnhealthyFit
from qyforecast.inference.stacking import settle
from qyforecast.judge.backtest import IN_SAMPLE, MIXTURE, Plan, judge, mix
from qyforecast.judge.cells import scorecard
from qyforecast.judge.refits import LONGER, Refit, Shelf, Task, patient, refit_all
from qyforecast.judge.skill import skill
from tests.judge.dice import Dice

TASKS = [(origin, rival) for origin in (2010, 2011, 2012) for rival in ("sharp", "wide")]


def run(tmp_path: Path, **given: object) -> tuple[dict[Task, Refit], list[str]]:
    workers = given.pop("workers", 1)
    asked = tmp_path / "asked"
    asked.write_text("")
    said: list[str] = []
    make = partial(Dice, asked, **given)
    found = refit_all(TASKS, make, Shelf(tmp_path / "shelf"), workers=workers, say=said.append)
    assert said or not asked.read_text()
    return found, asked.read_text().splitlines()


def same(a: dict[Task, Refit], b: dict[Task, Refit]) -> bool:
    return list(a) == list(b) and all(
        np.array_equal(a[task].draws, b[task].draws)
        and np.array_equal(a[task].log_density, b[task].log_density)
        for task in a
    )


def test_what_is_kept_is_taken_again_unchanged(tmp_path: Path) -> None:
    first, asked = run(tmp_path)
    assert len(asked) == len(TASKS)
    again, asked = run(tmp_path)
    assert asked == []
    assert same(first, again)


def test_another_question_is_asked_anew(tmp_path: Path) -> None:
    run(tmp_path)
    _, asked = run(tmp_path, version="2")
    assert len(asked) == len(TASKS)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, stop_at=2)
    found, asked = run(tmp_path)
    assert len(asked) == len(TASKS) - 2
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert same(found, run(elsewhere)[0])


def test_a_broken_file_is_made_again(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / "shelf" / "2011-wide.npz").write_bytes(b"PK half")
    _, asked = run(tmp_path)
    assert asked == ["(2011, 'wide')"]


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, _ = run(tmp_path / "one")
    two, asked = run(tmp_path / "two", workers=2)
    assert sorted(asked) == sorted(map(str, TASKS))
    assert same(one, two)


def test_an_unhealthy_fit_is_run_longer_and_refused_in_the_end() -> None:
    tried: list[int] = []

    def attempt(draws: int) -> Refit:
        tried.append(draws)
        if draws < 300:
            raise UnhealthyFit("short")
        return Refit(np.zeros((1, 1, 1)), np.zeros((1, 1)))

    patient(attempt, 100)
    assert tried == [100, 300]
    with pytest.raises(UnhealthyFit):
        patient(attempt, 10)
    assert tried[2:] == [10 * longer for longer in LONGER]


ORIGINS, HORIZONS = (2006, 2007, 2008, 2009, 2010, 2011), (1, 3)
SPREADS = {"right": 0.02, "overconfident": 0.006}


@pytest.fixture(scope="module")
def judged():
    """Forty regions on noisy lines; two rivals know the lines, one the noise as well."""
    rng = np.random.default_rng(6)
    years = np.arange(1995, 2013)
    line = np.linspace(-1, 0.5, 40) + 0.04 * (years - 1995)[:, None]
    shares = pd.DataFrame(expit(line + 0.02 * rng.standard_normal(line.shape)), index=years)
    refits = {}
    for origin in ORIGINS:
        rows = [origin + h for h in HORIZONS if origin + h <= 2012]
        centre, came = line[np.array(rows) - 1995], shares.loc[rows].to_numpy()
        level = np.log(came / (1 - came))
        for name, spread in SPREADS.items():
            noise = spread * rng.standard_normal((400, *centre.shape))
            refits[origin, name] = Refit(expit(centre + noise), norm.logpdf(level, centre, spread))
    return judge(refits, shares, Plan(ORIGINS, HORIZONS), list(SPREADS))


def test_the_right_rival_gets_most_weight_and_the_overconfident_is_seen(judged) -> None:
    last = judged.weights[max(judged.weights)]
    assert last["right"] > 0.8
    card = scorecard(judged.cells).set_index(["method", "horizon"]).to_dict("index")
    assert card["right", 1]["coverage80"] == pytest.approx(0.8, abs=0.08)
    assert card["overconfident", 1]["coverage80"] < 0.45
    assert card["right", 1]["log_score"] > card["overconfident", 1]["log_score"] + 1


def test_the_mixture_uses_only_what_was_known(judged) -> None:
    """At the first origin weights are equal; a year later outcomes of 2007 have weighed."""
    cells = judged.cells.set_index(["method", "origin", "horizon", "region"])
    cells = cells["log_density"].sort_index()
    final, then = judged.weights[max(judged.weights)], judged.weights[2008]
    equal = dict.fromkeys(SPREADS, 0.5)
    assert min(judged.weights) == 2008
    for name, origin, weights in (
        (MIXTURE, 2006, equal),
        (MIXTURE, 2007, settle(then)),
        (IN_SAMPLE, 2006, settle(final)),
    ):
        mixed = sum(np.exp(cells.loc[one, origin]) * share for one, share in weights.items())
        assert np.exp(cells.loc[name, origin]).to_numpy() == pytest.approx(mixed.to_numpy())


def test_a_method_that_knows_the_lines_beats_those_that_do_not(judged) -> None:
    found = skill(judged.cells, "right", ["linear in points"], resamples=400)
    assert (found["lower"] > 0.1).all()


def test_skill_is_one_less_the_ratio_of_scores_that_both_have() -> None:
    cells = pd.DataFrame(
        {
            "method": ["a"] * 3 + ["b"] * 4,
            "origin": 2010,
            "horizon": 1,
            "region": ["x", "y", "z", "x", "y", "z", "only b"],
            "crps": [1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 99.0],
        }
    )
    (row,) = skill(cells, "a", ["b"]).to_dict("records")
    assert (row["pairs"], row["skill"]) == (3, pytest.approx(0.5))
    # Every block has the same ratio: whatever is drawn again, so has the sum.
    assert (row["lower"], row["upper"]) == (pytest.approx(0.5), pytest.approx(0.5))
    (row,) = skill(cells, "a", ["b"], blocks="origin").to_dict("records")
    assert np.isnan(row["lower"])


def test_a_mixture_has_each_rivals_share_of_draws() -> None:
    parts = {
        name: Refit(np.full((10, 1, 1), value), np.full((1, 1), np.log(value)))
        for name, value in (("a", 0.2), ("b", 0.6))
    }
    mixed = mix(parts, {"a": 0.3, "b": 0.7})
    assert sorted(mixed.draws.ravel()) == [0.2] * 3 + [0.6] * 7
    assert np.exp(mixed.log_density) == pytest.approx(0.3 * 0.2 + 0.7 * 0.6)

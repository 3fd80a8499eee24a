"""Weights of the rivals: those of a known mixture, of what was then published, of this model."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qyforecast.errors import SpecificationError, StalePosterior
from qyforecast.inference.spec import ModelSpec
from qyforecast.inference.stacking import (
    DOMINANT,
    LEAST,
    Weights,
    read_weights,
    settle,
    stack,
    weights_by_year,
    write_weights,
)


def test_weights_of_a_known_mixture_are_found() -> None:
    """Half from one normal, three tenths from a second, a fifth from a third."""
    rng = np.random.default_rng(4)
    truth = np.array([0.5, 0.3, 0.2])
    centres = np.array([-2.0, 0.0, 3.0])
    seen = rng.normal(centres[rng.choice(3, 20_000, p=truth)], 1.0)
    found = stack(stats.norm.logpdf(seen[:, None], centres, 1.0))
    assert found == pytest.approx(truth, abs=0.02)


def test_weights_are_a_maximum() -> None:
    """No step toward any rival makes the mixture foretell better (Karush, Kuhn and Tucker)."""
    rng = np.random.default_rng(5)
    scores = rng.normal([0.5, 0.3, 0.0, -2.0], 1.0, (400, 4))
    density = np.exp(scores)
    found = stack(scores)
    gain = (density / (density @ found)[:, None]).mean(axis=0)
    assert (gain <= 1 + 1e-4).all()
    np.testing.assert_allclose(gain[found > 0.01], 1, atol=1e-4)


@given(st.integers(0, 10_000))
def test_weights_are_shares_and_do_not_see_a_common_factor(seed: int) -> None:
    """However small the densities: those of many observations at once are tiny."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(-900, 30, (20, 1)) + rng.normal(0, 2, (20, 3))
    found = stack(scores)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    np.testing.assert_allclose(stack(scores + 700), found, atol=1e-6)


def test_a_rival_that_is_always_better_has_all() -> None:
    scores = np.random.default_rng(6).normal(0, 1, (50, 1)) + np.array([0.0, 2.0, -1.0])
    assert stack(scores) == pytest.approx([0, 1, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("weights", "settled"),
    [
        ({"a": 0.95, "b": 0.05}, {"a": 1.0}),
        ({"a": DOMINANT, "b": 1 - DOMINANT}, {"a": 1.0}),
        ({"a": 0.6, "b": 0.4}, {"a": 0.6, "b": 0.4}),
        ({"a": 0.58, "b": 0.38, "c": 0.04}, {"a": 0.58 / 0.96, "b": 0.38 / 0.96}),
        ({"a": 0.8, "b": LEAST, "c": 0.1}, {"a": 0.8, "b": LEAST, "c": 0.1}),
    ],
)
def test_a_dominating_rival_speaks_alone_and_a_small_one_not(
    weights: dict[str, float], settled: dict[str, float]
) -> None:
    found = settle(weights)
    assert list(found) == list(settled)
    assert list(found.values()) == pytest.approx(list(settled.values()))


def scores() -> pd.DataFrame:
    """Rival a foretells what is published before 2015 better, b all later years."""
    rows = [
        (
            rival,
            origin,
            horizon,
            place,
            1.0 if (origin + horizon < 2015) == (rival == "a") else -3.0,
        )
        for origin in range(2008, 2016)
        for horizon in (1, 3)
        for place in range(20)
        for rival in ("a", "b")
    ]
    columns = ["rival", "origin", "horizon", "place", "log_density"]
    return pd.DataFrame(rows, columns=columns)


def test_weights_know_only_outcomes_then_published() -> None:
    """A year's outcome is published the year after: 2015's counts from 2016 on."""
    found = weights_by_year(scores(), ["a", "b"], 2012)
    assert list(found) == list(range(2012, 2020))
    for year in range(2012, 2016):
        assert found[year]["a"] == pytest.approx(1, abs=1e-6), year
    later = [found[year]["b"] for year in range(2015, 2020)]
    assert (np.diff(later) > 0).all()
    # Sixteen pairs of origin and horizon, of which ten come before 2015: nearly those shares.
    assert later[-1] == pytest.approx(6 / 16, abs=0.03)
    changed = scores()
    outcome = changed["origin"] + changed["horizon"]
    changed.loc[outcome >= 2014, "log_density"] *= -7
    assert weights_by_year(changed, ["a", "b"], 2012)[2014] == found[2014]
    assert weights_by_year(changed, ["a", "b"], 2012)[2015] != found[2015]


def test_observations_that_a_rival_did_not_foretell_count_for_none() -> None:
    table = scores()
    gap = (table["rival"] == "a") & (table["origin"] + table["horizon"] >= 2015)
    found = weights_by_year(table[~gap], ["a", "b"], 2012)
    assert found[max(found)]["a"] == pytest.approx(1, abs=1e-6)


def test_weights_as_of_a_year_are_the_newest_not_later(spec: ModelSpec) -> None:
    weights = Weights(
        spec.sha256,
        {2015: {"full": 0.7, "no-drivers": 0.3}, 2020: {"full": 0.2, "differences": 0.8}},
    )
    assert weights.as_of(2019) == {"full": 0.7, "no-drivers": 0.3}
    assert weights.as_of(2030) == {"full": 0.2, "differences": 0.8}
    with pytest.raises(SpecificationError, match="no weights of the rivals were known in 2014"):
        weights.as_of(2014)


@pytest.fixture
def file(tmp_path: Path, spec: ModelSpec) -> Path:
    """Name a specification with weights beside it."""
    path = tmp_path / "spec.yaml"
    write_weights(path, spec, {2020: {"full": 0.61234, "no-drivers": 0.38766}})
    return path


def test_weights_written_are_read(file: Path, spec: ModelSpec) -> None:
    assert read_weights(file, spec).as_of(2021) == {"full": 0.6123, "no-drivers": 0.3877}
    assert not list(file.parent.glob("*.part"))


def test_without_a_file_the_full_model_speaks_alone(tmp_path: Path, spec: ModelSpec) -> None:
    assert read_weights(tmp_path / "spec.yaml", spec).as_of(2021) == {"full": 1.0}


def test_one_rival_needs_no_weights(file: Path, spec: ModelSpec) -> None:
    one = replace(spec, rivals={"differences": spec.rivals["differences"]}, sha256="0" * 64)
    assert read_weights(file, one).as_of(2021) == {"differences": 1.0}


def test_weights_of_another_specification_are_refused(file: Path, spec: ModelSpec) -> None:
    with pytest.raises(StalePosterior, match="found for another specification") as caught:
        read_weights(file, replace(spec, sha256="0" * 64))
    for word in ("weights.json", "000000", "backtest --weigh"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        json.dumps({"specification": "x", "weights": {"soon": {"full": 1}}}),
        json.dumps({"specification": "x", "weights": {"2020": {"full": "all"}}}),
        json.dumps({"specification": "x", "weights": {"2020": [1]}}),
        json.dumps({"weights": {"2020": {"full": 1}}}),
    ],
)
def test_a_file_that_holds_no_weights(content: str, file: Path, spec: ModelSpec) -> None:
    file.with_name("weights.json").write_text(content, "utf-8")
    with pytest.raises(StalePosterior, match="does not hold weights") as caught:
        read_weights(file, spec)
    assert "weights.json" in str(caught.value)


def test_weights_of_a_rival_that_is_none(file: Path, spec: ModelSpec) -> None:
    content = {"specification": spec.sha256, "weights": {"2020": {"ful": 1.0}}}
    file.with_name("weights.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(SpecificationError, match="no such rival") as caught:
        read_weights(file, spec)
    assert "did you mean 'full'?" in str(caught.value)

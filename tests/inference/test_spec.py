"""A specification that says something wrong is refused with the place and the cure."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from qyforecast.errors import SpecificationError
from qyforecast.inference.priors import PARAMETERS
from qyforecast.inference.spec import ModelSpec, read_spec

Spoil = Callable[[dict], object]


def put(*keys: str, to: object) -> Spoil:
    def spoil(content: dict) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = to

    return spoil


def drop(*keys: str) -> Spoil:
    def spoil(content: dict) -> None:
        for key in keys[:-1]:
            content = content[key]
        del content[keys[-1]]

    return spoil


PRIOR = ("priors", "county_scale")
BAD = [
    (put("priros", to=1), ["unknown key", "priros", "did you mean 'priors'?"]),
    (put("priors", "convergance", to={}), ["convergance", "did you mean 'convergence'?"]),
    (drop("gate"), ["a key is missing", "no 'gate'"]),
    (drop("priors", "pace"), ["a key is missing", "priors", "no 'pace'"]),
    (drop(*PRIOR, "unit"), ["priors: county_scale", "no 'unit'"]),
    (drop(*PRIOR, "reason"), ["priors: county_scale", "no 'reason'"]),
    (put(*PRIOR, "reason", to="  "), ["a prior needs a reason", "county_scale"]),
    (put(*PRIOR, "reason", to=None), ["a prior needs a reason", "county_scale"]),
    (put(*PRIOR, "distribution", to="halfnorm"), ["did you mean 'halfnormal'?", "county_scale"]),
    (put(*PRIOR, "distribution", to="beta"), ["does not fit the range of county_scale"]),
    (put(*PRIOR, "sd", to=-0.3), ["sd must be above 0", "county_scale", "-0.3"]),
    (put(*PRIOR, "sd", to=0), ["sd must be above 0", "county_scale"]),
    (put(*PRIOR, "sd", to="wide"), ["a number is needed", "county_scale: sd", "'wide'"]),
    (put(*PRIOR, "mean", to=0), ["unknown key", "county_scale", "mean"]),
    (put("priors", to=[1]), ["a mapping is needed", "priors"]),
    (put("sampler", "name", to="nutpy"), ["unknown sampler", "did you mean 'nutpie'?"]),
    (put("sampler", "tune", to=0), ["sampler: tune", "above 0"]),
    (put("sampler", "chains", to=2.5), ["sampler: chains", "2.5"]),
    (put("sampler", "target_accept", to=1.2), ["target_accept lies between 0.5 and 1", "1.2"]),
    (put("gate", "rhat", to="low"), ["a number is needed", "gate: rhat"]),
    (put("measurement", "press", "median", to=-1), ["measurement: press", "not below 0"]),
    (put("drivers", "employment", to=["secondry"]), ["unknown sector", "'secondary'?"]),
    (put("drivers", "employment", to=[]), ["a list of sectors is needed", "employment"]),
    (put("reference_share", to=45), ["between 0 and the upper limit", "45, 1", "0.45, not 45"]),
    (put("reference_share", to=0), ["between 0 and the upper limit", "0, 1"]),
    (put("upper_limit", to=1.2), ["at most 1", "0.45, 1.2"]),
    (put("upper_limit", to=0.4), ["between 0 and the upper limit", "0.45, 0.4"]),
    (put("upper_limit", to="all"), ["a number is needed", "upper_limit", "'all'"]),
    (drop("upper_limit"), ["a key is missing", "no 'upper_limit'"]),
    (put("drivers", "income", to=["tertiary"]), ["unknown key", "drivers", "income"]),
    (put("rivals", to={}), ["at least one rival is needed", "rivals"]),
    (put("rivals", to=["full"]), ["a mapping is needed", "rivals"]),
    (put("rivals", "full", to=None), ["a mapping is needed", "rivals: full"]),
    (put("rivals", "full", "level", to=True), ["unknown key", "rivals: full", "'levels'?"]),
    (drop("rivals", "full", "reason"), ["rivals: full", "no 'reason'"]),
    (put("rivals", "full", "own_pace", to="faded"), ["unknown own_pace", "known: fading, pooled"]),
    (put("rivals", "full", "levels", to="on"), ["true or false is needed", "rivals: full: levels"]),
    (put("rivals", "full", "changes", to=1), ["true or false", "rivals: full: changes", "1"]),
    (put("breaks", to=["soon"]), ["years are needed", "breaks", "soon"]),
    (put("early_until", to="always"), ["years are needed", "early_until"]),
]


@pytest.fixture
def content(checkout: Path) -> dict:
    return yaml.safe_load((checkout / "models/urbanization/spec.yaml").read_text("utf-8"))


@pytest.mark.parametrize(("spoil", "words"), BAD, ids=[" ".join(words) for _, words in BAD])
def test_mistake_is_named(spoil: Spoil, words: list[str], content: dict, tmp_path: Path) -> None:
    spoil(content)
    file = tmp_path / "spec.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(SpecificationError) as caught:
        read_spec(file)
    for word in [*words, "spec.yaml"]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: [1", "is not YAML"), ("- a\n- b", "holds keys"), ("", "a key is missing")],
)
def test_file_that_is_no_specification(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "spec.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecificationError, match=words):
        read_spec(file)


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError, match="cannot be read") as caught:
        read_spec(tmp_path / "none.yaml")
    assert "none.yaml" in str(caught.value)


def test_shipped_specification_gives_every_prior_a_reason(spec: ModelSpec) -> None:
    assert set(spec.priors) == set(PARAMETERS)
    assert min(len(prior.reason) for prior in spec.priors.values()) > 10


def test_rivals_are_three_switches(spec: ModelSpec) -> None:
    """The four alternatives of model.md, section 4, the full model first."""
    switches = {name: rival.switches for name, rival in spec.rivals.items()}
    assert switches == {
        "full": (1, 1, 1),
        "no-drivers": (0, 0, 1),
        "differences": (0, 1, 1),
        "growth-difference": (0, 0, 0),
    }
    assert spec.full == "full"


def test_unknown_rival_is_refused_with_the_nearest(spec: ModelSpec) -> None:
    with pytest.raises(SpecificationError, match="no such rival") as caught:
        spec.rival("no-driver")
    assert "did you mean 'no-drivers'?" in str(caught.value)


def test_hash_follows_the_text(content: dict, spec: ModelSpec, tmp_path: Path) -> None:
    content["priors"]["pace"]["sd"] = 0.03
    file = tmp_path / "spec.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert read_spec(file).sha256 != spec.sha256

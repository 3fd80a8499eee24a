"""The card, and the commands that make it, on posteriors made by hand."""

import contextlib
import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from qyforecast.census.census import read_census
from qyforecast.census.panel import Panel
from qyforecast.cli import main
from qyforecast.decide.targets import Assessment, Target
from qyforecast.errors import SpecificationError
from qyforecast.forecast import newest
from qyforecast.inference.priors import Prior
from qyforecast.inference.spec import read_spec
from qyforecast.inference.store import Store
from qyforecast.provenance import shipped_folder
from qyforecast.report.card import Card, Section, render_card
from qyforecast.report.coefficients import Coefficient, plain_words
from qyforecast.report.models import find_model, model_table, record_table
from qyforecast.report.overview import TextTable
from qyforecast.report.vintages import Vintage, explain_vintages
from tests.report.hand_made import make_posterior

SEED = 2022


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """Give a folder of one model with a record and weights."""
    folder = tmp_path_factory.mktemp("card") / "models" / "small"
    folder.mkdir(parents=True)
    path = folder / "spec.yaml"
    shutil.copy(shipped_folder("models") / "urbanization" / "spec.yaml", path)
    (folder / "record.csv").write_text(
        "rival,horizon,observations,mae,crps\n"
        "persistence,5,200,3.21,2.5\nfull,5,200,1.13,0.81\nfull,10,90,1.66,\n"
    )
    weights = {
        "2022": {"full": 0.7, "no-drivers": 0.3},
        "2025": {"full": 0.95, "differences": 0.05},
    }
    content = {"specification": read_spec(path).sha256, "weights": weights}
    (folder / "weights.json").write_text(json.dumps(content))
    return folder.parent


@pytest.fixture(scope="module")
def made(models: Path) -> tuple[Path, str]:
    """Run `qyforecast fit` on saved posteriors; give its folder and what it printed."""
    folder, patch = models.parent, pytest.MonkeyPatch()
    spec, census = read_spec(models / "small" / "spec.yaml"), read_census()
    store = Store(folder / "results" / "posteriors", SEED, 4000)
    for year in (2023, newest(census)):
        panel = Panel.from_census(census, as_of=year)
        make_posterior(spec, panel, draws=4000, seed=SEED).save(store.path(panel, "full"))
    words = ["fit", str(models / "small" / "spec.yaml"), "--rival", "full", "--no-fit"]
    words += ["--as-of", "2023", "--as-of", "newest", "--out", "card"]
    said = io.StringIO()
    with patch.context() as here, contextlib.redirect_stdout(said):
        here.chdir(folder)
        here.setenv("COLUMNS", "250")
        here.setattr(sys, "argv", ["qyforecast", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code
    return folder / "card", said.getvalue()


def test_the_command_prints_what_a_statistician_asks(made) -> None:
    said = made[1]
    for part in ("largest R-hat", "employment secondary, response", "points a year", "Twin and"):
        assert part in said
    assert "1.0020" in said


def test_the_card_has_every_section_and_its_figures(made) -> None:
    folder, _ = made
    text = (folder / "card.md").read_text("utf-8")
    for title in ("What the model is", "Data and vintages", "Health", "What was learned",
                  "Rivals and weights", "Predictions before and after", "What the priors decide",
                  "frequentist twin", "What a driver does", "Futures of the drivers",
                  "calibration", "Why years of knowledge differ", "Limits"):  # fmt: skip
        assert title in text
    named = {name for name in ("card-priors.png", "card-coefficients.png") if f"({name})" in text}
    assert named == {path.name for path in folder.glob("*.png")}
    assert "nan" not in text.lower().split()


def test_a_record_is_shown_and_what_is_missing_is_said(made) -> None:
    text = (made[0] / "card.md").read_text("utf-8")
    assert "| full | 5 | 200 | 1.13 | 0.81 |" in text
    assert "| full | 10 | 90 | 1.66 | – |" in text
    assert "Simulation-based calibration has no table" in text


def test_vintages_are_told_apart_in_words(made) -> None:
    text = (made[0] / "card.md").read_text("utf-8")
    sentence = next(line for line in text.splitlines() if line.startswith("As of 2025, after 2023"))
    assert "more published share" in sentence
    assert "about 65 % by 2035: " in sentence


def vintage(as_of: int, **known: object) -> Vintage:
    target = Target("half", "621000", 2025, 0.5)
    answer = Assessment("baseline", as_of, target, 0.4, 0.01, 0.49, 0.47, 0.52, 0.46, 0.53, 2.0)
    usual: dict = {
        "reading": (2020, 0.419, "census"),
        "county_readings": 0,
        "pace_until": 2020,
        "provinces": 31,
    }
    usual |= {"pace": 0.05, "weights": {"full": 1.0}, "medians": {2022: 0.455}}
    return Vintage(as_of, targets=(answer,), **(usual | known))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "nothing new of the city or the provinces"),
        (
            {"reading": (2022, 0.44, "bulletin")},
            "share of 2022 (44.0 %, bulletin), 1.5 points lower than the year before's median",
        ),
        ({"pace_until": 2021, "pace": 0.04}, "31 provinces in 2021, whose log odds rose by 0.040"),
        ({"weights": {"full": 0.6, "differences": 0.4}}, "other weights"),
        ({"county_readings": 1}, "1 more published share of its counties"),
    ],
)
def test_each_thing_learned_has_its_words(known: dict, said: str) -> None:
    (sentence,) = explain_vintages([vintage(2021), vintage(2022, **known)])
    assert said in sentence
    assert sentence.endswith("50 % by 2025: 40.0 %, then 40.0 %.")


def test_models_are_listed_with_newest_weights(models: Path) -> None:
    (row,) = model_table(models).rows
    assert row[1] == "3"
    assert row[3:] == ("full 1.00 (2025)", "no")


def test_records_stand_side_by_side_the_best_first(models: Path) -> None:
    rows = record_table(models).rows
    assert [row[:3] for row in rows] == [
        ("small", "full", "5"),
        ("small", "persistence", "5"),
        ("small", "full", "10"),
    ]


def test_without_a_record_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with pytest.raises(SpecificationError, match="no model has a record"):
        record_table(tmp_path)


def test_a_misspelt_model_is_answered_with_the_nearest(models: Path) -> None:
    with pytest.raises(SpecificationError, match="did you mean 'small'"):
        find_model("smal", models)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("log odds / year", 0.04, "+1.00 points a year"),
        ("log odds / year per unit share", -0.04, "-0.10 points a year for ten points of share"),
        ("log odds per unit share", 0.4, "+1.00 points at once for ten points of share"),
        ("1 / year", 0.025, "half of a gap closed in 28 years"),
        ("1", 0.5, ""),
    ],
)
def test_plain_units_at_one_half(unit: str, value: float, said: str) -> None:
    """At a share of one half a log odds is 25 points."""
    spec = read_spec(shipped_folder("models") / "urbanization" / "spec.yaml")
    prior = Prior("normal", {"mean": 0.0, "sd": 1.0}, "any", unit)
    five = np.full(5, value)
    assert plain_words(Coefficient("any", unit, five, five, five, prior), 0.5, spec) == said


def test_a_bar_in_a_cell_does_not_break_the_grid() -> None:
    table = TextTable("Title", ("a", "b"), (("x | y", "z"),), ("a note",))
    text = render_card(Card("Card", (Section("key", "Heading", ("Words.",), (table,)),)))
    assert "| x \\| y | z |" in text
    assert text.index("## Heading") < text.index("Words.") < text.index("- a note")

"""What a briefing says of results made by hand: every number, both languages, every lack."""

import json
import re
import shutil

import pandas as pd
import pytest

from qyforecast.census.census import read_census
from qyforecast.errors import OutputError
from qyforecast.report import wording
from qyforecast.report.briefing import briefing
from qyforecast.report.charts import open_saved
from qyforecast.report.document import Grid, Paragraph, Picture
from qyforecast.report.figures.registry import RECIPES
from qyforecast.report.likelihood import WORDS, likelihood, stated
from tests.report.hand_made_results import write_hand_made

#: Words that stay as they are in Chinese: commands, files, a user's own scenario, standards.
CODES = {"qyforecast", "my-own", "demography", "scenario", "show", "compare", "--apart"}
CODES |= {"all-of-it", "monitor", "backtest", "fit", "results", "latest", "manifest", "json"}
CODES |= {"datapackage", "N", "GM", "a", "b", "c", "R-hat", "e-"}
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Give results made by hand."""
    folder = tmp_path_factory.mktemp("briefing")
    write_hand_made(folder / "results", folder / "model", read_census())
    return open_saved(folder / "results", model=folder / "model")


@pytest.fixture(scope="module")
def documents(saved):
    """Give the briefing in both languages."""
    return {lang: briefing(saved, lang) for lang in LANGUAGES}


@pytest.fixture
def copy(saved, tmp_path):
    """Give a copy of the results to spoil."""
    shutil.copytree(saved.results.parent, tmp_path / "spoilt")
    return open_saved(tmp_path / "spoilt" / "results", model=tmp_path / "spoilt" / "model")


def said(document) -> list[str]:
    """Everything that is said, but what stands inside pictures."""
    texts = [document.title, *(part.title for part in document.parts)]
    for block in document.blocks():
        if isinstance(block, Paragraph):
            texts.append(block.text)
        elif isinstance(block, Grid):
            shown = block.shown
            texts += [shown.title, *shown.columns, *shown.notes, *block.units.values()]
            texts += [cell for row in shown.rows for cell in row]
        else:
            texts += [block.chart.title, block.chart.alt]
    return texts


def grid(document, key) -> Grid:
    """Find a grid."""
    return next(b for b in document.blocks() if isinstance(b, Grid) and b.key == key)


def test_no_text_is_defined_twice():
    tables = [found for name, found in vars(wording).items() if name.isupper()]
    pairs = [table for table in tables if isinstance(table, dict) and table is not wording._PAIRS]
    keys = [key for table in pairs if table is not wording.TEXTS for key in table]
    assert len(keys) > 300
    assert len(keys) == len(set(keys))
    assert set(wording.TEXTS["zh"]) >= set(keys)


def test_no_english_is_left_in_chinese(documents):
    words = {w for text in said(documents["zh"]) for w in re.findall(r"[A-Za-z][A-Za-z-]*", text)}
    left = {word for word in words if word not in CODES and not word.endswith(".csv")}
    assert not left


def test_no_chinese_is_left_in_english(documents):
    assert not [text for text in said(documents["en"]) if re.search("[一-鿿（），。：]", text)]


def test_both_languages_say_the_same_parts_with_the_same_numbers(documents):
    chinese, english = (documents[lang] for lang in LANGUAGES)
    assert [part.key for part in chinese.parts] == [part.key for part in english.parts]
    for one, other in zip(chinese.blocks(), english.blocks(), strict=True):
        assert type(one) is type(other)
        if isinstance(one, Grid):
            # What was run stands in the manifest by its name, so in words.
            assert one.key == "manifest" or one.frame.equals(other.frame)
            assert len(one.shown.rows) == len(other.shown.rows)
        if isinstance(one, Picture):
            pd.testing.assert_frame_equal(one.chart.table, other.chart.table)


def test_the_answer_has_the_probabilities_of_the_table(documents, saved):
    table = saved.table("latest/targets", saved.census.city)
    mine = table[(table["region_code"] == saved.census.city) & (table["scenario"] == "baseline")]
    strict = mine[mine["target"].str.contains("at-least")]
    assert len(strict) == 4
    for lang, document in documents.items():
        first = document.parts[0].blocks[0]
        assert first.weight == "answer"
        for row in strict.to_dict("records"):
            numbers = row["probability"], row["standard_error"]
            assert likelihood(*numbers, lang) in first.text
            assert stated(*numbers, lang) in first.text


def numbers_of(text: str) -> list[float]:
    """Numbers of a text, as they are written."""
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", text)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cells_are_the_numbers_of_the_tables(documents, saved, lang):
    table = saved.table("latest/targets", saved.census.city)
    keys = ["scenario", "as_of", "region_code", "target"]
    rows = table.set_index(keys).sort_index()
    shown = grid(documents[lang], "targets").shown
    assert len(shown.rows) == 3
    for cells, target in zip(shown.rows, table["target"].unique(), strict=True):
        for place, as_of in enumerate((2021, 2025)):
            row = rows.loc[("baseline", as_of, saved.census.city, target)]
            if row["probability"] >= 0.01:
                chance = numbers_of(cells[1 + 2 * place])
                assert chance == [round(100 * row["probability"], 1), 0.7]
            wanted = [round(100 * row[name], 1) for name in ("median", "lower80", "upper80")]
            assert numbers_of(cells[2 + 2 * place]) == wanted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_changes_are_those_of_the_comparison(documents, saved, lang):
    chances = saved.table("compare/chances", saved.census.city)
    mine = chances[(chances["as_of"] == 2025) & (chances["target"] == "2035-at-least-65")]
    mine = mine.sort_values("probability", ascending=False)
    shown = grid(documents[lang], "change-2035").shown
    assert len(shown.rows) == len(mine) == 3
    for cells, row in zip(shown.rows, mine.to_dict("records"), strict=True):
        assert numbers_of(cells[1])[0] == round(100 * row["probability"], 1)
        if row["scenario"] == "baseline":
            assert cells[2:5] == ("–", "–", "–")
            continue
        assert numbers_of(cells[2])[0] == round(100 * row["difference"], 1)
        wanted = [round(row[f"gain_points{end}"], 2) for end in ("", "_lower90", "_upper90")]
        assert numbers_of(cells[3]) == wanted
        persons = numbers_of(cells[4])[0] * (10_000 if "万" in cells[4] else 1)
        assert persons == pytest.approx(row["gain_persons"], abs=50)


def test_every_chart_stands_in_the_document_once(documents):
    for document in documents.values():
        names = [block.chart.name for block in document.blocks() if isinstance(block, Picture)]
        assert sorted(names) == sorted(RECIPES)


def test_no_probability_is_said_to_be_0_or_100(documents):
    for document in documents.values():
        grids = [grid(document, key) for key in ("targets", "scenarios", "places")]
        cells = [cell for one in grids for row in one.shown.rows for cell in row]
        assert any("<1" in cell for cell in cells)
        assert not [cell for cell in cells if re.search(r"(?<![\d.])(0|100)(\.0+)? ?(%|±)", cell)]


@pytest.mark.parametrize("probability", [0.0, 0.004, 0.02, 0.2, 0.4, 0.5, 0.6, 0.8, 0.95, 0.999, 1])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_rise_with_the_probability(probability, lang):
    order = [wording.say(f"word_{word}", lang) for word in reversed(WORDS)]
    order.insert(4, wording.say("word_even", lang))
    assert len(set(order)) == 9
    lower, higher = likelihood(probability * 0.5, 1e-4, lang), likelihood(probability, 1e-4, lang)
    assert order.index(lower) <= order.index(higher)


def test_a_coarse_probability_is_said_in_fives():
    assert stated(0.433, 0.025, "en") == "45 %"
    assert stated(0.98, 0.025, "zh") == "95%以上"
    assert stated(0.433, 0.007, "zh") == "43%"


def test_an_even_chance_is_called_so_within_two_errors():
    assert likelihood(0.513, 0.007, "en") == "about as likely as not"
    assert likelihood(0.515, 0.007, "en") == "more likely than not"


def test_what_is_missing_is_said_with_its_command(copy):
    for folder in ("compare", "demography", "backtest", "monitor"):
        shutil.rmtree(copy.results / folder)
    for path in copy.model.glob("*.csv"):
        path.unlink()
    for lang in LANGUAGES:
        document = briefing(copy, lang)
        texts = "\n".join(said(document))
        for command in ("compare --apart all-of-it", "demography", "backtest", "monitor", "fit"):
            assert f"qyforecast {command}" in texts
        assert len(document.parts) == 14
        names = [b.chart.name for b in document.blocks() if isinstance(b, Picture)]
        assert names == ["fan", "counties", "pyramid", "flows"]


def spoil(path, change) -> None:
    """Change a manifest."""
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_results_of_another_version_are_refused(copy):
    path = copy.results / "latest" / "manifest.json"
    spoil(path, lambda content: content["versions"].update(qyforecast="0.0.1"))
    with pytest.raises(OutputError, match="another version") as error:
        briefing(copy, "en")
    assert "0.0.1" in str(error.value)
    assert "qyforecast forecast again" in str(error.value)


def test_a_comparison_of_another_model_is_refused(copy):
    path = copy.results / "compare" / "manifest.json"
    spoil(path, lambda content: content.update(specification="6" * 64))
    with pytest.raises(OutputError, match="do not belong together"):
        briefing(copy, "zh")


def test_scenarios_changed_since_are_refused(copy):
    path = copy.results / "latest" / "manifest.json"
    spoil(path, lambda content: content["hashes"]["scenarios"].update({"skills.yaml": "0" * 64}))
    with pytest.raises(OutputError, match="scenario files") as error:
        briefing(copy, "en")
    assert "skills.yaml" in str(error.value)


@pytest.mark.parametrize("lost", ["median", "standard_error"])
def test_a_table_without_a_column_is_refused(copy, lost):
    path = copy.results / "latest" / "targets.csv"
    pd.read_csv(path, dtype=str).drop(columns=lost).to_csv(path, index=False)
    with pytest.raises(OutputError, match="lack what a briefing tells") as error:
        briefing(copy, "en")
    assert lost in str(error.value)


def test_no_forecast_is_refused(copy):
    shutil.rmtree(copy.results / "latest")
    with pytest.raises(OutputError, match="need a forecast"):
        briefing(copy, "en")

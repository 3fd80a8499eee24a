"""Monitoring replayed on posteriors made by hand: nothing here waits for a fit."""

import json
import re
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from qyforecast.census.additions import add_figures
from qyforecast.census.census import read_census
from qyforecast.census.figure_files import parse_figures
from qyforecast.census.panel import Panel
from qyforecast.cli import main
from qyforecast.errors import QyforecastError
from qyforecast.inference.spec import read_spec
from qyforecast.inference.store import Store
from qyforecast.monitor_commands import gather
from qyforecast.provenance import file_sha256, shipped_folder
from qyforecast.report.card import render_card
from qyforecast.report.monitor_figures import history
from qyforecast.report.monitor_files import Monitored, draw_history, produce_monitoring
from qyforecast.report.monitor_tables import TOGETHER, history_table
from qyforecast.report.monitor_text import LENGTHS
from qyforecast.report.monitor_words import LIKELIHOOD, WORDS
from qyforecast.report.monitoring import watch
from qyforecast.report.request import Request
from qyforecast.report.wording import LANGUAGES
from tests.report.hand_made import make_posterior

CITY, DRAWS, SEED = "621000", 400, 2022
NEW = {"year": "2024", "urban": "0.478", "source": "bulletin of 2024", "published": "2025"}


@dataclass(frozen=True)
class Replay:
    """A replay of 2021 and 2023, and then with a figure added."""

    request: Request
    plain: Monitored
    folder: Path
    longer: Monitored


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Replay:
    place = tmp_path_factory.mktemp("monitor")
    text = (shipped_folder("models") / "urbanization" / "spec.yaml").read_text("utf-8")
    assert "draws: 1000" in text
    model = place / "spec.yaml"
    model.write_text(text.replace("draws: 1000", f"draws: {DRAWS // 4}"), "utf-8")
    data = place / "census"
    shutil.copytree(shipped_folder("census"), data)
    spec, census = read_spec(model), read_census(data)
    longer = add_figures(census, parse_figures(NEW, "test"), today=2026)
    saved = place / "results" / "posteriors"
    store = Store(saved, SEED, DRAWS, may_fit=False)
    for as_of in (2021, 2023):
        panel = Panel.from_census(census, as_of=as_of)
        made = make_posterior(spec, panel, draws=DRAWS, seed=as_of)
        replace(made, seed=SEED).save(store.path(panel, spec.full))
    panel = Panel.from_census(longer, as_of=2025)
    made = make_posterior(spec, panel, draws=DRAWS, seed=1)
    added = replace(store, folder=saved / "added")
    replace(made, seed=SEED).save(added.path(panel, spec.full))
    request = Request(
        place / "results" / "monitor", data=data, model=model, as_of=("2023", "2021"),
        draws=DRAWS, seed=SEED, may_fit=False,
    )  # fmt: skip
    plain = produce_monitoring(request, lengths=tuple(LENGTHS))
    folder = place / "first"
    shutil.copytree(request.out, folder)
    with_figure = produce_monitoring(request, parse_figures(NEW, "--add"), lengths=tuple(LENGTHS))
    return Replay(request, plain, folder, with_figure)


def table(folder: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{name}.csv", dtype={"region_code": str, "vintage": str})


def test_parts_add_up_in_the_table_as_written(replay):
    moves = table(replay.request.out, "moves")
    keys = ["from", "to", "region_code", "target"]
    whole = moves[moves["part"] == TOGETHER].set_index(keys)
    parts = moves[moves["part"] != TOGETHER].groupby(keys)[["probability", "points"]].sum()
    # Two steps and the whole way, for the city and eight counties, three targets each.
    assert len(whole) == 3 * 9 * 3
    assert (whole["probability"] != 0).sum() > 20
    for column in ("probability", "points"):
        assert (parts[column] - whole[column]).abs().max() < 1e-9


def test_the_whole_way_is_the_sum_of_its_steps(replay):
    moves = table(replay.request.out, "moves")
    moves = moves[moves["part"] == TOGETHER]
    straight = (moves["from"].astype(str) == "2021") & (moves["to"].astype(str) == "2025+")
    steps = moves[~straight].groupby(["region_code", "target"])["probability"].sum()
    whole = moves[straight].set_index(["region_code", "target"])["probability"]
    assert (steps - whole).abs().max() < 1e-9


def test_the_history_is_that_of_the_changes(replay):
    told = table(replay.folder, "history")
    assert list(dict.fromkeys(told["vintage"])) == ["2021", "2023"]
    mine = told[(told["region_code"] == CITY) & (told["target"] == "2025-at-least-50")]
    moves = table(replay.folder, "moves")
    first = moves[
        (moves["region_code"] == CITY)
        & (moves["target"] == "2025-at-least-50")
        & (moves["part"] == TOGETHER)
    ]["probability"].iloc[0]
    assert np.diff(mine["probability"])[0] == pytest.approx(first, abs=1e-9)
    assert (mine["standard_error"] > 0).all()


def test_an_added_figure_is_a_vintage_of_its_own_and_leaves_the_others(replay):
    labels = [one.label for one in replay.longer.found.vintages]
    assert labels == ["2021", "2023", "2025+"]
    before, after = table(replay.folder, "history"), table(replay.request.out, "history")
    pd.testing.assert_frame_equal(before, after[~after["added"]].reset_index(drop=True))
    seen = table(replay.request.out, "seen")
    last = seen[(seen["from"].astype(str) == "2023") & (seen["region_code"] == CITY)]
    assert last["year"].tolist() == [2023, 2024]
    assert last["kind"].tolist() == ["estimate", "bulletin"]


def test_figures_are_kept_with_the_results_and_in_the_users_own_folder(replay):
    for path in (replay.request.out / "figures.csv", replay.request.data / "additions.csv"):
        kept = pd.read_csv(path)
        assert kept[["year", "variable", "value", "kind"]].values.tolist() == [
            [2024, "urban_share", 0.478, "bulletin"]
        ]
    assert not (shipped_folder("census") / "additions.csv").exists()
    again = read_census(replay.request.data)
    assert (again.series["source"] == "bulletin of 2024").sum() == 1


def test_the_manifest_names_every_file(replay):
    said = json.loads((replay.request.out / "manifest.json").read_text("utf-8"))
    files = {path.name for path in replay.request.out.iterdir()} - {"manifest.json"}
    assert set(said["files"]) == files
    assert {"history.png", "note.zh.md", "final.en.md", "figures.csv", "moves.csv"} <= files
    assert said["files"]["moves.csv"] == file_sha256(replay.request.out / "moves.csv")
    assert said["vintages"] == ["2021", "2023", "2025+"]


@pytest.mark.parametrize("length", LENGTHS)
def test_both_languages_tell_the_same(replay, length):
    zh, en = (replay.longer.documents[f"{length}.{lang}.md"] for lang in ("zh", "en"))
    assert [one.key for one in zh.sections] == [one.key for one in en.sections]
    for one, other in zip(zh.sections, en.sections, strict=True):
        assert len(one.sentences) == len(other.sentences)
        shapes = [
            [(len(t.rows), len(t.columns), len(t.notes)) for t in section.tables]
            for section in (one, other)
        ]
        assert shapes[0] == shapes[1]
    for document, han in ((zh, True), (en, False)):
        text = render_card(document)
        assert "{" not in text
        assert bool(re.search(r"[\u4e00-\u9fff]", text)) == han
        assert all(len(row) == len(t.columns) for s in document.sections for t in s.tables
                   for row in t.rows)  # fmt: skip


def test_a_longer_document_tells_all_that_a_shorter_one_does(replay):
    for lang in LANGUAGES:
        note, middle, final = (
            {s.key: s for s in replay.longer.documents[f"{length}.{lang}.md"].sections}
            for length in LENGTHS
        )
        assert set(note) < set(middle) < set(final)
        assert set(note["moves"].tables) < set(middle["moves"].tables) < set(final["moves"].tables)


def test_the_final_assessment_gives_no_verdict_before_the_year_is_told(replay):
    (said,) = replay.plain.documents["final.en.md"].sections[0].sentences
    assert said.count("no verdict yet") == 3
    assert "44.0 % for 2022" in said


def test_a_path_outside_its_band_is_warned_of_in_both_languages(replay):
    step = replay.longer.found.whole
    left = [one.left for one in step.seen if one.kind != "estimate"]
    for lang, warning in (("en", "Warning:"), ("zh", "预警：")):
        sections = replay.longer.documents[f"mid-term.{lang}.md"].sections
        band = next(one for one in sections if one.key == "band")
        steps = (replay.longer.found.steps[-1], step)
        expected = sum(o.left for s in steps for o in s.seen if o.kind != "estimate")
        assert band.sentences[0].count(warning) == expected
    assert left


def test_one_vintage_alone_is_refused(replay):
    with pytest.raises(QyforecastError, match="one is named"):
        watch(replace(replay.request, as_of=("2021",)))


def test_an_unknown_length_is_refused_before_anything_is_read(replay):
    with pytest.raises(QyforecastError, match="no document of that kind"):
        produce_monitoring(replay.request, lengths=("essay",))


def test_words_are_the_same_in_both_languages():
    assert set(WORDS["en"]) == set(WORDS["zh"])
    gaps = re.compile(r"{(\w+)}")
    for key, text in WORDS["en"].items():
        assert set(gaps.findall(text)) == set(gaps.findall(WORDS["zh"][key])), key
    assert list(LIKELIHOOD) == sorted(LIKELIHOOD, reverse=True)


def test_the_chart_marks_where_a_target_became_unlikely(replay):
    found = replay.longer.found
    told = history_table(found)
    mine = told[told["region_code"] == CITY].copy()
    falling = {"2021": 0.8, "2023": 0.3, "2025+": 0.1}
    near = mine["target"] == "2025-at-least-50"
    mine.loc[near, "probability"] = mine.loc[near, "vintage"].map(falling)
    mine.loc[~near, "probability"] = 0.6
    figure, shown = history(mine, found.city_targets, "Qingyang", "en", DRAWS)
    marked = shown[shown["unlikely"]]
    assert marked[["vintage", "target"]].values.tolist() == [["2023", "2025-at-least-50"]]
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert "unlikely as of 2023" in texts
    assert shown["probability"].tolist()[:3] == [0.8, 0.3, 0.1]


def test_words_on_the_chart_keep_clear_of_one_another(replay):
    found = replay.longer.found
    figure = draw_history(found, history_table(found), "en")
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in texts]
    width, height = canvas.get_width_height()
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0, text.get_text()
        assert box.y0 >= 0, text.get_text()
        assert box.x1 <= width, text.get_text()
        assert box.y1 <= height, text.get_text()
    clashes = [
        (texts[i].get_text(), texts[j].get_text())
        for i in range(len(texts))
        for j in range(i)
        if boxes[i].padded(-1.5).overlaps(boxes[j].padded(-1.5))
    ]
    assert not clashes


def test_the_words_of_a_figure_are_gathered():
    line = [
        "--add",
        "year=2024",
        "urban=0.478",
        "source=a b",
        "--to",
        "2035",
        "--add",
        "year=1 k=2",
    ]
    assert gather(line) == [
        "--add", "year=2024 urban=0.478 'source=a b'", "--to", "2035", "--add", "year=1 k=2",
    ]  # fmt: skip
    assert gather(["--as-of", "2021"]) == ["--as-of", "2021"]


def test_results_that_hold_the_only_copy_of_a_figure_are_not_replaced(replay):
    elsewhere = replace(replay.request, data=None)
    with pytest.raises(QyforecastError, match="leaves out") as refused:
        produce_monitoring(elsewhere)
    assert "--add-file" in refused.value.cure
    assert (replay.request.out / "figures.csv").is_file()


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["year=2024", "urban=47.8", "source=a b"], "write 0.478 for 47.8 %"),
        (["year=2024 urban=0.478"], 'source="where it is printed"'),
        (["year=2024 urban=0.478 source='a"], "quote is not closed"),
        (["year=2024", "year=2023", "urban=0.478", "source=a"], "each key once"),
    ],
)
def test_a_bad_figure_ends_with_code_2_and_one_message(words, cure, monkeypatch, capsys, tmp_path):
    out = tmp_path / "monitor"
    command = ["qyforecast", "monitor", "--quiet", "--add", *words, "--out", str(out)]
    monkeypatch.setattr(sys, "argv", command)
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert said.count("error:") == 1
    assert cure in said
    assert not out.exists()

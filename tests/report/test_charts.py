"""Charts from results made by hand: what they draw, say, refuse, and leave behind."""

import json
import re
import shutil
import sys
import warnings
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import findfont
from matplotlib.text import Text

from qyforecast.census.census import read_census
from qyforecast.cli import main
from qyforecast.errors import OutputError
from qyforecast.report.charts import Wanted, left_out, make_charts, open_saved, write_charts
from qyforecast.report.figures.registry import RECIPES
from qyforecast.report.names import METHODS, NAMES
from qyforecast.report.style import FACE, FACE_FILE, register_face, wrapped
from qyforecast.report.wording import TEXTS
from tests.report.hand_made_results import TARGETS, write_hand_made

#: Codes that stay as they are in Chinese: a user's own scenario, names of methods and standards.
CODES = {"my-own", "GM"}


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Give results made by hand."""
    folder = tmp_path_factory.mktemp("charts")
    write_hand_made(folder / "results", folder / "model", read_census())
    return open_saved(folder / "results", model=folder / "model")


@pytest.fixture(scope="module")
def drawn(saved):
    """Give every chart in both languages, rendered with warnings as errors."""
    found = {}
    for lang in ("zh", "en"):
        for chart in make_charts(saved, Wanted(lang)):
            canvas = FigureCanvasAgg(chart.figure)
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                canvas.draw()
            found[lang, chart.name] = chart
    return found


def words(chart) -> list[str]:
    """Everything written on a chart."""
    return [
        text.get_text()
        for text in chart.figure.findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]


def test_every_chart_is_drawn_in_both_languages_without_a_missing_glyph(drawn):
    assert set(drawn) == {(lang, name) for lang in ("zh", "en") for name in RECIPES}


def test_a_missing_glyph_would_be_seen(saved):
    chart = next(make_charts(saved, Wanted("zh", ("fan",))))
    chart.figure.text(0.5, 0.5, "\U00020000")
    with pytest.warns(UserWarning, match="missing from font"):
        FigureCanvasAgg(chart.figure).draw()


def test_charts_are_set_in_the_bundled_face(drawn):
    assert Path(findfont(FACE)) == FACE_FILE
    fonts = {text.get_fontname() for chart in drawn.values() for text in chart.figure.findobj(Text)}
    assert fonts == {FACE}


def test_the_face_has_every_character_of_texts_names_and_places():
    known = TTFont(FACE_FILE).getBestCmap() or {}
    census = read_census()
    said = [*TEXTS["zh"].values(), *TEXTS["en"].values()]
    said += [name for pair in (*NAMES.values(), *METHODS.values()) for name in pair]
    said += [name for pair in census.names.values() for name in pair]
    missing = {letter for text in said for letter in text if ord(letter) not in known}
    assert not missing - {"\n"}
    assert len(said) > 300


def test_no_english_is_left_in_chinese_charts(drawn):
    left = {
        word
        for (lang, _), chart in drawn.items()
        if lang == "zh"
        for text in (*words(chart), chart.title, chart.alt, chart.unit, chart.source, chart.as_of)
        for word in re.findall(r"[A-Za-z][A-Za-z-]*", text)
    }
    assert left <= CODES, left


def test_no_chinese_is_left_in_english_charts(drawn):
    said = [
        text
        for (lang, _), chart in drawn.items()
        if lang == "en"
        for text in (*words(chart), chart.title, chart.alt, chart.unit, chart.source)
    ]
    assert said
    assert not [text for text in said if re.search("[一-鿿]", text)]


def test_the_foot_says_unit_vintage_and_source(drawn):
    for chart in drawn.values():
        said = "".join(words(chart)).replace("\n", "").replace(" ", "")
        for part in (chart.unit, chart.as_of, chart.source, chart.title):
            assert part
            assert part.replace(" ", "") in said, chart.name


def test_nothing_is_cut_off_and_titles_keep_clear_of_one_another(drawn):
    for key, chart in drawn.items():
        width, height = chart.figure.get_size_inches()
        seen = chart.figure.get_tightbbox()
        assert min(seen.x0, seen.y0) > -0.02, key
        assert seen.x1 < width + 0.02, key
        assert seen.y1 < height + 0.02, key
        panels = [panel for panel in chart.figure.axes if panel.get_visible()]
        titles = [*(panel._left_title for panel in panels), *chart.figure.texts]
        boxes = {t.get_text(): t.get_window_extent() for t in titles if t.get_text().strip()}
        clashes = [
            (one, two)
            for (one, a), (two, b) in combinations(boxes.items(), 2)
            if a.padded(-1).overlaps(b.padded(-1))
        ]
        assert not clashes, (key, clashes)


def test_charts_return_the_numbers_of_the_tables(saved, drawn):
    city = saved.census.city
    chances = saved.table("compare/chances", city).query("as_of == 2025")
    rows = drawn["zh", "chances"].table
    assert len(rows) == 6
    for row in rows.itertuples():
        match = chances[(chances["scenario"] == row.scenario) & (chances["year"] == row.year)]
        match = match[match["threshold"] == row.threshold]
        assert match["probability"].item() == row.probability
    people = saved.table("latest/population", city)
    people = people[(people["region_code"] == city) & (people["as_of"] == 2025)]
    assert drawn["zh", "pyramid"].table["q50"].sum() == people["q50"].sum()
    gone = saved.table("demography/residual_migration", city)
    assert drawn["en", "migration-age"].table["residual"].sum() == pytest.approx(
        gone["residual"].sum()
    )
    share = saved.table("latest/urban_share", city)
    fan = drawn["zh", "fan"].table.query("what == 'quantile' and label == 'q975' and as_of == 2021")
    mine = share.query("region_code == @city and as_of == 2021 and scenario == 'baseline'")
    assert fan["value"].tolist() == mine["q975"].tolist()


def test_what_is_drawn_is_what_is_returned(drawn):
    """Dots of the chart of probabilities stand where its table says."""
    chart = drawn["zh", "chances"]
    for panel, year in zip(chart.figure.axes, (2025, 2035), strict=True):  # noqa: B007
        dots = sorted(line.get_xdata()[0] for line in panel.lines if line.get_marker() == "o")
        assert dots == sorted(chart.table.query("year == @year")["probability"])
    bars = [bar.get_width() for bar in drawn["en", "shapley"].figure.axes[0].patches]
    assert sorted(bars) == pytest.approx(sorted(drawn["en", "shapley"].table["gain_points"]))


def test_reliability_counts_outcomes_in_central_intervals(saved, drawn):
    cells = saved.table("backtest/cells", saved.census.city)
    pit = cells.query("method == 'mixture' and horizon == 5")["pit"]
    row = drawn["zh", "reliability"].table.query("horizon == 5 and probability == 0.5")
    assert row["held"].item() == np.mean((pit >= 0.25) & (pit <= 0.75))


def test_scenarios_stand_in_the_order_of_the_last_target(drawn):
    chart = drawn["en", "chances"]
    shown = [label.get_text() for label in chart.figure.axes[0].get_yticklabels()]
    last = chart.table.query("year == 2035").sort_values("probability")["scenario"].tolist()
    assert shown == [NAMES.get(name, (name,))[0] for name in last]


def test_counties_stand_where_the_layout_puts_them(saved, drawn):
    setting = saved.setting("zh")
    assert set(setting.grid) == set(saved.census.regions)
    visible = [panel for panel in drawn["zh", "counties"].figure.axes if panel.get_visible()]
    assert len(visible) == len(saved.census.regions)


def test_a_county_has_charts_of_its_own(saved):
    code = saved.census.regions[0]
    chart = next(make_charts(saved, Wanted("zh", ("fan",), code)))
    assert saved.census.names[code][0] in chart.title


def test_an_about_target_is_told_beside_the_strict_one(drawn):
    said = " ".join(words(drawn["en", "fan"]))
    assert "target for 2035: 65 %" in said
    assert "(64 % or more:" in said
    assert len(TARGETS) == 3


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted("zh", ("chance",)), ["no such chart", "did you mean 'chances'"]),
        (Wanted("zh", ("fan",), "621099"), ["no such county", "621099"]),
        (Wanted("fr", ("fan",)), ["no texts", "fr"]),
        (Wanted("zh", ("growth",), "621002"), ["no rows", "621002"]),
    ],
)
def test_what_cannot_be_drawn_is_refused(saved, wanted, told):
    with pytest.raises(OutputError) as error:
        list(make_charts(saved, wanted))
    assert all(part in str(error.value) for part in told)


@pytest.fixture
def spoilt(saved, tmp_path):
    """Give a copy of the results to spoil."""
    shutil.copytree(saved.results, tmp_path / "results")
    return open_saved(tmp_path / "results", model=saved.model)


def test_the_foot_counts_the_draws_of_its_own_results(spoilt):
    (spoilt.results / "compare" / "manifest.json").write_text('{"draws": 404}')
    counted, fan = make_charts(spoilt, Wanted("en", ("chances", "fan")))
    assert "share of 404 draws" in " ".join(words(counted)).replace("\n", " ")
    assert "4,000 draws" in " ".join(words(fan)).replace("\n", " ")


def test_a_missing_table_names_the_command_that_makes_it(spoilt):
    (spoilt.results / "compare" / "chances.csv").unlink()
    assert left_out(spoilt) == {"chances": "qyforecast compare --apart all-of-it"}
    assert "chances" not in [chart.name for chart in make_charts(spoilt, Wanted())]
    with pytest.raises(OutputError, match="run qyforecast compare"):
        list(make_charts(spoilt, Wanted(only=("chances",))))


def test_a_table_of_another_version_is_refused(spoilt):
    path = spoilt.results / "latest" / "urban_share.csv"
    pd.read_csv(path).drop(columns="q25").to_csv(path, index=False)
    with pytest.raises(OutputError, match="with this version") as error:
        list(make_charts(spoilt, Wanted(only=("fan",))))
    assert "q25" in str(error.value)


def test_a_missing_number_is_refused(spoilt):
    path = spoilt.results / "latest" / "urban_share.csv"
    table = pd.read_csv(path)
    table.loc[3, "q50"] = np.nan
    table.to_csv(path, index=False)
    with pytest.raises(OutputError, match="missing number"):
        list(make_charts(spoilt, Wanted(only=("fan",))))


def test_a_forecast_from_other_data_is_refused(spoilt):
    path = spoilt.results / "latest" / "manifest.json"
    content = json.loads(path.read_text())
    content["hashes"]["data"]["residence.csv"] = "0" * 64
    path.write_text(json.dumps(content))
    with pytest.raises(OutputError, match=r"other data[\s\S]*residence.csv"):
        list(make_charts(spoilt, Wanted()))


def test_results_without_a_forecast_are_refused(tmp_path):
    with pytest.raises(OutputError, match="run qyforecast forecast"):
        list(make_charts(open_saved(tmp_path), Wanted()))


def test_charts_are_written_whole_or_not_at_all(spoilt, tmp_path):
    out = tmp_path / "charts"
    names = write_charts(spoilt, Wanted("zh", ("fan", "flows")), out)
    assert names == ("fan", "flows")
    files = {path.name for path in out.iterdir()}
    assert files == {"fan.png", "fan.csv", "flows.png", "flows.csv", "manifest.json"}
    before = (out / "fan.png").read_bytes()
    (spoilt.results / "latest" / "flows.csv").write_text("scenario\n")
    with pytest.raises(OutputError):
        write_charts(spoilt, Wanted("en", ("fan", "flows")), out)
    assert (out / "fan.png").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"charts", "results"}


def test_the_command_draws_and_says_what_is_left_out(spoilt, tmp_path, monkeypatch, capsys):
    shutil.rmtree(spoilt.results / "backtest")
    out = tmp_path / "out"
    command = ["charts", "--results", str(spoilt.results), "--model", str(spoilt.model)]
    monkeypatch.setattr(sys, "argv", ["qyforecast", *command, "--out", str(out), "--lang", "en"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    said = capsys.readouterr().out
    assert "left out: reliability; run qyforecast backtest" in said
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["charts"]) == set(RECIPES) - {"reliability"}
    assert all(chart["source"] for chart in manifest["charts"].values())


def test_a_face_that_is_gone_is_told(tmp_path):
    with pytest.raises(OutputError, match="face"):
        register_face(tmp_path / "no.ttf")


def test_lines_break_where_each_language_allows():
    text = "基准情景下，2035年城镇化率为62.6%（80%区间为58.5～66.8%）。As of the end of 2025."
    lines = wrapped(text, 20)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert len(lines) > 3
    assert not [line for line in lines if line[0] in "，。；：、）"]

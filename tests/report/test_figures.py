import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from qyforecast.report.figures.chart import Setting
from qyforecast.report.figures.fan import MARKERS
from qyforecast.report.figures.registry import draw_chart
from qyforecast.report.style import BANDS, LINE, STYLE, save_figure, spread
from qyforecast.report.tables import SHARE_QUANTILES
from qyforecast.report.wording import TEXTS

SETTING = Setting(
    "en", "621000", "621000", ("621002",), {"621000": ("庆阳市", "Qingyang")}, (2010, 2020), {}, 200
)
TARGETS = {"2025-at-least-50": 0.5, "2035-at-least-65": 0.65, "2035-about-65": 0.64}
OBSERVED = pd.DataFrame(
    [
        (2010, 0.235, "census", 2011),
        (2015, 0.3261, "plan", 2022),
        (2018, 0.384, "press", 2019),
        (2020, 0.4189, "census", 2021),
        (2022, 0.439, "compilation", 2023),
    ],
    columns=["year", "urban_share", "kind", "published"],
)


def paths(pace: float) -> xr.DataArray:
    """Logistic paths whose paces differ by draw."""
    rng = np.random.default_rng(4)
    paces = pace + 0.02 * rng.standard_normal((200, 1))
    odds = np.log(0.4189 / 0.5811) + paces * np.arange(16)
    return xr.DataArray(
        1 / (1 + np.exp(-odds)), {"draw": range(200), "year": range(2020, 2036)}, ("draw", "year")
    )


def tables(
    vintages: dict[int, xr.DataArray], observed: pd.DataFrame, targets: dict[str, float]
) -> dict[str, pd.DataFrame]:
    """Tables as a forecast writes them."""
    shares, answers = [], []
    for as_of, share in vintages.items():
        labels = {"scenario": "baseline", "as_of": as_of, "region_code": "621000"}
        ends = np.quantile(share.values, list(SHARE_QUANTILES.values()), axis=0)
        columns = dict(zip(SHARE_QUANTILES, ends, strict=True))
        shares.append(pd.DataFrame({"year": share["year"].values, **columns}).assign(**labels))
        for name, bar in targets.items():
            year = int(name[:4])
            met = float((share.sel(year=year).values >= bar).mean())
            row = {"target": name, "year": year, "threshold": bar, "probability": met}
            answers.append(labels | row)
    columns = ["scenario", "as_of", "region_code", "target", "year", "threshold", "probability"]
    asked = pd.DataFrame(answers, columns=columns)
    return {"urban_share": pd.concat(shares), "targets": asked, "observed": observed}


@pytest.fixture(scope="module")
def drawn():
    """Give the fan of two vintages with its table."""
    two = {2021: paths(0.055), 2024: paths(0.045)}
    chart = draw_chart("fan", tables(two, OBSERVED, TARGETS), SETTING)
    return chart.figure, chart.table


def test_the_table_holds_what_is_drawn(drawn):
    _, table = drawn
    shares = paths(0.045).sel(year=2035).values
    row = table.query("as_of == 2024 and year == 2035")
    median = row.query("what == 'quantile' and label == 'q50'")["value"].item()
    assert median == pytest.approx(np.median(shares))
    met = row.query("what == 'probability' and label == '2035-about-65'")["value"].item()
    assert met == (shares >= 0.64).mean()
    points = table[(table["as_of"] == 2021) & table["what"].str.startswith("observed")]
    assert sorted(points["value"]) == sorted(OBSERVED["urban_share"])


def test_words_keep_clear_of_one_another_and_of_the_edge(drawn):
    figure, _ = drawn
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    words = [
        text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()
    ]
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in words]
    width, height = figure.canvas.get_width_height()
    for text, box in zip(words, boxes, strict=True):
        assert min(box.x0, box.y0) >= 0, text.get_text()
        assert box.x1 <= width, text.get_text()
        assert box.y1 <= height, text.get_text()
    clashes = [
        (one.get_text(), two.get_text())
        for i, (one, a) in enumerate(zip(words, boxes, strict=True))
        for two, b in zip(words[:i], boxes[:i], strict=True)
        # Boxes reach a little beyond the ink of their letters.
        if a.padded(-1.5).overlaps(b.padded(-1.5))
    ]
    assert not clashes


def test_what_was_not_yet_published_is_hollow(drawn):
    figure, _ = drawn
    fillings = [
        {
            int(line.get_xdata()[0]): to_rgb(line.get_markerfacecolor()) != (1, 1, 1)
            for line in panel.lines
            if line.get_marker() in MARKERS.values()
        }
        for panel in figure.axes
    ]
    known = {2010: True, 2015: False, 2018: True, 2020: True, 2022: False}
    assert fillings == [known, dict.fromkeys(known, True)]


def test_bands_are_told_apart_in_grey():
    luminance = [np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)) for colour in (*BANDS, LINE)]
    assert (-np.diff([1.0, *luminance]) > 0.08).all()


def test_the_foot_says_what_is_left_out(drawn):
    figure, _ = drawn
    said = " ".join(text.get_text().replace("\n", " ") for text in figure.texts)
    assert TEXTS["en"]["leaves_out"] in said
    assert "200 draws" in said
    assert "National Bureau of Statistics" in said
    assert "end of 2021, end of 2024" in said


def test_a_figure_leaves_the_settings_of_others_alone(drawn, tmp_path):
    import matplotlib

    figure, _ = drawn
    before = dict(matplotlib.rcParams)
    save_figure(figure, tmp_path / "fan.png")
    assert dict(matplotlib.rcParams) == before
    assert before["axes.spines.top"] != STYLE["axes.spines.top"]


def test_every_kind_of_source_has_words_and_a_sign_of_its_own():
    assert set(MARKERS) <= set(TEXTS["en"])
    assert len(set(MARKERS.values())) == len(MARKERS)


def test_a_kind_of_source_without_a_word_is_shown_as_it_is():
    strange = OBSERVED.assign(kind="registry").iloc[:1]
    chart = draw_chart("fan", tables({2021: paths(0.05)}, strange, TARGETS), SETTING)
    assert any("registry 2010" in text.get_text() for text in chart.figure.findobj(Text))


def test_a_region_without_observations_is_drawn():
    chart = draw_chart("fan", tables({2021: paths(0.05)}, OBSERVED[:0], {}), SETTING)
    assert set(chart.table["what"]) == {"quantile"}


def test_labels_are_moved_no_further_than_needed():
    assert spread([0.0, 10.0, 10.5, 30.0], 2.0) == pytest.approx([0, 9.25, 11.25, 30])
    apart = spread([1.0, 1.1, 1.2, 3.0, 3.0], 1.0)
    assert (np.diff(apart) >= 1 - 1e-12).all()
    assert np.mean(apart) == pytest.approx(np.mean([1.0, 1.1, 1.2, 3.0, 3.0]))


def test_a_target_read_as_about_alone_is_drawn_at_its_bar():
    alone = {"2035-about-65": 0.64}
    chart = draw_chart("fan", tables({2021: paths(0.05)}, OBSERVED, alone), SETTING)
    assert any("target for 2035: 64 %" in text.get_text() for text in chart.figure.findobj(Text))

"""A document made by hand: every kind of block, and names that would break a careless page."""

import pandas as pd

from qyforecast.census.census import read_census
from qyforecast.report.charts import Wanted, make_charts, open_saved
from qyforecast.report.document import Document, Grid, Paragraph, Part, Picture
from qyforecast.report.figures.saved import Saved
from qyforecast.report.overview import TextTable
from tests.report.hand_made_results import write_hand_made

#: Scenarios that a user may call so.
SCRIPT, STYLE, ENTITY = "<script>alert(1)</script>", "</style><b>", "a&lt;b %{x}"
LIVE = ("fan", "chances", "vintages", "growth", "counties")
STILL = ("pyramid", "shapley")
ADDRESS = "https://www.stats.gov.cn/sj/?a=1&b=2"
#: Words of each language: title, heading, note, head of a column.
WORDS = {
    "zh": ("简报", "结论", "资料来源：{}。", "情景", "概率", "附录"),
    "en": ("Briefing", "The answer", "Source: {}.", "scenario", "probability", "More"),
}


def hostile_results(folder) -> Saved:
    """Write results whose scenarios bear hostile names."""
    write_hand_made(folder / "results", folder / "model", read_census())
    names = {"my-own": SCRIPT, "settling-in": STYLE}
    for path in (folder / "results").rglob("*.csv"):
        table = pd.read_csv(path, dtype={"region_code": str})
        if "scenario" in table.columns:
            table["scenario"] = table["scenario"].replace(names)
            table.to_csv(path, index=False)
    return open_saved(folder / "results", model=folder / "model")


def make_document(saved: Saved, lang: str) -> Document:
    """Say a little of everything."""
    title, answer, source, scenario, probability, more = WORDS[lang]
    rows = ((SCRIPT, "24 %"), (STYLE, "38 %"), (ENTITY, "–"))
    notes = (source.format(ADDRESS),)
    shown = TextTable(f"{title} {SCRIPT}", (scenario, probability), rows, notes)
    frame = pd.DataFrame({"scenario": [row[0] for row in rows], "probability": [0.24, 0.38, 0.0]})
    grid = Grid("targets", shown, frame, {"probability": "%"})
    charts = {chart.name: chart for chart in make_charts(saved, Wanted(lang, only=(*LIVE, *STILL)))}
    first = (
        Paragraph(f"{answer} {SCRIPT} {ENTITY}", "answer"),
        grid,
        Picture(charts["fan"]),
        Paragraph(f"{STYLE} {ADDRESS}", "note"),
    )
    others = tuple(Picture(charts[name]) for name in (*LIVE[1:], *STILL))
    parts = (Part("answer", answer, first), Part("more", f"{more} {STYLE}", others, annex=True))
    return Document(lang, f"{title} {STYLE}", title, (2021, 2025), parts)

"""A user's panel: what is wrong is refused with its rows, what is odd is read and said."""

from pathlib import Path

import pytest

from qyforecast.census.region_checks import NEAREST
from qyforecast.census.region_panel import RegionPanel, read_region_panel
from qyforecast.errors import DataError

HEAD = "region,year,urban_share\n"
SOUND = "A,2000,0.40\nA,2005,0.45\nA,2010,0.50\nA,2015,0.55\n"


def read(
    tmp_path: Path, text: str, *, percent: bool = False, encoding: str = "utf-8"
) -> RegionPanel:
    path = tmp_path / "panel.csv"
    path.write_bytes(text.encode(encoding))
    return read_region_panel(path, percent=percent)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("area,year,urban_share\nA,2000,0.4\n", r"lacks the column 'region'(?s:.*)known: "),
        ("region,year,urban_shar\nA,2000,0.4\n", r"'urban_share'(?s:.*)did you mean 'urban_shar'"),
        ("region,year,urban_share,Year\nA,2000,0.4,1\n", "one name(?s:.*)year"),
        (HEAD, "no rows"),
        (HEAD + "A,2000,\nA,2005,..\n", "no urban share"),
        (HEAD + "A,2000,40\nA,2005,45\n", r"per cent(?s:.*)--percent"),
        (HEAD + "A,2000,0.4\nA,2005,4.5\nA,2010,0.5\n", r"outside 0 to 1(?s:.*)line 3: 4.5"),
        (HEAD + "A,2000,-0.1\nA,2005,0.5\n", r"outside 0 to 1(?s:.*)line 2"),
        (HEAD + "A,2000,about half\n", r"not a number(?s:.*)line 2: about half"),
        (HEAD + 'A,2000,"0,45"\n', r"not a number(?s:.*)decimal point"),
        (HEAD + "A,2000.5,0.4\n", r"no year(?s:.*)line 2"),
        (HEAD + "A,,0.4\n", r"no year(?s:.*)line 2"),
        (HEAD + "A,20100,0.4\n", r"no year(?s:.*)line 2"),
        (HEAD + "A,2000,inf\n", r"not a number(?s:.*)line 2"),
        (HEAD + SOUND + "A,2005,0.46\n", r"two rows(?s:.*)line 3: A 2005: 0.45; line 6"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_rows(
    tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        read(tmp_path, text)


def test_fractions_declared_as_per_cent_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"--percent"):
        read(tmp_path, HEAD + SOUND, percent=True)


def test_per_cent_is_read_when_declared(tmp_path: Path) -> None:
    panel = read(tmp_path, HEAD + "A,2000,40\nA,2005,45.5%\n", percent=True)
    assert panel.shares["A"].dropna().tolist() == [0.4, 0.455]


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot be read(?s:.*)gone.csv"):
        read_region_panel(tmp_path / "gone.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xff\x00\x81")
    with pytest.raises(DataError, match="GB18030"):
        read_region_panel(tmp_path / "bytes.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_names_are_read_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    panel = read(tmp_path, HEAD + "甘肃,2000,0.24\n甘肃,2010,0.36\n", encoding=encoding)
    assert panel.shares.columns.tolist() == ["甘肃"]


def test_columns_and_rows_in_any_order_codes_as_text(tmp_path: Path) -> None:
    text = "Year, URBAN_SHARE ,region\n2010,0.5,062\n2000,0.4,062\n"
    panel = read(tmp_path, text)
    assert panel.shares.columns.tolist() == ["062"]
    assert panel.shares.index.tolist() == list(range(2000, 2011))


def told(panel: RegionPanel) -> str:
    return "\n".join(" | ".join(map(str, row)) for row in panel.remarks.to_numpy())


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("A,2005,0.45\n", "A | 2005 | line 6 repeats another | counted once"),
        ("B,2000,\nB,2005,n/a\n", "B |  | no urban share in any year | left out"),
        (",2000,0.3\n", " | 2000 | line 6 names no region | left out"),
        ("B,2000,0.3\nB,2015,0.5\n", "B | 2005, 2010 | no figure in years that most"),
        ("B,2000,0.3\n", "B |  | 1 figures only"),
        ("".join(f"B,{y},0.3\n" for y in (2000, 2005, 2010, 2015)), "B |  | the share never chan"),
        ("B,2000,1\nB,2005,1.0\n", "B | 2000 to 2005 | a share of 1 has no odds (2 years)"),
    ],
)  # fmt: skip
def test_what_is_odd_is_read_and_said(tmp_path: Path, rows: str, says: str) -> None:
    panel = read(tmp_path, HEAD + SOUND + rows)
    assert says in told(panel)
    assert panel.shares["A"].dropna().tolist() == [0.40, 0.45, 0.50, 0.55]


def test_a_sound_panel_has_nothing_to_say(tmp_path: Path) -> None:
    assert told(read(tmp_path, HEAD + SOUND)) == ""


def test_city_states_are_read_beside_the_bound(tmp_path: Path) -> None:
    panel = read(tmp_path, HEAD + SOUND + "S,2000,1\nS,2005,1\nZ,2000,0\n")
    assert panel.shares["S"].dropna().unique().tolist() == [1 - NEAREST]
    assert panel.shares["Z"].dropna().tolist() == [NEAREST]


def test_drivers_are_numbers_that_vary(tmp_path: Path) -> None:
    text = "region,year,urban_share,gdp,name,one\n" + "".join(
        f"A,{year},0.4,{gdp},x,1\n" for year, gdp in ((2000, 3), (2001, ""), (2002, 5))
    )  # fmt: skip
    panel = read(tmp_path, text)
    assert list(panel.drivers) == ["gdp"]
    said = told(panel)
    for word in ("'name' is no number", "'one' does not vary", "'gdp' is missing in 1 rows"):
        assert word in said

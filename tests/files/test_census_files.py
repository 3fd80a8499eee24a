"""Broken census folders, each with the one error it must give."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qyforecast.census.census import read_census
from qyforecast.census.descriptor import NAME, update_descriptor
from qyforecast.census.folder import check_census
from qyforecast.errors import DataError
from qyforecast.provenance import shipped_folder

Fault = Callable[[Path], object]


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A smaller copy of the shipped folder: of the provinces, Gansu alone."""
    folder = tmp_path_factory.mktemp("sound") / "census"
    shutil.copytree(shipped_folder("census"), folder)
    path = folder / "provinces.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], *(ln for ln in lines if ln.startswith("620000"))]), "utf-8")
    update_descriptor(folder)
    assert check_census(folder) == []
    return folder


@pytest.fixture
def folder(sound, tmp_path) -> Path:
    shutil.copytree(sound, tmp_path / "census")
    return tmp_path / "census"


def edit(name: str, lines: list[int], column: str, change: Callable[[str], str]) -> Fault:
    """Change one column's cells in some lines; the heading is line 1."""
    return edits(name, lines, [column], change)


def edits(
    name: str, lines: list[int] | None, columns: list[str], change: Callable[[str], str]
) -> Fault:
    """Change cells of some columns, in all lines if none are given; empty ones stay."""

    def fault(folder: Path) -> None:
        rows = [ln.split(",") for ln in (folder / name).read_text("utf-8").splitlines()]
        for number, cells in enumerate(rows[1:], start=2):
            for place in (rows[0].index(column) for column in columns):
                if cells[place] and (lines is None or number in lines):
                    cells[place] = change(cells[place])
        text = "\n".join(",".join(cells) for cells in rows)
        (folder / name).write_text(text + "\n", encoding="utf-8")

    return fault


def whole_column(name: str, columns: list[str], change: Callable[[str], str]) -> Fault:
    return edits(name, None, columns, change)


def drop_lines(name: str, drop: Callable[[str], bool]) -> Fault:
    def fault(folder: Path) -> None:
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [lines[0], *(line for line in lines[1:] if not drop(line))]
        assert len(kept) < len(lines)
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")

    return fault


def replace_in(name: str, old: str, new: str) -> Fault:
    def fault(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return fault


def unit_of(table: str, column: str, unit: str) -> Fault:
    def fault(folder: Path) -> None:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        resource = next(r for r in content["resources"] if r["name"] == table)
        field = next(f for f in resource["schema"]["fields"] if f["name"] == column)
        field["unit"] = unit
        (folder / NAME).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    return fault


def repeat_line(name: str, line: int) -> Fault:
    def fault(folder: Path) -> None:
        path = folder / name
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([*lines, lines[line - 1]]) + "\n", encoding="utf-8")

    return fault


def plus(number: int) -> Callable[[str], str]:
    return lambda cell: str(int(cell) + number)


def in_wan(cell: str) -> str:
    return f"{int(cell) / 10_000:.4f}"


def in_thousands(cell: str) -> str:
    return str(round(int(cell) / 1000))


COUNTS = ["total", "male", "female", "urban", "rural", "registered"]

# fault: what is done; words: what the message must say, among it file, line, column and cure
FAULTS: dict[str, tuple[Fault, list[str]]] = {
    "a table in 万": (
        whole_column("age_sex.csv", ["persons"], in_wan),
        ["age_sex.csv, line 2", "column persons", "a fraction", "10 thousand persons"],
    ),
    "counts in 万": (
        whole_column("residence.csv", COUNTS, in_wan),
        ["residence.csv, line 2", "column total", "a fraction", "10 thousand persons"],
    ),
    "a table in thousands": (
        whole_column("age_sex.csv", ["persons"], in_thousands),
        ["age_sex.csv", "column persons", "do not add up", "to mend:"],
    ),
    "a column of grossed-up employment": (
        whole_column("employment.csv", ["sampled"], lambda cell: cell + "0"),
        ["employment.csv, line 2", "column sampled", "no 10 % sample", "not grossed up"],
    ),
    "employment not marked as a sample": (
        unit_of("employment", "sampled", "person"),
        [NAME, "resource employment", "field sampled", "'person (10 % sample)'", "grossed up"],
    ),
    "a unit that is none": (
        unit_of("age_sex", "persons", "people"),
        [NAME, "resource age_sex", "field persons", "'people'", "'10 thousand persons'"],
    ),
    "a wrong unit": (
        unit_of("residence", "total", "10 thousand persons"),
        ["residence.csv, line 2", "is not the total", "one side is 10,000 times the other"],
    ),
    "an unknown column": (
        replace_in("age_sex.csv", "persons", "person"),
        ["age_sex.csv, line 1", "unknown column 'person'", "did you mean 'persons'?"],
    ),
    "a missing column": (
        replace_in("migrants.csv", ",other_province", ""),
        ["migrants.csv, line 2", "more or fewer cells", "5 cells under 4 headings", "every column"],
    ),
    "a table without a column": (
        lambda folder: (folder / "regions.csv").write_text("region_code,name\n621000,x\n", "utf-8"),
        ["regions.csv, line 1", "column 'name_en' is missing", "add it"],
    ),
    "a missing county": (
        drop_lines("residence.csv", lambda line: line.startswith("621024")),
        ["residence.csv", "a region is missing", "621024 合水县 Heshui", "add its rows"],
    ),
    "a missing county in a county table": (
        drop_lines("schooling.csv", lambda line: line.startswith("621027")),
        ["schooling.csv", "621027 镇原县 Zhenyuan", "add its rows"],
    ),
    "missing ages": (
        drop_lines("age_sex.csv", lambda line: line.startswith("621023,2020,male,85")),
        ["age_sex.csv", "a row is missing", "621023, year 2020, sex male, age 85", "add it"],
    ),
    "an age group that is none": (
        edit("age_sex.csv", [4], "age", lambda _: "7"),
        ["age_sex.csv", "region_code 621000, year 2010, sex male, age 5", "add it"],
    ),
    "NaN": (
        edit("age_sex.csv", [40], "persons", lambda _: "NaN"),
        ["age_sex.csv, line 40", "column persons", "empty or missing", "fill it in"],
    ),
    "an empty cell": (
        edit("residence.csv", [5], "urban", lambda _: ""),
        ["residence.csv, line 5", "column urban", "empty or missing", "fill it in"],
    ),
    "a word for a number": (
        edit("migrants.csv", [3], "own_county", lambda _: "many"),
        ["migrants.csv, line 3", "column own_county", "'many'", "plain digits"],
    ),
    "a negative count": (
        edit("employment.csv", [30], "sampled", lambda cell: "-" + cell),
        ["employment.csv, line 30", "column sampled", "negative", "correct the figure"],
    ),
    "a duplicate row": (
        repeat_line("age_sex.csv", 10),
        ["age_sex.csv, line 686", "there twice", "as line 10", "take one of them out"],
    ),
    "a duplicate figure of a province": (
        repeat_line("provinces.csv", 6),
        ["provinces.csv", "there twice", "as line 6", "take one of them out"],
    ),
    "male + female": (
        edit("residence.csv", [7], "male", plus(1)),
        ["residence.csv", "male", "counties do not add up to the city", "printed table"],
    ),
    "urban + rural": (
        edit("residence.csv", [3, 5], "urban", plus(-9)),
        ["residence.csv, line 3", "urban + rural is not the total", "2,179,707 against 2,179,716"],
    ),
    "counties and city": (
        edit("migrants.csv", [6], "same_province", plus(5)),
        ["migrants.csv, line 2", "year 2010", "column same_province", "do not add up to the city"],
    ),
    "ages and total": (
        edit("age_sex.csv", [2, 78], "persons", plus(3)),
        ["age_sex.csv", "line 2", "column persons", "ages do not add up", "residence.csv, line 2"],
    ),
    "schooling of more people than there are": (
        whole_column("schooling.csv", ["persons"], lambda cell: cell + "0"),
        ["schooling.csv, line 2", "column persons", "levels of schooling", "residence.csv"],
    ),
    "more deaths than people": (
        edit("age_residence.csv", [30], "deaths", lambda cell: cell + "000000"),
        ["age_residence.csv, line 30", "column deaths", "more people died", "correct the row"],
    ),
    "a county of the panel changed": (
        edits("county_panel.csv", [8], ["population", "rural"], plus(2)),
        ["province_census.csv", "county_panel.csv", "do not add up to the province", "printed"],
    ),
    "urban + rural of a county of the panel": (
        edit("county_panel.csv", [8], "rural", plus(2)),
        ["county_panel.csv, line 8", "urban + rural is not the population"],
    ),
    "an employment share as a fraction": (
        edit("county_panel.csv", [8], "employed_primary_share", lambda _: "0.4"),
        ["county_panel.csv, line 8", "employed_primary_share", "add up to one", "unit"],
    ),
    "ages by residence": (
        edit("age_residence.csv", [300], "population", plus(1)),
        ["age_residence.csv", "column population", "province_census.csv", "printed table"],
    ),
    "a series in the wrong unit": (
        replace_in(
            "city_series.csv", "population,215.84,10 thousand persons", "population,215.84,person"
        ),
        ["city_series.csv", "year 2022", "column value", "215.84 person", "10 thousand persons"],
    ),
    "a unit a variable cannot have": (
        replace_in("city_series.csv", "urban_share,38.4,%", "urban_share,38.4,person"),
        ["city_series.csv", "year 2018", "column unit", "found: person", "write one of: 1, %"],
    ),
    "a share of percent as a fraction": (
        replace_in("city_series.csv", "urban_share,38.4,%", "urban_share,38.4,1"),
        ["city_series.csv", "column value", "outside its range", "38.4 1", "unit first"],
    ),
    "an unknown variable": (
        replace_in("city_series.csv", "urban_share,38.4", "urban_shaer,38.4"),
        ["city_series.csv", "column variable", "urban_shaer", "did you mean 'urban_share'?"],
    ),
    "an unknown source": (
        replace_in("provinces.csv", "province-gdp", "province-gpd"),
        ["provinces.csv", "column source", "province-gpd", "did you mean 'province-gdp'?"],
    ),
    "an unknown kind of source": (
        replace_in("city_series.csv", ",press,", ",pres,"),
        ["city_series.csv", "column kind", "'pres'", "did you mean 'press'?"],
    ),
    "a figure from the future": (
        replace_in("city_series.csv", "qingyang-press-2019,2019", "qingyang-press-2019,2009"),
        [
            "city_series.csv",
            "column published",
            "before the year it speaks of",
            "reference year + 1",
        ],
    ),
    "an unknown region": (
        replace_in("provinces.csv", "620000,2000", "690000,2000"),
        ["provinces.csv, line 14", "column region_code", "690000", "regions.csv"],
    ),
    "a code with a letter": (
        edit("age_sex.csv", [9], "region_code", lambda _: "62100O"),
        ["age_sex.csv, line 9", "column region_code", "'62100O'", r"\d{6}"],
    ),
    "two cities": (
        replace_in("regions.csv", "Xifeng,county", "Xifeng,city"),
        ["regions.csv", "column level", "621000, 621002", "exactly one row"],
    ),
    "a cell too many": (
        replace_in("births.csv", "2010,city,15,", "2010,city,15,1,"),
        ["births.csv, line 2", "more or fewer cells", "6 cells under 5 headings", "quote cells"],
    ),
    "no file": (
        lambda folder: (folder / "births.csv").unlink(),
        ["births.csv", "is not there", "put the file back"],
    ),
    "an undescribed file": (
        lambda folder: (folder / "extra.csv").write_text("a,b\n1,2\n", encoding="utf-8"),
        ["extra.csv", "not described", NAME],
    ),
    "no descriptor": (
        lambda folder: (folder / NAME).unlink(),
        [NAME, "no descriptor", "--data"],
    ),
    "a broken descriptor": (
        replace_in(NAME, '"profile"', "profile"),
        [NAME, "line 2", "not JSON", "comma or quote"],
    ),
    "a descriptor without hashes": (
        replace_in(NAME, '"hash"', '"hush"'),
        [NAME, "lacks a key", "'hash'", "add it"],
    ),
    "a file changed on purpose": (
        replace_in("fertility_printed.csv", "9.38", "9.39"),
        ["fertility_printed.csv", "not the one described", "sha256", "qyforecast check --update"],
    ),
    "no text": (
        lambda folder: (folder / "births.csv").write_bytes(b"\xff\xff\x00\xff"),
        ["births.csv", "neither UTF-8 nor GB 18030", "CSV UTF-8"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_named_with_its_place_and_cure(name, folder):
    fault, words = FAULTS[name]
    fault(folder)
    with pytest.raises(DataError) as caught:
        read_census(folder)
    told = str(caught.value)
    assert [word for word in words if word not in told] == [], told
    assert caught.value.cure
    assert caught.value.where


def test_faults_are_all_listed(folder):
    edit("age_sex.csv", [40], "persons", lambda _: "")(folder)
    edit("migrants.csv", [6], "same_province", plus(5))(folder)
    replace_in("city_series.csv", "urban_share,38.4,%", "urban_shaer,38.4,%")(folder)
    told = [str(fault) for fault in check_census(folder)]
    for words in ("age_sex.csv, line 40", "migrants.csv, line 2", "urban_shaer"):
        assert sum(words in text for text in told) == 1, told
    assert sum("check --update" in text for text in told) == 3, told


def test_update_tells_and_mends_the_hashes(folder):
    replace_in("fertility_printed.csv", "9.38", "9.39")(folder)
    assert update_descriptor(folder) == ["fertility_printed.csv"]
    assert update_descriptor(folder) == []
    assert check_census(folder) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_spreadsheet_encodings_are_read(folder, encoding):
    path = folder / "regions.csv"
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    update_descriptor(folder)
    assert read_census(folder).names["621002"] == ("西峰区", "Xifeng")


def test_declared_units_are_converted(folder):
    """The same census in 万 with four decimals and its unit declared is the same census."""
    whole_column("age_sex.csv", ["persons"], in_wan)(folder)
    unit_of("age_sex", "persons", "10 thousand persons")(folder)
    update_descriptor(folder)
    assert read_census(folder).age_sex.sel(year=2020).sum() == 2_179_716


def test_another_city_needs_no_code(folder):
    """Codes, counties and years come from the files alone."""
    for path in [*folder.glob("*.csv"), folder / NAME]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("6210", "6299")
        if path.stem not in ("city_series", "provinces", "life_expectancy"):
            text = text.replace(",2010,", ",2000,")
        path.write_text(text, encoding="utf-8")
    for name in ("regions", "city_series"):
        drop_lines(f"{name}.csv", lambda line: line.startswith("629927"))(folder)
    for name, figures in {
        "residence": slice(2, None),
        "age_sex": slice(4, None),
        "employment": slice(4, None),
        "migrants": slice(2, None),
        "schooling": slice(4, None),
        "county_panel": slice(5, 9),
    }.items():
        merge(folder / f"{name}.csv", "629927", "629926", figures)
    update_descriptor(folder)
    census = read_census(folder)
    assert census.city == "629900"
    assert len(census.regions) == 7
    assert census.years == (2000, 2020)
    assert census.residence.sel(year=2020).sum() == 2_179_716
    assert census.population(2020).total == pytest.approx(2_179_716, abs=1e-3)


def merge(path: Path, gone: str, into: str, figures: slice) -> None:
    """Add one county's figures to another's, row by row: sums stay."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines]
    receivers = iter([cells for cells in rows if cells[0] == into])
    for cells in rows:
        if cells[0] == gone:
            target = next(receivers)
            target[figures] = [
                str(int(a) + int(b)) if a else ""
                for a, b in zip(target[figures], cells[figures], strict=True)
            ]
    kept = [",".join(cells) for cells in rows if cells[0] != gone]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")

"""Small county files made by hand, in both layouts, for a prefecture of two counties."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from qyforecast.census.open_counts import shared_out
from qyforecast.vocabulary import CENSUS_AGES

PREFECTURE = "530900"
#: Widths of the age groups, the open one taken as six years; people thin out with age.
_WEIGHTS = np.array([1, 4, *[5] * 16, 6]) * np.linspace(1.0, 0.15, len(CENSUS_AGES))

#: Chinese heading of each short one, as the census prints it.
CHINESE = {
    "code": "行政区划代码", "area": "地区", "year": "年份", "pop": "常住人口", "male": "男",
    "female": "女", "urban": "城镇人口", "rural": "乡村人口", "hukou_pop": "户籍人口",
    "hh_reg_other_same_county": "本县其他乡镇街道", "in_mig_same_prov": "本省其他县市区",
    "in_mig_other_prov": "外省", "emp_sample": "就业人口", "emp_agr_pct": "第一产业就业比重",
    "emp_ind_pct": "第二产业就业比重", "emp_srv_pct": "第三产业就业比重",
    "schooling_years": "平均受教育年限", "birth_rate": "出生率", "death_rate": "死亡率",
}  # fmt: skip

Row = dict[str, object]


def county(code: str, name: str, year: int, people: int, share: float) -> Row:
    """Make a county whose parts add up."""
    urban = round(people * share)
    male = round(0.51 * people)
    row: Row = {
        "code": code, "area": name, "year": year, "pop": people, "male": male,
        "female": people - male, "urban": urban, "rural": people - urban,
        "hh_reg_other_same_county": people // 20, "in_mig_same_prov": people // 25 * (year - 2005)
        // 10, "in_mig_other_prov": people // 90, "emp_sample": people // 20,
        "emp_agr_pct": 60.0 - (year - 2010), "emp_ind_pct": 15.0,
        "emp_srv_pct": 25.0 + (year - 2010), "schooling_years": 7.5,
    }  # fmt: skip
    for letter, total in (("M", male), ("F", people - male)):
        ages = shared_out(_WEIGHTS[None], np.array([total]))[0]
        for age, persons in zip(CENSUS_AGES, ages, strict=True):
            row[short_age(letter, age)] = int(persons)
    return row


def short_age(letter: str, age: int) -> str:
    """Head a column of an age group as the short layout does."""
    if age == 0:
        return f"{letter}_0"
    return f"{letter}_85+" if age == 85 else f"{letter}_{age}-{4 if age == 1 else age + 4}"


def chinese(heading: str) -> str:
    """Head a column as the Chinese layout does."""
    if heading[:2] in ("M_", "F_"):
        age = heading[2:].replace("+", "岁及以上")
        return ("男" if heading[0] == "M" else "女") + (age if "岁" in age else f"{age}岁")
    return CHINESE[heading]


def summed(code: str, name: str, rows: Sequence[Row]) -> Row:
    """Make the row of a prefecture or province: persons added, ratios of the first."""
    whole = dict(rows[0]) | {"code": code, "area": name}
    ratios = ("code", "area", "year", "schooling_years")
    for key in whole:
        if key not in ratios and not key.endswith("_pct"):
            whole[key] = sum(int(str(row[key])) for row in rows)
    return whole


def census(year: int) -> list[Row]:
    """Make a province of one prefecture with two counties, one raised to a city by 2020."""
    grown = year == 2020
    second = "530981" if grown else "530922"
    counties = [
        county("530902", "临翔区", year, 330_001 if grown else 320_003, 0.61 if grown else 0.48),
        county(second, f"凤庆{'市' if grown else '县'}", year, 441_007, 0.37 if grown else 0.22),
    ]
    prefecture = summed(PREFECTURE, "临沧市", counties)
    return [summed("530000", "云南省", counties), prefecture, *counties]


def write_csv(path: Path, rows: Sequence[Mapping[str, object]], encoding: str = "utf-8") -> Path:
    """Write rows under their own headings."""
    lines = [",".join(map(str, row)) for row in (list(rows[0]), *(r.values() for r in rows))]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def write_xlsx(path: Path, rows: Sequence[Mapping[str, object]], title: str = "") -> Path:
    """Write a workbook as spreadsheets do: shared words, plain numbers, empty cells left out."""
    table = [[title], []] if title else []
    table += [list(rows[0]), *(list(row.values()) for row in rows)]
    words = list(dict.fromkeys(str(c) for row in table for c in row if isinstance(c, str)))
    sheet = []
    for number, row in enumerate(table, 1):
        cells = []
        for place, cell in enumerate(row):
            reference = f"{_letters(place)}{number}"
            if isinstance(cell, str) and cell:
                cells.append(f'<c r="{reference}" t="s"><v>{words.index(cell)}</v></c>')
            elif cell != "":
                cells.append(f'<c r="{reference}"><v>{cell}</v></c>')
        sheet.append(f'<row r="{number}">{"".join(cells)}</row>')
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    shared = "".join(f"<si><t>{escape(word)}</t></si>" for word in words)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/sharedStrings.xml", f"<sst {space}>{shared}</sst>")
        book.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {space}><sheetData>{''.join(sheet)}</sheetData></worksheet>",
        )
    return path


def _letters(place: int) -> str:
    first, second = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def both(folder: Path) -> list[Path]:
    """Write both censuses in the short layout."""
    return [write_csv(folder / f"counties{year}.csv", census(year)) for year in (2010, 2020)]

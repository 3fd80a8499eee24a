"""A folder to forecast a city from: the shipped example, or a prefecture of open county files."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from qyforecast.census.city_tables import NOT_OURS, city_tables, county_rows
from qyforecast.census.descriptor import NAME, update_descriptor
from qyforecast.census.dictionary import FILE, dictionary_page
from qyforecast.census.folder import check_census
from qyforecast.census.open_counts import people_counts
from qyforecast.census.open_files import read_open_files
from qyforecast.census.prefecture import Background, Prefecture, find_prefecture
from qyforecast.census.province_standard import province_rows
from qyforecast.census.stand_in import StandIn
from qyforecast.census.surrounding import surrounding_rows
from qyforecast.errors import OutputError
from qyforecast.provenance import shipped_folder
from qyforecast.report.city_notes import notes_page, targets_page
from qyforecast.vocabulary import SECTORS

NATION = "000000"
NOTES = "notes.md"
#: What a city's own folder takes from the shipped model: not its card, which is of one city.
_MODEL = ("spec.yaml", "weights.json", "record.csv", "calibration.csv", "drivers.csv")


def write_example(out: Path) -> list[str]:
    """Write the shipped example: census tables, scenarios, targets and models.

    Parameters
    ----------
    out : Path
        A folder that is not there yet.

    Returns
    -------
    list of str
        What was written, a line each.

    Raises
    ------
    OutputError
        If the folder is there, or cannot be written.
    """
    with fresh_folder(out) as part:
        for kind in ("census", "scenarios", "models"):
            shutil.copytree(shipped_folder(kind), part / kind)
        (part / FILE).write_text(dictionary_page(part / "census"), encoding="utf-8")
    return [
        f"{out}/census: the example's tables; put your city's in their place",
        f"{out}/{FILE}: what each table and column means, in Chinese and English",
        f"{out}/scenarios: scenarios and targets.yaml",
        f"{out}/models: the specification and its record",
    ]


def import_city(
    files: Sequence[Path], prefecture: str, out: Path, *, unit: str = "",
    promise: tuple[int, float] | None = None,
) -> tuple[Prefecture, tuple[StandIn, ...]]:  # fmt: skip
    """Make a folder to forecast a prefecture from.

    Parameters
    ----------
    files : sequence of Path
        Open county files of both censuses.
    prefecture : str
        Its code or Chinese name.
    out : Path
        A folder that is not there yet.
    unit : str
        Unit of persons where the files say none.
    promise : tuple of int and float, optional
        Year and urban share to ask about; a yardstick where absent.

    Returns
    -------
    tuple of Prefecture and tuple of StandIn
        What was found, and all that was estimated or borrowed.

    Raises
    ------
    QyforecastError
        Any fault of the files, or of the folder; nothing is then written.
    """
    census = shipped_folder("census")
    with fresh_folder(out) as part:
        rows = read_open_files(files, unit)
        shipped = {name: _raw(census, name) for name in _EDITED}
        ages = shipped["age_residence"]
        years = tuple(sorted({int(year) for year in ages["year"]}))
        jobs = _yearbook(_raw(census, "provinces"), years)
        city = find_prefecture(rows, prefecture, Background(years, jobs, ages))
        tables, said = _tables(city, rows, shipped)
        stand_ins = (*city.stand_ins, *said)
        _write_census(part / "census", tables, city, stand_ins)
        _write_rest(part, city, stand_ins, promise)
        faults = check_census(part / "census")
        if faults:
            raise faults[0]
    return city, stand_ins


_EDITED = ("regions", "county_panel", "county_panel_left_out", "province_census",
           "age_residence", "births_by_sex")  # fmt: skip


@contextmanager
def fresh_folder(out: Path) -> Iterator[Path]:
    """Fill a folder that is there only when it is whole.

    Parameters
    ----------
    out : Path
        Folder to make.

    Yields
    ------
    Path
        A temporary folder beside it.

    Raises
    ------
    OutputError
        If `out` is there already, or cannot be written.
    """
    folder = out.resolve()
    part = folder.with_name(f".{folder.name}.part-{os.getpid()}")
    if folder.exists():
        raise OutputError(
            "the folder is there already, and nothing is overwritten",
            where=str(out),
            cure="name another folder, or move this one away",
        )
    try:
        part.mkdir(parents=True)
        yield part
        part.rename(folder)
    except OSError as error:
        raise OutputError(
            "the folder cannot be written", where=str(out), found=str(error.strerror),
            cure="name a folder that you may write",
        ) from error  # fmt: skip
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _raw(folder: Path, name: str) -> pd.DataFrame:
    """Read a shipped table as it stands, its codes as text."""
    texts = {"region_code": str, "code": str, "prefecture": str, "province": str, "parent": str}
    return pd.read_csv(folder / f"{name}.csv", dtype=texts, keep_default_na=False)


def _yearbook(provinces: pd.DataFrame, years: Sequence[int]) -> dict[str, dict[int, Any]]:
    """Shares of sectors in the employed of every province at the censuses. [1]"""
    names = {f"employed_{sector}": sector for sector in SECTORS}
    rows = provinces[provinces["variable"].isin(list(names)) & provinces["year"].isin(years)]
    wide = rows.pivot_table(index=["region_code", "year"], columns="variable", values="value")
    shares = wide.rename(columns=names)[list(SECTORS)].dropna().astype(float)
    shares = shares.div(shares.sum(axis=1), axis=0)
    found: dict[str, dict[int, Any]] = {}
    for (code, year), row in shares.to_dict("index").items():  # pyright: ignore
        found.setdefault(str(code), {})[int(year)] = row
    return found


def _tables(
    city: Prefecture, rows: pd.DataFrame, shipped: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], list[StandIn]]:
    tables = city_tables(city, shipped["regions"])
    others, added = surrounding_rows(rows, shipped["county_panel"], city.code, list(city.counts))
    panel = pd.concat([others, county_rows(city)], ignore_index=True)
    tables["county_panel"] = panel.sort_values(["code", "year"])
    left = shipped["county_panel_left_out"]
    tables["county_panel_left_out"] = left[~left["code"].str.startswith(city.code[:4])]
    tables["age_residence"], said = _ages(city, rows, shipped["age_residence"])
    sums = shipped["province_census"]
    # Estimated places do not add up to what was counted of their province.
    strange = bool(city.uncounted) & (sums["region_code"] == city.province)
    tables["province_census"] = sums[~strange]
    sexes = shipped["births_by_sex"]
    tables["births_by_sex"] = sexes[sexes["region_code"].isin([NATION, city.province])]
    if added:
        said.append(
            StandIn(
                f"{added} counties of the city's province out of the files join the shipped "
                "county panel; their boundaries are not harmonised",
                f"县级面板加入本省 {added} 个县(来自所给文件),区划未作统一调整",
            )
        )
    return tables, said


def _ages(
    city: Prefecture, rows: pd.DataFrame, shipped: pd.DataFrame
) -> tuple[pd.DataFrame, list[StandIn]]:
    if (shipped["region_code"] == city.province).any():
        return shipped[shipped["region_code"].isin([NATION, city.province])], []
    nation = shipped[shipped["region_code"] == NATION]
    own = {
        year: rows[(rows["code"] == city.province) & (rows["year"] == year)].set_index("code")
        for year in city.counts
    }
    # One census raked and the other not would make cohorts jump between them.
    told = all(len(table) for table in own.values())
    found = [nation]
    for year, table in own.items():
        counts = people_counts(table)[0].iloc[0] if told else None
        found.append(province_rows(nation[nation["year"] == year], counts, city.province))
    how = "raked to the province's ages and towns" if told else "as it is"
    zh = "按本省年龄和城乡人口调整" if told else "直接采用"
    return pd.concat(found), [
        StandIn(
            f"age by urban and rural residence of the province is not in the files: the nation's, "
            f"{how}, stands in; it splits every county's ages, and shapes moves to town",
            f"所给文件无本省分城乡年龄结构:以全国结构代替({zh}),用于划分各县城乡年龄及乡城迁移的年龄模式",
        ),
        StandIn(
            "deaths of the province are not in the files: the nation's death rates by age, sex and "
            "residence stand in, so life expectancy is that of the nation's like residences",
            "所给文件无本省死亡人数:以全国分年龄、性别、城乡死亡率代替",
        ),
    ]


def _write_census(
    folder: Path, tables: Mapping[str, pd.DataFrame], city: Prefecture, said: Sequence[StandIn]
) -> None:
    source = shipped_folder("census")
    content = json.loads((source / NAME).read_text(encoding="utf-8-sig"))
    content["title"] = f"{city.name} {city.code}: made by qyforecast import county-census"
    content["stand_ins"] = [{"english": one.english, "chinese": one.chinese} for one in said]
    content["uncounted"] = list(city.uncounted)
    content["resources"] = [r for r in content["resources"] if r["name"] not in NOT_OURS]
    folder.mkdir()
    for item in content["resources"]:
        path = folder / item["path"]
        if item["name"] in tables:
            order = [field["name"] for field in item["schema"]["fields"]]
            tables[item["name"]][order].to_csv(path, index=False, lineterminator="\n")
        else:
            shutil.copyfile(source / item["path"], path)
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    (folder / NAME).write_text(text, encoding="utf-8")
    update_descriptor(folder)


def _write_rest(
    part: Path, city: Prefecture, said: Sequence[StandIn], promise: tuple[int, float] | None
) -> None:
    """Scenarios that are about no city, a target, the model, notes and the dictionary."""
    (part / "scenarios").mkdir()
    for path in sorted(shipped_folder("scenarios").glob("*.yaml")):
        if "\nchapter: none;" in path.read_text(encoding="utf-8"):
            shutil.copyfile(path, part / "scenarios" / path.name)
    page = targets_page(city, promise)
    (part / "scenarios" / "targets.yaml").write_text(page, encoding="utf-8")
    model = shipped_folder("models") / "urbanization"
    (part / "models" / "urbanization").mkdir(parents=True)
    for name in _MODEL:
        if (model / name).is_file():
            shutil.copyfile(model / name, part / "models" / "urbanization" / name)
    (part / NOTES).write_text(notes_page(city, said), encoding="utf-8")
    (part / FILE).write_text(dictionary_page(part / "census"), encoding="utf-8")

"""A made-up country of three provinces, five prefectures and twelve counties, as files."""

from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from qyforecast.census.country_rows import AGES, NEEDED, SHARES

#: Prefecture to its counties: a county of two censuses, a new one, one all town, and so on.
PREFECTURES = {
    "330100": ("330102", "330103", "330122"),
    "330200": ("330203", "330205"),
    "340100": ("340102", "340121", "340122"),
    "340200": ("340202", "340222"),
    "440900": ("440902", "440981"),
}
#: A prefecture without counties, and a zone without a code.
ALONE, ZONE = "441900", "Zone"
NEW, TOWN, CHANGED = "340122", "330102", "440981"
COUNTIES = [code for inside in PREFECTURES.values() for code in inside]
COLUMNS = [*NEEDED, "province", "prefecture"]


def row(year: int, code: str, urban_share: float, size: float, names: tuple[str, str]) -> dict:
    """One place: a pyramid of the young and the old, different in each."""
    rng = np.random.default_rng([int(code or 7), year])
    weights = np.exp(-np.arange(len(AGES)) % 19 / 14) * rng.uniform(0.9, 1.1, len(AGES))
    weights[[0, 19]] /= 4
    people = np.round(size * weights / weights.sum())
    total = people.sum()
    jobs = dict(zip(SHARES.values(), rng.dirichlet((4, 3, 3)) * 100, strict=True))
    return {
        "year": year, "code": code, "area": code or ZONE, "pop": total,
        "urban": np.round(urban_share * total), **jobs, **dict(zip(AGES, people, strict=True)),
        "province": names[0], "prefecture": names[1],
    }  # fmt: skip


def summed(rows: list[dict], code: str, name: str, names: tuple[str, str]) -> dict:
    """The row of a whole."""
    counts = {key: sum(one[key] for one in rows) for key in ("pop", "urban", *AGES)}
    return rows[0] | counts | {"code": code, "area": name, "province": names[0],
                               "prefecture": names[1]}  # fmt: skip


def country_rows(year: int) -> list[dict]:
    """All rows of a census, wholes before parts, the zone left out of the earlier one."""
    leaves: dict[str, list[dict]] = {}
    for number, code in enumerate([*COUNTIES, ALONE]):
        share = 0.3 + 0.05 * (number % 9) + (0.08 if year == 2020 else 0)
        share = 1.0 if code == TOWN else share
        size = 2e5 + 4e4 * number
        if code == CHANGED and year == 2010:
            size *= 3
        if code == NEW and year == 2010:
            continue
        home = code[:4] + "00"
        leaves.setdefault(home, []).append(row(year, code, share, size, (code[:2], home)))
    if year == 2020:
        leaves["340200"].append(row(year, "", 0.6, 3e4, ("34", "340200")))
    out = [summed([*chain(*leaves.values())], "", "全国", ("全国", "全国"))]
    for province in ("33", "34", "44"):
        inside = {home: rows for home, rows in leaves.items() if home[:2] == province}
        names = (province, province)
        out.append(summed([*chain(*inside.values())], province + "0000", province, names))
        for home, rows in inside.items():
            if home == ALONE:
                out += rows
                continue
            out += [summed(rows, home, home, (province, home)), *rows]
            out.append(summed(rows[:2], "", "市辖区", (province, home)))
    return out


def write_country(folder: Path, spoil=lambda rows: rows) -> tuple[Path, Path]:
    """Write both censuses; `spoil` may change the rows of each."""
    paths = (folder / "2010.csv", folder / "2020.csv")
    for year, path in zip((2010, 2020), paths, strict=True):
        pd.DataFrame(spoil(country_rows(year)), columns=COLUMNS).to_csv(path, index=False)
    return paths

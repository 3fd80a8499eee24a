"""One prefecture out of open county files: its places, the same at both censuses."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from qyforecast.census.one_census import brought_back
from qyforecast.census.open_counts import additive_counts
from qyforecast.census.panel_tables import MIDDLING, STABLE
from qyforecast.census.prefecture_match import match_counties
from qyforecast.census.stand_in import StandIn
from qyforecast.errors import DataError
from qyforecast.vocabulary import nearest


@dataclass(frozen=True)
class Prefecture:
    """A prefecture at two censuses.

    Attributes
    ----------
    code, name, province : str
        Its code and Chinese name, and the code of its province.
    places : mapping of str to str
        Codes and names of its places, those of the last census.
    counts : mapping of int to DataFrame
        Census year to the places' counts, indexed by their codes, see `additive_counts`.
    stand_ins : tuple of StandIn
        What was filled in or put together.
    uncounted : tuple of int
        Censuses that were not given, and are estimated.
    """

    code: str
    name: str
    province: str
    places: Mapping[str, str]
    counts: Mapping[int, pd.DataFrame]
    stand_ins: tuple[StandIn, ...]
    uncounted: tuple[int, ...] = ()


@dataclass(frozen=True)
class Background:
    """What the shipped folder tells of a prefecture's province and of the nation.

    Attributes
    ----------
    years : tuple of int
        The two censuses.
    jobs : mapping of str to mapping
        Shares of sectors in the yearbook by province and census year. [1]
    ages : DataFrame
        Table ``age_residence``, its years as numbers.
    """

    years: tuple[int, ...]
    jobs: Mapping[str, Mapping[int, Mapping[str, float]]]
    ages: pd.DataFrame

    def standard(self, province: str) -> dict[int, pd.DataFrame]:
        """Give the ages of a province at the censuses, or the nation's in their place.

        Parameters
        ----------
        province : str
            Its code.

        Returns
        -------
        dict of int to DataFrame
            Rows by census year.
        """
        known = province if (self.ages["region_code"] == province).any() else "000000"
        rows = self.ages[self.ages["region_code"] == known]
        return {year: rows[rows["year"] == year] for year in self.years}


def find_prefecture(rows: pd.DataFrame, wanted: str, background: Background) -> Prefecture:
    """Pick a prefecture, and make its places comparable between the censuses.

    Counties are joined by code, else by name. What cannot be joined, or was cut anew, or is
    no county's (development zones), is taken together; with the city districts where it
    must be; the whole prefecture is one place where nothing else will do. Where the files
    hold the last census only, the first is brought back from it.

    Parameters
    ----------
    rows : DataFrame
        From `read_open_files`.
    wanted : str
        Code or Chinese name.
    background : Background
        Censuses, province and nation.

    Returns
    -------
    Prefecture
        At least one place.

    Raises
    ------
    DataError
        If the prefecture or its last census is not there, or its boundary moved.
    """
    first, last = background.years
    after = _census(rows, last)
    code = _code(after, wanted)
    alone = not (rows["year"] == first).any()
    before = after if alone else _census(rows, first)
    jobs = background.jobs.get(code[:2] + "0000", {})
    match = match_counties(before, after, code)
    sides, notes = [], []
    for year, table, own in ((first, before, match.before), (last, after, match.after)):
        if not own.rows():
            raise _founded(year, code, after)
        above = [
            table.loc[[c]].iloc[0] for c in (own.prefecture, code[:2] + "0000") if c in table.index
        ]
        counts, said = additive_counts(table.loc[own.rows()], above, jobs.get(year))
        notes += [one for one in said if one not in notes]
        sides.append((counts, own.total(counts)))
    pairs = {k: (sides[0][0].loc[v], sides[1][0].loc[k]) for k, v in match.pairs.items()}
    chosen, said = _comparable(code, pairs, (sides[0][1], sides[1][1]), after["name"])
    then, now = (pd.DataFrame({k: chosen[k][i] for k in sorted(chosen)}).T for i in (0, 1))
    if alone:
        then = brought_back(now, background.standard(code[:2] + "0000"), jobs)
        notes.append(_uncounted(first, last))
    name = str(after["name"][code]).strip()
    if name == "市辖区" and code[:2] + "0000" in after.index:
        name = str(after["name"][code[:2] + "0000"]).strip()
    rest = "其余市区" if len(chosen) > 1 else name
    places = {k: str(after["name"][k]).strip() if k in pairs else rest for k in sorted(chosen)}
    return Prefecture(
        code, name, code[:2] + "0000", places, {first: then, last: now},
        (*match.stand_ins, *said, *notes), (first,) if alone else (),
    )  # fmt: skip


def _uncounted(first: int, last: int) -> StandIn:
    return StandIn(
        f"the census of {first} is not in the files: its figures are brought back from {last} by "
        "the cohorts, the urban share and the sectors of the province (the nation where it is not "
        "shipped); the regression does not hear them, and net migration is the province's",
        f"所给文件无 {first} 年普查:按本省(未附者按全国)队列、城镇化率与产业变化由 {last} 年回推;"
        "回归不采用,净迁移即为该标准的净迁移",
    )


def _founded(year: int, code: str, after: pd.DataFrame) -> DataError:
    return DataError(
        f"the prefecture has no row in the census of {year}",
        where=f"prefecture {code} {str(after['name'][code]).strip()}",
        cure="a place founded between the censuses cannot be forecast from them",
    )


def _census(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    table = rows[rows["year"] == year].set_index("code")
    if table.empty:
        raise DataError(
            f"no place of the census of {year} is in the files",
            found=f"years {sorted({int(y) for y in rows['year']})}",
            cure="give the files of both censuses",
        )
    return table


def _code(after: pd.DataFrame, wanted: str) -> str:
    known = after[after.index.str.endswith("00") & ~after.index.str.endswith("0000")]["name"]
    named = known[known.str.strip() == wanted]
    if wanted in known.index or len(named) == 1:
        return wanted if wanted in known.index else str(named.index[0])
    home = wanted[:4] + "00"
    if home in known.index:
        cure = f"it lies in {home} {known[home].strip()}"
    elif wanted.isdecimal():
        close = sorted(known.index, key=lambda code: (abs(int(code) - int(wanted)), code))[:3]
        cure = "nearest: " + ", ".join(f"{code} {known[code].strip()}" for code in close)
    else:
        cure = nearest(wanted, [str(name).strip() for name in known])
    raise DataError(
        "there is no such prefecture in the files", where="--prefecture", found=wanted, cure=cure
    )


Pair = tuple[pd.Series, pd.Series]


def _comparable(
    code: str, pairs: Mapping[str, Pair], total: Pair, names: pd.Series
) -> tuple[dict[str, Pair], list[StandIn]]:
    """Keep the sound counties, and take the rest together."""
    districts = {k for k in pairs if 1 <= int(k[4:]) <= 20}
    sound = {k for k, pair in pairs.items() if _sound(pair)}
    for kept in (sound, sound - districts, set[str]()):
        rest = tuple(t - sum((pairs[k][i] for k in kept), 0 * t) for i, t in enumerate(total))
        left = sorted(set(pairs) - kept)
        nothing = not left and all(abs(side["population"]) < 1 for side in rest)
        chosen = {k: pairs[k] for k in kept}
        if nothing and chosen:
            return chosen, []
        if _sound((rest[0], rest[1])):
            # 01 is the standard's number for all districts of a city together.
            number = next(n for n in range(1, 100) if f"{code[:4]}{n:02d}" not in pairs)
            own = f"{code[:4]}{number:02d}"
            chosen[own] = (rest[0], rest[1])
            zones = any(
                abs(t["population"] - sum(pair[i]["population"] for pair in pairs.values())) >= 1
                for i, t in enumerate(total)
            )
            if not pairs:
                return chosen, [_whole(own)]
            return chosen, [_together(own, [str(names[k]).strip() for k in left], zones=zones)]
    growth = total[1]["population"] / total[0]["population"]
    raise DataError(
        "the prefecture cannot be compared between the censuses",
        where=f"prefecture {code}",
        found=f"residents changed by a factor of {growth:.2f}, urban shares "
        + " and ".join(f"{side['urban'] / side['population']:.4f}" for side in total),
        cure=f"its boundary moved, or its urban share is outside {MIDDLING[0]} to {MIDDLING[1]}, "
        "where there is nothing left to forecast",
    )


def _whole(own: str) -> StandIn:
    return StandIn(
        f"the prefecture has no comparable county: all of it is one place, {own}",
        f"本市没有可比的县级行:全市作为一个地区 {own}",
    )


def _together(own: str, left: list[str], *, zones: bool) -> StandIn:
    english, chinese = "、".join(left), "、".join(left)
    if zones:
        english += (", and " if left else "") + "what no county joined between the censuses holds "
        english += "(development zones, boundaries cut anew)"
        chinese += "及" * bool(left) + "两次普查间未对应到县的部分(开发区、调整过的区划)"
    return StandIn(
        f"{english}: taken together as one place, {own}", f"{chinese}合并为一个地区 {own}"
    )


def _sound(pair: Pair) -> bool:
    """Tell whether the county panel would keep a place, and no part of it is negative."""
    first, last = (side["population"] for side in pair)
    if not (first > 0 and last > 0 and STABLE[0] < last / first < STABLE[1]):
        return False
    # Births and deaths are rates times residents, so a rest may miss zero by rounding.
    if any((side.drop(["births", "deaths"]) < -0.5).any() for side in pair):
        return False
    return all(
        MIDDLING[0] < side["urban"] / side["population"] < MIDDLING[1]
        and side["male"] > 0
        and side["female"] > 0
        for side in pair
    )

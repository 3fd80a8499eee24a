"""Which county of the first census is which of the last: by code, else by name."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from qyforecast.census.stand_in import StandIn

_SUFFIX = re.compile(r"(自治县|自治旗|林区|特区|县|市|区|旗)$")


@dataclass(frozen=True)
class Side:
    """A prefecture at one census.

    Attributes
    ----------
    prefecture : str
        Its code then.
    row : bool
        Whether it has a row of its own.
    inside, came, went : tuple of str
        Counties under it; counties elsewhere then that belong to it now, and the reverse.
    """

    prefecture: str
    row: bool
    inside: tuple[str, ...]
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    def rows(self) -> list[str]:
        """Codes of all rows that are needed.

        Returns
        -------
        list of str
            The prefecture's own first.
        """
        return [*([self.prefecture] if self.row else []), *self.inside, *self.came]

    def total(self, counts: pd.DataFrame) -> pd.Series:
        """Add up the prefecture within the boundary it has now.

        Parameters
        ----------
        counts : DataFrame
            Counts of `rows`.

        Returns
        -------
        Series
            Its own row, or the sum of its counties; with those that came, without those that went.
        """
        own = counts.loc[[self.prefecture] if self.row else list(self.inside)].sum()
        return own + counts.loc[list(self.came)].sum() - counts.loc[list(self.went)].sum()


@dataclass(frozen=True)
class Match:
    """Counties joined between two censuses.

    Attributes
    ----------
    before, after : Side
        The prefecture at both.
    pairs : mapping of str to str
        Code of the last census to that of the first.
    stand_ins : tuple of StandIn
        What was joined by name, and what may be missing.
    """

    before: Side
    after: Side
    pairs: Mapping[str, str]
    stand_ins: tuple[StandIn, ...]


def match_counties(before: pd.DataFrame, after: pd.DataFrame, code: str) -> Match:
    """Join the counties of a prefecture.

    Parameters
    ----------
    before, after : DataFrame
        All rows of the two censuses, indexed by code, with ``name``.
    code : str
        The prefecture, as of the last census.

    Returns
    -------
    Match
        Its counties, and those that came to it or left it.
    """
    now = _counties(after, code[:4])
    then, names = _stems(before, code[:2]), _stems(after, code[:2])
    pairs: dict[str, str] = {}
    for county in now:
        found = county if county in before.index else _one(then, names[county], after.index)
        if found:
            pairs[county] = found
    homes = Counter(old[:4] for old in pairs.values())
    old = homes.most_common(1)[0][0] if homes else code[:4]
    inside = _counties(before, old)
    came = tuple(c for c in pairs.values() if c[:4] != old)
    went = tuple(
        c for c in inside
        if c not in pairs.values() and c not in after.index
        and (home := _one(names, then[c], before.index)) and home[:4] != code[:4]
    )  # fmt: skip
    first = Side(old + "00", old + "00" in before.index, tuple(inside), came, went)
    last = Side(code, True, tuple(now))
    return Match(first, last, pairs, tuple(_said(before, after, code, pairs)))


def _counties(table: pd.DataFrame, prefix: str) -> list[str]:
    return [c for c in table.index if c.startswith(prefix) and not c.endswith("00")]


def _stems(table: pd.DataFrame, province: str) -> dict[str, str]:
    """County to its name without county, city or district behind it."""
    inside = table[table.index.str.startswith(province) & ~table.index.str.endswith("00")]
    return {str(k): _SUFFIX.sub("", str(v).strip()) for k, v in inside["name"].items()}


def _one(stems: Mapping[str, str], stem: str, taken: pd.Index) -> str:
    """Find the only county of that name whose code the other census does not know."""
    found = [code for code, name in stems.items() if name == stem and code not in taken]
    return found[0] if len(found) == 1 and stem else ""


def _said(
    before: pd.DataFrame, after: pd.DataFrame, code: str, pairs: Mapping[str, str]
) -> list[StandIn]:
    said = [
        StandIn(
            f"{after['name'][new].strip()} {new} is {before['name'][old].strip()} {old} of the "
            "first census, by its name",
            f"{after['name'][new].strip()} {new} 按名称对应前次普查的"
            f"{before['name'][old].strip()} {old}",
        )
        for new, old in pairs.items()
        if new != old
    ]
    gone = [
        old for old in before.index
        if old.startswith(code[:2]) and old.endswith("00") and not old.endswith("0000")
        and old not in after.index and not any(o.startswith(old[:4]) for o in pairs.values())
        and set(_counties(before, old[:4])) - set(after.index)
    ]  # fmt: skip
    return said + [
        StandIn(
            f"{before['name'][old].strip()} {old} no longer exists: if part of it now belongs to "
            "this city, its residents of the first census are missing, and growth is overstated",
            f"{before['name'][old].strip()} {old} 已撤销:若其一部分现属本市,则前次普查缺这部分人口,"
            "增长被高估",
        )
        for old in gone
        if code[:2] + "00" != old[:4]
    ]

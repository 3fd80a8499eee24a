"""Pages that an imported city begins with: what was estimated, and what to ask about."""

import json
import re
from collections.abc import Sequence

from qyforecast.census.prefecture import Prefecture
from qyforecast.census.stand_in import StandIn
from qyforecast.errors import QyforecastError

#: Urban share of the nation at the census of 2020, without servicemen
#: (National Bureau of Statistics, 2020 population census by county). [1]
_NATION = 0.6384
_YEAR = 2035


def notes_page(city: Prefecture, said: Sequence[StandIn]) -> str:
    """List what stands in for what was not counted.

    Parameters
    ----------
    city : Prefecture
        What was imported.
    said : sequence of StandIn
        What was estimated or borrowed.

    Returns
    -------
    str
        Markdown, in Chinese and English.
    """
    places = "、".join(f"{name} {code}" for code, name in city.places.items())
    return "\n".join(
        [
            f"# {city.name} {city.code}",
            "",
            f"地区 Places: {places}",
            "",
            "## 估算与替代 What stands in for what was not counted",
            "",
            *(f"- {one.chinese}。 {one.english[0].upper()}{one.english[1:]}." for one in said),
            *([] if said else ["- 无 nothing."]),
            "",
            "## 如何改进 What would make it better",
            "",
            "- census/city_series.csv: 历年城镇化率、三次产业增加值、常住人口。Yearly urban shares "
            "(`urban_share`), value added by sector (`value_added_primary`, ...) and residents "
            "(`population`): the forecast says what it used instead. Then run "
            "`qyforecast check FOLDER --update`.",
            "- scenarios/targets.yaml: 写入本市规划目标。The city's own promise.",
            "- census/regions.csv: 英文名。English names (`name_en`), now Chinese.",
            "",
        ]
    )


def targets_page(city: Prefecture, promise: tuple[int, float] | None) -> str:
    """Write what the forecast is asked: the promise, else a yardstick that is called one.

    Parameters
    ----------
    city : Prefecture
        Its urban share at the last census sets the yardstick.
    promise : tuple of int and float, optional
        Year and urban share. [1]

    Returns
    -------
    str
        A targets file.
    """
    last = city.counts[max(city.counts)]
    now = float(last["urban"].sum() / last["population"].sum())
    year, share = promise or (_YEAR, _NATION if now < _NATION - 0.05 else (1 + now) / 2)
    reason = "given at the import; name the plan and its page here"
    if promise is None:
        what = (
            "the nation's urban share at the census of 2020"
            if share == _NATION
            else "half of the rural share of 2020 gone"
        )
        reason = (
            f"A yardstick, no promise: {what}. The files hold no plan of the city; put its own here"
        )
    return (
        "# Asked of the city and, against the same bar, of its counties.\n"
        "targets:\n"
        f"  - name: {year}-at-least-{100 * share:.0f}\n"
        f"    year: {year}\n"
        f"    threshold: {share:.4f}\n"
        "    reading: strict\n"
        "    places: all\n"
        "    evidence:\n"
        "      grade: judgement\n"
        f"      source: {json.dumps(reason)}\n"
        f"      year: {max(city.counts)}\n"
    )


def parse_promise(text: str) -> tuple[int, float]:
    """Read a target as written at the shell.

    Parameters
    ----------
    text : str
        As ``2035=0.65`` or ``2035=65%``.

    Returns
    -------
    tuple of int and float
        Year and urban share. [1]

    Raises
    ------
    QyforecastError
        If it is not of that form, or the share is outside 0 to 1.

    Examples
    --------
    >>> parse_promise("2035=65%")
    (2035, 0.65)
    """
    found = re.fullmatch(r"(20\d\d)=(\d*\.?\d+)(%?)", text.strip())
    share = float(found[2]) / (100 if found[3] else 1) if found else 0.0
    if not found or not 0 < share < 1:
        raise QyforecastError(
            "a target is a year and a share", where="--target", found=text,
            cure="write 2035=0.65 or 2035=65%",
        )  # fmt: skip
    return int(found[1]), share

"""Headings of the open county-census files: short names, and Chinese as the census prints them."""

import re
import unicodedata
from collections.abc import Mapping

from qyforecast.vocabulary import CENSUS_AGES

#: Figures that count people, with the headings each may have; the first is the short name.
PERSONS: Mapping[str, tuple[str, ...]] = {
    "population": ("pop", "population", "常住人口", "总人口", "人口数", "常住人口合计", "合计"),
    "male": ("male", "男", "男性", "男性人口"),
    "female": ("female", "女", "女性", "女性人口"),
    "urban": ("urban", "城镇人口", "城镇", "城镇常住人口"),
    "rural": ("rural", "乡村人口", "乡村", "乡村常住人口"),
    "registered": ("hukou_pop", "户籍人口", "户籍总人口", "户口登记人口"),
    "own_county": (
        *("hh_reg_other_same_county", "户口登记地在本县其他乡镇街道", "本县市区"),
        *("户口登记地在本县(市、区)其他乡镇街道人口", "本县其他乡镇街道"),
    ),
    "same_province": (
        *("in_mig_same_prov", "户口登记地在本省其他县市区", "本省其他县市区", "本省其他县"),
        "户口登记地在本省其他县(市、区)人口",
    ),
    "other_province": ("in_mig_other_prov", "户口登记地在外省", "外省", "户口登记地在外省人口"),
}
#: The long form counts a tenth of the people.
SAMPLED: Mapping[str, tuple[str, ...]] = {"employed": ("emp_sample", "就业人口", "长表就业人口")}
#: Shares, rates and means.
RATIOS: Mapping[str, tuple[str, ...]] = {
    "primary": ("emp_agr_pct", "第一产业就业比重", "农林牧渔业就业比重"),
    "secondary": ("emp_ind_pct", "第二产业就业比重"),
    "tertiary": ("emp_srv_pct", "第三产业就业比重"),
    "mining": ("emp_mining_pct", "采矿业就业比重"),
    "manufacturing": ("emp_manuf_pct", "制造业就业比重"),
    "construction": ("emp_constr_pct", "建筑业就业比重"),
    "birth_rate": ("birth_rate", "出生率"),
    "death_rate": ("death_rate", "死亡率"),
    "schooling_years": ("schooling_years", "平均受教育年限"),
}
#: Labels of a row.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "代码", "行政区划代码", "地区代码", "区划代码", "县代码"),
    "name": ("area", "name", "地区", "名称", "地区名称", "县市区", "区县"),
    "year": ("year", "年份", "年", "普查年份"),
    "unit": ("unit", "单位", "计量单位"),
}
NEEDED = ("code", "name", "population", "male", "female", "urban")
#: What a unit in brackets, in a column, or at the shell is worth. [person]
UNITS = {
    **dict.fromkeys(("person", "persons", "人"), 1.0),
    **dict.fromkeys(("thousand persons", "千人"), 1e3),
    **dict.fromkeys(("10 thousand persons", "万", "万人"), 1e4),
}

_SEXES = {"m": "male", "男": "male", "f": "female", "女": "female", "male": "male"}
_SEXES |= {"female": "female", "男性": "male", "女性": "female"}


def age_column(sex: str, age: int) -> str:
    """Name the column of a sex and age group.

    Parameters
    ----------
    sex : {"male", "female"}
        Sex.
    age : int
        Lower bound of the group; 85 is open. [year]

    Returns
    -------
    str
        As ``male 20``.
    """
    return f"{sex} {age}"


AGE_COLUMNS = tuple(age_column(sex, age) for sex in ("male", "female") for age in CENSUS_AGES)
#: Every column that counts people.
COUNTED = (*PERSONS, *AGE_COLUMNS)


def recognise(heading: str) -> tuple[str, float | None]:
    """Tell what a heading stands for.

    Parameters
    ----------
    heading : str
        As written; a unit may stand behind it in brackets, as ``城镇人口（万人）``.

    Returns
    -------
    tuple of str and float or None
        The package's name of the column, empty where the heading is not known; and what
        one of its unit is worth in persons, None where no unit is said.

    Examples
    --------
    >>> recognise("男 20-24岁")
    ('male 20', None)
    >>> recognise("城镇人口（万人）")
    ('urban', 10000.0)
    """
    plain = "".join(unicodedata.normalize("NFKC", heading).split()).casefold()
    if plain in _KNOWN:
        return _KNOWN[plain], None
    bracket = re.fullmatch(r"(.+?)[(\[](.+)[)\]]", plain)
    unit = None
    if bracket and bracket[2] in UNITS:
        plain, unit = bracket[1], UNITS[bracket[2]]
    return _KNOWN.get(plain) or _age(plain), unit


def _age(plain: str) -> str:
    """Read sex and age group from a heading like m_20-24, 男20-24岁 or 0岁男."""
    rest = plain.replace("岁", "").replace("及以上", "+").replace("以上", "+")
    found = re.fullmatch(r"([a-z男女性]*)[_:]?(\d+)(?:[-~—至](\d+)|(\+))?[_:]?([a-z男女性]*)", rest)
    if not found:
        return ""
    sex = _SEXES.get(found[1] or found[5])
    age = int(found[2])
    whole = {0: (None, None), 1: ("4", None), 85: (None, "+")}.get(age, (str(age + 4), None))
    if sex is None or age not in CENSUS_AGES or (found[3], found[4]) != whole:
        return ""
    return age_column(sex, age)


_KNOWN = {
    "".join(unicodedata.normalize("NFKC", word).split()).casefold(): name
    for table in (PERSONS, SAMPLED, RATIOS, TEXTS)
    for name, words in table.items()
    for word in words
}

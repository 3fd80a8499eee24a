"""What the columns of saved tables are called, and in which units they are."""

from __future__ import annotations

import pandas as pd

#: Column to its English and Chinese name.
LABELS: dict[str, tuple[str, str]] = {
    "scenario": ("scenario", "情景"),
    "as_of": ("as of the end of", "数据截至（年底）"),
    "vintage": ("forecast of", "预测批次"),
    "added": ("figures added", "新增数据"),
    "region_code": ("region code", "地区代码"),
    "residence": ("town or village", "城乡"),
    "year": ("year", "年份"),
    "sex": ("sex", "性别"),
    "age": ("age", "年龄"),
    "age_group": ("age group", "年龄组"),
    "flow": ("flow", "流动类型"),
    "target": ("target", "目标"),
    "targets": ("targets", "各项目标"),
    "threshold": ("bar", "达标线"),
    "probability": ("probability", "概率"),
    "standard_error": ("standard error", "标准误"),
    "mean": ("mean", "平均值"),
    "median": ("median", "中位数"),
    "lower80": ("80 % from", "80%区间下限"),
    "upper80": ("80 % to", "80%区间上限"),
    "lower90": ("90 % from", "90%区间下限"),
    "upper90": ("90 % to", "90%区间上限"),
    "lower95": ("95 % from", "95%区间下限"),
    "upper95": ("95 % to", "95%区间上限"),
    "q025": ("2.5 % quantile", "2.5%分位数"),
    "q10": ("10 % quantile", "10%分位数"),
    "q25": ("25 % quantile", "25%分位数"),
    "q50": ("50 % quantile", "50%分位数"),
    "q75": ("75 % quantile", "75%分位数"),
    "q90": ("90 % quantile", "90%分位数"),
    "q975": ("97.5 % quantile", "97.5%分位数"),
    "compared_with": ("compared with", "比较对象"),
    "other": ("other scenario", "另一情景"),
    "difference": ("change of probability", "概率变化"),
    "difference_error": ("error of the change", "变化的标准误"),
    "beats": ("probability of a higher share", "比例更高的概率"),
    "beats_error": ("its error", "比例更高的概率的标准误"),
    "ties": ("probability of the same share", "比例相同的概率"),
    "gain_points": ("points gained", "城镇化率增量"),
    "gain_points_error": ("error of points gained", "增量的标准误"),
    "gain_points_lower90": ("points gained, 90 % from", "增量90%区间下限"),
    "gain_points_upper90": ("points gained, 90 % to", "增量90%区间上限"),
    "gain_persons": ("people in town gained", "增加的城镇人口"),
    "gain_persons_lower90": ("people gained, 90 % from", "增加人口90%区间下限"),
    "gain_persons_upper90": ("people gained, 90 % to", "增加人口90%区间上限"),
    "shortfall_points": ("points short where missed", "未达标时的差距"),
    "shortfall_persons": ("people short where missed", "未达标时差的人口"),
    "by_then": ("probability by then", "累计概率"),
    "by_then_error": ("error of probability by then", "累计概率的标准误"),
    "carried_on": ("beyond the forecast", "预测期之后"),
    "component": ("component", "增长来源"),
    "judged_levers": ("judged measures", "判断的措施数"),
    "levers": ("measures", "措施数"),
    "draws": ("draws", "抽样次数"),
    "orders": ("orders drawn", "抽取的次序数"),
    "without": ("without measures", "无措施时"),
    "without_error": ("error without measures", "无措施时的标准误"),
    "low": ("effects weak", "效果取下限"),
    "low_error": ("error, effects weak", "效果取下限的标准误"),
    "median_error": ("error of the median", "取中位数的标准误"),
    "high": ("effects strong", "效果取上限"),
    "high_error": ("error, effects strong", "效果取上限的标准误"),
    "from_year": ("from year", "起始年份"),
    "from_share": ("from share", "起始城镇化率"),
    "pace_needed": ("pace needed", "所需速度"),
    "pace": ("pace", "速度"),
    "who": ("who", "对象"),
    "fast_enough": ("fast enough", "达到速度的个数"),
    "of": ("of", "总个数"),
    "share": ("share", "比例"),
    "player": ("measure", "措施"),
    "probability_error": ("error of probability", "概率的标准误"),
    "group": ("source of uncertainty", "不确定性来源"),
    "first": ("by itself", "单独作用"),
    "first_error": ("error by itself", "单独作用的标准误"),
    "total": ("with interactions", "含交互作用"),
    "total_error": ("error with interactions", "含交互作用的标准误"),
    "mixed_variance": ("variance of mixed draws", "混合抽样的方差比"),
    "method": ("method", "方法"),
    "kind": ("kind", "类别"),
    "horizon": ("years ahead", "提前年数"),
    "observations": ("forecasts", "预测次数"),
    "mae": ("mean absolute error", "平均绝对误差"),
    "bias": ("bias", "偏差"),
    "crps": ("CRPS", "连续分级概率评分"),
    "log_score": ("log score", "对数评分"),
    "coverage80": ("held by 80 %", "80%区间覆盖率"),
    "coverage95": ("held by 95 %", "95%区间覆盖率"),
    "persons": ("persons", "人数"),
    "residual": ("counted less expected", "普查人数减预期人数"),
    "fitted": ("from smooth rates", "平滑迁移率所得"),
    "misfit": ("difference over persons", "差额占人数的比例"),
}
#: Unit to its English and Chinese name.
UNIT_NAMES: dict[str, tuple[str, str]] = {
    "share": ("share, 0 to 1", "比例（0～1）"),
    "person": ("persons", "人"),
    "point": ("percentage points", "百分点"),
    "log odds": ("log odds a year", "对数优势／年"),
    "year": ("year", "年"),
    "count": ("number", "个"),
    "age": ("years of age", "岁"),
    "score": ("score", "评分"),
    "text": ("text or code", "文字或代码"),
}
_YEARS = ("as_of", "year", "from_year", "horizon")
_COUNTS = (
    *("draws", "orders", "judged_levers", "levers", "fast_enough", "of", "observations"),
    "carried_on",
)
_POINTS = tuple(name for name in LABELS if "points" in name)
_PERSONS = ("residual", "fitted", *(name for name in LABELS if "persons" in name))
UNITS: dict[str, str] = {
    **dict.fromkeys(_YEARS, "year"),
    **dict.fromkeys(_COUNTS, "count"),
    **dict.fromkeys(_POINTS, "point"),
    **dict.fromkeys(_PERSONS, "person"),
    **dict.fromkeys(("pace", "pace_needed"), "log odds"),
    **dict.fromkeys(("crps", "log_score"), "score"),
    "age": "age",
}
#: Tables whose means and quantiles are people.
IN_PERSONS = ("population", "flows", "growth")


def label_of(column: str, lang: str) -> str:
    """Name a column.

    Parameters
    ----------
    column : str
        As the saved tables have it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name; the column itself where it has none.
    """
    english, chinese = LABELS.get(column, (column, column))
    return chinese if lang == "zh" else english


def units_of(table: str, frame: pd.DataFrame, lang: str) -> dict[str, str]:
    """Say in which unit each numeric column of a table is.

    Parameters
    ----------
    table : str
        Name of the saved table, as ``targets``.
    frame : DataFrame
        Its rows.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    dict of str to str
        Column to unit.
    """
    other = "person" if table in IN_PERSONS else "share"
    numeric = [str(name) for name in frame.columns if pd.api.types.is_numeric_dtype(frame[name])]
    place = 1 if lang == "zh" else 0
    return {name: UNIT_NAMES[UNITS.get(name, other)][place] for name in numeric}

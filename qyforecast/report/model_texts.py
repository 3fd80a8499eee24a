"""Texts of the charts of a model: its regression and its record; see `chart_texts`."""

MODEL_CHARTS: dict[str, tuple[str, str]] = {
    # Regression.
    "chart_coefficients": (
        "How provinces' urban shares respond to jobs and output",
        "各省城镇化率对就业和产值的响应系数",
    ),
    "note_coefficients": (
        "Dots: estimates; lines: 95 % intervals. The posterior has priors, least squares has none. "
        "They are associations, not proof of causes.",
        "点为估计值，线段为95%区间。后验使用先验分布，最小二乘法不使用。系数表示相关，不证明因果。",
    ),
    "unit_coefficients": (
        "log odds of the urban share per unit of share",
        "城镇化率对数优势／单位比重",
    ),
    "alt_coefficients": (
        "Dot chart with intervals: the largest posterior median is that of {most} ({value}).",
        "带区间的点图：后验中位数最大的是{most}（{value}）。",
    ),
    "term": ("{sector} {driver}", "{sector}{driver}"),
    "posterior": ("posterior", "后验"),
    "prior": ("prior", "先验"),
    "least_squares": ("least squares", "最小二乘法"),
    "least_squares_pooled": (
        "least squares, no province effects",
        "最小二乘法（无省份效应）",
    ),
    "panel_level_term": ("level", "水平"),
    "panel_change_term": ("change", "变化"),
    "chart_effects": (
        "What one more point of a sector does to the urban share, {place}",
        "产业比重提高一个百分点对{place}城镇化率的影响",
    ),
    "note_effects": (
        "Average marginal effects of the regression: a sector's share one point higher from the "
        "next year on, the others giving in proportion. Dots: medians; lines: 80, 95 % intervals.",
        "回归模型的平均边际效应：某产业比重自次年起提高一个百分点，其他产业按比例减少。点为中位数，粗细线为80%和95%区间。",
    ),
    "alt_effects": (
        "Dots with intervals: in {year} the largest effect is that of {most} ({value} points).",
        "带区间的点图：{year}年影响最大的是{most}（{value}个百分点）。",
    ),
    "chart_priors": (
        "What the data add to what was supposed",
        "数据对先验设定的修正",
    ),
    "note_priors": (
        "Grey: prior, before the data; blue: posterior, after them. Dots: medians; lines: 80 and "
        "95 % intervals. Each panel has its own scale.",
        "灰色为先验（使用数据之前），蓝色为后验（使用数据之后）。点为中位数，粗细线为80%和95%区间。各图刻度不同。",
    ),
    "unit_priors": ("that of each parameter", "各参数自身单位"),
    "alt_priors": (
        "Panels of {count} parameters: the data narrow {most} most ({part} of the prior's width).",
        "{count}个参数的小图：数据使{most}的区间缩小最多（为先验宽度的{part}）。",
    ),
    # Record.
    "chart_reliability": (
        "Do past forecasts hold what they promise?",
        "历史回测：预测概率是否可靠",
    ),
    "note_reliability": (
        "Forecasts of provinces from past years, on what was known. Each point: how often what "
        "came lay within the central interval of that probability; on the line it is as promised.",
        "用历史年份当时已知的数据对各省作预测。每点为实际值落入该概率中心区间的比例，落在对角线上表示与承诺一致。",
    ),
    "unit_reliability": ("% of past forecasts", "占历史预测的百分比（%）"),
    "alt_reliability": (
        "Reliability diagram: the 80 % intervals {years} years ahead held {held} of what came.",
        "可靠性图：提前{years}年的80%区间包含了{held}的实际值。",
    ),
    "axis_nominal": ("probability of the interval", "区间概率"),
    "axis_held": ("share held", "实际落入比例"),
    "ahead": ("{years} years ahead", "提前{years}年"),
    "chart_coverage": (
        "The record: error and coverage of past forecasts by method",
        "历史回测：各方法的误差与区间覆盖率",
    ),
    "note_coverage": (
        "Forecasts of provinces from past years, on what was known. Left: mean absolute error; "
        "right: share of what came that 80 % intervals held (dotted: as promised).",
        "用历史年份当时已知的数据对各省作预测。左为平均绝对误差，右为80%区间包含实际值的比例（虚线为应有水平）。",
    ),
    "unit_coverage": ("percentage points; %", "百分点；%"),
    "alt_coverage": (
        "Lines by years ahead: at {years} years the mixture errs by {error} points on average "
        "and its 80 % intervals hold {held}.",
        "按提前年数的折线图：提前{years}年，组合模型平均误差{error}个百分点，80%区间覆盖{held}。",
    ),
    "axis_ahead": ("years ahead", "提前年数"),
    "panel_error": ("mean absolute error", "平均绝对误差"),
    "panel_coverage": ("coverage of 80 % intervals", "80%区间覆盖率"),
}

"""Titles, notes, units, alternative texts and labels of the charts, English and Chinese.

A chart has a ``chart_`` (title), ``note_``, ``unit_`` and ``alt_`` text under its name.
"""

CHARTS: dict[str, tuple[str, str]] = {
    # The foot of every chart.
    "foot": (
        "Unit: {unit}. As of: {as_of}. Sources: {source}.",
        "单位：{unit}。数据截至：{as_of}。资料来源：{source}。",
    ),
    "undated": ("not stated", "未注明"),
    "year_end": ("end of {year}", "{year}年底"),
    "unit_share": ("% of residents", "占常住人口的百分比（%）"),
    "unit_probability": ("probability, %", "概率（%）"),
    "unit_persons": ("persons", "人"),
    "unit_points": ("percentage points of urban share", "城镇化率百分点"),
    "source_forecast": (
        "own forecast from the {years} censuses, bulletins and yearbooks (National Bureau of "
        "Statistics of China and local bureaus) and the city's plan",
        "根据{years}年人口普查（国家统计局）、各级统计公报和年鉴、本市规划预测",
    ),
    "source_demography": (
        "own estimates from the {years} censuses (National Bureau of Statistics of China)",
        "根据{years}年人口普查（国家统计局）估算",
    ),
    "source_model": (
        "own regression on provincial and county census data (National Bureau of Statistics "
        "of China)",
        "根据分省、分县普查数据（国家统计局）建立的回归模型",
    ),
    # Fan.
    "chart_fan": ("Urban share of residents, {place}", "{place}常住人口城镇化率预测"),
    "note_fan": (
        "Scenario: {scenario}. Line: median. Bands: 50, 80 and 95 % equal-tailed intervals of "
        "{draws} draws. Points: published shares of residents living in towns; hollow where "
        "published later than the panel's year, and not used in it.",
        "情景：{scenario}。线为中位数；色带为{draws}次抽样的50%、80%、95%等尾区间。"
        "点为已公布的常住人口城镇化率；空心点在该图所示年份之后公布，未使用。",
    ),
    "alt_fan": (
        "Fan chart of the urban share of {place}: as of {as_of} the median reaches {median} in "
        "{year}, with an 80 % interval of {interval}.",
        "{place}城镇化率扇形图：截至{as_of}年，{year}年中位数为{median}，80%区间为{interval}。",
    ),
    # Probability of each target.
    "chart_chances": (
        "Probability of reaching the targets by scenario, {place}",
        "{place}各情景下实现目标的概率",
    ),
    "note_chances": (
        "Dots: share of {draws} draws that reach the target; bars: two Monte Carlo standard "
        "errors on either side. Scenarios in the order of the last target.",
        "圆点为{draws}次抽样中达到目标的比例，横线为上下两倍蒙特卡洛标准误。情景按最后一个目标的概率排序。",
    ),
    "alt_chances": (
        "Dot chart: for {year} the likeliest scenario is {best} ({high}), the least likely {worst} "
        "({low}).",
        "点图：就{year}年目标而言，概率最高的情景是{best}（{high}），最低的是{worst}（{low}）。",
    ),
    "panel_target": ("{share} or more in {year}", "{year}年达到{share}及以上"),
    "axis_probability": ("probability", "概率"),
    # Probability by vintage.
    "chart_vintages": (
        "How the probability of the targets has moved, {place}",
        "{place}实现目标概率的历次变化",
    ),
    "note_vintages": (
        "The baseline as it would have been forecast at the end of each year; bars: two standard "
        "errors on either side.",
        "基准情景，按各年年底所知数据预测；竖线为上下两倍标准误。",
    ),
    "alt_vintages": (
        "Line chart: the probability for {year} goes from {first} to {last}.",
        "折线图：{year}年目标的实现概率由{first}变为{last}。",
    ),
    "axis_vintage": ("forecast as of the end of", "预测截至年份（年底）"),
    # First year.
    "chart_first-year": (
        "When is each target's share first reached? {place}",
        "{place}何时首次达到目标水平",
    ),
    "note_first-year": (
        "Scenario: {scenario}. Bars: share of draws that first reach the level in that year. Pale "
        "bars: beyond the forecast's end each draw goes on at its own pace of the last five years.",
        "情景：{scenario}。柱为当年首次达到该水平的抽样比例；浅色柱为预测期之后，各次抽样按自身最近五年的速度外推。",
    ),
    "alt_first-year": (
        "Bar chart: {level} is reached by {year} in {by}, and not by {last} in {never}.",
        "柱状图：到{year}年达到{level}的概率为{by}，到{last}年仍未达到的概率为{never}。",
    ),
    "panel_level": (
        "{share} (target year {year}): not by {last} in {never}",
        "{share}（目标年{year}年）：到{last}年仍未达到的概率{never}",
    ),
    "axis_first": ("year first reached", "首次达到的年份"),
    "target_year": ("target year", "目标年"),
    # Pyramid.
    "chart_pyramid": (
        "Residents by age and sex, {place}, {first} and {last}",
        "{place}城乡人口年龄结构，{first}年与{last}年",
    ),
    "note_pyramid": (
        "Scenario: {scenario}. Bars: median of {last}, with 80 % intervals; outline: {first}, from "
        "the census. Ages of 85 and over together.",
        "情景：{scenario}。柱为{last}年中位数，线段为80%区间；轮廓线为{first}年普查。85岁及以上合并。",
    ),
    "unit_pyramid": ("thousand persons in five years of age", "每五岁组万人"),
    "alt_pyramid": (
        "Population pyramids: about {urban} urban residents in {last} against {urban_first} in "
        "{first}, and {rural} rural residents against {rural_first}.",
        "人口金字塔：{last}年城镇人口约{urban}（{first}年{urban_first}），乡村人口约{rural}（{first}年{rural_first}）。",
    ),
    "urban": ("urban", "城镇"),
    "rural": ("rural", "乡村"),
    "male": ("men", "男"),
    "female": ("women", "女"),
    "axis_age": ("age", "年龄（岁）"),
    "of_year": ("{year}", "{year}年"),
    # Growth.
    "chart_growth": (
        "What the urban population of {place} grows by, {first} to {last}",
        "{place}城镇人口增长来源，{first}—{last}年",
    ),
    "note_growth": (
        "Means over draws, which add up; dot and line: median and 90 % interval of the whole. "
        "Movement: between village and town and between counties.",
        "柱为抽样平均值，可以相加；点和线为合计的中位数和90%区间。“城乡与县际迁移”包括城乡之间和各县之间的迁移。",
    ),
    "unit_growth": ("thousand persons", "万人"),
    "alt_growth": (
        "Stacked bars: under {scenario} the urban population grows by {whole}, of which {most} "
        "makes the most.",
        "堆叠条形图：{scenario}下城镇人口增加{whole}，其中{most}贡献最大。",
    ),
    "whole": ("all together", "合计"),
    # Shapley.
    "chart_shapley": (
        "What each measure adds to the urban share of {year}, {scenario}",
        "各项措施对{year}年城镇化率的贡献（{scenario}）",
    ),
    "note_shapley": (
        "Shapley shares: each measure's mean gain over all orders of adding it, {draws} draws; "
        "lines: two standard errors on either side. Gains are above the baseline.",
        "夏普利值：每项措施在所有加入顺序下的平均增量，{draws}次抽样；线段为上下两倍标准误。增量相对于基准情景。",
    ),
    "alt_shapley": (
        "Waterfall: together {whole} percentage points, most by {most} ({part}).",
        "瀑布图：合计{whole}个百分点，贡献最大的是{most}（{part}个百分点）。",
    ),
    # Variance.
    "chart_variance": (
        "What the uncertainty of the urban share comes from, {scenario}",
        "城镇化率预测不确定性的来源（{scenario}）",
    ),
    "note_variance": (
        "Dark: share of the variance gone when the source alone is known; pale: share left when "
        "all else is known. Lines: two standard errors either side. Shares need not add to 100 %.",
        "深色为只知道该来源时可消除的方差比例，浅色为知道其他所有来源后仍剩余的方差比例；"
        "线段为上下两倍标准误。各项之和不一定等于100%。",
    ),
    "unit_variance": ("% of the variance", "占方差的百分比（%）"),
    "alt_variance": (
        "Bars: for {year} the largest source is {most} ({part}).",
        "条形图：{year}年最大的不确定性来源是{most}（{part}）。",
    ),
    "first_order": ("by itself", "单独作用"),
    "total_order": ("with interactions", "含交互作用"),
    # Counties.
    "chart_counties": ("Urban share by county, {place}", "{place}各县（区）城镇化率"),
    "note_counties": (
        "Scenario: {scenario}. Counties where they lie, roughly. Line: median; band: 80 % interval "
        "of {draws} draws; dotted: the city's targets, which the plan sets for no single county.",
        "情景：{scenario}。按大致方位排列。线为中位数，色带为{draws}次抽样的80%区间；"
        "虚线为全市目标，规划并未给各县（区）分别设定目标。",
    ),
    "alt_counties": (
        "Tile map: in {year} {best} has the highest median urban share ({high}), {worst} the "
        "lowest ({low}).",
        "分县小图：{year}年城镇化率中位数最高的是{best}（{high}），最低的是{worst}（{low}）。",
    ),
    "cell_county": ("{share} in {year}", "{year}年{share}"),
    # Flows.
    "chart_flows": ("Moves between places in {year}, {place}", "{place}{year}年人口流动"),
    "note_flows": (
        "Scenario: {scenario}. Dots: medians; lines: 80 % intervals, over the year. Above zero "
        "the place gains. Moves between village and town stay inside the county. Scales differ.",
        "情景：{scenario}。点为中位数，线段为80%区间，均为全年数。正值为流入。城乡之间的迁移在县（区）内部。各图刻度不同。",
    ),
    "unit_flows": ("persons in the year", "人/年"),
    "alt_flows": (
        "Dot chart of moves by county in {year}: {most} has the most moves from village to town "
        "({count}).",
        "{year}年分县人口流动点图：乡村到城镇人数最多的是{most}（{count}人）。",
    ),
    # Migration by age.
    "chart_migration-age": (
        "Net migration by age between the censuses, {place}",
        "{place}两次普查之间分年龄净迁移",
    ),
    "note_migration-age": (
        "Bars: surviving net migrants of the decade by age at the second census, counted people "
        "less survivors; line: what the smooth rates make of it.",
        "柱为十年间净迁移的存活人数（普查人数减去预期存活人数），按第二次普查时年龄；线为平滑后的迁移率所得。",
    ),
    "unit_migration-age": ("thousand persons in five years of age", "每五岁组万人"),
    "alt_migration-age": (
        "Bars by age: the largest net loss is of people aged {age} at the second census ({count}).",
        "分年龄柱状图：净流出最多的是第二次普查时{age}岁组（{count}）。",
    ),
    "residual": ("counted less expected", "普查人数减预期人数"),
    "fitted": ("from smooth rates", "平滑迁移率所得"),
}

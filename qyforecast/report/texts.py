"""What is said under, over and in charts and tables: English and Chinese side by side."""

#: What the forecast leaves out, whatever the scenario; scenarios state their own besides.
FORECAST: dict[str, tuple[str, str]] = {
    "leaves_out": (
        "Left out: changes of boundaries and, but where a scenario reclassifies a place, of "
        "what counts as urban after 2020; errors of the 2020 census count itself; shocks of a "
        "kind not seen since 2000; and how people and policy respond to a forecast.",
        "未计入：2020年以后行政区划和城乡划分标准的变动（情景中另有规定的除外）、2020年人口普查本身的误差、"
        "2000年以来未出现过的冲击，以及公众和政策对预测的反应。",
    ),
    "pseudo_vintage": (
        "As of a year: from figures published by its end; series known only as later revised "
        "are used as revised. 2020 census totals, and the life expectancy of 2020 printed "
        "in 2022, count as known in 2021.",
        "“截至某年”指只用该年年底前公布的数据；只有修订后数值的序列按修订后数值使用。"
        "2020年普查总数和2022年公布的2020年平均预期寿命视为2021年已知。",
    ),
    "intervals": (
        "Intervals are equal-tailed; ± is the Monte Carlo standard error of {draws} draws.",
        "区间为等尾区间；±为{draws}次抽样的蒙特卡洛标准误。",
    ),
    "axis_year": ("end of year", "年底"),
    "panel_fan": ("as known at the end of {as_of}", "截至{as_of}年底所知"),
    "median": ("median {share}", "中位数{share}"),
    "target_fan": ("target for {year}: {share}", "{year}年目标：{share}"),
    "target_met": ("reached in {probability} of draws", "达到的概率：{probability}"),
    "target_about": ("({share} or more: {probability})", "（达到{share}的概率：{probability}）"),
    "sources": ("Sources: {sources}.", "资料来源：{sources}。"),
    "census": ("census", "普查"),
    "bulletin": ("bulletin", "公报"),
    "press": ("press", "报道"),
    "plan": ("plan", "规划"),
    "yearbook": ("yearbook", "年鉴"),
    "compilation": ("compilation", "汇编"),
    "column_scenario": ("scenario", "情景"),
    "column_target": ("target", "目标"),
    "column_vintage": (
        "as of {as_of}: probability\nmedian (80 % interval)",
        "截至{as_of}年：概率\n中位数（80%区间）",
    ),
    "cell_vintage": (
        "{probability}\n{median} ({interval})",
        "{probability}\n{median}（{interval}）",
    ),
    "title_targets": ("Are the targets reached? {place}", "目标能否实现？{place}"),
    "target_row": ("{year}: {share} or more", "{year}年：{share}及以上"),
    "unit_note": (
        "Median and interval: urban share of residents at the end of the target's year.",
        "中位数和区间：目标年年底的常住人口城镇化率。",
    ),
}

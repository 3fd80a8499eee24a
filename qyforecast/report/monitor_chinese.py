"""Words of the monitoring documents in Chinese."""

CHINESE: dict[str, str] = {
    "note": "年度监测简报",
    "mid-term": "中期评估报告",
    "final": "终期考核报告",
    "title": "{place}新型城镇化规划{length}（截至{label}年）",
    "made_by": "由`qyforecast monitor`生成，请勿手工修改。",
    "headline": "目标现状",
    "history": "各年所知下的概率",
    "news": "新公布的数据",
    "moves": "概率变化的来源",
    "band": "走势是否越出区间",
    "pace": "今后所需速度",
    "counties": "各县（区）",
    "simple": "简单方法的结果",
    "reading": "阅读说明",
    "verdict": "结论",
    "promise": "{year}年年底达到{share}",
    "promise_about": "{year}年年底达到{share}左右（{bar}及以上）",
    "stands": "{promise}：截至{after}年的概率为{now}，截至{before}年为{then}；{likelihood}。",
    "most": "变化（{change}个百分点）主要来自{part}（{points}个百分点）。",
    "still": "变化未超出蒙特卡洛误差。",
    "very_likely": "很可能实现",
    "likely": "可能实现",
    "as_likely": "可能与不可能大致相当",
    "unlikely": "不大可能实现",
    "very_unlikely": "很不可能实现",
    "became": "截至{label}年首次降至33%以下，即“不大可能实现”。",
    "nothing_done": (
        "以上均为基准情景的概率，即除已公布数据所反映的情况外不再采取措施。"
        "何种措施有效，见`qyforecast compare`和`qyforecast seek`。"
    ),
    "added": "用户新增数据：{figures}。",
    "one_added": "{year}年{variable} {value}（{kind}，{source}）",
    "as_of": "截至",
    "newest_share": "全市最新城镇化率",
    "county_shares": "单独公布的县（区）数",
    "province_pace": "各省最近一年速度",
    "told": "{year}年{share}（{kind}）",
    "pace_told": "{year}年对数优势比上升{pace}（已知{provinces}个省份）",
    "target": "目标",
    "then": "截至{label}年",
    "now": "截至{label}年",
    "change": "变化",
    "level": "水平",
    "level_until": "{year}年年底水平",
    "covariates": "就业与产业",
    "population": "人口",
    "pace_part": "速度",
    "step": "从截至{before}年到截至{after}年",
    "moves_note": (
        "单位为概率的百分点，附蒙特卡洛误差；各部分之和等于变化（取整之前误差不超过1e-9）。"
        "括号内为城镇化率均值的变化（百分点）。"
    ),
    "no_news": "从截至{before}年到截至{after}年，没有新公布全市或县（区）的城镇化率。",
    "inside": "{place}{year}年{share}（{kind}），位于截至{before}年预期分布的{quantile}分位，"
    "未越出80%区间（{band}）。",
    "outside": "预警：{place}{year}年{share}（{kind}），位于截至{before}年预期分布的{quantile}"
    "分位，已越出80%区间（{band}）。",
    "place": "地区",
    "year": "年底",
    "seen": "城镇化率",
    "kind": "来源",
    "expected": "截至{label}年预期的80%区间",
    "quantile": "分位",
    "left": "是否越出",
    "yes": "是",
    "no": "否",
    "estimate": "事后估计",
    "band_note": (
        "区间为城镇化率本身的区间；公布数据另有其来源的误差。“事后估计”指该年无公布数据，以最新估计的中位数代替。"
    ),
    "points_a_year": "每年百分点",
    "persons_a_year": "每年新增城镇常住人口",
    "was": "{first}—{last}年实际",
    "needed": "{first}年以后所需：{promise}",
    "others": "其他地区达到这一速度的情况",
    "other": "{places}{years}年期{spells}例中有{met}例",
    "provinces": "省份",
    "near_counties": "县（区）",
    "behind": "与各省平均水平差距相当的省份",
    "pace_note": (
        "其他地区指起点与本市最新城镇化率相差5个百分点以内者；速度按对数优势比计。"
        "所需人数已计入常住人口总量的预期变化。"
    ),
    "passed": "没有晚于最新公布数据的目标。",
    "county": "县（区）",
    "simple_note": "由第一次普查和最新公布的城镇化率外推。",
    "persistence": "维持不变",
    "linear in points": "按百分点线性外推",
    "constant growth difference": "城乡增长率差不变",
    "met": "{promise}：已实现。公布的{year}年城镇化率为{share}（{kind}）。",
    "missed": (
        "{promise}：未实现。公布的{year}年城镇化率为{share}（{kind}），差{points}个百分点。"
    ),
    "open": "{promise}：尚不能下结论。最新公布的是{year}年的{share}（{kind}）；"
    "{last}年数据公布之前只能给出概率：{now}。",
    "parts": (
        "水平：各县（区）在最近一个已公布年份年底的位置，与当初预期相比。"
        "速度：此后增长的快慢（系数、长期速度、全国速度和今后的冲击）。"
        "就业与产业：此后分行业就业和增加值的走势。人口：出生、死亡和迁移，决定各县（区）的权重。"
        "各部分为沙普利值：逐一以新一年所知替换旧一年所知，对所有替换顺序取平均，不偏向任何顺序。"
        "混合两年所知时，一年的第i次抽样与另一年的第i次抽样配对。"
    ),
    "likelihoods": (
        "概率用语沿用政府间气候变化专门委员会的规定：90%及以上为很可能，66%及以上为可能，"
        "33%及以上为大致相当，10%及以上为不大可能，10%以下为很不可能。"
    ),
    "plus": "年份后的加号表示计入了用户新增的数据。",
    "joined": "{one}{other}",
    "between": "；",
    "cell_part": "{points}（{share}）",
    "cell_head": "{promise}（截至{label}年）",
    "figure_title": "{place}实现目标的概率：按所知年份",
    "figure_axis": "截至该年年底所知",
    "figure_foot": (
        "基准情景，即不再采取措施。误差线为{draws}次抽样的两倍蒙特卡洛标准误。"
        "虚线为33%，低于此为“不大可能”。"
    ),
    "figure_unlikely": "不大可能",
    "figure_became": "截至{label}年起不大可能",
}

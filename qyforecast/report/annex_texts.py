"""What the annex of a briefing says, English and Chinese side by side."""

ANNEX: dict[str, tuple[str, str]] = {
    "annex": ("Annex", "附件"),
    "caption_table": ("Table ", "表"),
    "caption_figure": ("Figure ", "图"),
    "caption_then": (". ", "　"),
    "foot_as_of": ("{place}: as known at {as_of}", "{place}　数据截至{as_of}"),
    "foot_page": ("page {page}", "第{page}页"),
    "part_scenarios": ("All scenarios", "全部情景"),
    "grid_scenarios": (
        "Probability of each target, all scenarios",
        "全部情景下实现各目标的概率",
    ),
    "head_target_of": ("{year}: {share}, as of {as_of}", "{year}年{share}（截至{as_of}年）"),
    "remark_scenarios": (
        "In the order of the last column. ± is the Monte Carlo standard error.",
        "按最后一列排序。±为蒙特卡洛标准误。",
    ),
    "part_places": ("Counties and people", "各县（区）与人口"),
    "grid_places": (
        "Counties: {scenario}, as of {as_of}",
        "各县（区）：{scenario}（截至{as_of}年）",
    ),
    "head_place": ("place", "地区"),
    "head_year_median": ("{year}: median (80 %)", "{year}年：中位数（80%区间）"),
    "head_year_chance": ("{share} or more", "达到{share}的概率"),
    "remark_places": (
        "The plan sets its targets for the city as a whole, not for single counties.",
        "规划只对全市设定目标，未对各县（区）分别设定。",
    ),
    "part_model": ("The regression", "回归模型"),
    "part_records": ("The record in detail", "历史记录明细"),
    "grid_record": (
        "Past forecasts of provinces by method and years ahead",
        "按方法和提前年数列出的对各省的历史预测",
    ),
    "remark_record": (
        "Simple methods have their own past errors as distribution. All years ahead, and mended "
        "forecasts, stand in the workbook.",
        "简单方法以自身历史误差为分布。全部提前年数和校正后的预测见工作簿。",
    ),
    "head_method": ("method", "方法"),
    "head_ahead": ("years ahead", "提前年数"),
    "head_count": ("forecasts", "预测次数"),
    "head_error": ("mean error, points", "平均误差（百分点）"),
    "head_bias": ("bias, points", "偏差（百分点）"),
    "head_held80": ("held by 80 %", "80%区间覆盖"),
    "head_held95": ("held by 95 %", "95%区间覆盖"),
    "part_effects": ("The effects of measures and what they rest on", "各项措施效果及其依据"),
    "grid_effects": (
        "Effects of measures: median and 90 % range",
        "各项措施效果：中位数和90%范围",
    ),
    "head_measure": ("measure", "措施"),
    "head_in_scenario": ("scenario", "所属情景"),
    "head_effect": ("effect (90 %)", "效果（90%范围）"),
    "head_unit": ("unit", "单位"),
    "head_since": ("since", "起始年"),
    "head_grade": ("rests on", "依据等级"),
    "cell_range": ("{median} ({low} to {high})", "{median}（{low}～{high}）"),
    "grade_measured": ("measured", "测量"),
    "grade_published": ("published", "公布"),
    "grade_estimated": ("estimated", "估计"),
    "grade_judgement": ("judgement", "主观判断"),
    "lever_log odds": ("log odds", "对数优势"),
    "lever_log odds per year": ("log odds per year", "对数优势／年"),
    "lever_log ratio": ("log ratio", "对数比率"),
    "lever_person": ("persons", "人"),
    "lever_person per mover": ("persons per mover", "人／迁移者"),
    "lever_share of returners who stay": ("share of returners who stay", "留下的返乡者比例"),
    "remark_effects": (
        "The reasons for each stand in the scenario's file: qyforecast scenario show NAME.",
        "各项理由见情景文件，可用 qyforecast scenario show 查看。",
    ),
    # Methods.
    "part_methods": ("Methods", "方法"),
    "methods_share": (
        "Urban share: the log odds of the share of a place change each year by a national pace, a "
        "pace of its own, convergence to the nation, responses to the place's shares of employment "
        "and output in industry and services, and a shock. All levels (provinces, counties, city) "
        "enter one likelihood; parameters are sampled by Hamiltonian Monte Carlo.",
        "城镇化率：一地城镇化率的对数优势每年的变化，由全国速度、本地速度、向全国水平的收敛、"
        "第二和第三产业就业与增加值比重的响应以及随机冲击构成。省、县、市各级数据进入同一似然函数，"
        "参数用哈密顿蒙特卡洛方法抽样。",
    ),
    "methods_people": (
        "People: a multiregional cohort-component projection by county, town or village, sex and "
        "single year of age: births, deaths, moves between village and town and between counties, "
        "migration from and to outside. Moves are set so that each draw has the share that the "
        "regression gives (Rogers 1995; Preston, Heuveline and Guillot 2001).",
        "人口：按县（区）、城乡、性别和单岁年龄的多区域队列要素预测，含出生、死亡、城乡和县际迁移以及市外迁移。"
        "迁移量的设定使每次抽样的城镇化率与回归模型一致。",
    ),
    "methods_scenarios": (
        "Scenarios change employment, output, homes, moves or what counts as town, by uncertain "
        "effects taken from outside the model; all scenarios use the same draws, so differences "
        "are paired. Shares of a gain are Shapley values, shares of a variance Sobol indices.",
        "情景通过就业、增加值、住房、迁移或城乡划分起作用，效果及其不确定性来自模型之外。各情景使用同一组抽样，"
        "差异为配对比较。增量的分解采用夏普利值，方差的分解采用索博尔指数。",
    ),
    "methods_words": (
        "Probabilities are shares of draws. None is given as 0 or 100 %: no number of draws shows "
        "that something cannot be, or must. Where the Monte Carlo standard error is above two "
        "points, sentences round to 5 %.",
        "概率为抽样中的比例，不写作0%或100%，因为再多的抽样也不能证明某事必然或不可能发生。"
        "蒙特卡洛标准误超过两个百分点时，正文取整到5%。",
    ),
    "grid_words": ("Words for probabilities", "概率用语"),
    "head_word": ("word", "用语"),
    "head_range": ("probability", "概率"),
    "range_between": ("{low} to {high}", "{low}～{high}"),
    "range_even": (
        "within two standard errors of 50 %",
        "与50%相差不到两倍标准误",
    ),
    "remark_words": (
        "After the guidance note of the IPCC on uncertainty (Mastrandrea and others 2010), with "
        "non-overlapping ranges.",
        "参照政府间气候变化专门委员会的不确定性表述指南（2010年），各档互不重叠。",
    ),
    # Sources.
    "part_sources": ("Sources", "资料来源"),
    "grid_sources": ("Sources of the data", "数据来源"),
    "head_source": ("source", "来源"),
    "head_publisher": ("publisher", "发布单位"),
    "head_tier": ("kind", "性质"),
    "tier_A": ("official table, transcribed", "官方数据转录"),
    "tier_B": ("secondary", "二手资料"),
    "remark_sources": (
        "Files, hashes and routes: datapackage.json in the data folder.",
        "文件、校验值和获取途径见数据文件夹中的 datapackage.json。",
    ),
    # Manifest.
    "part_manifest": ("Manifest", "运行记录"),
    "grid_manifest": ("How these results were made", "结果的生成方式"),
    "head_item": ("item", "项目"),
    "head_value": ("value", "内容"),
    "item_draws": ("draws", "抽样次数"),
    "item_seed": ("seed", "随机种子"),
    "item_as_of": ("years of knowledge (end of year)", "数据截至（年底）"),
    "item_to": ("last year forecast", "预测至"),
    "item_version": ("version of the program", "程序版本"),
    "item_specification": ("hash of the specification", "模型设定校验值"),
    "item_data": ("data tables", "数据表数量"),
    "item_scenarios": ("scenarios run", "运行的情景"),
    "item_imbalance": ("largest imbalance of an account", "核算最大不平衡"),
    "remark_manifest": (
        "The same inputs and the same seed give the same results; all hashes: "
        "results/latest/manifest.json.",
        "相同的输入和随机种子得到相同的结果；全部校验值见 results/latest/manifest.json。",
    ),
}

"""What a briefing says of its grounds, its record and what it lacks, in two languages."""

BASIS: dict[str, tuple[str, str]] = {
    "part_rests": ("What it rests on", "依据"),
    "rests_data": (
        "Data: the censuses of {years} by county, age, sex and town or village; yearly figures of "
        "provinces, the city and its counties as published. The newest urban share of {place} "
        "known at the end of {as_of} is {share} at the end of {year} ({kind}).",
        "数据：{years}年人口普查的分县、分年龄、分性别、分城乡数据，以及各省、本市和各县（区）已公布的年度数据。"
        "截至{as_of}年底所知，{place}最新公布的城镇化率为{year}年底的{share}（{kind}）。",
    ),
    "rests_model": (
        "Model: regressions of the urban share of provinces, counties and the city on employment "
        "and output, joined to a population account by age, sex and place that leaves nobody out. "
        "Weights of the regressions, by how well they had foretold provinces: {weights}. "
        "{draws} futures are drawn; each scenario uses the same ones.",
        "模型：以就业和增加值解释各省、各县和本市城镇化率的回归模型，与分年龄、性别、城乡的人口核算相衔接，人口收支平衡。"
        "各回归模型按以往对各省的预测效果加权：{weights}。共抽取{draws}种可能的未来，各情景使用同一组。",
    ),
    "weight_of": ("{name} {share}", "{name}{share}"),
    "rests_health": (
        "The sample of the regressions is sound: largest R-hat {rhat} (at most {gate}), smallest "
        "effective sample {ess}, divergences {divergences}.",
        "回归模型的抽样质量合格：R-hat最大值{rhat}（要求不超过{gate}），最小有效样本量{ess}，发散次数{divergences}。",
    ),
    "rests_moved": (
        "Between the years of knowledge the forecast moved with the city's newest figures and the "
        "pace of the provinces: {list}.",
        "不同年份所知的预测随本市最新数据和各省速度而变动：{list}。",
    ),
    "rests_vintage": ("as of {as_of} {probability}", "截至{as_of}年为{probability}"),
    # Judgement.
    "part_judged": ("What is judged", "哪些是主观判断"),
    "judged_levers": (
        "Of {count} effects of measures {judged} are judgements: opinions with a stated range, not "
        "measurements. The plan gives no effect of any of its means; each stands in the annex.",
        "{count}项措施效果中，{judged}项是主观判断，即给出范围的意见，而非测量结果。规划本身未给出任何措施的效果。逐项见附件。",
    ),
    "judged_none": (
        "No effect of a measure is a judgement.",
        "各项措施效果均非主观判断。",
    ),
    "judged_range": (
        "With all judged effects of {scenario} at the weak end of their ranges, {year} has {low}; "
        "at the strong end {high}.",
        "若“{scenario}”的各项判断效果均取下限，{year}年目标的概率为{low}；均取上限则为{high}。",
    ),
    "judged_impossible": ("more people moving than live there", "迁移人数超过当地人口，无法计算"),
    "judged_rates": (
        "Judged besides: {count} numbers of the population account (as the part of deaths that the "
        "census missed, or returns to the village), each with its reason in the tables of "
        "qyforecast demography; the priors, with theirs in the model's specification; and one "
        "point of tolerance where the plan says about.",
        "此外属于判断的还有：人口核算的{count}个参数（如普查漏报的死亡、返乡），"
        "理由见 qyforecast demography 的结果表；模型先验，理由见模型设定文件；"
        "规划中“左右”一词取一个百分点的容差。",
    ),
    # What is left out.
    "part_left_out": ("What is left out", "未计入的内容"),
    "left_out_scenarios": (
        "Scenarios leave out what measures cost, whether schools, clinics and budgets have the "
        "room, and that judgements may be wrong together; effects of several measures on the same "
        "people are added up.",
        "情景未计入措施的成本、学校医院和财政的承受能力，也未考虑各项判断可能同时出错；多项措施对同一人群的效果直接相加。",
    ),
    "missing": (
        "Not in this document: {what}. It is made by: {command}",
        "本文未含：{what}。生成命令：{command}",
    ),
    "missing_compare": ("the comparison of scenarios", "情景比较"),
    "missing_apart": ("the split of a gain by measure", "各项措施的贡献分解"),
    "missing_variance": ("the split of uncertainty by source", "不确定性来源分解"),
    "missing_judgement": ("how far it rests on judged effects", "结果对主观判断的依赖程度"),
    "missing_history": ("the forecasts of earlier years", "历年预测的变化"),
    "missing_record": ("the record of past forecasts", "历史回测"),
    "missing_charts": ("charts of {titles}", "图：{titles}"),
    "name_fan": ("the urban share", "城镇化率"),
    "name_chances": ("probabilities by scenario", "各情景概率"),
    "name_vintages": ("probabilities by year of knowledge", "历次预测概率"),
    "name_first-year": ("the year first reached", "首次达到年份"),
    "name_pyramid": ("age and sex", "年龄结构"),
    "name_growth": ("growth of the urban population", "城镇人口增长来源"),
    "name_shapley": ("gains by measure", "各项措施贡献"),
    "name_variance": ("sources of uncertainty", "不确定性来源"),
    "name_counties": ("counties", "各县（区）"),
    "name_flows": ("moves between places", "人口流动"),
    "name_migration-age": ("migration by age", "分年龄迁移"),
    "name_coefficients": ("coefficients", "回归系数"),
    "name_effects": ("marginal effects", "边际效应"),
    "name_priors": ("priors and posteriors", "先验与后验"),
    "name_reliability": ("reliability of past forecasts", "历史预测可靠性"),
    "name_coverage": ("errors of past forecasts", "历史预测误差"),
    # Record.
    "part_record": ("The record of past forecasts", "以往预测的记录"),
    "record_line": (
        "{ahead} years ahead: of {count} forecasts of provinces made on what was known in past "
        "years, the 80 % intervals held {held80} and the 95 % intervals {held95}; the median was "
        "{mae} points off on average. By the whole distribution (CRPS) the model is {skill} "
        "{side} than the best simple method ({best}).",
        "提前{ahead}年：用历史年份当时已知的数据对各省作出{count}次预测，80%区间包含实际值的比例为{held80}，"
        "95%区间为{held95}；中位数平均误差{mae}个百分点；"
        "按整个预测分布评分，本模型比最好的简单方法（{best}）{side}{skill}。",
    ),
    "side_better": ("better", "好"),
    "side_worse": ("worse", "差"),
    "with_way": ("{name}, {way}", "{name}（{way}）"),
    "record_caveat": (
        "The record is one of provinces with figures as later revised; the city itself has too few "
        "published figures to be judged by.",
        "以上为对各省的记录，使用后来修订的数值；本市公布的数值太少，不足以单独检验。",
    ),
}

"""What a briefing says on its first two pages, English and Chinese side by side."""

BRIEFING: dict[str, tuple[str, str]] = {
    "briefing_title": (
        "Will {place} keep its urbanization targets?",
        "{place}城镇化目标能否实现：预测简报",
    ),
    # Words for probabilities, from the likeliest down; see `likelihood`.
    "word_certain": ("practically certain", "几乎可以肯定"),
    "word_very_likely": ("very likely", "可能性很大"),
    "word_likely": ("likely", "可能性较大"),
    "word_rather": ("more likely than not", "可能性略大于一半"),
    "word_even": ("about as likely as not", "可能性约为一半"),
    "word_rather_not": ("less likely than not", "可能性略小于一半"),
    "word_unlikely": ("unlikely", "可能性较小"),
    "word_very_unlikely": ("very unlikely", "可能性很小"),
    "word_hardly": ("practically excluded", "几乎不可能"),
    "more_than": ("more than {share}", "{share}以上"),
    "less_than": ("less than {share}", "不到{share}"),
    "comma": ("; ", "；"),
    "list": (", ", "、"),
    "and": (" and ", "和"),
    "stop": (".", "。"),
    # The answer.
    "part_answer": ("The answer", "结论"),
    "answer_lead": (
        "If policy and economy go on as they have, then in {place}, on what is known at the end of "
        "{as_of}, ",
        "如果政策和经济延续现有走势，按截至{as_of}年底所知，{place}",
    ),
    "answer_target": (
        "an urban share of {share} or more at the end of {year} is {word} ({probability})",
        "{year}年底常住人口城镇化率达到{share}及以上的{word}（概率{probability}）",
    ),
    "answer_earlier": (
        " On what was known at the end of {as_of} they were {list}.",
        "按截至{as_of}年底所知，则分别为{list}。",
    ),
    "answer_word": ("{word} ({probability})", "{word}（{probability}）"),
    "answer_middle": (
        " The middle of the forecast for the end of {year} is {median}; four times in five it "
        "lies within {interval}.",
        "{year}年底城镇化率的预测中位数为{median}，80%的可能落在{interval}之间。",
    ),
    "answer_beside": (
        " Beside it, for {year}: the best simple method ({name}) gives {probability}, and of {of} "
        "spells of provinces that stood alike {met} were as fast as is needed.",
        "作为对照，就{year}年目标，最好的简单方法（{name}）给出{probability}；"
        "起点相近的省份{of}个时段中，有{met}个达到所需速度。",
    ),
    "answer_speaks": (
        " By the record of past forecasts the simple method speaks here, not the model.",
        "按以往预测记录，此处应以简单方法为准，而非本模型。",
    ),
    "answer_most": (
        " Of {count} scenarios with measures or other surroundings, {scenario} makes "
        "{year} likeliest ({probability}).",
        "在{count}个政策或环境情景中，“{scenario}”使{year}年目标的概率最高（{probability}）。",
    ),
    "answer_caveat": (
        " The figures leave out what measures cost, changes of boundaries after the census of "
        "{base}, errors of that count, and shocks of a kind not seen before.",
        "以上未计入措施的成本、{base}年普查以后的区划变动、普查本身的误差和从未出现过的冲击。",
    ),
    "grid_targets": (
        "Probability of the targets with the {scenario}",
        "{scenario}下实现目标的概率",
    ),
    "head_target": ("target: urban share", "目标（城镇化率）"),
    "head_chance": ("probability as of {as_of}", "截至{as_of}年：概率"),
    "head_middle": ("median (80 %) as of {as_of}", "截至{as_of}年：中位数（80%区间）"),
    "cell_about": (
        "{year}: about {share} (from {bar})",
        "{year}年：{share}左右（{bar}及以上）",
    ),
    "cell_middle": ("{median} ({interval})", "{median}（{interval}）"),
    "remark_likelihood": (
        "Words follow a rule: likely from 66 %, very likely from 90 %, unlikely to 33 %, very "
        "unlikely to 10 %; about as likely as not within two standard errors of one half.",
        "概率用语按统一规则：66%以上为“可能性较大”，90%以上为“可能性很大”；33%以下为“可能性较小”，"
        "10%以下为“可能性很小”；与一半相差不到两倍标准误为“可能性约为一半”。",
    ),
    # What would change it.
    "part_change": ("What would change it", "哪些因素会改变结果"),
    "change_most": (
        "An urban share of {share} in {year} has, as known at the end of {as_of}, a probability of "
        "{base} with the {scenario}; {list}. Changes are percentage points of probability, taken "
        "draw by draw.",
        "按截至{as_of}年底所知，{scenario}下{year}年达到{share}的概率为{base}；{list}。"
        "括号内为概率变化的百分点，按同一组抽样逐次比较。",
    ),
    "change_one": (
        "with {scenario} {probability} ({difference})",
        "“{scenario}”为{probability}（{difference}）",
    ),
    "change_gain": (
        "With {scenario}, the urban share of {year} is {points} points higher ({low} to {high}), "
        "some {persons} more people in town.",
        "到{year}年，“{scenario}”使城镇化率提高{points}个百分点（90%区间{low}～{high}），"
        "城镇人口增加约{persons}人。",
    ),
    "change_first": (
        "The first year in which it is at least as likely as not to have reached {share} is {year} "
        "with the {scenario} and {best_year} with {best}; by {last} the {scenario} has not reached "
        "it with a probability of {never}.",
        "达到{share}的概率不低于一半的首个年份，{scenario}为{year}，“{best}”为{best_year}；"
        "{scenario}到{last}年仍未达到的概率为{never}。",
    ),
    "change_run": (
        "As known at the end of {as_of}, the probability of {share} or more in {year} is {list}.",
        "按截至{as_of}年底所知，{year}年达到{share}及以上的概率：{list}。",
    ),
    "change_plain": ("{probability} with {scenario}", "“{scenario}”为{probability}"),
    "half_in": ("{year}", "{year}年"),
    "never_by": ("after {last}", "{last}年以后"),
    "change_parts": (
        "What {scenario} adds to the urban share of {year} (in all {whole} points) comes mostly "
        "from {list}.",
        "“{scenario}”使{year}年城镇化率变化{whole}个百分点，主要来自{list}。",
    ),
    "change_part": ("{player} ({points})", "{player}（{points}）"),
    "change_unsure": (
        "What is uncertain about {year} comes mostly from {list} (share of the variance that is "
        "left if all else were known).",
        "{year}年预测的不确定性主要来自{list}（括号内为已知其他来源后仍剩余的方差比例）。",
    ),
    "change_pace": (
        "From {from_share}, the newest share known (end of {from_year}), to {share} in {year} "
        "takes {needed} points a year. Of places that stood alike, as fast went {list}.",
        "从已知最新的{from_share}（{from_year}年底）到{year}年的{share}，平均每年须提高{needed}个百分点。"
        "起点相近的地区中，速度达到这一水平的有{list}。",
    ),
    "pace_of": (
        "{met} of {of} {years}-year spells of {who}",
        "{who}{of}个{years}年时段中的{met}个",
    ),
    "places_provinces": ("provinces", "省份"),
    "places_counties": ("counties", "县（区）"),
    "places_prefectures": ("prefectures", "地级市"),
    "change_refused": (
        "Not run: {scenario} as of {as_of}; it would move more people than live there.",
        "未运行：“{scenario}”（截至{as_of}年），该情景下迁移人数超过当地人口。",
    ),
    "grid_change": (
        "What would help: {share} or more in {year}, as of {as_of}",
        "哪些措施有帮助：{year}年达到{share}及以上（截至{as_of}年）",
    ),
    "head_scenario": ("scenario", "情景"),
    "head_probability": ("probability", "概率"),
    "head_difference": ("change of probability", "概率变化"),
    "head_gain": ("points gained (90 %)", "城镇化率增量（90%区间）"),
    "head_persons": ("more people in town", "增加的城镇人口"),
    "head_half": ("half sure by", "过半概率年份"),
    "points": ("{points} points", "{points}个百分点"),
    "points_with_error": ("{points} ± {error} points", "{points}±{error}个百分点"),
    "remark_change": (
        "The other scenarios stand in the annex. ± is the Monte Carlo standard error; brackets "
        "hold 90 % of the draws; half sure: first year with a probability of a half or more.",
        "其余情景见附件。±为蒙特卡洛标准误；括号内为90%区间；过半概率年份指达到该水平的概率不低于一半的首个年份。",
    ),
}

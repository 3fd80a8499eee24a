"""What the app says besides what the other parts say: English and Chinese side by side."""

from collections.abc import Mapping

from qyforecast.report.names import name_of

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Will the promised urban share be reached?", "城镇化目标能否实现？"),
    "app": ("{place}: urbanization forecast", "{place}城镇化预测"),
    "skip": ("To the content", "跳到正文"),
    "pages": ("Pages", "页面"),
    "page_answer": ("Answer", "结论"),
    "page_whatif": ("What if", "政策试算"),
    "page_compare": ("Compare", "情景比较"),
    "page_places": ("Places", "分县情况"),
    "page_trust": ("Trust", "依据与检验"),
    "settings": ("Settings", "设置"),
    "other_language": ("中文", "English"),
    "loading": ("computing…", "正在计算……"),
    "fresh": ("These numbers belong to the settings shown.", "以下数字与当前设置一致。"),
    "stale": (
        "Settings have changed: the numbers below belong to the earlier settings. Computing…",
        "设置已更改：下列数字仍属于之前的设置，正在重新计算……",
    ),
    "lost": (
        "The connection is lost. Numbers stay as they were; reload the page to go on.",
        "连接已断开。数字停留在断开之前；请重新载入页面。",
    ),
    "invalid": ("A setting is out of its range.", "有一项设置超出范围。"),
    "drawing": ("drawing charts…", "正在绘图……"),
    "noscript": ("This page needs JavaScript.", "本页需要启用JavaScript。"),
    "as_of": ("As known at the end of", "数据截至（年底）"),
    "scenario": ("Scenario", "情景"),
    "region": ("Place", "地区"),
    "belongs": (
        "Settings: scenario {scenario}; as known at the end of {as_of}; {draws} draws; "
        "seed {seed}. {moved}",
        "所属设置：情景“{scenario}”；数据截至{as_of}年底；{draws}次抽样；随机种子{seed}。{moved}",
    ),
    "unmoved": ("Levers as in the scenario's file.", "措施与情景文件一致。"),
    "moved": ("Moved: {levers}.", "已调整：{levers}。"),
    "lever_now": (
        "{lever} {strength} % from {start}, ramp {ramp} years, {places}",
        "{lever} 力度{strength}%，{start}年起，{ramp}年到位，{places}",
    ),
    "lever_off": ("{lever} left out", "不含{lever}"),
    "everywhere": ("everywhere", "全部地区"),
    "in_places": ("in {places}", "限{places}"),
    # Answer.
    "promise": ("{share} or more by the end of {year}", "{year}年底达到{share}及以上"),
    "chance": ("Probability", "概率"),
    "middle": (
        "Median {median}; 80 % interval {interval}. As known at the end of {as_of}; ± is the "
        "Monte Carlo error of {draws} draws.",
        "中位数{median}；80%区间{interval}。数据截至{as_of}年底；±为{draws}次抽样的蒙特卡洛标准误。",
    ),
    "headline": ("Who speaks, by the record", "按以往预测记录，由谁作答"),
    "spoken": (
        "For {share} in {year}: {who} speaks and gives {probability}. The model by itself gives "
        "{model}; the best simple method ({simple}) {simple_probability}. Of {spells} spells of "
        "provinces that began from a like share, {met} were as fast as needed.",
        "{year}年{share}：由{who}作答，概率为{probability}。模型本身给出{model}；"
        "最好的简单方法（{simple}）给出{simple_probability}。"
        "起点相近的{spells}段省级历程中，有{met}段达到所需速度。",
    ),
    "either_sign": ("{method}, errors of either sign", "{method}（误差取正负两种符号）"),
    "the_model": ("the model", "模型"),
    "none": ("–", "—"),
    "record": ("Record of past forecasts", "以往预测的记录"),
    "record_line": (
        "{horizon} years ahead, in {count} forecasts of provinces made from {first} to {last}: "
        "80 and 95 % intervals held {held80} and {held95}; the median was {mae} points off; the "
        "CRPS of {own} points stands against {other} of the best simple method ({best}). {end}",
        "提前{horizon}年、在{first}至{last}年所作的{count}次省级预测中：80%和95%区间分别包含了{held80}和{held95}的"
        "实际值；中位数平均偏差{mae}个百分点；CRPS为{own}个百分点，最好的简单方法（{best}）为{other}。{end}",
    ),
    "beats": ("It does better, so it speaks.", "模型更好，由模型作答。"),
    "loses": (
        "It does not do better, so the simple method speaks.",
        "模型没有更好，由简单方法作答。",
    ),
    "no_record": (
        "No record of past forecasts is kept of this model: run qyforecast backtest --weigh.",
        "本模型尚无以往预测记录：请运行 qyforecast backtest --weigh。",
    ),
    "change": ("What would change it", "什么会改变它"),
    "change_note": (
        "The same draws under other scenarios; differences are paired. Effects of the levers are "
        "assumptions, most of them judgements. Move them yourself on the page “What if”.",
        "同一组抽样在其他情景下的结果，差异为配对比较。措施效果均为假设，多数属于判断。可在“政策试算”页自行调整。",
    ),
    "figures": ("Figures", "图"),
    "table_of": ("Table: {title}", "数据表：{title}"),
    "download": ("download {kind}", "下载{kind}"),
    "download_all": ("All tables of this page", "本页全部数据表"),
    "rows_more": ("{count} rows more in the file", "其余{count}行见下载文件"),
    # What if.
    "levers": ("Levers", "措施"),
    "no_levers": (
        "This scenario has no lever. Choose another, or add levers below.",
        "该情景没有措施。请选择其他情景，或在下面加入措施。",
    ),
    "strength": ("Strength, % of the stated effect", "力度（占所述效果的%）"),
    "start": ("From year", "起始年份"),
    "ramp": ("Years until in force", "逐步到位年数"),
    "only_in": ("Places", "地区"),
    "switched": ("Switched on", "启用"),
    "effect": (
        "Stated effect: {median} ({low} to {high}, 90 %) {unit}. Rests on: {grade}.",
        "所述效果：{median}（90%区间{low}至{high}）{unit}。依据：{grade}。",
    ),
    "add": ("Add the levers of other scenarios", "加入其他情景的措施"),
    "reset": ("As in the file", "恢复为文件中的数值"),
    "against": ("Against {baseline}", "与{baseline}相比"),
    "difference": (
        "{difference} points of probability, {gain} points of urban share ({low} to {high}, "
        "90 %), {persons} people in town",
        "概率差{difference}个百分点；城镇化率差{gain}个百分点（90%区间{low}至{high}）；城镇人口差{persons}人",
    ),
    "same": ("This is what others are compared with.", "这是其他情景的比较基准。"),
    "growth": (
        "What the urban population grows by (mean, persons)",
        "城镇人口增长来源（平均值，人）",
    ),
    "counties": ("By county", "分县（区）"),
    "first": ("When the share is first reached", "首次达到目标水平的时间"),
    "first_line": (
        "{share}: by {half} in half of the draws; not by {last} in {never}",
        "{share}：半数抽样在{half}年前达到；到{last}年仍未达到的概率为{never}",
    ),
    "first_never": (
        "{share}: not in half of the draws by {last}; not by then in {never}",
        "{share}：到{last}年不足半数抽样达到；到时仍未达到的概率为{never}",
    ),
    "save": ("Save as a scenario file", "另存为情景文件"),
    "save_off": (
        "Saving is off: start the app with --save FOLDER. The address of this page keeps all "
        "settings.",
        "未开启保存：请用 --save 文件夹 启动。本页网址已包含全部设置。",
    ),
    "save_note": (
        "Say what each effect rests on. A changed strength needs evidence of its own.",
        "请写明每项效果的依据；改变了力度的措施需要新的依据。",
    ),
    "name": ("Name (small letters, digits, hyphens)", "名称（小写字母、数字、连字符）"),
    "question": ("Question that it asks", "情景所问的问题"),
    "grade": ("Evidence", "依据类别"),
    "source": ("Source", "来源"),
    "year": ("Year", "年份"),
    "save_button": ("Save", "保存"),
    "saved": ("Saved as {name}.", "已保存为{name}。"),
    "upload": ("Open a scenario file (YAML, at most 256 kB)", "打开情景文件（YAML，最大256 kB）"),
    "measured": ("measured", "实测"),
    "published": ("published", "已公布"),
    "estimated": ("estimated", "估计"),
    "judgement": ("judgement", "判断"),
    # Compare.
    "choose": ("Scenarios (at most six)", "情景（最多六个）"),
    "chances": ("Probability, and the difference from the baseline", "概率，以及与基准情景之差"),
    "pairs": ("Probability that the row ends above the column", "行情景高于列情景的概率"),
    "together": ("All targets kept", "全部目标均实现"),
    "apart": ("Share out the gain of", "分解增量的情景"),
    "nothing": ("none", "不分解"),
    "shapley": ("Shares of the gain of {scenario}", "{scenario}增量的分解"),
    "seek": ("Seek a goal", "目标反推"),
    "goal": ("Target", "目标"),
    "wanted": ("Probability wanted, %", "希望达到的概率（%）"),
    "pulled": ("Levers of", "所用措施（情景）"),
    "no_goal": ("none", "不反推"),
    "found": (
        "To bring {share} in {year} from {before} to {chance}, all levers of {scenario} must have "
        "{strength} times their stated effect ({low} to {high} within the error of counting). "
        "Whether it can be had, the model cannot say.",
        "要使{year}年达到{share}的概率由{before}升至{chance}，“{scenario}”的全部措施须达到所述效果的{strength}倍"
        "（计数误差范围{low}至{high}）。能否做到，模型无法回答。",
    ),
    "needs_nothing": (
        "Nothing more is needed: {share} in {year} has {chance} already.",
        "无须再加力度：{year}年达到{share}的概率已为{chance}。",
    ),
    "past": ("The target's year is known already.", "该目标年份已经过去。"),
    # Places and trust.
    "not_saved": ("Not shown: {name}. Run {command}.", "未显示：{name}。请运行 {command}。"),
    "from_saved": (
        "From saved results of other commands; their foot says as of when.",
        "取自其他命令保存的结果，截至年份见图下说明。",
    ),
    "sources": ("Sources of the data", "数据来源"),
    "health": ("Health of the sampler", "抽样器诊断"),
    "weights": (
        "As of {as_of} these models speak: {weights}.",
        "截至{as_of}年，参与作答的模型：{weights}。",
    ),
    "judged": ("What is judged", "哪些属于判断"),
    "judged_note": (
        "{judged} of {all} effects of the library rest on judgement: opinions with a stated "
        "range, not measurements.",
        "情景库{all}项效果中有{judged}项属于判断：是带有范围的意见，不是测量。",
    ),
    "whole": ("all together", "合计"),
    # Faults.
    "fault": ("This cannot be answered", "无法作答"),
    "fault_note": ("In the program's own words:", "程序说明（英文）："),
    "unforeseen": (
        "A fault of the program. It has been logged under {mark}; please report it.",
        "程序出错，已记入日志，编号{mark}，请报告。",
    ),
}

#: Heading of a column on the screen; files keep the names of the saved tables.
COLUMNS: dict[str, tuple[str, str]] = {
    "scenario": ("scenario", "情景"),
    "as_of": ("as of", "截至"),
    "place": ("place", "地区"),
    "target": ("target", "目标"),
    "year": ("year", "年份"),
    "threshold": ("share", "城镇化率"),
    "probability": ("probability", "概率"),
    "standard_error": ("error", "标准误"),
    "difference": ("difference", "概率差"),
    "difference_error": ("its error", "差的标准误"),
    "gain_points": ("gain, points", "增量（百分点）"),
    "gain_points_lower90": ("5 %", "5%分位"),
    "gain_points_upper90": ("95 %", "95%分位"),
    "gain_persons": ("more people in town", "城镇人口增量（人）"),
    "lower90": ("5 %", "5%分位"),
    "median": ("median", "中位数"),
    "upper90": ("95 %", "95%分位"),
    "mean": ("mean", "平均值"),
    "component": ("component", "组成部分"),
    "beats": ("beats", "高于的概率"),
    "by_then": ("by then", "到该年累计"),
    "what": ("what", "内容"),
    "label": ("label", "标签"),
    "value": ("value", "数值"),
    "player": ("measure", "措施"),
    "lever": ("lever", "措施"),
    "grade": ("evidence", "依据"),
    "source": ("source", "来源"),
    "publisher": ("publisher", "发布者"),
    "route": ("route", "途径"),
    "tier": ("tier", "等级"),
    "model": ("model", "模型"),
    "measure": ("measure", "指标"),
    "targets": ("targets", "目标"),
}


def phrase(key: str, lang: str, values: Mapping[str, object] | None = None) -> str:
    """Give a text of the app.

    Parameters
    ----------
    key : str
        A key of `TEXTS`.
    lang : {"en", "zh"}
        Language.
    values : mapping, optional
        What stands in its gaps.

    Returns
    -------
    str
        The text; nothing in it is markup.
    """
    return TEXTS[key][lang == "zh"].format_map(values or {})


def heading(column: str, lang: str) -> str:
    """Name a column.

    Parameters
    ----------
    column : str
        As in the tables.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its heading; where it has none the name of what it holds, as a scenario.
    """
    found = COLUMNS.get(column)
    return found[lang == "zh"] if found else name_of(column, lang)

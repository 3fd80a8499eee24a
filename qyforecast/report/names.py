"""What scenarios, measures, flows, parameters and methods are called."""

from qyforecast.report.wording import say

#: Code to its English and Chinese name; a code without one is shown as it is.
NAMES: dict[str, tuple[str, str]] = {
    # Scenarios.
    "baseline": ("baseline", "基准情景"),
    "all-of-it": ("all of it", "全部措施"),
    "data-cluster": ("data-centre cluster", "数据中心集群"),
    "energy-parks": ("energy parks", "能源产业园区"),
    "farming-villages": ("farming and villages", "乡村振兴"),
    "fast": ("fast surroundings", "外部环境较快"),
    "slow": ("slow surroundings", "外部环境较慢"),
    "industry-jobs": ("industry jobs", "产业就业"),
    "industry-town": ("industry with towns", "产城融合"),
    "key-towns": ("key towns", "重点镇建设"),
    "layout": ("layout 1+7+N", "城镇空间布局"),
    "no-migration": ("no migration", "零迁移（参照）"),
    "services-homes": ("services and homes", "公共服务与住房"),
    "settling-in": ("settling in", "进城安居落户"),
    "skills": ("skills", "技能培训"),
    "urban-renewal": ("urban renewal", "城市更新"),
    # Measures.
    "jobs-data-centres": ("jobs in data centres", "数据中心就业"),
    "jobs-services-that-follow": ("services that follow", "配套服务业就业"),
    "jobs-logistics-tourism": ("logistics and tourism", "物流和旅游就业"),
    "jobs-xifeng-park": ("jobs in the Xifeng park", "西峰园区就业"),
    "jobs-yima-park": ("jobs in the Yima park", "驿马园区就业"),
    "jobs-changqingqiao-park": ("jobs in the Changqingqiao park", "长庆桥园区就业"),
    "jobs-coal-mines": ("jobs in coal mines", "煤矿就业"),
    "jobs-renewable-energy": ("jobs in renewable energy", "新能源就业"),
    "secondary-value-added": ("output of industry", "第二产业增加值"),
    "villages-hold-people": ("villages hold people", "乡村留住人口"),
    "villages-against-leaving": ("villages against leaving", "乡村减少外流"),
    "fast-surroundings": ("fast surroundings", "外部环境较快"),
    "slow-surroundings": ("slow surroundings", "外部环境较慢"),
    "jobs-farm-industry": ("jobs in farm industry", "农产品加工就业"),
    "homes-at-the-parks": ("homes at the parks", "园区配套住房"),
    "communities-around-farm-industry": ("farm-industry communities", "农业产业社区"),
    "key-towns-first-class": ("key towns, first class", "一类重点镇"),
    "key-towns-second-class": ("key towns, second class", "二类重点镇"),
    "key-towns-third-class": ("key towns, third class", "三类重点镇"),
    "relocation-settlements": ("relocation settlements", "易地搬迁安置区"),
    "xifeng-as-centre": ("Xifeng as centre", "西峰中心城区"),
    "county-towns-hold-people": ("county towns hold people", "县城留住人口"),
    "nobody-comes": ("nobody comes", "无人迁入"),
    "nobody-leaves": ("nobody leaves", "无人迁出"),
    "five-thousand-homes": ("5,000 homes", "五千套住房"),
    "services-keep-people": ("services keep people", "公共服务留住人口"),
    "services-against-leaving": ("services against leaving", "公共服务减少外流"),
    "return-to-village": ("fewer return to the village", "减少返乡"),
    "families-follow": ("families follow", "家属随迁"),
    "trained-out-of-farming": ("trained out of farming", "培训后转出农业"),
    "renewal-keeps-people": ("renewal keeps people", "更新改造留住人口"),
    "renewal-brings-families": ("renewal brings families", "更新改造吸引家庭"),
    "renewal-against-leaving": ("renewal against leaving", "更新改造减少外流"),
    "what-if": ("what if", "试算情景"),
    # What the urban population grows by, and moves.
    "natural increase": ("births less deaths", "自然增长"),
    "movement": ("movement", "城乡与县际迁移"),
    "reclassification": ("reclassification", "城乡划分调整"),
    "external migration": ("from outside the city", "市外净迁入"),
    "rural_to_urban": ("village to town", "乡村到城镇"),
    "urban_to_rural": ("town to village", "城镇到乡村"),
    "intercounty_in": ("from other counties", "从其他县迁入"),
    "intercounty_out": ("to other counties", "向其他县迁出"),
    "external_net": ("net from outside the city", "市外净迁入"),
    # Sources of uncertainty.
    "coefficients": ("coefficients", "回归系数"),
    "shocks": ("shocks", "随机冲击"),
    "covariate paths": ("paths of jobs and output", "就业与产值走势"),
    "fertility": ("fertility", "生育"),
    "mortality": ("mortality", "死亡"),
    "migration": ("migration", "迁移"),
    "lever effects": ("effects of measures", "措施效果"),
    # Parameters and terms of the regression.
    "pace": ("pace", "全国速度"),
    "national_convergence": ("national convergence", "全国趋缓"),
    "convergence": ("convergence", "地区收敛"),
    "province_scale": ("spread of provinces", "省际差异"),
    "county_offset": ("offset of counties", "县级偏移"),
    "prefecture_scale": ("spread of prefectures", "市际差异"),
    "persistence": ("persistence of deviations", "偏离的持续性"),
    "shock_persistence": ("persistence of shocks", "冲击的持续性"),
    "employment": ("jobs", "就业"),
    "value_added": ("output", "增加值"),
    "primary": ("primary", "第一产业"),
    "secondary": ("secondary", "第二产业"),
    "tertiary": ("tertiary", "第三产业"),
}

#: Method of forecasting to its names.
METHODS: dict[str, tuple[str, str]] = {
    "mixture": ("mixture (used)", "组合模型（采用）"),
    "full": ("full model", "完整模型"),
    "no-drivers": ("without drivers", "不含驱动因素"),
    "differences": ("differences", "差分模型"),
    "growth-difference": ("growth difference", "增长差模型"),
    "persistence": ("no change", "保持不变"),
    "linear in points": ("linear", "线性外推"),
    "constant growth difference": ("constant growth difference", "固定增长差"),
    "UN growth difference to norm": ("UN method", "联合国方法"),
    "half-way shrink": ("half-way shrink", "折半收缩"),
    "grey model GM(1,1)": ("grey model GM(1,1)", "灰色模型GM(1,1)"),
    "ETS, damped trend": ("smoothing with damped trend", "指数平滑（阻尼趋势）"),
    "ARIMA(p,1,0) with drift": ("autoregression of changes", "差分自回归（带漂移）"),
    "log-income regression": ("regression on income", "收入对数回归"),
    # Ways of making or mending a distribution, after the name of a method.
    "symmetric": ("symmetric errors", "对称误差"),
    "rescaled": ("rescaled", "缩放"),
    "shifted and rescaled": ("shifted and rescaled", "平移并缩放"),
    "conformal": ("conformal", "保形"),
}


def name_of(code: str, lang: str) -> str:
    """Name something in a language.

    Parameters
    ----------
    code : str
        As the tables have it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name; the code itself where it has none, as a user's own scenario.

    Examples
    --------
    >>> name_of("settling-in", "zh"), name_of("my-own", "zh")
    ('进城安居落户', 'my-own')
    """
    english, chinese = NAMES.get(code, (code, code))
    return chinese if lang == "zh" else english


def term_of(code: str, lang: str) -> str:
    """Name a driver in a sector, as tables of the regression write it.

    Parameters
    ----------
    code : str
        As ``employment secondary`` or ``value_added tertiary, response``.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name; another parameter's name as `name_of` gives it.

    Examples
    --------
    >>> term_of("change of employment secondary", "en"), term_of("pace", "zh")
    ('secondary jobs', '全国速度')
    """
    driver, _, sector = code.removeprefix("change of ").split(",")[0].partition(" ")
    if driver not in ("employment", "value_added"):
        return name_of(code, lang)
    return say("term", lang, {"driver": name_of(driver, lang), "sector": name_of(sector, lang)})


def method_of(code: str, lang: str) -> str:
    """Name a method of forecasting.

    Parameters
    ----------
    code : str
        As the tables of a backtest have it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        Its name; the code itself where it has none.
    """
    place = 1 if lang == "zh" else 0
    if code in METHODS:
        return METHODS[code][place]
    method, _, way = code.rpartition(", ")
    if method in METHODS and way in METHODS:
        return say("with_way", lang, {"name": METHODS[method][place], "way": METHODS[way][place]})
    return code

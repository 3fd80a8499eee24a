"""What the sources of the shipped data are called, in English and in Chinese."""

#: Key of a source to its title.
SOURCES: dict[str, tuple[str, str]] = {
    "census2010-county": (
        "2010 population census by county, printed 2012",
        "2010年人口普查分县资料（2012年出版）",
    ),
    "census2020-county": (
        "2020 population census by county, printed 2022",
        "2020年人口普查分县资料（2022年出版）",
    ),
    "census-deaths": (
        "census volumes of 2010 and 2020: population and deaths by age, sex and residence",
        "2010年和2020年人口普查资料：分年龄、性别、城乡的人口和死亡人口",
    ),
    "census2010-women": (
        "2010 census tables 3-1a, b, c: women of 15 to 49 by residence",
        "2010年人口普查资料表3-1a、b、c：分城乡15—49岁妇女",
    ),
    "census-births": (
        "census volumes of 2010 and 2020, tables 6-1 and 6-2: births by mother's age",
        "2010年和2020年人口普查资料表6-1、6-2：按母亲年龄分的出生人口",
    ),
    "census2010-asfr": (
        "2010 census tables 6-3a, b, c: fertility by age",
        "2010年人口普查资料表6-3a、b、c：分年龄生育率",
    ),
    "nbs-export": ("annual provincial data", "分省年度数据"),
    "national-urbanization": (
        "statistical communiqués: national urban share as first printed",
        "统计公报：首次公布的全国城镇化率",
    ),
    "province-urbanization": (
        "China Statistical Yearbook: urban share by province",
        "《中国统计年鉴》：分省城镇化率",
    ),
    "province-employment": (
        "China Statistical Yearbook and provincial yearbooks: employed persons by sector",
        "《中国统计年鉴》和各省统计年鉴：分产业就业人员",
    ),
    "province-gdp": (
        "provincial accounts: value added by sector",
        "地区生产总值核算：分产业增加值",
    ),
    "prefecture-population": (
        "year-end residents of cities from 2010",
        "2010年以来各市年末常住人口",
    ),
    "prefecture-sectors": ("value added by sector of cities", "各市分产业增加值"),
    "prefecture-gdp": (
        "nominal product and real index of cities",
        "各市生产总值及其指数",
    ),
    "qingyang-bulletin-2020": (
        "statistical bulletin of Qingyang for 2020",
        "庆阳市2020年国民经济和社会发展统计公报",
    ),
    "qingyang-press-2019": (
        "press conference of the city, August 2019",
        "庆阳市新闻发布会（2019年8月）",
    ),
    "qingyang-2022-secondary": (
        "figures of the city's bulletin of 2022, as quoted in 2023",
        "庆阳市2022年统计公报数据（2023年转引）",
    ),
    "plan-2022": (
        "new-type urbanization plan of Qingyang 2021–2025, April 2022",
        "庆阳市“十四五”新型城镇化规划（2022年4月）",
    ),
    "county-yearbook": ("China County Statistical Yearbook", "《中国县域统计年鉴》"),
    "county-pages": (
        "pages on counties quoting bulletins and yearbooks",
        "转引各县统计公报和《甘肃统计年鉴》的网页",
    ),
    "huachi-bulletin-2022": (
        "statistical bulletin of Huachi county for 2022",
        "华池县2022年统计公报",
    ),
    "qingcheng-bulletin-2022": (
        "statistical bulletin of Qingcheng county for 2022",
        "庆城县2022年统计公报",
    ),
    "web-ad-model-com-news-624194-htm": (
        "article quoting the bulletin of Gansu for 2021",
        "转引甘肃省2021年统计公报的文章",
    ),
    "web-baomayou-com-wenku-rdgds-Edv": (
        "yearbook table 3-5 of 2011, row of Gansu",
        "2011年统计年鉴表3-5（甘肃）",
    ),
    "web-casedetective-com-zbxw-2025": (
        "newspaper of Lanzhou, 21 February 2025",
        "兰州晚报，2025年2月21日",
    ),
    "web-gansu-gscn-com-cn-system-202": (
        "press conference of Gansu, 18 January 2023",
        "甘肃省新闻发布会，2023年1月18日",
    ),
    "web-wenrenren-com-c-0QG212942021": (
        "compilation quoting the bulletin of Gansu for 2019",
        "转引甘肃省2019年统计公报的汇编",
    ),
    "web-redian-news-wxnews-108748-ne": (
        "news quoting the national bulletin on health of 2021",
        "转引2021年我国卫生健康事业发展统计公报的报道",
    ),
    "web-std-stheadline-com-sc-realti": (
        "news on life expectancy by sex",
        "关于分性别预期寿命的报道",
    ),
    "un-wpp2019": ("World Population Prospects 2019", "世界人口展望2019"),
    "rogers-castro": (
        "model migration schedules: Rogers and Castro 1981; United Nations 1992",
        "罗杰斯—卡斯特罗模型迁移曲线（1981年；联合国1992年）",
    ),
    "log-quadratic": (
        "log-quadratic model of mortality: Wilmoth and others 2012",
        "对数二次死亡率模型（威尔莫特等，2012年）",
    ),
    "model-life-tables": (
        "model life tables: Coale, Demeny and Vaughan 1983; United Nations 1982, 2010",
        "模型生命表（寇尔、德曼和沃恩，1983年；联合国1982年、2010年）",
    ),
    "mortality-decline": (
        "patterns of mortality decline: Andreev, Gu and Gerland 2013; Gu and others 2017",
        "死亡率下降模式（安德烈夫、顾和格兰德，2013年；顾等，2017年）",
    ),
    "hand-layout": ("layout of the counties, by hand", "各县（区）布局，人工排列"),
}
#: Publisher to its Chinese name.
PUBLISHERS: dict[str, str] = {
    "National Bureau of Statistics of China": "国家统计局",
    "Statistics bureaus of provinces and cities": "各省市统计局",
    "Statistics bureau of Qingyang": "庆阳市统计局",
    "City government of Qingyang": "庆阳市人民政府",
    "Statistics bureaus of Gansu and its counties": "甘肃省及各县统计局",
    "Statistics bureau of Huachi county": "华池县统计局",
    "Statistics bureau of Qingcheng county": "庆城县统计局",
    "Statistics bureau of Gansu": "甘肃省统计局",
    "Government of Gansu": "甘肃省人民政府",
    "National Health Commission of China": "国家卫生健康委员会",
    "United Nations, Population Division": "联合国人口司",
    "Rogers and Castro 1981; UN 1992": "罗杰斯、卡斯特罗；联合国",
    "Wilmoth, Zureick, Canudas-Romo, Inoue and Sawyer 2012, Population Studies 66": "威尔莫特等",
    "Coale, Demeny and Vaughan 1983; United Nations 2010": "寇尔等；联合国",
    "Andreev, Gu and Gerland 2013": "安德烈夫等",
    "qyforecast maintainers": "本程序作者",
}

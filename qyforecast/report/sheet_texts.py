"""What a workbook says: names of its sheets and its notes, English and Chinese."""

#: Saved table to the English and the Chinese name of its sheet, in order.
SHEETS: dict[str, tuple[str, str]] = {
    "latest/targets": ("targets", "目标概率"),
    "latest/urban_share": ("urban share", "城镇化率"),
    "latest/population": ("population", "人口"),
    "latest/flows": ("flows", "人口变动"),
    "compare/chances": ("scenarios", "情景比较"),
    "compare/together": ("all targets", "各目标同时实现"),
    "compare/first_year": ("first year", "首次达到年份"),
    "compare/growth": ("growth", "城镇人口增长"),
    "compare/judgement": ("judgement", "判断的影响"),
    "compare/pace": ("pace", "所需速度"),
    "compare/attribution": ("gains by measure", "措施贡献"),
    "compare/variance": ("uncertainty", "不确定性来源"),
    "monitor/history": ("forecasts by vintage", "历次预测"),
    "demography/residual_migration": ("migration by age", "分年龄迁移"),
    "model/record": ("record", "历史回测"),
}

SHEET_TEXTS: dict[str, tuple[str, str]] = {
    "sheet_notes": ("notes", "说明"),
    "sheet_columns": ("columns", "列说明"),
    "sheet_list": ("sheets", "工作表"),
    "column_sheet": ("sheet", "工作表"),
    "column_file": ("file", "来源文件"),
    "column_rows": ("rows", "行数"),
    "column_state": ("remark", "备注"),
    "column_name": ("column", "列名"),
    "column_code": ("column in the file", "文件中的列名"),
    "column_unit": ("unit", "单位"),
    "column_text": ("note", "说明"),
    "name_of_column": ("{column} (name)", "{column}（名称）"),
    "target_about_row": ("{year}: about {share}", "{year}年：{share}左右"),
    "state_whole": ("whole", "全部"),
    "state_city": (
        "rows of the city; counties stand in the file",
        "仅全市的行；各县（区）见来源文件",
    ),
    "state_absent": ("not there; made by {command}", "无此结果；生成命令：{command}"),
    "notes_values": (
        "Numbers are those of the files, unrounded; formats show fewer digits. Codes of scenarios, "
        "places and targets stand as in the files, their names beside them.",
        "数值与来源文件相同，未经四舍五入，仅显示位数较少。情景、地区、目标等代码与文件一致，其后一列为名称。",
    ),
}

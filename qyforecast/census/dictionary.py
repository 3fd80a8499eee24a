"""The data dictionary of a census folder, in Chinese and English, from its descriptor."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qyforecast.census.descriptor import NAME, read_descriptor
from qyforecast.census.layout import LABELS, OPTIONAL

FILE = "dictionary.md"


def dictionary_page(folder: Path) -> str:
    """Describe every table and column of a census folder.

    Parameters
    ----------
    folder : Path
        A folder with a descriptor.

    Returns
    -------
    str
        Markdown: a table for each file, its columns with meaning, unit, range and words.

    Raises
    ------
    DataError
        If the descriptor cannot be read.
    """
    read_descriptor(folder)
    content = json.loads((folder / NAME).read_text(encoding="utf-8-sig"))
    lines = [
        "# 数据字典 Data dictionary",
        "",
        "由 datapackage.json 生成。Made from datapackage.json; change units, ranges and sources "
        "there, and run `qyforecast check --update` when a table was changed on purpose.",
    ]
    for item in content["resources"]:
        lines += ["", *_table(item)]
    return "\n".join(lines) + "\n"


def _table(item: Mapping[str, Any]) -> list[str]:
    needed = item["name"] in LABELS and item["name"] not in OPTIONAL
    need = "必需 needed" if needed else "可省 may be left out"
    about = item.get("description", "")
    return [
        f"## {item['path']}: {item.get('title_zh', '')} / {item['title']}",
        "",
        f"{need}. " + about,
        "",
        "| column | 含义 | meaning | unit | values |",
        "|---|---|---|---|---|",
        *(_row(field) for field in item["schema"]["fields"]),
        "",
        "key: " + ", ".join(item["schema"]["primaryKey"]),
    ]


def _row(field: Mapping[str, Any]) -> str:
    rules = field.get("constraints", {})
    values = [str(field["type"])]
    if "enum" in rules:
        values = [", ".join(rules["enum"])]
    elif "minimum" in rules or "maximum" in rules:
        values.append(f"{rules.get('minimum', '')} to {rules.get('maximum', '')}".strip())
    if not rules.get("required", False):
        values.append("may be empty")
    cells = (
        field["name"], field.get("description_zh", ""), field.get("description", ""),
        field.get("unit", ""), "; ".join(values),
    )  # fmt: skip
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"

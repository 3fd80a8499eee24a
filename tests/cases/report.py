"""All worked cases, and the table of them in the docs.

``QYFORECAST_CASES=… uv run python -m tests.cases.report`` writes ``docs/cases.md``.
"""

import os
from pathlib import Path

from tests.cases import life_tables, migration, projections, world_prospects

CASES = [*life_tables.CASES, *migration.CASES, *projections.CASES, *world_prospects.CASES]
PAGE = Path(__file__).parents[2] / "docs" / "cases.md"
_HEAD = """# Worked cases

What others published or computed, and the largest difference from it that the package
gives through its public functions. Made by `python -m tests.cases.report`, and held to what is
computed by `tests/cases/test_cases.py`. What lies below 1e-8 is rounding and differs by machine.

The UN does not publish migration by age. The case of China 2020-2100 carries a residual estimate of
it from the UN's populations and survivorship, so its rows show that the accounts are the UN's.

| folder | case | source | difference in | largest difference | tolerance |
|---|---|---|---|---|---|
"""


def rows(cases: Path) -> list[str]:
    """Compute all cases and write a row for each."""
    return [
        f"| {c.folder} | {c.name} | {c.source} | {c.measure} | {c.difference(cases):.1e}"
        f" | {c.tolerance:.0e} |".replace("| 0.0e+00 |", "| 0 |").replace("| 0e+00 |", "| exact |")
        for c in CASES
    ]


if __name__ == "__main__":
    PAGE.write_text(
        _HEAD + "\n".join(rows(Path(os.environ["QYFORECAST_CASES"]))) + "\n", encoding="utf-8"
    )

"""In which year a bar is first reached, scenario by scenario."""

from collections.abc import Sequence
from typing import Any

from qyforecast.decide.first_year import carried_on, first_reached
from qyforecast.decide.targets import Target
from qyforecast.policy.glance import Glance
from qyforecast.vocabulary import check_quantity

#: Until when a first year is looked for; years after the forecast are carried on.
LATEST = 2050


def first_year_rows(one: Glance, targets: Sequence[Target]) -> list[dict[str, Any]]:
    """List for each target when it is first reached.

    Parameters
    ----------
    one : Glance
        A scenario's run.
    targets : sequence of Target
        Give bars and regions.

    Returns
    -------
    list of dict
        A row for each year up to `LATEST`, with the probability that it is the first, and that
        of by then with its error; the last row is of not by then.
    """
    paths = check_quantity("urban_share", carried_on(one.urban_share, to=LATEST))
    years, regions = (tuple(paths[dim].values.tolist()) for dim in ("year", "region"))
    last = int(one.urban_share["year"].values[-1])
    rows = []
    for target in targets:
        mine = paths.values[:, :, regions.index(target.region)]
        found = first_reached(mine, years, target.bar)
        labels = {"region_code": target.region, "target": target.name, "threshold": target.bar}
        for year, chance, by in zip(found.years, found.probability, found.by_then, strict=True):
            row = {"year": str(year), "probability": chance, "by_then": by.value}
            row |= {"by_then_error": by.standard_error}
            rows.append(labels | row | {"carried_on": year > last})
        # What is left: its error is that of having reached it by then.
        row = {"year": f"not by {LATEST}", "probability": found.not_by, "by_then": 1.0}
        row |= {"by_then_error": found.by_then[-1].standard_error}
        rows.append(labels | row | {"carried_on": True})
    return rows

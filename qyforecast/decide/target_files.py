"""Targets as a file, each with the place where it was promised."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from qyforecast.decide.targets import Reading, Target
from qyforecast.scenario.document import Block
from qyforecast.scenario.files import read_document
from qyforecast.scenario.places import read_places
from qyforecast.scenario.schema import evidence_from

_KEYS = ("name", "year", "threshold", "reading", "tolerance", "places", "evidence")


def read_targets(
    path: Path | str, *, regions: Sequence[str], base_year: int = 2020
) -> tuple[Target, ...]:
    """Read targets, one for each region that they are asked of.

    Parameters
    ----------
    path : path
        A YAML file with the key ``targets``.
    regions : sequence of str
        Region codes that may be named, the city's included; ``places: all``
        means all of them, in this order.
    base_year : int
        Targets lie later.

    Returns
    -------
    tuple of Target
        In the order of the file, then of the regions.

    Raises
    ------
    ScenarioError
        Names file, line and key.
    """
    block = read_document(path)
    block.only(("targets",))
    targets: list[Target] = []
    for item in block.blocks("targets"):
        found = _targets_from(item, regions, base_year)
        if any(found[0].name == target.name for target in targets):
            raise item.error("two targets have one name", "name", found=found[0].name)
        targets.extend(found)
    if not targets:
        raise block.error("there are no targets", "targets", cure="add one")
    return tuple(targets)


def _targets_from(block: Block, regions: Sequence[str], base_year: int) -> list[Target]:
    block.only(_KEYS)
    reading: Any = block.text("reading", get_args(Reading))
    evidence, year = evidence_from(block), block.year("year", after=base_year)
    tolerance = block.number("tolerance") if "tolerance" in block.entries else 0.0
    name, threshold = block.text("name"), block.number("threshold")
    places = read_places(block, "places", regions)
    asked = [region for region in regions if places is None or region in places]
    with block.located("threshold"):
        return [
            Target(name, region, year, threshold, reading, tolerance, evidence) for region in asked
        ]

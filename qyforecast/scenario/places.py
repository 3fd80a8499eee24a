"""Places in a file: all of them, a list, or how much of an effect each one feels."""

from collections.abc import Sequence

from qyforecast.documents import Node
from qyforecast.scenario.document import Block
from qyforecast.vocabulary import nearest


def read_places(block: Block, key: str, regions: Sequence[str]) -> dict[str, float] | None:
    """Read places: ``all``, a list of region codes, or code -> part of the effect.

    Parameters
    ----------
    block : Block
        Keys that hold the places.
    key : str
        Key of the block.
    regions : sequence of str
        Codes that exist.

    Returns
    -------
    dict of str to float, or None
        Part felt in each place; None for all places.

    Raises
    ------
    ScenarioError
        If a region does not exist, stands twice, or there is none.
    """
    value = block.node(key).value
    if value == "all":
        return None
    if isinstance(value, tuple) and value:
        parts = {_code(block, key, node, regions): 1.0 for node in value}
        if len(parts) < len(value):
            raise block.error("a region is named twice", key, cure="name each region once")
        return parts
    if isinstance(value, dict) and value:
        inner = block.block(key)
        codes = {code: Node(node.line, code, code) for code, node in value.items()}
        return {
            _code(block, key, node, regions): inner.number(code) for code, node in codes.items()
        }
    raise block.error(
        "places are wanted",
        key,
        found=block.node(key).described,
        cure="write all, a list of region codes, or code: part of the effect",
    )


def _code(block: Block, key: str, node: Node, regions: Sequence[str]) -> str:
    if node.raw not in regions:
        # The line of the region, not of the list that it stands in.
        raise Block(block.file, block.path, node.line, {}).error(
            "a region that does not exist",
            key,
            found=node.raw or node.described,
            cure=nearest(node.raw, regions),
        )
    return node.raw

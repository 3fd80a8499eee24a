"""What a scenario file may say: a closed set of keys."""

from collections.abc import Sequence
from typing import Any, get_args

from qyforecast.provenance import Evidence, Grade
from qyforecast.scenario.document import Block
from qyforecast.scenario.effect import SHAPES, Effect, Timing
from qyforecast.scenario.lever import Lever
from qyforecast.scenario.levers import LEVERS
from qyforecast.scenario.places import read_places
from qyforecast.scenario.scenario import Scenario, check_together
from qyforecast.vocabulary import SECTORS

_SCENARIO = ("name", "question", "chapter", "baseline", "omissions", "levers")
_LEVER = ("name", "lever", "unit", "effect", "evidence", "places", "start", "ramp", "end")
_EFFECT = ("median", "low", "high", "shape")
_EVIDENCE = ("grade", "source", "year")

#: Keys that only one kind of lever has.
_OWN: dict[str, tuple[str, ...]] = {
    "jobs": ("sector", "from_primary"),
    "value_added": ("sector",),
}


def scenario_from(block: Block, regions: Sequence[str], base_year: int) -> Scenario:
    """Read a scenario from the keys of its file.

    Parameters
    ----------
    block : Block
        Outermost keys.
    regions : sequence of str
        Region codes that may be named.
    base_year : int
        Levers start later.

    Returns
    -------
    Scenario
        Ready to be applied.

    Raises
    ------
    ScenarioError
        Names file, line and key.
    """
    block.only(_SCENARIO)
    omissions = block.nodes("omissions")
    if not all(isinstance(node.value, str) for node in omissions):
        raise block.error("omissions are sentences", "omissions", cure="write - words")
    levers: list[Lever] = []
    for item in block.blocks("levers"):
        levers.append(lever_from(item, regions, base_year))
        with item.located():
            check_together(levers)
    nothing = block.node("baseline").value is None
    with block.located("baseline"):
        return Scenario(
            name=block.text("name"),
            question=block.text("question"),
            chapter=block.text("chapter"),
            baseline=None if nothing else block.text("baseline"),
            omissions=tuple(str(node.value) for node in omissions),
            levers=tuple(levers),
        )


def lever_from(block: Block, regions: Sequence[str], base_year: int) -> Lever:
    """Read a lever.

    Parameters
    ----------
    block : Block
        Keys of the lever.
    regions : sequence of str
        Region codes that may be named.
    base_year : int
        The lever starts later.

    Returns
    -------
    Lever
        Of the kind that the file names.
    """
    kind = block.text("lever", tuple(LEVERS))
    own = _OWN.get(kind, ())
    block.only((*_LEVER, *own))
    effect = _effect_from(block)
    cls = LEVERS[kind]
    if block.text("unit") != cls.unit:
        raise block.error(
            f"a lever of kind {kind} is in another unit",
            "unit",
            found=block.text("unit"),
            cure=f"convert to '{cls.unit}'",
        )
    special: dict[str, Any] = {"sector": block.text("sector", SECTORS)} if own else {}
    if "from_primary" in own:
        special["from_primary"] = block.number("from_primary")
    timing, places = _timing_from(block, base_year), read_places(block, "places", regions)
    with block.located(own[-1] if own else "lever"):
        return cls(block.text("name"), effect, timing, places, **special)


def evidence_from(block: Block) -> Evidence:
    """Read what a number rests on.

    Parameters
    ----------
    block : Block
        Keys that hold ``evidence``.

    Returns
    -------
    Evidence
        Grade, source and year.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    if "evidence" not in block.entries:
        raise block.error(
            "a number without evidence",
            "evidence",
            cure="add evidence: {grade, source, year}; grade judgement if it is your own opinion",
        )
    inner = block.block("evidence")
    inner.only(_EVIDENCE)
    grade: Any = inner.text("grade", get_args(Grade))
    return Evidence(grade, inner.text("source"), inner.year("year", after=1900))


def _effect_from(block: Block) -> Effect:
    evidence, inner = evidence_from(block), block.block("effect")
    inner.only(_EFFECT)
    shape: Any = inner.text("shape", SHAPES) if "shape" in inner.entries else "split-normal"
    median, low, high = (inner.number(key) for key in ("median", "low", "high"))
    with inner.located("median"):
        return Effect(median, low, high, evidence, shape)


def _timing_from(block: Block, base_year: int) -> Timing:
    start = block.year("start", after=base_year)
    end = block.year("end", after=base_year) if "end" in block.entries else None
    with block.located("end"):
        return Timing(start, block.count("ramp"), end)
